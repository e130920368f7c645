using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Tests.Ledger;

/// <summary>Statements of one account and the trial balance of all, at any day, with entries that came late.</summary>
public sealed class StatementTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly LocalDate Monday = new(2026, 1, 5);

    private static async Task<string> TellAsync(Book book, Id<Account> account, LocalDate from, LocalDate to)
    {
        var statement = await new Statements(book.Db).OfAsync(
            book.Territory, account, from, to, cancel: TestContext.Current.CancellationToken);
        var lines = statement!.Lines.Select(
            l => $"{l.EffectiveOn.Day}:{(l.Debit.IsZero ? "+" + l.Credit.Cents : "-" + l.Debit.Cents)}={l.Balance.Cents}");
        Assert.False(statement.IsCut);
        Assert.Equal(account, statement.Account.Id);
        return string.Join(' ', [$"{statement.Opening.Cents}", .. lines, $"{statement.Closing.Cents}"]);
    }

    private async Task<(Book Book, Id<Account> Bank, Id<Account> Purse, Id<Account> Shop)> WeekAsync()
    {
        var book = await Book.OpenAsync(database);
        var (bank, purse, shop) = (await book.AccountAsync("bank"), await book.AccountAsync("grant"), await book.AccountAsync("shop"));
        Assert.Null(await book.PostAsync(bank, purse, 1000, Monday));
        Assert.Null(await book.PostAsync(purse, shop, 200, Monday.PlusDays(2)));
        Assert.Null(await book.PostAsync(purse, shop, 300, Monday.PlusDays(4)));
        // Recorded last, counted before: the late slip of Tuesday, and a second movement on Wednesday.
        Assert.Null(await book.PostAsync(purse, shop, 50, Monday.PlusDays(1)));
        Assert.Null(await book.PostAsync(purse, shop, 7, Monday.PlusDays(2)));
        return (book, bank, purse, shop);
    }

    [Fact]
    public async Task A_statement_runs_by_effective_day_and_then_by_order_of_recording()
    {
        var (book, bank, purse, shop) = await WeekAsync();

        Assert.Equal("0 5:+1000=1000 6:-50=950 7:-200=750 7:-7=743 9:-300=443 443", await TellAsync(book, purse, Monday, Monday.PlusDays(6)));
        Assert.Equal("0 5:-1000=1000 1000", await TellAsync(book, bank, Monday, Monday.PlusDays(6)));
        Assert.Equal("0 6:+50=50 7:+200=250 7:+7=257 9:+300=557 557", await TellAsync(book, shop, Monday, Monday.PlusDays(6)));
    }

    [Fact]
    public async Task A_part_of_the_week_opens_and_closes_with_what_was_there()
    {
        var (book, bank, purse, _) = await WeekAsync();

        Assert.Equal("1000 6:-50=950 7:-200=750 7:-7=743 743", await TellAsync(book, purse, Monday.PlusDays(1), Monday.PlusDays(2)));
        Assert.Equal("743 743", await TellAsync(book, purse, Monday.PlusDays(3), Monday.PlusDays(3)));
        Assert.Equal("0 0", await TellAsync(book, purse, Monday.PlusDays(-9), Monday.PlusDays(-1)));
        Assert.Equal("443 443", await TellAsync(book, purse, Monday.PlusDays(9), Monday.PlusDays(99)));
        Assert.Equal("1000 1000", await TellAsync(book, bank, Monday.PlusDays(1), Monday.PlusDays(1)));
    }

    [Fact]
    public async Task A_statement_says_what_each_line_is_about_and_adds_up()
    {
        var (book, _, purse, _) = await WeekAsync();
        var statement = await new Statements(book.Db).OfAsync(
            book.Territory, purse, Monday, Monday.PlusDays(6), cancel: TestContext.Current.CancellationToken);

        Assert.Equal((557, 1000), (statement!.Debits.Cents, statement.Credits.Cents));
        Assert.All(statement.Lines, l => Assert.Equal(("test", Book.Morning), (l.Kind, l.RecordedAt)));
        Assert.Null(await new Statements(book.Db).OfAsync(
            book.Territory, Id<Account>.New(), Monday, Monday, cancel: TestContext.Current.CancellationToken));
        Assert.Null(await new Statements(book.Db).EntryAsync(
            book.Territory, Id<JournalEntry>.New(), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Entries_about_one_thing_are_found_by_it()
    {
        var book = await Book.OpenAsync(database);
        var (bank, purse) = (await book.AccountAsync("bank"), await book.AccountAsync("grant"));
        var about = new JournalEntry(Id<JournalEntry>.New(), "test", "booking_1", Book.Day, "tester", "", [new(bank, purse, new(1))]);
        Assert.Null(await book.PostAsync(about));
        Assert.Null(await book.PostAsync(bank, purse, 1));

        var found = await new Statements(book.Db).AboutAsync(book.Territory, "booking_1", TestContext.Current.CancellationToken);
        Assert.Equal(about.Id, Assert.Single(found).Id);
    }

    [Fact]
    public async Task A_statement_beyond_its_limit_is_cut_and_still_closes_right()
    {
        var book = await Book.OpenAsync(database);
        var (purse, shop) = (await book.PurseAsync(10_000), await book.AccountAsync("shop"));
        Assert.DoesNotContain(
            await book.ListAsync([.. Enumerable.Range(0, Statements.LinesMax).Select(_ => new Instruction.Post(Book.Entry(purse, shop, 1)))]),
            answer => answer is not null);

        var statement = await new Statements(book.Db).OfAsync(
            book.Territory, purse, Book.Day, Book.Day, cancel: TestContext.Current.CancellationToken);

        Assert.True(statement!.IsCut);
        Assert.Equal((Statements.LinesMax, 5001, 5000), (statement.Lines.Count, statement.Lines[^1].Balance.Cents, statement.Closing.Cents));
    }

    [Fact]
    public async Task The_trial_balance_is_told_for_any_day_and_always_balances()
    {
        var (book, _, purse, shop) = await WeekAsync();
        var hold = book.Hold(shop, (purse, 43));
        Assert.Null(await book.AuthoriseAsync(hold));
        Assert.Null(await book.PostAsync(await book.AccountAsync("fees"), shop, 9, Monday.PlusDays(6)));

        var told = new List<string>();
        for (var day = -1; day <= 6; day++)
        {
            var balance = await new TrialBalances(book.Db).AtAsync(
                book.Territory, Monday.PlusDays(day), TestContext.Current.CancellationToken);
            Assert.True(balance.Balances);
            var lines = balance.Lines.Select(l => $"{l.Chart} {l.DebitBalance.Cents}/{l.CreditBalance.Cents}");
            told.Add($"{balance.Entries}/{balance.Postings}: {string.Join(", ", lines)}");
            Assert.Equal(43, balance.Lines.Single(l => l.Chart == "grant").Held.Cents);
        }

        Assert.Equal(
            [
                "0/0: bank 0/0, grant 0/0, shop 0/0, fees 0/0", "1/2: bank 1000/0, grant 0/1000, shop 0/0, fees 0/0",
                "2/4: bank 1000/0, grant 0/950, shop 0/50, fees 0/0", "4/8: bank 1000/0, grant 0/743, shop 0/257, fees 0/0",
                "4/8: bank 1000/0, grant 0/743, shop 0/257, fees 0/0", "5/10: bank 1000/0, grant 0/443, shop 0/557, fees 0/0",
                "5/10: bank 1000/0, grant 0/443, shop 0/557, fees 0/0", "6/12: bank 1000/0, grant 0/443, shop 0/566, fees 9/0",
            ], told);
    }
}
