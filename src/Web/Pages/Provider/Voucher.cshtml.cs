using System.Globalization;
using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.ForProviders;

/// <summary>
/// The provider uses a voucher up: by the number and the PIN, typed or brought by the picture on the title. That of a product asks how many pieces
/// are handed over; this form carries the hand-over's id, so a second click hands over nothing more.
/// </summary>
public sealed class VoucherModel(CurrentPlace place, SignedIn visitor, Vouchers vouchers, BookingCards cards, PackageCards products) : PageModel
{
    private const int NumberLength = 12;

    [BindProperty]
    public string? Number { get; set; }

    [BindProperty]
    public string? Pin { get; set; }

    [BindProperty]
    public Id<HandOver> Ticket { get; set; }

    [BindProperty]
    public string? Pieces { get; set; }

    /// <summary>The product whose voucher was shown: how many pieces are handed over is still to be said.</summary>
    public PackageCard? Product { get; private set; }

    /// <summary>The product of which something was handed over just now.</summary>
    public PackageCard? Handed { get; private set; }

    /// <summary>The booking that was marked just now.</summary>
    public BookingCard? Card { get; private set; }

    /// <summary>The picture on a title brings the number, and the PIN for the browser alone; nothing is used before the button is pressed.</summary>
    public async Task<IActionResult> OnGetAsync(string? numero, Id<Booking>? usato, Id<Package>? consegnato, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return NotFound();
        Number = numero;
        if (usato is { } used) Card = (await cards.FindAsync(place.Territory, visitor.Provider, used, cancel))?.Card;
        if (consegnato is { } handed) Handed = await products.FindProductAsync(place.Territory, visitor.Provider, handed, cancel);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        if (!IsTyped()) return Page();
        var result = await vouchers.UseAsync(place.Territory, Number!, Pin!, By, cancel);
        if (!result.IsRefused(out var refusal, out var booking)) return LocalRedirect($"~/ente/voucher?usato={booking}");
        if (refusal is VoucherOfPieces { Product: var product }) return await AskAsync(product, cancel);
        return Refuse(refusal);
    }

    /// <summary>Hands over the pieces that are typed.</summary>
    public async Task<IActionResult> OnPostHandOverAsync(Id<Package> product, CancellationToken cancel)
    {
        if (!ModelState.IsValid || Ticket == default) return BadRequest();
        if (!IsTyped()) return Page();
        // A number that cannot be read is 0, which is never handed over.
        var result = await vouchers.HandOverAsync(place.Territory, Ticket, Number!, Pin!, Typed.Whole(Pieces) ?? 0, By, cancel);
        if (!result.IsRefused(out var refusal, out var handed)) return LocalRedirect($"~/ente/voucher?consegnato={handed}");
        if (refusal is not PiecesLeft { Left: > 0 }) return Refuse(refusal);
        ModelState.AddModelError(nameof(Pieces), ProductWords.For(refusal));
        return await AskAsync(product, cancel);
    }

    private ProviderUser By => new(visitor.Provider, visitor.UserId);

    private async Task<IActionResult> AskAsync(Id<Package> product, CancellationToken cancel)
    {
        if ((Product = await products.FindProductAsync(place.Territory, visitor.Provider, product, cancel)) is not { } card) return NotFound();
        if (Ticket == default) Ticket = Id<HandOver>.New();
        Pieces ??= card.Left.ToString(CultureInfo.InvariantCulture);
        return Page();
    }

    private PageResult Refuse(Refusal refusal)
    {
        ModelState.AddModelError("", ProductWords.For(refusal));
        if (refusal is VoucherTriedTooOften) Response.StatusCode = StatusCodes.Status429TooManyRequests;
        return Page();
    }

    private bool IsTyped()
    {
        ModelState.Clear();
        if (Number?.Count(char.IsAsciiLetterOrDigit) is not NumberLength) ModelState.AddModelError(nameof(Number), Texts.Say("Scrivi il numero del voucher."));
        if (Pin?.Count(char.IsAsciiDigit) is not VoucherPins.Digits || Pin.Any(char.IsAsciiLetter)) ModelState.AddModelError(nameof(Pin), Texts.Say("Scrivi il PIN: sei cifre."));
        return ModelState.IsValid;
    }
}
