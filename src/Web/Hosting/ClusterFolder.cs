using System.Globalization;

namespace Borsellino.Web.Hosting;

/// <summary>The files of one cluster: its data, its log, and where its socket is while it runs.</summary>
internal sealed class ClusterFolder(string data, int major)
{
    private const long LogBytesMax = 5_000_000;
    private const int LogLinesShown = 12;

    /// <summary>The major version of PostgreSQL, whose data no other version can read.</summary>
    public int Major => major;

    /// <summary>The folder that was chosen for everything Borsellino keeps.</summary>
    public string Data => data;

    public string Cluster { get; } = Named(data, major, "");
    public string Log { get; } = Named(data, major, ".log");

    /// <summary>Whoever starts or leaves the server holds this file meanwhile.</summary>
    public string TurnFile { get; } = Named(data, major, ".lock");

    private string RunPointer { get; } = Named(data, major, ".run");

    private static string Named(string data, int major, string end) =>
        Path.Combine(data, string.Create(CultureInfo.InvariantCulture, $"pg{major}{end}"));

    /// <summary>The run folder of a server that was started and has not been cleaned away; null if there is none.</summary>
    public async Task<string?> RunFolderAsync(CancellationToken cancel)
    {
        if (!File.Exists(RunPointer)) return null;
        var run = (await File.ReadAllTextAsync(RunPointer, cancel)).Trim();
        return Directory.Exists(run) ? run : null;
    }

    /// <summary>
    /// Makes the folder for the socket. It stands in /tmp because a socket's path may have 107 bytes at most and a data
    /// folder may be anywhere.
    /// </summary>
    public async Task<string> NewRunFolderAsync(CancellationToken cancel)
    {
        if (await RunFolderAsync(cancel) is { } old) Directory.Delete(old, recursive: true);
        var run = Path.Combine("/tmp", $"borsellino-{Path.GetRandomFileName()[..8]}");
        PrivateFolder.Make(run);
        await File.WriteAllTextAsync(RunPointer, run, cancel);
        return run;
    }

    /// <summary>Makes the cluster beside its place and moves it there, so that a half-made one is never used.</summary>
    public async Task CreateClusterAsync(
        PostgresBinaries binaries, ServerUser user, string owner, bool durable, CancellationToken cancel)
    {
        if (File.Exists(Path.Combine(Cluster, "PG_VERSION"))) return;

        var half = Cluster + ".new";
        if (Directory.Exists(half)) Directory.Delete(half, recursive: true);
        PrivateFolder.Make(half);
        await user.GiveAsync(half, cancel);

        // The same order and the same lower case everywhere; pages that sort names ask for Italian order themselves.
        string[] locale = major >= 17
            ? ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
            : ["--locale=C.UTF-8"];
        string[] careless = durable ? [] : ["--no-sync"];
        await Shell.MustRunAsync(
            [
                .. user.Prefix, binaries.InitDb, "-D", half, "-U", owner, "--encoding=UTF8", .. locale,
                "--auth-local=trust", "--auth-host=reject", "--data-checksums", .. careless,
            ],
            cancel);
        Directory.Move(half, Cluster);
    }

    /// <summary>
    /// Clears what a server that died left in the way: a server without its supervisor is stopped, a lock file whose
    /// number now belongs to some other program is removed. What PostgreSQL clears by itself is left to it.
    /// </summary>
    public async Task ClearLeftOversAsync(CancellationToken cancel)
    {
        if (File.Exists(Log) && new FileInfo(Log).Length > LogBytesMax) File.Move(Log, Log + ".old", overwrite: true);

        var lockFile = Path.Combine(Cluster, "postmaster.pid");
        if (!File.Exists(lockFile) || !OperatingSystem.IsLinux()) return;

        var pid = (await File.ReadAllLinesAsync(lockFile, cancel)).FirstOrDefault("").Trim();
        if (WorksHere(pid))
        {
            await Shell.RunAsync(["kill", "-INT", pid], cancel);
            for (var looks = 0; looks < 1000 && WorksHere(pid); looks++) await Task.Delay(20, cancel);
            return;
        }

        // PostgreSQL reads a live number as a running server. Its children, if any live, all work in its folder.
        var isTaken = Directory.Exists($"/proc/{pid}");
        var someChildLives = Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Any(WorksHere);
        if (isTaken && !someChildLives) File.Delete(lockFile);
    }

    private bool WorksHere(string? pid)
    {
        if (!int.TryParse(pid, NumberStyles.None, CultureInfo.InvariantCulture, out _)) return false;
        try
        {
            return new DirectoryInfo($"/proc/{pid}/cwd").LinkTarget == Cluster;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The last lines of the server's log, for an error that a person reads.</summary>
    public async Task<string> EndOfLogAsync(CancellationToken cancel) =>
        File.Exists(Log)
            ? string.Join(Environment.NewLine, (await File.ReadAllLinesAsync(Log, cancel)).TakeLast(LogLinesShown))
            : "(there is no log)";
}
