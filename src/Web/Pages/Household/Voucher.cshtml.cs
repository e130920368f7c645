using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Hosting;
using Borsellino.Web.Papers;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;

namespace Borsellino.Web.Pages.ForHouseholds;

/// <summary>The title of a booking, to show on the telephone or to carry on paper: number, PIN and both as a picture.</summary>
public class VoucherModel(CurrentPlace place, SignedIn visitor, BookingCards cards, VoucherPins pins, Settings settings) : PaperPage
{
    public Id<Booking> Booking { get; private set; }

    public async Task<IActionResult> OnGetAsync(Id<Booking> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid || await cards.FindAsync(place.Territory, visitor.Household, id, cancel) is not { } detail) return NotFound();
        // A title that opens nothing any more shows no PIN: the booking's page tells how it ended.
        if (Voucher.StateOf(detail.Card.Status) is not (VoucherState.Issued or VoucherState.Active)) return LocalRedirect($"~/prenotazioni/{id}");
        Booking = id;
        var pin = pins.Of(place.Territory, id);
        return Answer(VoucherPaper.Of(
            place.Place, detail, pin, $"{settings.HomeOf(HttpContext, place.Place)}/ente/voucher?numero={detail.Card.Reference}#pin={pin}"));
    }
}
