using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Borsellino.Web.Pages.ForHouseholds;

/// <summary>What a household books every week: its dates, what became of each, and how to leave one out or stop.</summary>
public sealed class EveryWeekModel(CurrentPlace place, SignedIn visitor, RecurringBookings recurring, RecurringCards cards, IClock clock) : PageModel
{
    public RecurringCard Card { get; private set; } = null!;
    public IReadOnlyList<RecurringDate> Dates { get; private set; } = [];
    public LocalDate Today { get; private set; }

    /// <summary>The step in between that is being shown: <c>ferma</c>; empty for none.</summary>
    [BindProperty(SupportsGet = true, Name = "passo")]
    public string? Step { get; set; }

    /// <summary>What has just been done, as the address says it: <c>avviata</c>.</summary>
    [BindProperty(SupportsGet = true, Name = "fatto")]
    public string? Done { get; set; }

    public bool IsLiving => Card.IsLiving(Today);

    public bool MaySkip(RecurringDate date) =>
        IsLiving && date.Outcome is null && date.Booking is null && RecurringBooking.At(date.Day, Card.Starts) > clock.Now;

    /// <summary>When a date is booked by itself.</summary>
    public Instant BookedAt(RecurringDate date) => RecurringBooking.At(date.Day, Card.Starts) - RecurringBookings.BookedBefore;

    public async Task<IActionResult> OnGetAsync(Id<RecurringBooking> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return NotFound();
        return await ShowAsync(id, cancel);
    }

    public Task<IActionResult> OnPostSkipAsync(Id<RecurringBooking> id, string day, CancellationToken cancel) => Days.Read(day) is { } skipped
        ? DoAsync(id, () => recurring.SkipAsync(place.Territory, id, skipped, By, cancel), cancel)
        : Task.FromResult<IActionResult>(BadRequest());

    public Task<IActionResult> OnPostEndAsync(Id<RecurringBooking> id, CancellationToken cancel) =>
        DoAsync(id, () => recurring.EndAsync(place.Territory, id, By, cancel), cancel);

    private HouseholdUser By => new(visitor.Household, visitor.UserId);

    private async Task<IActionResult> DoAsync(Id<RecurringBooking> id, Func<Task<Result<Done>>> act, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        if (!(await act()).IsRefused(out var refusal)) return LocalRedirect($"~/prenotazioni/ogni-settimana/{id}");
        if (refusal is RecurringNotFound or DateNotFound) return NotFound();
        ModelState.AddModelError("", RefusalText.For(refusal));
        return await ShowAsync(id, cancel);
    }

    private async Task<IActionResult> ShowAsync(Id<RecurringBooking> id, CancellationToken cancel)
    {
        if (await cards.FindAsync(place.Territory, visitor.Household, id, cancel) is not { } found) return NotFound();
        ((Card, Dates), Today) = (found, clock.Today());
        return Page();
    }
}
