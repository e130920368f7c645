namespace Borsellino.Web.Hosting.Verbs;

/// <summary><c>./run import-grants</c>: reads a CSV of grants into a programme.</summary>
public static class ImportGrants
{
    public static async Task<int> RunAsync(Settings settings, DatabaseAddress address, CancellationToken cancel)
    {
        await Console.Error.WriteLineAsync("'import-grants' is not there yet.");
        return 3;
    }
}
