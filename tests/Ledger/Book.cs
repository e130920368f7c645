using Borsellino.Ledger;
using Dapper;
using NodaTime;
using Npgsql;

namespace Borsellino.Tests.Ledger;

/// <summary>
/// A book in a territory of its own, with a clock that stands still and short words for what the tests do. It begins
/// in the morning of 15 January 2026, in Italy.
/// </summary>
public sealed class Book
{
    public static readonly Instant Morning = Instant.FromUtc(2026, 1, 15, 9, 0);
    public static readonly LocalDate Day = new(2026, 1, 15);

    private Book(TestDatabase database, Database db, TerritoryId territory)
    {
        (Database, Db, Territory) = (database, db, territory);
        Ledger = new(Clock);
    }

    public TestDatabase Database { get; }
    public Database Db { get; }
    public TerritoryId Territory { get; }
    public HandClock Clock { get; } = new(Morning);
    public GeneralLedger Ledger { get; }

    /// <summary>Opens an empty book; <paramref name="pool"/> replaces the class's own connections.</summary>
    public static async Task<Book> OpenAsync(TestDatabase database, Database? pool = null)
    {
        var book = new Book(database, pool ?? database.Db, database.NewTerritory());
        await book.DoAsync(async tx =>
        {
            await Periods.OpenBookAsync(tx);
            return default(Done);
        });
        return book;
    }

    /// <summary>Runs work in one transaction of this territory.</summary>
    public Task<Result<T>> DoAsync<T>(Func<Transaction, Task<Result<T>>> work) where T : notnull =>
        Db.TransactAsync(Territory, work);

    private Task<Result<Done>> DoAsync(Func<Transaction, Task<Result<Done>>> work) => DoAsync<Done>(work);

    /// <summary>Opens an account of this place in the chart.</summary>
    public async Task<Id<Account>> AccountAsync(string chart, Instant? holdsUntil = null)
    {
        var id = Id<Account>.New();
        (await OpenAsync(new NewAccount(id, chart, $"{chart}:{id}", holdsUntil))).OrThrow();
        return id;
    }

    public Task<Result<Done>> OpenAsync(params NewAccount[] accounts) => DoAsync(tx => Ledger.OpenAsync(tx, accounts));

    /// <summary>A household's money under one programme: an account of kind Liability with this much on it.</summary>
    public async Task<Id<Account>> PurseAsync(long cents, Instant? holdsUntil = null)
    {
        var purse = await AccountAsync("grant", holdsUntil);
        if (cents > 0) Assert.Null(await PostAsync(await AccountAsync("bank"), purse, cents));
        return purse;
    }

    public static JournalEntry Entry(Id<Account> debit, Id<Account> credit, long cents, LocalDate? on = null) =>
        Entry(on ?? Day, new Transfer(debit, credit, new(cents)));

    public static JournalEntry Entry(LocalDate on, params Transfer[] transfers) =>
        new(Id<JournalEntry>.New(), "test", "", on, "tester", "", transfers);

    public Hold Hold(Id<Account> payee, params (Id<Account> Account, long Cents)[] lines) =>
        Hold(payee, Clock.Now + Duration.FromDays(30), lines);

    public static Hold Hold(Id<Account> payee, Instant expiresAt, params (Id<Account> Account, long Cents)[] lines) =>
        new(Id<Hold>.New(), payee, [.. lines.Select(l => new HoldLine(l.Account, new(l.Cents)))], expiresAt, "", "tester", "");

    public static Instruction.Capture Capture(Id<Hold> hold, long? cents = null, RestOfHold rest = RestOfHold.Release) =>
        new(Id<JournalEntry>.New(), hold, cents is { } c ? new Money(c) : null, rest, "delivered", Day, "", "tester", "");

    public static Instruction.Void Void(Id<Hold> hold) => new(Id<HoldEvent>.New(), hold, "tester", "");
    public static Instruction.Expire Expire(Id<Hold> hold) => new(Id<HoldEvent>.New(), hold);

    public Task<Refusal?> PostAsync(Id<Account> debit, Id<Account> credit, long cents, LocalDate? on = null) =>
        PostAsync(Entry(debit, credit, cents, on));

    public Task<Refusal?> PostAsync(JournalEntry entry) => AnswerAsync(tx => Ledger.PostAsync(tx, entry));
    public Task<Refusal?> AuthoriseAsync(Hold hold) => AnswerAsync(tx => Ledger.AuthoriseAsync(tx, hold));
    public Task<Refusal?> CaptureAsync(Instruction.Capture capture) => AnswerAsync(tx => Ledger.CaptureAsync(tx, capture));
    public Task<Refusal?> VoidAsync(Instruction.Void @void) => AnswerAsync(tx => Ledger.VoidAsync(tx, @void));
    public Task<Refusal?> CloseAsync(Id<Account> account) => AnswerAsync(tx => Ledger.CloseAsync(tx, account));
    public async Task<Refusal?> ExpireAsync(Instruction.Expire expire) => (await ListAsync(expire))[0];

    public Task<IReadOnlyList<Id<Hold>>> ExpireDueAsync() => OrThrowAsync(tx => Ledger.ExpireDueAsync(tx));

    /// <summary>Does a list in one transaction; what is accepted is committed, whatever else is refused.</summary>
    public Task<Refusal?[]> ListAsync(params IReadOnlyList<Instruction> instructions) =>
        OrThrowAsync<Refusal?[]>(async tx => await Ledger.DoAsync(tx, instructions));

    /// <summary>Does a list and answers a word for each instruction: <c>done</c> or the refusal's code.</summary>
    public async Task<string> CodesAsync(params IReadOnlyList<Instruction> instructions) =>
        string.Join(' ', (await ListAsync(instructions)).Select(answer => answer?.Code ?? "done"));

    public Task<LocalDate> ClosePeriodAsync(LocalDate through) =>
        OrThrowAsync(tx => new Periods(Clock).CloseAsync(tx, through, "tester"));

    public async Task<Account> AccountOfAsync(Id<Account> id) =>
        await new Accounts(Db).FindAsync(Territory, id) ?? throw new InvalidOperationException($"There is no {id}.");

    public async Task<long> BalanceAsync(Id<Account> id) => (await AccountOfAsync(id)).Balance.Cents;
    public async Task<long> AvailableAsync(Id<Account> id) => (await AccountOfAsync(id)).Available.Cents;

    public async Task<HoldState> HoldOfAsync(Id<Hold> id) =>
        await new Holds(Db).FindAsync(Territory, id) ?? throw new InvalidOperationException($"There is no {id}.");

    /// <summary>What is captured and released of each line of a hold, as <c>captured/released</c>.</summary>
    public async Task<string> LinesAsync(Id<Hold> id) => string.Join(
        " ", (await HoldOfAsync(id)).Lines.Select(l => $"{l.Captured.Cents}/{l.Released.Cents}"));

    /// <summary>Does something while another transaction has an account locked; afterwards the lock is free.</summary>
    public async Task WhileLockedAsync(Id<Account> account, Func<Task> work) => (await DoAsync(async tx =>
    {
        await Accounts.LockAsync(tx, [account]);
        await work();
        return default(Done);
    })).OrThrow();

    /// <summary>Returns as soon as somebody waits for a lock, on a server that runs no other test.</summary>
    public async Task SomebodyWaitsAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!(await Db.ListSharedAsync<bool>(
            "select exists (select from pg_locks where not granted and pid <> pg_backend_pid())", cancel: limit.Token))[0])
        {
            await Task.Yield();
        }
    }

    /// <summary>How many rows of a ledger table this book has.</summary>
    public async Task<long> CountAsync(string table) => (await Db.ListAsync<long>(
        Territory, $"select count(*) from ledger.{table} where territory_id = @territory"))[0];

    /// <summary>Runs statements as the application's role inside this territory and commits.</summary>
    public Task AsApplicationAsync(string sql) => RunRawAsync(Database.ApplicationConnection, sql);

    /// <summary>Runs statements as the owner of the tables and commits.</summary>
    public Task AsOwnerAsync(string sql) => RunRawAsync(Database.OwnerConnection, sql);

    public Task<IReadOnlyList<Disagreement>> AuditAsync() => new Audit(Db).RunAsync(Territory);

    private async Task RunRawAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var tx = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync($"select set_config('app.territory', '{Territory}', true)", transaction: tx);
        await connection.ExecuteAsync(sql, transaction: tx);
        await tx.CommitAsync();
    }

    private async Task<Refusal?> AnswerAsync<T>(Func<Transaction, Task<Result<T>>> work) where T : notnull =>
        (await DoAsync(work)).IsRefused(out var refusal) ? refusal : null;

    private async Task<T> OrThrowAsync<T>(Func<Transaction, Task<Result<T>>> work) where T : notnull =>
        (await DoAsync(work)).OrThrow();
}
