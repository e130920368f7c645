namespace Borsellino.Web.Hosting.Verbs;

/// <summary><c>./run demo</c>: plays days of the town's life.</summary>
public static class Demo
{
    public static async Task<int> RunAsync(Settings settings, DatabaseAddress address, CancellationToken cancel)
    {
        await Console.Error.WriteLineAsync("'demo' is not there yet.");
        return 3;
    }
}
