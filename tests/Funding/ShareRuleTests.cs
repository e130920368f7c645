using Borsellino.Ledger;
using Borsellino.Marketplace;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;

namespace Borsellino.Tests.Funding;

/// <summary>The part of a household by its ISEE: the vectors of the rules' book, and what must hold for any rule.</summary>
public sealed class ShareRuleTests
{
    private static ShareRule Rule(ShareFormula formula, ShareUnit unit = ShareUnit.Hour, long least = 300, long most = 900, long from = 0, long to = 20_000) =>
        new(default, formula, unit, IseeIndicator.Ordinary, least, most, Money.Euro(from), Money.Euro(to), WithoutIsee.Most, new(2026, 1, 1), null);

    /// <summary>QMIN 3, QMAX 9, from 0 to 20,000 euro: euro an hour.</summary>
    [Theory]
    [InlineData(0, 300, 300)]
    [InlineData(5_000_00, 338, 450)]
    [InlineData(7_500_00, 384, 525)]
    [InlineData(10_000_00, 450, 600)]
    [InlineData(12_345_67, 529, 670)]
    [InlineData(20_000_00, 900, 900)]
    [InlineData(35_000_00, 900, 900)]
    [InlineData(null, 900, 900)]
    public void The_vectors_of_the_rules_come_out(int? cents, long quadratic, long linear)
    {
        Money? isee = cents is { } c ? new Money(c) : null;
        Assert.Equal(quadratic, Rule(ShareFormula.Quadratic).FigureOf(isee));
        Assert.Equal(linear, Rule(ShareFormula.Linear).FigureOf(isee));
    }

    /// <summary>Exempt up to a limit, then 20 % to 100 %: each limit belongs to the band below it.</summary>
    [Theory]
    [InlineData(0, 0)]
    [InlineData(7_560_96, 0)]
    [InlineData(7_560_97, 20_00)]
    [InlineData(12_000_00, 20_00)]
    [InlineData(12_000_01, 60_00)]
    [InlineData(18_000_01, 100_00)]
    [InlineData(null, 100_00)]
    public void A_table_of_bands_is_read_upwards(int? cents, long percent)
    {
        var rule = Rule(ShareFormula.Bands, ShareUnit.Price, 0, 100_00) with
        {
            Bands = [new(new(7_560_96), 0), new(new(12_000_00), 20_00), new(new(18_000_00), 60_00)],
        };
        Assert.Equal(percent, rule.FigureOf(cents is { } c ? new Money(c) : null));
    }

    [Theory]
    [InlineData(ShareUnit.Hour, 60, 25_00, 5_29)]
    [InlineData(ShareUnit.Hour, 90, 25_00, 7_94)] // 529 × 1.5 = 793.5
    [InlineData(ShareUnit.Hour, 300, 25_00, 25_00)] // never more than the price
    [InlineData(ShareUnit.Booking, 300, 25_00, 5_29)]
    [InlineData(ShareUnit.Price, 60, 25_00, 1_32)] // 5.29 % of 25.00 = 1.3225
    [InlineData(ShareUnit.Price, 60, 50_00, 2_65)] // 2.645
    public void A_figure_becomes_a_part_of_one_service(ShareUnit unit, int minutes, long price, long part) =>
        Assert.Equal(new(part), Rule(ShareFormula.Quadratic, unit).PartOf(new(12_345_67), minutes).Of(new(price)));

    /// <summary>The other payers' example: 25.00 a day, 9.00 by the family, the rest by who pays for it, to the cent.</summary>
    [Fact]
    public void What_is_left_and_the_part_make_the_price()
    {
        var own = Rule(ShareFormula.Linear, ShareUnit.Booking).PartOf(Money.Euro(30_000), 480);
        Assert.Equal(Money.Euro(9), own.Of(Money.Euro(25)));
        Assert.Equal(Money.Euro(25), Money.Euro(11) + Money.Euro(5) + own.Of(Money.Euro(25)));
    }

    /// <summary>More ISEE is never a smaller part, a dearer service never a smaller part, no part is above the price, and the formula's ends are its figures.</summary>
    [Fact]
    public void A_part_grows_with_the_isee_and_the_price()
    {
        var rules =
            from formula in Gen.Elements(ShareFormula.Linear, ShareFormula.Quadratic)
            from unit in Gen.Elements(ShareUnit.Booking, ShareUnit.Hour, ShareUnit.Price)
            from least in Gen.Choose(0, 5_000)
            from more in Gen.Choose(0, 5_000)
            from start in Gen.Choose(0, 30_000)
            from width in Gen.Choose(1, 60_000)
            select Rule(formula, unit, least, least + more, start, start + width);
        var cases =
            from rule in rules
            from isee in Gen.Choose(0, 90_000_00)
            from step in Gen.Choose(0, 9_000_00)
            from price in Gen.Choose(1, 20_000)
            from minutes in Gen.Choose(1, 600)
            select (rule, isee, step, price, minutes);
        Prop.ForAll(cases.ToArbitrary(), c =>
        {
            var (rule, isee, step, price, minutes) = c;
            Money Part(long at, long of) => rule.PartOf(new(at), minutes).Of(new(of));
            Assert.True(Part(isee, price) <= Part(isee + step, price));
            Assert.True(Part(isee, price) <= Part(isee, price + step));
            Assert.True(Part(isee, price).Cents <= price);
            Assert.InRange(rule.FigureOf(new(isee)), rule.Least, rule.Most);
            Assert.Equal(rule.Least, rule.FigureOf(rule.IseeFrom));
            Assert.Equal(rule.Most, rule.FigureOf(rule.IseeTo));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));
    }

    [Fact]
    public void A_declaration_holds_from_its_day_to_the_end_of_the_year()
    {
        HouseholdIsee first = new(default, IseeIndicator.Ordinary, Money.Euro(8_000), "DSU-1", new(2026, 2, 10), new(2026, 12, 31), Instant.MinValue);
        var second = first with { Value = Money.Euro(9_000), PresentedOn = new(2026, 9, 1) };
        var corrected = second with { Value = Money.Euro(9_500), RecordedAt = Instant.MinValue + Duration.FromDays(1) };
        var minors = first with { Indicator = IseeIndicator.Minors, Value = Money.Euro(1) };
        HouseholdIsee[] known = [corrected, first, second, minors];
        Money? On(int year, int month, int day) => HouseholdIsee.On(known, IseeIndicator.Ordinary, new(year, month, day))?.Value;
        Assert.Null(On(2026, 2, 9));
        Assert.Equal(Money.Euro(8_000), On(2026, 2, 10));
        Assert.Equal(Money.Euro(8_000), On(2026, 8, 31));
        Assert.Equal(Money.Euro(9_500), On(2026, 12, 31));
        Assert.Null(On(2027, 1, 1));
    }

    [Fact]
    public void A_rule_that_cannot_be_meant_is_refused()
    {
        Assert.IsType<ShareFiguresWrong>(Rule(ShareFormula.Linear, least: 901).Refuse());
        Assert.IsType<ShareFiguresWrong>(Rule(ShareFormula.Linear, least: -1).Refuse());
        Assert.IsType<ShareFiguresWrong>(Rule(ShareFormula.Linear, ShareUnit.Price, most: 100_01).Refuse());
        Assert.IsType<ShareLimitsReversed>(Rule(ShareFormula.Quadratic, to: 0).Refuse());
        Assert.IsType<ShareBandsWrong>(Rule(ShareFormula.Bands).Refuse());
        Assert.IsType<ShareBandsWrong>((Rule(ShareFormula.Bands) with { Bands = [new(Money.Euro(2), 300), new(Money.Euro(2), 400)] }).Refuse());
        Assert.IsType<ShareBandsWrong>((Rule(ShareFormula.Bands) with { Bands = [new(Money.Euro(2), 1_000)] }).Refuse());
        Assert.Null((Rule(ShareFormula.Bands) with { Bands = [new(Money.Euro(2), 300), new(Money.Euro(3), 400)] }).Refuse());
        Assert.Null(Rule(ShareFormula.Quadratic).Refuse());
    }
}
