using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>Where a pool stands.</summary>
public enum PoolStatus
{
    /// <summary>Households may join and leave until the freeze.</summary>
    Collecting,

    /// <summary>Frozen with enough members: each has a booking.</summary>
    Confirmed,

    /// <summary>So many left after the freeze that it is not sure to take place: somebody takes a place, the provider goes on, or it is dissolved.</summary>
    BelowQuorum,

    /// <summary>It took place; each booking goes its own way to payment.</summary>
    Delivered,

    /// <summary>Not enough members at the freeze: everybody has everything back.</summary>
    Lapsed,

    /// <summary>Called off by the provider: everybody has everything back.</summary>
    Cancelled,

    /// <summary>Nobody took the places that were left: everybody who stayed has everything back.</summary>
    Dissolved,
}

/// <summary>What shares are in proportion to.</summary>
public enum WeighedBy
{
    Equal,
    Hours,
    Children,
}

/// <summary>Where one share stands until its pool freezes; from then on its booking says.</summary>
public enum ShareStatus
{
    /// <summary>Its cap is held.</summary>
    Joined,

    /// <summary>It has a price and a booking.</summary>
    Committed,

    /// <summary>Left before the freeze.</summary>
    Withdrawn,

    /// <summary>The pool lapsed, was called off, or the share would have been above its cap.</summary>
    Released,
}

/// <summary>A shared booking of one slot, as its operations see it.</summary>
/// <param name="Joined">How many members it has; from the freeze on, how many were committed.</param>
/// <param name="Price">What was committed in all; null until then.</param>
/// <param name="FreezeAt">Joining and leaving are free before this instant; at it the pool is committed or lapses.</param>
/// <param name="CancelFee">Owed by who leaves after the freeze, never more than the share.</param>
/// <param name="ReplaceBy">Below quorum: at this instant it is dissolved.</param>
/// <param name="SeriesId">The weekly series it is a date of.</param>
/// <param name="RaisedAt">When those who stayed agreed to pay more; null for a pool in which nobody had to.</param>
/// <param name="RaisedHeads">How many they were: places that were free before are so no more.</param>
public sealed record Pool(
    Id<Pool> Id, Id<Slot> SlotId, Id<Offer> OfferId, Id<Provider> ProviderId, PoolStatus Status, WeighedBy WeighedBy, HeadPrices Prices,
    int Joined, Money? Price, Instant FreezeAt, Instant StartsAt, Instant EndsAt, Money CancelFee, Instant? ReplaceBy,
    Id<PoolSeries>? SeriesId = null, Instant? RaisedAt = null, int? RaisedHeads = null) : IIdentified
{
    public static string Prefix => "pool";

    public LocalDate Day => StartsAt.InZone(ClockExtensions.Rome).Date;

    internal const string Columns =
        """
        p.id, p.slot_id, p.offer_id, p.provider_id, p.status, p.weighed_by, p.weight_max::int as weight_max, p.heads_min::int as heads_min,
        p.prices, p.joined::int as joined, p.price, p.freeze_at, p.starts_at, p.ends_at, p.cancel_fee, p.replace_by, p.series_id, p.raised_at,
        p.raised_heads::int as raised_heads
        """;

    internal sealed record Row(
        Id<Pool> Id, Id<Slot> SlotId, Id<Offer> OfferId, Id<Provider> ProviderId, PoolStatus Status, WeighedBy WeighedBy, int WeightMax,
        int HeadsMin, long[] Prices, int Joined, Money? Price, Instant FreezeAt, Instant StartsAt, Instant EndsAt, Money CancelFee,
        Instant? ReplaceBy, Id<PoolSeries>? SeriesId, Instant? RaisedAt, int? RaisedHeads)
    {
        public Pool ToPool() => new(
            Id, SlotId, OfferId, ProviderId, Status, WeighedBy, HeadPrices.Of(HeadsMin, [.. Prices.Select(p => new Money(p))], WeightMax).OrThrow(),
            Joined, Price, FreezeAt, StartsAt, EndsAt, CancelFee, ReplaceBy, SeriesId, RaisedAt, RaisedHeads);
    }
}

/// <summary>One household's part in a pool.</summary>
/// <param name="Place">The order of joining: it decides about the last cents.</param>
/// <param name="Cap">The most the household agreed to pay.</param>
/// <param name="Price">What it pays; null until it is committed, and never above the cap.</param>
/// <param name="ReplacedBy">The share of whoever took its place after it left; its own, where the household agreed to pay more.</param>
/// <param name="IsGone">Whether its booking has ended without the service: then its place is free.</param>
public sealed record Share(
    Id<Share> Id, Id<Pool> PoolId, int Place, Id<Household> HouseholdId, Id<Person> PersonId, int Weight, Money Cap, Id<Hold> HoldId,
    ShareStatus Status, Money? Price, Id<Booking>? BookingId, Id<Share>? ReplacedBy, Id<User> JoinedBy, Instant JoinedAt, bool IsGone) : IIdentified
{
    public static string Prefix => "share";

    /// <summary>For queries about shares; a further condition follows with <c>and</c>.</summary>
    public const string Select =
        $"""
        select s.id, s.pool_id, s.place::int as place, s.household_id, s.person_id, s.weight::int as weight, s.cap, s.hold_id, s.status, s.price,
               s.booking_id, s.replaced_by, s.joined_by, s.joined_at, b.id is not null and not {Pools.IsLiving} as is_gone
        from marketplace.pool_share s
        left join marketplace.booking b on b.territory_id = @territory and b.id = s.booking_id
        where s.territory_id = @territory
        """;
}
