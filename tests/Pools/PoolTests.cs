using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;

namespace Borsellino.Tests;

/// <summary>The life of a pool, from the slot to the payment, and every way it may end. After each the books prove themselves.</summary>
public sealed class PoolTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly HeadPrices Evening = HeadPrices.Flat(3, 4, Money.Euro(32));

    [Fact]
    public async Task Three_families_of_three_funders_share_and_each_pays_its_part()
    {
        var t = await PoolTown.BuildAsync(database);
        var pool = await t.PublishAsync(Evening);
        var families = new List<(BookingTown.Family Family, BookingTown.Funded Grant)>();
        for (var i = 0; i < 3; i++) families.Add(await t.FamilyAsync(Money.Euro(50)));
        foreach (var (family, _) in families) (await t.JoinAsync(family, pool)).OrThrow();

        await t.FreezeAsync();

        Assert.Equal(PoolStatus.Confirmed, await t.StatusAsync(pool));
        Assert.Equal([1067, 1067, 1066], (await t.SharesAsync(pool)).Select(s => s.Price!.Value.Cents));
        foreach (var (share, (family, grant)) in (await t.SharesAsync(pool)).Zip(families))
        {
            Assert.Equal((Money.Euro(50), share.Price), await t.Town.OnAsync(grant.Account));
            Assert.Equal(BookingStatus.Confirmed, (await t.Town.FindAsync(share.BookingId!.Value, family)).Card.Status);
        }

        // On the day each is marked for itself: one was there, one was not, one is excused.
        t.Town.Clock.MoveTo(PoolTown.Starts + Duration.FromHours(1));
        var bookings = (await t.SharesAsync(pool)).Select(s => s.BookingId!.Value).ToList();
        (await t.Town.Bookings.DeliverAsync(t.Territory, bookings[0], t.Town.Gelso.User)).OrThrow();
        (await t.Town.Bookings.ReportNoShowAsync(t.Territory, bookings[1], t.Town.Gelso.User)).OrThrow();
        (await t.Town.Bookings.CancelByProviderAsync(t.Territory, bookings[2], t.Town.Gelso.User, "Febbre.")).OrThrow();
        await t.SweepAsync();
        Assert.Equal(PoolStatus.Delivered, await t.StatusAsync(pool));
        t.Town.Clock.Advance(Bookings.AcceptWithin);
        await t.SweepAsync();

        Assert.Equal([BookingStatus.Settled, BookingStatus.NoShow, BookingStatus.CancelledByProvider], await StatusesAsync(t, bookings));
        Assert.Equal(new Money(1067), (await t.Town.OnAsync(t.Town.Gelso.Account)).Balance);
        Assert.Equal(new Money(1067), (await new ProviderCredits(t.Town.Db).OfAsync(t.Territory, t.Town.Gelso.Id)).Open);
        Assert.Equal(["Published", "Joined", "Joined", "Joined", "QuorumMet", "Confirmed", "Delivered"], await t.EventsAsync(pool));
        await t.ProveAsync();
    }

    [Fact]
    public async Task Joining_holds_the_cap_and_the_price_falls_for_everybody()
    {
        var t = await PoolTown.BuildAsync(database);
        var pool = await t.PublishAsync(Evening);
        var (family, grant) = await t.FamilyAsync(Money.Euro(50));

        var seen = (await t.Pools.PreviewAsync(t.Territory, family.Id, pool, cap: Money.Euro(11))).OrThrow();
        Assert.Equal([(3, 1067), (4, 800)], seen.Steps.Select(s => (s.Heads, s.Share.Cents)));
        Assert.Equal((new Money(1067), new Money(1067)), (seen.Cap, seen.Now));
        (await t.JoinAsync(family, pool, Money.Euro(11))).OrThrow();

        // What can never be charged is not held: at three, nobody pays more than 10.67.
        Assert.Equal(new Money(1067), (await t.Town.OnAsync(grant.Account)).Held);
        var told = (await new PurseStatements(t.Town.Db).MonthAsync(t.Territory, family.Id, new(2026, 10))).Movements;
        Assert.Equal((MovementKind.Held, pool, (Id<Booking>?)null), (told[^1].Kind, told[^1].About!.Pool, told[^1].About!.Booking));
        await t.ProveAsync();
    }

    [Fact]
    public async Task Each_is_told_what_it_will_pay_to_the_cent()
    {
        var t = await PoolTown.BuildAsync(database);
        var pool = await t.PublishAsync(HeadPrices.Flat(3, 4, new(950)));
        var families = new List<BookingTown.Family>();
        for (var i = 0; i < 3; i++) families.Add((await t.FamilyAsync(Money.Euro(50))).Family);
        foreach (var family in families) (await t.JoinAsync(family, pool, new(317))).OrThrow();
        var cards = new PoolCards(t.Town.Db, t.Town.Clock);

        var told = new List<Money>();
        foreach (var family in families) told.Add((await cards.FindAsync(t.Territory, family.Id, pool))!.Card.ShareAt(3));
        await t.FreezeAsync();

        Assert.Equal([new(317), new(317), new(316)], told);
        Assert.Equal(told, (await t.SharesAsync(pool)).Select(s => s.Price!.Value));
    }

    [Fact]
    public async Task Caps_differ_and_whoever_would_pay_more_than_theirs_is_let_go()
    {
        var t = await PoolTown.BuildAsync(database);
        var pool = await t.PublishAsync(HeadPrices.Flat(2, 4, Money.Euro(30)));
        var (anna, _) = await t.FamilyAsync(Money.Euro(50));
        var (bruno, _) = await t.FamilyAsync(Money.Euro(50));
        var (carla, grant) = await t.FamilyAsync(Money.Euro(50));
        (await t.JoinAsync(anna, pool, Money.Euro(15))).OrThrow();
        (await t.JoinAsync(bruno, pool, Money.Euro(15))).OrThrow();
        // She comes along only for 8, which needs four.
        (await t.JoinAsync(carla, pool, Money.Euro(8))).OrThrow();
        Assert.Equal(Money.Euro(8), (await t.Town.OnAsync(grant.Account)).Held);

        await t.FreezeAsync();

        Assert.Equal([ShareStatus.Committed, ShareStatus.Committed, ShareStatus.Released], (await t.SharesAsync(pool)).Select(s => s.Status));
        Assert.Equal([Money.Euro(15), Money.Euro(15), (Money?)null], (await t.SharesAsync(pool)).Select(s => s.Price));
        Assert.Equal((Money.Euro(50), Money.Zero), await t.Town.OnAsync(grant.Account));
        await t.ProveAsync();
    }

    [Fact]
    public async Task Below_the_minimum_everything_goes_back_and_the_time_is_free_for_one()
    {
        var t = await PoolTown.BuildAsync(database);
        var pool = await t.PublishAsync(Evening);
        var (anna, first) = await t.FamilyAsync(Money.Euro(50));
        var (bruno, second) = await t.FamilyAsync(Money.Euro(50));
        (await t.JoinAsync(anna, pool)).OrThrow();
        (await t.JoinAsync(bruno, pool)).OrThrow();
        Assert.IsType<SlotIsShared>(Refused(await t.Town.BookAsync(anna, await t.SlotOfAsync(pool))));

        await t.FreezeAsync();

        Assert.Equal(PoolStatus.Lapsed, await t.StatusAsync(pool));
        Assert.Equal((Money.Euro(50), Money.Zero), await t.Town.OnAsync(first.Account));
        Assert.Equal((Money.Euro(50), Money.Zero), await t.Town.OnAsync(second.Account));
        (await t.Town.BookAsync(anna, await t.SlotOfAsync(pool))).OrThrow();
        Assert.IsType<SlotFull>(Refused(await t.Town.BookAsync(bruno, await t.SlotOfAsync(pool))));
        await t.ProveAsync();
    }

    [Fact]
    public async Task A_pool_of_four_paid_from_six_grants_gives_all_six_back_when_the_provider_cancels()
    {
        var t = await PoolTown.BuildAsync(database);
        var pool = await t.PublishAsync(HeadPrices.Flat(2, 4, Money.Euro(40)));
        var grants = new List<BookingTown.Funded>();
        for (var i = 0; i < 4; i++)
        {
            var (family, grant) = await t.FamilyAsync(Money.Euro(i < 2 ? 4 : 20));
            grants.Add(grant);
            if (i < 2) grants.Add(await t.Town.GrantAsync(family, Money.Euro(30), to: new(2027, 1, 31)));
            (await t.JoinAsync(family, pool, Money.Euro(12))).OrThrow();
        }

        await t.FreezeAsync();
        Assert.Equal(Money.Euro(40), await HeldAsync(t, grants));
        (await t.Pools.CancelAsync(t.Territory, pool, t.Town.Gelso.User, "L’educatrice è malata.")).OrThrow();
        (await t.Pools.CancelAsync(t.Territory, pool, t.Town.Gelso.User, "L’educatrice è malata.")).OrThrow();

        Assert.Equal(PoolStatus.Cancelled, await t.StatusAsync(pool));
        Assert.Equal([400, 3000, 400, 3000, 2000, 2000], await BalancesAsync(t, grants));
        Assert.Equal(Money.Zero, await HeldAsync(t, grants));
        Assert.All(await StatusesAsync(t, (await t.SharesAsync(pool)).Select(s => s.BookingId!.Value)), s => Assert.Equal(BookingStatus.CancelledByProvider, s));
        await t.ProveAsync();
    }

    [Fact]
    public async Task Leaving_before_the_freeze_costs_nothing_and_frees_the_place()
    {
        var t = await PoolTown.BuildAsync(database);
        var pool = await t.PublishAsync(HeadPrices.Flat(2, 2, Money.Euro(20)));
        var (anna, grant) = await t.FamilyAsync(Money.Euro(50));
        var (bruno, _) = await t.FamilyAsync(Money.Euro(50));
        var (carla, _) = await t.FamilyAsync(Money.Euro(50));
        var share = (await t.JoinAsync(anna, pool)).OrThrow();
        (await t.JoinAsync(bruno, pool)).OrThrow();
        Assert.IsType<PoolFull>(Refused(await t.JoinAsync(carla, pool)));

        Assert.IsType<ShareNotFound>(Refused(await t.Pools.LeaveAsync(t.Territory, share, bruno.User)));
        (await t.Pools.LeaveAsync(t.Territory, share, anna.User)).OrThrow();
        (await t.Pools.LeaveAsync(t.Territory, share, anna.User)).OrThrow();

        Assert.Equal((Money.Euro(50), Money.Zero), await t.Town.OnAsync(grant.Account));
        (await t.JoinAsync(carla, pool)).OrThrow();
        await t.FreezeAsync();
        Assert.Equal(PoolStatus.Confirmed, await t.StatusAsync(pool));
        Assert.IsType<ShareNotReady>(Refused(await t.Pools.LeaveAsync(t.Territory, (await t.SharesAsync(pool))[1].Id, bruno.User)));
        await t.ProveAsync();
    }

    [Fact]
    public async Task Who_leaves_after_the_freeze_pays_the_fee_and_those_who_stay_keep_their_price()
    {
        var t = await PoolTown.BuildAsync(database);
        var (pool, families) = await FrozenAsync(t, HeadPrices.Flat(2, 3, Money.Euro(30)), Money.Euro(4));
        var shares = await t.SharesAsync(pool);

        (await t.Town.Bookings.CancelByHouseholdAsync(t.Territory, shares[0].BookingId!.Value, families[0].Family.User, Money.Euro(4))).OrThrow();
        await t.SweepAsync();

        Assert.Equal(PoolStatus.Confirmed, await t.StatusAsync(pool));
        Assert.Equal((Money.Euro(46), Money.Zero), await t.Town.OnAsync(families[0].Grant.Account));
        Assert.Equal(Money.Euro(20), await HeldAsync(t, families.Select(f => f.Grant)));
        await t.ProveAsync();
    }

    [Fact]
    public async Task Below_quorum_somebody_takes_the_place_at_its_price()
    {
        var t = await PoolTown.BuildAsync(database);
        var (pool, families) = await FrozenAsync(t, HeadPrices.Flat(3, 3, Money.Euro(30)));
        var shares = await t.SharesAsync(pool);
        (await t.Town.Bookings.CancelByHouseholdAsync(t.Territory, shares[0].BookingId!.Value, families[0].Family.User, Money.Zero)).OrThrow();
        await t.SweepAsync();
        Assert.Equal(PoolStatus.BelowQuorum, await t.StatusAsync(pool));

        var (newcomer, grant) = await t.FamilyAsync(Money.Euro(50));
        var (late, _) = await t.FamilyAsync(Money.Euro(50));
        (await t.JoinAsync(newcomer, pool)).OrThrow();

        Assert.Equal(PoolStatus.Confirmed, await t.StatusAsync(pool));
        Assert.Equal((Money.Euro(50), Money.Euro(10)), await t.Town.OnAsync(grant.Account));
        Assert.IsType<PoolFull>(Refused(await t.JoinAsync(late, pool)));
        t.Town.Clock.Advance(PoolReplace);
        await t.SweepAsync();
        Assert.Equal(PoolStatus.Confirmed, await t.StatusAsync(pool));
        await t.ProveAsync();
    }

    [Fact]
    public async Task Below_quorum_and_nobody_comes_dissolves_and_gives_everything_back()
    {
        var t = await PoolTown.BuildAsync(database);
        var (pool, families) = await FrozenAsync(t, HeadPrices.Flat(3, 3, Money.Euro(30)), Money.Euro(4));
        (await t.Town.Bookings.CancelByHouseholdAsync(t.Territory, (await t.SharesAsync(pool))[0].BookingId!.Value, families[0].Family.User, Money.Euro(4))).OrThrow();
        await t.SweepAsync();
        t.Town.Clock.MoveTo(PoolTown.Starts - Duration.FromHours(2));
        await t.SweepAsync();

        Assert.Equal(PoolStatus.Dissolved, await t.StatusAsync(pool));
        Assert.Equal([4600, 5000, 5000], await BalancesAsync(t, families.Select(f => f.Grant)));
        Assert.Equal(Money.Zero, await HeldAsync(t, families.Select(f => f.Grant)));
        Assert.Equal(0, await t.Town.TakenAsync(await t.SlotOfAsync(pool)));
        await t.ProveAsync();
    }

    [Fact]
    public async Task Below_quorum_the_provider_may_go_on_with_those_who_stay()
    {
        var t = await PoolTown.BuildAsync(database);
        var (pool, families) = await FrozenAsync(t, HeadPrices.Flat(3, 3, Money.Euro(30)));
        (await t.Town.Bookings.CancelByHouseholdAsync(t.Territory, (await t.SharesAsync(pool))[2].BookingId!.Value, families[2].Family.User, Money.Zero)).OrThrow();
        Assert.IsType<PoolNotFound>(Refused(await t.Pools.GoOnAsync(t.Territory, pool, t.Town.Quercia.User)));
        await t.SweepAsync();
        (await t.Pools.GoOnAsync(t.Territory, pool, t.Town.Gelso.User)).OrThrow();
        await t.SweepAsync();

        Assert.Equal(PoolStatus.Confirmed, await t.StatusAsync(pool));
        Assert.Equal(Money.Euro(20), await HeldAsync(t, families.Select(f => f.Grant)));
        (await t.Town.Bookings.CancelByHouseholdAsync(t.Territory, (await t.SharesAsync(pool))[1].BookingId!.Value, families[1].Family.User, Money.Zero)).OrThrow();
        await t.SweepAsync();
        Assert.Equal(PoolStatus.BelowQuorum, await t.StatusAsync(pool));
        await t.ProveAsync();
    }

    /// <summary>Two of three are left, the deadline passed while nothing ran, and the service has begun.</summary>
    private async Task<(PoolTown T, Id<Pool> Pool, List<(BookingTown.Family Family, BookingTown.Funded Grant)> Families, List<Id<Booking>> Bookings)> BegunAsync()
    {
        var t = await PoolTown.BuildAsync(database);
        var (pool, families) = await FrozenAsync(t, HeadPrices.Flat(3, 3, Money.Euro(30)), Money.Euro(4));
        List<Id<Booking>> bookings = [.. (await t.SharesAsync(pool)).Select(s => s.BookingId!.Value)];
        (await t.Town.Bookings.CancelByHouseholdAsync(t.Territory, bookings[0], families[0].Family.User, Money.Euro(4))).OrThrow();
        await t.SweepAsync();
        t.Town.Clock.MoveTo(PoolTown.Starts + Duration.FromMinutes(5));
        return (t, pool, families, bookings);
    }

    [Fact]
    public async Task Begun_before_anybody_decided_it_stands_and_who_was_not_there_pays_nothing()
    {
        var (t, pool, families, bookings) = await BegunAsync();
        (await t.Town.Bookings.DeliverAsync(t.Territory, bookings[1], t.Town.Gelso.User)).OrThrow();
        Assert.IsType<GroupUndecided>(Refused(await t.Town.Bookings.ReportNoShowAsync(t.Territory, bookings[2], t.Town.Gelso.User)));
        await t.SweepAsync();
        Assert.Equal(PoolStatus.Confirmed, await t.StatusAsync(pool));
        Assert.Equal(Money.Euro(20), await HeldAsync(t, families.Select(f => f.Grant)));

        (await t.Town.Bookings.ReportNoShowAsync(t.Territory, bookings[2], t.Town.Gelso.User)).OrThrow();
        await t.SweepAsync();
        Assert.Equal(PoolStatus.Delivered, await t.StatusAsync(pool));
        Assert.Equal(["FellBelowQuorum", "BegunUndecided", "Delivered"], (await t.EventsAsync(pool)).TakeLast(3));
        t.Town.Clock.Advance(Bookings.AcceptWithin);
        await t.SweepAsync();
        Assert.Equal([4600, 4000, 5000], await BalancesAsync(t, families.Select(f => f.Grant)));
        Assert.Equal(Money.Zero, await HeldAsync(t, families.Select(f => f.Grant)));
        var told = (await new Messages(t.Town.Db, t.Town.Clock).OfAsync(t.Territory, families[2].Family.Id)).Select(m => m.Kind).ToList();
        Assert.Contains(MessageKind.PoolUndecided, told);
        Assert.DoesNotContain(MessageKind.PoolDissolved, told);
        await t.ProveAsync();
    }

    [Fact]
    public async Task Begun_undecided_and_never_marked_everything_goes_back_when_the_holds_end()
    {
        var (t, pool, families, _) = await BegunAsync();
        await t.SweepAsync();
        await t.SweepAsync();
        Assert.Equal(PoolStatus.Confirmed, await t.StatusAsync(pool));
        t.Town.Clock.Advance(Duration.FromDays(400));
        Assert.Empty((await t.Town.Bookings.RunOutDueAsync(t.Territory)).Stuck);
        await t.SweepAsync();
        Assert.Equal(Money.Zero, await HeldAsync(t, families.Select(f => f.Grant)));
        await t.ProveAsync();
    }

    [Fact]
    public async Task The_provider_that_goes_on_only_once_it_has_begun_earns_nothing_from_who_was_not_there()
    {
        var (t, pool, families, bookings) = await BegunAsync();
        (await t.Pools.GoOnAsync(t.Territory, pool, t.Town.Gelso.User)).OrThrow();
        (await t.Town.Bookings.ReportNoShowAsync(t.Territory, bookings[1], t.Town.Gelso.User)).OrThrow();
        (await t.Town.Bookings.ReportNoShowAsync(t.Territory, bookings[2], t.Town.Gelso.User)).OrThrow();
        await t.SweepAsync();
        Assert.Equal([4600, 5000, 5000], await BalancesAsync(t, families.Select(f => f.Grant)));
        await t.ProveAsync();
    }

    [Fact]
    public async Task Begun_with_nobody_left_it_dissolves()
    {
        var t = await PoolTown.BuildAsync(database);
        var (pool, families) = await FrozenAsync(t, HeadPrices.Flat(2, 3, Money.Euro(30)));
        foreach (var ((family, _), share) in families.Zip(await t.SharesAsync(pool)))
        {
            (await t.Town.Bookings.CancelByHouseholdAsync(t.Territory, share.BookingId!.Value, family.User, Money.Zero)).OrThrow();
            await t.SweepAsync();
        }

        t.Town.Clock.MoveTo(PoolTown.Starts + Duration.FromMinutes(5));
        await t.SweepAsync();
        Assert.Equal(PoolStatus.Dissolved, await t.StatusAsync(pool));
        Assert.Equal(0, await t.Town.TakenAsync(await t.SlotOfAsync(pool)));
        await t.ProveAsync();
    }

    [Fact]
    public async Task Who_read_that_few_are_left_reads_that_it_goes_on()
    {
        var t = await PoolTown.BuildAsync(database);
        var (pool, families) = await FrozenAsync(t, HeadPrices.Flat(3, 3, Money.Euro(30)));
        (await t.Town.Bookings.CancelByHouseholdAsync(t.Territory, (await t.SharesAsync(pool))[0].BookingId!.Value, families[0].Family.User, Money.Zero)).OrThrow();
        await t.SweepAsync();
        t.Town.Clock.Advance(Duration.FromMinutes(1));
        (await t.Pools.GoOnAsync(t.Territory, pool, t.Town.Gelso.User)).OrThrow();
        var messages = new Messages(t.Town.Db, t.Town.Clock);
        Assert.Equal(MessageKind.PoolGoesOn, (await messages.OfAsync(t.Territory, families[1].Family.Id))[0].Kind);
        Assert.DoesNotContain(await messages.OfAsync(t.Territory, families[0].Family.Id), m => m.Kind is MessageKind.PoolGoesOn);
    }

    [Fact]
    public async Task What_the_grants_do_not_reach_the_household_pays_itself()
    {
        var t = await PoolTown.BuildAsync(database);
        var pool = await t.PublishAsync(HeadPrices.Flat(2, 3, Money.Euro(30)));
        var anna = await t.Town.FamilyAsync();
        var grant = await t.Town.GrantAsync(anna, Money.Euro(12), copayment: true);
        var (bruno, _) = await t.FamilyAsync(Money.Euro(50));
        (await t.JoinAsync(anna, pool)).OrThrow();
        (await t.JoinAsync(bruno, pool)).OrThrow();
        await t.FreezeAsync();

        var card = (await t.Town.FindAsync((await t.SharesAsync(pool))[0].BookingId!.Value, anna)).Card;
        Assert.Equal((Money.Euro(15), Money.Euro(12), Money.Euro(3)), (card.Price, card.Covered, card.Copayment));
        Assert.Equal((Money.Euro(12), Money.Euro(12)), await t.Town.OnAsync(grant.Account));
        await t.ProveAsync();
    }

    [Fact]
    public async Task Shares_by_children_are_in_proportion()
    {
        var t = await PoolTown.BuildAsync(database);
        var pool = await t.PublishAsync(HeadPrices.Of(2, [Money.Euro(30), Money.Euro(33)], weightMax: 3).OrThrow(), WeighedBy.Children);
        foreach (var weight in new[] { 2, 1, 3 })
        {
            var (family, _) = await t.FamilyAsync(Money.Euro(60));
            (await t.JoinAsync(family, pool, weight: weight, cap: Money.Euro(30))).OrThrow();
        }

        await t.FreezeAsync();
        Assert.Equal([1100, 550, 1650], (await t.SharesAsync(pool)).Select(s => s.Price!.Value.Cents));
        await t.ProveAsync();
    }

    [Fact]
    public async Task Money_held_in_a_pool_counts_for_the_months_limit()
    {
        var t = await PoolTown.BuildAsync(database);
        var anna = await t.Town.FamilyAsync();
        await t.Town.GrantAsync(anna, Money.Euro(100), monthMax: Money.Euro(20));
        (await t.JoinAsync(anna, await t.PublishAsync(HeadPrices.Flat(2, 3, Money.Euro(30))))).OrThrow();
        Assert.IsType<NotEnoughInPurse>(Refused(await t.Town.BookAsync(anna, await t.Town.SlotAsync(Money.Euro(6)))));
        (await t.Town.BookAsync(anna, await t.Town.SlotAsync(Money.Euro(5)))).OrThrow();
    }

    private static readonly Duration PoolReplace = Pools.ReplaceWithin;

    /// <summary>As many families as the pool takes, frozen.</summary>
    private static async Task<(Id<Pool> Pool, List<(BookingTown.Family Family, BookingTown.Funded Grant)> Families)> FrozenAsync(PoolTown t, HeadPrices prices, Money? fee = null)
    {
        var pool = await t.PublishAsync(prices, fee: fee);
        var families = new List<(BookingTown.Family, BookingTown.Funded)>();
        for (var i = 0; i < prices.Max; i++)
        {
            families.Add(await t.FamilyAsync(Money.Euro(50)));
            (await t.JoinAsync(families[i].Item1, pool)).OrThrow();
        }

        await t.FreezeAsync();
        Assert.Equal(PoolStatus.Confirmed, await t.StatusAsync(pool));
        return (pool, families);
    }

    private static async Task<List<BookingStatus>> StatusesAsync(PoolTown t, IEnumerable<Id<Booking>> bookings)
    {
        var statuses = new List<BookingStatus>();
        foreach (var id in bookings) statuses.Add(await t.Town.StatusAsync(id));
        return statuses;
    }

    private static async Task<Money> HeldAsync(PoolTown t, IEnumerable<BookingTown.Funded> grants)
    {
        var held = Money.Zero;
        foreach (var grant in grants) held += (await t.Town.OnAsync(grant.Account)).Held;
        return held;
    }

    private static async Task<List<long>> BalancesAsync(PoolTown t, IEnumerable<BookingTown.Funded> grants)
    {
        var balances = new List<long>();
        foreach (var grant in grants) balances.Add((await t.Town.OnAsync(grant.Account)).Balance.Cents);
        return balances;
    }
}
