using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;

namespace Borsellino.Tests;

/// <summary>A member that waits says anew what it pays at most: the hold follows, nobody else's share does, and a refusal moves nothing.</summary>
public sealed class PoolCapTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly HeadPrices Thirty = HeadPrices.Flat(2, 3, Money.Euro(30));

    [Fact]
    public async Task Who_raises_the_cap_in_time_stays_in_when_a_neighbour_leaves()
    {
        var t = await PoolTown.BuildAsync(database);
        var pool = await t.PublishAsync(Thirty);
        var families = await JoinedAsync(t, pool, 3, Money.Euro(10));
        await ChangeAsync(t, families[0], pool, Money.Euro(15));
        await ChangeAsync(t, families[1], pool, Money.Euro(15));
        Assert.Equal([Money.Euro(15), Money.Euro(15), Money.Euro(10)], await HeldAsync(t, families));

        (await t.Pools.LeaveAsync(t.Territory, families[2].Share, families[2].Family.User)).OrThrow();
        await t.FreezeAsync();

        Assert.Equal(PoolStatus.Confirmed, await t.StatusAsync(pool));
        Assert.Equal([Money.Euro(15), Money.Euro(15), null], (await t.SharesAsync(pool)).Select(s => s.Price));
        Assert.Equal([1, 2, 3], (await t.SharesAsync(pool)).Select(s => s.Place));
        Assert.Contains("CapChanged", await t.EventsAsync(pool));
        await t.ProveAsync();
    }

    [Fact]
    public async Task Without_it_the_same_pool_lapses()
    {
        var t = await PoolTown.BuildAsync(database);
        var pool = await t.PublishAsync(Thirty);
        var families = await JoinedAsync(t, pool, 3, Money.Euro(10));
        (await t.Pools.LeaveAsync(t.Territory, families[2].Share, families[2].Family.User)).OrThrow();
        await t.FreezeAsync();
        Assert.Equal(PoolStatus.Lapsed, await t.StatusAsync(pool));
        Assert.Equal([Money.Zero, Money.Zero, Money.Zero], await HeldAsync(t, families));
    }

    [Fact]
    public async Task The_hold_follows_by_the_waterfall_up_and_down_and_a_month_is_counted_once()
    {
        var t = await PoolTown.BuildAsync(database);
        var pool = await t.PublishAsync(Thirty);
        var anna = await t.Town.FamilyAsync();
        var sooner = await t.Town.GrantAsync(anna, Money.Euro(12), to: new(2026, 10, 31), monthMax: Money.Euro(12));
        var later = await t.Town.GrantAsync(anna, Money.Euro(20), to: new(2026, 12, 31));
        var share = (await t.JoinAsync(anna, pool, Money.Euro(10))).OrThrow();
        Assert.Equal((Money.Euro(10), Money.Zero), await BothAsync());

        // All of the month's twelve are free for the new hold: what the old one used of them is given back.
        await ChangeAsync(t, (anna, share, sooner), pool, Money.Euro(15));
        Assert.Equal((Money.Euro(12), Money.Euro(3)), await BothAsync());
        await ChangeAsync(t, (anna, share, sooner), pool, Money.Euro(11));
        Assert.Equal((Money.Euro(11), Money.Zero), await BothAsync());

        (await t.Pools.LeaveAsync(t.Territory, share, anna.User)).OrThrow();
        Assert.Equal((Money.Zero, Money.Zero), await BothAsync());
        await t.ProveAsync();

        async Task<(Money, Money)> BothAsync() => ((await t.Town.OnAsync(sooner.Account)).Held, (await t.Town.OnAsync(later.Account)).Held);
    }

    [Fact]
    public async Task Who_is_told_that_money_is_back_is_told_of_the_cap_as_it_was_last()
    {
        var t = await PoolTown.BuildAsync(database);
        var pool = await t.PublishAsync(Thirty);
        var families = await JoinedAsync(t, pool, 1, Money.Euro(10));
        await ChangeAsync(t, families[0], pool, Money.Euro(15));
        await ChangeAsync(t, families[0], pool, Money.Euro(12));
        await t.FreezeAsync();

        var told = Assert.Single(await new Messages(t.Town.Db, t.Town.Clock).OfAsync(t.Territory, families[0].Family.Id), m => m.Kind is MessageKind.PoolLapsed);
        Assert.Equal(Money.Euro(12), told.Amount);
        await t.ProveAsync();
    }

    [Fact]
    public async Task What_is_asked_beyond_the_dearest_case_is_not_held()
    {
        var t = await PoolTown.BuildAsync(database);
        var pool = await t.PublishAsync(Thirty);
        var families = await JoinedAsync(t, pool, 3, Money.Euro(10));
        await ChangeAsync(t, families[0], pool, Money.Euro(40));
        Assert.Equal(Money.Euro(15), (await t.SharesAsync(pool))[0].Cap);
        Assert.Equal(Money.Euro(15), (await t.Town.OnAsync(families[0].Grant.Account)).Held);
    }

    public static TheoryData<Type, Func<CapChange, CapChange>> Wrong => new()
    {
        { typeof(ShareNotFound), c => c with { Share = Id<Share>.New() } },
        { typeof(CapTooLow), c => c with { Cap = new(999) } },
        { typeof(CapUnchanged), c => c with { Cap = Money.Euro(10) } },
        { typeof(PriceChanged), c => c with { Cap = Money.Euro(14) } },
        { typeof(NotEnoughInPurse), c => c with { Cap = Money.Euro(13), Shown = AsShown.Of(new(Money.Euro(13), [], [], Money.Zero), Money.Zero, PoolTown.Freeze) } },
        { typeof(TermsChanged), c => c with { Shown = AsShown.Of(new(Money.Euro(12), [], [], Money.Zero), Money.Zero, PoolTown.Freeze) } },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task What_cannot_be_changed(Type refusal, Func<CapChange, CapChange> but)
    {
        var t = await PoolTown.BuildAsync(database);
        var pool = await t.PublishAsync(Thirty);
        var (anna, grant) = await t.FamilyAsync(Money.Euro(12));
        var share = (await t.JoinAsync(anna, pool, Money.Euro(10))).OrThrow();
        var good = await ChangeOfAsync(t, anna, share, pool, Money.Euro(12));

        Assert.IsType(refusal, Refused(await t.Pools.ChangeCapAsync(t.Territory, but(good), anna.User)));
        Assert.Equal(Money.Euro(10), (await t.Town.OnAsync(grant.Account)).Held);
        Assert.Equal(Money.Euro(10), (await t.SharesAsync(pool))[0].Cap);
        (await t.Pools.ChangeCapAsync(t.Territory, good, anna.User)).OrThrow();
        await t.ProveAsync();
    }

    [Fact]
    public async Task Nobody_else_changes_it_and_nobody_after_it_is_decided()
    {
        var t = await PoolTown.BuildAsync(database);
        var pool = await t.PublishAsync(Thirty);
        var families = await JoinedAsync(t, pool, 2, Money.Euro(15));
        var lower = await ChangeOfAsync(t, families[0].Family, families[0].Share, pool, Money.Euro(10));
        Assert.IsType<ShareNotFound>(Refused(await t.Pools.ChangeCapAsync(t.Territory, lower, families[1].Family.User)));
        Assert.IsType<PoolNotFound>(Refused(await t.Pools.PreviewCapAsync(t.Territory, t.Town.Rossi.Id, pool)));
        Assert.IsType<PoolNotFound>(Refused(await t.Pools.PreviewCapAsync(t.Territory, families[0].Family.Id, Id<Pool>.New())));

        t.Town.Clock.MoveTo(PoolTown.Freeze);
        Assert.IsType<PoolFrozen>(Refused(await t.Pools.ChangeCapAsync(t.Territory, lower, families[0].Family.User)));
        await t.FreezeAsync();
        Assert.IsType<ShareNotReady>(Refused(await t.Pools.ChangeCapAsync(t.Territory, lower, families[0].Family.User)));
        Assert.IsType<ShareNotReady>(Refused(await t.Pools.PreviewCapAsync(t.Territory, families[0].Family.Id, pool)));
        Assert.Equal([Money.Euro(15), Money.Euro(15)], (await t.SharesAsync(pool)).Select(s => s.Cap));
        await t.ProveAsync();
    }

    [Fact]
    public async Task The_same_change_16_times_at_once_is_one_and_stays_answered_after_another()
    {
        await using var pool = database.OpenPool(12);
        var t = await PoolTown.BuildAsync(database, pool);
        var shared = await t.PublishAsync(Thirty);
        var families = await JoinedAsync(t, shared, 2, Money.Euro(10));
        var (anna, share, grant) = families[0];
        var change = await ChangeOfAsync(t, anna, share, shared, Money.Euro(15));

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => t.Pools.ChangeCapAsync(t.Territory, change, anna.User))));
        Assert.All(answers, a => a.OrThrow());
        Assert.Equal(Money.Euro(15), (await t.Town.OnAsync(grant.Account)).Held);
        Assert.Single(await t.EventsAsync(shared), e => e == "CapChanged");

        // Sent again after another change, it is answered and changes nothing back.
        await ChangeAsync(t, families[0], shared, Money.Euro(12));
        (await t.Pools.ChangeCapAsync(t.Territory, change, anna.User)).OrThrow();
        Assert.Equal(Money.Euro(12), (await t.Town.OnAsync(grant.Account)).Held);
        await t.ProveAsync();
    }

    [Fact]
    public async Task Caps_that_change_while_the_freeze_comes_end_as_one_after_the_other()
    {
        await using var pool = database.OpenPool(8);
        for (var round = 0; round < 6; round++)
        {
            var t = await PoolTown.BuildAsync(database, pool);
            var shared = await t.PublishAsync(Thirty, freeze: BookingTown.Monday + Duration.FromHours(1));
            var families = await JoinedAsync(t, shared, 3, Money.Euro(15));
            var changes = new List<CapChange>();
            foreach (var (family, share, _) in families) changes.Add(await ChangeOfAsync(t, family, share, shared, Money.Euro(10)));

            Task[] all =
            [
                .. families.Zip(changes, (f, c) => Task.Run(async () => (await t.Pools.ChangeCapAsync(t.Territory, c, f.Family.User)).IsRefused(out _))),
                Task.Run(async () =>
                {
                    t.Town.Clock.Advance(Duration.FromHours(1));
                    await t.Pools.FreezeDueAsync(t.Territory);
                }),
                .. families.Take(1).Select(f => Task.Run(async () => (await t.Pools.LeaveAsync(t.Territory, f.Share, f.Family.User)).IsRefused(out _))),
            ];
            await Task.WhenAll(all);
            await t.FreezeAsync(t.Town.Clock.Now);

            // Whoever was quicker: a price for those who take part, nothing held of the others.
            foreach (var share in await t.SharesAsync(shared))
            {
                var (_, _, grant) = families.Single(f => f.Family.Id == share.HouseholdId);
                Assert.Equal(share.Price ?? Money.Zero, (await t.Town.OnAsync(grant.Account)).Held);
                Assert.True(share.Price is null || share.Price <= share.Cap);
            }

            await t.ProveAsync();
        }
    }

    private static async Task<IReadOnlyList<(BookingTown.Family Family, Id<Share> Share, BookingTown.Funded Grant)>> JoinedAsync(
        PoolTown t, Id<Pool> pool, int families, Money cap)
    {
        var all = new List<(BookingTown.Family Family, Id<Share> Share, BookingTown.Funded Grant)>();
        for (var i = 0; i < families; i++)
        {
            var (family, grant) = await t.FamilyAsync(Money.Euro(50));
            all.Add((family, (await t.JoinAsync(family, pool, cap)).OrThrow(), grant));
        }

        return all;
    }

    private static async Task<CapChange> ChangeOfAsync(PoolTown t, BookingTown.Family family, Id<Share> share, Id<Pool> pool, Money cap)
    {
        var seen = (await t.Pools.PreviewCapAsync(t.Territory, family.Id, pool, cap)).OrThrow();
        return new(Id<CapChange>.New(), share, seen.Cap, seen.Shown);
    }

    private static async Task ChangeAsync(PoolTown t, (BookingTown.Family Family, Id<Share> Share, BookingTown.Funded Grant) who, Id<Pool> pool, Money cap) =>
        (await t.Pools.ChangeCapAsync(t.Territory, await ChangeOfAsync(t, who.Family, who.Share, pool, cap), who.Family.User)).OrThrow();

    private static async Task<IReadOnlyList<Money>> HeldAsync(PoolTown t, IReadOnlyList<(BookingTown.Family Family, Id<Share> Share, BookingTown.Funded Grant)> families)
    {
        var held = new List<Money>();
        foreach (var (_, _, grant) in families) held.Add((await t.Town.OnAsync(grant.Account)).Held);
        return held;
    }
}
