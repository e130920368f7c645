using System.Text;
using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Marketplace.Standards;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.ForHouseholds;

/// <summary>A family's appointment at an office: when, where, what to do if it cannot come; and the file for its own calendar.</summary>
public sealed class AppointmentModel(CurrentPlace place, SignedIn visitor, OfficeAppointments appointments, IClock clock) : PageModel
{
    public OfficeAppointment Card { get; private set; } = null!;

    /// <summary>What has just been done: <c>preso</c> or <c>disdetto</c>.</summary>
    [BindProperty(SupportsGet = true, Name = "fatto")]
    public string? Done { get; set; }

    /// <summary>The step in between that is being shown: <c>disdici</c>.</summary>
    [BindProperty(SupportsGet = true, Name = "passo")]
    public string? Step { get; set; }

    public bool CanCancel => Card.IsOn && clock.Now < Card.StartsAt;

    public async Task<IActionResult> OnGetAsync(Id<OfficeAppointment> id, CancellationToken cancel) =>
        ModelState.IsValid && await FindAsync(id, cancel) ? Page() : NotFound();

    public async Task<IActionResult> OnGetCalendarAsync(Id<OfficeAppointment> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid || !await FindAsync(id, cancel)) return NotFound();
        var file = new CalendarEvent(
            $"{id}@{place.Place.Slug}.borsellino", Card.IsOn ? 0 : 1, Card.CancelledAt ?? Card.BookedAt, Card.StartsAt, Card.EndsAt, Card.Office, Card.Address,
            OfficeWords.Topic(Card.Topic), Card.IsOn ? CalendarStatus.Confirmed : CalendarStatus.Cancelled);
        return File(Encoding.UTF8.GetBytes(file.ToText()), CalendarEvent.ContentType, "appuntamento.ics");
    }

    public async Task<IActionResult> OnPostCancelAsync(Id<OfficeAppointment> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        var cancelled = await appointments.CancelAsync(place.Territory, id, new(visitor.Household, visitor.UserId), cancel);
        if (!cancelled.IsRefused(out var refusal)) return LocalRedirect($"~/appuntamenti/{id}?fatto=disdetto");
        if (!await FindAsync(id, cancel)) return NotFound();
        ModelState.AddModelError("", RefusalText.For(refusal));
        return Page();
    }

    private async Task<bool> FindAsync(Id<OfficeAppointment> id, CancellationToken cancel)
    {
        if (await appointments.FindAsync(place.Territory, visitor.Household, id, cancel) is not { } card) return false;
        Card = card;
        return true;
    }
}
