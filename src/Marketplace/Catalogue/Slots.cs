using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>A time at which an offer can be had, with so many places.</summary>
/// <param name="PoolId">The pool that has taken it: it is booked through that one alone.</param>
public sealed record Slot(
    Id<Slot> Id, Id<Offer> OfferId, Instant StartsAt, Instant EndsAt, short Capacity, short Taken, Instant? WithdrawnAt,
    Id<Pool>? PoolId = null) : IIdentified
{
    public static string Prefix => "slot";

    public int Free => WithdrawnAt is null ? Capacity - Taken : 0;
}

/// <summary>A time about to be offered.</summary>
public sealed record NewSlot(Id<Slot> Id, Instant StartsAt, Instant EndsAt, short Capacity);

/// <summary>When offers can be had.</summary>
public sealed class Slots(Database db, IClock clock)
{
    /// <summary>The most slots of one call: a year of a busy day.</summary>
    public const int SlotsMax = 10_000;

    private const string Columns = "s.id, s.offer_id, s.starts_at, s.ends_at, s.capacity, s.taken, s.withdrawn_at, s.pool_id";

    // A slot that may be booked: the offer published, the provider accredited for its class on the day of the service,
    // a place free, somebody to serve it, not begun nor too near, not taken by a pool.
    internal const string Bookable =
        $"""
        s.territory_id = @territory and s.starts_at > @now and s.withdrawn_at is null and s.pool_id is null and s.taken < s.capacity
          and s.starts_at > @now + o.notice_hours * interval '1 hour'
          and {Rosters.Served} and o.status = 'Published'
          and exists (
              select from marketplace.accreditation a
              join lineage l on l.code = o.class_code and l.ancestor = a.class_code
              where a.territory_id = @territory and a.provider_id = o.provider_id and a.status = 'Granted'
                and (s.starts_at at time zone 'Europe/Rome')::date between a.valid_from and a.valid_to)
        """;

    /// <summary>
    /// Offers new times and answers how many were new: one that starts when another of the offer does is left as it
    /// is, so that a pattern can be run again. A time in the past and an unknown offer are refused.
    /// </summary>
    public Task<Result<int>> CreateAsync(
        TerritoryId territory, Id<Offer> offer, IReadOnlyList<NewSlot> slots, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(slots.Count, SlotsMax);
        return db.TransactAsync<int>(territory, async tx =>
        {
            if (await Offers.FindAsync(tx, offer) is not { } found) return new OfferNotFound(offer);
            if (found.IsProduct) return new ProductHasNoTimes(offer);
            if (slots.FirstOrDefault(s => s.StartsAt <= clock.Now) is { } past) return new SlotInPast(past.StartsAt);
            return await InsertAsync(tx, offer, slots, clock.Now);
        }, cancel);
    }

    /// <summary>Takes a time back. Refused while somebody has a place in it. Repeatable.</summary>
    public Task<Result<Done>> WithdrawAsync(TerritoryId territory, Id<Slot> id, CancellationToken cancel = default) =>
        db.TransactAsync<Done>(territory, tx => WithdrawAsync(tx, id, clock.Now), cancel);

    /// <summary>The same, within a transaction.</summary>
    internal static async Task<Result<Done>> WithdrawAsync(Transaction tx, Id<Slot> id, Instant now)
    {
        if (await LockAsync(tx, id) is not { } slot) return new SlotNotFound(id);
        if (slot.WithdrawnAt is not null) return default(Done);
        if (slot.PoolId is { } pool) return new SlotIsShared(id, pool);
        if (slot.Taken > 0) return new SlotHasBookings(id, slot.Taken);
        await tx.ExecuteAsync("update marketplace.slot set withdrawn_at = @now where territory_id = @territory and id = @id", new { id, now });
        return default(Done);
    }

    /// <summary>Writes times of an offer, and answers how many were new.</summary>
    internal static async Task<int> InsertAsync(Transaction tx, Id<Offer> offer, IReadOnlyList<NewSlot> slots, Instant now)
    {
        var made = await tx.ExecuteAsync(
            """
            insert into marketplace.slot (territory_id, id, offer_id, starts_at, ends_at, capacity)
            select @territory, s.id, @offer, s.starts_at, s.ends_at, s.capacity
            from unnest(@ids, @starts, @ends, @capacities) s(id, starts_at, ends_at, capacity)
            order by s.starts_at
            on conflict do nothing
            """,
            new
            {
                offer,
                ids = slots.Select(s => s.Id.Value).ToArray(),
                starts = slots.Select(s => s.StartsAt.ToDateTimeUtc()).ToArray(),
                ends = slots.Select(s => s.EndsAt.ToDateTimeUtc()).ToArray(),
                capacities = slots.Select(s => s.Capacity).ToArray(),
            });
        if (made > 0) await Rosters.RefreshAsync(tx, offer, slots.Min(s => s.StartsAt), slots.Max(s => s.EndsAt), now);
        return made;
    }

    public Task<Slot?> FindAsync(TerritoryId territory, Id<Slot> id, CancellationToken cancel = default) =>
        db.FindAsync<Slot>(
            territory, $"select {Columns} from marketplace.slot s where s.territory_id = @territory and s.id = @id", new { id }, cancel);

    /// <summary>The slot, locked until the transaction ends: whoever takes a place decides with this row.</summary>
    public static Task<Slot?> LockAsync(Transaction tx, Id<Slot> id) =>
        tx.FindAsync<Slot>(
            $"select {Columns} from marketplace.slot s where s.territory_id = @territory and s.id = @id for no key update", new { id });

    /// <summary>
    /// The times of an offer that can be booked, soonest first: not begun, with a place free, and only while the offer
    /// is published and its provider accredited on that day.
    /// </summary>
    public Task<List<Slot>> UpcomingAsync(
        TerritoryId territory, Id<Offer> offer, Instant? from = null, int limit = 12, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, 500);
        return db.ListAsync<Slot>(
            territory,
            $"""
            with recursive {ServiceClasses.Lineage}
            select {Columns} from marketplace.slot s
            join marketplace.offer o on o.territory_id = @territory and o.id = s.offer_id
            where {Bookable} and s.offer_id = @offer and s.starts_at >= @from
            order by s.starts_at limit @limit
            """, new { offer, now = clock.Now, from = from ?? clock.Now, limit }, cancel);
    }
}
