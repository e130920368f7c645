using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>What an operator does for a household that is there, or on the telephone, and says yes to it.</summary>
public enum DeskDeed
{
    /// <summary>Read what waits for an answer of the household, so as to say it aloud.</summary>
    Looked,

    /// <summary>Said yes to a proposal; its subject is the need.</summary>
    SaidYes,

    /// <summary>Said no to a proposal; its subject is the need.</summary>
    SaidNo,

    /// <summary>Joined a pool; its subject is the share.</summary>
    Joined,

    /// <summary>Left a pool before it was decided; its subject is the share.</summary>
    Left,

    /// <summary>Joined all dates of a weekly group; its subject is the series.</summary>
    JoinedWeekly,

    /// <summary>Booked a service; its subject is the booking.</summary>
    Booked,

    /// <summary>Took a request back, or cancelled a booking; its subject is the booking.</summary>
    CalledOff,

    /// <summary>Gave a delegation; its subject is the delegation.</summary>
    Delegated,

    /// <summary>Bought a package or a product; its subject is what was bought.</summary>
    Bought,

    /// <summary>Read why the household's money pays for something or does not.</summary>
    Explained,
}

/// <summary>One thing that an operator did for a household, with the consent to just that. Never changed.</summary>
public sealed record DeskAct(Id<DeskAct> Id, Id<Household> HouseholdId, DeskDeed Deed, Guid? Subject) : IIdentified
{
    public static string Prefix => "deskact";
}

/// <summary>For whom an operator acts, and by which consent.</summary>
/// <param name="TaxCode">Of one of the household, who tells it: nobody is looked for by name.</param>
public sealed record DeskFor(string TaxCode, Consent Consent, Id<User> Operator);

/// <summary>What waits for an answer of a household, or can still be undone, as the operator reads it aloud.</summary>
/// <param name="Joinable">Pools that were made for it and that it is not in.</param>
/// <param name="Weekly">Weekly groups that were made for it and that it is not in.</param>
/// <param name="Mine">Pools it is in and may still leave for nothing.</param>
/// <param name="Bookings">What it has asked for or booked and has not begun, soonest first.</param>
public sealed record DeskView(
    Id<Household> Household, IReadOnlyList<NeedDetail> Asked, IReadOnlyList<JoinPreview> Joinable, IReadOnlyList<SeriesPreview> Weekly,
    IReadOnlyList<PoolCard> Mine, IReadOnlyList<BookingCard> Bookings)
{
    public bool IsEmpty => Asked.Count + Joinable.Count + Weekly.Count + Mine.Count + Bookings.Count == 0;
}

/// <summary>What an operator did, as the household reads it.</summary>
public sealed record DoneForYou(DeskDeed Deed, Instant At, string Operator, ConsentKind Consent, string Reference);

/// <summary>What an operator opened or did for a family, and how that stands now.</summary>
/// <param name="Deed">Null for a need that it opened.</param>
/// <param name="Need">Where the need stands; null where it is about none.</param>
/// <param name="Pool">Where the pool stands; null where it is about none.</param>
/// <param name="Booking">Where the booking stands; null where it is about none.</param>
/// <param name="Package">Where the package or the product stands; null where it is about none.</param>
/// <param name="IsIn">Whether the household is in that pool, or weekly group, now.</param>
public sealed record DeskRow(
    DeskDeed? Deed, Instant At, int HouseholdNumber, string NameIt, string NameEn, NeedStatus? Need, PoolStatus? Pool, BookingStatus? Booking,
    PackageStatus? Package, bool IsProduct, bool IsIn, string Reference);

/// <summary>The form with this id did something else.</summary>
public sealed record DeskActIdReused(Id<DeskAct> Act) : Refusal("desk_act_id_reused");
