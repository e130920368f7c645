using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Borsellino.Web.Pages.Desk;

/// <summary>Who comes on a day, office by office, with what to prepare; and calling off what cannot be kept.</summary>
public sealed class AppointmentsModel(OfficeAppointments appointments, CurrentPlace place, SignedIn visitor, IClock clock) : PageModel
{
    public LocalDate Day { get; private set; }
    public LocalDate Today => clock.Today();
    public IReadOnlyList<OfficeAppointment> All { get; private set; } = [];

    /// <summary>The appointment of which the page asks what the family shall read.</summary>
    [BindProperty(SupportsGet = true, Name = "disdici")]
    public Id<OfficeAppointment>? Leaving { get; set; }

    [BindProperty]
    public string? Note { get; set; }

    /// <summary>Only an officer says when the offices receive.</summary>
    public bool MayKeepOffices => visitor.Is(Role.Officer);

    public bool MayCancel(OfficeAppointment one) => one.IsOn && clock.Now < one.StartsAt;

    public async Task<IActionResult> OnGetAsync(string? giorno, CancellationToken cancel)
    {
        if ((giorno is null ? Today : Days.Read(giorno)) is not { } day) return NotFound();
        ModelState.Clear();
        return await ShowAsync(day, cancel);
    }

    public async Task<IActionResult> OnPostAsync(Id<OfficeAppointment> id, string giorno, CancellationToken cancel)
    {
        if (!ModelState.IsValid || Days.Read(giorno) is not { } day) return BadRequest();
        var cancelled = await appointments.CancelByOfficeAsync(place.Territory, id, visitor.UserId, Note ?? "", cancel);
        if (!cancelled.IsRefused(out var refusal)) return LocalRedirect($"~/sportello/appuntamenti?giorno={Days.Iso(day)}");
        if (refusal is AppointmentNotFound) return NotFound();
        ModelState.AddModelError(refusal is TextLength ? nameof(Note) : "", RefusalText.For(refusal));
        Leaving = id;
        return await ShowAsync(day, cancel);
    }

    private async Task<IActionResult> ShowAsync(LocalDate day, CancellationToken cancel)
    {
        Day = day;
        All = await appointments.OnDayAsync(place.Territory, day, cancel);
        return Page();
    }
}
