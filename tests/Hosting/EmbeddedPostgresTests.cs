using System.Globalization;
using Borsellino.Web.Hosting;
using Npgsql;

namespace Borsellino.Tests.Hosting;

/// <summary>The private cluster: kept, shared, stopped, and up again after every kind of death.</summary>
public sealed class EmbeddedPostgresTests : IDisposable
{
    private readonly string data = Path.Combine("/tmp", $"borsellino-tests-{Path.GetRandomFileName()[..8]}");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private Task<EmbeddedPostgres> StartAsync(bool durable = false) =>
        EmbeddedPostgres.StartAsync(new(data, Durable: durable), Cancel);

    public void Dispose()
    {
        if (Directory.Exists(data)) Directory.Delete(data, recursive: true);
    }

    [Fact]
    public async Task Data_are_kept_from_one_start_to_the_next_and_nothing_runs_between()
    {
        await using (var first = await StartAsync())
        {
            Assert.True(first.StartedHere);
            await AskAsync(first, "create table kept as select 42 as answer");
        }

        Assert.False(File.Exists(LockFile()));

        await using var second = await StartAsync();
        Assert.True(second.StartedHere);
        Assert.Equal("42", await AskAsync(second, "select answer from kept"));
    }

    [Fact]
    public async Task A_second_user_shares_the_server_and_the_last_one_stops_it()
    {
        var first = await StartAsync();
        var second = await StartAsync();
        Assert.True(first.StartedHere);
        Assert.False(second.StartedHere);

        await first.DisposeAsync();
        Assert.Equal("1", await AskAsync(second, "select 1"));

        await second.DisposeAsync();
        Assert.False(File.Exists(LockFile()));
    }

    [Fact]
    public async Task Many_users_at_once_start_one_server()
    {
        var users = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => StartAsync()));
        Assert.Single(users, user => user.StartedHere);
        foreach (var user in users) await user.DisposeAsync();
        Assert.False(File.Exists(LockFile()));
    }

    [Fact]
    public async Task A_killed_server_comes_up_again_by_itself_with_what_was_committed()
    {
        await using var postgres = await StartAsync(durable: true);
        await AskAsync(postgres, "create table kept as select 42 as answer");

        var killed = await ServerPidAsync();
        await KillAsync(killed);

        // A newcomer waits for the recovery and joins the old users.
        await using var newcomer = await StartAsync();
        Assert.False(killed == await ServerPidAsync());
        Assert.False(newcomer.StartedHere);
        Assert.Equal("42", await AskAsync(postgres, "select answer from kept"));
    }

    [Fact]
    public async Task A_server_whose_supervisor_was_killed_is_replaced()
    {
        var postgres = await StartAsync();
        await AskAsync(postgres, "create table kept as select 42 as answer");
        var run = await File.ReadAllTextAsync(Directory.GetFiles(data, "pg*.run").Single(), Cancel);
        await KillAsync(await File.ReadAllTextAsync(Path.Combine(run, "supervisor.pid"), Cancel));

        await using var next = await StartAsync();
        Assert.True(next.StartedHere);
        Assert.Equal("42", await AskAsync(next, "select answer from kept"));
    }

    [Fact]
    public async Task A_stale_lock_file_with_the_number_of_another_program_is_no_obstacle()
    {
        await using (await StartAsync())
        {
            // Only the folders are wanted.
        }

        var own = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        await File.WriteAllTextAsync(LockFile(), $"{own}\n{Path.GetDirectoryName(LockFile())}\n0\n5432\n", Cancel);
        await using var postgres = await StartAsync();
        Assert.True(postgres.StartedHere);
    }

    [Fact]
    public async Task A_folder_without_programs_is_named()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => EmbeddedPostgres.StartAsync(new(data, BinariesFolder: "/nowhere"), Cancel));
        Assert.Contains("'/nowhere'", error.Message, StringComparison.Ordinal);
    }

    private string LockFile() => Path.Combine(
        Directory.GetDirectories(data, "pg*").Single(), "postmaster.pid");

    private async Task<string> ServerPidAsync() => (await File.ReadAllLinesAsync(LockFile(), Cancel))[0].Trim();

    /// <summary>Kills a process and waits until it is dead: a signal is sent in no time and obeyed a moment later.</summary>
    private static async Task KillAsync(string pid)
    {
        await Shell.MustRunAsync(["kill", "-KILL", pid.Trim()], Cancel);
        while (IsAlive()) await Task.Delay(5, Cancel);

        // Whoever is dead and not yet collected has no words any more.
        bool IsAlive()
        {
            try
            {
                return File.ReadAllText($"/proc/{pid.Trim()}/cmdline").Length > 0;
            }
            catch (IOException)
            {
                return false;
            }
        }
    }

    private static async Task<string> AskAsync(EmbeddedPostgres postgres, string sql)
    {
        var address = new NpgsqlConnectionStringBuilder(postgres.OwnerConnectionString()) { Pooling = false };
        await using var connection = new NpgsqlConnection(address.ConnectionString);
        await connection.OpenAsync(Cancel);
        await using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToString(await command.ExecuteScalarAsync(Cancel), CultureInfo.InvariantCulture) ?? "";
    }
}
