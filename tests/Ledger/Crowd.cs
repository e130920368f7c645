using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Borsellino.Ledger;
using Npgsql;

namespace Borsellino.Tests.Ledger;

/// <summary>What was asked under an id, and what was answered: null for done.</summary>
public sealed record Said(Deed Deed, string? Refusal);

/// <summary>Something with an id, in the words in which the book is read too.</summary>
public sealed record Deed(string Kind, Guid Id, string Content)
{
    public static Deed Of(Instruction instruction) => instruction switch
    {
        Instruction.Post { Entry: var e } => new(
            "Post", e.Id.Value, $"{e.Memo} {string.Join(' ', e.Postings().Select(p => $"{p.Account.Value} {p.Debit.Cents}/{p.Credit.Cents}"))}"),
        Instruction.Authorise { Hold: var h } => new(
            "Authorised", h.Id.Value, $"{h.Memo} {h.Payee.Value} {string.Join(' ', h.Lines.Select(l => $"{l.Account.Value} {l.Amount.Cents}"))}"),
        Instruction.Capture c => new("Captured", c.EntryId.Value, $"{c.Memo} {c.HoldId.Value} {c.Amount!.Value.Cents}"),
        Instruction.Void v => new("Voided", v.EventId.Value, $"{v.Memo} {v.HoldId.Value}"),
        Instruction.Expire e => new("Expired", e.EventId.Value, $" {e.HoldId.Value}"),
        _ => throw new InvalidOperationException($"No words for {instruction}."),
    };
}

/// <summary>
/// Many callers who draw from one deck and go through it side by side, some by transactions of their own, some by a
/// posting queue, and write down every answer.
/// </summary>
public sealed class Crowd(Database db, TerritoryId territory, Deck deck, int seed)
{
    public const string OrdersVariable = "BORSELLINO_TEST_CROWD";

    private const int Together = 30;
    private readonly HandClock clock = new(Book.Morning);
    private readonly ConcurrentQueue<Said> history = new();

    /// <summary>What a second process is to do, and where it writes what it was told.</summary>
    public sealed record Orders(string Connection, int Territory, int Seed, int Callers, int Times, string File)
    {
        /// <summary>The lock at which both processes wait for each other, as <c>pg_locks</c> names it.</summary>
        public string Gate => string.Create(CultureInfo.InvariantCulture, $"2, {Territory}");
    }

    /// <summary>The orders of this process, if it is the second one.</summary>
    public static Orders? OrdersFromEnvironment =>
        Environment.GetEnvironmentVariable(OrdersVariable) is { } text ? JsonSerializer.Deserialize<Orders>(text) : null;

    /// <summary>All that a second process does: waits at the gate, joins in, writes down what it was told.</summary>
    public static async Task RunAsync(Orders orders)
    {
        await using (var gate = new NpgsqlConnection(orders.Connection))
        {
            await gate.OpenAsync();
            await using var wait = new NpgsqlCommand($"select pg_advisory_lock_shared({orders.Gate})", gate) { CommandTimeout = 120 };
            await wait.ExecuteNonQueryAsync();
        }

        await using var db = new Database(new NpgsqlConnectionStringBuilder(orders.Connection) { Pooling = true, MaxPoolSize = orders.Callers + 4 }.ConnectionString);
        var told = await new Crowd(db, new(orders.Territory), new Deck(orders.Seed), ~orders.Seed).RunAsync(orders.Callers, orders.Times);
        await File.WriteAllTextAsync(orders.File, JsonSerializer.Serialize(told));
    }

    public async Task<IReadOnlyCollection<Said>> RunAsync(int callers, int times)
    {
        var ledger = new GeneralLedger(clock);
        await using var queue = new PostingQueue(db, ledger);
        await Task.WhenAll(Enumerable.Range(0, callers).Select(n => Task.Run(() => CallAsync(n, times, ledger, queue))));
        return history;
    }

    private async Task CallAsync(int caller, int times, GeneralLedger ledger, PostingQueue queue)
    {
        var random = new Random(unchecked((seed * 31) + caller));
        for (var time = 0; time < times; time++)
        {
            Reach(3 * time);
            if (random.Next(12) == 0)
            {
                await ExpireDueAsync(ledger);
                continue;
            }

            List<Instruction> list = [.. Enumerable.Range(0, random.Next(1, 7)).Select(_ => Any(random, 3 * time))];
            var answers = caller % 2 == 0
                ? await queue.DoAsync(territory, list)
                : (await db.TransactAsync<Refusal?[]>(territory, async tx => await ledger.DoAsync(tx, list))).OrThrow();
            for (var i = 0; i < list.Count; i++) history.Enqueue(new(Deed.Of(list[i]), answers[i]?.Code));
        }
    }

    private Instruction Any(Random random, int from)
    {
        var number = from + random.Next(Together);
        var instruction = random.Next(15) == 0 ? deck.Forge(number) : deck.Draw(number);
        return random.Next(3) == 0 ? instruction with { Group = random.Next(2) } : instruction;
    }

    private async Task ExpireDueAsync(GeneralLedger ledger)
    {
        foreach (var id in (await db.TransactAsync(territory, tx => ledger.ExpireDueAsync(tx))).OrThrow())
        {
            history.Enqueue(new(Deed.Of(new Instruction.Expire(Id<HoldEvent>.From("expiry", id), id)), null));
        }
    }

    /// <summary>The clock goes with the callers who are furthest.</summary>
    private void Reach(int number)
    {
        lock (clock)
        {
            if (Deck.At(number) > clock.Now) clock.MoveTo(Deck.At(number));
        }
    }
}
