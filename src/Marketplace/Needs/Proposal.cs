using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>Where a proposal stands.</summary>
public enum ProposalStatus
{
    /// <summary>Its households are asked; not all have said yes.</summary>
    Asking,

    /// <summary>All have said yes: it waits for a provider.</summary>
    Agreed,

    /// <summary>A provider has made a pool of it.</summary>
    Taken,

    /// <summary>Somebody said no, or nothing in time: the others are planned again.</summary>
    Dropped,

    /// <summary>No provider took it in time: all are planned again, at other times.</summary>
    Untaken,
}

/// <summary>What a household says of a proposal.</summary>
public enum ProposalAnswer
{
    Yes,

    /// <summary>Not at this place: it is not proposed to it again.</summary>
    NotThere,

    /// <summary>Not at this time: it is cut out of its windows.</summary>
    NotThen,

    /// <summary>It does not look any more.</summary>
    NotAnyMore,

    /// <summary>Nothing, until it was too late. Only the clock says so.</summary>
    Silent,
}

/// <summary>Households that fit together, where and when, as a plan found them.</summary>
/// <param name="Price">Of the whole group: what its shares add up to, and the most that a provider may ask.</param>
/// <param name="AnswerBy">From this instant on, who has not answered is taken for silent.</param>
/// <param name="TakeBy">From this instant on no provider takes it any more; null until all have agreed.</param>
/// <param name="PoolId">The pool that a provider made of it, or the first of a weekly group.</param>
public sealed record Proposal(
    Id<Proposal> Id, ProposalStatus Status, string ClassCode, int Minutes, Id<MeetingPlace> PlaceId, int Day, LocalTime Starts, LocalTime Ends,
    Money Price, Instant AnswerBy, Instant? TakeBy, Id<Pool>? PoolId) : IIdentified
{
    public static string Prefix => "proposal";

    public IsoDayOfWeek Weekday => (IsoDayOfWeek)Day;

    /// <summary>
    /// Proposals whose households alone may join pool <c>p</c>: it was made of one, or is a date of the weekly group that was, and the
    /// first date, pool <c>f</c>, is not decided yet.
    /// </summary>
    internal const string KeepingPool =
        """
        marketplace.proposal a
        join marketplace.pool f on f.territory_id = @territory and f.id = a.pool_id and f.status = 'Collecting'
        where a.territory_id = @territory and (f.id = p.id or f.series_id = p.series_id)
        """;
}

/// <summary>One household's part in a proposal.</summary>
public sealed record ProposalMember(
    Id<Need> NeedId, Id<Household> HouseholdId, Money Cap, Money Share, int SizeMin, ProposalAnswer? Answer);
