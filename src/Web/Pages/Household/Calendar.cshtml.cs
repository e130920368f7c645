using System.Text;
using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Marketplace.Standards;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.ForHouseholds;

/// <summary>A booking for the family's own calendar: the file takes the place of an earlier one, also when the booking is called off.</summary>
public sealed class CalendarModel(CurrentPlace place, SignedIn visitor, BookingCards cards) : PageModel
{
    public async Task<IActionResult> OnGetAsync(Id<Booking> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid || await cards.FindAsync(place.Territory, visitor.Household, id, cancel) is not { } detail) return NotFound();
        var card = detail.Card;
        var reference = Texts.Say("Numero di riferimento {0}", Display.Reference(card.Reference));
        var file = new CalendarEvent(
            $"{id}@{place.Place.Slug}.borsellino", detail.Events.Count, detail.Events[^1].At, card.StartsAt, card.EndsAt,
            $"{BookingWords.Title(card)}, {card.FirstName}", card.Address, $"{card.Provider} {card.ProviderPhone}".Trim() + "\n" + reference, StatusOf(card.Status));
        return File(Encoding.UTF8.GetBytes(file.ToText()), CalendarEvent.ContentType, $"{card.Reference}.ics");
    }

    private static CalendarStatus StatusOf(BookingStatus status) => Voucher.StateOf(status) switch
    {
        VoucherState.Issued => CalendarStatus.Tentative,
        VoucherState.Active or VoucherState.Used => CalendarStatus.Confirmed,
        VoucherState.Cancelled or VoucherState.Expired => CalendarStatus.Cancelled,
    };
}
