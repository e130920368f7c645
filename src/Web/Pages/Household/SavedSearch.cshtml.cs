using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Pages.Public;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.ForHouseholds;

/// <summary>One search that a household saved: what was told of it, the way to all it finds now, and the end of it.</summary>
public sealed class SavedSearchModel(CurrentPlace place, SignedIn visitor, SavedSearches searches) : PageModel
{
    public SavedSearch Search { get; private set; } = null!;
    public IReadOnlyList<OfferCard> Found { get; private set; } = [];

    /// <summary>What has just been done, as the address says it: <c>salvata</c>.</summary>
    [BindProperty(SupportsGet = true, Name = "fatto")]
    public string? Done { get; set; }

    public string Catalogue => CatalogueQuery.Of(Search.Criteria).Address();

    public async Task<IActionResult> OnGetAsync(Id<SavedSearch> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid || await searches.FindAsync(place.Territory, visitor.Household, id, cancel) is not { } search) return NotFound();
        Search = search;
        if (search.ToldAt is not null) Found = await searches.FoundAsync(place.Territory, id, cancel);
        return Page();
    }

    public async Task<IActionResult> OnPostForgetAsync(Id<SavedSearch> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        var gone = await searches.ForgetAsync(place.Territory, id, new(visitor.Household, visitor.UserId), cancel);
        return gone.IsRefused(out _) ? NotFound() : LocalRedirect("~/salvati");
    }
}
