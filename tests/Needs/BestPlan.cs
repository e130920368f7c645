using Borsellino.Marketplace;
using NodaTime;

namespace Borsellino.Tests;

/// <summary>
/// The best plan there is, by trying all: what <see cref="Matching"/> is held against. It asks nothing of the planner's own tables and
/// gives every place as many rooms as are wanted. For 14 needs at most.
/// </summary>
internal static class BestPlan
{
    public sealed record Worth(int Served, long Price, long Metres)
    {
        /// <summary>More served is better; then less price; then fewer metres.</summary>
        public bool IsBetterThan(Worth other) => (Served, -Price, -Metres).CompareTo((other.Served, -other.Price, -other.Metres)) > 0;

        public Worth And(Worth other) => new(Served + other.Served, Price + other.Price, Metres + other.Metres);
    }

    public static Worth Of(IReadOnlyList<Need> needs, IReadOnlyList<MeetingPlace> places, IReadOnlyList<MatchTerms> terms)
    {
        var groups = Enumerable.Range(0, needs.Count).Select(_ => new List<(int Mask, Worth Worth)>()).ToArray();
        for (var mask = 3; mask < 1 << needs.Count; mask++)
        {
            var members = Enumerable.Range(0, needs.Count).Where(i => (mask >> i & 1) != 0).Select(i => needs[i]).ToList();
            if (members.Count is >= 2 and <= 6 && WorthOf(members, places, terms) is { } worth) groups[int.TrailingZeroCount(mask)].Add((mask, worth));
        }

        var best = new Worth[1 << needs.Count];
        best[0] = new(0, 0, 0);
        for (var mask = 1; mask < best.Length; mask++)
        {
            var first = int.TrailingZeroCount(mask);
            best[mask] = best[mask & (mask - 1)];
            foreach (var (group, worth) in groups[first])
            {
                if ((group & mask) != group) continue;
                var whole = best[mask & ~group].And(worth);
                if (whole.IsBetterThan(best[mask])) best[mask] = whole;
            }
        }

        return best[^1];
    }

    /// <summary>What a group is worth where its members walk least; null where it is no group.</summary>
    public static Worth? WorthOf(IReadOnlyList<Need> members, IReadOnlyList<MeetingPlace> places, IReadOnlyList<MatchTerms> terms)
    {
        var first = members[0];
        var size = members.Count;
        if (terms.SingleOrDefault(t => t.ClassCode == first.ClassCode && t.Minutes == first.Minutes) is not { } offered) return null;
        if (members.Any(m => m.ClassCode != first.ClassCode || m.Minutes != first.Minutes || size < m.SizeMin || size > m.SizeMax)) return null;
        if (size < offered.Prices.Min || size > offered.Prices.Max || members.Select(m => m.HouseholdId).Distinct().Count() < size) return null;
        if (!first.Languages.Any(l => members.All(m => m.Languages.Contains(l)))) return null;
        var shares = PriceSplit.Of(offered.Prices[size], [.. members.Select(_ => 1)]);
        if (members.Any(m => shares.Max() > m.Cap)) return null;
        if (!Enumerable.Range(0, 7 * 48).Any(half => members.All(m => CanBegin(m, half)))) return null;
        var walks = places.Where(p => members.All(m => m.Home.MetresTo(p.At) <= m.ReachMetres)).Select(p => members.Sum(m => m.Home.MetresTo(p.At))).ToList();
        return walks.Count == 0 ? null : new(size, offered.Prices[size].Cents, walks.Min());
    }

    public static bool CanBegin(Need need, int half)
    {
        var (day, from) = ((IsoDayOfWeek)(half / 48 + 1), half % 48 * 30);
        return need.Windows.Any(w => w.Day == day && w.From.Hour * 60 + w.From.Minute <= from && from + need.Minutes <= w.To.Hour * 60 + w.To.Minute);
    }
}
