using Borsellino.Ledger;
using Borsellino.Tests.Ledger;
using Npgsql;

namespace Borsellino.Tests.Faults;

/// <summary>Statements that take too long, connections that cannot be had, a transaction that somebody forgot.</summary>
[Collection(nameof(Alone))]
public sealed class WaitingTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_statement_that_the_server_cuts_off_leaves_nothing_and_may_be_sent_again()
    {
        await using var hasty = Pool(s => s.Options = "-c statement_timeout=200");
        var book = await Book.OpenAsync(database, hasty);
        var entry = Book.Entry(await book.PurseAsync(100), await book.AccountAsync("shop"), 60);

        await WhileLockedAsync(book, entry.Transfers[0].Debit, async () =>
        {
            var error = await Assert.ThrowsAsync<PostgresException>(() => book.PostAsync(entry));
            Assert.Equal(PostgresErrorCodes.QueryCanceled, error.SqlState);
        });

        Assert.Equal(100, await book.BalanceAsync(entry.Transfers[0].Debit));
        Assert.Null(await book.PostAsync(entry));
        Assert.Equal(40, await book.BalanceAsync(entry.Transfers[0].Debit));
    }

    [Fact]
    public async Task In_a_queue_only_who_waits_for_the_lock_is_cut_off()
    {
        await using var hasty = Pool(s => s.Options = "-c statement_timeout=300");
        var book = await Book.OpenAsync(database, hasty);
        var (busy, free, shop) = (await book.PurseAsync(100), await book.PurseAsync(100), await book.AccountAsync("shop"));
        var late = new Instruction.Post(Book.Entry(busy, shop, 10));
        await using var queue = new PostingQueue(hasty, book.Ledger, writers: 1);

        await WhileLockedAsync(book, busy, async () =>
        {
            var cut = queue.DoAsync(book.Territory, late, Cancel);
            var others = Enumerable.Range(0, 5).Select(_ => queue.DoAsync(book.Territory, new Instruction.Post(Book.Entry(free, shop, 1)), Cancel)).ToList();
            await Assert.ThrowsAsync<PostgresException>(() => cut);
            Assert.All(await Task.WhenAll(others), Assert.Null);
        });

        Assert.Null(await queue.DoAsync(book.Territory, late, Cancel));
        Assert.Equal((90, 95), (await book.BalanceAsync(busy), await book.BalanceAsync(free)));
    }

    [Fact]
    public async Task An_answer_that_does_not_come_in_time_is_asked_for_again()
    {
        await using var hasty = Pool(s => s.CommandTimeout = 1);
        var book = await Book.OpenAsync(database, hasty);
        var entry = Book.Entry(await book.PurseAsync(100), await book.AccountAsync("shop"), 60);
        var second = new TaskCompletionSource();
        var runs = 0;

        Task<Result<Id<JournalEntry>>>? asked = null;
        await WhileLockedAsync(book, entry.Transfers[0].Debit, async () =>
        {
            asked = book.DoAsync<Id<JournalEntry>>(tx =>
            {
                if (Interlocked.Increment(ref runs) == 2) second.TrySetResult();
                return book.Ledger.PostAsync(tx, entry);
            });
            await second.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancel);
        });

        Assert.Equal(entry.Id, (await asked!).OrThrow());
        Assert.Equal(40, await book.BalanceAsync(entry.Transfers[0].Debit));
        Assert.Equal(1, await book.CountAsync("journal_entry") - 1);
    }

    [Fact]
    public async Task Two_connections_serve_two_hundred_callers()
    {
        await using var narrow = Pool(s => s.MaxPoolSize = 2);
        var book = await Book.OpenAsync(database, narrow);
        var (purse, shop) = (await book.PurseAsync(300), await book.AccountAsync("shop"));

        Assert.All(await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => book.PostAsync(purse, shop, 1))), Assert.Null);

        Assert.Equal(100, await book.BalanceAsync(purse));
    }

    [Fact]
    public async Task Whoever_finds_no_free_connection_in_time_is_told_so_and_may_ask_again()
    {
        await using var narrow = Pool(s => (s.MaxPoolSize, s.Timeout) = (1, 1));
        var book = await Book.OpenAsync(database, narrow);
        var entry = Book.Entry(await book.PurseAsync(100), await book.AccountAsync("shop"), 60);

        (await book.DoAsync<Done>(async _ =>
        {
            await Assert.ThrowsAsync<NpgsqlException>(() => book.PostAsync(entry));
            return default(Done);
        })).OrThrow();

        Assert.Null(await book.PostAsync(entry));
        Assert.Equal(40, await book.BalanceAsync(entry.Transfers[0].Debit));
    }

    [Fact]
    public async Task A_server_that_lets_nobody_more_in_and_throws_people_out_is_survived_by_all_who_pay()
    {
        await using var pool = database.OpenPool(20);
        var book = await Book.OpenAsync(database, pool);
        await using var payers = await Payers.StartAsync(book);
        for (var i = 0; i < Effort.Times(3, 100); i++)
        {
            await payers.UntilPaidAsync(100);
            await LimitAsync(1);
            await payers.UntilPaidAsync(10);
            await LimitAsync(-1);
        }

        await payers.UntilPaidAsync(100);
        await payers.AssertTheBookIsRightAsync();
    }

    private Database Pool(Action<NpgsqlConnectionStringBuilder> with)
    {
        var settings = new NpgsqlConnectionStringBuilder(database.ApplicationConnection) { Pooling = true, NoResetOnClose = true };
        with(settings);
        return new(settings.ConnectionString);
    }

    /// <summary>Does something while a transaction on another connection has an account locked and forgets to end.</summary>
    private async Task WhileLockedAsync(Book book, Id<Account> account, Func<Task> work) => (await database.Db.TransactAsync<Done>(
        book.Territory,
        async tx =>
        {
            await Accounts.LockAsync(tx, [account]);
            await work();
            return default(Done);
        },
        Cancel)).OrThrow();

    /// <summary>Lets so many of the application's connections in, and throws out all there are.</summary>
    private Task LimitAsync(int connections) => database.AsOwnerAsync(
        $"""
        do $$
        begin
            execute format('alter database %I connection limit {connections}', current_database());
            perform pg_terminate_backend(pid, 5000) from pg_stat_activity
            where datname = current_database() and usename = 'borsellino_app';
        end $$
        """);
}
