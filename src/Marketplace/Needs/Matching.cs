using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>
/// Who of those that look for the same could share it, where and when: one pure function, the same answer for the same question. More
/// households served is better; among plans that serve as many, the cheaper; among those, the one with less walking.
/// </summary>
/// <remarks>
/// To find the best plan is as hard as packing sets, so this one is good and not proven best. Where not too many groups could be, it begins
/// with what a linear program would take (<see cref="MatchPacking"/>); elsewhere it serves whoever has the fewest possibilities first. Then,
/// again and again, it takes two neighbouring groups with the lonely around them and divides those few in the best way there is
/// (<see cref="MatchNeighbourhood"/>), until nothing gets better; who finds no room may send a group to another one. <see cref="MatchPlan.Bound"/> says
/// how many any plan could serve at most (<see cref="MatchBound"/>). <c>./bench matching</c> shows the distance to the best plan of small towns and to the bound of large ones.
/// </remarks>
public static class Matching
{
    /// <summary>The most needs of one plan; more are planned part by part.</summary>
    public const int NeedsMax = 20_000;

    public const int PlacesMax = 500;
    public const int RoomsMax = 100;

    /// <summary>
    /// Throws for more needs, places or rooms than the limits, for services of no length or longer than half a day, for a window that
    /// does not end after it begins, and for two terms of one service.
    /// </summary>
    /// <param name="taken">Rooms that other groups have; those of places that are not asked about are overlooked.</param>
    public static MatchPlan Plan(
        IReadOnlyList<Need> needs, IReadOnlyList<MeetingPlace> places, IReadOnlyList<MatchTerms> terms, IReadOnlyList<TakenRoom>? taken = null)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(needs.Count, NeedsMax);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(places.Count, PlacesMax);
        if (places.Any(p => p.Rooms is < 1 or > RoomsMax)) throw new ArgumentOutOfRangeException(nameof(places), "A place has between 1 and 100 rooms.");
        if (terms.Any(t => t.Minutes is < 1 or > 720)) throw new ArgumentOutOfRangeException(nameof(terms), "A service takes between a minute and half a day.");
        if (needs.Any(n => n.Windows.Any(w => w.To <= w.From))) throw new ArgumentOutOfRangeException(nameof(needs), "A window ends after it begins.");
        var table = new MatchTable(needs, places, terms);
        var board = new MatchBoard(table);
        foreach (var room in taken ?? []) board.Close(room);
        bool[] possible = [.. Enumerable.Range(0, table.Needs.Length).Select(n => MatchReasons.CouldBeServed(table, n))];
        var parts = MatchParts.Of(table, possible);
        new MatchSearch(table, board).Run(parts);
        return new(
            [.. board.Groups.Select(g => Group(table, g))],
            [.. Enumerable.Range(0, table.Needs.Length).Where(n => board.Of(n) is null)
                .Select(n => (table.Needs[n], possible[n] ? WhyUnmatched.OthersServed : MatchReasons.Of(table, n)))],
            new MatchBound(table).Of(parts));
    }

    private static MatchedGroup Group(MatchTable table, MatchGroup group)
    {
        var from = LocalTime.Midnight.PlusMinutes(group.Start % 48 * 30);
        return new(
            [.. group.Members.Select(m => table.Needs[m])], table.Places[group.Place], (IsoDayOfWeek)(group.Start / 48 + 1), from,
            from.PlusMinutes(table.Kinds[group.Kind].Minutes), new(group.Price), group.Metres,
            group.Members.Max(m => table.MetresTo(m, group.Place)!.Value));
    }
}
