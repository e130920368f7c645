using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Borsellino.Web.Pages.ForHouseholds;

/// <summary>All bookings of a household: what waits for its answer, what was begun, what is to come, what is over.</summary>
public sealed class BookingsModel(CurrentPlace place, SignedIn visitor, BookingCards cards, BookingDrafts drafts, RecurringCards recurring, PackageCards packages, OfficeAppointments appointments, IClock clock) : PageModel
{
    public IReadOnlyList<BookingCard> ToAnswer { get; private set; } = [];
    public IReadOnlyList<BookingCard> Upcoming { get; private set; } = [];
    public IReadOnlyList<BookingCard> Past { get; private set; } = [];
    public IReadOnlyList<BookingDraft> Drafts { get; private set; } = [];

    /// <summary>What is booked every week.</summary>
    public IReadOnlyList<RecurringCard> Weekly { get; private set; } = [];

    /// <summary>Bought together, with something left to use.</summary>
    public IReadOnlyList<PackageCard> Packages { get; private set; } = [];

    /// <summary>Bought, with something left to fetch.</summary>
    public IReadOnlyList<PackageCard> Products { get; private set; } = [];

    /// <summary>Packages and products that are over, the latest first.</summary>
    public IReadOnlyList<PackageCard> Ended { get; private set; } = [];

    /// <summary>When somebody of the family is expected at an office.</summary>
    public IReadOnlyList<OfficeAppointment> Visits { get; private set; } = [];

    public LocalDate Today { get; private set; }

    /// <summary>What has just been done, as the address says it: <c>bozza</c>.</summary>
    [BindProperty(SupportsGet = true, Name = "fatto")]
    public string? Done { get; set; }

    public async Task OnGetAsync(CancellationToken cancel)
    {
        Today = clock.Today();
        var all = await cards.OfHouseholdAsync(place.Territory, visitor.Household, cancel);
        ToAnswer = [.. all.Where(b => b.Status is BookingStatus.Delivered).OrderBy(b => b.AcceptBy)];
        Upcoming = [.. all.Where(b => b.Status is BookingStatus.Requested or BookingStatus.Confirmed).OrderBy(b => b.StartsAt)];
        Past = [.. all.Except(ToAnswer).Except(Upcoming)];
        Weekly = await recurring.LivingAsync(place.Territory, visitor.Household, cancel);
        var bought = await packages.OfHouseholdAsync(place.Territory, visitor.Household, cancel);
        Ended = [.. bought.Where(p => p.Status is not PackageStatus.Open)];
        (Packages, Products) = ([.. bought.Except(Ended).Where(p => !p.IsProduct)], [.. bought.Except(Ended).Where(p => p.IsProduct)]);
        Visits = await appointments.ToComeAsync(place.Territory, visitor.Household, cancel);
        Drafts = await drafts.OfAsync(place.Territory, visitor.Household, cancel);
    }

    public async Task<IActionResult> OnPostDropDraftAsync(Id<Slot> slot, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        await drafts.DropAsync(place.Territory, visitor.Household, slot, cancel);
        return LocalRedirect("~/prenotazioni");
    }
}
