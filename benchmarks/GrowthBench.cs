using System.Diagnostics;
using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Benchmarks;

/// <summary>
/// What a posting, a balance at a past day and a page of a statement cost while one account's life grows to millions of
/// postings, and how much memory the program takes meanwhile. The book lives two years: its clock is moved by hand.
/// </summary>
internal static class GrowthBench
{
    private const int Purses = 1000;
    private const int Calls = 300;
    private static readonly TerritoryId Territory = new(1);

    public static async Task RunAsync(BenchCluster cluster, Options options)
    {
        await using var db = new Database(cluster.Application);
        var clock = new HandClock(Instant.FromUtc(2024, 1, 1, 8, 0));
        var ledger = new GeneralLedger(clock);
        await cluster.ExecuteAsync("insert into ledger.chart_rule select 'bench', code, side from ledger.chart, unnest(array['Debit', 'Credit']) side");
        var (bank, hot) = (Id<Account>.New(), Id<Account>.New());
        Id<Account>[] purses = [.. Enumerable.Range(0, Purses).Select(_ => Id<Account>.New())];
        (await db.TransactAsync<Done>(Territory, async tx =>
        {
            await Periods.OpenBookAsync(tx);
            (await ledger.OpenAsync(tx, [new(bank, "bank", "bank"), new(hot, "provider", "hot"), .. purses.Select(p => new NewAccount(p, "grant", "grant"))])).OrThrow();
            (await ledger.PostAsync(tx, Entry(clock, [.. purses.Select(p => new Transfer(bank, p, Money.Euro(1_000_000)))]))).OrThrow();
            return default(Done);
        })).OrThrow();

        var step = Duration.FromDays(730) / options.Postings;
        var random = new Random(1);
        Console.WriteLine($"{"postings",12} {"posting ms",12} {"balance ms",12} {"page ms",12} {"fill /s",10} {"memory MB",10} {"highest MB",10}");
        long done = 0;
        double highest = 0;
        for (var level = 10_000L; level <= options.Postings; level *= 10)
        {
            var watch = Stopwatch.StartNew();
            var before = done;
            while (done < level)
            {
                var list = new Instruction[Math.Min(GeneralLedger.InstructionsMax / 2, (level - done + 1) / 2)];
                for (var i = 0; i < list.Length; i++) list[i] = new Instruction.Post(Entry(clock, [new(purses[random.Next(Purses)], hot, new(1))]));
                clock.Advance(step * list.Length * 2);
                var answers = (await db.TransactAsync<Refusal?[]>(Territory, async tx => await ledger.DoAsync(tx, list))).OrThrow();
                if (answers.Any(a => a is not null)) throw new InvalidOperationException($"Refused: {answers.First(a => a is not null)}");
                done += list.Length * 2;
                highest = Math.Max(highest, Process.GetCurrentProcess().WorkingSet64 / 1e6);
            }

            var filled = (done - before) / watch.Elapsed.TotalSeconds;
            // What the server does by itself after a while, done now: figures of tables that are still being settled tell nothing.
            await cluster.ExecuteAsync("vacuum analyze ledger.posting");
            await cluster.ExecuteAsync("vacuum analyze ledger.account");
            var days = Period.DaysBetween(new(2024, 1, 1), clock.Today());
            LocalDate Day() => new LocalDate(2024, 1, 1).PlusDays(random.Next(days));
            var posting = await MedianAsync(async () => (await db.TransactAsync(
                Territory, tx => ledger.PostAsync(tx, Entry(clock, [new(purses[random.Next(Purses)], hot, new(1))])))).OrThrow());
            var balance = await MedianAsync(() => new Balances(db).AtAsync(Territory, hot, Day()));
            var page = await MedianAsync(() =>
            {
                var day = Day();
                return new Statements(db).OfAsync(Territory, hot, day, day, limit: 50);
            });
            done += Calls * 2;
            Console.WriteLine(
                $"{level,12:N0} {posting,12:0.00} {balance,12:0.00} {page,12:0.00} {filled,10:N0} {Process.GetCurrentProcess().WorkingSet64 / 1e6,10:N0} {highest,10:N0}");
        }

        var proving = Stopwatch.StartNew();
        var found = await new Audit(db).RunAsync(Territory);
        var proven = proving.Elapsed;
        Console.WriteLine($"proved {done:N0} postings in {proven.TotalSeconds:0.0} s ({done / proven.TotalSeconds:N0} a second), {found.Count} disagreements");
        var exporting = Stopwatch.StartNew();
        await using var nowhere = new StreamWriter(Stream.Null);
        await new JournalExport(db).WriteHledgerAsync(Territory, nowhere);
        Console.WriteLine(
            $"exported them in {exporting.Elapsed.TotalSeconds:0.0} s; memory {Process.GetCurrentProcess().WorkingSet64 / 1e6:N0} MB, at most {Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:N0} MB");
    }

    private static JournalEntry Entry(HandClock clock, IReadOnlyList<Transfer> transfers) =>
        new(Id<JournalEntry>.New(), "bench", "", clock.Today(), "bench", "", transfers);

    private static async Task<double> MedianAsync<T>(Func<Task<T>> call)
    {
        var times = new List<double>();
        for (var i = 0; i < Calls; i++)
        {
            var began = Stopwatch.GetTimestamp();
            await call();
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        times.Sort();
        return times[Calls / 2];
    }
}
