using System.Collections.Concurrent;
using Borsellino.Ledger;
using Borsellino.Tests.Hosting;
using Borsellino.Web.Hosting;
using Dapper;
using Npgsql;

namespace Borsellino.Tests;

/// <summary>
/// The database of one test class, copied from a migrated template: ask for it with <c>IClassFixture</c>. Tests share
/// it and stay apart by a territory of their own. When the class is done, every book in it must still prove itself,
/// except those a test has spoilt on purpose: in these the audit must find something.
/// </summary>
public sealed class TestDatabase(TestCluster cluster) : IAsyncLifetime
{
    private static readonly ConcurrentDictionary<TestCluster, Lazy<Task<string>>> Templates = new();

    private readonly ConcurrentDictionary<TerritoryId, bool> spoilt = new();
    private EmbeddedPostgres server = null!;
    private string name = "";
    private int territories;

    /// <summary>The folder of the migrations, found upwards from where the tests run.</summary>
    public static string Migrations { get; } = FindUpwards("db/migrations");

    /// <summary>The application's way in: signed in as <c>borsellino_app</c>.</summary>
    public Database Db { get; private set; } = null!;

    /// <summary>Signs in as the owner of the tables, who in the tests' cluster is a superuser too.</summary>
    public string OwnerConnection => Unpooled(server.OwnerConnectionString(name));

    /// <summary>Signs in as the application's role, for statements that the application would never send.</summary>
    public string ApplicationConnection => Unpooled(server.ApplicationConnectionString(name));

    /// <summary>Another pool of the application's connections, for tests that need many at once. Dispose it.</summary>
    public Database OpenPool(int connections) => new(new NpgsqlConnectionStringBuilder(server.ApplicationConnectionString(name))
    {
        MaxPoolSize = connections,
    }.ConnectionString);

    public async ValueTask InitializeAsync()
    {
        server = await cluster.ServerAsync();
        name = await cluster.CreateDatabaseAsync(await TemplateAsync(cluster));
        Db = OpenPool(20);
    }

    /// <summary>A territory that no other test of this class uses.</summary>
    public TerritoryId NewTerritory() => new(Interlocked.Increment(ref territories));

    /// <summary>Says that a test has damaged this book on purpose.</summary>
    public void Spoil(TerritoryId territory) => spoilt[territory] = true;

    /// <summary>Runs a statement as the owner, who may do what no application can.</summary>
    public async Task AsOwnerAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(OwnerConnection);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await ProveBooksAsync();
        }
        finally
        {
            await Db.DisposeAsync();
            await cluster.DropDatabaseAsync(name);
        }
    }

    private async Task ProveBooksAsync()
    {
        var audit = new Audit(Db);
        foreach (var territory in await audit.BooksAsync())
        {
            var found = await audit.RunAsync(territory);
            if (found.Count > 0 != spoilt.ContainsKey(territory))
            {
                throw new InvalidOperationException(
                    $"The book of territory {territory} after these tests: "
                    + (found.Count == 0 ? "it was spoilt, and the audit finds nothing." : string.Join("; ", found)));
            }
        }
    }

    /// <summary>Migrated once for the run, then copied: a copy takes some 20 ms, the migrations much longer.</summary>
    private static Task<string> TemplateAsync(TestCluster cluster) =>
        Templates.GetOrAdd(cluster, c => new(() => MigrateTemplateAsync(c))).Value;

    private static async Task<string> MigrateTemplateAsync(TestCluster cluster)
    {
        var template = await cluster.CreateDatabaseAsync();
        var owner = (await cluster.ServerAsync()).OwnerConnectionString(template);
        await Migrator.MigrateAsync(owner, Migrations);
        // The ledger's own tests have a kind of entry that may touch everything.
        await using var connection = new NpgsqlConnection(Unpooled(owner));
        await connection.ExecuteAsync(
            """
            insert into ledger.chart_rule
            select k, code, side from ledger.chart, unnest(array['test', 'reversal', 'odd']) k, unnest(array['Debit', 'Credit']) side
            """);
        return template;
    }

    private static string Unpooled(string connection) =>
        new NpgsqlConnectionStringBuilder(connection) { Pooling = false, NoResetOnClose = false, MaxAutoPrepare = 0 }.ConnectionString;

    private static string FindUpwards(string folder)
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            var found = Path.Combine(at.FullName, folder);
            if (Directory.Exists(found)) return found;
        }

        throw new DirectoryNotFoundException($"There is no {folder} above {AppContext.BaseDirectory}.");
    }
}
