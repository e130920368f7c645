using Borsellino.Benchmarks;

// ./bench ledger [--seconds N] [--rounds N] [--accounts N] [--json]
if (Options.Parse(args) is not { } options)
{
    Console.Error.WriteLine(Options.Usage);
    return 2;
}

Console.Error.WriteLine("Everything runs on one durable cluster of its own, in /tmp; it is removed at the end.");
await using var cluster = await BenchCluster.StartAsync();
var report = await LedgerBench.RunAsync(cluster, options);
Console.WriteLine(options.Json ? report.ToJson() : report.ToText());
return report.AllReached ? 0 : 1;
