using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Borsellino.Web.Pages.ForHouseholds;

/// <summary>The paper for something paid: what, for whom, and which funder paid how much of it.</summary>
public sealed class ReceiptModel(CurrentPlace place, SignedIn visitor, BookingCards cards) : PageModel
{
    public BookingDetail Detail { get; private set; } = null!;
    public IReadOnlyList<(BookingPayer Payer, Money Paid)> Paid { get; private set; } = [];
    public Instant PaidAt { get; private set; }
    public Place Place => place.Place;

    public async Task<IActionResult> OnGetAsync(Id<Booking> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return NotFound();
        if (await cards.FindAsync(place.Territory, visitor.Household, id, cancel) is not { } detail) return NotFound();
        if (!detail.Card.Settled.IsPositive) return LocalRedirect($"~/prenotazioni/{id}");
        Detail = detail;
        Paid = PartsOf(detail);
        PaidAt = detail.At(BookingStatus.Settled) ?? detail.Events[^1].At;
        return Page();
    }

    /// <summary>A hold is paid from its lines in order, so a fee may leave the later ones untouched.</summary>
    private static List<(BookingPayer, Money)> PartsOf(BookingDetail detail)
    {
        var left = detail.Card.Settled;
        var parts = new List<(BookingPayer, Money)>();
        foreach (var payer in detail.Payers)
        {
            var paid = Money.Min(left, payer.Amount);
            left -= paid;
            if (paid.IsPositive) parts.Add((payer, paid));
        }

        return parts;
    }
}
