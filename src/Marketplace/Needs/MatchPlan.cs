using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>Households that fit together, where and when.</summary>
/// <param name="Needs">In the order of their ids.</param>
/// <param name="Price">Of the whole group, in cents; its shares add up to it.</param>
/// <param name="Metres">What all of them walk together, one way.</param>
/// <param name="Farthest">Metres of the one that lives farthest from the place.</param>
public sealed record MatchedGroup(
    IReadOnlyList<Need> Needs, MeetingPlace Place, IsoDayOfWeek Day, LocalTime From, LocalTime To, Money Price, int Metres, int Farthest);

/// <summary>Why a need is in no group. The first that applies, from what lies with the need to what lies with the others.</summary>
public enum WhyUnmatched
{
    /// <summary>Nobody gives this service to groups for so long.</summary>
    NoSupply,

    /// <summary>No group of a size it accepts is offered.</summary>
    NoSuchSize,

    /// <summary>Even the largest group it accepts would cost it more than its cap.</summary>
    CapTooLow,

    /// <summary>No place is near enough.</summary>
    NoPlaceInReach,

    /// <summary>None of its times is long enough for the service.</summary>
    TimesTooShort,

    /// <summary>Nobody else who looks for the same reaches a place that it reaches.</summary>
    NobodyNear,

    /// <summary>Others are near, but at other times.</summary>
    NoCommonTime,

    /// <summary>Others are there at its time, but not enough who accept the same size, price and language.</summary>
    NoCommonTerms,

    /// <summary>It would fit, but the others it would fit with are in groups that serve more.</summary>
    OthersServed,

    /// <summary>It had a group that no provider took in time, and at its other times there is none. Said of a need that waits, never by a plan.</summary>
    NotTaken,
}

/// <summary>Groups that have no need in common, and why each other need is in none.</summary>
/// <param name="Bound">No plan can serve more households than this.</param>
public sealed record MatchPlan(IReadOnlyList<MatchedGroup> Groups, IReadOnlyList<(Need Need, WhyUnmatched Why)> Unmatched, int Bound)
{
    /// <summary>How many households it serves.</summary>
    public int Served => Groups.Sum(g => g.Needs.Count);

    public Money Cost => Groups.Sum(g => g.Price);

    public long Metres => Groups.Sum(g => (long)g.Metres);
}
