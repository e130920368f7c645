using Borsellino.Tests.Hosting;
using Borsellino.Web.Hosting;
using Npgsql;

namespace Borsellino.Tests.Faults;

/// <summary>
/// A cluster that may be harmed, as careful on the disk as a real one, with one migrated database. The shell that watches
/// over its server is the product's own: nobody here starts a server again.
/// </summary>
public sealed class OwnCluster : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly TestCluster cluster;

    public OwnCluster()
        : this(Path.Combine("/tmp", $"borsellino-faults-{Path.GetRandomFileName()[..8]}"))
    {
    }

    internal OwnCluster(string data, string? binaries = null) => (Data, cluster) = (data, new(data, durable: true, binaries));

    /// <summary>The folder of the cluster and its log.</summary>
    public string Data { get; }

    public TestDatabase Database { get; private set; } = null!;

    /// <summary>Where the server keeps its files.</summary>
    public string Folder => Directory.GetDirectories(Data, "pg*").Single();

    public async ValueTask InitializeAsync()
    {
        Database = new(cluster);
        await Database.InitializeAsync();
    }

    /// <summary>Proves every book once more and takes the cluster away.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await Database.DisposeAsync();
        }
        finally
        {
            await cluster.DisposeAsync();
        }
    }

    /// <summary>Kills the server and all its children at once, as losing the machine's power would.</summary>
    public async Task KillServerAsync()
    {
        var pid = (await File.ReadAllLinesAsync(Path.Combine(Folder, "postmaster.pid")))[0].Trim();
        var (_, children) = await Shell.RunAsync(["pgrep", "-P", pid], CancellationToken.None);
        await Shell.MustRunAsync(["kill", "-KILL", pid], CancellationToken.None);
        // Some have gone by themselves already.
        await Shell.RunAsync(["kill", "-KILL", .. children.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)], CancellationToken.None);
    }

    /// <summary>Waits, two minutes at most, until the server's log tells of so many starts.</summary>
    public async Task UntilStartedAsync(int times)
    {
        using var limit = new CancellationTokenSource(2 * Patience);
        while (await StartsAsync(limit.Token) < times) await Task.Delay(100, limit.Token);
    }

    private async Task<int> StartsAsync(CancellationToken cancel) => (await File.ReadAllLinesAsync($"{Folder}.log", cancel))
        .Count(line => line.Contains("starting PostgreSQL", StringComparison.Ordinal));

    /// <summary>Asks again and again, for a minute at most, until the server lets a new connection in.</summary>
    public async Task UntilItAnswersAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                await using var connection = new NpgsqlConnection(Database.OwnerConnection);
                await connection.OpenAsync(limit.Token);
                return;
            }
            catch (NpgsqlException)
            {
                await Task.Delay(10, limit.Token);
            }
        }
    }
}
