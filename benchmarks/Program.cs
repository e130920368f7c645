using Borsellino.Benchmarks;

// ./bench ledger or ./bench growth
if (Options.Parse(args) is not { } options)
{
    Console.Error.WriteLine(Options.Usage);
    return 2;
}

Console.Error.WriteLine("Everything runs on one durable cluster of its own, in /tmp; it is removed at the end.");
await using var cluster = await BenchCluster.StartAsync();
if (options.Growth)
{
    await GrowthBench.RunAsync(cluster, options);
    return 0;
}

var report = await LedgerBench.RunAsync(cluster, options);
Console.WriteLine(options.Json ? report.ToJson() : report.ToText());
return report.AllReached ? 0 : 1;
