namespace Borsellino.Web.Hosting.Verbs;

/// <summary><c>./run migrate</c>: brings the database to the newest schema.</summary>
public static class Migrate
{
    public static async Task<int> RunAsync(DatabaseAddress address, CancellationToken cancel)
    {
        var applied = await address.MigrateAsync(cancel);
        await Console.Out.WriteLineAsync(
            applied == 0 ? "The schema was already the newest." : applied == 1 ? "Applied one migration." : $"Applied {applied} migrations.");
        return 0;
    }
}
