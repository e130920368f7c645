namespace Borsellino.Marketplace;

/// <summary>Every group that some needs could be, rooms aside.</summary>
internal sealed class MatchColumns(MatchTable table)
{
    /// <summary>The most groups that are told; where there are more, none is.</summary>
    public const int Max = 4000;

    // Sets that are on the way to a group and are none themselves count too: their number is what takes time.
    private const int StepsMax = Max * 8;

    private readonly int[][] places = [.. Enumerable.Range(0, HeadPrices.HeadsMax + 1).Select(_ => new int[table.Places.Length])];
    private readonly List<int> members = [];
    private List<int[]> found = [];
    private int[] needs = [];
    private int steps;

    /// <param name="among">Needs of one kind.</param>
    /// <returns>Members by their place in the list, ascending; null where there are more than <see cref="Max"/>.</returns>
    public IReadOnlyList<int[]>? Of(int[] among)
    {
        (found, needs, steps) = ([], among, 0);
        for (var i = 0; i < needs.Length && steps < StepsMax; i++)
        {
            var need = needs[i];
            var reach = table.Reach[need];
            for (var p = 0; p < reach.Length; p++) places[0][p] = reach[p].Place;
            members.Add(i);
            Grow(table.Starts[need], table.Speaks[need], table.Sizes[need], reach.Length);
            members.Clear();
        }

        return steps < StepsMax && found.Count <= Max ? found : null;
    }

    private void Grow(in WeekTimes times, uint speaks, int sizes, int left)
    {
        var count = members.Count;
        if (sizes >> (count + 1) == 0 || count == HeadPrices.HeadsMax) return;
        for (var i = members[^1] + 1; i < needs.Length && steps < StepsMax; i++)
        {
            var need = needs[i];
            var accepted = sizes & table.Sizes[need];
            if (accepted >> (count + 1) == 0 || (speaks & table.Speaks[need]) == 0 || members.Exists(m => table.Household[needs[m]] == table.Household[need])) continue;
            var common = times.And(table.Starts[need]);
            if (common.IsEmpty || Common(need, count, left) is not (> 0 and var reached)) continue;
            steps++;
            members.Add(i);
            if ((accepted >> (count + 1) & 1) != 0) found.Add([.. members]);
            Grow(common, speaks & table.Speaks[need], accepted, reached);
            members.RemoveAt(count);
        }
    }

    /// <summary>The places that the members so far and one more reach.</summary>
    private int Common(int need, int count, int left)
    {
        var reached = 0;
        foreach (var place in places[count - 1].AsSpan(0, left))
        {
            if (table.MetresTo(need, place) is not null) places[count][reached++] = place;
        }

        return reached;
    }
}
