using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Borsellino.Web.Pages.ForHouseholds;

/// <summary>
/// An appointment at an office, a question a page (Modello Comuni, C.SE.2.2): where, when, what for, all of it on one page, done. Where and
/// when stand in the address; what a family writes travels in forms alone and is not asked twice, whichever step it goes back to.
/// </summary>
public sealed class ComeInModel(
    CurrentPlace place, SignedIn visitor, Offices offices, OfficeAppointments appointments, HelpRequests requests, HelpContext context, IClock clock) : PageModel
{
    private const int DaysShown = 5;

    /// <summary>Made with the form, so that sending it twice books once.</summary>
    [BindProperty]
    public Id<OfficeAppointment> Ticket { get; set; }

    [BindProperty(SupportsGet = true, Name = "sede")]
    public string? OfficeText { get; set; }

    [BindProperty(SupportsGet = true, Name = "quando")]
    public string? TimeText { get; set; }

    /// <summary>The day from which times are shown.</summary>
    [BindProperty(SupportsGet = true, Name = "dal")]
    public string? FirstDay { get; set; }

    /// <summary>The address below the territory's of the page that was left for this one.</summary>
    [BindProperty(SupportsGet = true, Name = "da")]
    public string? From { get; set; }

    [BindProperty]
    public AppointmentTopic? Topic { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    [BindProperty]
    public string? Phone { get; set; }

    /// <summary>Whether the office may read which page was left.</summary>
    [BindProperty]
    public bool TellsPage { get; set; }

    /// <summary>What stood on the page that was left, in words; empty for nothing that would help.</summary>
    public string About { get; private set; } = "";

    /// <summary>1 where, 2 when, 3 what for, 4 all of it.</summary>
    public int Step { get; private set; } = 1;

    public IReadOnlyList<Office> All { get; private set; } = [];
    public Office? Office { get; private set; }
    public Instant? StartsAt { get; private set; }
    public IReadOnlyList<(LocalDate Day, IReadOnlyList<OfficeTime> Times)> Free { get; private set; } = [];

    /// <summary>Whether what it is for was said already: going back to another time then takes it along.</summary>
    public bool HasAnswers => Topic is not null;

    public LocalDate Today => clock.Today();
    public Place Place => place.Place;

    public async Task OnGetAsync(CancellationToken cancel)
    {
        ModelState.Clear();
        From ??= HelpContext.PageBefore(Request, place.Place.Slug);
        await ReadAsync(cancel);
        Phone = Step == 3 ? await requests.PhoneOfAsync(place.Territory, visitor.Household, cancel) : null;
        TellsPage = true;
    }

    /// <summary>Another time, with the answers kept.</summary>
    public async Task<IActionResult> OnPostTimesAsync(CancellationToken cancel)
    {
        if (!IsReadable()) return BadRequest();
        TimeText = null;
        await ReadAsync(cancel);
        return Page();
    }

    /// <summary>Other answers, at the same time.</summary>
    public async Task<IActionResult> OnPostAnswersAsync(CancellationToken cancel)
    {
        if (!IsReadable()) return BadRequest();
        await ReadAsync(cancel);
        return Page();
    }

    /// <summary>All of it on one page; nothing is booked yet.</summary>
    public async Task<IActionResult> OnPostCheckAsync(CancellationToken cancel)
    {
        if (!IsReadable()) return BadRequest();
        await ReadAsync(cancel);
        if (Step == 3 && AreAnswersRight()) Step = 4;
        return Page();
    }

    public async Task<IActionResult> OnPostBookAsync(CancellationToken cancel)
    {
        if (!IsReadable()) return BadRequest();
        await ReadAsync(cancel);
        if (Step != 3 || !AreAnswersRight()) return Page();
        var wish = new NewOfficeAppointment(Ticket, Office!.Id, StartsAt!.Value, Topic!.Value, Reason ?? "", TellsPage ? About : "", Phone ?? "");
        var booked = await appointments.BookAsync(place.Territory, wish, new(visitor.Household, visitor.UserId), cancel);
        if (!booked.IsRefused(out var refusal, out var id)) return LocalRedirect($"~/appuntamenti/{id}?fatto=preso");
        ModelState.AddModelError("", RefusalText.For(refusal));
        if (refusal is OfficeTimeGone or AppointmentAtThatTime or AppointmentIdReused)
        {
            // Another time, and with it another appointment; what it is for is not asked again.
            (TimeText, Ticket) = (null, Id<OfficeAppointment>.New());
            await ReadAsync(cancel);
        }

        return Page();
    }

    private bool IsReadable()
    {
        var isReadable = ModelState.IsValid && (Topic is null || Enum.IsDefined(Topic.Value));
        ModelState.Clear();
        return isReadable;
    }

    private bool AreAnswersRight()
    {
        if (Topic is null) ModelState.AddModelError(nameof(Topic), Texts.Say("Scegli di che cosa vuoi parlare."));
        if (string.IsNullOrWhiteSpace(Phone)) ModelState.AddModelError(nameof(Phone), Texts.Say("Scrivi il numero a cui ti chiamiamo."));
        else if (!PhoneNumber.IsReadable(Phone.Trim())) ModelState.AddModelError(nameof(Phone), RefusalText.For(new PhoneUnreadable()));
        if (Reason?.Trim().Length > OfficeAppointments.ReasonMax)
            ModelState.AddModelError(nameof(Reason), RefusalText.For(new TextLength("reason", 0, OfficeAppointments.ReasonMax)));
        return ModelState.IsValid;
    }

    // The step is what is still missing, whatever the address says.
    private async Task ReadAsync(CancellationToken cancel)
    {
        if (Ticket == default) Ticket = Id<OfficeAppointment>.New();
        About = await context.WordsAsync(From, cancel);
        All = await offices.ListAsync(place.Territory, cancel);
        Office = All.Count == 1 ? All[0] : All.FirstOrDefault(o => o.Id.ToString() == OfficeText);
        StartsAt = Office is null ? null : OfficeWords.Read(TimeText);
        Step = Office is null ? 1 : StartsAt is null ? 2 : 3;
        if (Step == 2) Free = await appointments.FreeAsync(place.Territory, Office!.Id, Days.Read(FirstDay) ?? Today, DaysShown, cancel);
    }
}
