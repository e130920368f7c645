using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Shared;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.ForHouseholds;

/// <summary>What a household bought of a product: how many are left, where and until when, its title, what was handed over, and calling off the rest.</summary>
public sealed class ProductModel(CurrentPlace place, SignedIn visitor, Packages packages, PackageCards cards, DeskActs acts, IClock clock) : PageModel
{
    public PackageCard Card { get; private set; } = null!;
    public IReadOnlyList<HandedOver> HandOvers { get; private set; } = [];
    public IReadOnlyList<DoneForYou> Acts { get; private set; } = [];
    public Payers Payers { get; private set; } = Payers.None;
    public bool CanReturn => Card.IsReturnable(clock.Now);

    /// <summary>The step in between that is being shown: <c>disdici</c>; empty for none.</summary>
    [BindProperty(SupportsGet = true, Name = "passo")]
    public string? Step { get; set; }

    /// <summary>What has just been done, as the address says it: <c>comprato</c>, <c>disdetto</c>.</summary>
    [BindProperty(SupportsGet = true, Name = "fatto")]
    public string? Done { get; set; }

    public async Task<IActionResult> OnGetAsync(Id<Package> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return NotFound();
        return await ShowAsync(id, cancel);
    }

    public async Task<IActionResult> OnPostReturnAsync(Id<Package> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        var returned = await packages.ReturnAsync(place.Territory, id, new(visitor.Household, visitor.UserId), cancel);
        if (!returned.IsRefused(out var refusal)) return LocalRedirect($"~/prodotti/{id}?fatto=disdetto");
        if (refusal is PackageNotFound) return NotFound();
        ModelState.AddModelError("", ProductWords.For(refusal));
        return await ShowAsync(id, cancel);
    }

    private async Task<IActionResult> ShowAsync(Id<Package> id, CancellationToken cancel)
    {
        if (await cards.FindAsync(place.Territory, visitor.Household, id, cancel) is not { IsProduct: true } card) return NotFound();
        Card = card;
        HandOvers = await cards.HandOversAsync(place.Territory, id, cancel);
        Payers = Payers.Of(card, await cards.PayersAsync(place.Territory, id, cancel));
        Acts = await acts.OfHouseholdAsync(place.Territory, visitor.Household, id.Value, cancel);
        return Page();
    }
}
