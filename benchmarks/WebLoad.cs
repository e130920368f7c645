using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace Borsellino.Benchmarks;

/// <summary>What one page reached in one round.</summary>
/// <param name="PerSecond">Requests answered with 200 in a second.</param>
/// <param name="Median">Half of the requests took at most this long.</param>
/// <param name="CpuMillis">Processor time of the program for each request, without the client's; <paramref name="DatabaseMillis"/> the database's.</param>
/// <param name="Bytes">Bytes of the page as it is, not compressed.</param>
/// <param name="RowsWritten">Rows inserted, changed or deleted in the database for each request.</param>
internal sealed record PageMeasure(
    double PerSecond, TimeSpan Median, TimeSpan P99, double CpuMillis, double DatabaseMillis, long Bytes, double RowsWritten, long Resident);

/// <summary>Browsers in a closed loop, each on a connection that stays open: each asks again as soon as it is answered.</summary>
internal static class WebLoad
{
    private const int Browsers = 16;

    /// <summary>Asks one address for some seconds; a # in it is another number each time. Any other answer than 200 ends the bench.</summary>
    public static async Task<PageMeasure> RunAsync(BenchCluster cluster, WebProgram program, string path, string? cookie, double seconds)
    {
        using var handler = new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, MaxConnectionsPerServer = Browsers, ActivityHeadersPropagator = null };
        using var client = new HttpClient(handler) { BaseAddress = program.Origin };
        if (cookie is not null) client.DefaultRequestHeaders.Add("Cookie", cookie);
        await LoopAsync(client, path, Math.Min(2, seconds / 2));
        var (spent, database, rows) = (program.Spent, cluster.ServerTime(), await RowsAsync(cluster));
        var watch = Stopwatch.StartNew();
        var (times, bytes) = await LoopAsync(client, path, seconds);
        var elapsed = watch.Elapsed;
        var (cpu, db) = (program.Spent - spent, cluster.ServerTime() - database);
        // The database counts what it writes, but not at once.
        await Task.Delay(1_100);
        var written = await RowsAsync(cluster) - rows;
        times.Sort();
        return new(
            times.Count / elapsed.TotalSeconds, times[times.Count / 2], times[(int)(times.Count * 0.99)],
            cpu.TotalMilliseconds / times.Count, db.TotalMilliseconds / times.Count, bytes, (double)written / times.Count, program.Resident);
    }

    private static Task<long> RowsAsync(BenchCluster cluster) => cluster.AskAsync<long>(
        "select (tup_inserted + tup_updated + tup_deleted)::bigint from pg_stat_database where datname = current_database()");

    private static async Task<(List<TimeSpan> Times, long Bytes)> LoopAsync(HttpClient client, string path, double seconds)
    {
        var end = Stopwatch.GetTimestamp() + (long)(seconds * Stopwatch.Frequency);
        var (address, size, asked) = (new Uri(path.Split('#')[0], UriKind.Relative), 0L, 0);
        var isSame = !path.Contains('#', StringComparison.Ordinal);
        var loops = Enumerable.Range(0, Browsers).Select(_ => Task.Run(async () =>
        {
            var (times, buffer) = (new List<TimeSpan>(), new byte[64 * 1024]);
            long began;
            while ((began = Stopwatch.GetTimestamp()) < end)
            {
                using var answer = await client.GetAsync(isSame ? address : Another(), HttpCompletionOption.ResponseHeadersRead);
                if (answer.StatusCode is not HttpStatusCode.OK) throw new InvalidOperationException($"{path} answers {(int)answer.StatusCode} {answer.Headers.Location}");
                await using var body = await answer.Content.ReadAsStreamAsync();
                var (read, total) = (0, 0L);
                while ((read = await body.ReadAsync(buffer)) > 0) total += read;
                times.Add(Stopwatch.GetElapsedTime(began));
                Volatile.Write(ref size, total);
            }

            return times;
        })).ToList();
        return ((await Task.WhenAll(loops)).SelectMany(t => t).ToList(), size);

        Uri Another() => new(path.Replace("#", (1000 + Interlocked.Increment(ref asked)).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal), UriKind.Relative);
    }
}
