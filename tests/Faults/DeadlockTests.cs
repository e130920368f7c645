using System.Diagnostics;
using Borsellino.Ledger;
using Borsellino.Tests.Ledger;

namespace Borsellino.Tests.Faults;

/// <summary>The ledger's own locks never stand crosswise; if those of its callers do, one of them begins again.</summary>
[Collection(nameof(Alone))]
public sealed class DeadlockTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const int Callers = 32;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_storm_of_payments_and_holds_in_all_directions_never_deadlocks()
    {
        await using var pool = database.OpenPool(Callers);
        var book = await Book.OpenAsync(database, pool);
        Id<Account>[] purses = [await book.PurseAsync(1_000_000), await book.PurseAsync(1_000_000), await book.PurseAsync(1_000_000)];
        var shop = await book.AccountAsync("shop");
        var (began, length) = (Stopwatch.GetTimestamp(), TimeSpan.FromSeconds(Effort.Times(3, 60)));
        var (calls, runs) = (0, 0);

        await Task.WhenAll(Enumerable.Range(0, Callers).Select(i => Task.Run(async () =>
        {
            var (a, b, c) = (purses[i % 3], purses[(i + 1 + (i / 3 % 2)) % 3], purses[(i + 2 - (i / 3 % 2)) % 3]);
            while (Stopwatch.GetElapsedTime(began) < length)
            {
                var hold = book.Hold(shop, (c, 1), (a, 1), (b, 1));
                Interlocked.Increment(ref calls);
                var answers = await book.DoAsync<Refusal?[]>(async tx =>
                {
                    Interlocked.Increment(ref runs);
                    return await book.Ledger.DoAsync(
                        tx, [new Instruction.Post(Book.Entry(b, c, 1)), new Instruction.Post(Book.Entry(a, b, 1)), new Instruction.Authorise(hold), Book.Void(hold.Id)]);
                });
                Assert.All(answers.OrThrow(), Assert.Null);
            }
        })));

        // Whoever is chosen as the victim of a deadlock runs again.
        Assert.Equal(calls, runs);
        Assert.True(calls >= Callers);
        Assert.Equal(3_000_000, (await Task.WhenAll(purses.Select(book.BalanceAsync))).Sum());
        Effort.Say($"{calls} lists by {Callers} callers in {length.TotalSeconds} s, none run again");
    }

    [Fact]
    public async Task Of_two_callers_whose_own_locks_stand_crosswise_one_begins_again_and_both_are_done()
    {
        var book = await Book.OpenAsync(database);
        Id<Account>[] purses = [await book.PurseAsync(100), await book.PurseAsync(100)];
        var shop = await book.AccountAsync("shop");
        TaskCompletionSource[] holding = [new(), new()];
        var runs = 0;

        var answers = await Task.WhenAll(Crosswise(0), Crosswise(1));

        Assert.All(answers, a => Assert.False(a.IsRefused(out _)));
        Assert.Equal(3, runs);
        Assert.Equal((90, 90, 20), (await book.BalanceAsync(purses[0]), await book.BalanceAsync(purses[1]), await book.BalanceAsync(shop)));

        Task<Result<Id<JournalEntry>>> Crosswise(int i)
        {
            var entry = Book.Entry(purses[1 - i], shop, 10);
            return book.DoAsync<Id<JournalEntry>>(async tx =>
            {
                Interlocked.Increment(ref runs);
                await Accounts.LockAsync(tx, [purses[i]]);
                holding[i].TrySetResult();
                await holding[1 - i].Task.WaitAsync(Cancel);
                return await book.Ledger.PostAsync(tx, entry);
            });
        }
    }
}
