using Borsellino.Ledger;

namespace Borsellino.Marketplace;

/// <summary>A cooperative or a shop: it may be paid, for the classes it is accredited for.</summary>
public sealed record Provider : IIdentified
{
    public static string Prefix => "prov";
}
