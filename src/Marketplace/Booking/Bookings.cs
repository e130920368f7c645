using Borsellino.Ledger;

namespace Borsellino.Marketplace;

/// <summary>A place taken in a slot, with the hold that pays for it.</summary>
public sealed record Booking : IIdentified
{
    public static string Prefix => "book";
}
