using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Borsellino.Web.Pages.Officers;

/// <summary>The offices where families can come, when they receive, and the days on which they do not. The forms carry their ids: a second click adds nothing.</summary>
public sealed class OfficesModel(Offices offices, CurrentPlace place, SignedIn visitor, IClock clock) : PageModel
{
    [BindProperty] public Id<Office> NewOffice { get; set; }
    [BindProperty] public string? Name { get; set; }
    [BindProperty] public string? Address { get; set; }

    [BindProperty] public Id<OfficeHours> NewHours { get; set; }
    [BindProperty] public Id<Office> Office { get; set; }
    [BindProperty] public int Day { get; set; } = 1;
    [BindProperty] public string? Opens { get; set; } = "9:00";
    [BindProperty] public string? Closes { get; set; } = "12:00";
    [BindProperty] public string? Minutes { get; set; } = "30";
    [BindProperty] public string? Desks { get; set; } = "1";
    [BindProperty] public string? From { get; set; }

    [BindProperty] public Id<Office> ClosedOffice { get; set; }
    [BindProperty] public string? ClosedOn { get; set; }

    public IReadOnlyList<Office> All { get; private set; } = [];
    public ILookup<Id<Office>, OfficeHours> Hours { get; private set; } = null!;
    public ILookup<Id<Office>, LocalDate> Closings { get; private set; } = null!;
    public LocalDate Today => clock.Today();

    public Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        ModelState.Clear();
        return ShowAsync(cancel);
    }

    public async Task<IActionResult> OnPostAddAsync(CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        var added = await offices.AddAsync(place.Territory, new(NewOffice, Name ?? "", Address ?? ""), visitor.UserId, cancel);
        return await AnswerAsync(added.IsRefused(out var refusal) ? refusal : null, f => f is "address" ? nameof(Address) : nameof(Name), cancel);
    }

    public async Task<IActionResult> OnPostOpenAsync(CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        var (opens, closes) = (ReadTime(Opens, nameof(Opens)), ReadTime(Closes, nameof(Closes)));
        if (Days.Read(From) is not { } from || from < Today)
        {
            ModelState.AddModelError(nameof(From), Texts.Say("Scrivi da che giorno, oggi o più avanti."));
            return await ShowAsync(cancel);
        }

        if (!ModelState.IsValid) return await ShowAsync(cancel);
        // A number that cannot be read is 0, which no rule allows.
        var hours = new OfficeHours(NewHours, Office, Day, opens, closes, Typed.Whole(Minutes) ?? 0, Typed.Whole(Desks) ?? 0, from, null);
        var opened = await offices.OpenAsync(place.Territory, hours, cancel);
        return await AnswerAsync(opened.IsRefused(out var refusal) ? refusal : null, f => f switch
        {
            "minutes" => nameof(Minutes),
            "desks" => nameof(Desks),
            "closes" => nameof(Closes),
            "opens" => nameof(Opens),
            _ => nameof(Day),
        }, cancel);
    }

    public async Task<IActionResult> OnPostEndAsync(Id<OfficeHours> hours, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        return await AnswerAsync((await offices.EndAsync(place.Territory, hours, Today, cancel)).IsRefused(out var refusal) ? refusal : null, _ => "", cancel);
    }

    public async Task<IActionResult> OnPostCloseAsync(CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        if (Days.Read(ClosedOn) is not { } day || day < Today)
        {
            ModelState.AddModelError(nameof(ClosedOn), Texts.Say("Scrivi un giorno, oggi o più avanti."));
            return await ShowAsync(cancel);
        }

        var closed = await offices.CloseAsync(place.Territory, ClosedOffice, day, cancel);
        return await AnswerAsync(closed.IsRefused(out var refusal) ? refusal : null, _ => nameof(ClosedOn), cancel);
    }

    public async Task<IActionResult> OnPostReopenAsync(Id<Office> office, string day, CancellationToken cancel)
    {
        if (!ModelState.IsValid || Days.Read(day) is not { } closed) return BadRequest();
        await offices.ReopenAsync(place.Territory, office, closed, cancel);
        return LocalRedirect("~/comune/sportelli");
    }

    private async Task<IActionResult> AnswerAsync(Refusal? refusal, Func<string, string> fieldOf, CancellationToken cancel)
    {
        if (refusal is null) return LocalRedirect("~/comune/sportelli");
        if (refusal is OfficeNotFound or OfficeHoursNotFound) return NotFound();
        ModelState.AddModelError(refusal is FieldRefusal { Field: var field } ? fieldOf(field) : "", RefusalText.For(refusal));
        return await ShowAsync(cancel);
    }

    private LocalTime ReadTime(string? text, string field)
    {
        if (Typed.Hour(text) is { } time) return time;
        ModelState.AddModelError(field, Texts.Say("Scrivi l’ora come 9:30."));
        return default;
    }

    private async Task<IActionResult> ShowAsync(CancellationToken cancel)
    {
        if (NewOffice == default) NewOffice = Id<Office>.New();
        if (NewHours == default) NewHours = Id<OfficeHours>.New();
        From ??= Days.Iso(Today.PlusDays(1));
        All = await offices.ListAsync(place.Territory, cancel);
        Hours = (await offices.HoursAsync(place.Territory, cancel)).ToLookup(h => h.OfficeId);
        Closings = (await offices.ClosingsAsync(place.Territory, cancel)).ToLookup(c => c.OfficeId, c => c.Day);
        return Page();
    }
}
