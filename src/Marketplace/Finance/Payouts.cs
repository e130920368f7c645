using Borsellino.Ledger;

namespace Borsellino.Marketplace;

/// <summary>A file of bank transfers to providers.</summary>
public sealed record Payout : IIdentified
{
    public static string Prefix => "payout";
}
