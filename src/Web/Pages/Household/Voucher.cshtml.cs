using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Hosting;
using Borsellino.Web.Shared;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.ForHouseholds;

/// <summary>The title of a booking, to show on the telephone or to carry on paper: number, PIN and both as a picture.</summary>
public sealed class VoucherModel(CurrentPlace place, SignedIn visitor, BookingCards cards, VoucherPins pins, Settings settings) : PageModel
{
    public BookingCard Card { get; private set; } = null!;
    public IReadOnlyList<BookingPayer> Payers { get; private set; } = [];
    public string Pin { get; private set; } = "";
    public string Picture { get; private set; } = "";
    public Place Place => place.Place;
    public VoucherState State => Voucher.StateOf(Card.Status);

    public async Task<IActionResult> OnGetAsync(Id<Booking> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid || await cards.FindAsync(place.Territory, visitor.Household, id, cancel) is not { } detail) return NotFound();
        (Card, Payers) = (detail.Card, detail.Payers);
        // A title that opens nothing any more shows no PIN: the booking's page tells how it ended.
        if (State is not (VoucherState.Issued or VoucherState.Active)) return LocalRedirect($"~/prenotazioni/{id}");
        Pin = pins.Of(place.Territory, id);
        Picture = QrPicture.Of($"{settings.HomeOf(HttpContext, place.Place)}/ente/voucher?numero={Card.Reference}#pin={Pin}");
        return Page();
    }
}
