using System.Diagnostics;

namespace Borsellino.Benchmarks;

/// <summary>What one side reached in one round. A unit is one transfer.</summary>
/// <param name="PerSecond">Units acknowledged in a second.</param>
/// <param name="Median">Half of the calls took at most this long.</param>
/// <param name="CpuMicros">Processor time of server and client for each unit.</param>
/// <param name="WalBytes">Write-ahead log for each unit.</param>
internal sealed record Measure(double PerSecond, TimeSpan Median, TimeSpan P99, double CpuMicros, double WalBytes);

/// <summary>Callers in a closed loop: each asks again as soon as it is answered.</summary>
internal static class Load
{
    /// <summary>Runs <paramref name="callers"/> for <paramref name="seconds"/>; a call does so many units.</summary>
    public static async Task<Measure> RunAsync(
        BenchCluster cluster, int callers, double seconds, int units, Func<Random, Task> call)
    {
        // Everything is connected, prepared and compiled before the clock starts.
        await LoopAsync(callers, Math.Min(1, seconds / 3), call);
        var (wal, cpu, client) = (await cluster.WalAsync(), cluster.ServerTime(), Process.GetCurrentProcess().TotalProcessorTime);
        var watch = Stopwatch.StartNew();
        var times = await LoopAsync(callers, seconds, call);
        var elapsed = watch.Elapsed;
        var spent = cluster.ServerTime() - cpu + Process.GetCurrentProcess().TotalProcessorTime - client;
        var written = await cluster.WalAsync() - wal;
        times.Sort();
        double done = (double)times.Count * units;
        return new(
            done / elapsed.TotalSeconds, times[times.Count / 2], times[(int)(times.Count * 0.99)],
            spent.TotalMicroseconds / done, (double)written / done);
    }

    private static async Task<List<TimeSpan>> LoopAsync(int callers, double seconds, Func<Random, Task> call)
    {
        var end = Stopwatch.GetTimestamp() + (long)(seconds * Stopwatch.Frequency);
        var loops = Enumerable.Range(0, callers).Select(n => Task.Run(async () =>
        {
            var (random, times) = (new Random(n), new List<TimeSpan>());
            long began;
            while ((began = Stopwatch.GetTimestamp()) < end)
            {
                await call(random);
                times.Add(Stopwatch.GetElapsedTime(began));
            }

            return times;
        }));
        return (await Task.WhenAll(loops)).SelectMany(t => t).ToList();
    }
}
