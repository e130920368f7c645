using Borsellino.Ledger;
using Borsellino.Marketplace;

namespace Borsellino.Tests;

/// <summary>Many at once: places are never given twice, and a freeze meets those who come and go at the same instant.</summary>
public sealed class PoolRaceTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task Of_64_families_for_5_places_5_win_and_59_get_a_sentence()
    {
        await using var pool = database.OpenPool(24);
        var t = await PoolTown.BuildAsync(database, pool);
        var shared = await t.PublishAsync(HeadPrices.Flat(2, 5, Money.Euro(40)));
        var families = new List<(BookingTown.Family Family, BookingTown.Funded Grant)>();
        for (var i = 0; i < 64; i++) families.Add(await t.FamilyAsync(Money.Euro(50)));

        var results = await Task.WhenAll(families.Select(f => Task.Run(() => t.JoinAsync(f.Family, shared))));

        Assert.Equal(5, results.Count(r => !r.IsRefused(out _)));
        Assert.All(results, r => Assert.True(!r.IsRefused(out var why) || why is PoolFull));
        var held = 0;
        foreach (var (_, grant) in families) held += (await t.Town.OnAsync(grant.Account)).Held.IsPositive ? 1 : 0;
        Assert.Equal(5, held);
        await t.ProveAsync();
    }

    [Fact]
    public async Task The_same_request_32_times_at_once_joins_once()
    {
        await using var pool = database.OpenPool(12);
        var t = await PoolTown.BuildAsync(database, pool);
        var shared = await t.PublishAsync(HeadPrices.Flat(2, 5, Money.Euro(40)));
        var (family, grant) = await t.FamilyAsync(Money.Euro(100));
        var id = Id<Share>.New();
        var seen = (await t.Pools.PreviewAsync(t.Territory, family.Id, shared)).OrThrow();
        var request = new JoinRequest(id, shared, family.Adult, 1, seen.Cap, seen.Shown);

        var results = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(() => t.Pools.JoinAsync(t.Territory, request, family.User))));

        Assert.All(results, r => Assert.Equal(id, r.OrThrow()));
        Assert.Equal(seen.Cap, (await t.Town.OnAsync(grant.Account)).Held);
        Assert.Single(await t.SharesAsync(shared));
        await t.ProveAsync();
    }

    [Fact]
    public async Task A_freeze_a_cancellation_and_four_who_leave_at_once_end_as_one_after_the_other()
    {
        await using var pool = database.OpenPool(8);
        for (var round = 0; round < 12; round++)
        {
            var t = await PoolTown.BuildAsync(database, pool);
            var shared = await t.PublishAsync(HeadPrices.Flat(2, 4, Money.Euro(40)), freeze: BookingTown.Monday + NodaTime.Duration.FromHours(1));
            var families = new List<(BookingTown.Family Family, BookingTown.Funded Grant)>();
            for (var i = 0; i < 4; i++) families.Add(await t.FamilyAsync(Money.Euro(50)));
            foreach (var (family, _) in families) (await t.JoinAsync(family, shared)).OrThrow();
            t.Town.Clock.Advance(NodaTime.Duration.FromHours(1));

            var shares = await t.SharesAsync(shared);
            Task[] all =
            [
                Task.Run(() => t.Pools.FreezeDueAsync(t.Territory)), Task.Run(() => t.Pools.FreezeDueAsync(t.Territory)),
                Task.Run(async () => (await t.Pools.CancelAsync(t.Territory, shared, t.Town.Gelso.User, "No.")).OrThrow()),
                .. families.Zip(shares, (f, s) => Task.Run(async () =>
                {
                    (await t.Pools.LeaveAsync(t.Territory, s.Id, f.Family.User)).IsRefused(out _);
                    var booking = Id<Booking>.From("share", s.Id);
                    (await t.Town.Bookings.CancelByHouseholdAsync(t.Territory, booking, f.Family.User, Money.Zero)).IsRefused(out _);
                })),
            ];
            await Task.WhenAll(all);

            Assert.Equal(PoolStatus.Cancelled, await t.StatusAsync(shared));
            foreach (var (_, grant) in families) Assert.Equal((Money.Euro(50), Money.Zero), await t.Town.OnAsync(grant.Account));
            await t.ProveAsync();
        }
    }
}
