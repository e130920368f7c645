using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Benchmarks;

/// <summary>Borsellino's ledger through its public API, as the rest of the program uses it.</summary>
internal sealed class Ours : IAsyncDisposable
{
    private static readonly TerritoryId Territory = new(1);
    private readonly Database db;
    private readonly GeneralLedger ledger = new(new SystemClock());
    private readonly PostingQueue queue;
    private readonly Id<Account>[] accounts;
    private readonly LocalDate today = new SystemClock().Today();

    private Ours(Database db, int accounts)
    {
        this.db = db;
        queue = new(db, ledger);
        this.accounts = [.. Enumerable.Range(0, accounts).Select(_ => Id<Account>.New())];
    }

    /// <summary>Opens the accounts and puts 10,000.00 on each.</summary>
    public static async Task<Ours> PrepareAsync(BenchCluster cluster, int accounts)
    {
        var ours = new Ours(new(cluster.Application), accounts);
        await cluster.ExecuteAsync("insert into ledger.chart_rule select 'bench', code, side from ledger.chart, unnest(array['Debit', 'Credit']) side");
        var bank = Id<Account>.New();
        await ours.TransactAsync<Done>(async tx =>
        {
            await Periods.OpenBookAsync(tx);
            return await ours.ledger.OpenAsync(tx, new NewAccount(bank, "bank", "bank"));
        });
        foreach (var part in ours.accounts.Chunk(1000))
        {
            await ours.TransactAsync<Done>(async tx =>
            {
                (await ours.ledger.OpenAsync(tx, [.. part.Select(a => new NewAccount(a, "grant", "grant"))])).OrThrow();
                var entry = new JournalEntry(
                    Id<JournalEntry>.New(), "bench", "", ours.today, "bench", "", [.. part.Select(a => new Transfer(bank, a, new(1_000_000)))]);
                (await ours.ledger.PostAsync(tx, entry)).OrThrow();
                return default(Done);
            });
        }

        await cluster.ExecuteAsync("analyze");
        return ours;
    }

    /// <summary>One transfer of a cent through the queue, as a caller without a transaction sends it.</summary>
    public async Task QueueAsync(Random random, bool hot) =>
        Expect(await queue.DoAsync(Territory, new Instruction.Post(Entry(random, hot))));

    /// <summary>One transfer in a transaction of its own.</summary>
    public Task PostAsync(Random random) =>
        TransactAsync<Id<JournalEntry>>(async tx => await ledger.PostAsync(tx, Entry(random, hot: false)));

    /// <summary>A list of a thousand transfers in one transaction.</summary>
    public Task ListAsync(Random random, bool hot) => TransactAsync<Done>(async tx =>
    {
        var list = new Instruction[1000];
        for (var i = 0; i < list.Length; i++) list[i] = new Instruction.Post(Entry(random, hot));
        foreach (var answer in await ledger.DoAsync(tx, list)) Expect(answer);
        return default(Done);
    });

    public Task<IReadOnlyList<Disagreement>> ProveAsync() => new Audit(db).RunAsync(Territory);

    private JournalEntry Entry(Random random, bool hot)
    {
        var debit = random.Next(1, accounts.Length);
        var credit = hot ? 0 : (debit + random.Next(1, accounts.Length - 1)) % accounts.Length;
        if (credit == debit) credit = 0;
        return new(Id<JournalEntry>.New(), "bench", "", today, "bench", "", [new(accounts[debit], accounts[credit], new(1))]);
    }

    private static void Expect(Refusal? refusal)
    {
        // A purse that ran dry in a long run is a right answer; anything else is a mistake of the bench.
        if (refusal is not null and not InsufficientFunds) throw new InvalidOperationException($"Refused: {refusal}");
    }

    private async Task TransactAsync<T>(Func<Transaction, Task<Result<T>>> work) where T : notnull =>
        (await db.TransactAsync(Territory, work)).OrThrow();

    public async ValueTask DisposeAsync()
    {
        await queue.DisposeAsync();
        await db.DisposeAsync();
    }
}
