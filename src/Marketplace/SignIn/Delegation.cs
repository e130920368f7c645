using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>A relative, or somebody trusted, who acts for a household with a sign-in of its own.</summary>
/// <param name="Label">What the household calls it, such as "mia figlia".</param>
/// <param name="ValidTo">The last day, in Italy.</param>
/// <param name="CodeUntil">Until when its code can be taken up.</param>
/// <param name="Delegate">The name of who took it up; null while nobody has.</param>
public sealed record Delegation(
    Id<Delegation> Id, Id<Household> HouseholdId, int HouseholdNumber, string Label, LocalDate ValidTo, Instant CodeUntil, Instant GivenAt,
    string? Delegate, Instant? AcceptedAt, Instant? EndedAt) : IIdentified
{
    public static string Prefix => "delegation";
    public const int LabelMax = 60;

    /// <summary>A household has so many at a time, those whose code was not taken up yet among them.</summary>
    public const int DelegationsMax = 5;

    /// <summary>It is given for at most so long; then it is given anew.</summary>
    public static readonly Period Longest = Period.FromYears(2);

    /// <summary>So long a code waits to be taken up.</summary>
    public static readonly Duration CodeFor = Duration.FromDays(7);

    /// <summary>Whether somebody may act by it on a day.</summary>
    public bool IsInForce(LocalDate today) => AcceptedAt is not null && EndedAt is null && ValidTo >= today;
}

/// <summary>One thing that a delegate did for the household.</summary>
public sealed record DelegateAct(Id<Delegation> Delegation, Instant At, Id<Booking> Booking, BookingStatus Status, string TitleIt, string TitleEn);

/// <summary>A delegate acts for the household, and gives nobody else the right to.</summary>
public sealed record DelegateMayNot() : Refusal("delegate_may_not");

public sealed record DelegationUntilOutside(LocalDate Min, LocalDate Max) : FieldRefusal("delegation_until_outside", "until");

public sealed record TooManyDelegations(int Max) : Refusal("too_many_delegations");

public sealed record DelegationNotFound(Id<Delegation> Delegation) : Refusal("delegation_not_found");

/// <summary>Somebody has taken it up: its code is used.</summary>
public sealed record DelegationTaken(Id<Delegation> Delegation) : Refusal("delegation_taken");

/// <summary>No delegation waits for this code: it is wrong, too old or used.</summary>
public sealed record DelegationCodeWrong() : FieldRefusal("delegation_code_wrong", "code");

public sealed record DelegationTriedTooOften() : Refusal("delegation_tried_too_often");

/// <summary>Who would take it up acts for this household anyway.</summary>
public sealed record OwnHousehold() : Refusal("own_household");
