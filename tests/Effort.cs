using FsCheck;

namespace Borsellino.Tests;

/// <summary>How much a test tries: enough to notice what is broken today, or for long what is broken once in a thousand times.</summary>
public static class Effort
{
    /// <summary>True with <c>./test --long</c>, which sets <c>BORSELLINO_LONG=1</c>.</summary>
    public static bool Long { get; } = Environment.GetEnvironmentVariable("BORSELLINO_LONG") == "1";

    public static int Times(int often, int veryOften) => Long ? veryOften : often;

    /// <summary>Writes down what a test reached, for whoever runs it with <c>--output Detailed</c>.</summary>
    public static void Say(string reached) => TestContext.Current.TestOutputHelper?.WriteLine(reached);

    /// <summary>
    /// Checks a property that waits for a database, on a thread of its own: FsCheck holds its thread until the last
    /// case, and enough of them at once would hold every thread that the tests' own continuations need.
    /// </summary>
    public static Task CheckAsync(this Property property, Config config) => Task.Run(() => property.Check(config));
}
