using Borsellino.Ledger;
using Borsellino.Tests.Ledger;

namespace Borsellino.Tests.Faults;

/// <summary>A connection whose server has forgotten what the driver prepared on it, as a pooler or a failed batch leaves it.</summary>
public sealed class ForgottenStatementTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    // Often enough that the driver prepares what it is asked.
    private const int Often = 5;

    [Fact]
    public async Task An_entry_is_recorded_on_another_connection()
    {
        await using var pool = database.OpenPool(connections: 1);
        var book = await Book.OpenAsync(database, pool);
        var (purse, shop) = (await book.PurseAsync(100), await book.AccountAsync("shop"));
        for (var i = 0; i < Often; i++) Assert.Null(await book.PostAsync(Book.Entry(purse, shop, 1)));

        await ForgetAsync(pool, book.Territory);

        Assert.Null(await book.PostAsync(Book.Entry(purse, shop, 10)));
        Assert.Equal(100 - Often - 10, await book.BalanceAsync(purse));
    }

    [Fact]
    public async Task A_question_is_asked_on_another_connection()
    {
        await using var pool = database.OpenPool(connections: 1);
        var territory = database.NewTerritory();
        for (var i = 0; i < Often; i++) Assert.Equal(7, await pool.FindAsync<int>(territory, "select 7"));

        await ForgetAsync(pool, territory);

        Assert.Equal(7, await pool.FindAsync<int>(territory, "select 7"));
    }

    private static async Task ForgetAsync(Database pool, TerritoryId territory) => await pool.ExecuteAsync(territory, "deallocate all");
}
