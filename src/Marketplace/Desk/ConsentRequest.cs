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

    /// <summary>It said yes, but what it was shown was not so any more: nothing was done.</summary>
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

/// <summary>The desk asks a household for its yes to one booking, and books nothing before.</summary>
/// <param name="Shown">What would be booked, as it was read; the household is charged so or not at all.</param>
/// <param name="Why">Why a yes booked nothing: the code of the refusal; empty for none.</param>
public sealed record ConsentRequest(
    Id<ConsentRequest> Id, Id<Household> HouseholdId, Id<Person> ToldBy, Id<Person> PersonId, Id<Slot> SlotId, string Shown, Id<User> AskedBy,
    Instant ValidUntil, ConsentAnswer? Answer, string Why) : IIdentified
{
    public static string Prefix => "consent";

    /// <summary>The booking that a yes makes.</summary>
    public Id<Booking> Booking => Id<Booking>.From("consent", Id);

    public ConsentStatus StatusAt(Instant now) => ConsentCard.StatusOf(Answer, Why, ValidUntil, now);
}

/// <summary>A request as the household and the operator read it.</summary>
/// <param name="Operator">Who asks.</param>
/// <param name="Own">What the household would pay of its own.</param>
/// <param name="FirstName">For whom it would be.</param>
public sealed record ConsentCard(
    Id<ConsentRequest> Id, Id<Slot> SlotId, int HouseholdNumber, string TitleIt, string TitleEn, string Provider, Instant StartsAt, Instant EndsAt,
    string FirstName, string LastName, string Operator, Money Price, Money Own, string Shown, Instant AskedAt, Instant ValidUntil,
    ConsentAnswer? Answer, Instant? AnsweredAt, string Why)
{
    /// <summary>What the purse would pay.</summary>
    public Money Covered => Price - Own;

    /// <summary>The booking that a yes made.</summary>
    public Id<Booking> Booking => Id<Booking>.From("consent", Id);

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
