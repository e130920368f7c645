namespace Borsellino.Marketplace;

/// <summary>How many needs any plan could serve at most. Rooms are not asked, so it holds whoever has them.</summary>
/// <remarks>
/// Four things follow, each for a set of needs that are connected by neighbours (<see cref="MatchPart"/>), because no group reaches beyond one.
/// (1) A few are divided in the best way by trying all.
/// (2) Where not too many groups could be, no plan serves more than groups that may come about in part (<see cref="MatchPacking"/>).
/// (3) Groups have sizes that somebody accepts: of three who all want to be two, one is left.
/// (4) Let L be some of whom no two are neighbours, and H all who are a neighbour of one of them. A group has at most one of L and, with it,
/// at least one of H; so at most |H| of L are served. The worst such L leaves as many as lack a partner when every need is given
/// a neighbour as its own partner and no neighbour is anybody's twice (König): that largest assignment is the bound, for groups of
/// every size.
/// </remarks>
internal sealed class MatchBound(MatchTable table)
{
    private readonly MatchNeighbourhood few = new(table);

    public int Of(IReadOnlyList<MatchPart> parts) => parts.Sum(Of);

    private int Of(MatchPart part)
    {
        if (part.Needs.Length <= MatchNeighbourhood.Max) return few.Divide(part.Needs, []).Served;
        var whole = LargestSum(part.Needs.Length, part.Needs.Aggregate(0, (all, n) => all | table.Sizes[n]));
        return Math.Min(part.Packing?.Bound() ?? part.Needs.Length, Math.Min(part.Partnered, whole));
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
