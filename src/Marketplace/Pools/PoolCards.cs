using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>A household's own part in a pool, as its card says it.</summary>
/// <param name="Before">How many of the other members joined before it.</param>
/// <param name="Booking">Its booking once it is committed; <paramref name="BookingStatus"/> says where that stands.</param>
public sealed record MyShare(
    Id<Share> Id, ShareStatus Status, int Weight, int Before, Money Cap, Money? Price, Id<Booking>? Booking, BookingStatus? BookingStatus)
{
    /// <summary>Whether it counts among the members: waiting for the freeze, or committed and not called off.</summary>
    public bool IsIn => Status is ShareStatus.Joined || (Status is ShareStatus.Committed && BookingStatus is not
        (Marketplace.BookingStatus.CancelledByHousehold or Marketplace.BookingStatus.CancelledByProvider or Marketplace.BookingStatus.CancelledByOperator or Marketplace.BookingStatus.Replaced));
}

/// <summary>A pool as people read it: what, when, where, how many there are, and what one pays.</summary>
/// <param name="Living">How many members it has now: those who wait, or those who were committed and have not left.</param>
/// <param name="Others">The weights of all members but the one who looks, in the order of joining.</param>
/// <param name="Mine">The latest share of the household that looks; null for one that has none, and for everybody else.</param>
/// <param name="Address">Where it takes place; empty online and where the families agree on a home.</param>
/// <param name="Kept">Places of members of its series who are not in yet: the household that looks has none of them, unless it is one of those.</param>
public sealed record PoolCard(
    Pool Pool, string TitleIt, string TitleEn, string Provider, string ProviderPhone, string Place, string Address, int Living,
    IReadOnlyList<int> Others, MyShare? Mine, int Kept = 0)
{
    /// <summary>Whether there is a place to take: before the freeze, or one that somebody has left.</summary>
    public bool HasPlace => Pool.Status switch
    {
        PoolStatus.Collecting => Living + Kept < Pool.Prices.Max,
        PoolStatus.Confirmed or PoolStatus.BelowQuorum => Living < (Pool.RaisedHeads ?? Pool.Joined),
        PoolStatus.Delivered or PoolStatus.Lapsed or PoolStatus.Cancelled or PoolStatus.Dissolved => false,
    };

    /// <summary>Whether it is below quorum with the household that looks in it, and an answer still counts.</summary>
    public bool IsShortFor(Instant now) => Mine is { IsIn: true } && Pool.Status is PoolStatus.BelowQuorum && now < Pool.ReplaceBy;

    public bool HasQuorum => Living >= Pool.Prices.Min;

    /// <summary>What the household that looks would pay with so many members, as if those still to come weighed one.</summary>
    public Money ShareAt(int heads) => Pool.Prices.ShareAt(heads, Mine?.Weight ?? 1, Others, Mine is { IsIn: true } ? Mine.Before : null);
}

/// <summary>A member of a pool for its provider, or for the other members once it is confirmed.</summary>
public sealed record PoolMember(
    Id<Share> Share, int HouseholdNumber, string FirstName, string LastName, string Phone, int Weight, Money? Price, Id<Booking>? Booking,
    BookingStatus? BookingStatus, bool IsMine);

/// <summary>Something that happened to a pool.</summary>
public sealed record PoolEvent(int Sequence, string What, Instant At, string Note);

/// <summary>A pool with its members and its life.</summary>
/// <param name="Members">Names only after confirmation: empty before, for households.</param>
/// <param name="Short">Below quorum: what is missing and who said what to it; null otherwise.</param>
public sealed record PoolDetail(PoolCard Card, IReadOnlyList<PoolMember> Members, IReadOnlyList<PoolEvent> Events, Shortfall? Short = null);

/// <summary>A time to come that nobody has booked, which its provider may let families share.</summary>
public sealed record FreeTime(Id<Slot> Slot, string TitleIt, string TitleEn, Instant StartsAt, Instant EndsAt, Money Price);

/// <summary>Reading pools, for those who look for one, those who are in one and the provider that gives it.</summary>
public sealed class PoolCards(Database db, IClock clock)
{
    public const int RowsMax = 100;

    /// <summary>The pools of an offer that anybody can still join, soonest first; not those whose places are kept for who agreed to them.</summary>
    public async Task<IReadOnlyList<PoolCard>> OpenAsync(TerritoryId territory, Id<Offer> offer, CancellationToken cancel = default) =>
        [.. (await ListAsync(
            territory,
            $"""
            p.offer_id = @offer and p.starts_at > @now and (p.status in ('Confirmed', 'BelowQuorum') or p.status = 'Collecting' and p.freeze_at > @now
              and not exists (select from {Proposal.KeepingPool}))
            """,
            new { offer, now = clock.Now, household = (Id<Household>?)null }, cancel)).Where(c => c.HasPlace)];

    /// <summary>The pools to come in which a household has, or had, a share, soonest first.</summary>
    /// <remarks>Its shares are asked for first, as an array: of a condition on each pool to come, the kept plan would try them all.</remarks>
    public async Task<IReadOnlyList<PoolCard>> OfHouseholdAsync(TerritoryId territory, Id<Household> household, CancellationToken cancel = default) =>
        await ListAsync(
            territory,
            """
            p.starts_at > @now and p.id = any(array(
                select x.pool_id from marketplace.pool_share x
                where x.territory_id = @territory and x.household_id = @household and x.status <> 'Withdrawn'))
            """, new { household, now = clock.Now }, cancel);

    /// <summary>The provider's pools: those to come and those of the last thirty days, soonest first.</summary>
    public async Task<IReadOnlyList<PoolCard>> OfProviderAsync(TerritoryId territory, Id<Provider> provider, CancellationToken cancel = default) =>
        await ListAsync(
            territory, "p.provider_id = @provider and p.starts_at > @since",
            new { provider, since = clock.Now - Duration.FromDays(30), household = (Id<Household>?)null }, cancel);

    /// <summary>One pool as a household sees it: counts before it is confirmed, first names after, and only for its members.</summary>
    public async Task<PoolDetail?> FindAsync(TerritoryId territory, Id<Household> household, Id<Pool> id, CancellationToken cancel = default)
    {
        if ((await ListAsync(territory, "p.id = @id", new { id, household }, cancel)).SingleOrDefault() is not { } card) return null;
        var mayKnow = card is { Mine.IsIn: true, Pool.Status: PoolStatus.Confirmed or PoolStatus.BelowQuorum or PoolStatus.Delivered };
        List<PoolMember> members = mayKnow ? await MembersAsync(territory, id, household, cancel) : [];
        return new(card, [.. members.Select(m => m with { LastName = "", Phone = "", HouseholdNumber = 0 })], await EventsAsync(territory, id, cancel), await ShortAsync(territory, card.Pool, cancel));
    }

    /// <summary>One pool of a provider, with who takes part; null when it has none with this id.</summary>
    public async Task<PoolDetail?> FindAsync(TerritoryId territory, Id<Provider> provider, Id<Pool> id, CancellationToken cancel = default)
    {
        var found = await ListAsync(territory, "p.id = @id and p.provider_id = @provider", new { id, provider, household = (Id<Household>?)null }, cancel);
        if (found.SingleOrDefault() is not { } card) return null;
        List<PoolMember> members = card.Pool.Price is null ? [] : await MembersAsync(territory, id, null, cancel);
        return new(card, members, await EventsAsync(territory, id, cancel), await ShortAsync(territory, card.Pool, cancel));
    }

    /// <summary>The pools below quorum whose members can still answer, the most urgent first.</summary>
    public async Task<IReadOnlyList<PoolCard>> ShortAsync(TerritoryId territory, CancellationToken cancel = default) =>
        [.. (await ListAsync(territory, "p.status = 'BelowQuorum' and p.replace_by > @now", new { now = clock.Now, household = (Id<Household>?)null }, cancel))
            .OrderBy(c => c.Pool.ReplaceBy)];

    /// <summary>One pool for the office: who takes part by the number of the family, without names; null when there is none with this id.</summary>
    public async Task<PoolDetail?> FindAsync(TerritoryId territory, Id<Pool> id, CancellationToken cancel = default)
    {
        if ((await ListAsync(territory, "p.id = @id", new { id, household = (Id<Household>?)null }, cancel)).SingleOrDefault() is not { } card) return null;
        var members = await MembersAsync(territory, id, null, cancel);
        return new(
            card, [.. members.Select(m => m with { FirstName = "", LastName = "", Phone = "" })], await EventsAsync(territory, id, cancel),
            await ShortAsync(territory, card.Pool, cancel));
    }

    /// <summary>The provider's times to come that nobody has booked and no pool has taken, soonest first.</summary>
    public Task<List<FreeTime>> FreeTimesAsync(TerritoryId territory, Id<Provider> provider, CancellationToken cancel = default) =>
        db.ListAsync<FreeTime>(
            territory,
            $"""
            select s.id as slot, o.title_it, o.title_en, s.starts_at, s.ends_at, {Offers.PriceOn("(s.starts_at at time zone 'Europe/Rome')::date")} as price
            from marketplace.slot s
            join marketplace.offer o on o.territory_id = @territory and o.id = s.offer_id
            where s.territory_id = @territory and o.provider_id = @provider and o.status = 'Published' and s.starts_at > @now
              and s.withdrawn_at is null and s.pool_id is null and s.taken = 0 and {Rosters.Served}
            order by s.starts_at, o.title_it limit @limit
            """, new { provider, now = clock.Now, limit = RowsMax * 2 }, cancel);

    private Task<List<PoolEvent>> EventsAsync(TerritoryId territory, Id<Pool> id, CancellationToken cancel) =>
        db.ListByKeyAsync<PoolEvent>(
            territory, "select sequence, what, at, note from marketplace.pool_event where territory_id = @territory and pool_id = @id order by sequence",
            new { id }, cancel);

    private async Task<Shortfall?> ShortAsync(TerritoryId territory, Pool pool, CancellationToken cancel) =>
        pool.Status is not PoolStatus.BelowQuorum ? null
            : Shortfall.Of(pool.Prices, await db.ListByKeyAsync<Shortfall.Row>(territory, Shortfall.Select, new { pool = pool.Id }, cancel));

    private Task<List<PoolMember>> MembersAsync(TerritoryId territory, Id<Pool> id, Id<Household>? household, CancellationToken cancel) =>
        db.ListByKeyAsync<PoolMember>(
            territory,
            """
            select s.id as share, h.number as household_number, w.first_name, w.last_name, r.phone, s.weight::int as weight, s.price,
                   s.booking_id as booking, b.status as booking_status, coalesce(s.household_id = @household, false) as is_mine
            from marketplace.pool_share s
            join marketplace.booking b on b.territory_id = @territory and b.id = s.booking_id
            join marketplace.person w on w.territory_id = @territory and w.id = s.person_id
            join marketplace.household h on h.territory_id = @territory and h.id = s.household_id
            join marketplace.person r on r.territory_id = @territory and r.id = h.reference_person_id
            where s.territory_id = @territory and s.pool_id = @id and s.replaced_by is null
            order by s.place
            """, new { id, household }, cancel);

    private async Task<List<PoolCard>> ListAsync(TerritoryId territory, string which, object parameters, CancellationToken cancel) =>
        [.. (await db.ListByKeyAsync<Row>(
            territory,
            $"""
            select {Pool.Columns}, o.title_it, o.title_en, v.name as provider, v.phone as provider_phone,
                   case when w.id is null then o.place else 'AtProvider' end as place,
                   case when w.id is not null then concat_ws(', ', w.name, wm.name)
                        when o.place = 'AtProvider' then concat_ws(', ', nullif(o.address, ''), m.name) else '' end as address,
                   array(select s.weight::int from marketplace.pool_share s
                         left join marketplace.booking b on b.territory_id = @territory and b.id = s.booking_id
                         where s.territory_id = @territory and s.pool_id = p.id and s.id is distinct from mine.id
                           and (s.status = 'Joined' or s.status = 'Committed' and {Pools.IsLiving})
                         order by s.place) as others,
                   (select count(*)::int from marketplace.pool_share s
                    left join marketplace.booking b on b.territory_id = @territory and b.id = s.booking_id
                    where s.territory_id = @territory and s.pool_id = p.id and s.place < mine.place
                      and (s.status = 'Joined' or s.status = 'Committed' and {Pools.IsLiving})) as mine_before,
                   mine.id as mine_id, mine.status as mine_status, mine.weight::int as mine_weight, mine.cap as mine_cap,
                   mine.price as mine_price, mine.booking_id as mine_booking, mb.status as mine_booking_status,
                   case when p.series_id is null then 0 else {SeriesMember.Kept} end as kept
            from marketplace.pool p
            join marketplace.offer o on o.territory_id = @territory and o.id = p.offer_id
            join marketplace.provider v on v.territory_id = @territory and v.id = p.provider_id
            join marketplace.municipality m on m.territory_id = @territory and m.code = o.municipality_code
            join marketplace.slot t on t.territory_id = @territory and t.id = p.slot_id
            left join marketplace.meeting_place w on w.territory_id = @territory and w.id = t.meeting_place_id
            left join marketplace.municipality wm on wm.territory_id = @territory and wm.code = w.municipality_code
            left join lateral (
                select x.* from marketplace.pool_share x
                where x.territory_id = @territory and x.pool_id = p.id and x.household_id = @household
                order by x.place desc limit 1) mine on true
            left join marketplace.booking mb on mb.territory_id = @territory and mb.id = mine.booking_id
            where p.territory_id = @territory and {which}
            order by p.starts_at, p.id limit {RowsMax}
            """, parameters, cancel)).Select(r => r.ToCard())];

    private sealed record Row(
        Id<Pool> Id, Id<Slot> SlotId, Id<Offer> OfferId, Id<Provider> ProviderId, PoolStatus Status, WeighedBy WeighedBy, int WeightMax,
        int HeadsMin, long[] Prices, int Joined, Money? Price, Instant FreezeAt, Instant StartsAt, Instant EndsAt, Money CancelFee,
        Instant? ReplaceBy, Id<PoolSeries>? SeriesId, Instant? RaisedAt, int? RaisedHeads, string TitleIt, string TitleEn, string Provider, string ProviderPhone, string Place, string Address, int[] Others, int MineBefore,
        Id<Share>? MineId, string? MineStatus, int? MineWeight, Money? MineCap, Money? MinePrice, Id<Booking>? MineBooking, string? MineBookingStatus,
        int Kept)
    {
        public PoolCard ToCard()
        {
            var pool = new Pool.Row(
                Id, SlotId, OfferId, ProviderId, Status, WeighedBy, WeightMax, HeadsMin, Prices, Joined, Price, FreezeAt, StartsAt, EndsAt, CancelFee,
                ReplaceBy, SeriesId, RaisedAt, RaisedHeads).ToPool();
            var mine = MineId is not { } id ? null : new MyShare(
                id, Enum.Parse<ShareStatus>(MineStatus!), MineWeight!.Value, MineBefore, MineCap!.Value, MinePrice, MineBooking,
                MineBookingStatus is { } status ? Enum.Parse<BookingStatus>(status) : null);
            return new(pool, TitleIt, TitleEn, Provider, ProviderPhone, Place, Address, Others.Length + (mine is { IsIn: true } ? 1 : 0), Others, mine, Kept);
        }
    }
}
