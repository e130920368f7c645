using System.Globalization;
using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

public enum PackageStatus
{
    /// <summary>Its units can be used until its last day.</summary>
    Open,
    UsedUp,

    /// <summary>Its last day passed with units that were not used.</summary>
    Lapsed,

    /// <summary>The household gave back what it had not used.</summary>
    Returned,

    /// <summary>The provider could not hand over what was left of a product.</summary>
    Unavailable,
}

/// <summary>
/// Units of one offer that a household bought at once for one of its people: one title with its whole value, over one hold. Each unit is a
/// booking that holds nothing itself; what is paid for it comes out of the package's hold. Of a product the units are pieces, which are handed
/// over and need no time.
/// </summary>
/// <param name="Covered">What the purse pays, in cents: the amount of the hold. The copayment is paid to the provider, unit by unit.</param>
/// <param name="LastDay">Of a service; never after the last day of a grant that pays.</param>
/// <param name="ReturnUntil">Untouched, it goes back for nothing before this instant.</param>
/// <param name="CancelHours">A unit is called off for nothing until so many hours before it; <paramref name="CancelFee"/> is what it costs after that.</param>
public sealed record Package(
    Id<Package> Id, string Reference, Id<Offer> OfferId, Id<Provider> ProviderId, Id<Household> HouseholdId, Id<Person> PersonId, int Units,
    Money UnitPrice, Money Price, Money Covered, Id<Hold> HoldId, Instant HeldUntil, LocalDate LastDay, Instant ReturnUntil, bool ReturnsRest, int CancelHours,
    Money CancelFee, PackageStatus Status, bool IsProduct) : IIdentified
{
    public static string Prefix => "package";

    /// <summary>What of the purse's money is in a unit: whole cents that add up to the whole, whichever units are used.</summary>
    public Money CoveredOf(int unit) => new((Covered.Cents * unit / Units) - (Covered.Cents * (unit - 1) / Units));
}

/// <summary>What a household asks for. The id is made with the form, so that sending it twice buys once.</summary>
/// <param name="Shown">What it saw; it is charged so or not at all.</param>
/// <param name="Pieces">How many of a product; null for a package.</param>
public sealed record PackageRequest(Id<Package> Id, Id<Offer> Offer, Id<Person> Person, AsShown Shown, int? Pieces = null);

/// <summary>The provider hands over so many pieces of a product. The id is made with the form, so that sending it twice hands over once.</summary>
/// <param name="How">By number and PIN, or from the provider's list.</param>
public sealed record HandOver(Id<HandOver> Id, Id<Package> Package, int Pieces, Attendance How) : IIdentified
{
    public static string Prefix => "handover";
}

/// <summary>All that a household reads before it buys. Nothing is held by looking.</summary>
/// <param name="Available">What can be spent of the whole purse now.</param>
/// <param name="People">For whom it can be bought, the reference person first.</param>
/// <param name="Where">Where a product is fetched, or brought to; PiecesMax: how many of it can be bought at most, 0 for a package.</param>
public sealed record PackagePreview(
    Id<Offer> Offer, string TitleIt, string TitleEn, string UnitIt, string UnitEn, string Provider, PackageTerms Terms, Money UnitPrice, LocalDate LastDay,
    Instant ReturnUntil, int CancelHours, Money CancelFee, Coverage Coverage, Money Available, IReadOnlyList<FamilyMember> People,
    ServicePlace Place, string Where, int PiecesMax)
{
    public Money AvailableAfter => Available - Coverage.Covered;

    /// <summary>What the form sends back, so that the household is charged as it saw or not at all.</summary>
    public AsShown Shown => AsShown.Of(
        Coverage, CancelFee, ReturnUntil,
        string.Create(CultureInfo.InvariantCulture, $"{Terms.Units};{LastDay:uuuu-MM-dd};{CancelHours};{Terms.ReturnsRest}"));
}

/// <summary>The household takes a unit of what it bought, in a slot of the offer.</summary>
public sealed record UnitRequest(Id<Booking> Id, Id<Package> Package, Id<Slot> Slot);

/// <summary>The offer is not sold as a package, or not any more.</summary>
public sealed record NoPackageOffered(Id<Offer> Offer) : Refusal("no_package_offered");

public sealed record PackageNotFound(Id<Package> Package) : Refusal("package_not_found");

/// <summary>The package with this id is another one.</summary>
public sealed record PackageIdReused(Id<Package> Package) : Refusal("package_id_reused");

/// <summary>It was used up, given back, or its last day has passed.</summary>
public sealed record PackageOver(Id<Package> Package, PackageStatus Status) : Refusal("package_over");

/// <summary>All its units are used or booked: one more is bought apart.</summary>
public sealed record NoUnitLeft(Id<Package> Package) : Refusal("no_unit_left");

/// <summary>The slot is after its last day.</summary>
public sealed record PackageEndsBefore(Id<Package> Package, LocalDate LastDay) : Refusal("package_ends_before");

/// <summary>A unit is booked and not over: it is called off first.</summary>
public sealed record PackageHasOpenUnits(Id<Package> Package, int Open) : Refusal("package_has_open_units");

/// <summary>By what was agreed it does not go back any more.</summary>
public sealed record PackageNotReturned(Id<Package> Package, Instant Until) : Refusal("package_not_returned");

/// <summary>A unit of a package is called off and taken anew; it does not move.</summary>
public sealed record UnitDoesNotMove(Id<Package> Package) : Refusal("unit_does_not_move");

/// <summary>Of a product one buys from one piece to so many at once.</summary>
public sealed record PiecesOutside(int Max) : FieldRefusal("pieces_outside", "pieces");

/// <summary>Fewer can still be bought than are asked for; none, when it is sold out.</summary>
public sealed record ProductSoldOut(Id<Offer> Offer, int Left) : Refusal("product_sold_out");

/// <summary>Fewer of the title are left than were to be handed over.</summary>
public sealed record PiecesLeft(Id<Package> Package, int Left) : FieldRefusal("pieces_left", "pieces");

/// <summary>The last day to fetch it has passed.</summary>
public sealed record ProductLapsed(LocalDate LastDay) : Refusal("product_lapsed");
