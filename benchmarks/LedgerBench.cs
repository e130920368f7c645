using System.Diagnostics;

namespace Borsellino.Benchmarks;

/// <summary>Posting, beside what it is compared with: same cluster, same run, in turns.</summary>
internal static class LedgerBench
{
    public static async Task<Report> RunAsync(BenchCluster cluster, Options options)
    {
        Say("preparing the rivals");
        await Floor.PrepareAsync(cluster);
        await NaiveLedger.PrepareAsync(cluster, options.Accounts);
        Say($"opening {options.Accounts} accounts");
        await using var floor = new Floor(cluster.Connections(16));
        await using var naive = new NaiveLedger(cluster.Connections(16), options.Accounts);
        await using var ours = await Ours.PrepareAsync(cluster, options.Accounts);

        (string Name, int Callers, int Units, Func<Random, Task> Call)[] sides =
        [
            (Report.FloorMany, 16, 1, floor.TransactAsync),
            (Report.FloorOne, 1, 1, floor.TransactAsync),
            (Report.NaiveRandom, 16, 1, random => naive.TransferAsync(random, hot: false)),
            (Report.NaiveHot, 16, 1, random => naive.TransferAsync(random, hot: true)),
            (Report.OursRandom, 64, 1, random => ours.QueueAsync(random, hot: false)),
            (Report.OursHot, 64, 1, random => ours.QueueAsync(random, hot: true)),
            (Report.OursMany, 512, 1, random => ours.QueueAsync(random, hot: false)),
            (Report.OursLists, 2, 1000, random => ours.ListAsync(random, hot: false)),
            (Report.OursHotLists, 2, 1000, random => ours.ListAsync(random, hot: true)),
            (Report.OursOneQueued, 1, 1, random => ours.QueueAsync(random, hot: false)),
            (Report.OursOne, 1, 1, ours.PostAsync),
        ];
        var report = new Report();
        for (var round = 1; round <= options.Rounds; round++)
        {
            foreach (var (name, callers, units, call) in sides.Where(s => s.Name.Contains(options.Only, StringComparison.OrdinalIgnoreCase)))
            {
                Say($"round {round} of {options.Rounds}: {name}");
                report.Add(name, await Load.RunAsync(cluster, callers, options.Seconds, units, call));
            }
        }

        Say("proving the book");
        var watch = Stopwatch.StartNew();
        var disagreements = await ours.ProveAsync();
        report.Proven(await cluster.AskAsync<long>("select count(*) from ledger.posting"), watch.Elapsed, disagreements.Count);
        return report;
    }

    private static void Say(string what) => Console.Error.WriteLine($"[{DateTime.Now:HH:mm:ss}] {what}");
}
