using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Shared;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;

namespace Borsellino.Web.Pages.Officers;

/// <summary>An officer explains to a family that asks why its money pays for something or does not. What it has booked is not shown, only how far limits are used.</summary>
public sealed class WhyModel(HouseholdRegister register, Explanations explanations, ServiceClasses classes, CurrentPlace place, IClock clock)
    : WhyForm(explanations, classes, clock)
{
    public HouseholdLine Family { get; private set; } = null!;

    public Task<IActionResult> OnGetAsync(Id<Household> id, CancellationToken cancel) => ShowAsync(id, asked: false, cancel);

    public Task<IActionResult> OnPostAsync(Id<Household> id, CancellationToken cancel) => ShowAsync(id, asked: true, cancel);

    private async Task<IActionResult> ShowAsync(Id<Household> id, bool asked, CancellationToken cancel)
    {
        if (!ModelState.IsValid || await register.FindAsync(place.Territory, id, cancel) is not { } family) return NotFound();
        Family = family;
        await FillAsync(place.Territory, cancel);
        if (asked && ReadPurchase() is { } purchase) Coverage = await Explanations.OfAsync(place.Territory, id, purchase, cancel);
        return Page();
    }
}
