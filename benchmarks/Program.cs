using Borsellino.Benchmarks;

// Started by ./bench web itself: what its pages are held against.
if (args is [PlainSite.Verb, var port, var connection, var bytes])
{
    await PlainSite.RunAsync(port, connection, bytes);
    return 0;
}

// ./bench ledger, growth, web, pools, matching, search or booking
if (Options.Parse(args) is not { } options)
{
    Console.Error.WriteLine(Options.Usage);
    return 2;
}

if (options.What == "matching")
{
    MatchBench.Run(options);
    return 0;
}

Console.Error.WriteLine("Everything runs on one durable cluster of its own, in /tmp; it is removed at the end.");
await using var cluster = await BenchCluster.StartAsync();
if (options.What == "web")
{
    var pages = await WebBench.RunAsync(cluster, options);
    Console.WriteLine(options.Json ? pages.ToJson() : pages.ToText());
    return pages.AllReached ? 0 : 1;
}

if (options.What == "pools")
{
    await PoolBench.RunAsync(cluster, options);
    return 0;
}

if (options.What == "search")
{
    var (text, isReached) = await SearchBench.RunAsync(cluster, options);
    Console.WriteLine(text);
    return isReached ? 0 : 1;
}

if (options.What == "booking")
{
    var (text, isReached) = await BookingBench.RunAsync(cluster, options);
    Console.WriteLine(text);
    return isReached ? 0 : 1;
}

if (options.What == "growth")
{
    await GrowthBench.RunAsync(cluster, options);
    return 0;
}

var report = await LedgerBench.RunAsync(cluster, options);
Console.WriteLine(options.Json ? report.ToJson() : report.ToText());
return report.AllReached ? 0 : 1;
