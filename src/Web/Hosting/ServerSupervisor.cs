using System.Diagnostics;
using System.Globalization;

namespace Borsellino.Web.Hosting;

/// <summary>
/// A small shell that keeps the server up as long as anybody holds the pipe in the run folder, and stops it when the
/// last holder lets go or dies, however it dies. It lives in a session of its own, so that Ctrl-C does not reach it.
/// </summary>
internal static class ServerSupervisor
{
    private const int EmptyLooksMax = 50;

    /// <summary>
    /// Arguments: run folder, log file, then the command. A server that fails is started again, because after a crash
    /// the next start is refused until the last child of the old one is gone. One that never came up is given up; one that
    /// did is started for as long as it takes, because a full disk is freed by a person and not within seconds. A server
    /// that ended well was stopped by somebody on purpose and stays down.
    /// </summary>
    private const string Script = """
        run=$1; log=$2; shift 2
        exec </dev/null >>"$log" 2>&1
        trap '' INT HUP QUIT
        server=; stopping=
        stop() {
            stopping=1; tenths=0
            while [ -n "$server" ] && kill -INT "$server" 2>/dev/null; do
                tenths=$((tenths + 1)); [ $tenths -ne 300 ] || kill -QUIT "$server"
                sleep 0.1
            done
        }
        trap stop TERM
        { cat "$run/hold" >/dev/null; rm -f "$run/hold"; kill -TERM $$; } &
        reader=$!
        failures=0
        while [ -z "$stopping" ]; do
            began=$(date +%s)
            "$@" & server=$!
            [ -z "$stopping" ] || stop
            wait "$server"; code=$?
            while kill -0 "$server" 2>/dev/null; do wait "$server"; code=$?; done
            server=
            [ $code -ne 0 ] || break
            [ $(($(date +%s) - began)) -lt 10 ] || failures=0
            failures=$((failures + 1)); pause=0.3
            if [ $failures -gt 20 ]; then [ -e "$run/up" ] || break; pause=1; fi
            [ -n "$stopping" ] || sleep $pause
        done
        [ -n "$stopping" ] || kill "$reader"
        rm -rf "$run"
        """;

    /// <summary>Says that the server has answered once: from now on it is not given up.</summary>
    public static void CameUp(string run) => File.WriteAllText(Path.Combine(run, "up"), "");

    private static string PidFile(string run) => Path.Combine(run, "supervisor.pid");

    /// <summary>The pipe that everybody who uses the server keeps open.</summary>
    public static string Pipe(string run) => Path.Combine(run, "hold");

    /// <summary>Starts the shell. The caller has made the pipe and holds it.</summary>
    public static async Task StartAsync(string run, string log, string[] command, CancellationToken cancel)
    {
        string[] shell = File.Exists("/usr/bin/setsid") ? ["/usr/bin/setsid", "/bin/sh"] : ["/bin/sh", "-m"];
        string[] words = [.. shell, "-c", Script, "borsellino-postgres", run, log, .. command];
        // Nothing is redirected by us: the shell turns its streams away itself, so no pipe of ours can fill or break.
        using var process = Process.Start(new ProcessStartInfo(words[0], words[1..]))
            ?? throw new InvalidOperationException("The shell that watches PostgreSQL could not be started.");
        await File.WriteAllTextAsync(
            PidFile(run), process.Id.ToString(CultureInfo.InvariantCulture), cancel);
    }

    /// <summary>Whether the shell of this run folder lives. A process that only has its number does not count.</summary>
    public static async Task<bool> IsAliveAsync(string run, CancellationToken cancel)
    {
        if (!File.Exists(PidFile(run))) return false;
        var pid = await ReadSharedAsync(PidFile(run), cancel);
        if (OperatingSystem.IsLinux())
        {
            var words = await ReadSharedAsync($"/proc/{pid}/cmdline", cancel);
            // For a moment, while one program becomes the next, a process that lives shows no words at all; one that
            // has died and not been collected never shows any again.
            for (var looks = 0; words.Length == 0 && Directory.Exists($"/proc/{pid}") && looks < EmptyLooksMax; looks++)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10), cancel);
                words = await ReadSharedAsync($"/proc/{pid}/cmdline", cancel);
            }

            return words.Contains(run, StringComparison.Ordinal);
        }

        var (_, listed) = await Shell.RunAsync(["ps", "-o", "command=", "-p", pid], cancel);
        return listed.Contains(run, StringComparison.Ordinal);
    }

    /// <summary>Reads a file that may vanish meanwhile, which reads as empty.</summary>
    private static async Task<string> ReadSharedAsync(string file, CancellationToken cancel)
    {
        try
        {
            return (await File.ReadAllTextAsync(file, cancel)).Trim();
        }
        catch (IOException)
        {
            return "";
        }
    }
}
