using Borsellino.Ledger;

namespace Borsellino.Marketplace;

/// <summary>Somebody who would take part: what their share is weighed by, and the most they pay.</summary>
public sealed record Candidate(int Weight, Money Cap);

/// <summary>One of those who take part, by its number among the candidates, with its share.</summary>
public sealed record Committed(int Candidate, Money Price);

/// <summary>Who takes part when a pool freezes.</summary>
public static class PoolGroup
{
    /// <summary>
    /// The largest group in which nobody pays above their cap, each with its share; empty when it is smaller than the minimum. Every
    /// other group that could go together is part of this one.
    /// </summary>
    /// <remarks>
    /// Whoever pays above their cap in a group does so in all groups within it, because fewer members never pay less
    /// (<see cref="PriceSplit"/>). So those who leave here could take part in no smaller group either.
    /// </remarks>
    public static IReadOnlyList<Committed> Choose(HeadPrices prices, IReadOnlyList<Candidate> candidates)
    {
        List<int> group = [.. Enumerable.Range(0, candidates.Count)];
        while (group.Count >= prices.Min)
        {
            var shares = prices.Shares([.. group.Select(i => candidates[i].Weight)]);
            var able = group.Where((candidate, i) => shares[i] <= candidates[candidate].Cap).ToList();
            if (able.Count == group.Count) return [.. group.Zip(shares, (candidate, share) => new Committed(candidate, share))];
            group = able;
        }

        return [];
    }
}
