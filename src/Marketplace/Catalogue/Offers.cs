using Borsellino.Ledger;

namespace Borsellino.Marketplace.Catalogue;

/// <summary>A priced service of one provider.</summary>
public sealed record Offer : IIdentified
{
    public static string Prefix => "offer";
}
