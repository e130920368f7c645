using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Borsellino.Benchmarks;

/// <summary>A program that serves pages, in a process of its own, and what it costs the machine.</summary>
internal sealed class WebProgram : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private readonly Process process;

    private WebProgram(Process process, Uri origin, TimeSpan ready) => (this.process, Origin, Ready) = (process, origin, ready);

    public Uri Origin { get; }

    /// <summary>From the start of the process to its first good answer.</summary>
    public TimeSpan Ready { get; }

    /// <summary>Processor time so far.</summary>
    public TimeSpan Spent
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <summary>Memory that is resident now, in bytes.</summary>
    public long Resident
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64;
        }
    }

    /// <summary>Starts a program of ours by its assembly and waits until an address of it answers 200.</summary>
    public static async Task<WebProgram> StartAsync(string assembly, Func<int, string[]> words, string readyAt)
    {
        var port = FreePort();
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, assembly), .. words(port)])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        var watch = Stopwatch.StartNew();
        var started = Process.Start(start)!;
        started.OutputDataReceived += (_, _) => { };
        started.BeginOutputReadLine();
        var origin = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        using var client = new HttpClient { BaseAddress = origin, Timeout = TimeSpan.FromSeconds(5) };
        while (watch.Elapsed < Patience && !started.HasExited)
        {
            try
            {
                using var answer = await client.GetAsync(new Uri(readyAt, UriKind.Relative));
                if (answer.IsSuccessStatusCode) return new(started, origin, watch.Elapsed);
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                // Nobody listens yet.
            }

            await Task.Delay(10);
        }

        started.Kill();
        throw new InvalidOperationException($"{assembly} did not answer at {readyAt}.");
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
