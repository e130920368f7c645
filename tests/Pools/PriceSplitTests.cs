using Borsellino.Ledger;
using Borsellino.Marketplace;
using FsCheck;
using FsCheck.Fluent;

namespace Borsellino.Tests;

/// <summary>
/// Goal: shares add up to the price and joining never raises anybody's share, rounding included, for all tables that can be published.
/// Method: tables that rise as steeply as they may, where rounding hurts first; the same property finds the fault of a split that rounds as
/// one would at first.
/// </summary>
public sealed class PriceSplitTests
{
    /// <param name="Falls">For each further member, how many cents the price stays below the steepest one.</param>
    public sealed record Table(int Min, int WeightMax, int First, int[] Falls, int[] Weights);

    private static readonly Gen<Table> AnyTable =
        from min in Gen.Choose(2, 5)
        from weightMax in Gen.Frequency((1, Gen.Constant(1)), (2, Gen.Choose(2, 4)), (1, Gen.Choose(5, HeadPrices.WeightMax)))
        from first in Gen.Frequency((2, Gen.Choose(80, 200)), (2, Gen.Choose(200, 10_000)))
        from count in Gen.Choose(1, HeadPrices.HeadsMax - min)
        from falls in Gen.ArrayOf(Gen.Frequency((4, Gen.Constant(0)), (1, Gen.Choose(0, 5)), (1, Gen.Choose(0, 40))), count)
        from weights in Gen.ArrayOf(Gen.Choose(1, weightMax), min + count)
        select new Table(min, weightMax, first, falls, weights);

    private static HeadPrices Prices(Table table)
    {
        var prices = new List<Money> { new(table.First) };
        foreach (var fall in table.Falls)
        {
            var most = HeadPrices.MostAfter(prices[^1], table.Min + prices.Count - 1, table.WeightMax);
            prices.Add(new(Math.Max((table.Min + prices.Count) * table.WeightMax, most.Cents - fall)));
        }

        // A price that is lifted to a cent a share may rise too fast again: the first one is then too low for the table.
        return HeadPrices.Of(table.Min, prices, table.WeightMax).IsRefused(out _, out var of) ? HeadPrices.Flat(table.Min, table.Min + table.Falls.Length, new(5000)) : of;
    }

    private static bool Holds(Table table, Func<Money, IReadOnlyList<int>, Money[]> split)
    {
        var prices = Prices(table);
        Money[]? before = null;
        for (var heads = prices.Min; heads <= prices.Max; heads++)
        {
            int[] weights = [.. table.Weights.Take(heads)];
            var shares = split(prices[heads], weights);
            if (shares.Sum() != prices[heads] || shares.Any(s => !s.IsPositive)) return false;
            if (before is not null && before.Where((share, i) => shares[i] > share).Any()) return false;
            before = shares;
        }

        return true;
    }

    [Fact]
    public void Shares_add_up_and_nobody_pays_more_when_somebody_joins() =>
        Prop.ForAll(AnyTable.ToArbitrary(), table => Holds(table, PriceSplit.Of)).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));

    [Fact]
    public void The_property_sees_the_split_that_one_would_write_at_first() =>
        Assert.False(AnyTable.Sample(3000).All(table => Holds(table, ByLargestRemainder)));

    [Fact]
    public void A_member_who_leaves_lowers_nobodys_share() =>
        Prop.ForAll(AnyTable.ToArbitrary(), table =>
        {
            var prices = Prices(table);
            for (var heads = prices.Max; heads > prices.Min; heads--)
            {
                int[] weights = [.. table.Weights.Take(heads)];
                var all = prices.Shares(weights);
                for (var gone = 0; gone < heads; gone++)
                {
                    var rest = prices.Shares([.. weights.Where((_, i) => i != gone)]);
                    if (rest.Zip(all.Where((_, i) => i != gone)).Any(s => s.First < s.Second)) return false;
                }
            }

            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Theory]
    [InlineData(3200, "1 1 1", "1067 1067 1066")]
    [InlineData(3200, "1 1 1 1", "800 800 800 800")]
    [InlineData(1000, "1 2", "333 667")]
    [InlineData(100, "3 1 1", "60 20 20")]
    [InlineData(101, "3 1 1", "61 20 20")]
    [InlineData(2, "1 1 1", "1 1 0")]
    public void Cents_go_to_whoever_pays_least_for_their_weight(long price, string weights, string shares) =>
        Assert.Equal(shares, string.Join(' ', PriceSplit.Of(new(price), [.. weights.Split(' ').Select(int.Parse)]).Select(s => s.Cents)));

    [Fact]
    public void A_table_under_which_a_share_could_rise_is_refused()
    {
        // Two pay 10.00 each; for three, 30.00 keeps it so and a cent more does not.
        Assert.False(HeadPrices.Of(2, [Money.Euro(20), Money.Euro(30)]).IsRefused(out _));
        HeadPrices.Of(2, [Money.Euro(20), new(3001)]).IsRefused(out var refusal, out _);
        Assert.Equal(new PriceWouldRise(3, new(3001), Money.Euro(30)), refusal);

        // Where two weigh three each, a third who weighs one may add a sixth at most.
        Assert.False(HeadPrices.Of(2, [Money.Euro(18), Money.Euro(21)], weightMax: 3).IsRefused(out _));
        Assert.True(HeadPrices.Of(2, [Money.Euro(18), new(2101)], weightMax: 3).IsRefused(out _));
        Assert.True(PriceSplit.Of(new(2107), [3, 3, 1])[0] > PriceSplit.Of(Money.Euro(18), [3, 3])[0]);
    }

    [Fact]
    public void What_cannot_be_a_table_is_a_mistake()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => HeadPrices.Of(1, [Money.Euro(20)]));
        Assert.Throws<ArgumentOutOfRangeException>(() => HeadPrices.Of(2, []));
        Assert.Throws<ArgumentOutOfRangeException>(() => HeadPrices.Flat(2, 13, Money.Euro(20)));
        Assert.Throws<ArgumentOutOfRangeException>(() => HeadPrices.Of(2, [new(3)], weightMax: 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => PriceSplit.Of(Money.Euro(1), [1, 0]));
    }

    /// <summary>Everybody the quota rounded down, the cents left to the largest remainders: fair, and it can raise a share.</summary>
    private static Money[] ByLargestRemainder(Money price, IReadOnlyList<int> weights)
    {
        var whole = weights.Sum();
        var shares = weights.Select(w => price.Cents * w / whole).ToArray();
        var order = Enumerable.Range(0, shares.Length).OrderByDescending(i => price.Cents * weights[i] % whole).ThenBy(i => i);
        foreach (var i in order.Take((int)(price.Cents - shares.Sum()))) shares[i]++;
        return [.. shares.Select(s => new Money(s))];
    }
}
