using System.Numerics;

namespace Borsellino.Marketplace;

/// <summary>
/// The question of a plan as numbers: each need by its place in the order of ids, with all that can be said of it alone. A cell is a
/// meeting place and a half hour of the week; those who look for the same and could be there are its candidates.
/// </summary>
internal sealed class MatchTable
{
    public readonly Need[] Needs;
    public readonly MeetingPlace[] Places;

    /// <summary>The same service for as long, or -1 where nobody gives it.</summary>
    public readonly int[] KindOf;
    public readonly MatchTerms[] Kinds;

    /// <summary>Bit n: a group of n suits its wishes, the price table and its cap.</summary>
    public readonly int[] Sizes;
    public readonly uint[] Speaks;

    /// <summary>The same number for needs of the same household.</summary>
    public readonly int[] Household;
    public readonly WeekTimes[] Starts;

    /// <summary>The places in reach that it has not refused, nearest first.</summary>
    public readonly (int Place, int Metres)[][] Reach;

    /// <summary>Metres from need to place; -1 where that is too far for it.</summary>
    private readonly int[] metresTo;

    /// <summary>Of every kind where each cell begins, and the candidates of all cells, one cell after the other.</summary>
    private readonly (int[] Firsts, int[] Candidates)[] cellsOf;

    public MatchTable(IReadOnlyList<Need> needs, IReadOnlyList<MeetingPlace> places, IReadOnlyList<MatchTerms> terms)
    {
        Needs = [.. needs.OrderBy(n => n.Id.Value)];
        Places = [.. places.OrderBy(p => p.Id.Value)];
        Kinds = [.. terms.OrderBy(t => t.ClassCode, StringComparer.Ordinal).ThenBy(t => t.Minutes)];
        var kinds = Kinds.Select((t, i) => ((t.ClassCode, t.Minutes), i)).ToDictionary(t => t.Item1, t => t.i);
        var languages = needs.SelectMany(n => n.Languages).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select((l, i) => (l, i)).ToDictionary();
        if (languages.Count > 32) throw new ArgumentException("A plan knows 32 languages at most.", nameof(needs));
        KindOf = [.. Needs.Select(n => kinds.TryGetValue((n.ClassCode, n.Minutes), out var kind) ? kind : -1)];
        Sizes = [.. Needs.Select((n, i) => KindOf[i] < 0 ? 0 : SizesOf(n, Kinds[KindOf[i]].Prices))];
        Speaks = [.. Needs.Select(n => n.Languages.Aggregate(0u, (all, l) => all | 1u << languages[l]))];
        var households = Needs.Select(n => n.HouseholdId).Distinct().Select((h, i) => (h, i)).ToDictionary();
        Household = [.. Needs.Select(n => households[n.HouseholdId])];
        Starts = [.. Needs.Select(n => WeekTimes.StartsIn(n.Windows, n.Minutes))];
        Reach = [.. Needs.Select(n => Places.Select((p, i) => (Place: i, Metres: n.Home.MetresTo(p.At)))
            .Where(p => p.Metres <= n.ReachMetres && !n.NotAt.Contains(Places[p.Place].Id)).OrderBy(p => p.Metres).ThenBy(p => p.Place).ToArray())];
        metresTo = new int[Needs.Length * Places.Length];
        Array.Fill(metresTo, -1);
        for (var need = 0; need < Needs.Length; need++)
        {
            foreach (var (place, metres) in Reach[need]) metresTo[need * Places.Length + place] = metres;
        }

        cellsOf = [.. Enumerable.Range(0, Kinds.Length).Select(Fill)];
    }

    public int Cells => Places.Length * WeekTimes.HalfHours;

    /// <summary>Whoever could be there, in the order of ids.</summary>
    public ReadOnlySpan<int> At(int kind, int place, int start)
    {
        var cell = place * WeekTimes.HalfHours + start;
        var (firsts, candidates) = cellsOf[kind];
        return candidates.AsSpan(firsts[cell]..firsts[cell + 1]);
    }

    /// <summary>How far a place is from somebody's home; null where that is too far for them.</summary>
    public int? MetresTo(int need, int place) => metresTo[need * Places.Length + place] is var metres and >= 0 ? metres : null;

    /// <summary>What a group of this size pays in all.</summary>
    public long PriceOf(int kind, int size) => Kinds[kind].Prices[size].Cents;

    /// <summary>Where and when a need could be, from its nearest place on.</summary>
    public IEnumerable<(int Place, int Start)> CellsOf(int need)
    {
        foreach (var (place, _) in Reach[need])
        {
            for (var start = Starts[need].Next(0); start >= 0; start = Starts[need].Next(start + 1)) yield return (place, start);
        }
    }

    /// <summary>Who could be where a need could be at the same time, as they are met from its nearest place on.</summary>
    public IEnumerable<int> NeighboursOf(int need)
    {
        var seen = new HashSet<int> { need };
        foreach (var (place, start) in CellsOf(need))
        {
            var here = cellsOf[KindOf[need]];
            var cell = place * WeekTimes.HalfHours + start;
            for (var i = here.Firsts[cell]; i < here.Firsts[cell + 1]; i++)
            {
                if (seen.Add(here.Candidates[i])) yield return here.Candidates[i];
            }
        }
    }

    /// <summary>Whether these may be one group wherever and whenever they meet: size, price, a language, each household once.</summary>
    public bool Agree(IReadOnlyList<int> group)
    {
        if (group.Count is < 2 or > HeadPrices.HeadsMax) return false;
        var (sizes, speaks) = (int.MaxValue, uint.MaxValue);
        for (var i = 0; i < group.Count; i++)
        {
            sizes &= Sizes[group[i]];
            speaks &= Speaks[group[i]];
            for (var j = 0; j < i; j++)
            {
                if (Household[group[i]] == Household[group[j]]) return false;
            }
        }

        return (sizes >> group.Count & 1) != 0 && speaks != 0;
    }

    /// <summary>In how many cells it could be: whoever has few is hard to serve.</summary>
    public int Freedom(int need)
    {
        var (starts, count) = (Starts[need], 0);
        for (var start = starts.Next(0); start >= 0; start = starts.Next(start + 1)) count++;
        return count * Reach[need].Length;
    }

    private static int SizesOf(Need need, HeadPrices prices)
    {
        var sizes = 0;
        for (var n = Math.Max(need.SizeMin, prices.Min); n <= Math.Min(need.SizeMax, prices.Max); n++)
        {
            // The cents that do not divide go to whoever came first, so each must be able to bear one of them.
            if ((prices[n].Cents + n - 1) / n <= need.Cap.Cents) sizes |= 1 << n;
        }

        return sizes;
    }

    private (int[] Firsts, int[] Candidates) Fill(int kind)
    {
        var counts = new int[Cells + 1];
        Each(kind, (cell, _) => counts[cell + 1]++);
        for (var cell = 0; cell < Cells; cell++) counts[cell + 1] += counts[cell];
        var (all, next) = (new int[counts[Cells]], counts.AsSpan(0, Cells).ToArray());
        Each(kind, (cell, need) => all[next[cell]++] = need);
        return (counts, all);
    }

    private void Each(int kind, Action<int, int> say)
    {
        for (var need = 0; need < Needs.Length; need++)
        {
            if (KindOf[need] != kind || Sizes[need] == 0) continue;
            foreach (var (place, _) in Reach[need])
            {
                for (var start = Starts[need].Next(0); start >= 0; start = Starts[need].Next(start + 1)) say(place * WeekTimes.HalfHours + start, need);
            }
        }
    }

    /// <summary>The largest size that a need accepts; 0 for none.</summary>
    public int Largest(int need) => Sizes[need] == 0 ? 0 : BitOperations.Log2((uint)Sizes[need]);
}
