using Borsellino.Ledger;
using Borsellino.Marketplace;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;

namespace Borsellino.Tests;

/// <summary>
/// Random lives of groups that meet every week, run against PostgreSQL: who takes part in all dates or in one, dates left out, caps
/// changed, bookings and dates called off, the end of it, and time.
/// Goal: of each family is held what its places cost and not a cent more, nobody pays above a cap, the shares of a date are its price,
/// nobody leaves out more than the rule, no date has more than its places, and what does not take place gives back everything.
/// Method: a step names a family and a date by number, so any shorter sequence still makes sense; what must hold is asked after each.
/// </summary>
public sealed class SeriesProperties(TestDatabase database) : IClassFixture<TestDatabase>
{
    public enum Act
    {
        JoinAll,
        LeaveAll,
        Skip,
        JoinOne,
        LeaveOne,
        ChangeCap,
        CancelBooking,
        CancelDate,
        GoOn,
        End,
        Money,
        Wait,
        Sweep,
    }

    public sealed record Step(Act Act, int Who, int Date, int Size);

    /// <param name="Purses">For each family, the cents it begins with.</param>
    public sealed record Life(int Min, int Max, int Price, int Fee, int Weeks, int Skips, int[] Purses, Step[] Steps);

    private static readonly Gen<Step> AnyStep =
        from act in Gen.Frequency(
            (10, Gen.Constant(Act.JoinAll)), (2, Gen.Constant(Act.LeaveAll)), (6, Gen.Constant(Act.Skip)), (6, Gen.Constant(Act.JoinOne)),
            (2, Gen.Constant(Act.LeaveOne)), (3, Gen.Constant(Act.ChangeCap)), (3, Gen.Constant(Act.CancelBooking)), (1, Gen.Constant(Act.CancelDate)),
            (1, Gen.Constant(Act.GoOn)), (1, Gen.Constant(Act.End)), (2, Gen.Constant(Act.Money)), (4, Gen.Constant(Act.Wait)), (6, Gen.Constant(Act.Sweep)))
        from who in Gen.Choose(0, 6)
        from date in Gen.Choose(0, 4)
        from size in Gen.Choose(1, 40)
        select new Step(act, who, date, size);

    private static readonly Gen<Life> AnyLife =
        from min in Gen.Choose(2, 3)
        from more in Gen.Choose(0, 2)
        from price in Gen.Choose(500, 4000)
        from fee in Gen.Choose(0, 300)
        from weeks in Gen.Choose(1, 4)
        from skips in Gen.Choose(0, 2)
        from purses in Gen.ArrayOf(Gen.Choose(200, 9000), min + more + 2)
        from steps in Gen.ArrayOf(AnyStep, 40)
        select new Life(min, min + more, price, fee, weeks, skips, purses, steps);

    [Fact]
    public Task A_weekly_group_keeps_its_promises() =>
        Prop.ForAll(AnyLife.ToArbitrary(), LiveAsync).CheckAsync(Config.QuickThrowOnFailure.WithMaxTest(Effort.Times(12, 300)));

    private async Task LiveAsync(Life life)
    {
        var w = await World.BuildAsync(database, life);
        foreach (var step in life.Steps)
        {
            await w.DoAsync(step);
            await w.CheckAsync();
            w.Town.Town.Clock.Advance(Duration.FromMilliseconds(1));
        }

        // The provider goes on no more and calls off what is decided: then nobody has paid but for having left too late.
        (await w.Pools.EndSeriesAsync(w.Town.Territory, w.Series, w.Town.Town.Gelso.User, "Basta.")).OrThrow();
        foreach (var date in w.Dates) (await w.Pools.CancelAsync(w.Town.Territory, date, w.Town.Town.Gelso.User, "Basta.")).IsRefused(out _);
        await w.Town.SweepAsync();
        await w.CheckAsync();
        Assert.All(await w.ShareAsync(), s => Assert.NotEqual(ShareStatus.Joined, s.Status));
        foreach (var family in w.Families) Assert.Equal((family.Money - await w.FeesAsync(family), Money.Zero), await w.OnAsync(family));
        await w.Town.ProveAsync();
    }

    private sealed class Home(BookingTown.Family family, List<Id<Account>> accounts, Money money)
    {
        public BookingTown.Family Family => family;
        public List<Id<Account>> Accounts => accounts;
        public Money Money { get; set; } = money;
    }

    private sealed class World(PoolTown town, Life life, Id<PoolSeries> series)
    {
        private readonly Dictionary<Id<Share>, Money> committed = [];

        public PoolTown Town => town;
        public Pools Pools => town.Pools;
        public Id<PoolSeries> Series => series;
        public List<Home> Families { get; } = [];
        public IReadOnlyList<Id<Pool>> Dates { get; private set; } = [];

        public static async Task<World> BuildAsync(TestDatabase database, Life life)
        {
            var t = await PoolTown.BuildAsync(database);
            var slot = await t.Town.SlotAsync(Money.Euro(18), PoolTown.Starts, cancelFee: new Money(life.Fee));
            var first = new NewPool(Id<Pool>.New(), slot, WeighedBy.Equal, HeadPrices.Flat(life.Min, life.Max, new(life.Price)), PoolTown.Freeze);
            var series = (await t.Pools.PublishSeriesAsync(
                t.Territory, new(Id<PoolSeries>.New(), first, new LocalDate(2026, 10, 7).PlusWeeks(life.Weeks), life.Skips), t.Town.Gelso.User)).OrThrow();
            var world = new World(t, life, series);
            foreach (var cents in life.Purses)
            {
                var home = new Home(await t.Town.FamilyAsync(), [], Money.Zero);
                world.Families.Add(home);
                await world.FundAsync(home, new(cents));
            }

            world.Dates = [.. (await new SeriesCards(t.Town.Db).FindAsync(t.Territory, series, null))!.Dates.Select(d => d.Pool)];
            return world;
        }

        public async Task DoAsync(Step step)
        {
            var home = Families[step.Who % Families.Count];
            var (user, date) = (home.Family.User, Dates[step.Date % Dates.Count]);
            var cap = new Money(life.Price * step.Size / 40);
            var member = (await new SeriesCards(town.Town.Db).FindAsync(town.Territory, series, home.Family.Id))!.Mine?.Id ?? Id<SeriesMember>.New();
            var mine = (await town.SharesAsync(date)).FindLast(s => s.HouseholdId == home.Family.Id);
            // Whether it applies is not asked here: a refusal changes nothing, and what must hold is asked afterwards.
            switch (step.Act)
            {
                case Act.JoinAll:
                    (await Pools.JoinSeriesAsync(town.Territory, new(Id<SeriesMember>.New(), series, home.Family.Adult, 1, cap), user)).IsRefused(out _);
                    break;
                case Act.LeaveAll:
                    (await Pools.LeaveSeriesAsync(town.Territory, member, user)).IsRefused(out _);
                    break;
                case Act.Skip:
                    (await Pools.SkipAsync(town.Territory, member, date, user)).IsRefused(out _);
                    break;
                case Act.JoinOne:
                    (await town.JoinAsync(home.Family, date, cap)).IsRefused(out _);
                    break;
                case Act.LeaveOne:
                    (await Pools.LeaveAsync(town.Territory, mine?.Id ?? Id<Share>.New(), user)).IsRefused(out _);
                    break;
                case Act.ChangeCap:
                    if ((await Pools.PreviewCapAsync(town.Territory, home.Family.Id, date, cap)).IsRefused(out _, out var seen)) break;
                    (await Pools.ChangeCapAsync(town.Territory, new(Id<CapChange>.New(), seen.Mine.Id, seen.Cap, seen.Shown), user)).IsRefused(out _);
                    break;
                case Act.CancelBooking:
                    (await town.Town.Bookings.CancelByHouseholdAsync(town.Territory, mine?.BookingId ?? Id<Booking>.New(), user, new(life.Fee))).IsRefused(out _);
                    break;
                case Act.CancelDate:
                    (await Pools.CancelAsync(town.Territory, date, town.Town.Gelso.User, "No.")).IsRefused(out _);
                    break;
                case Act.GoOn:
                    (await Pools.GoOnAsync(town.Territory, date, town.Town.Gelso.User)).IsRefused(out _);
                    break;
                case Act.End when step.Size % 4 == 0:
                    (await Pools.EndSeriesAsync(town.Territory, series, town.Town.Gelso.User, "Basta.")).OrThrow();
                    break;
                case Act.End:
                    break;
                case Act.Money:
                    await FundAsync(home, new(step.Size * 50));
                    break;
                case Act.Wait:
                    town.Town.Clock.Advance(Duration.FromHours(step.Size * 3));
                    break;
                case Act.Sweep:
                    await Pools.TakeInDueAsync(town.Territory);
                    await town.SweepAsync();
                    break;
                default:
                    throw new ArgumentOutOfRangeException(nameof(step), step.Act, null);
            }
        }

        public async Task CheckAsync()
        {
            var shares = await ShareAsync();
            Assert.All(shares, s => Assert.True(s.Price is null || s.Price <= s.Cap, $"{s} is above its cap."));
            foreach (var share in shares.Where(s => s.Price is not null))
            {
                if (!committed.TryAdd(share.Id, share.Price!.Value)) Assert.Equal(committed[share.Id], share.Price);
            }

            foreach (var (i, date) in Dates.Index())
            {
                var here = shares.Where(s => s.PoolId == date).ToList();
                Assert.InRange(here.Count(s => s.Status is ShareStatus.Joined || (s.Status is ShareStatus.Committed && !s.IsGone)), 0, life.Max);
                var first = here.Where(s => s.Status is ShareStatus.Committed && here.All(o => o.ReplacedBy != s.Id)).ToList();
                if (first.Count > 0) Assert.Equal(life.Price, first.Sum(s => s.Price!.Value).Cents);
                if (await town.StatusAsync(date) is PoolStatus.Lapsed) Assert.True(first.Count == 0, $"date {i} lapsed and somebody pays");
            }

            var total = (await town.Town.OnAsync(town.Town.Gelso.Account)).Balance;
            foreach (var home in Families)
            {
                var (balance, held) = await OnAsync(home);
                var mine = shares.Where(s => s.HouseholdId == home.Family.Id).ToList();
                Assert.Equal(
                    mine.Where(s => s.Status is ShareStatus.Joined).Sum(s => s.Cap) + mine.Where(s => s.Status is ShareStatus.Committed && !s.IsGone).Sum(s => s.Price!.Value), held);
                Assert.Equal(home.Money - await FeesAsync(home), balance);
                total += balance;
            }

            Assert.Equal(Families.Sum(f => f.Money), total);
            Assert.Empty(await town.Town.Db.ListAsync<string>(
                town.Territory,
                """
                select 'left out too often: ' || t.member_id from marketplace.series_turn t
                where t.territory_id = @territory and t.outcome = 'Skipped' group by t.member_id having count(*) > @Skips
                union all
                select 'too many take part' from marketplace.series_member m
                where m.territory_id = @territory and m.left_at is null having count(*) > @Max
                union all
                select 'left the group and waits by it: ' || m.id from marketplace.series_member m
                join marketplace.series_turn t on t.territory_id = @territory and t.member_id = m.id and t.outcome = 'Joined'
                join marketplace.pool_share s on s.territory_id = @territory and s.id = t.share_id and s.status = 'Joined'
                join marketplace.pool p on p.territory_id = @territory and p.id = s.pool_id
                where m.territory_id = @territory and m.left_at < p.freeze_at
                union all
                select 'left the date out and is in it by the group: ' || t.member_id from marketplace.series_turn t
                join marketplace.pool_share s on s.territory_id = @territory and s.id = t.share_id and s.status in ('Joined', 'Committed')
                where t.territory_id = @territory and t.outcome <> 'Joined'
                """, new { life.Skips, life.Max }));
        }

        public async Task<List<Share>> ShareAsync() => await town.Town.Db.ListAsync<Share>(town.Territory, Share.Select);

        /// <summary>What the family paid for having left too late: nothing else was paid for.</summary>
        public async Task<Money> FeesAsync(Home home) => new((await town.Town.Db.ListAsync<long>(
            town.Territory, "select coalesce(sum(settled), 0)::bigint from marketplace.booking where territory_id = @territory and household_id = @Id",
            new { home.Family.Id }))[0]);

        public async Task<(Money Balance, Money Held)> OnAsync(Home home)
        {
            var (balance, held) = (Money.Zero, Money.Zero);
            foreach (var account in home.Accounts)
            {
                var on = await town.Town.OnAsync(account);
                (balance, held) = (balance + on.Balance, held + on.Held);
            }

            return (balance, held);
        }

        private async Task FundAsync(Home home, Money money)
        {
            var grant = await town.Town.GrantAsync(home.Family, money, to: new(2027, 1 + (home.Accounts.Count % 12), 28));
            home.Accounts.Add(grant.Account);
            home.Money += money;
        }
    }
}
