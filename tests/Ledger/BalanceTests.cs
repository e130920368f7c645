using Borsellino.Ledger;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;

namespace Borsellino.Tests.Ledger;

/// <summary>Balances and statements at past days, by the day that counts and by the day of recording, against plain sums.</summary>
public sealed class BalanceTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    /// <summary>One movement on the purse: so many days after the first, dated back by so many, in or out.</summary>
    private sealed record Movement(int RecordedAfter, int DatedBack, int Cents);

    private static Arbitrary<Movement[]> Movements => Gen.ArrayOf(
        from wait in Gen.Frequency((5, Gen.Constant(0)), (3, Gen.Constant(1)), (1, Gen.Choose(2, 40)))
        from back in Gen.Frequency((4, Gen.Constant(0)), (2, Gen.Choose(1, 5)), (1, Gen.Choose(6, 60)))
        from cents in Gen.Choose(1, 500)
        select new Movement(wait, back, cents)).Where(m => m.Length is > 0 and < 25).ToArbitrary();

    [Fact]
    public Task A_balance_at_any_two_days_is_the_sum_of_what_counts_and_was_recorded_until_then() =>
        Prop.ForAll(Movements, AgreesAsync)
            .CheckAsync(Config.QuickThrowOnFailure.WithMaxTest(25));

    private async Task AgreesAsync(Movement[] movements)
    {
        var book = await Book.OpenAsync(database);
        var (shop, purse) = (await book.AccountAsync("shop"), await book.PurseAsync(0));
        List<(LocalDate Recorded, LocalDate Effective, long Cents)> told = [];
        foreach (var m in movements)
        {
            book.Clock.Advance(Duration.FromDays(m.RecordedAfter));
            var (today, on) = (book.Clock.Today(), book.Clock.Today().PlusDays(-m.DatedBack));
            Assert.Null(await book.PostAsync(Book.Entry(await book.AccountAsync("bank"), purse, m.Cents, on)));
            told.Add((today, on, m.Cents));
            if (m.Cents % 3 != 0) continue;
            Assert.Null(await book.PostAsync(purse, shop, 1, on));
            told.Add((today, on, -1));
        }

        var (first, last) = (Book.Day.PlusDays(-62), book.Clock.Today().PlusDays(2));
        var days = Enumerable.Range(0, Period.DaysBetween(first, last) + 1).Select(first.PlusDays).ToList();
        var balances = new Balances(book.Db);
        foreach (var on in days.Where((d, i) => i % 7 == 0 || told.Any(t => t.Effective == d || t.Recorded == d)))
        {
            Assert.Equal(told.Where(t => t.Effective <= on).Sum(t => t.Cents), (await balances.AtAsync(book.Territory, purse, on))!.Balance.Cents);
            foreach (var recorded in told.Select(t => t.Recorded).Distinct().Append(Book.Day.PlusDays(-1)))
            {
                Assert.Equal(
                    told.Where(t => t.Effective <= on && t.Recorded <= recorded).Sum(t => t.Cents),
                    (await balances.AtAsync(book.Territory, purse, on, recorded))!.Balance.Cents);
            }

            // A statement that begins on this day has the lines of its days, in order, and foots.
            var statement = (await new Statements(book.Db).OfAsync(book.Territory, purse, on, on.PlusDays(9)))!;
            var within = told.Where(t => t.Effective >= on && t.Effective <= on.PlusDays(9)).ToList();
            Assert.Equal(told.Where(t => t.Effective < on).Sum(t => t.Cents), statement.Opening.Cents);
            Assert.Equal(within.OrderBy(t => t.Effective).Select(t => t.Cents), statement.Lines.Select(l => (l.Credit - l.Debit).Cents));
            Assert.Equal(statement.Opening + statement.Credits - statement.Debits, statement.Closing);
            Assert.Equal(statement.Closing, statement.Lines is [.., var newest] ? newest.Balance : statement.Opening);
        }

        var months = await balances.ByMonthAsync(book.Territory, purse, first, last);
        Assert.Equal(told.Sum(t => t.Cents), months[^1].Closing.Cents);
        foreach (var month in months)
        {
            Assert.Equal(told.Where(t => t.Effective < month.From).Sum(t => t.Cents), month.Opening.Cents);
            Assert.Equal(month.Closing, month.Opening + month.Credits - month.Debits);
        }
    }

    [Fact]
    public async Task Nothing_is_told_of_an_account_that_does_not_exist_or_is_anothers()
    {
        var (here, there) = (await Book.OpenAsync(database), await Book.OpenAsync(database));
        var purse = await there.PurseAsync(100);
        var balances = new Balances(here.Db);

        Assert.Null(await balances.AtAsync(here.Territory, Id<Account>.New(), Book.Day));
        Assert.Null(await balances.AtAsync(here.Territory, purse, Book.Day));
        Assert.Empty(await balances.ByMonthAsync(here.Territory, purse, Book.Day, Book.Day));
        Assert.Equal(100, (await balances.AtAsync(there.Territory, purse, Book.Day))!.Balance.Cents);
    }

    [Fact]
    public async Task A_range_that_ends_before_it_begins_has_no_month_and_one_of_a_lifetime_is_too_long()
    {
        var book = await Book.OpenAsync(database);
        var purse = await book.PurseAsync(100);
        var balances = new Balances(book.Db);

        Assert.Empty(await balances.ByMonthAsync(book.Territory, purse, Book.Day, Book.Day.PlusMonths(-1)));
        Assert.Equal(240, (await balances.ByMonthAsync(book.Territory, purse, Book.Day, Book.Day.PlusMonths(239))).Count);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => balances.ByMonthAsync(book.Territory, purse, Book.Day, Book.Day.PlusMonths(240)));
    }

    [Fact]
    public async Task A_clock_that_was_set_back_brings_no_posting_out_of_order()
    {
        var book = await Book.OpenAsync(database);
        var (purse, bank) = (await book.PurseAsync(0), await book.AccountAsync("bank"));
        Assert.Null(await book.PostAsync(bank, purse, 100));
        var yesterday = new GeneralLedger(new HandClock(Book.Morning - Duration.FromDays(1)));

        (await book.DoAsync(tx => yesterday.PostAsync(tx, Book.Entry(bank, purse, 10, Book.Day.PlusDays(-1))))).OrThrow();

        var recorded = (await book.Db.ListAsync<Instant>(book.Territory, "select max(recorded_at) from ledger.journal_entry where territory_id = @territory"))[0];
        Assert.Equal(Book.Day, recorded.InZone(ClockExtensions.Rome).Date);
        Assert.Equal(10, (await new Balances(book.Db).AtAsync(book.Territory, purse, Book.Day.PlusDays(-1)))!.Balance.Cents);
        Assert.Equal(110, (await new Balances(book.Db).AtAsync(book.Territory, purse, Book.Day, Book.Day))!.Balance.Cents);
        Assert.Equal(0, (await new Balances(book.Db).AtAsync(book.Territory, purse, Book.Day, Book.Day.PlusDays(-1)))!.Balance.Cents);
    }
}
