using System.Globalization;
using System.Net;
using Borsellino.Marketplace;
using NodaTime;
using NodaTime.Text;

namespace Borsellino.Web.Hosting;

/// <summary>What the configuration says, checked. Its files, the environment and the command line fill it, the last wins.</summary>
/// <param name="DataFolder">Full path of the folder for the database, keys and logs.</param>
/// <param name="Address">Where people reach the program, such as <c>https://welfare.example.it/</c>; null when it is only for this machine.</param>
/// <param name="KnownProxies">Whose word counts for who asked and how; nobody's when there is none.</param>
/// <param name="PostsPerMinute">Forms that one person may send in a minute.</param>
/// <param name="IsEmpty">True if no demo town is wanted.</param>
/// <param name="Households">The size of the demo town.</param>
/// <param name="Days">How many days the demo plays; 0 when it is not asked to.</param>
/// <param name="ExportFolder">Where the demo leaves its files; null for nowhere.</param>
/// <param name="GrantsFile">The CSV to import, as it was typed; null when there is none.</param>
/// <param name="Export">What to write of which book.</param>
/// <param name="ProofOf">The id of the entry to prove, as it was typed; null when there is none. The file to check likewise.</param>
public sealed record Settings(
    string DataFolder, int Port, Uri? Address, IReadOnlyList<IPAddress> KnownProxies, int PostsPerMinute, bool IsEmpty, int Households, int Days, string? ExportFolder, string? GrantsFile,
    string? Programme, ExportSettings Export, string? ProofOf, string? ProofFile)
{
    /// <summary>Whether people reach the program over https: cookies, headers and links are made for that.</summary>
    public bool IsHttps => Address?.Scheme == Uri.UriSchemeHttps;

    /// <summary>Throws a sentence that names the setting when a value is no good.</summary>
    public static Settings From(IConfiguration configuration)
    {
        var data = configuration["Data:Folder"];
        var export = configuration["Demo:Export"];
        return new(
            Path.GetFullPath(string.IsNullOrWhiteSpace(data) ? Folders.Data : data),
            Number(configuration, "Web:Port", 5080, 1, 65_535),
            Origin(configuration, "Web:Address"),
            Addresses(configuration, "Web:KnownProxies"),
            Number(configuration, "Web:PostsPerMinute", 120, 1, 1_000_000),
            Flag(configuration, "Town:Empty"),
            Number(configuration, "Town:Households", 2_000, 200, 25_000),
            Number(configuration, "Demo:Days", 0, 0, 366),
            string.IsNullOrWhiteSpace(export) ? null : Path.GetFullPath(export),
            configuration["Import:File"],
            configuration["Import:Programme"],
            new(configuration["Export:Territory"], Day(configuration, "Export:From"), Day(configuration, "Export:To"), Flag(configuration, "Export:Csv")),
            configuration["Proof:Entry"],
            configuration["Proof:File"]);
    }

    /// <summary>
    /// Where people reach the program. Never what a request says of itself, for that is what whoever sent it wants: what the
    /// configuration says, or else this machine.
    /// </summary>
    public Uri OriginOf(HttpContext context) => Address ?? new UriBuilder(Uri.UriSchemeHttp, "127.0.0.1", context.Connection.LocalPort).Uri;

    /// <summary>The address of a territory's pages, without a slash at the end.</summary>
    public string HomeOf(HttpContext context, Place place) => $"{OriginOf(context).GetLeftPart(UriPartial.Authority)}/{place.Slug}";

    private static IPAddress[] Addresses(IConfiguration configuration, string key) =>
        [.. (configuration[key] ?? "").Split([' ', ','], StringSplitOptions.RemoveEmptyEntries).Select(text => IPAddress.TryParse(text, out var address)
            ? address
            : throw new InvalidOperationException($"The setting {key} must be internet addresses such as 10.0.0.2, not '{text}'."))];

    private static Uri? Origin(IConfiguration configuration, string key)
    {
        if (configuration[key] is not { Length: > 0 } text) return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "https" or "http" && address is { PathAndQuery: "/", Fragment: "" })
            return address;
        throw new InvalidOperationException($"The setting {key} must be an address such as https://welfare.example.it, not '{text}'.");
    }

    internal static int Number(IConfiguration configuration, string key, int otherwise, int least, int most)
    {
        if (configuration[key] is not { Length: > 0 } text) return otherwise;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most) return number;
        throw new InvalidOperationException(string.Create(
            CultureInfo.InvariantCulture, $"The setting {key} must be a whole number from {least} to {most}, not '{text}'."));
    }

    private static LocalDate? Day(IConfiguration configuration, string key)
    {
        if (configuration[key] is not { Length: > 0 } text) return null;
        if (LocalDatePattern.Iso.Parse(text).TryGetValue(default, out var day)) return day;
        throw new InvalidOperationException($"The setting {key} must be a day such as 2026-01-31, not '{text}'.");
    }

    private static bool Flag(IConfiguration configuration, string key)
    {
        if (configuration[key] is not { Length: > 0 } text) return false;
        if (bool.TryParse(text, out var flag)) return flag;
        throw new InvalidOperationException($"The setting {key} must be true or false, not '{text}'.");
    }
}

/// <summary>What <c>export-journal</c> writes: of one territory, from a day through a day, null for all there is.</summary>
public sealed record ExportSettings(string? Territory, LocalDate? From, LocalDate? Through, bool Csv);
