namespace Borsellino.Marketplace.Standards;

/// <summary>What people type, as a pattern of SQL's <c>like</c>.</summary>
public static class LikePattern
{
    /// <summary>Matches what has these characters somewhere, each for itself: nothing typed is a wildcard.</summary>
    public static string Containing(string typed) => $"%{typed
        .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)}%";
}
