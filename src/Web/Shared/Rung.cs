using Borsellino.Ledger;

namespace Borsellino.Web.Shared;

/// <summary>What one pays of something shared, for one number of members.</summary>
/// <param name="IsNow">Whether this is where the pool stands.</param>
public sealed record Rung(string Label, Money Share, bool IsNow, string? Note = null);
