using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Npgsql;

namespace Borsellino.Tests.Ledger;

/// <summary>
/// Random instructions from many connections of two processes at once. Every answer is written down; afterwards the book
/// has what was acknowledged, once, and nothing else.
/// </summary>
[Collection(nameof(Alone))]
public sealed class ConcurrencyProperties(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const int Callers = 8;

    /// <summary>What a crowd must have run into to be one.</summary>
    private static readonly HashSet<string?> Met = ["insufficient_funds", "group_refused", "hold_not_found", "hold_not_open", "entry_id_reused"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, Effort.Times(1, 20)).Select(_ => Random.Shared.Next())];

    [Theory, MemberData(nameof(Seeds))]
    public async Task What_callers_of_two_processes_were_told_is_what_the_book_says(int seed)
    {
        // A crowd meets by chance: what the first did not run into, the next one does.
        var met = new HashSet<string?>();
        for (var crowd = 0; crowd < 5 && !met.IsSupersetOf(Met); crowd++) met.UnionWith(await CrowdAsync(seed ^ crowd));
        Assert.Superset(Met, met);
    }

    /// <summary>Lets two processes loose on one book, holds what they were told against it, and answers for what they were refused.</summary>
    private async Task<IEnumerable<string?>> CrowdAsync(int seed)
    {
        await using var pool = database.OpenPool(Callers + 4);
        var (book, deck) = (await Book.OpenAsync(database, pool), new Deck(seed));
        (await book.OpenAsync(deck.Accounts)).OrThrow();
        await History.WatchAsync(database);
        var orders = new Crowd.Orders(
            database.ApplicationConnection, book.Territory.Value, seed, Callers, Effort.Times(30, 1000), Path.GetTempFileName());
        try
        {
            var (other, mine) = await BothAsync(orders, new Crowd(pool, book.Territory, deck, seed));

            Assert.Empty(await History.CheckAsync(book, [.. mine, .. other]));
            // It was a crowd: both were told of the same deeds.
            Assert.NotEmpty(Done(mine).Intersect(Done(other)));
            return mine.Concat(other).Select(s => s.Refusal);
        }
        finally
        {
            File.Delete(orders.File);
        }
    }

    private static HashSet<Deed> Done(IEnumerable<Said> history) => [.. history.Where(s => s.Refusal is null).Select(s => s.Deed)];

    /// <summary>Starts the other process, waits until it stands at the gate, and lets both go.</summary>
    private async Task<(IReadOnlyCollection<Said> Other, IReadOnlyCollection<Said> Mine)> BothAsync(Crowd.Orders orders, Crowd crowd)
    {
        await using var gate = new NpgsqlConnection(database.OwnerConnection);
        await gate.OpenAsync(Cancel);
        await DoAsync(gate, $"select pg_advisory_lock({orders.Gate})");
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!)
        {
            Environment = { [Crowd.OrdersVariable] = JsonSerializer.Serialize(orders) },
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        var errors = process.StandardError.ReadToEndAsync(Cancel);
        while (!await IsWaitedForAsync(gate, orders.Territory)) Assert.False(process.HasExited, process.HasExited ? await errors : "");

        await DoAsync(gate, $"select pg_advisory_unlock({orders.Gate})");
        var mine = await crowd.RunAsync(Callers, orders.Times);
        await process.WaitForExitAsync(Cancel);
        Assert.True(process.ExitCode == 0, await errors);
        return (JsonSerializer.Deserialize<List<Said>>(await File.ReadAllTextAsync(orders.File, Cancel))!, mine);
    }

    /// <summary>The check is checked: what is planted into a right history or book is found.</summary>
    [Fact]
    public async Task The_check_finds_what_is_lost_invented_changed_or_overdrawn()
    {
        var (book, deck) = (await Book.OpenAsync(database), new Deck(7));
        (await book.OpenAsync(deck.Accounts)).OrThrow();
        await History.WatchAsync(database);
        var history = await new Crowd(book.Db, book.Territory, deck, 7).RunAsync(callers: 3, times: 20);
        Assert.Empty(await History.CheckAsync(book, history));
        var done = history.First(s => s.Refusal is null);
        var changed = done with { Deed = done.Deed with { Content = "other" } };

        Assert.Contains(await History.CheckAsync(book, [.. history, new(new("Post", Guid.NewGuid(), ""), null)]), w => w.StartsWith("acknowledged, and there 0", StringComparison.Ordinal));
        Assert.Contains(await History.CheckAsync(book, history.Where(s => s.Deed != done.Deed)), w => w.StartsWith("recorded, and nobody", StringComparison.Ordinal));
        Assert.Contains(await History.CheckAsync(book, history.Select(s => s.Deed == done.Deed ? changed : s)), w => w.StartsWith("acknowledged Deed", StringComparison.Ordinal));
        Assert.Contains(await History.CheckAsync(book, [.. history, changed]), w => w.StartsWith("two contents", StringComparison.Ordinal));

        database.Spoil(book.Territory);
        await book.AsOwnerAsync($"set local session_replication_role = replica; update ledger.posting p set debit = debit + 1000000"
            + $" from ledger.account a where a.territory_id = {book.Territory} and p.territory_id = {book.Territory} and a.id = p.account_id and a.chart = 'grant' and debit > 0");
        Assert.Contains(await History.CheckAsync(book, history), w => w.StartsWith("account ", StringComparison.Ordinal) && w.Contains("after transaction", StringComparison.Ordinal));
    }

    private static async Task<bool> IsWaitedForAsync(NpgsqlConnection gate, int territory)
    {
        await using var command = new NpgsqlCommand(string.Create(
            CultureInfo.InvariantCulture,
            $"select exists (select from pg_locks where locktype = 'advisory' and classid = 2 and objid = {territory} and not granted)"), gate);
        return (bool)(await command.ExecuteScalarAsync(Cancel))!;
    }

    private static async Task DoAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 120 };
        await command.ExecuteNonQueryAsync(Cancel);
    }
}
