using System.Numerics;

namespace Borsellino.Marketplace;

/// <summary>Which needs of one kind could ever be in one group, as rows of bits: needs go by their place in the list they came in.</summary>
internal sealed class MatchNeighbours
{
    private readonly int words;
    private readonly ulong[][] rows;

    /// <param name="needs">Ascending, all of the kind.</param>
    public MatchNeighbours(MatchTable table, int kind, int[] needs)
    {
        words = (needs.Length + 63) / 64;
        rows = [.. needs.Select(_ => new ulong[words])];
        var place = new int[table.Needs.Length];
        Array.Fill(place, -1);
        for (var i = 0; i < needs.Length; i++) place[needs[i]] = i;

        for (var where = 0; where < table.Places.Length; where++)
        {
            ReadOnlySpan<int> before = [];
            for (var start = 0; start < WeekTimes.HalfHours; start++)
            {
                var here = table.At(kind, where, start);
                // The half hours of one window mostly have the same who could: nothing new is learnt from them.
                if (!here.SequenceEqual(before)) Meet(table, here, place);
                before = here;
            }
        }

        foreach (var same in needs.Select((n, i) => (Household: table.Household[n], At: i)).GroupBy(n => n.Household).Where(g => g.Skip(1).Any()))
        {
            foreach (var one in same)
            {
                foreach (var other in same) rows[one.At][other.At >> 6] &= ~(1UL << (other.At & 63));
            }
        }

        for (var i = 0; i < rows.Length; i++) rows[i][i >> 6] &= ~(1UL << (i & 63));
    }

    public IEnumerable<int> Of(int need)
    {
        for (var word = 0; word < words; word++)
        {
            for (var bits = rows[need][word]; bits != 0; bits &= bits - 1) yield return (word << 6) + BitOperations.TrailingZeroCount(bits);
        }
    }

    /// <summary>
    /// Who has a partner when as many as can be are given a neighbour as their partner, nobody being anybody's twice; one may be
    /// the partner of its own partner, or of somebody else.
    /// </summary>
    public bool[] Partnered()
    {
        var (partner, ofWhom) = (new int[rows.Length], new int[rows.Length]);
        Array.Fill(partner, -1);
        Array.Fill(ofWhom, -1);
        for (var need = 0; need < rows.Length; need++) Find(need, partner, ofWhom);
        return [.. partner.Select(p => p >= 0)];
    }

    /// <summary>Finds a partner for one more, those before it changing theirs where that helps; breadth first, so that a long chain needs no stack.</summary>
    private void Find(int need, int[] partner, int[] ofWhom)
    {
        var (fresh, askedBy) = (new ulong[words], new int[rows.Length]);
        Array.Fill(fresh, ulong.MaxValue);
        var queue = new Queue<int>([need]);
        while (queue.TryDequeue(out var who))
        {
            for (var word = 0; word < words; word++)
            {
                for (var bits = rows[who][word] & fresh[word]; bits != 0; bits &= bits - 1)
                {
                    var other = (word << 6) + BitOperations.TrailingZeroCount(bits);
                    fresh[word] &= ~(1UL << (other & 63));
                    askedBy[other] = who;
                    if (ofWhom[other] >= 0)
                    {
                        queue.Enqueue(ofWhom[other]);
                        continue;
                    }

                    for (var free = other; free >= 0;)
                    {
                        var asks = askedBy[free];
                        (var left, partner[asks], ofWhom[free]) = (partner[asks], free, asks);
                        free = asks == need ? -1 : left;
                    }

                    return;
                }
            }
        }
    }

    /// <summary>Makes neighbours of those in a cell who agree on a size and a language with enough households for it.</summary>
    private void Meet(MatchTable table, ReadOnlySpan<int> here, int[] place)
    {
        var (sizes, speaks) = (0, 0u);
        foreach (var need in here) (sizes, speaks) = (sizes | table.Sizes[need], speaks | table.Speaks[need]);
        for (; speaks != 0; speaks &= speaks - 1)
        {
            for (var left = sizes; left != 0; left &= left - 1) Meet(table, here, place, left & -left, speaks & ~(speaks - 1));
        }
    }

    private void Meet(MatchTable table, ReadOnlySpan<int> here, int[] place, int size, uint language)
    {
        var (who, households, all) = (new List<int>(), new HashSet<int>(), new ulong[words]);
        foreach (var need in here)
        {
            if ((table.Sizes[need] & size) == 0 || (table.Speaks[need] & language) == 0 || place[need] < 0) continue;
            who.Add(place[need]);
            households.Add(table.Household[need]);
            all[place[need] >> 6] |= 1UL << (place[need] & 63);
        }

        if (households.Count < BitOperations.TrailingZeroCount(size)) return;
        foreach (var one in who)
        {
            for (var word = 0; word < words; word++) rows[one][word] |= all[word];
        }
    }
}
