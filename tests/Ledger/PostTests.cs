namespace Borsellino.Tests.Ledger;

/// <summary>Recording entries: what moves, what repeats, and every refusal.</summary>
public sealed class PostTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task An_entry_moves_both_balances()
    {
        var book = await Book.OpenAsync(database);
        var (bank, purse) = (await book.AccountAsync("bank"), await book.AccountAsync("grant"));

        Assert.Null(await book.PostAsync(bank, purse, 1250));

        Assert.Equal(1250, await book.BalanceAsync(bank));
        Assert.Equal(1250, await book.BalanceAsync(purse));
    }
}
