namespace Borsellino.Marketplace;

/// <summary>How many needs any plan could serve at most. Rooms are not asked, so it holds whoever has them.</summary>
/// <remarks>
/// Two needs are neighbours if some cell has enough who agree with both on a size and a language; every group lies among neighbours. Three
/// things follow, each for a set of needs that are connected by neighbours, because no group reaches beyond one.
/// (1) A few are divided in the best way by trying all.
/// (2) Groups have sizes that somebody accepts: of three who all want to be two, one is left.
/// (3) Let L be some of whom no two are neighbours, and H all who are a neighbour of one of them. A group has at most one of L and, with it,
/// at least one of H; so at most |H| of L are served. The worst such L leaves as many as lack a partner when every need is given
/// a neighbour as its own partner and no neighbour is anybody's twice (König): that largest assignment is the bound, for groups of
/// every size.
/// </remarks>
internal sealed class MatchBound(MatchTable table)
{
    /// <summary>Needs of one kind of service beyond which only what can be said of each alone is counted: the work grows with their square.</summary>
    private const int KindMax = 4000;

    private readonly MatchNeighbourhood few = new(table);

    /// <param name="possible">Whether any group could have each need.</param>
    public int Of(bool[] possible)
    {
        var bound = 0;
        foreach (var kind in Enumerable.Range(0, table.Needs.Length).Where(n => possible[n]).GroupBy(n => table.KindOf[n]))
        {
            int[] needs = [.. kind];
            bound += needs.Length > KindMax ? needs.Length : Components(needs, new MatchNeighbours(table, kind.Key, needs)).Sum();
        }

        return bound;
    }

    /// <summary>The bound of each set of needs that neighbours connect.</summary>
    private IEnumerable<int> Components(int[] needs, MatchNeighbours neighbours)
    {
        var met = new bool[needs.Length];
        var partnered = neighbours.Partnered();
        for (var first = 0; first < needs.Length; first++)
        {
            if (met[first]) continue;
            met[first] = true;
            List<int> together = [first];
            for (var i = 0; i < together.Count; i++)
            {
                foreach (var next in neighbours.Of(together[i]))
                {
                    if (met[next]) continue;
                    met[next] = true;
                    together.Add(next);
                }
            }

            yield return together.Count <= MatchNeighbourhood.Max
                ? few.Divide([.. together.Select(i => needs[i]).Order()], []).Served
                : Math.Min(together.Count(i => partnered[i]), LargestSum(together.Count, together.Aggregate(0, (all, i) => all | table.Sizes[needs[i]])));
        }
    }

    /// <summary>The most of so many that groups of these sizes can take.</summary>
    private static int LargestSum(int count, int sizes)
    {
        var reached = new bool[count + 1];
        reached[0] = true;
        for (var sum = 1; sum <= count; sum++)
        {
            for (var size = 2; size <= HeadPrices.HeadsMax && !reached[sum]; size++) reached[sum] = size <= sum && (sizes >> size & 1) != 0 && reached[sum - size];
        }

        return Array.LastIndexOf(reached, true);
    }
}
