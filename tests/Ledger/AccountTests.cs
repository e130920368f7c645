using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Tests.Ledger;

/// <summary>Opening and closing accounts, and reading them.</summary>
public sealed class AccountTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_account_opened_again_is_the_same_and_another_content_is_refused()
    {
        var book = await Book.OpenAsync(database);
        var purse = new NewAccount(Id<Account>.New(), "grant", "grant:1", Book.Morning + Duration.FromDays(30));
        (await book.OpenAsync(purse)).OrThrow();
        (await book.OpenAsync(purse)).OrThrow();

        foreach (var other in (NewAccount[])[purse with { Name = "grant:2" }, purse with { Chart = "shop" }])
        {
            Assert.True((await book.OpenAsync(other)).IsRefused(out var refusal));
            Assert.Equal(new AccountIdReused(purse.Id), refusal);
        }

        var account = await book.AccountOfAsync(purse.Id);
        Assert.Equal(
            new(purse.Id, "grant", AccountKind.Liability, "grant:1", Money.Zero, Money.Zero, Money.Zero, purse.HoldsUntil, null), account);
    }

    [Fact]
    public async Task One_reused_id_in_a_list_of_new_accounts_leaves_none()
    {
        var book = await Book.OpenAsync(database);
        var (known, fresh) = (new NewAccount(Id<Account>.New(), "grant", "grant:1"), new NewAccount(Id<Account>.New(), "grant", "grant:2"));
        (await book.OpenAsync(known)).OrThrow();

        Assert.True((await book.OpenAsync(fresh, known with { Name = "other" })).IsRefused(out _));
        Assert.Null(await new Accounts(book.Db).FindAsync(book.Territory, fresh.Id, Cancel));
        Assert.True((await book.OpenAsync(fresh, fresh with { Name = "other" })).IsRefused(out _));
    }

    [Fact]
    public async Task A_place_that_the_chart_does_not_have_is_a_mistake()
    {
        var book = await Book.OpenAsync(database);
        await Assert.ThrowsAsync<ArgumentException>(() => book.OpenAsync(new NewAccount(Id<Account>.New(), "nonsense", "x")));
    }

    [Fact]
    public async Task Ten_thousand_accounts_are_opened_at_once_and_not_one_more()
    {
        var book = await Book.OpenAsync(database);
        NewAccount[] many = [.. Enumerable.Range(0, GeneralLedger.InstructionsMax + 1).Select(i => new NewAccount(Id<Account>.New(), "grant", $"grant:{i}"))];

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => book.OpenAsync(many));
        (await book.OpenAsync(many[1..])).OrThrow();
        (await book.OpenAsync()).OrThrow();
        Assert.Equal(GeneralLedger.InstructionsMax, await book.CountAsync("account"));
    }

    [Fact]
    public async Task Only_an_empty_account_is_closed_and_closing_repeats()
    {
        var book = await Book.OpenAsync(database);
        var (purse, shop, nowhere) = (await book.PurseAsync(100), await book.AccountAsync("shop"), Id<Account>.New());
        var hold = book.Hold(shop, (purse, 100));
        Assert.Null(await book.AuthoriseAsync(hold));

        Assert.Equal(new AccountNotFound(nowhere), await book.CloseAsync(nowhere));
        Assert.Equal(new AccountNotEmpty(purse, new(100)), await book.CloseAsync(purse));
        Assert.Null(await book.CaptureAsync(Book.Capture(hold.Id)));
        Assert.Null(await book.CloseAsync(purse));
        var closed = await book.AccountOfAsync(purse);
        book.Clock.Advance(Duration.FromHours(1));
        Assert.Null(await book.CloseAsync(purse));
        Assert.Equal(closed, await book.AccountOfAsync(purse));
        Assert.Equal(Book.Morning, closed.ClosedAt);
    }

    [Fact]
    public async Task Accounts_are_listed_by_their_place_in_the_chart()
    {
        var book = await Book.OpenAsync(database);
        Id<Account>[] ids = [Id<Account>.New(), Id<Account>.New(), Id<Account>.New()];
        (await book.OpenAsync(new(ids[0], "shop", "c"), new(ids[1], "shop", "a"), new NewAccount(ids[2], "grant", "b"))).OrThrow();

        var accounts = new Accounts(book.Db);
        Assert.Equal(["a", "c"], (await accounts.OfChartAsync(book.Territory, "shop", cancel: Cancel)).Select(a => a.Name));
        Assert.Equal(["c"], (await accounts.OfChartAsync(book.Territory, "shop", limit: 1, offset: 1, cancel: Cancel)).Select(a => a.Name));
        Assert.Empty(await accounts.OfChartAsync(database.NewTerritory(), "shop", cancel: Cancel));
        (await book.DoAsync<Done>(async tx =>
        {
            Assert.Equal([ids[0]], (await Accounts.AsOfNowAsync(tx, [ids[0], Id<Account>.New()])).Keys);
            Assert.Equal(3, (await Accounts.LockAsync(tx, ids)).Count);
            return default(Done);
        })).OrThrow();
    }
}
