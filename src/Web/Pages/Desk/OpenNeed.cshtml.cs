using Borsellino.Marketplace;
using Borsellino.Web.Shared;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;

namespace Borsellino.Web.Pages.Desk;

/// <summary>
/// The desk opens a need for a household that is there and says yes to it. The person is known by the tax code that it tells, which
/// travels in the form and in no address; nothing is shown of the household.
/// </summary>
public sealed class OpenNeedModel(CurrentPlace place, SignedIn visitor, Needs needs, HouseholdPins pins, MeetingPlaces places, ServiceClasses classes) : NeedForm(places, classes), IWhom
{
    [BindProperty] public string? TaxCode { get; set; }

    /// <summary>How the household consented.</summary>
    [BindProperty] public string? Said { get; set; }

    /// <summary>Where that can be found.</summary>
    [BindProperty] public string? Reference { get; set; }

    [BindProperty] public string? Pin { get; set; }

    public Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        Begin(kind: null);
        return ShowAsync(cancel);
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        if (!ModelState.IsValid || Days.Count > 7) return BadRequest();
        // What is wrong is said from the top of the page to its foot.
        if (!Marketplace.Standards.TaxCode.TryParse(TaxCode, null, out _))
            ModelState.AddModelError(nameof(TaxCode), Texts.Say("Questo non è un codice fiscale: controlla lettere e numeri."));
        if (Read(default) is not { } need) return BadRequest();
        DeskForm.ReadConsent(ModelState, this);
        if (!ModelState.IsValid || await DeskForm.ReadAsync(ModelState, this, visitor.UserId, place.Territory, pins, cancel) is not { } who) return await ShowAsync(cancel);

        var opened = await needs.OpenForAsync(place.Territory, need, who.TaxCode, who.Consent, visitor.UserId, cancel);
        if (!opened.IsRefused(out var refusal)) return LocalRedirect("~/sportello/ricerche?fatto=aperta");
        Refuse(refusal, field => field switch { "tax_code" => nameof(TaxCode), "consent" => nameof(Reference), _ => null });
        return await ShowAsync(cancel);
    }

    private async Task<IActionResult> ShowAsync(CancellationToken cancel)
    {
        await FillAsync(place.Territory, cancel);
        return Page();
    }
}
