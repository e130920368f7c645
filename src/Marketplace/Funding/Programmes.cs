using Borsellino.Ledger;

namespace Borsellino.Marketplace;

/// <summary>A funder's budget with its rules: what it pays for, for whom, until when.</summary>
public sealed record Programme : IIdentified
{
    public static string Prefix => "prog";
}

/// <summary>Who puts the money in.</summary>
public sealed record Funder : IIdentified
{
    public static string Prefix => "fund";
}
