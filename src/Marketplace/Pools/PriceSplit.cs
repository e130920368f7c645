using System.Diagnostics;
using Borsellino.Ledger;

namespace Borsellino.Marketplace;

/// <summary>
/// How a price is divided among members by weight, to the cent: each cent goes to whoever pays least for a unit of their weight once
/// they have it, the earlier member where two are alike. The shares add up to the price.
/// </summary>
/// <remarks>
/// A newcomer raises nobody's share as long as the price for a unit of weight does not rise: P′ / W′ ≤ P / W, where the newcomer of
/// weight w makes W′ = W + w. Proof, in three steps.
/// (1) The cents form a queue that does not depend on how many there are, so of a lower price everybody takes the same cents or fewer.
/// (2) A newcomer takes a place in that queue and changes nobody else's order: the others share P′ − a cents, the first of their own
/// queue, where a is the newcomer's share. By (1) nobody pays more if P′ − a ≤ P.
/// (3) The newcomer takes at least its quota rounded down, a ≥ ⌊P′w / W′⌋. If it had less, a + 1 ≤ P′w / W′, and then some other member
/// of weight v would have more than P′v / W′ and had taken its last cent when the newcomer's next one was cheaper. And since P ≥ P′W / W′,
/// the rise P′ − P is at most P′w / W′; it is a whole number, so it is at most a. ∎
/// Nothing in it needs the newcomer to be the last, so it also says that a member who leaves lowers nobody's share.
/// </remarks>
public static class PriceSplit
{
    /// <summary>The share of each weight, in their order, in cents. Throws for no weights, weights below one and a negative price.</summary>
    public static Money[] Of(Money price, IReadOnlyList<int> weights)
    {
        ArgumentOutOfRangeException.ThrowIfZero(weights.Count);
        ArgumentOutOfRangeException.ThrowIfNegative(price.Cents);
        if (weights.Any(w => w < 1)) throw new ArgumentOutOfRangeException(nameof(weights), "A weight is one or more.");

        // Everybody gets the quota rounded down anyway (step 3): only the few cents that are left have to queue.
        var whole = weights.Sum(w => (long)w);
        var shares = weights.Select(w => price.Cents * w / whole).ToArray();
        for (var left = price.Cents - shares.Sum(); left > 0; left--) shares[Next(shares, weights)]++;
        Debug.Assert(shares.Sum() == price.Cents, "Shares add up to the price.");
        return [.. shares.Select(s => new Money(s))];
    }

    /// <summary>Who pays least for a unit of weight with one cent more. Compared by multiplying across: nothing is rounded.</summary>
    private static int Next(long[] shares, IReadOnlyList<int> weights)
    {
        var next = 0;
        for (var i = 1; i < shares.Length; i++)
        {
            if ((shares[i] + 1) * weights[next] < (shares[next] + 1) * weights[i]) next = i;
        }

        return next;
    }
}
