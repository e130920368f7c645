using System.Globalization;
using Borsellino.Ledger;
using Borsellino.Web.Hosting;
using Npgsql;

namespace Borsellino.Benchmarks;

/// <summary>A PostgreSQL of its own with full durability, so that a commit means what it means in earnest.</summary>
internal sealed class BenchCluster : IAsyncDisposable
{
    private const string Name = "bench";
    private readonly string folder;
    private readonly EmbeddedPostgres postgres;

    private BenchCluster(string folder, EmbeddedPostgres postgres) => (this.folder, this.postgres) = (folder, postgres);

    public static async Task<BenchCluster> StartAsync()
    {
        var at = Path.Combine("/tmp", $"borsellino-bench-{Path.GetRandomFileName()[..8]}");
        var cluster = new BenchCluster(at, await EmbeddedPostgres.StartAsync(new(at, Name)));
        await Migrator.MigrateAsync(cluster.Owner, Folders.Migrations);
        return cluster;
    }

    public string Owner => postgres.OwnerConnectionString(Name);
    public string Application => postgres.ApplicationConnectionString(Name);

    /// <summary>Connections for a rival: as many as it may have, statements prepared, nothing reset between uses.</summary>
    public NpgsqlDataSource Connections(int max, string? schema = null) => NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(Owner)
    {
        MaxPoolSize = max,
        SearchPath = schema,
        MaxAutoPrepare = 50,
        AutoPrepareMinUsages = 2,
        NoResetOnClose = true,
    });

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(Owner);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T> AskAsync<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(Owner);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Bytes of write-ahead log since the cluster was made.</summary>
    public Task<decimal> WalAsync() => AskAsync<decimal>("select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')");

    /// <summary>Processor time of the server's processes, those that have ended included; zero where /proc is not there.</summary>
    public TimeSpan ServerTime()
    {
        var pidFile = Directory.EnumerateFiles(folder, "postmaster.pid", SearchOption.AllDirectories).FirstOrDefault();
        if (pidFile is null || !Directory.Exists("/proc/self")) return TimeSpan.Zero;
        var server = File.ReadLines(pidFile).First().Trim();
        long ticks = 0;
        foreach (var process in Directory.EnumerateDirectories("/proc"))
        {
            if (!char.IsAsciiDigit(Path.GetFileName(process)[0])) continue;
            string stat;
            try
            {
                stat = File.ReadAllText(Path.Combine(process, "stat"));
            }
            catch (IOException)
            {
                continue; // It ended while we looked.
            }

            // pid (name) state ppid …; utime, stime, cutime and cstime are fields 14 to 17 (proc(5)).
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            if (Path.GetFileName(process) == server) ticks += Ticks(11) + Ticks(12) + Ticks(13) + Ticks(14);
            else if (fields[1] == server) ticks += Ticks(11) + Ticks(12);

            long Ticks(int field) => long.Parse(fields[field], CultureInfo.InvariantCulture);
        }

        // The clock of these figures runs at 100 to the second on every Linux there is.
        return TimeSpan.FromMilliseconds(ticks * 10);
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await postgres.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
