namespace Borsellino.Marketplace;

/// <summary>
/// Needs of one kind that neighbours connect: no group reaches beyond them. Two needs are neighbours if some cell has enough who agree with
/// both on a size and a language; every group lies among neighbours.
/// </summary>
/// <param name="Needs">Ascending.</param>
/// <param name="Partnered">How many have a neighbour as a partner when as many as can be have one, nobody being anybody's twice.</param>
/// <param name="Groups">All that could be groups of them, by places in <paramref name="Needs"/>; null for so few that all is tried, and so many that nothing is.</param>
internal sealed record MatchPart(int[] Needs, int Partnered, IReadOnlyList<int[]>? Groups)
{
    public MatchPacking? Packing => Groups is null ? null : new(Needs.Length, Groups);
}

/// <summary>Divides all needs into parts that have nothing to do with each other but rooms.</summary>
internal static class MatchParts
{
    /// <summary>Needs of one kind of service beyond which only what can be said of each alone is counted: the work grows with their square.</summary>
    private const int KindMax = 4000;

    /// <param name="possible">Whether any group could have each need: those that none could are in no part.</param>
    public static IReadOnlyList<MatchPart> Of(MatchTable table, bool[] possible)
    {
        var (parts, columns) = (new List<MatchPart>(), new MatchColumns(table));
        foreach (var kind in Enumerable.Range(0, table.Needs.Length).Where(n => possible[n]).GroupBy(n => table.KindOf[n]))
        {
            int[] needs = [.. kind];
            if (needs.Length > KindMax) parts.Add(new(needs, needs.Length, null));
            else parts.AddRange(Connected(needs, new MatchNeighbours(table, kind.Key, needs), columns));
        }

        return parts;
    }

    private static IEnumerable<MatchPart> Connected(int[] needs, MatchNeighbours neighbours, MatchColumns columns)
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

            int[] part = [.. together.Select(i => needs[i]).Order()];
            yield return new(part, together.Count(i => partnered[i]), part.Length > MatchNeighbourhood.Max ? columns.Of(part) : null);
        }
    }
}
