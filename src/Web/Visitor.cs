namespace Borsellino.Web;

/// <summary>The territory whose pages are being shown, with what every page says of it.</summary>
public sealed class PlaceInfo
{
    public required string Slug { get; init; }

    /// <summary>The full name, as people say it: "Ambito di Tradate".</summary>
    public required string Name { get; init; }

    public required string ShortName { get; init; }
    public int MunicipalityCount { get; init; }

    /// <summary>As it is written on the page: "0331 555 010".</summary>
    public required string HelpPhone { get; init; }

    public required string HelpHours { get; init; }
    public required string OfficeName { get; init; }
    public required string OfficeAddress { get; init; }
}

/// <summary>One entry of the main menu. <paramref name="Count"/> is how many things wait there, if it says so.</summary>
public sealed record NavItem(string Href, string Label, string Icon, bool Current, int? Count);

/// <summary>Who looks at the page and where: all that the layouts need to know.</summary>
public sealed class Visitor
{
    public bool SignedIn { get; init; }
    public string DisplayName { get; init; } = "";
    public string RoleLabel { get; init; } = "";
    public IReadOnlyList<NavItem> Navigation { get; init; } = [];
    public required PlaceInfo Place { get; init; }
    public string Culture { get; init; } = "it";
}
