using System.Diagnostics;
using Borsellino.Ledger;
using Borsellino.Tests.Ledger;
using Borsellino.Web.Hosting;
using Dapper;
using Npgsql;

namespace Borsellino.Tests.Faults;

/// <summary>What is left when the machine is not: a copy of the files with the log, and a dump.</summary>
[Collection(nameof(Harm))]
public sealed class RestoreTests(OwnCluster cluster) : IDisposable
{
    /// <summary>Every account with its totals, and how much of everything there is: two books with the same line are the same.</summary>
    private const string Fingerprint =
        """
        select (select md5(string_agg(concat_ws('/', territory_id, id, debits, credits, debits_held, movements), ',' order by territory_id, id)) from ledger.account)
               || ' ' || (select md5(string_agg(concat_ws('/', territory_id, id, digest), ',' order by territory_id, id)) from ledger.journal_entry)
               || ' ' || (select count(*) || ' ' || sum(debit) || ' ' || sum(credit) from ledger.posting)
        """;

    private readonly string folder = Directory.CreateTempSubdirectory("borsellino-restore-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_copy_and_the_log_give_the_book_back_as_it_was_at_a_named_moment()
    {
        var (copy, archive) = (Path.Combine(folder, "copy"), Path.Combine(folder, "archive"));
        PrivateFolder.Make(copy);
        PrivateFolder.Make(archive);
        await ArchiveAsync(archive);
        var book = await Book.OpenAsync(cluster.Database);
        await using var payers = await Payers.StartAsync(book);

        await payers.UntilPaidAsync(100);
        await CopyAsync(copy);
        await payers.UntilPaidAsync(100);
        var atThePoint = await PointAsync("before", book.Territory);
        await payers.UntilPaidAsync(100);
        await payers.AssertTheBookIsRightAsync();
        await ArchivedAsync(archive);

        var began = Stopwatch.GetTimestamp();
        await AimAsync(copy, archive, "before");
        await using var restored = await EmbeddedPostgres.StartAsync(new(copy, Database: null), Cancel);
        var (owner, application) = (restored.OwnerConnectionString(Name), restored.ApplicationConnectionString(Name));
        await UntilAsync(async () => !await AskAsync<bool>(owner, "select pg_is_in_recovery()"));
        var took = Stopwatch.GetElapsedTime(began);

        Assert.Equal(atThePoint, await AskAsync<string>(owner, Fingerprint));
        await AssertItWorksAsync(application, book.Territory);
        Effort.Say($"restored in {took.TotalSeconds:0.0} s: {atThePoint}");
    }

    [Fact]
    public async Task A_dump_makes_the_same_book_in_an_empty_database()
    {
        await using var from = await WithToolsAsync("from");
        // An empty server takes its time to be made; an empty database shows nearly as much.
        await using var other = Effort.Long ? await WithToolsAsync("to") : null;
        var to = other ?? from;
        var book = await Book.OpenAsync(from.Database);
        await using var payers = await Payers.StartAsync(book);
        await payers.UntilPaidAsync(200);
        await payers.AssertTheBookIsRightAsync();
        await new Seals(book.Db, new HandClock(Book.Morning + NodaTime.Duration.FromDays(2))).SealDueAsync(book.Territory, Cancel);

        var file = Path.Combine(folder, "dump");
        await Shell.MustRunAsync([Tool("pg_dump"), "--format=custom", $"--file={file}", .. At(from)], Cancel);
        var empty = new NpgsqlConnectionStringBuilder(to.Database.OwnerConnection) { Database = "empty" };
        await to.Database.AsOwnerAsync("create database empty template template0");
        await Shell.MustRunAsync([Tool("pg_restore"), "--exit-on-error", "--dbname=empty", .. At(to)[..^1], file], Cancel);

        Assert.Equal(await AskAsync<string>(from.Database.OwnerConnection, Fingerprint), await AskAsync<string>(empty.ConnectionString, Fingerprint));
        Assert.Equal(0, await Migrator.MigrateAsync(empty.ConnectionString, TestDatabase.Migrations, Cancel));
        var application = new NpgsqlConnectionStringBuilder(to.Database.ApplicationConnection) { Database = "empty", Pooling = true };
        await AssertItWorksAsync(application.ConnectionString, book.Territory);
    }

    /// <summary>The audit is clean, and the application pays on.</summary>
    private static async Task AssertItWorksAsync(string application, TerritoryId territory)
    {
        await using var db = new Database(application);
        Assert.Empty(await new Audit(db).RunAsync(territory, Cancel));
        var ledger = new GeneralLedger(new HandClock(Book.Morning + NodaTime.Duration.FromDays(3)));
        var (bank, purse) = (Id<Account>.New(), Id<Account>.New());
        (await db.TransactAsync<Id<JournalEntry>>(territory, async tx =>
        {
            (await ledger.OpenAsync(tx, new NewAccount(bank, "bank", "bank:new"), new NewAccount(purse, "grant", "grant:new"))).OrThrow();
            return await ledger.PostAsync(tx, Book.Entry(bank, purse, 100));
        }, Cancel)).OrThrow();
        Assert.Empty(await new Audit(db).RunAsync(territory, Cancel));
    }

    private string Name => new NpgsqlConnectionStringBuilder(cluster.Database.OwnerConnection).Database!;

    /// <summary>Keeps the log from now on; that needs a new start, which the server's watcher gives it.</summary>
    private async Task ArchiveAsync(string archive)
    {
        await cluster.Database.AsOwnerAsync("alter system set archive_mode = on");
        await cluster.Database.AsOwnerAsync($"alter system set archive_command = 'cp %p {archive}/%f'");
        await cluster.KillServerAsync();
        await cluster.UntilItAnswersAsync();
        Assert.Equal("on", await AskAsync<string>(cluster.Database.OwnerConnection, "select setting from pg_settings where name = 'archive_mode'"));
    }

    /// <summary>Copies the files while they are written to: the log makes them fit together again.</summary>
    private async Task CopyAsync(string copy)
    {
        await using var connection = new NpgsqlConnection(cluster.Database.OwnerConnection);
        await connection.OpenAsync(Cancel);
        await connection.ExecuteAsync("select pg_backup_start('copy', fast => true)");
        var to = Path.Combine(copy, Path.GetFileName(cluster.Folder));
        // Files that vanish meanwhile are named by cp, and are in the log.
        await Shell.RunAsync(["cp", "-a", cluster.Folder, to], Cancel);
        var label = await connection.ExecuteScalarAsync<string>("select labelfile from pg_backup_stop(wait_for_archive => false)");
        await File.WriteAllTextAsync(Path.Combine(to, "backup_label"), label, Cancel);
        File.Delete(Path.Combine(to, "postmaster.pid"));
        Directory.Delete(Path.Combine(to, "pg_wal"), recursive: true);
        PrivateFolder.Make(Path.Combine(to, "pg_wal"));
    }

    /// <summary>Names a moment at which nobody writes, and answers how the books are then.</summary>
    private async Task<string> PointAsync(string name, TerritoryId territory)
    {
        await using var connection = new NpgsqlConnection(cluster.Database.OwnerConnection);
        await connection.OpenAsync(Cancel);
        await using var tx = await connection.BeginTransactionAsync(Cancel);
        // As a period is closed: whoever records an entry shares this lock. Locks on the tables would be taken in another order than
        // a plan that is kept takes its own, and both would wait for each other.
        await connection.ExecuteAsync("select pg_advisory_xact_lock(1, @territory)", new { territory = territory.Value }, tx);
        await connection.ExecuteAsync($"select pg_create_restore_point('{name}')", transaction: tx);
        var books = await connection.ExecuteScalarAsync<string>(Fingerprint, transaction: tx);
        await tx.CommitAsync(Cancel);
        return books!;
    }

    private async Task ArchivedAsync(string archive)
    {
        var last = await AskAsync<string>(cluster.Database.OwnerConnection, "select pg_walfile_name(pg_switch_wal())");
        await UntilAsync(async () => await AskAsync<bool>(
            cluster.Database.OwnerConnection, $"select coalesce(last_archived_wal >= '{last}', false) from pg_stat_archiver"));
        await cluster.Database.AsOwnerAsync("alter system reset archive_command");
        await cluster.Database.AsOwnerAsync("select pg_reload_conf()");
        Assert.True(File.Exists(Path.Combine(archive, last)));
    }

    private async Task AimAsync(string copy, string archive, string name)
    {
        var to = Path.Combine(copy, Path.GetFileName(cluster.Folder));
        await File.WriteAllTextAsync(Path.Combine(to, "recovery.signal"), "", Cancel);
        await File.WriteAllTextAsync(
            Path.Combine(to, "postgresql.auto.conf"),
            $"""
            restore_command = 'cp {archive}/%f %p'
            recovery_target_name = '{name}'
            recovery_target_action = 'promote'

            """,
            Cancel);
    }

    /// <summary>A cluster of the newest PostgreSQL that comes with its tools; skips the test where there is none.</summary>
    private async Task<OwnCluster> WithToolsAsync(string name)
    {
        Assert.SkipWhen(Tools is null, "no pg_dump and pg_restore beside a server: install PostgreSQL 15 or newer");
        var made = new OwnCluster(Path.Combine(folder, name), Tools);
        await made.InitializeAsync();
        return made;
    }

    private static string? Tools { get; } =
        Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").Select(d => Path.Combine(d, "bin"))
                .Where(d => File.Exists(Path.Combine(d, "pg_restore")) && File.Exists(Path.Combine(d, "initdb")) && File.Exists(Path.Combine(d, "pg_dump")))
                .MaxBy(d => d, StringComparer.Ordinal)
            : null;

    private static string Tool(string name) => Path.Combine(Tools!, name);

    private static string[] At(OwnCluster of)
    {
        var address = new NpgsqlConnectionStringBuilder(of.Database.OwnerConnection);
        return ["--host", address.Host!, "--username", address.Username!, address.Database!];
    }

    private static async Task<T> AskAsync<T>(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection($"{connectionString};Pooling=false");
        return (await connection.ExecuteScalarAsync<T>(new CommandDefinition(sql, cancellationToken: Cancel)))!;
    }

    private static async Task UntilAsync(Func<Task<bool>> happened)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        while (!await happened()) await Task.Delay(10, limit.Token);
    }
}
