using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Tests.Ledger;

/// <summary>Many at once on the same accounts, the same ids, the same hold. Nothing is done twice, lost or stuck.</summary>
[Collection(nameof(Alone))]
public sealed class RaceTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private const int Callers = 64;
    private Database pool = null!;

    public async ValueTask InitializeAsync()
    {
        pool = database.OpenPool(Callers);
        // All connections stand ready before the first race.
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => pool.ListSharedAsync<int>("select 1 from pg_sleep(0.05)")));
    }

    public ValueTask DisposeAsync() => pool.DisposeAsync();

    /// <summary>Lets all callers go at the same moment and answers what each was told.</summary>
    private static async Task<List<Refusal?>> RaceAsync(int callers, Func<int, Task<Refusal?>> call)
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = Enumerable.Range(0, callers).Select(async i =>
        {
            await gate.Task;
            return await call(i);
        }).ToList();
        gate.SetResult();
        return [.. await Task.WhenAll(running)];
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(10)]
    public async Task A_purse_with_money_for_so_many_pays_exactly_so_many(int times)
    {
        var book = await Book.OpenAsync(database, pool);
        var (purse, shop) = (await book.PurseAsync(times * 100), await book.AccountAsync("shop"));

        var answers = await RaceAsync(Callers, _ => book.PostAsync(purse, shop, 100));

        Assert.Equal(times, answers.Count(a => a is null));
        Assert.All(answers.OfType<Refusal>(), a => Assert.Equal(new InsufficientFunds(purse, Money.Zero, new(100)), a));
        Assert.Equal((0, times * 100), (await book.BalanceAsync(purse), await book.BalanceAsync(shop)));
    }

    [Fact]
    public async Task Money_for_ten_holds_is_held_ten_times_however_the_lines_are_ordered()
    {
        var book = await Book.OpenAsync(database, pool);
        var (a, b, shop) = (await book.PurseAsync(1000), await book.PurseAsync(1000), await book.AccountAsync("shop"));

        var answers = await RaceAsync(
            Callers, i => book.AuthoriseAsync(i % 2 == 0 ? book.Hold(shop, (a, 100), (b, 100)) : book.Hold(shop, (b, 100), (a, 100))));

        Assert.Equal(10, answers.Count(answer => answer is null));
        Assert.Equal((0, 0), (await book.AvailableAsync(a), await book.AvailableAsync(b)));
    }

    [Fact]
    public async Task One_entry_sent_by_all_is_recorded_once_and_all_hear_the_same()
    {
        var book = await Book.OpenAsync(database, pool);
        var entry = Book.Entry(await book.PurseAsync(1000), await book.AccountAsync("shop"), 700);

        Assert.All(await RaceAsync(Callers, _ => book.PostAsync(entry)), Assert.Null);

        Assert.Equal(300, await book.BalanceAsync(entry.Transfers[0].Debit));
        Assert.Equal(2, await book.CountAsync("journal_entry"));
    }

    [Fact]
    public async Task One_hold_and_one_capture_sent_by_all_are_done_once()
    {
        var book = await Book.OpenAsync(database, pool);
        var (purse, shop) = (await book.PurseAsync(1000), await book.AccountAsync("shop"));
        var hold = book.Hold(shop, (purse, 600));
        var capture = Book.Capture(hold.Id, 200, RestOfHold.Keep);

        Assert.All(await RaceAsync(Callers, _ => book.AuthoriseAsync(hold)), Assert.Null);
        Assert.All(await RaceAsync(Callers, _ => book.CaptureAsync(capture)), Assert.Null);

        Assert.Equal((400, 200), (await book.AvailableAsync(purse), await book.BalanceAsync(shop)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_many_contents_under_one_id_exactly_one_wins(bool sameAccounts)
    {
        var book = await Book.OpenAsync(database, pool);
        var (purse, shop, id) = (await book.PurseAsync(100_000), await book.AccountAsync("shop"), Id<JournalEntry>.New());
        var entries = new List<JournalEntry>();
        for (var i = 0; i < Callers; i++)
        {
            // On accounts of its own nothing but the id itself makes a caller wait.
            var (from, to) = sameAccounts ? (purse, shop) : (await book.PurseAsync(1), await book.AccountAsync("shop"));
            entries.Add(new(id, "test", "", Book.Day, "tester", $"{i}", [new(from, to, new(1))]));
        }

        var before = await book.CountAsync("journal_entry");
        var answers = await RaceAsync(Callers, i => book.PostAsync(entries[i]));

        var winner = Assert.Single(Enumerable.Range(0, Callers), i => answers[i] is null);
        Assert.All(answers.OfType<Refusal>(), a => Assert.Equal(new EntryIdReused(id), a));
        Assert.Equal(before + 1, await book.CountAsync("journal_entry"));
        Assert.Equal(1, await book.BalanceAsync(entries[winner].Transfers[0].Credit));
    }

    [Fact]
    public async Task Payments_in_both_directions_never_stop_each_other()
    {
        var book = await Book.OpenAsync(database, pool);
        var (a, b) = (await book.PurseAsync(100_000), await book.PurseAsync(100_000));

        for (var round = 0; round < 3; round++)
        {
            Assert.All(
                await RaceAsync(Callers, i => i % 2 == 0 ? book.PostAsync(a, b, 10) : book.PostAsync(b, a, 10)), Assert.Null);
        }

        Assert.Equal((100_000, 100_000), (await book.BalanceAsync(a), await book.BalanceAsync(b)));
    }

    [Fact]
    public async Task The_same_list_forwards_and_backwards_at_once_is_recorded_once()
    {
        var book = await Book.OpenAsync(database, pool);
        var list = new List<Instruction>();
        for (var i = 0; i < 20; i++) list.Add(new Instruction.Post(Book.Entry(await book.PurseAsync(10), await book.AccountAsync("shop"), 10)));
        var backwards = list.AsEnumerable().Reverse().ToList();

        var answers = await RaceAsync(8, async i => (await book.ListAsync(i % 2 == 0 ? list : backwards)).FirstOrDefault(a => a is not null));

        Assert.All(answers, Assert.Null);
        Assert.Equal(40, await book.CountAsync("journal_entry"));
    }

    [Fact]
    public async Task A_list_sent_a_hundred_times_over_ten_connections_is_done_once_and_always_answered_the_same()
    {
        await using var ten = database.OpenPool(10);
        var book = await Book.OpenAsync(database, ten);
        var (purse, shop) = (await book.PurseAsync(100), await book.AccountAsync("shop"));
        var hold = book.Hold(shop, (purse, 30));
        Instruction[] list =
        [
            new Instruction.Post(Book.Entry(purse, shop, 60)), new Instruction.Authorise(hold), Book.Capture(hold.Id, 10), Book.Void(hold.Id),
            new Instruction.Post(Book.Entry(purse, shop, 60)),
        ];
        var said = new string[100];

        await RaceAsync(said.Length, async i =>
        {
            said[i] = await book.CodesAsync(list);
            return null;
        });

        Assert.All(said, s => Assert.Equal("done done done hold_not_open insufficient_funds", s));
        Assert.Equal((30, 70, 3), (await book.BalanceAsync(purse), await book.BalanceAsync(shop), await book.CountAsync("journal_entry")));
    }

    [Fact]
    public async Task Of_capture_void_and_expiry_of_one_hold_exactly_one_happens()
    {
        var book = await Book.OpenAsync(database, pool);
        var (purse, shop, late) = (await book.PurseAsync(1000), await book.AccountAsync("shop"), new GeneralLedger(new HandClock(Book.Morning + Duration.FromDays(99))));
        var paid = 0;
        for (var round = 0; round < 12; round++)
        {
            var hold = book.Hold(shop, (purse, 10));
            Assert.Null(await book.AuthoriseAsync(hold));

            var answers = await RaceAsync(12, i => (i % 3) switch
            {
                0 => book.CaptureAsync(Book.Capture(hold.Id)),
                1 => book.VoidAsync(Book.Void(hold.Id)),
                _ => ExpireAsync(book, late, hold.Id),
            });

            var winner = Assert.Single(Enumerable.Range(0, 12), i => answers[i] is null);
            HoldStatus[] ends = [HoldStatus.Captured, HoldStatus.Voided, HoldStatus.Expired];
            var status = ends[winner % 3];
            Assert.Equal(status, (await book.HoldOfAsync(hold.Id)).Status);
            Assert.All(answers.OfType<Refusal>(), a => Assert.Equal(new HoldNotOpen(hold.Id, status), a));
            if (status is HoldStatus.Captured) paid += 10;
        }

        Assert.Equal((1000 - paid, paid), (await book.AvailableAsync(purse), await book.BalanceAsync(shop)));
    }

    [Fact]
    public async Task A_hold_authorised_and_ended_at_once_is_found_whole_or_not_at_all()
    {
        var book = await Book.OpenAsync(database, pool);
        var (a, b, shop) = (await book.PurseAsync(10_000), await book.PurseAsync(10_000), await book.AccountAsync("shop"));
        for (var round = 0; round < 20; round++)
        {
            var hold = book.Hold(shop, (a, 10), (b, 10));
            var answers = await RaceAsync(9, i => (i % 3) switch
            {
                0 => book.AuthoriseAsync(hold),
                1 => book.CaptureAsync(Book.Capture(hold.Id)),
                _ => book.VoidAsync(Book.Void(hold.Id)),
            });

            Assert.All(answers.Where((_, i) => i % 3 == 0), Assert.Null);
            Assert.InRange(answers.Where((_, i) => i % 3 != 0).Count(answer => answer is null), 0, 1);
            Assert.All(answers.OfType<Refusal>(), answer => Assert.True(answer is HoldNotFound or HoldNotOpen, $"{answer}"));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_hold_authorised_while_its_end_waits_for_a_lock_is_found(bool capture)
    {
        var book = await Book.OpenAsync(database, pool);
        var (a, b, busy, shop) = (await book.PurseAsync(10), await book.PurseAsync(10), await book.PurseAsync(10), await book.AccountAsync("shop"));
        var hold = book.Hold(shop, (a, 10), (b, 10));
        Task<Refusal?[]>? ending = null;

        (await book.DoAsync<Done>(async tx =>
        {
            await Accounts.LockAsync(tx, [busy]);
            // It looks for the hold's accounts, finds none, and waits for ours.
            ending = book.ListAsync(new Instruction.Post(Book.Entry(busy, shop, 1)), capture ? Book.Capture(hold.Id) : Book.Void(hold.Id));
            await book.SomebodyWaitsAsync();
            Assert.Null(await book.AuthoriseAsync(hold));
            return default(Done);
        })).OrThrow();

        Assert.All(await ending!, Assert.Null);
        Assert.Equal(capture ? HoldStatus.Captured : HoldStatus.Voided, (await book.HoldOfAsync(hold.Id)).Status);
    }

    [Fact]
    public async Task A_period_closes_between_entries_never_inside_one()
    {
        var book = await Book.OpenAsync(database, pool);
        var (purse, shop) = (await book.PurseAsync(100_000), await book.AccountAsync("shop"));
        for (var round = 0; round < 10; round++)
        {
            var day = Book.Day.PlusDays(-40 + round);
            var closing = -1L;
            var answers = await RaceAsync(24, async i =>
            {
                if (i != 5) return await book.PostAsync(purse, shop, 1, day);
                await book.ClosePeriodAsync(day);
                closing = await EntriesOnAsync(book, day);
                return null;
            });

            // What was there when the close had been answered is all there will ever be.
            Assert.Equal(closing, await EntriesOnAsync(book, day));
            Assert.Equal(closing, answers.Count(a => a is null) - 1);
            Assert.All(answers.OfType<Refusal>(), a => Assert.Equal(new PeriodClosed(day, day), a));
        }
    }

    [Fact]
    public async Task An_account_opened_by_all_is_opened_once_and_of_two_names_one_wins()
    {
        var book = await Book.OpenAsync(database, pool);
        for (var round = 0; round < 10; round++)
        {
            var id = Id<Account>.New();
            var answers = await RaceAsync(16, async i =>
                (await book.OpenAsync(new NewAccount(id, "grant", $"name {i % 2}"))).IsRefused(out var refusal) ? refusal : null);

            var name = (await book.AccountOfAsync(id)).Name;
            for (var i = 0; i < answers.Count; i++) Assert.Equal($"name {i % 2}" == name ? null : new AccountIdReused(id), answers[i]);
        }
    }

    [Fact]
    public async Task An_account_is_closed_empty_or_not_at_all()
    {
        var book = await Book.OpenAsync(database, pool);
        for (var round = 0; round < 20; round++)
        {
            var (bank, purse) = (await book.AccountAsync("bank"), await book.AccountAsync("grant"));
            var answers = await RaceAsync(6, i => i % 2 == 0 ? book.PostAsync(bank, purse, 1) : book.CloseAsync(purse));

            var account = await book.AccountOfAsync(purse);
            Assert.Equal(account.ClosedAt is null ? 3 : 0, account.Balance.Cents);
            Assert.All(answers.OfType<Refusal>(), a => Assert.True(account.ClosedAt is null ? a is AccountNotEmpty : a is AccountClosed, $"{a}"));
        }
    }

    private static async Task<Refusal?> ExpireAsync(Book book, GeneralLedger ledger, Id<Hold> hold) => (await book.DoAsync<Refusal?[]>(
        async tx => await ledger.DoAsync(tx, [Book.Expire(hold)]))).OrThrow()[0];

    private static async Task<long> EntriesOnAsync(Book book, LocalDate day) => (await book.Db.ListAsync<long>(
        book.Territory,
        "select count(*) from ledger.journal_entry where territory_id = @territory and effective_on = @day", new { day }))[0];
}
