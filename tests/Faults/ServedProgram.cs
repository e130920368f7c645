using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Borsellino.Web.Hosting;

namespace Borsellino.Tests.Faults;

/// <summary>The program in a process of its own, as <c>./run</c> starts it: pages, and the work that waits.</summary>
internal sealed class ServedProgram : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Process process;

    private ServedProgram(Process process, Uri origin) => (this.process, Origin) = (process, origin);

    public Uri Origin { get; }

    /// <summary>Starts it on a database and answers when it serves.</summary>
    public static async Task<ServedProgram> StartAsync(string connection, string data)
    {
        var origin = new Uri($"http://127.0.0.1:{FreePort()}");
        var start = new ProcessStartInfo(
            "dotnet",
            [
                Path.Combine(AppContext.BaseDirectory, "Borsellino.Web.dll"), "--connection", connection, "--data", data, "--empty",
                "--port", origin.Port.ToString(CultureInfo.InvariantCulture), "--environment=Production", "--Serilog:MinimumLevel:Default=Fatal",
            ])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        var started = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Patience);
        while (await started.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.StartsWith("Borsellino: http", StringComparison.Ordinal)) return new(started, origin);
        }

        throw new InvalidOperationException("The program ended before it served anything.");
    }

    /// <summary>Ends it as a machine without power would: it hears nothing of it.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Asks it to end, as whoever starts a new version does.</summary>
    public Task TerminateAsync() => Shell.MustRunAsync(["kill", "-TERM", process.Id.ToString(CultureInfo.InvariantCulture)], CancellationToken.None);

    /// <summary>Waits for its end, a minute at most, and answers its code.</summary>
    public async Task<int> EndAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(limit.Token);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) await KillAsync();
        process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
