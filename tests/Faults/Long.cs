namespace Borsellino.Tests.Faults;

/// <summary>
/// How much of a fault a run gets: a few seconds of it, or, with <c>BORSELLINO_LONG=1</c> in the environment, as much as
/// the targets in <c>tests/README.md</c> ask for.
/// </summary>
internal static class Long
{
    public static bool IsOn { get; } = Environment.GetEnvironmentVariable("BORSELLINO_LONG") == "1";

    /// <summary>The number for this run.</summary>
    public static int Or(int few, int many) => IsOn ? many : few;

    /// <summary>Says what was reached, to whoever runs with diagnostic messages and in the long mode to everybody.</summary>
    public static void Say(string what)
    {
        TestContext.Current.SendDiagnosticMessage(what);
        TestContext.Current.TestOutputHelper?.WriteLine(what);
    }
}
