using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Tests.Ledger;

/// <summary>Closing the book through a day.</summary>
public sealed class PeriodTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task Nothing_enters_a_closed_period_and_the_next_day_is_open()
    {
        var book = await Book.OpenAsync(database);
        var (bank, purse) = (await book.AccountAsync("bank"), await book.AccountAsync("grant"));
        var (closed, open) = (Book.Day.PlusDays(-10), Book.Day.PlusDays(-9));
        Assert.Equal(closed, await book.ClosePeriodAsync(closed));

        Assert.Equal(new PeriodClosed(closed, closed), await book.PostAsync(bank, purse, 1, closed));
        Assert.Equal(new PeriodClosed(closed.PlusDays(-400), closed), await book.PostAsync(bank, purse, 1, closed.PlusDays(-400)));
        Assert.Null(await book.PostAsync(bank, purse, 1, open));
    }

    [Fact]
    public async Task A_close_is_never_taken_back()
    {
        var book = await Book.OpenAsync(database);
        var day = Book.Day.PlusDays(-3);

        Assert.Equal(day, await book.ClosePeriodAsync(day));
        Assert.Equal(day, await book.ClosePeriodAsync(day));
        Assert.Equal(day, await book.ClosePeriodAsync(day.PlusDays(-30)));
        Assert.Equal(day.PlusDays(1), await book.ClosePeriodAsync(day.PlusDays(1)));
    }

    [Fact]
    public async Task Only_a_day_that_has_passed_in_Italy_can_be_closed()
    {
        var book = await Book.OpenAsync(database);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => book.ClosePeriodAsync(Book.Day));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => book.ClosePeriodAsync(Book.Day.PlusDays(1)));

        // In January midnight in Italy is 23:00 UTC.
        book.Clock.MoveTo(Instant.FromUtc(2026, 1, 15, 22, 59, 59));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => book.ClosePeriodAsync(Book.Day));
        book.Clock.MoveTo(Instant.FromUtc(2026, 1, 15, 23, 0));
        Assert.Equal(Book.Day, await book.ClosePeriodAsync(Book.Day));
    }

    [Fact]
    public async Task A_book_opened_again_stays_closed_and_one_that_does_not_exist_cannot_be_closed()
    {
        var book = await Book.OpenAsync(database);
        var (bank, purse, day) = (await book.AccountAsync("bank"), await book.AccountAsync("grant"), Book.Day.PlusDays(-1));
        await book.ClosePeriodAsync(day);
        (await book.DoAsync<Done>(async tx =>
        {
            await Periods.OpenBookAsync(tx);
            return default(Done);
        })).OrThrow();

        Assert.IsType<PeriodClosed>(await book.PostAsync(bank, purse, 1, day));
        await Assert.ThrowsAsync<InvalidOperationException>(() => database.Db.TransactAsync<LocalDate>(
            database.NewTerritory(), tx => new Periods(book.Clock).CloseAsync(tx, day, "tester"), TestContext.Current.CancellationToken));
    }
}
