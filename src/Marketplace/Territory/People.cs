using Borsellino.Ledger;

namespace Borsellino.Marketplace;

/// <summary>A person. Its table is one of the two that hold personal data.</summary>
public sealed record Person : IIdentified
{
    public static string Prefix => "pers";
}

/// <summary>A family, which owns a purse.</summary>
public sealed record Household : IIdentified
{
    public static string Prefix => "house";
}
