namespace Borsellino.Web.Hosting.Verbs;

/// <summary>The invented town that a newcomer finds.</summary>
public static class DemoTown
{
    /// <summary>Makes the town in a database that has none, with as many households as the settings say.</summary>
    public static Task EnsureAsync(Settings settings, DatabaseAddress address, CancellationToken cancel) =>
        Task.CompletedTask;

    /// <summary>Prints whom one may sign in as.</summary>
    public static Task PrintPeopleAsync(DatabaseAddress address, CancellationToken cancel) => Task.CompletedTask;
}
