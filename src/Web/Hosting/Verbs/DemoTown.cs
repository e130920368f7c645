using System.Diagnostics;
using System.Globalization;
using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Demo;

namespace Borsellino.Web.Hosting.Verbs;

/// <summary>The invented town that a newcomer finds.</summary>
public static class DemoTown
{
    /// <summary>The towns, biggest first: whose data, and one of how many parts of the families and of the life.</summary>
    private static readonly (string Slug, int Number, int Part)[] Towns = [("tradate", 1, 1), ("biella", 2, 5)];

    /// <summary>So long has the town lived when it is shown.</summary>
    private const int Days = 35;

    /// <summary>The same for ever, so that what is written about the town stays true.</summary>
    public const ulong Seed = 1;

    /// <summary>
    /// Makes the towns in a database that has none, with as many households as the settings say; finishes those whose
    /// making was interrupted; leaves finished ones as they are. Says on <paramref name="output"/> how far it is.
    /// </summary>
    public static async Task EnsureAsync(Settings settings, DatabaseAddress address, TextWriter output, CancellationToken cancel)
    {
        await using var db = new Database(address.Application);
        foreach (var (slug, number, part) in Towns)
        {
            var households = settings.Households / part;
            var script = new TownScript(slug, slug, new(number), Seed, households, Lively(households));
            var start = Stopwatch.GetTimestamp();
            var bar = new ProgressLine($"Demo town {slug}: {households} families, {Days} days", output);
            var town = await new TownPlay(db).PlayAsync(script, Days, new SystemClock().Now, new(null), bar.Report, cancel);
            if (town is not null) bar.Done(Stopwatch.GetElapsedTime(start));
        }
    }

    /// <summary>How many services are asked for on a day, so that a larger town has more of them but starts as fast.</summary>
    private static int Lively(int households) => 2 + (households / 330);

    /// <summary>Prints whom one may sign in as.</summary>
    public static async Task PrintPeopleAsync(DatabaseAddress address, CancellationToken cancel)
    {
        await using var db = new Database(address.Application);
        var users = new Users(db, new SystemClock());
        foreach (var place in await new Territories(db, new(new SystemClock())).AllAsync(cancel))
        {
            if (!place.Demo) continue;
            var people = await users.DemoPeopleAsync(place.Id, cancel);
            if (people.Count == 0) continue;
            await Console.Out.WriteLineAsync($"\n{place.Name}, /{place.Slug}: sign in with one click, or with the password {TownCast.Password} as");
            foreach (var person in people)
            {
                await Console.Out.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture, $"  {person.Email,-38} {person.Role,-10} {person.DisplayName}"));
            }
        }
    }
}
