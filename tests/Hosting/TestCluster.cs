using System.Globalization;
using Borsellino.Tests.Hosting;
using Borsellino.Web.Hosting;
using Npgsql;

[assembly: AssemblyFixture(typeof(TestCluster))]

namespace Borsellino.Tests.Hosting;

/// <summary>
/// The one cluster of a test run: started by the first test that wants a database, stopped and removed at the end.
/// Tests get it as a constructor parameter. It forgets everything in a crash, which makes it fast.
/// </summary>
public sealed class TestCluster : IAsyncDisposable
{
    private readonly string data;
    private readonly Lazy<Task<EmbeddedPostgres>> server;
    private readonly SemaphoreSlim oneAtATime = new(1);
    private int databases;

    public TestCluster()
        : this(Path.Combine("/tmp", $"borsellino-tests-{Path.GetRandomFileName()[..8]}"), durable: false)
    {
    }

    /// <summary>A cluster beside that of the run, for tests that harm it; its folder is removed at the end.</summary>
    internal TestCluster(string data, bool durable, string? binaries = null)
    {
        this.data = data;
        server = new(() => EmbeddedPostgres.StartAsync(new(data, Database: null, durable, binaries)));
    }

    /// <summary>The server, started now if it was not.</summary>
    public Task<EmbeddedPostgres> ServerAsync() => server.Value;

    /// <summary>
    /// Makes a database like <paramref name="template"/>, to which nobody may be connected, and answers its name.
    /// One at a time: two copies at once wait for each other's checkpoint anyway.
    /// </summary>
    public async Task<string> CreateDatabaseAsync(string template = "template0")
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref databases)}");
        await ExecuteAsync(
            $"create database {PostgresName.Quote(name)} template {PostgresName.Quote(template)} strategy file_copy");
        return name;
    }

    /// <summary>Removes a database, whoever is connected to it.</summary>
    public Task DropDatabaseAsync(string name) =>
        ExecuteAsync($"drop database if exists {PostgresName.Quote(name)} with (force)");

    private async Task ExecuteAsync(string sql)
    {
        var postgres = await server.Value;
        await oneAtATime.WaitAsync();
        try
        {
            // A connection of its own: one kept from before may have died with its server.
            await using var connection = new NpgsqlConnection($"{postgres.OwnerConnectionString("postgres")};Pooling=false");
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (server.IsValueCreated)
        {
            NpgsqlConnection.ClearAllPools();
            await (await server.Value).DisposeAsync();
            Directory.Delete(data, recursive: true);
        }

        oneAtATime.Dispose();
    }
}
