using NodaTime;

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

/// <summary>One of the roles of a person, and whether it is the one they wear now.</summary>
public sealed record Hat(string Id, string Label, bool Worn);

/// <summary>Who looks at the page and where: all that the layouts need to know.</summary>
public sealed class Visitor
{
    public bool SignedIn { get; init; }

    /// <summary>Whether appointments at the office are for them: families, and whoever has not said yet who they are.</summary>
    public bool MayComeIn { get; init; } = true;

    public string DisplayName { get; init; } = "";
    public string RoleLabel { get; init; } = "";

    /// <summary>The family they act for by a delegation, and its last day; null for a role of their own.</summary>
    public (string Family, LocalDate Until)? ActsFor { get; init; }

    /// <summary>The roles of a person who has several; empty for everybody else.</summary>
    public IReadOnlyList<Hat> Hats { get; init; } = [];

    /// <summary>The sections of their work, or the doors of whoever does not work here.</summary>
    public IReadOnlyList<NavItem> Navigation { get; init; } = [];

    /// <summary>What stands at the thumb on the pages for everyone, at most four: for people at work, the way back to it.</summary>
    public IReadOnlyList<NavItem> Doors { get; init; } = [];
    public required PlaceInfo Place { get; init; }
    public string Culture { get; init; } = "it";
}
