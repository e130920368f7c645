using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Borsellino.Web.Pages.ForProviders;

/// <summary>One person of the provider's: a week of theirs, when they work, when they are away, what they give.</summary>
public sealed class OneStaffModel(CurrentPlace place, SignedIn visitor, StaffLists lists, StaffCards cards, Offers offers, IClock clock) : PageModel
{
    [BindProperty] public string? FirstName { get; set; }
    [BindProperty] public string? LastName { get; set; }
    [BindProperty] public string? From { get; set; }
    [BindProperty] public string? Until { get; set; }
    [BindProperty] public List<Id<Offer>> Gives { get; set; } = [];
    [BindProperty] public Id<StaffHours> NewHours { get; set; }
    [BindProperty] public int Day { get; set; } = 1;
    [BindProperty] public string? Starts { get; set; } = "8:00";
    [BindProperty] public string? Ends { get; set; } = "14:00";
    [BindProperty] public string? HoursFrom { get; set; }
    [BindProperty] public Id<StaffAway> NewAway { get; set; }

    /// <summary>The first and the last day away; asked for in the address to see what it would touch.</summary>
    [BindProperty(SupportsGet = true)] public string? Dal { get; set; }
    [BindProperty(SupportsGet = true)] public string? Al { get; set; }

    /// <summary>A day of the week to look at; this week without one.</summary>
    [BindProperty(SupportsGet = true)] public string? Settimana { get; set; }

    [TempData] public string? Said { get; set; }

    public StaffMember Member { get; private set; } = null!;
    public StaffSheet Sheet { get; private set; } = null!;
    public IReadOnlyList<Offer> Offers { get; private set; } = [];
    public LocalDate Monday { get; private set; }
    public IReadOnlyList<ToHand> Waiting { get; private set; } = [];

    /// <summary>The services that days away would touch; null while nobody has asked.</summary>
    public IReadOnlyList<ToHand>? Touched { get; private set; }

    public LocalDate Today => clock.Today();

    private ProviderUser By => new(visitor.Provider, visitor.UserId);

    /// <summary>What this person has on a day.</summary>
    public IEnumerable<Service> On(LocalDate day) => Sheet.Of(Member.Id, day.StartOfDayInRome(), day.EndOfDayInRome());

    public bool IsAway(LocalDate day) => Member.Away.Any(a => a.FirstDay <= day && day <= a.LastDay);

    public bool IsAhead(Service service) => service.StartsAt > clock.Now;

    public async Task<IActionResult> OnGetAsync(Id<StaffMember> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return NotFound();
        return await ShowAsync(id, cancel);
    }

    public async Task<IActionResult> OnPostChangeAsync(Id<StaffMember> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        foreach (var (field, text) in new[] { (nameof(FirstName), FirstName), (nameof(LastName), LastName) })
            if (text?.Trim() is not { Length: > 0 and <= StaffMember.NameMax }) ModelState.AddModelError(field, RefusalText.For(new StaffWrong("name")));
        var (from, until) = (Days.Read(From), Days.Read(Until));
        if (from is null) ModelState.AddModelError(nameof(From), Texts.Say("Scrivi da che giorno."));
        if (until is null && !string.IsNullOrWhiteSpace(Until)) ModelState.AddModelError(nameof(Until), Texts.Say("Scrivi l’ultimo giorno, o niente."));
        if (!ModelState.IsValid) return await ShowAsync(id, cancel);
        var member = new StaffMember(id, visitor.Provider, FirstName!, LastName!, from!.Value, until) { Offers = [.. Gives.Distinct()] };
        return await AnswerAsync(id, Why(await lists.ChangeAsync(place.Territory, member, By, cancel)), cancel);
    }

    public async Task<IActionResult> OnPostAddHoursAsync(Id<StaffMember> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid || NewHours == default) return BadRequest();
        var (starts, ends, from) = (Typed.Hour(Starts), Typed.Hour(Ends), Days.Read(HoursFrom));
        if (starts is null) ModelState.AddModelError(nameof(Starts), Texts.Say("Scrivi l’ora come 9:30."));
        if (ends is null) ModelState.AddModelError(nameof(Ends), Texts.Say("Scrivi l’ora come 9:30."));
        if (from is null) ModelState.AddModelError(nameof(HoursFrom), Texts.Say("Scrivi da che giorno, oggi o più avanti."));
        if (!ModelState.IsValid) return await ShowAsync(id, cancel);
        var hours = new StaffHours(NewHours, Day, starts!.Value, ends!.Value, from!.Value, null);
        return await AnswerAsync(id, Why(await lists.AddHoursAsync(place.Territory, id, hours, By, cancel)), cancel);
    }

    public async Task<IActionResult> OnPostEndHoursAsync(Id<StaffMember> id, Id<StaffHours> hours, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        return await AnswerAsync(id, Why(await lists.EndHoursAsync(place.Territory, id, hours, Today, By, cancel)), cancel);
    }

    public async Task<IActionResult> OnPostAwayAsync(Id<StaffMember> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid || NewAway == default) return BadRequest();
        if (ReadDays() is not var (first, last)) return await ShowAsync(id, cancel);
        var away = await lists.AwayAsync(place.Territory, id, new(NewAway, first, last), By, cancel);
        if (!away.IsRefused(out _)) Said = Texts.Say("L’assenza è segnata.");
        return await AnswerAsync(id, Why(away), cancel);
    }

    public async Task<IActionResult> OnPostBackAsync(Id<StaffMember> id, Id<StaffAway> away, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        return await AnswerAsync(id, Why(await lists.BackAsync(place.Territory, id, away, By, cancel)), cancel);
    }

    /// <summary>The first and the last day away as they were typed; each that cannot be read is said at its field.</summary>
    private (LocalDate First, LocalDate Last)? ReadDays()
    {
        var (first, last) = (Days.Read(Dal), Days.Read(Al));
        if (first is null) ModelState.AddModelError(nameof(Dal), Texts.Say("Scrivi un giorno, oggi o più avanti."));
        if (last is null) ModelState.AddModelError(nameof(Al), Texts.Say("Scrivi un giorno, oggi o più avanti."));
        return first is { } from && last is { } to ? (from, to) : null;
    }

    private static Refusal? Why<T>(Result<T> done)
        where T : notnull => done.IsRefused(out var refusal) ? refusal : null;

    private async Task<IActionResult> AnswerAsync(Id<StaffMember> id, Refusal? refusal, CancellationToken cancel)
    {
        if (refusal is null) return LocalRedirect($"~/ente/personale/{id}");
        if (refusal is StaffNotFound or OfferNotFound) return NotFound();
        ModelState.AddModelError(refusal switch
        {
            StaffWrong { Field: "to" } => nameof(Until),
            StaffWrong { Field: "day" } => nameof(Day),
            StaffWrong { Field: "hours_from" } => nameof(HoursFrom),
            StaffWrong { Field: "away" } => nameof(Dal),
            _ => "",
        }, RefusalText.For(refusal));
        return await ShowAsync(id, cancel);
    }

    private async Task<IActionResult> ShowAsync(Id<StaffMember> id, CancellationToken cancel)
    {
        var day = Days.Read(Settimana) ?? Today;
        Monday = day.DayOfWeek is IsoDayOfWeek.Monday ? day : day.Previous(IsoDayOfWeek.Monday);
        Sheet = await cards.OfAsync(place.Territory, visitor.Provider, LocalDate.Min(Monday, Today), cancel);
        if (Sheet.Find(id) is not { } member) return NotFound();
        Member = member;
        Waiting = [.. Sheet.Waiting(clock.Now).Where(w => w.Now?.Id == id)];
        if (HttpMethods.IsGet(Request.Method) && (Dal ?? Al) is not null && ReadDays() is var (first, last))
            Touched = [.. Sheet.Of(id, first.StartOfDayInRome(), last.EndOfDayInRome()).Where(IsAhead).Select(Sheet.Hand)];
        Offers = [.. (await offers.OfProviderAsync(place.Territory, visitor.Provider, cancel)).Where(o => !o.IsProduct)];
        if (!HttpMethods.IsPost(Request.Method)) (FirstName, LastName, From, Until, Gives) = (member.FirstName, member.LastName, Days.Iso(member.ValidFrom), member.ValidTo is { } to ? Days.Iso(to) : null, [.. member.Offers]);
        if (NewHours == default) NewHours = Id<StaffHours>.New();
        if (NewAway == default) NewAway = Id<StaffAway>.New();
        HoursFrom ??= Days.Iso(Today);
        return Page();
    }
}
