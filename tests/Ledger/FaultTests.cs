using Borsellino.Ledger;
using Npgsql;

namespace Borsellino.Tests.Ledger;

/// <summary>Connections that die under the work: it runs again and is recorded once.</summary>
public sealed class FaultTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_connection_that_dies_during_the_work_is_replaced_and_the_work_is_recorded_once(bool beforePosting)
    {
        var book = await Book.OpenAsync(database);
        var entry = Book.Entry(await book.PurseAsync(100), await book.AccountAsync("shop"), 60);
        var attempts = 0;

        var result = await book.DoAsync<Id<JournalEntry>>(async tx =>
        {
            if (++attempts == 1 && beforePosting) await KillAsync(tx);
            var posted = await book.Ledger.PostAsync(tx, entry);
            if (attempts == 1 && !beforePosting) await KillAsync(tx);
            return posted;
        });

        Assert.Equal((entry.Id, 2), (result.OrThrow(), attempts));
        Assert.Equal(40, await book.BalanceAsync(entry.Transfers[0].Debit));
    }

    [Fact]
    public async Task A_refusal_on_a_dead_connection_is_asked_again()
    {
        var book = await Book.OpenAsync(database);
        var (purse, shop, attempts) = (await book.PurseAsync(100), await book.AccountAsync("shop"), 0);

        var result = await book.DoAsync<Id<JournalEntry>>(async tx =>
        {
            var posted = await book.Ledger.PostAsync(tx, Book.Entry(purse, shop, 101));
            if (++attempts == 1) await KillAsync(tx);
            return posted;
        });

        Assert.True(result.IsRefused(out var refusal) && refusal is InsufficientFunds);
    }

    [Fact]
    public async Task Work_whose_connections_always_die_gives_up_after_five_times_and_leaves_nothing()
    {
        var book = await Book.OpenAsync(database);
        var (purse, shop, attempts) = (await book.PurseAsync(100), await book.AccountAsync("shop"), 0);

        await Assert.ThrowsAnyAsync<NpgsqlException>(() => book.DoAsync<Done>(async tx =>
        {
            attempts++;
            (await book.Ledger.PostAsync(tx, Book.Entry(purse, shop, 10))).OrThrow();
            await KillAsync(tx);
            return default(Done);
        }));

        Assert.Equal(5, attempts);
        Assert.Equal(100, await book.BalanceAsync(purse));
    }

    [Fact]
    public async Task A_mistake_in_the_work_is_not_tried_again_and_leaves_nothing()
    {
        var book = await Book.OpenAsync(database);
        var (purse, shop, attempts) = (await book.PurseAsync(100), await book.AccountAsync("shop"), 0);

        await Assert.ThrowsAsync<PostgresException>(() => book.DoAsync<Done>(async tx =>
        {
            attempts++;
            (await book.Ledger.PostAsync(tx, Book.Entry(purse, shop, 10))).OrThrow();
            await tx.ExecuteAsync("select 1 / 0");
            return default(Done);
        }));

        Assert.Equal(1, attempts);
        Assert.Equal(100, await book.BalanceAsync(purse));
    }

    [Fact]
    public async Task Reading_on_a_pool_whose_connections_were_all_killed_works_again()
    {
        var book = await Book.OpenAsync(database);
        var purse = await book.PurseAsync(100);
        await database.AsOwnerAsync(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");

        Assert.Equal(100, await book.BalanceAsync(purse));
        Assert.True(await book.Db.AnswersAsync(TimeSpan.FromSeconds(5)));
    }

    private async Task KillAsync(Transaction tx)
    {
        var pid = await tx.FindAsync<int>("select pg_backend_pid()");
        await using var connection = new NpgsqlConnection(database.OwnerConnection);
        await connection.OpenAsync(Cancel);
        // The second argument waits until it is gone.
        await using var command = new NpgsqlCommand($"select pg_terminate_backend({pid}, 5000)", connection);
        Assert.True((bool?)await command.ExecuteScalarAsync(Cancel));
    }
}
