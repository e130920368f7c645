using Borsellino.Ledger;

namespace Borsellino.Marketplace;

/// <summary>A priced service of one provider.</summary>
public sealed record Offer : IIdentified
{
    public static string Prefix => "offer";
}
