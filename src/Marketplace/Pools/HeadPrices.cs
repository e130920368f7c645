using Borsellino.Ledger;

namespace Borsellino.Marketplace;

/// <summary>What the provider asks for a shared slot, by the number of members; or the same for every number.</summary>
/// <remarks>Nobody's share rises when somebody joins: see <see cref="PriceSplit"/>. A table under which it could is refused by <see cref="Of"/>.</remarks>
public sealed class HeadPrices
{
    /// <summary>The most members of a pool.</summary>
    public const int HeadsMax = 12;

    /// <summary>The most hours, children or whatever else shares are weighed by, of one member.</summary>
    public const int WeightMax = 12;

    private readonly IReadOnlyList<Money> prices;

    private HeadPrices(int min, IReadOnlyList<Money> prices, int weightMax) => (Min, this.prices, Heaviest) = (min, prices, weightMax);

    /// <summary>The fewest members for which the service is given.</summary>
    public int Min { get; }

    public int Max => Min + prices.Count - 1;

    /// <summary>The most that one member may weigh; 1 where all shares are equal.</summary>
    public int Heaviest { get; }

    /// <summary>The prices of the slot from the fewest members to the most, in cents.</summary>
    public IReadOnlyList<Money> All => prices;

    /// <summary>The price of the slot for so many members; for fewer than the minimum, what it costs at the minimum.</summary>
    public Money this[int heads] => prices[Math.Max(heads, Min) - Min];

    /// <summary>
    /// A table from <paramref name="min"/> members on. Refused where the price for a unit of weight could rise with a newcomer: in the
    /// worst case all others weigh <paramref name="weightMax"/> and the newcomer one. Throws for sizes outside 2 to 12, weights outside
    /// 1 to 12 and prices that leave a member less than a cent.
    /// </summary>
    public static Result<HeadPrices> Of(int min, IReadOnlyList<Money> prices, int weightMax = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(min, 2);
        ArgumentOutOfRangeException.ThrowIfZero(prices.Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(min + prices.Count - 1, HeadsMax);
        ArgumentOutOfRangeException.ThrowIfLessThan(weightMax, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(weightMax, WeightMax);
        for (var i = 0; i < prices.Count; i++)
        {
            if (prices[i].Cents < (min + i) * weightMax) throw new ArgumentOutOfRangeException(nameof(prices), prices[i], "Every share is a cent or more.");
            if (i == 0) continue;
            var most = MostAfter(prices[i - 1], min + i - 1, weightMax);
            if (prices[i] > most) return new PriceWouldRise(min + i, prices[i], most);
        }

        return new HeadPrices(min, [.. prices], weightMax);
    }

    /// <summary>One price for the slot, however many share it.</summary>
    public static HeadPrices Flat(int min, int max, Money price) => Of(min, [.. Enumerable.Repeat(price, max - min + 1)]).OrThrow();

    /// <summary>The highest price for one member more under which nobody's share can rise.</summary>
    public static Money MostAfter(Money price, int heads, int weightMax) =>
        new(price.Cents * ((heads * weightMax) + 1) / (heads * weightMax));

    /// <summary>What members of these weights would pay together, each its share, in their order.</summary>
    public Money[] Shares(IReadOnlyList<int> weights) => PriceSplit.Of(this[weights.Count], weights);

    /// <summary>
    /// What one member pays when <paramref name="heads"/> take part, at most: the others it knows are weighed as they are, those still to
    /// come weigh one. <paramref name="before"/> is how many of the others joined before it, all where it is null: the last cents go by that.
    /// </summary>
    public Money ShareAt(int heads, int weight, IReadOnlyList<int> others, int? before = null)
    {
        var known = others.Take(heads - 1).ToList();
        var at = Math.Min(before ?? known.Count, known.Count);
        return Shares([.. known.Take(at), weight, .. known.Skip(at), .. Enumerable.Repeat(1, heads - 1 - known.Count)])[at];
    }

    /// <summary>The least that one member could pay if all goes well: the pool is full, and those still to come weigh as much as they may.</summary>
    public Money LeastFor(int weight, IReadOnlyList<int> others)
    {
        var known = others.Take(Max - 1).ToList();
        return Shares([.. known, weight, .. Enumerable.Repeat(Heaviest, Max - 1 - known.Count)])[known.Count];
    }
}
