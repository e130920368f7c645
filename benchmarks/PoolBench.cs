using System.Diagnostics;
using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;

namespace Borsellino.Benchmarks;

/// <summary>
/// How many pools of six shares are committed in a second, by one sweep as it runs in earnest; and what 64 families who race for five
/// places wait for their answer.
/// </summary>
internal static class PoolBench
{
    private const int Families = 64, Shares = 6, Places = 5;
    private static readonly TerritoryId Territory = BenchTown.Territory;

    public static async Task RunAsync(BenchCluster cluster, Options options)
    {
        await using var db = new Database(cluster.Application);
        var clock = new HandClock(Instant.FromUtc(2026, 10, 5, 8, 0));
        var ledger = new GeneralLedger(clock);
        var pools = new Pools(db, ledger, new(db, ledger, clock), clock);
        var town = await BenchTown.FoundAsync(cluster, db, ledger, clock, Families);
        var random = new Random(1);

        Console.WriteLine($"{"",-46} {"per second",11} {"p50 ms",8} {"slowest ms",11}");
        for (var round = 0; round < options.Rounds; round++)
        {
            var count = Math.Max(20, (int)(options.Seconds * 40));
            for (var i = 0; i < count; i++)
            {
                var pool = await PublishAsync(town, pools, clock, HeadPrices.Flat(2, Shares, new(4001)));
                foreach (var family in town.Families.OrderBy(_ => random.Next()).Take(Shares)) (await JoinAsync(pools, pool, family)).OrThrow();
            }

            clock.Advance(Duration.FromHours(25));
            var began = Stopwatch.GetTimestamp();
            var swept = await pools.FreezeDueAsync(Territory);
            var took = Stopwatch.GetElapsedTime(began);
            if (swept.Moved != count) throw new InvalidOperationException($"{swept.Moved} of {count} pools were committed.");
            Console.WriteLine($"{"commits of a pool of 6 shares, one sweep",-46} {count / took.TotalSeconds,11:N0} {took.TotalMilliseconds / count,8:0.0}");
        }

        for (var round = 0; round < options.Rounds; round++)
        {
            var pool = await PublishAsync(town, pools, clock, HeadPrices.Flat(2, Places, new(4001)));
            var began = Stopwatch.GetTimestamp();
            var answers = await Task.WhenAll(town.Families.Select(family => Task.Run(async () =>
            {
                var answer = await JoinAsync(pools, pool, family);
                return (Won: !answer.IsRefused(out var why), Why: why, Took: Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            })));
            if (answers.Count(a => a.Won) != Places || answers.Any(a => !a.Won && a.Why is not PoolFull)) throw new InvalidOperationException("The race was not fair.");
            double[] times = [.. answers.Select(a => a.Took).Order()];
            Console.WriteLine($"{"64 families for 5 places: 5 win, 59 are told",-46} {Families * 1000 / times[^1],11:N0} {times[Families / 2],8:0.0} {times[^1],11:0.0}");
        }

        var found = (await new Audit(db).RunAsync(Territory)).Concat(await new MarketplaceAudit(db).RunAsync(Territory)).ToList();
        Console.WriteLine($"the book proves itself: {found.Count} disagreements");
    }

    private static async Task<Id<Pool>> PublishAsync(BenchTown town, Pools pools, HandClock clock, HeadPrices prices)
    {
        // Each slot a second after the one before: an offer has one at a time.
        clock.Advance(Duration.FromSeconds(1));
        var slot = new NewSlot(Id<Slot>.New(), clock.Now + Duration.FromHours(30), clock.Now + Duration.FromHours(31), 1);
        (await town.Slots.CreateAsync(Territory, town.Gives[0].Offer, [slot])).OrThrow();
        return (await pools.PublishAsync(Territory, new(Id<Pool>.New(), slot.Id, WeighedBy.Equal, prices, clock.Now + Duration.FromHours(24)), town.Gives[0].Provider)).OrThrow();
    }

    private static async Task<Result<Id<Share>>> JoinAsync(Pools pools, Id<Pool> pool, BenchTown.Family family)
    {
        if ((await pools.PreviewAsync(Territory, family.Id, pool)).IsRefused(out var refusal, out var seen)) return refusal;
        return await pools.JoinAsync(Territory, new(Id<Share>.New(), pool, family.Person, 1, seen.Cap, seen.Shown), family.User);
    }
}
