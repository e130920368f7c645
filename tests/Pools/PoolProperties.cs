using Borsellino.Ledger;
using Borsellino.Marketplace;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;

namespace Borsellino.Tests;

/// <summary>
/// Random lives of pools of 2 to 12 members, run against PostgreSQL, and random groups against all their parts.
/// Goal: nobody is charged above their cap, a committed price never changes, what is given back is everything, no cent appears or is lost.
/// Method: a step names a family by number, so any shorter sequence still makes sense; what must hold is asked after each step.
/// </summary>
public sealed class PoolProperties(TestDatabase database) : IClassFixture<TestDatabase>
{
    public enum Act
    {
        Join,
        Leave,
        ChangeCap,
        Wait,

        /// <summary>Nothing runs until the service has begun.</summary>
        Outage,
        CancelBooking,
        CancelPool,
        GoOn,
        Agree,
        RefuseMore,
        Deliver,
        NoShow,
        Sweep,
    }

    public sealed record Step(Act Act, int Who, int Size);

    /// <param name="Purses">For each family, the cents of its grants.</param>
    public sealed record Life(int Min, int Max, int Price, int WeightMax, int Fee, int[][] Purses, Step[] Steps);

    private static readonly Gen<Step> AnyStep =
        from act in Gen.Frequency(
            (14, Gen.Constant(Act.Join)), (2, Gen.Constant(Act.Leave)), (4, Gen.Constant(Act.ChangeCap)), (2, Gen.Constant(Act.Wait)), (1, Gen.Constant(Act.Outage)), (3, Gen.Constant(Act.CancelBooking)),
            (1, Gen.Constant(Act.CancelPool)), (1, Gen.Constant(Act.GoOn)), (8, Gen.Constant(Act.Agree)), (1, Gen.Constant(Act.RefuseMore)), (4, Gen.Constant(Act.Deliver)), (1, Gen.Constant(Act.NoShow)),
            (4, Gen.Constant(Act.Sweep)))
        from who in Gen.Choose(0, 12)
        from size in Gen.Choose(1, 40)
        select new Step(act, who, size);

    private static readonly Gen<Life> AnyLife =
        from min in Gen.Choose(2, 4)
        from more in Gen.Choose(0, 8)
        from price in Gen.Choose(500, 6000)
        from weight in Gen.Frequency((2, Gen.Constant(1)), (1, Gen.Choose(2, 4)))
        from fee in Gen.Choose(0, 400)
        from purses in Gen.ArrayOf(Gen.Choose(1, 3).SelectMany(n => Gen.ArrayOf(Gen.Choose(100, 3000), n)), min + more + 1)
        from steps in Gen.ArrayOf(AnyStep, 30)
        select new Life(min, min + more, price, weight, fee, purses, steps);

    /// <summary>All join, too many leave after the freeze, nothing runs over the start; then the provider marks while the clock catches up.</summary>
    private static readonly Gen<Life> AnyLateLife =
        from min in Gen.Choose(2, 4)
        from more in Gen.Choose(0, 2)
        from fee in Gen.Choose(0, 400)
        from left in Gen.Choose(more + 1, min + more - 1)
        from after in Gen.ArrayOf(
            from act in Gen.Elements(Act.Deliver, Act.Deliver, Act.NoShow, Act.Sweep, Act.GoOn, Act.CancelBooking)
            from who in Gen.Choose(left, min + more - 1)
            select new Step(act, who, 1), 8)
        let all = Enumerable.Range(0, min + more)
        select new Life(
            min, min + more, 3000, 1, fee, [.. all.Select(_ => new[] { 3000 })],
            [
                .. all.Select(i => new Step(Act.Join, i, 3)), new(Act.Wait, 0, 40), new(Act.Wait, 0, 10), new(Act.Sweep, 0, 1),
                .. all.Take(left).Select(i => new Step(Act.CancelBooking, i, 1)), new(Act.Sweep, 0, 1), new(Act.Outage, 0, 1), .. after,
            ]);

    [Fact]
    public Task A_pool_that_begins_while_nothing_runs_keeps_its_promises() =>
        Prop.ForAll(AnyLateLife.ToArbitrary(), LiveAsync).CheckAsync(Config.QuickThrowOnFailure.WithMaxTest(15));

    [Fact]
    public Task A_pool_keeps_its_promises() =>
        Prop.ForAll(AnyLife.ToArbitrary(), LiveAsync).CheckAsync(Config.QuickThrowOnFailure.WithMaxTest(20));

    private async Task LiveAsync(Life life)
    {
        var t = await PoolTown.BuildAsync(database);
        var families = new List<(BookingTown.Family Family, List<BookingTown.Funded> Grants, Money Money)>();
        foreach (var purse in life.Purses)
        {
            var family = await t.Town.FamilyAsync();
            var grants = new List<BookingTown.Funded>();
            foreach (var cents in purse) grants.Add(await t.Town.GrantAsync(family, new(cents), to: new(2027, 1 + grants.Count, 28)));
            families.Add((family, grants, new(purse.Sum())));
        }

        var prices = HeadPrices.Of(life.Min, [.. Enumerable.Repeat(new Money(life.Price), life.Max - life.Min + 1)], life.WeightMax).OrThrow();
        var pool = await t.PublishAsync(prices, life.WeightMax == 1 ? WeighedBy.Equal : WeighedBy.Hours, new(life.Fee));
        var committed = new Dictionary<Id<Share>, Money>();
        foreach (var step in life.Steps.Append(new(Act.Wait, 0, 40)).Append(new(Act.Sweep, 0, 1)).Append(new(Act.Wait, 0, 40)).Append(new(Act.Sweep, 0, 1)))
        {
            await DoAsync(t, pool, families[step.Who % families.Count].Family, step, life);
            await CheckAsync(t, pool, prices, families, committed);
            t.Town.Clock.Advance(Duration.FromMilliseconds(1));
        }

        await t.ProveAsync();
    }

    private static async Task DoAsync(PoolTown t, Id<Pool> pool, BookingTown.Family family, Step step, Life life)
    {
        var mine = (await t.SharesAsync(pool)).FindLast(s => s.HouseholdId == family.Id);
        switch (step.Act)
        {
            case Act.Join:
                (await t.JoinAsync(family, pool, step.Size % 3 == 0 ? null : new Money(life.Price * step.Size / 60), 1 + (step.Size % life.WeightMax))).IsRefused(out _);
                break;
            case Act.Leave when mine is not null:
                (await t.Pools.LeaveAsync(t.Territory, mine.Id, family.User)).IsRefused(out _);
                break;
            case Act.ChangeCap when mine is not null:
                if ((await t.Pools.PreviewCapAsync(t.Territory, family.Id, pool, new Money(life.Price * step.Size / 50))).IsRefused(out _, out var seen)) break;
                (await t.Pools.ChangeCapAsync(t.Territory, new(Id<CapChange>.New(), mine.Id, seen.Cap, seen.Shown), family.User)).IsRefused(out _);
                break;
            case Act.Wait:
                t.Town.Clock.Advance(Duration.FromHours(step.Size / 2));
                break;
            case Act.Outage:
                t.Town.Clock.MoveTo(Instant.Max(t.Town.Clock.Now, PoolTown.Starts + Duration.FromMinutes(5)));
                break;
            case Act.CancelBooking when mine?.BookingId is { } booking:
                (await t.Town.Bookings.CancelByHouseholdAsync(t.Territory, booking, family.User, new(life.Fee))).IsRefused(out _);
                break;
            case Act.CancelPool when step.Size % 4 == 0:
                (await t.Pools.CancelAsync(t.Territory, pool, t.Town.Gelso.User, "No.")).IsRefused(out _);
                break;
            case Act.GoOn:
                (await t.Pools.GoOnAsync(t.Territory, pool, t.Town.Gelso.User)).IsRefused(out _);
                break;
            case Act.Agree when mine is not null:
                if ((await t.Pools.PreviewRaiseAsync(t.Territory, family.Id, pool, step.Size % 2 == 0 ? null : new Money(life.Price * step.Size / 30))).IsRefused(out _, out var more)) break;
                (await t.Pools.AgreeAsync(t.Territory, new(Id<Raise>.New(), mine.Id, more.Cap, more.Shown), family.User)).IsRefused(out _);
                break;
            case Act.RefuseMore when mine is not null:
                (await t.Pools.RefuseRaiseAsync(t.Territory, Id<Raise>.New(), mine.Id, family.User)).IsRefused(out _);
                break;
            case Act.Deliver when mine?.BookingId is { } booking:
                (await t.Town.Bookings.DeliverAsync(t.Territory, booking, t.Town.Gelso.User)).IsRefused(out _);
                break;
            case Act.NoShow when mine?.BookingId is { } booking:
                (await t.Town.Bookings.ReportNoShowAsync(t.Territory, booking, t.Town.Gelso.User)).IsRefused(out _);
                break;
            case Act.Sweep:
                await t.SweepAsync();
                break;
            case Act.Leave or Act.ChangeCap or Act.Agree or Act.RefuseMore or Act.CancelBooking or Act.CancelPool or Act.Deliver or Act.NoShow:
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(step), step, null);
        }
    }

    private static async Task CheckAsync(
        PoolTown t, Id<Pool> pool, HeadPrices prices, List<(BookingTown.Family Family, List<BookingTown.Funded> Grants, Money Money)> families,
        Dictionary<Id<Share>, Money> committed)
    {
        var shares = await t.SharesAsync(pool);
        var status = await t.StatusAsync(pool);
        Assert.All(shares, s => Assert.True(s.Price is null || s.Price <= s.Cap, $"{s} is above its cap."));

        // A price that was committed stays as it was, whoever comes and goes.
        foreach (var share in shares.Where(s => s.Price is not null))
        {
            if (!committed.TryAdd(share.Id, share.Price!.Value)) Assert.Equal(committed[share.Id], share.Price);
        }

        var total = (await t.Town.OnAsync(t.Town.Gelso.Account)).Balance;
        foreach (var (family, grants, money) in families)
        {
            var (balance, held) = (Money.Zero, Money.Zero);
            foreach (var grant in grants)
            {
                var on = await t.Town.OnAsync(grant.Account);
                (balance, held) = (balance + on.Balance, held + on.Held);
            }

            var mine = shares.Where(s => s.HouseholdId == family.Id).ToList();
            var waiting = mine.Where(s => s.Status is ShareStatus.Joined).Sum(s => s.Cap);
            // A yes to more holds what it adds, up to the cap that was agreed to.
            var yes = await t.Town.Db.ListAsync<Money>(
                t.Territory,
                """
                select r.cap from marketplace.pool_raise r
                join marketplace.pool_share s on s.territory_id = @territory and s.id = r.share_id
                where r.territory_id = @territory and r.status = 'Agreed' and s.household_id = @Id
                """, new { family.Id });
            var most = Money.Max(waiting, Money.Max(mine.LastOrDefault()?.Price ?? Money.Zero, yes.FirstOrDefault()));
            Assert.True(held <= most, $"{held} are held of {family}.");
            if (waiting.IsPositive) Assert.Equal((money, waiting), (balance, held));
            if (status is PoolStatus.Lapsed or PoolStatus.Cancelled or PoolStatus.Dissolved) Assert.Equal(Money.Zero, held);
            if (status is PoolStatus.Lapsed) Assert.Equal(money, balance);
            total += balance;
        }

        Assert.Equal(families.Sum(f => f.Money), total);
        var first = shares.Where(s => s.Status is ShareStatus.Committed && shares.All(o => o.ReplacedBy != s.Id)).ToList();
        if (status is not (PoolStatus.Collecting or PoolStatus.Lapsed or PoolStatus.Cancelled)) Assert.Equal(prices[first.Count], first.Sum(s => s.Price!.Value));
    }

    private static readonly Gen<(HeadPrices Prices, Candidate[] Candidates)> AnyGroup =
        from min in Gen.Choose(2, 3)
        from price in Gen.Choose(100, 4000)
        from weight in Gen.Choose(1, 3)
        from candidates in Gen.ArrayOf(
            from w in Gen.Choose(1, weight)
            from cap in Gen.Choose(1, 2000)
            select new Candidate(w, new(cap)), 8)
        select (HeadPrices.Of(min, [.. Enumerable.Repeat(new Money(price), 9 - min)], weight).OrThrow(), candidates);

    [Theory]
    [InlineData(2, 2000)]
    [InlineData(3, 3000)]
    [InlineData(5, 6000)]
    public void One_short_of_the_minimum_never_goes_however_much_it_would_pay(int min, int price)
    {
        // All but one would pay the whole price among them; the one would not pay its part of it.
        Candidate[] candidates = [.. Enumerable.Repeat(new Candidate(1, new(price)), min - 1), new(1, new(1))];
        Assert.Empty(PoolGroup.Choose(HeadPrices.Flat(min, min + 1, new(price)), candidates));
    }

    [Fact]
    public void The_group_that_is_chosen_holds_every_group_that_could_go() =>
        Prop.ForAll(AnyGroup.ToArbitrary(), g =>
        {
            var group = PoolGroup.Choose(g.Prices, g.Candidates);
            var chosen = group.Select(c => c.Candidate).ToHashSet();
            if (group.Count > 0 && group.Count < g.Prices.Min) return false;
            if (group.Any(c => c.Price > g.Candidates[c.Candidate].Cap) || (group.Count > 0 && group.Sum(c => c.Price) != g.Prices[group.Count])) return false;
            for (var mask = 1; mask < 1 << g.Candidates.Length; mask++)
            {
                List<int> part = [.. Enumerable.Range(0, g.Candidates.Length).Where(i => (mask >> i & 1) == 1)];
                if (part.Count < g.Prices.Min) continue;
                var shares = g.Prices.Shares([.. part.Select(i => g.Candidates[i].Weight)]);
                if (part.Zip(shares).All(p => p.Second <= g.Candidates[p.First].Cap) && !part.All(chosen.Contains)) return false;
            }

            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
}
