using System.Collections.Concurrent;
using System.Diagnostics;
using Borsellino.Ledger;
using Borsellino.Tests.Ledger;
using Npgsql;

namespace Borsellino.Tests.Faults;

/// <summary>
/// Many callers who pay each other out of a few purses until they are told to stop, half of them through the queue and
/// half in transactions of their own. Whoever gets no answer asks again with the same id. What they were told is kept,
/// and compared in the end with what the book says.
/// </summary>
internal sealed class Payers : IAsyncDisposable
{
    private const int Purses = 8;
    private const long Start = 10_000;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Book book;
    private readonly PostingQueue queue;
    private readonly List<Id<Account>> purses;
    private readonly int seed;
    private readonly ConcurrentBag<(JournalEntry Entry, Refusal? Answer)> told = [];
    private readonly ConcurrentQueue<Exception> faults = [];
    private readonly SemaphoreSlim paid = new(0);
    private readonly CancellationTokenSource enough = new();
    private Task running = Task.CompletedTask;
    private bool isGivenUp;

    private Payers(Book book, List<Id<Account>> purses, int seed)
    {
        (this.book, this.purses, this.seed) = (book, purses, seed);
        queue = new(book.Db, book.Ledger);
    }

    /// <summary>How many questions ended without an answer.</summary>
    public int Unanswered => faults.Count;

    /// <summary>What these questions ended with.</summary>
    public IEnumerable<Exception> Faults => faults;

    public int Done => told.Count(t => t.Answer is null);

    public static async Task<Payers> StartAsync(Book book, int callers = 16, int? seed = null)
    {
        var opened = new List<Id<Account>>();
        for (var i = 0; i < Purses; i++) opened.Add(await book.PurseAsync(Start));
        var payers = new Payers(book, opened, seed ?? Random.Shared.Next());
        payers.running = Task.WhenAll(Enumerable.Range(0, callers).Select(i => Task.Run(() => payers.PayAsync(i))));
        return payers;
    }

    /// <summary>Waits until so many more payments are acknowledged and answers how long that took.</summary>
    public async Task<TimeSpan> UntilPaidAsync(int more)
    {
        while (await paid.WaitAsync(TimeSpan.Zero))
        {
            // Those of before do not count.
        }

        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < more; i++) Assert.True(await paid.WaitAsync(Patience), $"seed {seed}: nobody pays any more: {faults.LastOrDefault()}");
        return Stopwatch.GetElapsedTime(began);
    }

    /// <summary>Waits until so many questions in all ended without an answer.</summary>
    public async Task UntilUnansweredAsync(int number)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (faults.Count < number) await Task.Delay(Pause, limit.Token);
    }

    /// <summary>
    /// Lets everybody come to an end, then compares: each payment that was acknowledged stands in the book once, no other
    /// does, every purse has what the payments made of it, and the book proves itself.
    /// </summary>
    public async Task AssertTheBookIsRightAsync()
    {
        await enough.CancelAsync();
        await running.WaitAsync(Patience);
        await queue.DisposeAsync();

        var done = told.Where(t => t.Answer is null).Select(t => t.Entry).ToList();
        Assert.All(told.Select(t => t.Answer).OfType<Refusal>(), a => Assert.IsType<InsufficientFunds>(a));
        var recorded = await book.Db.ListAsync<Id<JournalEntry>>(
            book.Territory, "select id from ledger.journal_entry where territory_id = @territory and memo = 'payer'");
        var (missing, uncalled) = (done.Select(e => e.Id).Except(recorded).Count(), recorded.Except(done.Select(e => e.Id)).Count());
        Assert.True((missing, uncalled, recorded.Count) == (0, 0, done.Count), $"seed {seed}: {missing} acknowledged are missing, {uncalled} refused are there, {recorded.Count} recorded of {done.Count}");

        var expected = purses.ToDictionary(p => p, _ => Start);
        foreach (var (debit, credit, amount) in done.Select(e => e.Transfers[0]))
        {
            expected[debit] -= amount.Cents;
            expected[credit] += amount.Cents;
        }

        foreach (var purse in purses) Assert.Equal(expected[purse], await book.BalanceAsync(purse));
        Assert.Empty(await book.AuditAsync());
    }

    /// <summary>Reads all purses at one moment, again and again until they stop: together they always have the same.</summary>
    public async Task<int> ReadAsync()
    {
        var reads = 0;
        while (!enough.IsCancellationRequested)
        {
            try
            {
                var seen = (await book.Db.ListAsync<Together>(
                    book.Territory,
                    """
                    select sum(credits - debits)::bigint as cents, min(credits - debits - debits_held)::bigint as least
                    from ledger.account where territory_id = @territory and id = any(@purses)
                    """, new { purses = purses.Select(p => p.Value).ToArray() }))[0];
                Assert.True(seen.Cents == Purses * Start && seen.Least >= 0, $"seed {seed}: {seen}");
                reads++;
            }
            catch (NpgsqlException)
            {
                await Task.Delay(Pause);
            }
        }

        return reads;
    }

    /// <summary>Without a server that answers they would ask for ever, and the test that says so would never end: now they give up.</summary>
    public async ValueTask DisposeAsync()
    {
        await enough.CancelAsync();
        Volatile.Write(ref isGivenUp, true);
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await queue.DisposeAsync();
        enough.Dispose();
        paid.Dispose();
    }

    private async Task PayAsync(int caller)
    {
        var random = new Random(unchecked((seed * 397) ^ caller));
        while (!enough.IsCancellationRequested)
        {
            var from = random.Next(Purses);
            var entry = new JournalEntry(
                Id<JournalEntry>.New(), "test", "", Book.Day, "tester", "payer",
                [new(purses[from], purses[(from + random.Next(1, Purses)) % Purses], new(random.Next(1, 500)))]);
            told.Add((entry, await AnswerAsync(entry, inQueue: caller % 2 == 0)));
            paid.Release();
        }
    }

    /// <summary>Asks until there is an answer. An id that was used before would be the sign of a mistake here.</summary>
    private async Task<Refusal?> AnswerAsync(JournalEntry entry, bool inQueue)
    {
        while (true)
        {
            try
            {
                return inQueue ? await queue.DoAsync(book.Territory, new Instruction.Post(entry)) : await book.PostAsync(entry);
            }
            catch (Exception e) when (e is NpgsqlException or OutcomeUnknownException)
            {
                faults.Enqueue(e);
                if (Volatile.Read(ref isGivenUp)) throw;
                await Task.Delay(Pause);
            }
        }
    }

    private sealed record Together(long Cents, long Least);
}
