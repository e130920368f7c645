using System.Diagnostics;
using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;

namespace Borsellino.Benchmarks;

/// <summary>
/// A plan for the open needs of eight municipalities: how long it takes, and how many it serves, at what cost and walk, beside whoever
/// goes through the list once and forms the largest group each time, and beside what no plan can pass.
/// </summary>
internal static class MatchBench
{
    private static readonly GeoPoint[] Municipalities =
    [
        new(45.7106, 8.9076), new(45.7394, 8.8632), new(45.7570, 8.8766), new(45.7463, 8.8544), new(45.6969, 8.8744), new(45.7735, 8.8871),
        new(45.7289, 8.8958), new(45.7474, 8.8959),
    ];

    private static readonly MatchTerms[] Terms =
    [
        new("homework", 60, HeadPrices.Flat(2, 6, new(2200))),
        new("homework", 120, HeadPrices.Flat(2, 5, new(4200))),
        new("babysitting", 120, HeadPrices.Of(2, [new(3000), new(3600), new(4000)]).OrThrow()),
        new("babysitting", 180, HeadPrices.Of(2, [new(4400), new(5200), new(5800)]).OrThrow()),
        new("company", 60, HeadPrices.Flat(2, 4, new(2000))),
        new("company", 120, HeadPrices.Flat(2, 4, new(3800))),
    ];

    public static void Run(Options options)
    {
        Console.WriteLine($"{"",-34} {"seconds",8} {"served",8} {"of",6} {"gap",7} {"euro each",10} {"metres each",12}");
        for (var round = 0; round < options.Rounds; round++)
        {
            var (needs, places) = Town(round + 1, options.Needs);
            var began = Stopwatch.GetTimestamp();
            var plan = Matching.Plan(needs, places, Terms);
            var took = Stopwatch.GetElapsedTime(began);
            Say($"town {round + 1}: the plan", took, plan.Served, plan.Cost.Cents, plan.Metres, plan.Bound);
            began = Stopwatch.GetTimestamp();
            var greedy = FirstCome.Plan(needs, places, Terms);
            Say("first come, first served", Stopwatch.GetElapsedTime(began), greedy.Served, greedy.Cents, greedy.Metres, plan.Bound);
            // No plan is cheaper than with everybody in the cheapest group they accept, or walks less than each to the nearest place.
            var served = plan.Groups.SelectMany(g => g.Needs).ToList();
            Say(
                "what no plan can pass", TimeSpan.Zero, plan.Bound, (long)served.Sum(LeastShare) * plan.Bound / Math.Max(1, plan.Served),
                served.Sum(n => (long)places.Min(p => n.Home.MetresTo(p.At))) * plan.Bound / Math.Max(1, plan.Served), plan.Bound);
            Console.WriteLine($"  left: {string.Join(", ", plan.Unmatched.GroupBy(u => u.Why).OrderByDescending(g => g.Count()).Select(g => $"{g.Count()} {g.Key}"))}");
        }
    }

    private static void Say(string side, TimeSpan took, int served, long cents, long metres, int bound) => Console.WriteLine(
        $"{side,-34} {took.TotalSeconds,8:0.00} {served,8:N0} {bound,6:N0} {(bound - served) / (double)bound,7:0.0%} {cents / 100.0 / served,10:0.00} {metres / (double)served,12:N0}");

    private static double LeastShare(Need need)
    {
        var prices = Terms.Single(t => t.ClassCode == need.ClassCode && t.Minutes == need.Minutes).Prices;
        return Enumerable.Range(prices.Min, prices.Max - prices.Min + 1).Where(n => n >= need.SizeMin && n <= need.SizeMax)
            .Min(n => prices[n].Cents / (double)n);
    }

    private static (IReadOnlyList<Need> Needs, IReadOnlyList<MeetingPlace> Places) Town(int seed, int count)
    {
        var dice = new Random(seed);
        return (
            [.. Enumerable.Range(0, count).Select(i => AnyNeed(dice, seed, i))],
            [.. Enumerable.Range(0, 48).Select(i => new MeetingPlace(
                Id<MeetingPlace>.From(seed, "place", i), $"Place {i}", (MeetingPlaceKind)(i % 3), Around(dice, Municipalities[i % 8], 1200),
                i % 3 == 2 ? 1 : 4))]);
    }

    private static Need AnyNeed(Random dice, int seed, int number)
    {
        var terms = Terms[dice.Next(Terms.Length)];
        var min = dice.Next(10) == 0 ? 3 : 2;
        var windows = Enumerable.Range(0, dice.Next(1, 4)).Select(_ =>
        {
            var from = dice.Next(28, 36) * 30;
            return new WeekWindow(
                (IsoDayOfWeek)dice.Next(1, 7), LocalTime.Midnight.PlusMinutes(from),
                LocalTime.Midnight.PlusMinutes(Math.Min(from + terms.Minutes + dice.Next(0, 5) * 30, 22 * 60)));
        }).ToList();
        string[][] languages = [["it"], ["it"], ["it"], ["it", "en"], ["it", "ar"], ["ar"]];
        return new(
            Id<Need>.From(seed, "need", number), Id<Household>.From(seed, "household", number), terms.ClassCode,
            Around(dice, Municipalities[dice.Next(8)], 1500), terms.Minutes, windows, min, dice.Next(min, 7), dice.Next(4, 30) * 100,
            languages[dice.Next(languages.Length)], new(terms.Minutes / 60 * dice.Next(500, 1500)));
    }

    private static GeoPoint Around(Random dice, GeoPoint centre, int metres) => new(
        centre.Latitude + (dice.NextDouble() * 2 - 1) * metres / 111_195, centre.Longitude + (dice.NextDouble() * 2 - 1) * metres / 77_700);
}
