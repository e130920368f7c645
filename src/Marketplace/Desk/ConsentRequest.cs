using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>How a request for a household's yes stands.</summary>
public enum ConsentStatus
{
    /// <summary>The household may answer.</summary>
    Waiting,

    /// <summary>It said yes, and what it said yes to was done at once.</summary>
    Accepted,

    /// <summary>It said yes, but what it was shown was not so any more, or there was nothing left to call off: nothing was done.</summary>
    Overtaken,

    /// <summary>It said no.</summary>
    Refused,

    /// <summary>It did not answer in time.</summary>
    Expired,
}

/// <summary>What a household answered.</summary>
public enum ConsentAnswer
{
    Yes,
    No,
}

/// <summary>The desk asks a household for its yes to one booking, or to calling one off, and does nothing before.</summary>
/// <param name="CallsOff">The booking to be called off; null where one is to be made.</param>
/// <param name="Shown">What would be booked, as it was read: the household is charged so or not at all. Null where a booking is to be called off.</param>
/// <param name="Why">Why a yes did nothing: the code of the refusal; empty for none.</param>
public sealed record ConsentRequest(
    Id<ConsentRequest> Id, Id<Household> HouseholdId, Id<Booking>? CallsOff, Id<Person> ToldBy, Id<Person> PersonId, Id<Slot> SlotId, string? Shown,
    Id<User> AskedBy, Instant ValidUntil, ConsentAnswer? Answer, string Why) : IIdentified
{
    public static string Prefix => "consent";

    /// <summary>The booking that a yes makes, or calls off.</summary>
    public Id<Booking> Booking => CallsOff ?? Id<Booking>.From("consent", Id);

    public ConsentStatus StatusAt(Instant now) => ConsentCard.StatusOf(Answer, Why, ValidUntil, now);
}

/// <summary>A request as the household and the operator read it.</summary>
/// <param name="Operator">Who asks.</param>
/// <param name="Own">What the household would pay of its own.</param>
/// <param name="FirstName">For whom it would be.</param>
/// <param name="CallsOff">The booking to be called off, which is in state <paramref name="Booked"/> now; null where one is to be made.</param>
/// <param name="FreeUntil">Of the booking to be called off: free before this instant, and from then on at most <paramref name="CancelFee"/>.</param>
/// <param name="Fee">What calling off cost, as the household read it when it said yes.</param>
public sealed record ConsentCard(
    Id<ConsentRequest> Id, Id<Booking>? CallsOff, Id<Slot> SlotId, int HouseholdNumber, string TitleIt, string TitleEn, string Provider, Instant StartsAt, Instant EndsAt,
    string FirstName, string LastName, string Operator, Money Price, Money Own, string? Shown, Instant AskedAt, Instant ValidUntil,
    ConsentAnswer? Answer, Instant? AnsweredAt, Money? Fee, string Why, BookingStatus? Booked, Instant? FreeUntil, Money? CancelFee)
{
    /// <summary>What the purse would pay.</summary>
    public Money Covered => Price - Own;

    /// <summary>The booking that a yes makes, or calls off.</summary>
    public Id<Booking> Booking => CallsOff ?? Id<Booking>.From("consent", Id);

    /// <summary>What calling off takes from the purse at an instant; null where there is nothing left to call off.</summary>
    public Money? FeeAt(Instant now) => Booked switch
    {
        BookingStatus.Requested when now < StartsAt => Money.Zero,
        BookingStatus.Confirmed when now < StartsAt => now < FreeUntil ? Money.Zero : Money.Min(CancelFee!.Value, Covered),
        _ => null,
    };

    public ConsentStatus StatusAt(Instant now) => StatusOf(Answer, Why, ValidUntil, now);

    internal static ConsentStatus StatusOf(ConsentAnswer? answer, string why, Instant until, Instant now) => answer switch
    {
        ConsentAnswer.Yes => why.Length == 0 ? ConsentStatus.Accepted : ConsentStatus.Overtaken,
        ConsentAnswer.No => ConsentStatus.Refused,
        null => now < until ? ConsentStatus.Waiting : ConsentStatus.Expired,
    };
}

public sealed record ConsentRequestNotFound(Id<ConsentRequest> Request) : Refusal("consent_request_not_found");

/// <summary>The form with this id asked for something else.</summary>
public sealed record ConsentRequestIdReused(Id<ConsentRequest> Request) : Refusal("consent_request_id_reused");

/// <summary>The service is so near that its provider could not answer any more after the household did.</summary>
public sealed record ConsentTooLate(Instant StartsAt) : Refusal("consent_too_late");

/// <summary>The household has been asked for just that, and may still answer.</summary>
public sealed record ConsentAlreadyAsked(Instant ValidUntil) : Refusal("consent_already_asked");

/// <summary>The time to answer is over.</summary>
public sealed record ConsentRequestOver(Instant ValidUntil) : Refusal("consent_request_over");

/// <summary>Somebody of the household has answered otherwise before, and that stands.</summary>
public sealed record ConsentAnswered(ConsentStatus Status) : Refusal("consent_answered");
