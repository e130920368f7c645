using Borsellino.Ledger;
using Borsellino.Tests.Ledger;
using NodaTime;

namespace Borsellino.Tests.Faults;

/// <summary>Clocks that are wrong, that are set back, and days that are longer or shorter than others.</summary>
public sealed class ClockTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_processes_whose_clocks_are_days_apart_keep_one_order()
    {
        var book = await Book.OpenAsync(database);
        var (purse, shop) = (await book.PurseAsync(10_000), await book.AccountAsync("shop"));
        GeneralLedger[] processes =
        [
            new(new WrongClock { Now = Book.Morning + Duration.FromDays(2) }), new(new WrongClock { Now = Book.Morning - Duration.FromHours(1) }),
            new(new WrongClock { Now = Book.Morning - Duration.FromDays(400) }),
        ];
        var sent = new List<Id<JournalEntry>>();
        for (var i = 0; i < 30; i++)
        {
            var entry = Book.Entry(purse, shop, 10);
            sent.Add((await book.DoAsync(tx => processes[i % 3].PostAsync(tx, entry))).OrThrow());
        }

        // The order in the account is that of the commits, and the days of recording never go back.
        var recorded = await book.Db.ListAsync<Recorded>(
            book.Territory,
            "select entry_id, recorded_on from ledger.posting where territory_id = @territory and account_id = @purse and debit > 0 order by position",
            new { purse }, Cancel);
        Assert.Equal(sent, recorded.Select(r => r.EntryId));
        Assert.Equal(recorded.Select(r => r.RecordedOn).Order(), recorded.Select(r => r.RecordedOn));
        Assert.Equal(9_700, await book.BalanceAsync(purse));
        Assert.Empty(await book.AuditAsync());
    }

    [Fact]
    public async Task A_clock_set_back_brings_nothing_into_a_sealed_day()
    {
        var book = await Book.OpenAsync(database);
        var clock = new WrongClock { Now = Book.Morning };
        var (ledger, seals) = (new GeneralLedger(clock), new Seals(book.Db, clock));
        var (purse, shop) = (await book.PurseAsync(1000), await book.AccountAsync("shop"));
        clock.Now += Duration.FromDays(3);
        Assert.Equal(3, await seals.SealDueAsync(book.Territory, Cancel));

        clock.Now -= Duration.FromDays(3);
        (await book.DoAsync(tx => ledger.PostAsync(tx, Book.Entry(purse, shop, 10)))).OrThrow();
        Assert.Equal(0, await seals.SealDueAsync(book.Territory, Cancel));

        Assert.Equal(990, await book.BalanceAsync(purse));
        Assert.Empty(await book.AuditAsync());
    }

    [Fact]
    public async Task Time_that_comes_twice_ends_a_hold_once()
    {
        var book = await Book.OpenAsync(database);
        var clock = new WrongClock { Now = Book.Morning };
        var ledger = new GeneralLedger(clock);
        var (purse, shop) = (await book.PurseAsync(1000), await book.AccountAsync("shop"));
        var hold = Book.Hold(shop, Book.Morning + Duration.FromHours(1), (purse, 300));
        Assert.Null(await book.AuthoriseAsync(hold));

        for (var times = 0; times < 3; times++)
        {
            clock.Now += Duration.FromHours(2);
            var ended = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => book.DoAsync(tx => ledger.ExpireDueAsync(tx))));
            // Those who find it open at the same moment bring the same event: it is one, whoever wrote it.
            Assert.Equal(times == 0 ? [hold.Id] : [], ended.SelectMany(e => e.OrThrow()).Distinct());
            clock.Now -= Duration.FromHours(2);
            // It was open at this hour once; it is not any more.
            Assert.IsType<HoldNotOpen>((await book.DoAsync(tx => ledger.CaptureAsync(tx, Book.Capture(hold.Id)))).IsRefused(out var refusal) ? refusal : null);
        }

        Assert.Equal((1000, 1000), (await book.BalanceAsync(purse), await book.AvailableAsync(purse)));
        Assert.Equal(2, await book.CountAsync("hold_event"));
    }

    /// <summary>In Italy the 25 October 2026 has 25 hours, the 28 March 2027 has 23, and 2028 has a 29 February.</summary>
    [Theory]
    [InlineData(2026, 10, 25, 25)]
    [InlineData(2027, 3, 28, 23)]
    [InlineData(2028, 2, 29, 24)]
    public async Task Every_hour_of_an_odd_day_belongs_to_it_and_to_one_seal(int year, int month, int day, int hours)
    {
        var book = await Book.OpenAsync(database);
        var date = new LocalDate(year, month, day);
        var (purse, shop) = (await book.PurseAsync(1000), await book.AccountAsync("shop"));
        book.Clock.MoveTo(date.StartOfDayInRome() - Duration.FromMinutes(1));
        var hold = Book.Hold(shop, date.EndOfDayInRome(), (purse, 100));
        Assert.Null(await book.AuthoriseAsync(hold));
        Assert.Null(await book.PostAsync(purse, shop, 1, book.Clock.Today()));
        book.Clock.Advance(Duration.FromMinutes(2));
        for (var hour = 0; hour < hours; hour++)
        {
            Assert.Equal(date, book.Clock.Today());
            Assert.Null(await book.PostAsync(purse, shop, 1, book.Clock.Today()));
            Assert.Empty(await book.ExpireDueAsync());
            book.Clock.Advance(Duration.FromHours(1));
        }

        Assert.Equal(date.PlusDays(1), book.Clock.Today());
        Assert.Equal([hold.Id], await book.ExpireDueAsync());
        await new Seals(book.Db, book.Clock).SealDueAsync(book.Territory, Cancel);
        Assert.Equal(hours, (await book.Db.ListAsync<int>(
            book.Territory, "select entries from ledger.seal where territory_id = @territory and day = @date", new { date }, Cancel))[0]);
        Assert.Empty(await book.AuditAsync());
    }

    /// <summary>A clock that somebody sets as they like, also back.</summary>
    private sealed class WrongClock : IClock
    {
        public Instant Now { get; set; }
    }

    private sealed record Recorded(Id<JournalEntry> EntryId, LocalDate RecordedOn);
}
