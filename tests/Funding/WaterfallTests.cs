using Borsellino.Ledger;
using Borsellino.Marketplace;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;

namespace Borsellino.Tests.Funding;

/// <summary>Which grants pay for a purchase: a table of cases, and what must hold for any purse.</summary>
public sealed class WaterfallTests
{
    private static readonly LocalDate Day = new(2026, 5, 10);
    private static readonly Purchase Thirty = new("care", Day, Money.Euro(30), 60, default, null);

    private static PurseGrant Grant(
        int id, long euro, LocalDate? until = null, CopaymentRule copayment = CopaymentRule.Allowed, long? unit = null, long? month = null,
        long used = 0, GrantStatus status = GrantStatus.Active, LocalDate? from = null, bool whole = false, params string[] classes) => new(
            new(new Guid(id, 0, 0, new byte[8])), new(new Guid(id, 0, 0, new byte[8])), default, "", "", "", status, from ?? new(2026, 1, 1), until ?? new(2026, 12, 31),
            copayment, unit is { } u ? Money.Euro(u) : null, month is { } m ? Money.Euro(m) : null, Money.Euro(euro),
            Money.Zero, Instant.MaxValue, whole, (classes.Length == 0 ? ["care"] : classes).ToHashSet(StringComparer.Ordinal))
        {
            Uses = [new(Guid.Empty, Guid.Empty, "care", Day, Money.Euro(used), 60)],
        };

    private static string Draws(Purchase purchase, params PurseGrant[] grants)
    {
        var coverage = Waterfall.Choose(grants, purchase);
        var lines = string.Join(" ", coverage.Lines.Select(l => $"{Number(l.Grant)}:{l.Amount.Cents / 100}"));
        return $"{lines} +{coverage.Copayment.Cents / 100}".Trim();
    }

    private static int Number(PurseGrant grant) => BitConverter.ToInt32(grant.Id.Value.ToByteArray());

    [Fact]
    public void Twenty_and_twenty_for_thirty_draw_twenty_and_ten() =>
        Assert.Equal("1:20 2:10 +0", Draws(Thirty, Grant(2, 20), Grant(1, 20)));

    [Fact]
    public void Soonest_end_first_then_fewest_classes_then_the_smallest()
    {
        Assert.Equal("2:30 +0", Draws(Thirty, Grant(1, 50), Grant(2, 50, until: new(2026, 6, 30))));
        Assert.Equal("2:30 +0", Draws(Thirty, Grant(1, 50, classes: ["care", "school"]), Grant(2, 50)));
        Assert.Equal("2:20 1:10 +0", Draws(Thirty, Grant(1, 50), Grant(2, 20)));
    }

    [Fact]
    public void Limits_of_a_booking_and_of_a_month_hold()
    {
        Assert.Equal("1:10 +20", Draws(Thirty, Grant(1, 50, unit: 10)));
        Assert.Equal("1:5 +25", Draws(Thirty, Grant(1, 50, month: 40, used: 35)));
        Assert.Equal("+30", Draws(Thirty, Grant(1, 50, month: 40, used: 40)));
    }

    [Fact]
    public void Money_that_allows_no_copayment_pays_all_or_nothing()
    {
        Assert.Equal("1:30 +0", Draws(Thirty, Grant(1, 50, copayment: CopaymentRule.Forbidden)));
        Assert.Equal("+30", Draws(Thirty, Grant(1, 20, copayment: CopaymentRule.Forbidden)));
        Assert.Equal("2:5 +25", Draws(Thirty, Grant(1, 20, copayment: CopaymentRule.Forbidden), Grant(2, 5)));
        Assert.Equal("2:15 1:15 +0", Draws(Thirty, Grant(1, 20, copayment: CopaymentRule.Forbidden), Grant(2, 15)));
    }

    /// <summary>A company's title: for one whole price, beside no other money and without the household's.</summary>
    [Fact]
    public void A_whole_price_title_pays_alone_or_not_at_all()
    {
        Assert.Equal("1:30 +0", Draws(Thirty, Grant(1, 50, whole: true)));
        Assert.Equal("+30", Draws(Thirty, Grant(1, 29, whole: true)));
        Assert.Equal("+30", Draws(Thirty, Grant(1, 50, unit: 20, whole: true)));
        Assert.Equal("2:10 +20", Draws(Thirty, Grant(1, 20, whole: true), Grant(2, 10)));
        Assert.Equal("+30", Draws(Thirty, Grant(1, 20, whole: true), Grant(2, 20, whole: true)));
        Assert.Equal(WhyNot.WholePriceOnly, Waterfall.Choose([Grant(1, 20, whole: true)], Thirty).NotPaying.Single().Reason);
    }

    [Fact]
    public void A_whole_price_title_pays_when_its_turn_is_first_or_the_others_do_not_reach()
    {
        Assert.Equal("1:30 +0", Draws(Thirty, Grant(1, 50, until: new(2026, 6, 30), whole: true), Grant(2, 50)));
        Assert.Equal("2:30 +0", Draws(Thirty, Grant(1, 50, whole: true), Grant(2, 50, until: new(2026, 6, 30))));
        Assert.Equal("1:30 +0", Draws(Thirty, Grant(1, 50, whole: true), Grant(2, 20, until: new(2026, 6, 30))));
    }

    [Theory]
    [InlineData(GrantStatus.Suspended, WhyNot.NotActive)]
    [InlineData(GrantStatus.Expired, WhyNot.NotActive)]
    public void A_grant_that_is_not_active_says_so(GrantStatus status, WhyNot why) =>
        Assert.Equal(why, Waterfall.Choose([Grant(1, 50, status: status)], Thirty).NotPaying.Single().Reason);

    [Fact]
    public void Every_other_grant_says_why_it_does_not_pay()
    {
        var coverage = Waterfall.Choose(
            [
                Grant(1, 50, classes: ["school"]), Grant(2, 50, from: new(2026, 6, 1)), Grant(3, 50, until: new(2026, 5, 9)), Grant(4, 0),
                Grant(5, 50, month: 10, used: 10), Grant(6, 50, until: Day), Grant(7, 50),
            ], Thirty);
        Assert.Equal(6, Number(coverage.Lines.Single().Grant));
        Assert.Equal(
            [(1, WhyNot.OtherServices), (2, WhyNot.NotYetValid), (3, WhyNot.EndsBefore), (4, WhyNot.Empty), (5, WhyNot.MonthLimitReached), (7, WhyNot.NotNeeded)],
            coverage.NotPaying.Select(n => (Number(n.Grant), n.Reason)).OrderBy(n => n.Item1));
    }

    [Fact]
    public void A_price_of_nothing_is_a_mistake() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Waterfall.Choose([], Thirty with { Price = Money.Zero }));

    private static readonly Gen<PurseGrant> AnyGrant =
        from id in Gen.Choose(1, 1_000_000)
        from euro in Gen.Choose(0, 60)
        from ends in Gen.Choose(-5, 40)
        from begins in Gen.Choose(-40, 5)
        from copayment in Gen.Elements(CopaymentRule.Allowed, CopaymentRule.Forbidden)
        from unit in Gen.Elements<long?>(null, 5, 20)
        from month in Gen.Elements<long?>(null, 10, 40)
        from used in Gen.Choose(0, 45)
        from status in Gen.Elements(GrantStatus.Active, GrantStatus.Active, GrantStatus.Active, GrantStatus.Suspended)
        from classes in Gen.Elements<string[]>(["care"], ["care", "school"], ["school"])
        from whole in Gen.Elements(false, false, true)
        select Grant(id, euro, Day.PlusDays(Math.Max(ends, begins)), copayment, unit, month, used, status, Day.PlusDays(begins), whole, classes);

    /// <summary>
    /// For any purse and any price: lines and copayment make exactly the price, nobody pays against a rule or above a
    /// limit, money that wants no copayment is never beside one, and the order of the grants handed in changes nothing.
    /// </summary>
    [Fact]
    public void Whatever_the_purse_the_rules_hold()
    {
        var cases = from grants in Gen.ArrayOf(AnyGrant) from euro in Gen.Choose(1, 90) select (grants.DistinctBy(g => g.Id).ToArray(), euro);
        Prop.ForAll(cases.ToArbitrary(), c => Holds(c.Item1, Thirty with { Price = Money.Euro(c.euro) }))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
    }

    private static void Holds(PurseGrant[] grants, Purchase purchase)
    {
        var coverage = Waterfall.Choose(grants, purchase);
        Assert.Equal(purchase.Price, coverage.Covered + coverage.Copayment);
        Assert.True(coverage.Copayment >= Money.Zero);
        Assert.True(coverage.Covered <= coverage.Payable);
        foreach (var line in coverage.Lines)
        {
            var (grant, amount) = (line.Grant, line.Amount);
            Assert.True(amount.IsPositive && amount <= grant.Available);
            Assert.True(grant.UnitMax is not { } unit || amount <= unit);
            Assert.True(grant.MonthMax is not { } month || grant.MonthUsed(Day) + amount <= month);
            Assert.Equal(GrantStatus.Active, grant.Status);
            Assert.Contains("care", grant.Classes);
            Assert.InRange(purchase.On, grant.ValidFrom, grant.ValidTo);
            Assert.True(coverage.Copayment.IsZero || grant.Copayment is CopaymentRule.Allowed);
            Assert.True(!grant.WholePrice || amount == purchase.Price);
        }

        Assert.Equal(grants.Length, coverage.Lines.Count + coverage.NotPaying.Count);
        Assert.Equal(coverage.Lines.Select(l => l.Grant.ValidTo).Order(), coverage.Lines.Select(l => l.Grant.ValidTo));
        Assert.Equal(coverage.Copayment, Waterfall.ReachOf(grants, purchase.ClassCode, purchase.On).LeftOf(purchase.Price));
        var turned = Waterfall.Choose([.. grants.Reverse()], purchase);
        Assert.Equal(coverage.Lines.Select(l => (l.Grant.Id, l.Amount)), turned.Lines.Select(l => (l.Grant.Id, l.Amount)));
        Assert.Equal(coverage.Payable, turned.Payable);
    }
}
