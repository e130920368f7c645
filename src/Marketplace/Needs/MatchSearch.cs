namespace Borsellino.Marketplace;

/// <summary>Looks for a good plan, move by move: see <see cref="Matching"/>. Bounded by counts and not by time, so that it always ends alike.</summary>
internal sealed class MatchSearch(MatchTable table, MatchBoard board)
{
    /// <summary>Groups and lonely needs around a need that are asked before it is given up for this round.</summary>
    private const int GroupsMax = 16, LonelyMax = 4;

    private const int RoundsMax = 6;

    private readonly int[] freedom = [.. Enumerable.Range(0, table.Needs.Length).Select(table.Freedom)];
    private readonly int[]?[] neighbours = new int[]?[table.Needs.Length];
    private readonly HashSet<(MatchGroup, MatchGroup)> tried = [];
    private readonly MatchNeighbourhood neighbourhood = new(table);

    public void Run(IReadOnlyList<MatchPart> parts)
    {
        // Rooms may be too few for what the parts would like best: whoever finds none is served as everybody else is.
        foreach (var part in parts)
        {
            foreach (var group in Best(part)) board.Replace([], [group], makeRoom: true);
        }

        int[] hardestFirst = [.. Enumerable.Range(0, table.Needs.Length).Where(n => table.Sizes[n] != 0 && freedom[n] > 0).OrderBy(n => freedom[n])];
        foreach (var need in hardestFirst)
        {
            if (board.Of(need) is null) Found(need);
        }

        for (var (round, more) = (0, true); more && round < RoundsMax; round++)
        {
            more = false;
            foreach (var need in hardestFirst) more |= board.Of(need) is { } group ? Improve(need, group) : Serve(need);
        }
    }

    private List<IReadOnlyList<int>> Best(MatchPart part)
    {
        var groups = new List<IReadOnlyList<int>>();
        if (part.Needs.Length <= MatchNeighbourhood.Max) neighbourhood.Divide(part.Needs, groups);
        else groups.AddRange((part.Packing?.Choose() ?? []).Select(g => (int[])[.. g.Select(i => part.Needs[i])]));
        return groups;
    }

    /// <summary>The largest group of those not yet served around a need; among as large ones, that of the hardest to serve.</summary>
    private void Found(int need)
    {
        (int Size, long Freedom) best = (0, 0);
        int[] group = [];
        foreach (var (place, start) in table.CellsOf(need))
        {
            var free = Free(need, place, start);
            for (var size = Math.Min(table.Largest(need), free.Count + 1); size >= Math.Max(2, best.Size); size--)
            {
                if ((table.Sizes[need] >> size & 1) == 0 || Pick(need, free, size) is not { } picked) continue;
                var sum = picked.Sum(p => (long)freedom[p]);
                if (size == best.Size && sum >= best.Freedom) break;
                (best, group) = ((size, sum), picked);
                break;
            }
        }

        if (group.Length > 0) board.Replace([], [group], makeRoom: true);
    }

    private List<int> Free(int need, int place, int start)
    {
        var free = new List<int>();
        foreach (var other in table.At(table.KindOf[need], place, start))
        {
            if (other != need && board.Of(other) is null) free.Add(other);
        }

        free.Sort((a, b) => freedom[a] != freedom[b] ? freedom[a].CompareTo(freedom[b]) : a.CompareTo(b));
        return free;
    }

    /// <summary>A group of this size from a need and the first of the others that agree with all before them, ascending; null for too few.</summary>
    private int[]? Pick(int need, List<int> others, int size)
    {
        var picked = new List<int>(size) { need };
        var speaks = table.Speaks[need];
        foreach (var other in others)
        {
            if ((table.Sizes[other] >> size & 1) == 0 || (table.Speaks[other] & speaks) == 0) continue;
            if (picked.Exists(p => table.Household[p] == table.Household[other])) continue;
            picked.Add(other);
            speaks &= table.Speaks[other];
            if (picked.Count == size) return [.. picked.Order()];
        }

        return null;
    }

    /// <summary>Finds a place in the plan for one who has none, whatever that changes for those around it.</summary>
    private bool Serve(int need)
    {
        var (groups, lonely) = Around(need);
        foreach (var group in groups)
        {
            if (board.Replace([group], [[.. group.Members.Append(need).Order()]], makeRoom: true) is not null) return true;
        }

        foreach (var (i, one) in groups.Index())
        {
            if (Divide([need, .. lonely], [one], makeRoom: true)) return true;
            foreach (var two in groups.Take(i))
            {
                if (Divide([need, .. lonely], [one, two], makeRoom: true)) return true;
            }

            // Who could take the place of somebody here may live beyond those that the need itself could meet.
            foreach (var two in one.Members.SelectMany(m => Around(m).Groups.Take(4)).Distinct().Where(g => g != one && !groups.Contains(g)).Take(6))
            {
                if (Divide([need, .. lonely], [one, two], makeRoom: true)) return true;
            }
        }

        return groups.Count == 0 && Divide([need, .. lonely], [], makeRoom: true);
    }

    /// <summary>Divides a group and one of its neighbours anew if the plan gets better by it.</summary>
    private bool Improve(int need, MatchGroup group)
    {
        if (group.Members[0] != need) return false;
        var improved = false;
        foreach (var member in group.Members)
        {
            var (groups, lonely) = Around(member);
            foreach (var other in groups.Take(4))
            {
                if (board.Of(need) != group) return improved;
                improved |= other != group && tried.Add((group, other)) && Divide(lonely, [group, other]);
            }
        }

        return improved;
    }

    /// <summary>Divides the members of some groups, and as many lonely ones as can be tried at once, in the best way. False where that is the present one.</summary>
    /// <param name="makeRoom">Only for who looks at the plan anew after a success: groups that were sent elsewhere are others then.</param>
    private bool Divide(IReadOnlyList<int> lonely, IReadOnlyList<MatchGroup> old, bool makeRoom = false)
    {
        var members = old.Sum(g => g.Members.Count);
        if (members >= MatchNeighbourhood.Max) return false;
        int[] few = [.. old.SelectMany(g => g.Members), .. lonely.Take(MatchNeighbourhood.Max - members)];
        var was = MatchWorth.Of(old);
        var fresh = new List<IReadOnlyList<int>>();
        return neighbourhood.Divide(few, fresh).IsBetterThan(was)
            && board.Replace(old, fresh, made => makeRoom ? MatchWorth.Of(made).Served > was.Served : MatchWorth.Of(made).IsBetterThan(was), makeRoom) is not null;
    }

    /// <summary>The groups and the lonely needs with somebody who could be where a need could be, as they are met from its nearest place on.</summary>
    private (List<MatchGroup> Groups, List<int> Lonely) Around(int need)
    {
        var (groups, lonely) = (new List<MatchGroup>(GroupsMax), new List<int>(LonelyMax));
        foreach (var other in neighbours[need] ??= [.. table.NeighboursOf(need)])
        {
            if (board.Of(other) is not { } group)
            {
                if (lonely.Count < LonelyMax) lonely.Add(other);
            }
            else if (groups.Count < GroupsMax && !groups.Contains(group))
            {
                groups.Add(group);
            }
        }

        return (groups, lonely);
    }
}
