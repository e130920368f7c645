using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Borsellino.Web.Pages.Finance;

/// <summary>
/// How far the book is closed: one person closes it, two open it again, and everything that happened stays written. Each
/// form carries what was shown, so a second click adds nothing.
/// </summary>
public sealed class PeriodsModel(
    CurrentPlace place, SignedIn visitor, Database db, Periods periods, PeriodHistory history, BalanceRules balanceRules, Seals seals, Users users,
    IClock clock) : PageModel
{
    [BindProperty]
    public string? Through { get; set; }

    [BindProperty]
    public string? From { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    /// <summary>The id of the request that the form would make.</summary>
    [BindProperty]
    public Id<PeriodEvent> NewRequest { get; set; }

    public LocalDate? ClosedThrough { get; private set; }
    public IReadOnlyList<PeriodEvent> Events { get; private set; } = [];
    public IReadOnlyList<BalanceRule> Rules { get; private set; } = [];

    /// <summary>The newest seal of the book; null while no day is sealed.</summary>
    public Seal? Seal { get; private set; }

    /// <summary>The accounts that stand in the way of the close that was tried.</summary>
    public IReadOnlyList<BalanceBreach> Breaches { get; private set; } = [];

    public IReadOnlyList<DemoPerson> Colleagues { get; private set; } = [];
    public LocalDate Today => clock.Today();

    /// <summary>What waits for a second person: only the newest event can.</summary>
    public PeriodEvent? Asked => Events.Count > 0 && Events[0].Kind is PeriodEventKind.ReopenAsked ? Events[0] : null;

    public bool MayAgree => Asked is { } request && request.Actor != Actor;
    private string Actor => visitor.UserId.ToString();
    private IReadOnlyDictionary<Id<User>, string> names = new Dictionary<Id<User>, string>();

    public Task<IActionResult> OnGetAsync(CancellationToken cancel) => ShowAsync(cancel);

    public async Task<IActionResult> OnPostCloseAsync(CancellationToken cancel)
    {
        ModelState.Clear();
        if (Days.Read(Through) is not { } day || day >= Today)
        {
            ModelState.AddModelError(nameof(Through), Texts.Say("Scegli un giorno già passato, per esempio la fine del mese scorso."));
            return await ShowAsync(cancel);
        }

        return await AnswerAsync(await db.TransactAsync(place.Territory, tx => periods.CloseAsync(tx, day, Actor), cancel), cancel);
    }

    public async Task<IActionResult> OnPostAskAsync(CancellationToken cancel)
    {
        ModelState.Clear();
        var from = Days.Read(From);
        var reason = Reason?.Trim() ?? "";
        if (from is null) ModelState.AddModelError(nameof(From), Texts.Say("Scrivi il giorno come 20.11.2026."));
        if (reason.Length is 0 or > 300) ModelState.AddModelError(nameof(Reason), Texts.Say("Scrivi il motivo in poche parole: resta nella storia."));
        if (from is not { } day || !ModelState.IsValid || NewRequest == default) return await ShowAsync(cancel);

        return await AnswerAsync(
            await db.TransactAsync(place.Territory, tx => periods.AskReopenAsync(tx, NewRequest, day, reason, Actor), cancel), cancel);
    }

    public async Task<IActionResult> OnPostReopenAsync(Id<PeriodEvent> asked, CancellationToken cancel)
    {
        ModelState.Clear();
        return await AnswerAsync(await db.TransactAsync(place.Territory, tx => periods.ReopenAsync(tx, asked, Actor), cancel), cancel);
    }

    /// <summary>Who did it, by name if it is somebody of this territory.</summary>
    public string NameOf(string actor) =>
        Id<User>.TryParse(actor, null, out var id) && names.TryGetValue(id, out var name) ? name : actor;

    private async Task<IActionResult> AnswerAsync<T>(Result<T> answer, CancellationToken cancel) where T : notnull
    {
        if (!answer.IsRefused(out var refusal)) return Redirect(Url.Content("~/ragioneria/periodi"));
        if (refusal is BalanceRulesBroken broken) Breaches = broken.Breaches;
        ModelState.AddModelError(refusal is PeriodNotClosed ? nameof(From) : "", RefusalText.For(refusal));
        return await ShowAsync(cancel);
    }

    private async Task<IActionResult> ShowAsync(CancellationToken cancel)
    {
        ClosedThrough = await history.ClosedThroughAsync(place.Territory, cancel);
        Events = await history.ListAsync(place.Territory, cancel: cancel);
        Seal = await seals.LastAsync(place.Territory, cancel);
        Rules = await balanceRules.ListAsync(cancel);
        names = await users.NamesAsync(
            place.Territory, Events.Select(e => Id<User>.TryParse(e.Actor, null, out var id) ? id : default).Where(id => id != default), cancel);
        if (Asked is { } request)
        {
            Colleagues = [.. (await users.WithRoleAsync(place.Territory, Role.Finance, cancel)).Where(u => u.Id.ToString() != request.Actor)];
        }

        if (NewRequest == default) NewRequest = Id<PeriodEvent>.New();
        Through ??= Days.Iso(Proposed());
        return Page();
    }

    /// <summary>The end of last month, or yesterday if that is closed already.</summary>
    private LocalDate Proposed()
    {
        var monthEnd = Today.With(DateAdjusters.StartOfMonth).PlusDays(-1);
        return ClosedThrough is null || ClosedThrough < monthEnd ? monthEnd : Today.PlusDays(-1);
    }
}
