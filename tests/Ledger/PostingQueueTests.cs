using Borsellino.Ledger;

namespace Borsellino.Tests.Ledger;

/// <summary>Callers without a transaction of their own: together they cost little, apart they stay.</summary>
[Collection(nameof(Alone))]
public sealed class PostingQueueTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(300);

    private static PostingQueue Queue(Book book, int writers = 2, int waitingMax = 1000, TimeSpan? patience = null) =>
        new(book.Db, book.Ledger, writers, waitingMax, patience);

    [Fact]
    public async Task Of_sixty_four_who_want_the_last_euro_one_gets_it()
    {
        var book = await Book.OpenAsync(database);
        var (purse, shop) = (await book.PurseAsync(100), await book.AccountAsync("shop"));
        await using var queue = Queue(book);

        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ =>
            queue.DoAsync(book.Territory, new Instruction.Post(Book.Entry(purse, shop, 100)))));

        Assert.Single(answers, a => a is null);
        Assert.Equal(63, answers.Count(a => a is InsufficientFunds));
        Assert.Equal(100, await book.BalanceAsync(shop));
    }

    [Fact]
    public async Task A_list_sent_a_hundred_times_is_done_once_and_always_answered_the_same()
    {
        var book = await Book.OpenAsync(database);
        var (purse, shop) = (await book.PurseAsync(100), await book.AccountAsync("shop"));
        var hold = book.Hold(shop, (purse, 30));
        Instruction[] list =
        [
            new Instruction.Post(Book.Entry(purse, shop, 60)), new Instruction.Authorise(hold), Book.Capture(hold.Id, 10),
            new Instruction.Post(Book.Entry(purse, shop, 60)),
        ];
        await using var one = Queue(book);
        await using var other = Queue(book);

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => (i % 2 == 0 ? one : other).DoAsync(book.Territory, list)));

        Assert.All(answers, a => Assert.All(a[..3], Assert.Null));
        Assert.All(answers, a => Assert.IsType<InsufficientFunds>(a[3]));
        Assert.Equal((30, 70), (await book.BalanceAsync(purse), await book.BalanceAsync(shop)));
    }

    [Fact]
    public async Task Groups_of_two_callers_with_the_same_number_have_nothing_to_do_with_each_other()
    {
        var book = await Book.OpenAsync(database);
        var (rich, poor, shop) = (await book.PurseAsync(100), await book.PurseAsync(1), await book.AccountAsync("shop"));
        await using var queue = Queue(book, writers: 1);

        Task<Refusal?>? first = null;
        Task<Refusal?[]>? good = null, bad = null;
        await book.WhileLockedAsync(rich, async () =>
        {
            // The one writer waits for the lock, so the two callers meet in the next list.
            first = queue.DoAsync(book.Territory, Pay(rich, 1));
            await book.SomebodyWaitsAsync();
            good = queue.DoAsync(book.Territory, [Pay(rich, 10) with { Group = 1 }, Pay(rich, 10) with { Group = 1 }]);
            bad = queue.DoAsync(book.Territory, [Pay(rich, 10) with { Group = 1 }, Pay(poor, 10) with { Group = 1 }]);
        });

        Assert.Null(await first!);
        Assert.All((await good!)!, Assert.Null);
        Assert.Collection((await bad!)!, a => Assert.IsType<GroupRefused>(a), a => Assert.IsType<InsufficientFunds>(a));

        Assert.Equal((79, 1), (await book.BalanceAsync(rich), await book.BalanceAsync(poor)));

        Instruction Pay(Id<Account> purse, long cents) => new Instruction.Post(Book.Entry(purse, shop, cents));
    }

    [Fact]
    public async Task What_is_cancelled_before_it_is_taken_up_is_never_done()
    {
        var book = await Book.OpenAsync(database);
        var (purse, shop) = (await book.PurseAsync(100), await book.AccountAsync("shop"));
        await using var queue = Queue(book, writers: 1);
        using var cancel = new CancellationTokenSource();
        var unwanted = Book.Entry(purse, shop, 50);

        Task<Refusal?>? first = null;
        await book.WhileLockedAsync(purse, async () =>
        {
            first = queue.DoAsync(book.Territory, new Instruction.Post(Book.Entry(purse, shop, 10)));
            await book.SomebodyWaitsAsync();
            var second = queue.DoAsync(book.Territory, new Instruction.Post(unwanted), cancel.Token);
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        });

        Assert.Null(await first!);
        await queue.DisposeAsync();
        Assert.Equal(90, await book.BalanceAsync(purse));
    }

    [Fact]
    public async Task A_full_queue_makes_callers_wait_for_a_place()
    {
        var book = await Book.OpenAsync(database);
        var (purse, shop) = (await book.PurseAsync(100), await book.AccountAsync("shop"));
        await using var queue = Queue(book, writers: 1, waitingMax: 1);
        using var cancel = new CancellationTokenSource();

        Task<Refusal?>? writing = null, waiting = null;
        await book.WhileLockedAsync(purse, async () =>
        {
            writing = queue.DoAsync(book.Territory, new Instruction.Post(Book.Entry(purse, shop, 1)));
            await book.SomebodyWaitsAsync();
            waiting = queue.DoAsync(book.Territory, new Instruction.Post(Book.Entry(purse, shop, 1)));
            var outside = queue.DoAsync(book.Territory, new Instruction.Post(Book.Entry(purse, shop, 1)), cancel.Token);
            Assert.False(outside.IsCompleted);
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => outside);
        });

        Assert.All(await Task.WhenAll(writing!, waiting!), Assert.Null);

        Assert.Equal(98, await book.BalanceAsync(purse));
    }

    [Fact]
    public async Task Ending_finishes_what_was_accepted_and_takes_nothing_more()
    {
        var book = await Book.OpenAsync(database);
        var (purse, shop) = (await book.PurseAsync(1000), await book.AccountAsync("shop"));
        var queue = Queue(book);
        var asked = Enumerable.Range(0, 200).Select(_ =>
            queue.DoAsync(book.Territory, new Instruction.Post(Book.Entry(purse, shop, 1)))).ToList();

        await queue.DisposeAsync();

        Assert.All(await Task.WhenAll(asked).WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken), Assert.Null);
        Assert.Equal(200, await book.BalanceAsync(shop));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => queue.DoAsync(book.Territory, new Instruction.Post(Book.Entry(purse, shop, 1))));
    }

    [Fact]
    public async Task A_mistake_of_one_caller_harms_no_other()
    {
        var book = await Book.OpenAsync(database);
        var (purse, shop) = (await book.PurseAsync(100), await book.AccountAsync("shop"));
        await using var queue = Queue(book, writers: 1);
        // Half a surrogate pair is no text: PostgreSQL refuses it, and with it everything of the same statement.
        var broken = new JournalEntry(Id<JournalEntry>.New(), "test", "", Book.Day, "tester", "\ud800", [new(purse, shop, new(1))]);

        Task<Refusal?>? first = null, good = null, bad = null, late = null;
        await book.WhileLockedAsync(purse, async () =>
        {
            first = queue.DoAsync(book.Territory, new Instruction.Post(Book.Entry(purse, shop, 1)));
            await book.SomebodyWaitsAsync();
            good = queue.DoAsync(book.Territory, new Instruction.Post(Book.Entry(purse, shop, 10)));
            bad = queue.DoAsync(book.Territory, new Instruction.Post(broken));
            late = queue.DoAsync(book.Territory, new Instruction.Post(Book.Entry(purse, shop, 20)));
        });

        Assert.All(await Task.WhenAll(first!, good!, late!), Assert.Null);
        await Assert.ThrowsAnyAsync<Exception>(() => bad!);

        Assert.Equal(69, await book.BalanceAsync(purse));
    }

    [Fact]
    public async Task A_database_that_goes_away_and_comes_back_is_asked_again()
    {
        var book = await Book.OpenAsync(database);
        var (purse, shop) = (await book.PurseAsync(100), await book.AccountAsync("shop"));
        await using var queue = Queue(book);

        await LetInAsync(false);
        Task<Refusal?> asked;
        try
        {
            asked = queue.DoAsync(book.Territory, new Instruction.Post(Book.Entry(purse, shop, 10)));
            await Assert.ThrowsAsync<TimeoutException>(() => asked.WaitAsync(Short));
        }
        finally
        {
            await LetInAsync(true);
        }

        Assert.Null(await asked);
        Assert.Equal(90, await book.BalanceAsync(purse));
    }

    [Fact]
    public async Task A_database_that_stays_away_leaves_the_outcome_open_and_the_same_ids_close_it()
    {
        var book = await Book.OpenAsync(database);
        var (purse, shop) = (await book.PurseAsync(100), await book.AccountAsync("shop"));
        var entry = new Instruction.Post(Book.Entry(purse, shop, 10));
        await using var queue = Queue(book, patience: TimeSpan.Zero);

        await LetInAsync(false);
        try
        {
            await Assert.ThrowsAsync<OutcomeUnknownException>(() => queue.DoAsync(book.Territory, entry));
        }
        finally
        {
            await LetInAsync(true);
        }

        Assert.Null(await queue.DoAsync(book.Territory, entry));
        Assert.Null(await queue.DoAsync(book.Territory, entry));
        Assert.Equal(90, await book.BalanceAsync(purse));
    }

    /// <summary>Shuts the application out of the test's database, throwing out who is in; or lets it in again.</summary>
    private Task LetInAsync(bool letIn) => database.AsOwnerAsync(
        $"""
        do $$
        begin
            execute format('alter database %I connection limit {(letIn ? -1 : 0)}', current_database());
            perform pg_terminate_backend(pid, 5000) from pg_stat_activity
            where datname = current_database() and usename = 'borsellino_app' and {(letIn ? "false" : "true")};
        end $$
        """);
}
