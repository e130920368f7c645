using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>A group that meets every week: a pool for each date, and households that take part in all of them.</summary>
/// <param name="WeightMax">The most hours or children that a member may count for; one where shares are equal.</param>
/// <param name="SkipsMax">How many dates a member may leave out and stay.</param>
/// <param name="LastDay">Rome's day after which there is none.</param>
public sealed record PoolSeries(
    Id<PoolSeries> Id, Id<Offer> OfferId, Id<Provider> ProviderId, int WeightMax, int HeadsMax, int SkipsMax, LocalDate LastDay,
    Instant? EndedAt) : IIdentified
{
    public static string Prefix => "series";

    internal const string Select =
        """
        select s.id, s.offer_id, s.provider_id, s.weight_max::int as weight_max, s.heads_max::int as heads_max, s.skips_max::int as skips_max,
               s.last_day, s.ended_at
        from marketplace.pool_series s where s.territory_id = @territory
        """;
}

/// <summary>A household that takes part in every date of a series.</summary>
/// <param name="Cap">The most it pays on each.</param>
public sealed record SeriesMember(
    Id<SeriesMember> Id, Id<PoolSeries> SeriesId, Id<Household> HouseholdId, Id<Person> PersonId, int Weight, Money Cap, Id<User> JoinedBy,
    Instant? LeftAt) : IIdentified
{
    public static string Prefix => "member";

    internal const string Select =
        """
        select m.id, m.series_id, m.household_id, m.person_id, m.weight::int as weight, m.cap, m.joined_by, m.left_at
        from marketplace.series_member m where m.territory_id = @territory
        """;

    /// <summary>Members of the series of pool <c>p</c> who are to be taken in when it comes near: it is not decided yet what becomes of it for them.</summary>
    internal const string Waiting =
        """
        marketplace.series_member k
        where k.territory_id = @territory and k.series_id = p.series_id and k.left_at is null and not exists (
            select from marketplace.series_turn u where u.territory_id = @territory and u.member_id = k.id and u.pool_id = p.id)
        """;

    /// <summary>
    /// How many places of pool <c>p</c> wait for members of its series, and are not for <c>@household</c>. A member who waits itself is
    /// kept nothing from: among those, who comes first is taken in first. One who left the date out, or missed it, has no place that waits.
    /// </summary>
    internal const string Kept =
        $"""
        (select case when coalesce(bool_or(k.household_id = @household), false) then 0 else count(*)::int end from {Waiting})
        """;
}

/// <summary>What became of one date for a member of a series.</summary>
public enum TurnOutcome
{
    /// <summary>It takes part: its cap is held.</summary>
    Joined,

    /// <summary>It left this date out.</summary>
    Skipped,

    /// <summary>It could not be taken in, mostly because its purse did not hold the cap.</summary>
    Missed,
}

/// <summary>A pool that comes back: the first date as it stands, and the same every week until a day.</summary>
public sealed record NewSeries(Id<PoolSeries> Id, NewPool First, LocalDate LastDay, int SkipsMax);

/// <summary>A household that wants to take part every week. The id is made with the form, so that sending it twice joins once.</summary>
public sealed record SeriesRequest(Id<SeriesMember> Id, Id<PoolSeries> Series, Id<Person> Person, int Weight, Money Cap);
