using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Pages.Public;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.ForHouseholds;

/// <summary>What a household wants to find again: services it has marked, searches it is told the news of. Marks are set on the services' cards.</summary>
public sealed class SavedModel(
    CurrentPlace place, SignedIn visitor, Favourites favourites, SavedSearches searches, ServiceClasses classes, Territories territories) : PageModel
{
    public IReadOnlyList<Favourite> Marked { get; private set; } = [];
    public IReadOnlyList<SavedSearch> Searches { get; private set; } = [];

    private HouseholdUser By => new(visitor.Household, visitor.UserId);

    public Task OnGetAsync(CancellationToken cancel) => ReadAsync(cancel);

    public async Task<IActionResult> OnPostMarkAsync(Id<Offer> offer, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        var marked = await favourites.MarkAsync(place.Territory, offer, By, cancel);
        return marked.IsRefused(out var refusal) ? await RefuseAsync(refusal, cancel) : LocalRedirect($"~/servizi/{offer}#salva");
    }

    /// <param name="card">Whether it was pressed on the service's card, which is then shown again.</param>
    public async Task<IActionResult> OnPostUnmarkAsync(Id<Offer> offer, bool card, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        if ((await favourites.UnmarkAsync(place.Territory, offer, By, cancel)).IsRefused(out _)) return NotFound();
        return LocalRedirect(card ? $"~/servizi/{offer}#salva" : "~/salvati");
    }

    /// <summary>Saves the search that stands in the address.</summary>
    public async Task<IActionResult> OnPostSearchAsync(Id<SavedSearch> ticket, CancellationToken cancel)
    {
        if (!ModelState.IsValid || ticket == default) return BadRequest();
        var (tree, municipalities) = (await classes.TreeAsync(place.Territory, cancel), await territories.MunicipalitiesAsync(place.Territory, cancel));
        var asked = CatalogueQuery.Read(Request.Query, tree, municipalities).ToCriteria();
        var saved = await searches.SaveAsync(place.Territory, ticket, SearchName.Of(asked, tree, municipalities), asked, By, cancel);
        return saved.IsRefused(out var refusal, out var id) ? await RefuseAsync(refusal, cancel) : LocalRedirect($"~/salvati/{id}?fatto=salvata");
    }

    private async Task<IActionResult> RefuseAsync(Refusal refusal, CancellationToken cancel)
    {
        if (refusal is OfferNotFound) return NotFound();
        ModelState.AddModelError("", RefusalText.For(refusal));
        await ReadAsync(cancel);
        return Page();
    }

    private async Task ReadAsync(CancellationToken cancel)
    {
        Marked = await favourites.OfAsync(place.Territory, visitor.Household, cancel);
        Searches = await searches.OfAsync(place.Territory, visitor.Household, cancel);
    }
}
