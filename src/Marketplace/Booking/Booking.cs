using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>Where a booking stands. <see cref="Lifecycle"/> says which steps lead from one to the next.</summary>
public enum BookingStatus
{
    /// <summary>Asked for; the money is held, the provider has not answered.</summary>
    Requested,
    Confirmed,

    /// <summary>The provider says it was done; the household has two days to say otherwise.</summary>
    Delivered,

    /// <summary>The household agrees. Lasts only as long as a transaction: the provider is credited at once.</summary>
    Accepted,

    /// <summary>The provider has been credited and waits for a payout.</summary>
    Settled,
    Paid,
    Declined,

    /// <summary>Nobody answered or delivered in time; the money went back.</summary>
    Expired,
    Withdrawn,
    CancelledByHousehold,
    CancelledByProvider,
    CancelledByOperator,

    /// <summary>Of a shared service: another booking of the same household stands for it, at the price it agreed to.</summary>
    Replaced,

    /// <summary>The provider came or waited, the person was not there.</summary>
    NoShow,
    Disputed,

    /// <summary>Disputed, and the provider agreed: the money went back.</summary>
    Reversed,
}

/// <summary>A place taken in a slot, with the hold that pays for it.</summary>
/// <param name="Reference">Twelve characters that a person reads aloud.</param>
/// <param name="PersonId">Who uses the service.</param>
/// <param name="Covered">What the purse pays, in cents: the amount of the hold. The copayment is the household's own.</param>
/// <param name="AnswerBy">The provider answers before this instant, or the request lapses.</param>
/// <param name="FreeUntil">Cancelling is free before this instant; from then on the fee is owed.</param>
/// <param name="AcceptBy">Set at delivery: at this instant the booking accepts itself.</param>
/// <param name="HoldExpiresAt">Of its own hold, or of that of the package of which it is a unit.</param>
/// <param name="Settled">What the provider earned of it: the covered part, or a fee.</param>
public sealed record Booking(
    Id<Booking> Id, string Reference, Id<Slot> SlotId, Id<Offer> OfferId, Id<Provider> ProviderId, Id<Household> HouseholdId, Id<Person> PersonId,
    Instant StartsAt, Instant EndsAt, Money Price, Money Covered, Money Copayment, Id<Hold>? HoldId, BookingStatus Status,
    Instant AnswerBy, Instant FreeUntil, Money CancelFee, Instant? AcceptBy, Money Settled, Instant? HoldExpiresAt,
    Id<Package>? PackageId) : IIdentified
{
    public static string Prefix => "book";

    /// <summary>What cancelling at an instant costs the purse: nothing before the limit; never more than the purse pays.</summary>
    public Money FeeAt(Instant now) => now < FreeUntil ? Money.Zero : Money.Min(CancelFee, Covered);

    public LocalDate Day => StartsAt.InZone(ClockExtensions.Rome).Date;
}

/// <summary>Somebody who acts for a household.</summary>
public sealed record HouseholdUser(Id<Household> Household, Id<User> User);

/// <summary>Somebody who acts for a provider.</summary>
public sealed record ProviderUser(Id<Provider> Provider, Id<User> User);
