using Borsellino.Marketplace;

namespace Borsellino.Benchmarks;

/// <summary>
/// What a good programmer writes first: goes through the list once; each need not yet served forms the largest group it can at any
/// place and time, of those who come next in the list.
/// </summary>
internal static class FirstCome
{
    public static (int Served, long Cents, long Metres) Plan(IReadOnlyList<Need> needs, IReadOnlyList<MeetingPlace> places, IReadOnlyList<MatchTerms> terms)
    {
        var there = new Dictionary<(string Class, int Minutes, int Place, int Start), List<Need>>();
        foreach (var need in needs)
        {
            foreach (var (place, start) in CellsOf(need, places))
            {
                if (!there.TryGetValue((need.ClassCode, need.Minutes, place, start), out var here)) there.Add((need.ClassCode, need.Minutes, place, start), here = []);
                here.Add(need);
            }
        }

        var served = new HashSet<Need>(ReferenceEqualityComparer.Instance);
        var rooms = new Dictionary<(int Place, int Start), int>();
        var (cents, metres) = (0L, 0L);
        foreach (var need in needs.Where(n => !served.Contains(n)))
        {
            var prices = terms.Single(t => t.ClassCode == need.ClassCode && t.Minutes == need.Minutes).Prices;
            (List<Need> Group, int Place, int Start) best = ([], 0, 0);
            foreach (var (place, start) in CellsOf(need, places))
            {
                if (Enumerable.Range(start, need.Minutes / 30).Any(h => rooms.GetValueOrDefault((place, h)) >= places[place].Rooms)) continue;
                for (var size = prices.Max; size > best.Group.Count && size >= prices.Min; size--)
                {
                    if (!Accepts(need, size, prices)) continue;
                    var group = new List<Need> { need };
                    IEnumerable<string> spoken = need.Languages;
                    foreach (var other in there[(need.ClassCode, need.Minutes, place, start)])
                    {
                        if (group.Count == size) break;
                        if (other == need || served.Contains(other) || !Accepts(other, size, prices) || !spoken.Intersect(other.Languages, StringComparer.Ordinal).Any()) continue;
                        group.Add(other);
                        spoken = [.. spoken.Intersect(other.Languages, StringComparer.Ordinal)];
                    }

                    if (group.Count == size) best = (group, place, start);
                }
            }

            if (best.Group.Count == 0) continue;
            served.UnionWith(best.Group);
            for (var h = best.Start; h < best.Start + need.Minutes / 30; h++) rooms[(best.Place, h)] = rooms.GetValueOrDefault((best.Place, h)) + 1;
            cents += prices[best.Group.Count].Cents;
            metres += best.Group.Sum(n => (long)n.Home.MetresTo(places[best.Place].At));
        }

        return (served.Count, cents, metres);
    }

    private static bool Accepts(Need need, int size, HeadPrices prices) =>
        size >= need.SizeMin && size <= need.SizeMax && (prices[size].Cents + size - 1) / size <= need.Cap.Cents;

    private static IEnumerable<(int Place, int Start)> CellsOf(Need need, IReadOnlyList<MeetingPlace> places)
    {
        for (var place = 0; place < places.Count; place++)
        {
            if (need.Home.MetresTo(places[place].At) > need.ReachMetres) continue;
            foreach (var window in need.Windows)
            {
                var (from, to) = (window.From.Hour * 60 + window.From.Minute, window.To.Hour * 60 + window.To.Minute);
                for (var half = (from + 29) / 30; half * 30 + need.Minutes <= to; half++) yield return (place, ((int)window.Day - 1) * 48 + half);
            }
        }
    }
}
