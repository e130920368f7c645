namespace Borsellino.Marketplace;

/// <summary>What can be said of one need without a plan: whether any group could have it, and if not, what is in the way.</summary>
internal static class MatchReasons
{
    /// <summary>Whether some cell has enough who agree with it on a size and a language.</summary>
    public static bool CouldBeServed(MatchTable table, int need)
    {
        if (table.Sizes[need] == 0) return false;
        foreach (var (place, start) in table.CellsOf(need))
        {
            var here = table.At(table.KindOf[need], place, start);
            for (var size = 2; size <= table.Largest(need); size++)
            {
                if ((table.Sizes[need] >> size & 1) != 0 && SharesALanguage(table, need, here, size)) return true;
            }
        }

        return false;
    }

    /// <summary>Why no group could have a need that nothing could serve.</summary>
    public static WhyUnmatched Of(MatchTable table, int need)
    {
        if (table.KindOf[need] < 0) return WhyUnmatched.NoSupply;
        var (wanted, prices) = (table.Needs[need], table.Kinds[table.KindOf[need]].Prices);
        if (wanted.SizeMax < prices.Min || wanted.SizeMin > prices.Max) return WhyUnmatched.NoSuchSize;
        if (table.Sizes[need] == 0) return WhyUnmatched.CapTooLow;
        if (table.Reach[need].Length == 0) return WhyUnmatched.NoPlaceInReach;
        if (table.Starts[need].IsEmpty) return WhyUnmatched.TimesTooShort;
        foreach (var (place, start) in table.CellsOf(need))
        {
            if (HasAnother(table, need, table.At(table.KindOf[need], place, start))) return WhyUnmatched.NoCommonTerms;
        }

        return HasNeighbour(table, need) ? WhyUnmatched.NoCommonTime : WhyUnmatched.NobodyNear;
    }

    private static bool SharesALanguage(MatchTable table, int need, ReadOnlySpan<int> here, int size)
    {
        for (var speaks = table.Speaks[need]; speaks != 0; speaks &= speaks - 1)
        {
            var language = speaks & ~(speaks - 1);
            var households = new HashSet<int>();
            foreach (var other in here)
            {
                if ((table.Sizes[other] >> size & 1) != 0 && (table.Speaks[other] & language) != 0) households.Add(table.Household[other]);
                if (households.Count >= size) return true;
            }
        }

        return false;
    }

    private static bool HasAnother(MatchTable table, int need, ReadOnlySpan<int> here)
    {
        foreach (var other in here)
        {
            if (table.Household[other] != table.Household[need]) return true;
        }

        return false;
    }

    private static bool HasNeighbour(MatchTable table, int need)
    {
        for (var other = 0; other < table.Needs.Length; other++)
        {
            if (table.KindOf[other] != table.KindOf[need] || table.Household[other] == table.Household[need]) continue;
            foreach (var (place, _) in table.Reach[need])
            {
                if (table.MetresTo(other, place) is not null) return true;
            }
        }

        return false;
    }
}
