using Borsellino.Ledger;
using Borsellino.Marketplace;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using Npgsql;

namespace Borsellino.Tests;

/// <summary>Below quorum: those who stay may pay more, each at most what it agreed to, or everybody has everything back.</summary>
public sealed class PoolRaiseTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly HeadPrices Thirty = HeadPrices.Flat(3, 3, Money.Euro(30));

    /// <summary>Two hours before it starts: people must know where they stand.</summary>
    private static readonly Instant Deadline = PoolTown.Starts - Duration.FromHours(2);

    [Fact]
    public async Task All_who_stay_agree_and_it_goes_on_at_once_at_the_tables_price()
    {
        var s = await ShortAsync(database);
        var before = await s.BookingAsync(1);
        await s.AgreeAsync(1, Money.Euro(20));
        Assert.Equal(PoolStatus.BelowQuorum, await s.T.StatusAsync(s.Pool));
        Assert.Equal([Money.Zero, Money.Euro(20), Money.Euro(10)], await s.HeldAsync());
        await s.AgreeAsync(2);

        Assert.Equal(PoolStatus.Confirmed, await s.T.StatusAsync(s.Pool));
        Assert.Equal([Money.Zero, Money.Euro(15), Money.Euro(15)], await s.HeldAsync());
        Assert.Equal(BookingStatus.Replaced, await s.T.Town.StatusAsync(before));
        Assert.Equal(2, await s.T.Town.TakenAsync(await s.T.SlotOfAsync(s.Pool)));
        Assert.Equal(Money.Euro(15), (await s.T.Town.FindAsync(await s.BookingAsync(1), s.Families[1].Family)).Card.Price);
        await s.T.ProveAsync();

        s.T.Town.Clock.MoveTo(PoolTown.Starts + Duration.FromHours(1));
        for (var i = 1; i < 3; i++) (await s.T.Town.Bookings.DeliverAsync(s.T.Territory, await s.BookingAsync(i), s.T.Town.Gelso.User)).OrThrow();
        await s.T.SweepAsync();
        s.T.Town.Clock.Advance(Duration.FromDays(3));
        await s.T.SweepAsync();
        Assert.Equal(Money.Euro(30), (await s.T.Town.OnAsync(s.T.Town.Gelso.Account)).Balance);
        Assert.Equal(PoolStatus.Delivered, await s.T.StatusAsync(s.Pool));
        await s.T.ProveAsync();
    }

    [Fact]
    public async Task The_fee_of_who_left_need_not_be_paid_again()
    {
        var s = await ShortAsync(database, fee: Money.Euro(4));
        Assert.Equal(Money.Euro(13), (await s.T.Pools.PreviewRaiseAsync(s.T.Territory, s.Families[1].Family.Id, s.Pool)).OrThrow().Cap);
        await s.AgreeAsync(1);
        await s.AgreeAsync(2);
        Assert.Equal([Money.Zero, Money.Euro(13), Money.Euro(13)], await s.HeldAsync());
        await s.T.ProveAsync();
    }

    [Fact]
    public async Task At_the_deadline_who_agreed_to_enough_goes_on_and_who_said_nothing_has_everything_back()
    {
        var s = await ShortAsync(database);
        await s.AgreeAsync(1, Money.Euro(30));
        s.T.Town.Clock.MoveTo(Deadline);
        await s.T.SweepAsync();

        Assert.Equal(PoolStatus.Confirmed, await s.T.StatusAsync(s.Pool));
        Assert.Equal([Money.Zero, Money.Euro(30), Money.Zero], await s.HeldAsync());
        Assert.Equal([Money.Euro(50), Money.Euro(50), Money.Euro(50)], await s.BalancesAsync());
        Assert.Equal(MessageKind.PoolGoesOnWithoutYou, (await s.MessagesAsync(2))[0].Kind);
        Assert.Equal(Money.Euro(10), (await s.MessagesAsync(2))[0].Amount);
        Assert.Contains(await s.MessagesAsync(1), m => m.Kind is MessageKind.PoolShort);
        Assert.DoesNotContain(await s.MessagesAsync(1), m => m.Status is BookingStatus.Replaced);
        await s.T.ProveAsync();
    }

    [Fact]
    public async Task A_yes_that_is_not_enough_for_those_who_agreed_dissolves_it_and_everything_is_back()
    {
        var s = await ShortAsync(database);
        await s.AgreeAsync(1, Money.Euro(15));
        await s.RefuseAsync(2);
        await s.RefuseAsync(2);
        Assert.Equal([Money.Zero, Money.Euro(15), Money.Euro(10)], await s.HeldAsync());
        s.T.Town.Clock.MoveTo(Deadline);
        await s.T.SweepAsync();

        Assert.Equal(PoolStatus.Dissolved, await s.T.StatusAsync(s.Pool));
        Assert.Equal([Money.Zero, Money.Zero, Money.Zero], await s.HeldAsync());
        Assert.Equal([Money.Euro(50), Money.Euro(50), Money.Euro(50)], await s.BalancesAsync());
        Assert.Equal([MessageKind.PoolDissolved, MessageKind.PoolShort], (await s.MessagesAsync(1)).Take(2).Select(m => m.Kind));
        Assert.DoesNotContain(await s.MessagesAsync(0), m => m.Kind is MessageKind.PoolDissolved or MessageKind.PoolShort);
        await s.T.ProveAsync();
    }

    [Fact]
    public async Task An_answer_may_be_changed_until_the_deadline_and_only_the_last_one_holds_money()
    {
        var s = await ShortAsync(database);
        await s.AgreeAsync(1, Money.Euro(15));
        await s.AgreeAsync(1, Money.Euro(30));
        Assert.Equal(Money.Euro(30), (await s.HeldAsync())[1]);
        await s.RefuseAsync(1);
        Assert.Equal(Money.Euro(10), (await s.HeldAsync())[1]);
        await s.AgreeAsync(1, Money.Euro(15));
        Assert.Equal(Money.Euro(15), (await s.HeldAsync())[1]);
        await s.T.ProveAsync();
    }

    [Theory]
    [InlineData("goes on")]
    [InlineData("somebody comes")]
    [InlineData("called off")]
    [InlineData("leaves")]
    public async Task What_a_yes_held_is_free_when_it_is_not_needed(string how)
    {
        var s = await ShortAsync(database);
        await s.AgreeAsync(1, Money.Euro(30));
        switch (how)
        {
            case "goes on":
                (await s.T.Pools.GoOnAsync(s.T.Territory, s.Pool, s.T.Town.Gelso.User)).OrThrow();
                break;
            case "somebody comes":
                (await s.T.JoinAsync((await s.T.FamilyAsync(Money.Euro(50))).Family, s.Pool)).OrThrow();
                break;
            case "called off":
                (await s.T.Pools.CancelAsync(s.T.Territory, s.Pool, s.T.Town.Gelso.User, "Siamo malati.")).OrThrow();
                break;
            default:
                await s.LeaveAsync(1);
                await s.T.SweepAsync();
                break;
        }

        Assert.Equal(how is "goes on" or "somebody comes" ? Money.Euro(10) : Money.Zero, (await s.HeldAsync())[1]);
        await s.T.ProveAsync();
    }

    [Fact]
    public async Task When_what_is_paid_is_enough_nobody_is_asked_and_it_goes_on_by_itself()
    {
        // Who left pays the whole share as a fee: nothing is missing.
        var s = await ShortAsync(database, fee: Money.Euro(10));
        Assert.IsType<NothingMissing>(Refused(await s.T.Pools.PreviewRaiseAsync(s.T.Territory, s.Families[1].Family.Id, s.Pool)));
        s.T.Town.Clock.MoveTo(Deadline);
        await s.T.SweepAsync();
        Assert.Equal(PoolStatus.Confirmed, await s.T.StatusAsync(s.Pool));
        Assert.Equal([Money.Zero, Money.Euro(10), Money.Euro(10)], await s.HeldAsync());
        await s.T.ProveAsync();
    }

    [Fact]
    public async Task Places_that_those_who_stayed_paid_for_are_not_given_away_and_one_left_later_is()
    {
        var s = await ShortAsync(database);
        await s.AgreeAsync(1);
        await s.AgreeAsync(2);
        var (late, grant) = await s.T.FamilyAsync(Money.Euro(50));
        Assert.IsType<PoolFull>(Refused(await s.T.JoinAsync(late, s.Pool)));
        Assert.False((await new PoolCards(s.T.Town.Db, s.T.Town.Clock).FindAsync(s.T.Territory, late.Id, s.Pool))!.Card.HasPlace);

        await s.LeaveAsync(2);
        await s.T.SweepAsync();
        Assert.Equal(PoolStatus.BelowQuorum, await s.T.StatusAsync(s.Pool));
        (await s.T.JoinAsync(late, s.Pool)).OrThrow();
        Assert.Equal(PoolStatus.Confirmed, await s.T.StatusAsync(s.Pool));
        Assert.Equal(Money.Euro(15), (await s.T.Town.OnAsync(grant.Account)).Held);
        await s.T.ProveAsync();
    }

    [Fact]
    public async Task It_may_be_asked_again_and_fees_of_both_times_count()
    {
        var s = await ShortAsync(database, fee: Money.Euro(4));
        await s.AgreeAsync(1);
        await s.AgreeAsync(2);
        s.T.Town.Clock.Advance(Duration.FromMinutes(1));
        await s.LeaveAsync(2, Money.Euro(4));
        await s.T.SweepAsync();
        await s.AgreeAsync(1);
        Assert.Equal(PoolStatus.Confirmed, await s.T.StatusAsync(s.Pool));
        // Thirty, less twice four.
        Assert.Equal([Money.Zero, Money.Euro(22), Money.Zero], await s.HeldAsync());
        await s.T.ProveAsync();
    }

    [Fact]
    public async Task The_rules_of_the_grants_hold_for_the_whole_booking()
    {
        // Twelve for one booking at most, ten of them used: two of this grant, the rest of the other.
        var s = await ShortAsync(database, async (town, family) => await town.GrantAsync(family, Money.Euro(40), unitMax: Money.Euro(12)));
        var other = await s.T.Town.GrantAsync(s.Families[1].Family, Money.Euro(40), to: new(2027, 6, 30));
        await s.AgreeAsync(1);
        Assert.Equal((Money.Euro(12), Money.Euro(3)), ((await s.HeldAsync())[1], (await s.T.Town.OnAsync(other.Account)).Held));

        // The other family has nothing but its ten of twelve, and may not add money of its own.
        Assert.False((await s.T.Pools.PreviewRaiseAsync(s.T.Territory, s.Families[2].Family.Id, s.Pool)).OrThrow().Coverage.IsPossible);
        var poor = await s.T.Town.GrantAsync(s.Families[2].Family, Money.Euro(1), to: new(2027, 6, 30), copayment: true);
        Assert.False((await s.T.Pools.PreviewRaiseAsync(s.T.Territory, s.Families[2].Family.Id, s.Pool)).OrThrow().Coverage.IsPossible);
        Assert.Equal(Money.Zero, (await s.T.Town.OnAsync(poor.Account)).Held);
        await s.T.ProveAsync();
    }

    [Fact]
    public async Task Who_pays_a_part_itself_pays_no_more_of_it_than_it_saw()
    {
        var s = await ShortAsync(database, async (town, family) => await town.GrantAsync(family, Money.Euro(12), copayment: true));
        await s.AgreeAsync(1);
        await s.AgreeAsync(2);
        var card = (await s.T.Town.FindAsync(await s.BookingAsync(1), s.Families[1].Family)).Card;
        Assert.Equal((Money.Euro(15), Money.Euro(12), Money.Euro(3)), (card.Price, card.Covered, card.Copayment));
        await s.T.ProveAsync();
    }

    public static TheoryData<Type, Func<RaiseRequest, RaiseRequest>> Wrong => new()
    {
        { typeof(ShareNotFound), r => r with { Share = Id<Share>.New() } },
        { typeof(RaiseTooLow), r => r with { Cap = new(1499) } },
        { typeof(PriceChanged), r => r with { Cap = Money.Euro(16) } },
        { typeof(NotEnoughInPurse), r => r with { Cap = Money.Euro(25), Shown = ShownFor(Money.Euro(15)) } },
        { typeof(TermsChanged), r => r with { Shown = ShownFor(Money.Euro(5)) } },
    };

    private static AsShown ShownFor(Money more) => AsShown.Of(new(more, [], [], Money.Zero), Money.Zero, Deadline);

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task What_cannot_be_agreed_to(Type refusal, Func<RaiseRequest, RaiseRequest> but)
    {
        var s = await ShortAsync(database, async (town, family) => await town.GrantAsync(family, Money.Euro(20)));
        var good = await s.RequestAsync(1);
        Assert.IsType(refusal, Refused(await s.T.Pools.AgreeAsync(s.T.Territory, but(good), s.Families[1].Family.User)));
        Assert.Equal(Money.Euro(10), (await s.HeldAsync())[1]);
        (await s.T.Pools.AgreeAsync(s.T.Territory, good, s.Families[1].Family.User)).OrThrow();
        Assert.Equal(Money.Euro(15), (await s.HeldAsync())[1]);
        await s.T.ProveAsync();
    }

    [Fact]
    public async Task Nobody_else_answers_and_nobody_too_late()
    {
        var s = await ShortAsync(database);
        var (stranger, _) = await s.T.FamilyAsync(Money.Euro(50));
        var mine = await s.RequestAsync(1);
        Assert.IsType<ShareNotFound>(Refused(await s.T.Pools.AgreeAsync(s.T.Territory, mine, s.Families[2].Family.User)));
        Assert.IsType<ShareNotFound>(Refused(await s.T.Pools.RefuseRaiseAsync(s.T.Territory, mine.Id, mine.Share, s.Families[2].Family.User)));
        Assert.IsType<PoolNotFound>(Refused(await s.T.Pools.PreviewRaiseAsync(s.T.Territory, stranger.Id, s.Pool)));
        Assert.IsType<PoolNotFound>(Refused(await s.T.Pools.PreviewRaiseAsync(s.T.Territory, s.Families[0].Family.Id, s.Pool)));
        Assert.IsType<PoolNotFound>(Refused(await s.T.Pools.PreviewRaiseAsync(s.T.Territory, stranger.Id, Id<Pool>.New())));

        await s.AgreeAsync(2);
        var theirs = await s.RequestAsync(2, Money.Euro(30));
        (await s.T.Pools.AgreeAsync(s.T.Territory, theirs, s.Families[2].Family.User)).OrThrow();
        Assert.IsType<RaiseIdReused>(Refused(await s.T.Pools.AgreeAsync(s.T.Territory, mine with { Id = theirs.Id }, s.Families[1].Family.User)));

        s.T.Town.Clock.MoveTo(Deadline);
        Assert.IsType<RaiseTooLate>(Refused(await s.T.Pools.AgreeAsync(s.T.Territory, mine, s.Families[1].Family.User)));
        Assert.IsType<RaiseTooLate>(Refused(await s.T.Pools.RefuseRaiseAsync(s.T.Territory, mine.Id, mine.Share, s.Families[1].Family.User)));
        await s.T.SweepAsync();
        Assert.IsType<PoolNotReady>(Refused(await s.T.Pools.AgreeAsync(s.T.Territory, mine, s.Families[1].Family.User)));
        Assert.IsType<PoolNotReady>(Refused(await s.T.Pools.PreviewRaiseAsync(s.T.Territory, s.Families[2].Family.Id, s.Pool)));
        Assert.Equal([Money.Zero, Money.Zero, Money.Euro(30)], await s.HeldAsync());
        await s.T.ProveAsync();
    }

    [Fact]
    public async Task Money_that_ends_before_the_service_adds_nothing()
    {
        var s = await ShortAsync(database, async (town, family) => await town.GrantAsync(family, Money.Euro(10)));
        await s.T.Town.GrantAsync(s.Families[1].Family, Money.Euro(40), to: new(2026, 10, 6), settlementDays: 0);
        Assert.False((await s.T.Pools.PreviewRaiseAsync(s.T.Territory, s.Families[1].Family.Id, s.Pool)).OrThrow().Coverage.IsPossible);
    }

    [Theory]
    [InlineData("update marketplace.pool set status = 'Dissolved', replace_by = null where territory_id = {0} and status = 'BelowQuorum'", "pool_leaves_no_answer")]
    [InlineData("update marketplace.pool set raised_at = now(), raised_heads = 1, raised_price = 3000 where territory_id = {0} and status = 'BelowQuorum'", "pool_raise_foots")]
    [InlineData("update marketplace.pool set raised_heads = 1 where territory_id = {0} and status = 'BelowQuorum'", "pool_raised")]
    [InlineData("update marketplace.pool_raise set cap = cap + 1 where territory_id = {0}", "raise_fixed")]
    [InlineData("update marketplace.pool_raise set status = 'Refused', cap = null, hold_id = null where territory_id = {0}", "raise_fixed")]
    [InlineData("insert into marketplace.pool_raise select (r).* from (select jsonb_populate_record(r, jsonb_build_object('id', gen_random_uuid(), 'cap', 1100)) r from marketplace.pool_raise r where territory_id = {0}) x", "raise_within_cap")]
    [InlineData("insert into marketplace.pool_raise select (r).* from (select jsonb_populate_record(r, jsonb_build_object('id', gen_random_uuid())) r from marketplace.pool_raise r where territory_id = {0}) x", "pool_raise_one_answer")]
    [InlineData("insert into marketplace.pool_share select (s).* from (select jsonb_populate_record(s, jsonb_build_object('id', gen_random_uuid(), 'place', 9, 'cap', 3000, 'status', 'Joined', 'price', null, 'booking_id', null, 'replaced_by', null, 'hold_id', r.hold_id, 'raise_id', r.id)) s from marketplace.pool_share s join marketplace.pool_raise r on r.share_id = s.id where s.territory_id = {0}) x", "share_of_its_raise")]
    public async Task The_tables_refuse_by_themselves(string sql, string constraint)
    {
        var s = await ShortAsync(database);
        await s.AgreeAsync(1);
        var refused = await Assert.ThrowsAsync<PostgresException>(
            () => database.AsOwnerAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, sql, s.T.Territory)));
        Assert.Equal(constraint, refused.ConstraintName);
    }

    [Fact]
    public async Task Yeses_noes_a_newcomer_one_who_leaves_and_the_deadline_at_once_end_as_one_after_the_other()
    {
        await using var pool = database.OpenPool(12);
        var ends = new HashSet<PoolStatus>();
        for (var round = 0; round < 10; round++)
        {
            var s = await ShortAsync(database, pool: pool);
            var (newcomer, fresh) = await s.T.FamilyAsync(Money.Euro(50));
            var (yes, alone) = (await s.RequestAsync(1), await s.RequestAsync(2, Money.Euro(30)));
            if (round % 2 == 1) s.T.Town.Clock.MoveTo(Deadline - Duration.FromMilliseconds(1));
            Task[] all =
            [
                .. Enumerable.Range(0, 3).Select(i => Task.Run(async () => (await s.T.Pools.AgreeAsync(s.T.Territory, yes, s.Families[1].Family.User)).IsRefused(out _))),
                Task.Run(async () => (await s.T.Pools.AgreeAsync(s.T.Territory, alone, s.Families[2].Family.User)).IsRefused(out _)),
                Task.Run(async () => (await s.T.Pools.RefuseRaiseAsync(s.T.Territory, Id<Raise>.New(), yes.Share, s.Families[1].Family.User)).IsRefused(out _)),
                Task.Run(async () => (await s.T.Town.Bookings.CancelByHouseholdAsync(
                    s.T.Territory, Id<Booking>.From("share", yes.Share), s.Families[1].Family.User, Money.Zero)).IsRefused(out _)),
                Task.Run(async () =>
                {
                    if (round % 2 == 1) s.T.Town.Clock.MoveTo(Deadline);
                    await s.T.SweepAsync();
                }),
                Task.Run(async () =>
                {
                    if (round % 3 == 0) (await s.T.JoinAsync(newcomer, s.Pool)).IsRefused(out _);
                }),
            ];
            await Task.WhenAll(all);
            s.T.Town.Clock.MoveTo(Deadline);
            await s.T.SweepAsync();

            var status = await s.T.StatusAsync(s.Pool);
            ends.Add(status);
            Assert.True(status is PoolStatus.Confirmed or PoolStatus.Dissolved or PoolStatus.BelowQuorum, $"{status}");
            var shares = await s.T.SharesAsync(s.Pool);
            foreach (var (family, grant) in s.Families.Append((newcomer, fresh)))
            {
                // Whoever is in pays its price, within its cap; nobody else has anything held.
                var mine = shares.FindLast(x => x.HouseholdId == family.Id);
                Assert.True(mine?.Price is null || mine.Price <= mine.Cap);
                if (status is PoolStatus.BelowQuorum) continue;
                Assert.Equal(mine is { IsGone: false } ? mine.Price!.Value : Money.Zero, (await s.T.Town.OnAsync(grant.Account)).Held);
            }

            await s.T.ProveAsync();
        }

        Assert.Contains(PoolStatus.Confirmed, ends);
    }

    [Fact]
    public void Who_goes_on_pays_no_more_than_agreed_and_nobody_who_could_is_left_out() =>
        Prop.ForAll(AnyShortfall.ToArbitrary(), shortfall =>
        {
            var chosen = shortfall.Choose();
            var today = shortfall.Members.Sum(m => m.Price);
            if (chosen.Any(r => r.Price > r.Who.Agreed)) return false;
            if (chosen.Count > 0 && chosen.Sum(r => r.Price) != Money.Max(shortfall.Price - shortfall.Fees, chosen.Sum(r => r.Who.Price))) return false;
            if (shortfall.Missing != Money.Max(shortfall.Price - shortfall.Fees, today) - today) return false;
            if (shortfall.Members.Any(m => shortfall.StepsOf(m).Zip(shortfall.StepsOf(m).Skip(1)).Any(s => s.First.Share > s.Second.Share))) return false;

            // Every group that agreed to enough is part of the chosen one.
            for (var mask = 1; mask < 1 << shortfall.Members.Count; mask++)
            {
                List<Staying> part = [.. shortfall.Members.Where((_, i) => (mask >> i & 1) == 1)];
                var price = Money.Max(shortfall.Price - shortfall.Fees, part.Sum(m => m.Price));
                if (part.Zip(PriceSplit.Of(price, [.. part.Select(m => m.Weight)])).All(p => p.Second <= p.First.Agreed)
                    && !part.All(m => chosen.Any(r => r.Who == m))) return false;
            }

            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    /// <summary>A pool of some families at a price, of which some have left, each for a fee up to its share.</summary>
    private static readonly Gen<Shortfall> AnyShortfall =
        from price in Gen.Choose(100, 6000)
        from weights in Gen.ArrayOf(Gen.Choose(1, 3), 6)
        from left in Gen.Choose(1, 5)
        from fee in Gen.Choose(0, 400)
        from caps in Gen.ArrayOf(Gen.Choose(0, 6000), 6)
        let shares = PriceSplit.Of(new(price), weights)
        let fees = shares.Take(left).Sum(s => Money.Min(s, new(fee)))
        select new Shortfall(
            new(price), fees,
            [.. Enumerable.Range(left, 6 - left).Select(i => new Staying(
                Id<Share>.New(), Id<Household>.New(), Id<Booking>.New(), weights[i], shares[i], Id<Raise>.New(), caps[i] > shares[i].Cents ? new Money(caps[i]) : null))]);

    /// <summary>A pool of three at thirty, of which the first has left: ten are missing.</summary>
    internal static async Task<ShortPool> ShortAsync(
        TestDatabase database, Func<BookingTown, BookingTown.Family, Task<BookingTown.Funded>>? grant = null, Money? fee = null, Database? pool = null)
    {
        var t = await PoolTown.BuildAsync(database, pool);
        var shared = await t.PublishAsync(Thirty, fee: fee);
        var families = new List<(BookingTown.Family, BookingTown.Funded)>();
        for (var i = 0; i < 3; i++)
        {
            var family = await t.Town.FamilyAsync();
            families.Add((family, await (grant is null ? t.Town.GrantAsync(family, Money.Euro(50)) : grant(t.Town, family))));
            (await t.JoinAsync(family, shared)).OrThrow();
        }

        await t.FreezeAsync();
        var s = new ShortPool(t, shared, families);
        t.Town.Clock.Advance(Duration.FromMinutes(1));
        await s.LeaveAsync(0, fee);
        t.Town.Clock.Advance(Duration.FromMinutes(1));
        await t.SweepAsync();
        Assert.Equal(PoolStatus.BelowQuorum, await t.StatusAsync(shared));
        t.Town.Clock.Advance(Duration.FromMinutes(1));
        return s;
    }

    /// <summary>A pool below quorum with those who were committed, by number.</summary>
    internal sealed record ShortPool(PoolTown T, Id<Pool> Pool, IReadOnlyList<(BookingTown.Family Family, BookingTown.Funded Grant)> Families)
    {
        public async Task<Id<Booking>> BookingAsync(int who) =>
            (await T.SharesAsync(Pool)).Last(s => s.HouseholdId == Families[who].Family.Id).BookingId!.Value;

        public async Task<RaiseRequest> RequestAsync(int who, Money? cap = null)
        {
            var seen = (await T.Pools.PreviewRaiseAsync(T.Territory, Families[who].Family.Id, Pool, cap)).OrThrow();
            return new(Id<Raise>.New(), seen.Share, seen.Cap, seen.Shown);
        }

        public async Task AgreeAsync(int who, Money? cap = null) =>
            (await T.Pools.AgreeAsync(T.Territory, await RequestAsync(who, cap), Families[who].Family.User)).OrThrow();

        public async Task RefuseAsync(int who) => (await T.Pools.RefuseRaiseAsync(
            T.Territory, Id<Raise>.New(), (await T.SharesAsync(Pool)).Last(s => s.HouseholdId == Families[who].Family.Id).Id, Families[who].Family.User)).OrThrow();

        public async Task LeaveAsync(int who, Money? fee = null) =>
            (await T.Town.Bookings.CancelByHouseholdAsync(T.Territory, await BookingAsync(who), Families[who].Family.User, fee ?? Money.Zero)).OrThrow();

        public async Task<IReadOnlyList<Money>> HeldAsync() => await EachAsync(async g => (await T.Town.OnAsync(g.Account)).Held);

        public async Task<IReadOnlyList<Money>> BalancesAsync() => await EachAsync(async g => (await T.Town.OnAsync(g.Account)).Balance);

        public Task<List<Message>> MessagesAsync(int who) => new Messages(T.Town.Db, T.Town.Clock).OfAsync(T.Territory, Families[who].Family.Id);

        private async Task<IReadOnlyList<Money>> EachAsync(Func<BookingTown.Funded, Task<Money>> what)
        {
            var all = new List<Money>();
            foreach (var (_, grant) in Families) all.Add(await what(grant));
            return all;
        }
    }
}
