using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Papers;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;

namespace Borsellino.Web.Pages.ForHouseholds;

/// <summary>The paper for something paid: what, for whom, and which funder paid how much of it.</summary>
public class ReceiptModel(CurrentPlace place, SignedIn visitor, BookingCards cards) : PaperPage
{
    public Id<Booking> Booking { get; private set; }

    public async Task<IActionResult> OnGetAsync(Id<Booking> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return NotFound();
        if (await cards.FindAsync(place.Territory, visitor.Household, id, cancel) is not { } detail) return NotFound();
        if (!detail.Card.Settled.IsPositive) return LocalRedirect($"~/prenotazioni/{id}");
        Booking = id;
        return Answer(ReceiptPaper.Of(place.Place, detail));
    }
}
