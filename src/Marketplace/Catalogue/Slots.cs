using Borsellino.Ledger;

namespace Borsellino.Marketplace;

/// <summary>A time at which an offer can be had, with so many places.</summary>
public sealed record Slot : IIdentified
{
    public static string Prefix => "slot";
}
