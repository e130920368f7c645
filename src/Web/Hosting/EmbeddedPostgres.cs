using System.Globalization;
using Npgsql;

namespace Borsellino.Web.Hosting;

/// <summary>Where the private cluster lives and how careful it is.</summary>
/// <param name="DataFolder">The cluster becomes <c>pg18</c> (or another major version) in this folder.</param>
/// <param name="Database">Created if missing; null for none.</param>
/// <param name="Durable">False only for tests: a crash of the machine may then lose the whole cluster.</param>
/// <param name="BinariesFolder">The folder of <c>postgres</c> and <c>initdb</c>; null to look for it.</param>
public sealed record EmbeddedPostgresOptions(
    string DataFolder, string? Database = "borsellino", bool Durable = true, string? BinariesFolder = null);

/// <summary>
/// A private PostgreSQL cluster for one machine, without a network port: reached only through a socket in a folder
/// that nobody else may enter. Several processes may use one cluster at once: the first starts it, the last stops it,
/// and it stops also when they die.
/// </summary>
public sealed class EmbeddedPostgres : IAsyncDisposable
{
    /// <summary>The superuser of the cluster, who owns the tables and runs the migrations.</summary>
    public const string Owner = "borsellino_owner";

    /// <summary>The user the application works as; the migrations create it.</summary>
    public const string Application = "borsellino_app";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20);

    private readonly ClusterFolder files;
    private readonly string runFolder;
    private FileStream? holding;

    private EmbeddedPostgres(ClusterFolder folder, string run, FileStream? hold, bool startedHere) =>
        (files, runFolder, holding, StartedHere) = (folder, run, hold, startedHere);

    /// <summary>False if a server was already up, for another process, and is shared with it.</summary>
    public bool StartedHere { get; }

    /// <summary>The major version of the server.</summary>
    public int Major => files.Major;

    /// <summary>
    /// Makes the cluster if there is none, starts its server if it is not up, and waits until it answers. Throws a
    /// sentence for people if there is no PostgreSQL or it does not come up within a minute.
    /// </summary>
    public static async Task<EmbeddedPostgres> StartAsync(
        EmbeddedPostgresOptions options, CancellationToken cancel = default)
    {
        if (OperatingSystem.IsWindows())
            throw new InvalidOperationException(
                "The embedded PostgreSQL needs Linux or macOS: use WSL, or give a running server with --connection.");

        var binaries = await PostgresBinaries.FindAsync(options.BinariesFolder, cancel);
        var folder = new ClusterFolder(Path.GetFullPath(options.DataFolder), binaries.Major);
        PrivateFolder.Make(folder.Data);

        // One at a time from here: two processes that both find no server must not both start one.
        using var turn = await FileTurn.TakeAsync(folder.TurnFile, Patience, cancel);
        var postgres = await JoinAsync(folder, cancel)
            ?? await StartAsync(folder, binaries, options.Durable, cancel);
        try
        {
            if (options.Database is { } database) await postgres.CreateIfMissingAsync(database, cancel);
            return postgres;
        }
        catch
        {
            postgres.holding?.Dispose();
            throw;
        }
    }

    /// <summary>How the owner reaches a database: for migrations and for making databases.</summary>
    public string OwnerConnectionString(string database = "borsellino") =>
        ConnectionString(runFolder, Owner, database);

    /// <summary>How the application reaches a database, with the settings its speed was measured with.</summary>
    public string ApplicationConnectionString(string database = "borsellino") =>
        new NpgsqlConnectionStringBuilder(ConnectionString(runFolder, Application, database))
        {
            MaxPoolSize = 40,
            MaxAutoPrepare = 50,
            NoResetOnClose = true,
        }.ConnectionString;

    /// <summary>Lets the server go. If nobody else uses it, it is stopped, and is down when this ends.</summary>
    public async ValueTask DisposeAsync()
    {
        if (holding is null) return;
        using var turn = await FileTurn.TakeAsync(files.TurnFile, Patience, CancellationToken.None);
        holding.Dispose();
        holding = null;
        if (IsShared()) return;

        // The last act of the supervisor is to remove the run folder.
        await UntilAsync(
            () => Task.FromResult(!Directory.Exists(runFolder)), "PostgreSQL did not stop", CancellationToken.None);
    }

    /// <summary>Every user of the server shares a lock on the pipe; it can be had alone only when they are gone.</summary>
    private bool IsShared()
    {
        try
        {
            using var alone = new FileStream(
                ServerSupervisor.Pipe(runFolder), FileMode.Open, FileAccess.ReadWrite, FileShare.None, 0);
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (DirectoryNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>Joins the users of a server that is up or coming up; null if there is none.</summary>
    private static async Task<EmbeddedPostgres?> JoinAsync(ClusterFolder folder, CancellationToken cancel)
    {
        if (await folder.RunFolderAsync(cancel) is not { } run) return null;

        var hold = TakeHold(run);
        var answers = false;
        await UntilAsync(
            async () =>
            {
                // Without its pipe the server is on its way down, even if it still answers.
                if (!await ServerSupervisor.IsAliveAsync(run, cancel)) return true;
                answers = File.Exists(ServerSupervisor.Pipe(run)) && await AnswersAsync(run, cancel);
                return answers;
            },
            "PostgreSQL is there but does not answer",
            cancel);
        if (answers && hold is not null) return new(folder, run, hold, startedHere: false);

        hold?.Dispose();
        return null;
    }

    /// <summary>Opens the pipe to read and write, which does not wait for a reader and counts as a writer.</summary>
    private static FileStream? TakeHold(string run)
    {
        try
        {
            return new(ServerSupervisor.Pipe(run), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, 0);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private static async Task<EmbeddedPostgres> StartAsync(
        ClusterFolder folder, PostgresBinaries binaries, bool durable, CancellationToken cancel)
    {
        var user = await ServerUser.ForAsync(folder.Cluster, cancel);
        await folder.CreateClusterAsync(binaries, user, Owner, durable, cancel);
        await folder.ClearLeftOversAsync(cancel);

        var run = await folder.NewRunFolderAsync(cancel);
        await user.GiveAsync(run, cancel);
        await Shell.MustRunAsync(["mkfifo", "-m", "600", ServerSupervisor.Pipe(run)], cancel);
        var hold = TakeHold(run)!;
        try
        {
            string[] command = [.. user.Prefix, binaries.Server, "-D", folder.Cluster, .. Settings(run, durable)];
            await ServerSupervisor.StartAsync(run, folder.Log, command, cancel);
            await UntilAsync(
                async () =>
                {
                    if (await AnswersAsync(run, cancel)) return true;
                    if (await ServerSupervisor.IsAliveAsync(run, cancel)) return false;
                    throw new InvalidOperationException(
                        $"PostgreSQL could not be started. The end of its log, {folder.Log}, says:"
                        + Environment.NewLine + await folder.EndOfLogAsync(cancel));
                },
                "PostgreSQL does not come up",
                cancel);
            ServerSupervisor.CameUp(run);
            return new(folder, run, hold, startedHere: true);
        }
        catch
        {
            hold.Dispose();
            throw;
        }
    }

    private static string[] Settings(string run, bool durable)
    {
        List<string> settings =
        [
            "listen_addresses=",
            $"unix_socket_directories={run}",
            "unix_socket_permissions=0700",
            "max_connections=120",
            "shared_buffers=256MB",
            "timezone=UTC",
            "log_timezone=UTC",
            // Every query here is short: compiling it costs more than running it.
            "jit=off",
            // Pages lie in memory or on a disk that does not turn: one looked up by its key costs about what the next one costs.
            "random_page_cost=1.1",
            // A server that begins anew by itself after a crash waits for ever when its recovery then fails, as on a full disk
            // (seen with 18.4): it is to end instead, and who watches it starts it afresh.
            "restart_after_crash=off",
            // Statements and their values may hold personal data, which no log may.
            "log_error_verbosity=terse",
            "log_min_error_statement=panic",
            "log_parameter_max_length_on_error=0",
        ];
        if (!durable) settings.AddRange(["fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off"]);
        return [.. settings.SelectMany(setting => (string[])["-c", setting])];
    }

    private static string ConnectionString(string run, string user, string database) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = run,
            Username = user,
            Database = database,
            ApplicationName = "borsellino",
        }.ConnectionString;

    private static async Task<bool> AnswersAsync(string run, CancellationToken cancel)
    {
        try
        {
            await using var connection = await ConnectAsync(run, cancel);
            await using var command = new NpgsqlCommand("select 1", connection);
            await command.ExecuteScalarAsync(cancel);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private static async Task<NpgsqlConnection> ConnectAsync(string run, CancellationToken cancel)
    {
        var address = new NpgsqlConnectionStringBuilder(ConnectionString(run, Owner, "postgres")) { Pooling = false };
        var connection = new NpgsqlConnection(address.ConnectionString);
        try
        {
            await connection.OpenAsync(cancel);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private async Task CreateIfMissingAsync(string database, CancellationToken cancel)
    {
        await using var connection = await ConnectAsync(runFolder, cancel);
        await using var find = new NpgsqlCommand("select 1 from pg_database where datname = @name", connection);
        find.Parameters.AddWithValue("name", database);
        if (await find.ExecuteScalarAsync(cancel) is not null) return;

        await using var create = new NpgsqlCommand($"create database {PostgresName.Quote(database)}", connection);
        await create.ExecuteNonQueryAsync(cancel);
    }

    private static async Task UntilAsync(Func<Task<bool>> happened, string otherwise, CancellationToken cancel)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await happened())
        {
            if (TimeProvider.System.GetElapsedTime(started) > Patience)
                throw new TimeoutException(string.Create(
                    CultureInfo.InvariantCulture, $"{otherwise}: waited {Patience.TotalSeconds} seconds."));
            await Task.Delay(Glance, cancel);
        }
    }
}
