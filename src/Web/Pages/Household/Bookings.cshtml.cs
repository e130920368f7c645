using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Borsellino.Web.Pages.ForHouseholds;

/// <summary>All bookings of a household: what waits for its answer, what is to come, what is over.</summary>
public sealed class BookingsModel(CurrentPlace place, SignedIn visitor, BookingCards cards, IClock clock) : PageModel
{
    public IReadOnlyList<BookingCard> ToAnswer { get; private set; } = [];
    public IReadOnlyList<BookingCard> Upcoming { get; private set; } = [];
    public IReadOnlyList<BookingCard> Past { get; private set; } = [];
    public LocalDate Today { get; private set; }

    public async Task OnGetAsync(CancellationToken cancel)
    {
        Today = clock.Today();
        var all = await cards.OfHouseholdAsync(place.Territory, visitor.Household, cancel);
        ToAnswer = [.. all.Where(b => b.Status is BookingStatus.Delivered).OrderBy(b => b.AcceptBy)];
        Upcoming = [.. all.Where(b => b.Status is BookingStatus.Requested or BookingStatus.Confirmed).OrderBy(b => b.StartsAt)];
        Past = [.. all.Except(ToAnswer).Except(Upcoming)];
    }
}
