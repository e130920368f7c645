using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.ForHouseholds;

/// <summary>A weekly group for a household: its dates, which of them it is in, and how to leave one out or all.</summary>
public sealed class SeriesModel(CurrentPlace place, SignedIn visitor, Pools pools, PoolCards cards, SeriesCards series, DeskActs acts, IClock clock) : PageModel
{
    public SeriesCard Card { get; private set; } = null!;

    /// <summary>What the desk did for the household in this group.</summary>
    public IReadOnlyList<DoneForYou> DoneForYou { get; private set; } = [];

    /// <summary>The pool of one of its dates, which says the service, the place and the prices of all.</summary>
    public PoolCard One { get; private set; } = null!;

    /// <summary>The step in between that is being shown: <c>esci</c>, or <c>salta</c> with a date; empty for none.</summary>
    [BindProperty(SupportsGet = true, Name = "passo")]
    public string? Step { get; set; }

    [BindProperty(SupportsGet = true, Name = "data")]
    public Id<Pool>? Date { get; set; }

    public IEnumerable<SeriesDate> Coming => Card.Dates.Where(d => d.StartsAt > clock.Now);

    /// <summary>The date about to be left out; null for none.</summary>
    public SeriesDate? ToSkip => Step == "salta" ? Card.Dates.FirstOrDefault(d => d.Pool == Date && MaySkip(d)) : null;

    public bool MaySkip(SeriesDate date) =>
        Card.SkipsLeft > 0 && date.Status is PoolStatus.Collecting && clock.Now < date.FreezeAt && date.Outcome is not TurnOutcome.Skipped;

    public async Task<IActionResult> OnGetAsync(Id<PoolSeries> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return NotFound();
        return await ShowAsync(id, cancel);
    }

    public Task<IActionResult> OnPostSkipAsync(Id<PoolSeries> id, Id<SeriesMember> member, Id<Pool> date, CancellationToken cancel) =>
        DoAsync(id, () => pools.SkipAsync(place.Territory, member, date, By, cancel), cancel);

    public Task<IActionResult> OnPostLeaveAsync(Id<PoolSeries> id, Id<SeriesMember> member, CancellationToken cancel) =>
        DoAsync(id, () => pools.LeaveSeriesAsync(place.Territory, member, By, cancel), cancel);

    private HouseholdUser By => new(visitor.Household, visitor.UserId);

    private async Task<IActionResult> DoAsync(Id<PoolSeries> id, Func<Task<Result<Done>>> act, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        if ((await act()).IsRefused(out var refusal))
        {
            if (refusal is MemberNotFound or PoolNotFound) return NotFound();
            ModelState.AddModelError("", RefusalText.For(refusal));
            return await ShowAsync(id, cancel);
        }

        return LocalRedirect($"~/gruppi/settimanali/{id}");
    }

    private async Task<IActionResult> ShowAsync(Id<PoolSeries> id, CancellationToken cancel)
    {
        if (await series.FindAsync(place.Territory, id, visitor.Household, cancel) is not { Dates.Count: > 0 } found) return NotFound();
        Card = found;
        DoneForYou = await acts.OfHouseholdAsync(place.Territory, visitor.Household, id.Value, cancel);
        One = (await cards.FindAsync(place.Territory, visitor.Household, (Coming.FirstOrDefault() ?? found.Dates[^1]).Pool, cancel))!.Card;
        return Page();
    }
}
