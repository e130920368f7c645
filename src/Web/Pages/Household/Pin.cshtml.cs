using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Borsellino.Web.Pages.ForHouseholds;

/// <summary>A family chooses the PIN by which it consents at the desk. It is never shown, neither here nor there.</summary>
public sealed class PinModel(CurrentPlace place, SignedIn visitor, HouseholdPins pins) : PageModel
{
    [BindProperty] public string? Pin { get; set; }
    [BindProperty] public string? Again { get; set; }

    [TempData] public string? Said { get; set; }

    public Instant? SetAt { get; private set; }

    private HouseholdUser By => new(visitor.Household, visitor.UserId);

    public Task OnGetAsync(CancellationToken cancel) => ShowAsync(cancel);

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        ModelState.Clear();
        if (!HouseholdPins.IsPin(Pin)) ModelState.AddModelError(nameof(Pin), Texts.Say("Scrivi {0} cifre.", HouseholdPins.Digits));
        if (!HouseholdPins.IsPin(Again)) ModelState.AddModelError(nameof(Again), Texts.Say("Scrivi {0} cifre.", HouseholdPins.Digits));
        else if (HouseholdPins.IsPin(Pin) && Pin != Again) ModelState.AddModelError(nameof(Again), Texts.Say("Non è lo stesso PIN: scrivilo di nuovo."));
        if (!ModelState.IsValid) return await ShowAsync(cancel);
        return await AnswerAsync(await pins.SetAsync(place.Territory, Pin!, By, cancel), Texts.Say("Il PIN è salvato. Non lo mostriamo più: se lo dimentichi, scegline un altro."), cancel);
    }

    public async Task<IActionResult> OnPostDropAsync(CancellationToken cancel) =>
        await AnswerAsync(await pins.DropAsync(place.Territory, By, cancel), Texts.Say("Il PIN non c’è più."), cancel);

    private async Task<IActionResult> AnswerAsync(Result<Done> done, string said, CancellationToken cancel)
    {
        if (done.IsRefused(out var refusal))
        {
            ModelState.AddModelError(refusal is FieldRefusal ? nameof(Pin) : "", RefusalText.For(refusal));
            return await ShowAsync(cancel);
        }

        Said = said;
        return LocalRedirect("~/profilo/pin");
    }

    private async Task<IActionResult> ShowAsync(CancellationToken cancel)
    {
        SetAt = await pins.SetAtAsync(place.Territory, visitor.Household, cancel);
        return Page();
    }
}
