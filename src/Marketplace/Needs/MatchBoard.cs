namespace Borsellino.Marketplace;

/// <summary>Some who fit together, where and when. Never changed: a move replaces groups by others.</summary>
/// <param name="Members">Numbers of the table, ascending.</param>
internal sealed record MatchGroup(int Kind, IReadOnlyList<int> Members, int Place, int Start, long Price, int Metres)
{
    /// <summary>Each is itself: two are never compared by what they hold.</summary>
    public bool Equals(MatchGroup? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}

/// <summary>The groups of a plan that is being made. Every change keeps it a plan: nobody in two groups, no place fuller than its rooms.</summary>
internal sealed class MatchBoard(MatchTable table)
{
    private readonly MatchGroup?[] groupOf = new MatchGroup?[table.Needs.Length];
    private readonly byte[] taken = new byte[table.Cells];
    private readonly List<MatchGroup>[] groupsAt = [.. table.Places.Select(_ => new List<MatchGroup>())];

    /// <summary>How often one who finds no free cell asks a group to go elsewhere.</summary>
    private const int AsksMax = 64;

    public MatchGroup? Of(int need) => groupOf[need];

    public IEnumerable<MatchGroup> Groups => groupOf.Where((g, need) => g is not null && g.Members[0] == need)!;

    /// <summary>Takes a room away for every half hour that somebody else has any of.</summary>
    public void Close(TakenRoom room)
    {
        var place = Array.FindIndex(table.Places, p => p.Id == room.Place);
        if (place < 0) return;
        var (first, last) = (room.From.Hour * 2 + room.From.Minute / 30, (room.To.Hour * 60 + room.To.Minute + 29) / 30);
        foreach (ref var used in taken.AsSpan(place * WeekTimes.HalfHours + ((int)room.Day - 1) * 48 + first, last - first)) used++;
    }

    /// <summary>
    /// Puts groups of these members in the place of <paramref name="old"/> ones, each where and when its members walk least among what
    /// is free. Null, and nothing changed, where some do not agree, find no place, or the whole is not <paramref name="better"/>.
    /// </summary>
    /// <param name="makeRoom">Whether another group may be sent to another place or time, and walk more, so that these find theirs.</param>
    public IReadOnlyList<MatchGroup>? Replace(
        IReadOnlyList<MatchGroup> old, IReadOnlyList<IReadOnlyList<int>> fresh, Func<IReadOnlyList<MatchGroup>, bool>? better = null, bool makeRoom = false)
    {
        foreach (var members in fresh)
        {
            if (!table.Agree(members)) return null;
        }

        foreach (var group in old) Take(group, -1);
        var (made, moved) = (new List<MatchGroup>(fresh.Count), new List<(MatchGroup From, MatchGroup To)>());
        foreach (var members in fresh)
        {
            if (Settle(members) is { } group)
            {
                Take(group, 1);
                made.Add(group);
            }
            else if (makeRoom && MakeRoom(members, made) is var (settled, from, to))
            {
                made.Add(settled);
                moved.Add((from, to));
            }
            else
            {
                break;
            }
        }

        if (made.Count < fresh.Count || better?.Invoke(made) == false)
        {
            foreach (var group in made) Take(group, -1);
            foreach (var (from, to) in Enumerable.Reverse(moved))
            {
                Take(to, -1);
                Take(from, 1);
            }

            foreach (var group in old) Take(group, 1);
            return null;
        }

        foreach (var (from, to) in moved) Name([from], [to]);
        Name(old, made);
        return made;
    }

    private void Name(IReadOnlyList<MatchGroup> gone, IReadOnlyList<MatchGroup> come)
    {
        foreach (var group in gone)
        {
            foreach (var member in group.Members) groupOf[member] = null;
        }

        foreach (var group in come)
        {
            foreach (var member in group.Members) groupOf[member] = group;
        }
    }

    /// <summary>The free cell where these walk least; the earliest of the week among equals.</summary>
    private MatchGroup? Settle(IReadOnlyList<int> members)
    {
        var times = table.Starts[members[0]];
        for (var i = 1; i < members.Count; i++) times = times.And(table.Starts[members[i]]);
        if (times.IsEmpty) return null;
        var (bestPlace, bestStart, bestMetres) = (-1, -1, int.MaxValue);
        foreach (var (place, metres) in table.Reach[members[0]])
        {
            if (Together(members, place, metres) is not { } sum || sum > bestMetres || (sum == bestMetres && place > bestPlace)) continue;
            if (FreeStart(table.KindOf[members[0]], place, times) is { } start) (bestPlace, bestStart, bestMetres) = (place, start, sum);
        }

        return bestPlace < 0
            ? null
            : new(table.KindOf[members[0]], members, bestPlace, bestStart, table.PriceOf(table.KindOf[members[0]], members.Count), bestMetres);
    }

    /// <summary>
    /// A cell that a group gives up for these because it finds another: both are taken then. Asked from the nearest place on, so often at
    /// most. Null where nobody can, and nothing changed.
    /// </summary>
    private (MatchGroup Settled, MatchGroup From, MatchGroup To)? MakeRoom(IReadOnlyList<int> members, List<MatchGroup> staying)
    {
        var (kind, asks) = (table.KindOf[members[0]], 0);
        var times = table.Starts[members[0]];
        for (var i = 1; i < members.Count; i++) times = times.And(table.Starts[members[i]]);
        foreach (var (place, metres) in table.Reach[members[0]])
        {
            if (Together(members, place, metres) is not { } sum) continue;
            for (var start = times.Next(0); start >= 0; start = times.Next(start + 1))
            {
                foreach (var other in groupsAt[place].ToArray())
                {
                    if (other.Start >= start + Length(kind) || other.Start + Length(other.Kind) <= start || staying.Contains(other)) continue;
                    if (asks++ == AsksMax) return null;
                    Take(other, -1);
                    if (IsFree(kind, place, start))
                    {
                        var settled = new MatchGroup(kind, members, place, start, table.PriceOf(kind, members.Count), sum);
                        Take(settled, 1);
                        if (Settle(other.Members) is { } elsewhere)
                        {
                            Take(elsewhere, 1);
                            return (settled, other, elsewhere);
                        }

                        Take(settled, -1);
                    }

                    Take(other, 1);
                }
            }
        }

        return null;
    }

    private int? Together(IReadOnlyList<int> members, int place, int first)
    {
        var sum = first;
        for (var i = 1; i < members.Count; i++)
        {
            if (table.MetresTo(members[i], place) is not { } metres) return null;
            sum += metres;
        }

        return sum;
    }

    private int? FreeStart(int kind, int place, in WeekTimes times)
    {
        for (var start = times.Next(0); start >= 0; start = times.Next(start + 1))
        {
            if (IsFree(kind, place, start)) return start;
        }

        return null;
    }

    private bool IsFree(int kind, int place, int start)
    {
        foreach (var used in Cells(kind, place, start))
        {
            if (used >= table.Places[place].Rooms) return false;
        }

        return true;
    }

    private void Take(MatchGroup group, int by)
    {
        foreach (ref var used in Cells(group.Kind, group.Place, group.Start)) used = (byte)(used + by);
        if (by > 0) groupsAt[group.Place].Add(group);
        else groupsAt[group.Place].Remove(group);
    }

    /// <summary>The half hours that a group is in a place. It begins and ends on one day, so they stand one after the other.</summary>
    private Span<byte> Cells(int kind, int place, int start) =>
        taken.AsSpan(place * WeekTimes.HalfHours + start, Length(kind));

    private int Length(int kind) => (table.Kinds[kind].Minutes + 29) / 30;
}
