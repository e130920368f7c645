namespace Borsellino.Web.Hosting.Verbs;

/// <summary><c>./run verify</c>: recomputes every balance from its postings and names the first disagreement.</summary>
public static class Verify
{
    public static async Task<int> RunAsync(Settings settings, DatabaseAddress address, CancellationToken cancel)
    {
        await Console.Error.WriteLineAsync("'verify' is not there yet.");
        return 3;
    }
}
