using System.Collections.Concurrent;
using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;

namespace Borsellino.Web.Hosting;

/// <summary>
/// The work nobody waits for at a page: imports, deadlines, expiries. A round asks every territory for lists that somebody
/// watches, and every tenth round for all that is due, because deadlines are hours and a few seconds more change none;
/// the rows themselves say what waits, so several processes may run this at once and a killed one leaves nothing half
/// done. A round that fails is logged and tried again; while the database is away that is said once.
/// </summary>
public sealed class Workers(Territories territories, Sweeps sweeps, PlayedTime time, ILogger<Workers> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private const int RoundsBetweenDeadlines = 10;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause);
        var isAway = false;
        var round = 0;
        do
        {
            try
            {
                foreach (var place in await territories.AllAsync(stoppingToken))
                {
                    // What a demo plays lives by another clock.
                    if (place.Demo && await time.IsHeldAsync(place.Id, stoppingToken)) continue;
                    await (round == 0 ? sweeps.RunAsync(place.Id, stoppingToken) : sweeps.WorkThroughAsync(place.Id, stoppingToken));
                }

                // Only a whole round counts: one that failed is tried again as it was.
                round = (round + 1) % RoundsBetweenDeadlines;

                if (isAway) log.LogWarning("The database is back: waiting work goes on");
                isAway = false;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (Outage.IsBehind(e))
            {
                if (!isAway) log.LogError("The database is away, waiting work rests: {Reason}", e.Message);
                isAway = true;
            }
            catch (Exception e)
            {
                log.LogError(e, "A round of waiting work failed and will be tried again");
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}

/// <summary>Everything that happens by itself when its time has come, in one territory.</summary>
public sealed class Sweeps(Database db, GeneralLedger ledger, Offers offers, Openings openings, Bookings bookings, Packages packages, RecurringBookings recurring, Pools pools, Needs needs, SavedSearches searches, Grants grants, GrantImports imports, Seals seals,
    IClock clock, ILogger<Sweeps> log)
{
    /// <summary>The day on which a territory's past was last sealed by this process: once a day is enough.</summary>
    private readonly ConcurrentDictionary<TerritoryId, LocalDate> sealedOn = new();

    /// <summary>Runs until nothing is due.</summary>
    public async Task RunAsync(TerritoryId territory, CancellationToken cancel)
    {
        // Acceptance first: whoever delivered is paid from the hold before holds that have ended are closed.
        Report(await bookings.AcceptDueAsync(territory, cancel));
        Report(await bookings.LapseDueAsync(territory, cancel));
        Report(await bookings.RunOutDueAsync(territory, cancel));
        await packages.LapseDueAsync(territory, cancel);
        await pools.TakeInDueAsync(territory, cancel);
        Report(await pools.FreezeDueAsync(territory, cancel));
        Report(await pools.QuorumDueAsync(territory, cancel));
        Report(await pools.FinishDueAsync(territory, cancel));
        await offers.CarryPricesAsync(territory, cancel);
        await openings.MakeDueAsync(territory, cancel);
        await recurring.TakeDueAsync(territory, cancel);
        await needs.AnswersDueAsync(territory, cancel);
        await needs.ExpireDueAsync(territory, cancel);
        await needs.UntakenDueAsync(territory, cancel);
        await needs.PlanDueAsync(territory, cancel);
        await searches.TellDueAsync(territory, cancel);
        await db.TransactAsync(territory, tx => ledger.ExpireDueAsync(tx), cancel);
        await imports.WorkThroughAsync(territory, cancel);
        while (await grants.ExpireDueAsync(territory, cancel: cancel) > 0) cancel.ThrowIfCancellationRequested();
        await SealAsync(territory, cancel);
    }

    /// <summary>Only what somebody waits for before a screen: lists of grants.</summary>
    public async Task WorkThroughAsync(TerritoryId territory, CancellationToken cancel) => await imports.WorkThroughAsync(territory, cancel);

    private async Task SealAsync(TerritoryId territory, CancellationToken cancel)
    {
        var today = clock.Today();
        if (sealedOn.TryGetValue(territory, out var day) && day == today) return;
        // Somebody records for long: the next round asks again.
        if (await seals.SealDueAsync(territory, cancel) is not { } days) return;
        sealedOn[territory] = today;
        if (days > 0) log.LogInformation("{Days} days of the book {Territory} are sealed", days, territory);
    }

    /// <summary>A booking that its time could not move needs a person: the log says which and why.</summary>
    private void Report(Swept swept)
    {
        foreach (var (booking, because) in swept.Stuck) log.LogWarning("{Booking} is stuck: {Refusal}", booking, because.Code);
    }

    private void Report(SweptPools swept)
    {
        foreach (var (pool, because) in swept.Stuck) log.LogWarning("{Pool} is stuck: {Refusal}", pool, because.Code);
    }
}
