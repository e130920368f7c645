using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;

namespace Borsellino.Tests;

/// <summary>Random questions for the planner: a town of a few kilometres, some places, families who look for company.</summary>
internal static class AnyTown
{
    private static readonly GeoPoint Centre = new(45.71, 8.91);

    public static readonly MatchTerms[] Terms =
    [
        new("homework", 60, HeadPrices.Flat(2, 5, new(2000))),
        new("babysitting", 120, HeadPrices.Of(2, [new(3000), new(3600), new(4000)]).OrThrow()),
    ];

    public static (IReadOnlyList<Need> Needs, IReadOnlyList<MeetingPlace> Places) Of(int seed, int needs, int places, int rooms)
    {
        var dice = new Random(seed);
        // From towns where hardly anybody meets anybody to towns where nearly everybody could.
        var ease = seed % 5;
        return (
            [.. Enumerable.Range(0, needs).Select(i => AnyNeed(dice, seed, i, ease))],
            [.. Enumerable.Range(0, places).Select(i => new MeetingPlace(
                Id<MeetingPlace>.From(seed, "place", i), $"Place {i}", MeetingPlaceKind.School, AnyPoint(dice), rooms))]);
    }

    private static Need AnyNeed(Random dice, int seed, int number, int ease)
    {
        var terms = Terms[dice.Next(3 + ease) == 0 ? 1 : 0];
        var min = dice.Next(2, 4);
        var windows = Enumerable.Range(0, dice.Next(1, 3)).Select(_ =>
        {
            var from = dice.Next(28, 34);
            return new WeekWindow((IsoDayOfWeek)dice.Next(1, 5 - Math.Min(ease, 3)), LocalTime.Midnight.PlusMinutes(from * 30), LocalTime.Midnight.PlusMinutes(from * 30 + 60 + dice.Next(0, 5) * 30));
        }).ToList();
        string[][] languages = [["it"], ["it", "en"], ["it", "ar"], ["it", "ar", "en"], ["ar"]];
        return new(
            Id<Need>.From(seed, "need", number), Id<Household>.From(seed, "household", dice.Next(8) == 0 ? 0 : number), terms.ClassCode, AnyPoint(dice),
            terms.Minutes, windows, min, dice.Next(min, 6), dice.Next(500, 2500) * (1 + ease), languages[dice.Next(languages.Length)], new(dice.Next(300 + 100 * ease, 1600)));
    }

    private static GeoPoint AnyPoint(Random dice) => new(Centre.Latitude + (dice.NextDouble() - 0.5) / 50, Centre.Longitude + (dice.NextDouble() - 0.5) / 40);
}
