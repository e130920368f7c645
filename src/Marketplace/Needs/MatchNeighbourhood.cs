using System.Runtime.InteropServices;

namespace Borsellino.Marketplace;

/// <summary>How good groups are: more served is better, then less price, then fewer metres.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct MatchWorth(int Served, long Price, long Metres)
{
    public bool IsBetterThan(MatchWorth other) =>
        Served != other.Served ? Served > other.Served : Price != other.Price ? Price < other.Price : Metres < other.Metres;

    public static MatchWorth Of(IEnumerable<MatchGroup> groups) =>
        groups.Aggregate(default(MatchWorth), (all, g) => all.And(new(g.Members.Count, g.Price, g.Metres)));

    public MatchWorth And(MatchWorth other) => new(Served + other.Served, Price + other.Price, Metres + other.Metres);
}

/// <summary>
/// The best groups among a few needs, by trying all: every set that could be a group, then the best choice of sets for every part of
/// the few that is met on the way. Rooms are not asked: whoever settles the groups does that.
/// </summary>
internal sealed class MatchNeighbourhood(MatchTable table)
{
    /// <summary>The most needs that are tried at once: the work doubles and more with each.</summary>
    public const int Max = 12;

    private readonly List<(int Mask, MatchWorth Worth)>[] groups = [.. Enumerable.Range(0, Max).Select(_ => new List<(int, MatchWorth)>())];
    private readonly (int Place, int Metres)[][] reach = [.. Enumerable.Range(0, HeadPrices.HeadsMax + 1).Select(_ => new (int, int)[table.Places.Length])];
    private readonly MatchWorth[] best = new MatchWorth[1 << Max];
    private readonly int[] chosen = new int[1 << Max];
    private readonly int[] answered = new int[1 << Max];
    private IReadOnlyList<int> few = [];
    private int question;

    /// <summary>What these needs, at most <see cref="Max"/>, are best divided into, and what that is worth.</summary>
    public MatchWorth Divide(IReadOnlyList<int> needs, List<IReadOnlyList<int>> into)
    {
        few = needs;
        for (var i = 0; i < needs.Count; i++)
        {
            groups[i].Clear();
            table.Reach[needs[i]].CopyTo(reach[0], 0);
            Grow(i, 1 << i, 1, table.Starts[needs[i]], table.Speaks[needs[i]], table.Sizes[needs[i]], table.Reach[needs[i]].Length);
        }

        var all = (1 << needs.Count) - 1;
        question++;
        var worth = BestOf(all);
        for (var mask = all; mask != 0; mask &= ~(chosen[mask] == 0 ? mask & -mask : chosen[mask]))
        {
            if (chosen[mask] != 0) into.Add([.. Members(chosen[mask]).Order()]);
        }

        return worth;
    }

    /// <summary>Notes every group that begins with the members of a mask, whose last is <paramref name="last"/>.</summary>
    private void Grow(int last, int mask, int count, in WeekTimes times, uint speaks, int sizes, int places)
    {
        if (sizes >> (count + 1) == 0 || count == HeadPrices.HeadsMax) return;
        for (var i = last + 1; i < few.Count; i++)
        {
            var need = few[i];
            if (table.KindOf[need] != table.KindOf[few[last]] || (speaks & table.Speaks[need]) == 0 || Holds(mask, table.Household[need])) continue;
            var common = times.And(table.Starts[need]);
            if (common.IsEmpty || Common(need, count, places) is not (> 0 and var left)) continue;
            var accepted = sizes & table.Sizes[need];
            if ((accepted >> (count + 1) & 1) != 0)
                groups[int.TrailingZeroCount(mask)].Add((mask | 1 << i, new(count + 1, table.PriceOf(table.KindOf[need], count + 1), Least(count, left))));
            Grow(i, mask | 1 << i, count + 1, common, speaks & table.Speaks[need], accepted, left);
        }
    }

    /// <summary>The places that the members so far and one more reach, with what they walk in all.</summary>
    private int Common(int need, int count, int places)
    {
        var left = 0;
        foreach (var (place, metres) in reach[count - 1].AsSpan(0, places))
        {
            if (table.MetresTo(need, place) is { } more) reach[count][left++] = (place, metres + more);
        }

        return left;
    }

    private int Least(int count, int places)
    {
        var least = int.MaxValue;
        foreach (var (_, metres) in reach[count].AsSpan(0, places)) least = Math.Min(least, metres);
        return least;
    }

    private bool Holds(int mask, int household)
    {
        for (; mask != 0; mask &= mask - 1)
        {
            if (table.Household[few[int.TrailingZeroCount(mask)]] == household) return true;
        }

        return false;
    }

    /// <summary>The best for the needs of a mask: its first in none, or in one of its groups and the rest as well as can be.</summary>
    private MatchWorth BestOf(int mask)
    {
        if (mask == 0) return default;
        if (answered[mask] == question) return best[mask];
        var (worth, with) = (BestOf(mask & (mask - 1)), 0);
        foreach (var (group, its) in groups[int.TrailingZeroCount(mask)])
        {
            if ((group & mask) != group) continue;
            var whole = BestOf(mask & ~group).And(its);
            if (whole.IsBetterThan(worth)) (worth, with) = (whole, group);
        }

        (best[mask], chosen[mask], answered[mask]) = (worth, with, question);
        return worth;
    }

    private IEnumerable<int> Members(int mask)
    {
        for (; mask != 0; mask &= mask - 1) yield return few[int.TrailingZeroCount(mask)];
    }
}
