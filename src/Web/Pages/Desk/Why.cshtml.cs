using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Shared;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;

namespace Borsellino.Web.Pages.Desk;

/// <summary>
/// The desk explains to a family that is there why its money pays for something or does not. The tax code and the consent travel in the
/// form and in no address, and that it was read is written.
/// </summary>
public sealed class WhyModel(CurrentPlace place, SignedIn visitor, DeskActs acts, HouseholdPins pins, Explanations explanations, ServiceClasses classes, IClock clock)
    : WhyForm(explanations, classes, clock), IWhom
{
    [BindProperty] public Id<DeskAct> ActId { get; set; }
    [BindProperty] public string? TaxCode { get; set; }

    /// <summary>How the household consented.</summary>
    [BindProperty] public string? Said { get; set; }

    /// <summary>Where that can be found.</summary>
    [BindProperty] public string? Reference { get; set; }

    [BindProperty] public string? Pin { get; set; }

    public Task<IActionResult> OnGetAsync(CancellationToken cancel) => ShowAsync(cancel);

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        await FillAsync(place.Territory, cancel);
        // What is wrong is said from the top of the form to its foot.
        DeskForm.Read(ModelState, this);
        var purchase = ReadPurchase();
        if (purchase is null || !ModelState.IsValid) return await ShowAsync(cancel);
        if (await DeskForm.ReadAsync(ModelState, this, visitor.UserId, place.Territory, pins, cancel) is not { } who) return await ShowAsync(cancel);
        if ((await acts.ExplainAsync(place.Territory, ActId, who, purchase, cancel)).IsRefused(out var refusal, out var coverage))
            ModelState.AddModelError(DeskForm.ControlOf(refusal), RefusalText.For(refusal));
        else Coverage = coverage;
        return await ShowAsync(cancel);
    }

    private async Task<IActionResult> ShowAsync(CancellationToken cancel)
    {
        await FillAsync(place.Territory, cancel);
        // Each question is a deed of its own.
        ModelState.Remove(nameof(ActId));
        ActId = Id<DeskAct>.New();
        return Page();
    }
}
