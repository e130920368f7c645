using Borsellino.Ledger;
using NodaTime;

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

    [Fact]
    public async Task The_same_entry_again_changes_nothing()
    {
        var book = await Book.OpenAsync(database);
        var entry = Book.Entry(await book.AccountAsync("bank"), await book.AccountAsync("grant"), 500);

        Assert.Null(await book.PostAsync(entry));
        Assert.Null(await book.PostAsync(entry));

        Assert.Equal(500, await book.BalanceAsync(entry.Transfers[0].Credit));
        Assert.Equal(1, await book.CountAsync("journal_entry"));
    }

    [Fact]
    public async Task The_same_entry_is_recognised_even_where_it_could_no_longer_be_recorded()
    {
        var book = await Book.OpenAsync(database);
        var (purse, shop) = (await book.PurseAsync(500), await book.AccountAsync("shop"));
        var payment = Book.Entry(purse, shop, 500);
        Assert.Null(await book.PostAsync(payment));
        Assert.Null(await book.CloseAsync(purse));
        book.Clock.Advance(Duration.FromDays(2));
        await book.ClosePeriodAsync(Book.Day);

        Assert.Null(await book.PostAsync(payment));
    }

    public static TheoryData<string> OtherContents => ["kind", "reference", "day", "actor", "memo", "amount", "order", "reverses"];

    [Theory, MemberData(nameof(OtherContents))]
    public async Task The_same_id_with_another_content_is_refused(string other)
    {
        var book = await Book.OpenAsync(database);
        var (bank, a, b) = (await book.AccountAsync("bank"), await book.AccountAsync("grant"), await book.AccountAsync("grant"));
        Transfer[] transfers = [new(bank, a, new(100)), new(bank, b, new(200))];
        var first = Book.Entry(Book.Day, transfers);
        var earlier = Book.Entry(bank, a, 1);
        Assert.Null(await book.PostAsync(earlier));
        Assert.Null(await book.PostAsync(first));

        var second = new JournalEntry(
            first.Id, other == "kind" ? "other" : first.Kind, other == "reference" ? "other" : first.Reference,
            other == "day" ? Book.Day.PlusDays(1) : Book.Day, other == "actor" ? "other" : first.Actor,
            other == "memo" ? "other" : first.Memo,
            other == "amount" ? [new(bank, a, new(101)), transfers[1]] : other == "order" ? [.. transfers.Reverse()] : transfers,
            other == "reverses" ? earlier.Id : null);

        Assert.Equal(new EntryIdReused(first.Id), await book.PostAsync(second));
        Assert.Equal(101, await book.BalanceAsync(a));
    }

    [Fact]
    public async Task A_refused_entry_leaves_nothing_and_its_id_stays_free()
    {
        var book = await Book.OpenAsync(database);
        var (purse, shop) = (await book.PurseAsync(100), await book.AccountAsync("shop"));
        var payment = Book.Entry(purse, shop, 101);

        Assert.Equal(new InsufficientFunds(purse, new(100), new(101)), await book.PostAsync(payment));
        Assert.Null(await new Statements(book.Db).EntryAsync(book.Territory, payment.Id, TestContext.Current.CancellationToken));

        Assert.Null(await book.PostAsync(await book.AccountAsync("bank"), purse, 1));
        Assert.Null(await book.PostAsync(payment));
        Assert.Equal(0, await book.BalanceAsync(purse));
    }

    [Fact]
    public async Task A_liability_may_be_emptied_but_not_overdrawn()
    {
        var book = await Book.OpenAsync(database);
        var (purse, shop) = (await book.PurseAsync(100), await book.AccountAsync("shop"));

        Assert.Null(await book.PostAsync(purse, shop, 100));
        Assert.Equal(new InsufficientFunds(purse, Money.Zero, new(1)), await book.PostAsync(purse, shop, 1));
    }

    [Fact]
    public async Task An_asset_cannot_pay_what_it_does_not_hold()
    {
        var book = await Book.OpenAsync(database);
        var (bank, purse) = (await book.AccountAsync("bank"), await book.PurseAsync(1000));
        Assert.Null(await book.PostAsync(bank, purse, 100));

        Assert.Equal(new InsufficientFunds(bank, new(100), new(101)), await book.PostAsync(purse, bank, 101));
        Assert.Null(await book.PostAsync(purse, bank, 100));
    }

    [Fact]
    public async Task Expenses_and_income_have_no_floor()
    {
        var book = await Book.OpenAsync(database);
        var (bank, fees, income) = (await book.AccountAsync("bank"), await book.AccountAsync("fees"), await book.AccountAsync("platform_fee"));

        Assert.Null(await book.PostAsync(bank, income, 100));
        Assert.Null(await book.PostAsync(income, fees, 300));
        Assert.Null(await book.PostAsync(bank, fees, 50));
        Assert.Equal(-200, await book.BalanceAsync(income));
        Assert.Equal(-350, await book.BalanceAsync(fees));
    }

    [Fact]
    public async Task An_entry_is_judged_by_what_it_does_in_all_to_each_account()
    {
        var book = await Book.OpenAsync(database);
        var (bank, purse, shop) = (await book.AccountAsync("bank"), await book.PurseAsync(0), await book.AccountAsync("shop"));

        // The purse pays before it is paid, within one entry.
        var through = Book.Entry(Book.Day, new(purse, shop, new(300)), new(bank, purse, new(300)));
        Assert.Null(await book.PostAsync(through));
        Assert.Equal(0, await book.BalanceAsync(purse));

        var tooMuch = Book.Entry(Book.Day, new(bank, purse, new(300)), new(purse, shop, new(200)), new(purse, shop, new(101)));
        Assert.Equal(new InsufficientFunds(purse, Money.Zero, new(1)), await book.PostAsync(tooMuch));
    }

    [Fact]
    public async Task Transfers_of_one_account_and_side_become_one_posting()
    {
        var book = await Book.OpenAsync(database);
        var (bank, a, b) = (await book.AccountAsync("bank"), await book.AccountAsync("grant"), await book.AccountAsync("grant"));
        var entry = Book.Entry(Book.Day, new(bank, a, new(1)), new(bank, b, new(2)), new(bank, a, new(4)));
        Assert.Null(await book.PostAsync(entry));

        var recorded = await new Statements(book.Db).EntryAsync(book.Territory, entry.Id, TestContext.Current.CancellationToken);

        Assert.Equal(
            [(bank, 7, 0), (a, 0, 5), (b, 0, 2)], recorded!.Legs.Select(l => (l.AccountId, l.Debit.Cents, l.Credit.Cents)));
        Assert.Equal([7, 5, 2], recorded.Legs.Select(l => l.BalanceAfter.Cents));
        Assert.Equal((Book.Morning, Book.Day, "tester"), (recorded.Head.RecordedAt, recorded.Head.EffectiveOn, recorded.Head.Actor));
    }

    [Fact]
    public async Task Unknown_accounts_are_refused_on_either_side()
    {
        var book = await Book.OpenAsync(database);
        var (bank, nowhere) = (await book.AccountAsync("bank"), Id<Account>.New());

        Assert.Equal(new AccountNotFound(nowhere), await book.PostAsync(bank, nowhere, 1));
        Assert.Equal(new AccountNotFound(nowhere), await book.PostAsync(nowhere, bank, 1));
    }

    [Fact]
    public async Task An_account_of_another_territory_is_unknown()
    {
        var (here, there) = (await Book.OpenAsync(database), await Book.OpenAsync(database));
        var (bank, purse) = (await here.AccountAsync("bank"), await there.AccountAsync("grant"));

        Assert.Equal(new AccountNotFound(purse), await here.PostAsync(bank, purse, 1));
    }

    [Fact]
    public async Task The_same_id_in_two_territories_is_two_entries()
    {
        var (here, there) = (await Book.OpenAsync(database), await Book.OpenAsync(database));
        var (bank, purse) = (new NewAccount(Id<Account>.New(), "bank", "bank"), new NewAccount(Id<Account>.New(), "grant", "purse"));
        foreach (var book in (Book[])[here, there]) (await book.OpenAsync(bank, purse)).OrThrow();
        var entry = Book.Entry(bank.Id, purse.Id, 10);

        Assert.Null(await here.PostAsync(entry));
        Assert.Equal(0, await there.BalanceAsync(purse.Id));
        Assert.Null(await there.PostAsync(entry));
        Assert.Equal((10, 10), (await here.BalanceAsync(purse.Id), await there.BalanceAsync(purse.Id)));
    }

    [Fact]
    public async Task Closed_accounts_are_refused_on_either_side()
    {
        var book = await Book.OpenAsync(database);
        var (bank, closed) = (await book.AccountAsync("bank"), await book.AccountAsync("grant"));
        Assert.Null(await book.CloseAsync(closed));

        Assert.Equal(new AccountClosed(closed), await book.PostAsync(bank, closed, 1));
        Assert.Equal(new AccountClosed(closed), await book.PostAsync(closed, bank, 1));
    }

    [Fact]
    public async Task A_reversal_names_an_entry_that_exists()
    {
        var book = await Book.OpenAsync(database);
        var (bank, purse) = (await book.AccountAsync("bank"), await book.AccountAsync("grant"));
        var wrong = Book.Entry(bank, purse, 100);
        var back = new JournalEntry(
            Id<JournalEntry>.New(), "reversal", "", Book.Day, "tester", "", [new(purse, bank, new(100))], wrong.Id);

        Assert.Equal(new EntryNotFound(wrong.Id), await book.PostAsync(back));
        Assert.Equal("done done", await book.CodesAsync(new Instruction.Post(wrong), new Instruction.Post(back)));
        Assert.Equal(0, await book.BalanceAsync(purse));
        var recorded = await new Statements(book.Db).EntryAsync(book.Territory, back.Id, TestContext.Current.CancellationToken);
        Assert.Equal(wrong.Id, recorded!.Head.Reverses);
    }

    [Fact]
    public async Task What_follows_a_refusal_in_the_same_transaction_is_not_committed_with_it()
    {
        var book = await Book.OpenAsync(database);
        var (bank, purse, shop) = (await book.AccountAsync("bank"), await book.PurseAsync(0), await book.AccountAsync("shop"));

        var result = await book.DoAsync<Done>(async tx =>
        {
            (await book.Ledger.PostAsync(tx, Book.Entry(bank, purse, 100))).OrThrow();
            if ((await book.Ledger.PostAsync(tx, Book.Entry(purse, shop, 101))).IsRefused(out var refusal)) return refusal;
            return default(Done);
        });

        Assert.True(result.IsRefused(out var why) && why is InsufficientFunds { Available.Cents: 100 });
        Assert.Equal(0, await book.BalanceAsync(purse));
    }

    [Fact]
    public async Task A_territory_without_a_book_is_a_mistake()
    {
        var territory = database.NewTerritory();
        await Assert.ThrowsAsync<InvalidOperationException>(() => database.Db.TransactAsync<Id<JournalEntry>>(
            territory, tx => new GeneralLedger(new HandClock(Book.Morning)).PostAsync(tx, Book.Entry(Id<Account>.New(), Id<Account>.New(), 1)),
            TestContext.Current.CancellationToken));
    }
}
