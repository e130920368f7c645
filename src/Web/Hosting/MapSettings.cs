namespace Borsellino.Web.Hosting;

/// <summary>
/// Whose pictures lie under the map of services, as the section <c>Map</c> of the configuration says. Without them there is a plan of our own,
/// and no browser asks anybody else for anything.
/// </summary>
/// <param name="Tiles">An address with {z}, {x} and {y} in it; null for none.</param>
/// <param name="Credit">Whose pictures they are, as they want it said.</param>
public sealed record MapSettings(string? Tiles, string Credit)
{
    /// <summary>Where the pictures come from, for the browser's policy; null for nowhere.</summary>
    public string? Origin => Tiles is null ? null : new Uri(Tiles).GetLeftPart(UriPartial.Authority);

    /// <summary>Throws a sentence that names the setting when a value is no good.</summary>
    public static MapSettings Of(IConfiguration configuration)
    {
        var (tiles, credit) = (configuration["Map:Tiles"], configuration["Map:Credit"] ?? "");
        if (string.IsNullOrWhiteSpace(tiles)) return new(null, "");
        var isGood = Uri.TryCreate(tiles, UriKind.Absolute, out var address) && address is { Scheme: "https", IdnHost.Length: > 0 }
            && new[] { "{z}", "{x}", "{y}" }.All(part => tiles.Contains(part, StringComparison.Ordinal));
        if (!isGood) throw new InvalidOperationException($"The setting Map:Tiles must be an address such as https://tiles.example.it/{{z}}/{{x}}/{{y}}.png, not '{tiles}'.");
        if (credit.Length == 0) throw new InvalidOperationException("The setting Map:Credit must say whose pictures Map:Tiles are.");
        return new(tiles, credit);
    }
}
