using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;

namespace Borsellino.Web.Demo;

/// <summary>
/// Plays the days of a town: lists are handed in and approved, families ask for services, providers answer and
/// deliver, time does its own, providers are paid every week. Everything goes through the operations that people use.
/// What is to happen on a day follows from the town's seed and that day alone, so a life that was cut off goes on as
/// if nothing had been.
/// </summary>
public sealed class TownLife
{
    /// <summary>So many days after times were offered, more are: before those of six weeks are used up.</summary>
    private const int OfferedEvery = (DemoCatalogue.WeeksAhead * 7) - 10;

    private readonly Town town;
    private readonly FoundedTown founded;
    private readonly Agenda agenda = new();
    private readonly TownOffice office;
    private readonly TownServices services;
    private readonly TownTreasury treasury;
    private readonly TownPools pools;
    private readonly TownScene? scene;

    /// <param name="until">When the present is: the last scene is set before it. Null for a life without one.</param>
    public TownLife(Town town, FoundedTown founded, DemoExport export, Instant? until = null)
    {
        (this.town, this.founded) = (town, founded);
        services = new(town, founded, agenda, export);
        office = new(town, founded, agenda, export, services);
        treasury = new(town, agenda, export);
        pools = new(town, founded, agenda, services);
        scene = until is { } present ? new(town, founded, agenda, services, office, treasury, present) : null;
    }

    /// <summary>Lives from the clock's instant to another.</summary>
    /// <param name="progress">Is told how much of the time is lived, from 0 to 1.</param>
    public async Task LiveUntilAsync(Instant end, Action<double> progress, CancellationToken cancel)
    {
        var start = town.Clock.Now;
        await office.ResumeAsync(cancel);
        await services.OpenAsync(cancel);
        scene?.Plan();
        var lastDay = end.InZone(ClockExtensions.Rome).Date;
        for (var day = town.Clock.Today(); day <= lastDay; day = day.PlusDays(1))
        {
            await PlanAsync(day, cancel);
            var endOfDay = Instant.Min(end, day.EndOfDayInRome());
            while (agenda.TryTake(endOfDay, out var at, out var what))
            {
                // What was planned for the time before a life was cut off has happened.
                if (at < start) continue;
                cancel.ThrowIfCancellationRequested();
                town.Clock.MoveTo(Instant.Max(at, town.Clock.Now));
                await what(cancel);
            }

            town.Clock.MoveTo(Instant.Max(endOfDay, town.Clock.Now));
            progress(Math.Min(1, (town.Clock.Now - start) / (end - start)));
        }

        await SweepAsync(cancel);
    }

    private async Task PlanAsync(LocalDate day, CancellationToken cancel)
    {
        var number = Period.DaysBetween(founded.FirstDay, day);
        if (number > 0 && number % OfferedEvery == 0)
        {
            await town.Catalogue.OfferTimesAsync(town.Script.Data, town.Territory, town.Clock, cancel);
        }

        agenda.Plan(Hour(day, 6, 0), SweepAsync);
        office.Plan(day, number);
        services.Plan(day);
        pools.Plan(day);
        treasury.Plan(day);
        agenda.Plan(Hour(day, 22, 0), SweepAsync);
    }

    /// <summary>What time does by itself: requests lapse, deliveries accept themselves, holds and grants end.</summary>
    private async Task SweepAsync(CancellationToken cancel)
    {
        await SweptAsync("request lapsed by itself", town.Bookings.LapseDueAsync(town.Territory, cancel));
        await SweptAsync("delivery accepted by itself", town.Bookings.AcceptDueAsync(town.Territory, cancel));
        await pools.SweepAsync(cancel);
        await SweptAsync("hold ran out", town.Bookings.RunOutDueAsync(town.Territory, cancel));
        (await town.Db.TransactAsync(town.Territory, tx => town.Ledger.ExpireDueAsync(tx), cancel)).OrThrow();
        while (await town.Grants.ExpireDueAsync(town.Territory, cancel: cancel) > 0) cancel.ThrowIfCancellationRequested();
    }

    private async Task SweptAsync(string what, Task<Swept> sweep)
    {
        var start = System.Diagnostics.Stopwatch.GetTimestamp();
        var swept = await sweep;
        var each = System.Diagnostics.Stopwatch.GetElapsedTime(start) / Math.Max(1, swept.Moved);
        for (var i = 0; i < swept.Moved; i++) town.Chronicle.Add(what, Money.Zero, each);
    }

    /// <summary>The instant itself, or the next morning for one at which people sleep.</summary>
    internal static Instant Awake(Instant at)
    {
        var local = at.InZone(ClockExtensions.Rome);
        if (local.Hour < 7) return Hour(local.Date, 7, local.Minute);
        return local.Hour >= 22 ? Hour(local.Date.PlusDays(1), 7, local.Minute) : at;
    }

    /// <summary>An hour of the wall clock on a day in Italy.</summary>
    internal static Instant Hour(LocalDate day, int hour, int minute) =>
        day.At(new LocalTime(hour, minute)).InZoneLeniently(ClockExtensions.Rome).ToInstant();
}
