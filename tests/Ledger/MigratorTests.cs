using Borsellino.Ledger;
using Borsellino.Tests.Hosting;
using Dapper;
using Npgsql;

namespace Borsellino.Tests.Ledger;

/// <summary>Migrations: in order, once, whole or not at all.</summary>
public sealed class MigratorTests(TestCluster cluster) : IAsyncLifetime
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("borsellino-migrations-");
    private string name = "";
    private string owner = "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        name = await cluster.CreateDatabaseAsync();
        owner = new NpgsqlConnectionStringBuilder((await cluster.ServerAsync()).OwnerConnectionString(name)) { Pooling = false }.ConnectionString;
        Write("0001_first.sql", "create table first (n int); insert into first values (1);");
        Write("0002_second.sql", "create table second (n int); insert into first values (2);");
    }

    public async ValueTask DisposeAsync()
    {
        folder.Delete(recursive: true);
        await cluster.DropDatabaseAsync(name);
    }

    private void Write(string file, string sql) => File.WriteAllText(Path.Combine(folder.FullName, file), sql);

    private Task<int> MigrateAsync() => Migrator.MigrateAsync(owner, folder.FullName, Cancel);

    private async Task<string> TellAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(owner);
        return await connection.ExecuteScalarAsync<string>(new CommandDefinition(sql, cancellationToken: Cancel)) ?? "";
    }

    private Task<string> AppliedAsync() => TellAsync("select string_agg(name, ' ' order by name) from migration.applied");

    [Fact]
    public async Task Files_are_applied_in_order_and_once()
    {
        Assert.Equal(2, await MigrateAsync());
        Assert.Equal(0, await MigrateAsync());
        Write("0003_third.sql", "insert into first values (3);");
        Assert.Equal(1, await MigrateAsync());
        Assert.Equal("1 2 3", await TellAsync("select string_agg(n::text, ' ') from first"));
    }

    [Fact]
    public async Task A_file_changed_after_it_was_applied_stops_everything()
    {
        await MigrateAsync();
        Write("0001_first.sql", "create table first (n bigint);");
        Write("0003_third.sql", "insert into first values (3);");

        var error = await Assert.ThrowsAsync<InvalidOperationException>(MigrateAsync);
        Assert.Contains("0001_first.sql", error.Message, StringComparison.Ordinal);
        Assert.Equal("0001_first.sql 0002_second.sql", await AppliedAsync());
    }

    [Fact]
    public async Task A_database_that_is_newer_than_the_files_is_left_alone()
    {
        await MigrateAsync();
        File.Delete(Path.Combine(folder.FullName, "0002_second.sql"));

        var error = await Assert.ThrowsAsync<InvalidOperationException>(MigrateAsync);
        Assert.Contains("0002_second.sql", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failing_file_leaves_nothing_and_those_before_it_stay()
    {
        Write("0003_third.sql", "insert into first values (3); create table third (n int); select 1 / 0;");

        var error = await Assert.ThrowsAsync<InvalidOperationException>(MigrateAsync);
        Assert.Contains("0003_third.sql", error.Message, StringComparison.Ordinal);
        Assert.Contains("division by zero", error.Message, StringComparison.Ordinal);
        Assert.Equal("0001_first.sql 0002_second.sql", await AppliedAsync());
        Assert.Equal("1 2", await TellAsync("select string_agg(n::text, ' ') from first"));
        Assert.Equal("", await TellAsync("select to_regclass('third')::text"));

        Write("0003_third.sql", "insert into first values (3);");
        Assert.Equal(1, await MigrateAsync());
    }

    [Fact]
    public async Task Two_at_once_wait_for_each_other()
    {
        var applied = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => MigrateAsync()));
        Assert.Equal(2, applied.Sum());
        Assert.Equal("1 2", await TellAsync("select string_agg(n::text, ' ') from first"));
    }

    [Fact]
    public async Task A_folder_without_migrations_is_a_mistake()
    {
        foreach (var file in folder.GetFiles()) file.Delete();
        await Assert.ThrowsAsync<InvalidOperationException>(MigrateAsync);
    }
}
