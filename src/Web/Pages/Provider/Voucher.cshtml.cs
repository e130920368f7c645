using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.ForProviders;

/// <summary>The provider uses a voucher up: by the number and the PIN, typed or brought by the picture on the title.</summary>
public sealed class VoucherModel(CurrentPlace place, SignedIn visitor, Vouchers vouchers, BookingCards cards) : PageModel
{
    private const int NumberLength = 12;

    [BindProperty]
    public string? Number { get; set; }

    [BindProperty]
    public string? Pin { get; set; }

    /// <summary>The booking that was marked just now.</summary>
    public BookingCard? Card { get; private set; }

    /// <summary>The picture on a title brings the number, and the PIN for the browser alone; nothing is used before the button is pressed.</summary>
    public async Task<IActionResult> OnGetAsync(string? numero, Id<Booking>? usato, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return NotFound();
        Number = numero;
        if (usato is { } used) Card = (await cards.FindAsync(place.Territory, visitor.Provider, used, cancel))?.Card;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        ModelState.Clear();
        if (Number?.Count(char.IsAsciiLetterOrDigit) is not NumberLength) ModelState.AddModelError(nameof(Number), Texts.Say("Scrivi il numero del voucher."));
        if (Pin?.Count(char.IsAsciiDigit) is not VoucherPins.Digits || Pin.Any(char.IsAsciiLetter)) ModelState.AddModelError(nameof(Pin), Texts.Say("Scrivi il PIN: sei cifre."));
        if (!ModelState.IsValid) return Page();
        var result = await vouchers.UseAsync(place.Territory, Number!, Pin!, new(visitor.Provider, visitor.UserId), cancel);
        if (!result.IsRefused(out var refusal, out var booking)) return LocalRedirect($"~/ente/voucher?usato={booking}");
        ModelState.AddModelError("", RefusalText.For(refusal));
        if (refusal is VoucherTriedTooOften) Response.StatusCode = StatusCodes.Status429TooManyRequests;
        return Page();
    }
}
