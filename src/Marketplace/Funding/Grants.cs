using Borsellino.Ledger;

namespace Borsellino.Marketplace;

/// <summary>Where a grant stands. Only an active one pays for something new.</summary>
public enum GrantStatus
{
    Active,
    Suspended,
    Expired,
    Revoked,
    Closed,
}

/// <summary>One funder's money for one household under one programme: one ledger account.</summary>
public sealed record Grant : IIdentified
{
    public static string Prefix => "grant";
}
