using Borsellino.Ledger;
using NodaTime;
using Npgsql;

namespace Borsellino.Tests.Ledger;

/// <summary>What must be so of balances when a period closes: judged at the end of its last day, stated as rows.</summary>
public sealed class BalanceRuleTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly LocalDate Day = Book.Day.PlusDays(-5);

    [Fact]
    public async Task Sums_nobody_understands_are_cleared_before_the_close()
    {
        var book = await Book.OpenAsync(database);
        var (bank, suspense, grant) = (await book.AccountAsync("bank"), await book.AccountAsync("suspense"), await book.AccountAsync("grant"));
        Assert.Null(await book.PostAsync(bank, suspense, 700, Day));
        Assert.Null(await book.PostAsync(suspense, grant, 200, Day));
        Assert.Null(await book.PostAsync(suspense, grant, 500, Day.PlusDays(1)));

        Assert.Equal([("suspense", BalanceMust.Zero, suspense, 500L)], Figures(await CloseAsync(book, Day)));
        Assert.Null(await ClosedThroughAsync(book));

        // The next day nothing is left, whatever the day before had.
        Assert.Equal(Day.PlusDays(1), await book.ClosePeriodAsync(Day.PlusDays(1)));
    }

    [Fact]
    public async Task A_balance_below_nothing_on_the_day_is_named_although_later_money_covers_it()
    {
        var book = await Book.OpenAsync(database);
        var (bank, grant, provider) = (await book.AccountAsync("bank"), await book.AccountAsync("grant"), await book.AccountAsync("provider"));
        Assert.Null(await book.PostAsync(bank, grant, 1000));
        Assert.Null(await book.PostAsync(grant, provider, 300, Day));

        Assert.Equal([("grant", BalanceMust.NotOverdrawn, grant, -300L)], Figures(await CloseAsync(book, Day)));
        Assert.Equal(Day.PlusDays(-1), await book.ClosePeriodAsync(Day.PlusDays(-1)));
    }

    /// <summary>Days forth and back, in every order of recording: the balance at each close is the plain sum up to its day.</summary>
    [Fact]
    public async Task What_is_dated_back_counts_on_its_day()
    {
        var dice = new Random(7);
        var book = await Book.OpenAsync(database);
        var (bank, suspense) = (await book.AccountAsync("bank"), await book.AccountAsync("suspense"));
        var posted = new List<(LocalDate Day, long Cents)>();
        for (var i = 0; i < 40; i++)
        {
            posted.Add((Book.Day.PlusDays(-dice.Next(0, 20)), dice.Next(1, 1000)));
            Assert.Null(await book.PostAsync(bank, suspense, posted[^1].Cents, posted[^1].Day));
            for (var day = Book.Day.PlusDays(-14); day < Book.Day; day = day.PlusDays(1))
            {
                var expected = posted.Where(p => p.Day <= day).Sum(p => p.Cents);
                var breaches = await new BalanceRules(book.Db).BreachesAsync(book.Territory, day, TestContext.Current.CancellationToken);
                Assert.Equal(expected, breaches.Where(b => b.AccountId == suspense).Sum(b => b.Balance.Cents));
            }
        }
    }

    [Fact]
    public async Task A_rule_asks_only_closes_within_its_days()
    {
        var book = await Book.OpenAsync(database);
        await database.AsOwnerAsync("insert into ledger.balance_rule (chart, must, valid_from, valid_to) values ('fees', 'Zero', '2026-01-08', '2026-01-09')");
        var (bank, fees, grant) = (await book.AccountAsync("bank"), await book.AccountAsync("fees"), await book.AccountAsync("grant"));
        Assert.Null(await book.PostAsync(bank, grant, 100, new(2026, 1, 1)));
        Assert.Null(await book.PostAsync(fees, bank, 5, new(2026, 1, 2)));

        Assert.Equal(new(2026, 1, 7), await book.ClosePeriodAsync(new(2026, 1, 7)));
        Assert.Equal([("fees", BalanceMust.Zero, fees, 5L)], Figures(await CloseAsync(book, new(2026, 1, 8))));
        Assert.IsType<BalanceRulesBroken>(await CloseAsync(book, new(2026, 1, 9)));
        Assert.Equal(new(2026, 1, 10), await book.ClosePeriodAsync(new(2026, 1, 10)));
    }

    [Fact]
    public async Task The_database_closes_no_book_that_breaks_a_rule_and_another_territory_does_not_matter()
    {
        var (book, other) = (await Book.OpenAsync(database), await Book.OpenAsync(database));
        Assert.Null(await book.PostAsync(await book.AccountAsync("bank"), await book.AccountAsync("suspense"), 1, Day));

        var error = await Assert.ThrowsAsync<PostgresException>(() => book.AsOwnerAsync(Closing(book)));
        Assert.Equal("balance_rule_holds", error.ConstraintName);
        await other.AsOwnerAsync(Closing(other));

        static string Closing(Book book) =>
            "with e as (insert into ledger.period_event (territory_id, position, id, kind, through, actor, reason, recorded_at)"
            + $" values ({book.Territory}, 1, gen_random_uuid(), 'Closed', '2026-01-10', 'x', '', now()))"
            + $" update ledger.book set closed_through = '2026-01-10' where territory_id = {book.Territory}";
    }

    private static IEnumerable<(string, BalanceMust, Id<Account>, long)> Figures(Refusal? refusal) =>
        Assert.IsType<BalanceRulesBroken>(refusal).Breaches.Select(b => (b.Chart, b.Must, b.AccountId, b.Balance.Cents));

    private static async Task<Refusal?> CloseAsync(Book book, LocalDate through) =>
        (await book.DoAsync(tx => new Periods(book.Clock).CloseAsync(tx, through, "tester"))).IsRefused(out var refusal) ? refusal : null;

    private static async Task<LocalDate?> ClosedThroughAsync(Book book) =>
        await new PeriodHistory(book.Db).ClosedThroughAsync(book.Territory, TestContext.Current.CancellationToken);
}
