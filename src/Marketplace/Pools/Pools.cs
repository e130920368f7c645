using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>A slot that a provider lets households share. The id is made with the form, so that sending it twice publishes once.</summary>
/// <param name="FreezeAt">Until when households may join and leave for nothing.</param>
/// <param name="Series">The weekly series it is a date of; null for one that stands alone.</param>
public sealed record NewPool(Id<Pool> Id, Id<Slot> Slot, WeighedBy WeighedBy, HeadPrices Prices, Instant FreezeAt, Id<PoolSeries>? Series = null);

/// <summary>
/// Households share a slot, each paying its part from its own purse. Joining holds a cap that is never exceeded; at the freeze all shares
/// are committed in one transaction, or nobody pays. A committed share is a booking, which then lives as every booking does. Rows are
/// locked in one order everywhere: pool, bookings by id, slot, roster, accounts, holds.
/// </summary>
public sealed partial class Pools(Database db, GeneralLedger ledger, Bookings bookings, IClock clock)
{
    private const string Clock = "system";

    private readonly Purses purses = new(db, clock);

    /// <summary>
    /// Lets households share a slot that nobody has booked: from now on it is booked through the pool alone. The same again changes nothing.
    /// </summary>
    public Task<Result<Id<Pool>>> PublishAsync(TerritoryId territory, NewPool pool, ProviderUser by, CancellationToken cancel = default)
    {
        if (pool.WeighedBy is WeighedBy.Equal != (pool.Prices.Heaviest == 1)) throw new ArgumentException("Equal shares weigh one, others may weigh more.", nameof(pool));
        return db.TransactAsync<Id<Pool>>(territory, tx => PublishAsync(tx, pool, by), cancel);
    }

    /// <summary>The same, for who makes the slot in the same transaction.</summary>
    internal async Task<Result<Id<Pool>>> PublishAsync(Transaction tx, NewPool pool, ProviderUser by)
    {
        await LockSlotAsync(tx, pool.Slot);
        if (await FindAsync(tx, pool.Id) is { } earlier)
        {
            return earlier.SlotId == pool.Slot && earlier.ProviderId == by.Provider ? earlier.Id : new PoolIdReused(pool.Id);
        }

        if (await Slots.LockAsync(tx, pool.Slot) is not { } slot) return new SlotNotFound(pool.Slot);
        if (await Offers.FindAsync(tx, slot.OfferId) is not { } offer || offer.ProviderId != by.Provider) return new SlotNotFound(pool.Slot);
        if (offer.Status is not OfferStatus.Published) return new OfferWithdrawn(offer.Id);
        if (slot.WithdrawnAt is not null) return new SlotWithdrawn(slot.Id);
        if (slot.PoolId is { } other) return new SlotIsShared(slot.Id, other);
        if (slot.Taken > 0) return new SlotHasBookings(slot.Id, slot.Taken);
        if (slot.StartsAt <= clock.Now) return new SlotOver(slot.Id, slot.StartsAt);
        if (pool.FreezeAt <= clock.Now || pool.FreezeAt > slot.StartsAt) return new FreezeOutsideTime(clock.Now, slot.StartsAt);
        var day = slot.StartsAt.InZone(ClockExtensions.Rome).Date;
        if (await Accreditations.InForceAsync(tx, by.Provider, offer.ClassCode, day) is null) return new ProviderNotAccredited(by.Provider, day);

        if (offer.NeedsStaff)
        {
            // A time made just now for this group is known to nobody's calendar yet.
            await Rosters.RefreshAsync(tx, by.Provider, slot.StartsAt, slot.EndsAt, clock.Now);
            if (!await Rosters.IsServedAsync(tx, slot.Id)) return new SlotNobodyFree(slot.Id);
        }

        // From here on the pool must be recorded: every refusal is behind us.
        await InsertAsync(tx, pool, slot, offer, by);
        return pool.Id;
    }

    /// <summary>
    /// The provider cannot, before the freeze or after it: everybody has everything back, and the time is not offered any more. Refused
    /// once it took place or came to nothing. Repeatable.
    /// </summary>
    public Task<Result<Done>> CancelAsync(
        TerritoryId territory, Id<Pool> id, ProviderUser by, string reason, CancellationToken cancel = default)
    {
        if (reason.Length > Bookings.NoteMax) throw new ArgumentException($"A reason has at most {Bookings.NoteMax} characters.", nameof(reason));
        return db.TransactAsync<Done>(territory, async tx =>
        {
            if (await LockAsync(tx, id) is not { } pool || pool.ProviderId != by.Provider) return new PoolNotFound(id);
            switch (pool.Status)
            {
                case PoolStatus.Cancelled:
                    return default(Done);
                case PoolStatus.Collecting:
                    await LockSlotAsync(tx, pool.SlotId);
                    if ((await ReleaseAsync(tx, pool, by.User.ToString())).IsRefused(out var unreleased)) return unreleased;
                    break;
                case PoolStatus.Confirmed or PoolStatus.BelowQuorum:
                    await LockAllAsync(tx, pool);
                    if ((await EndAnswersAsync(tx, pool, by.User.ToString())).IsRefused(out var unanswered)) return unanswered;
                    if ((await CallOffAsync(tx, pool, by, reason)).IsRefused(out var refusal)) return refusal;
                    await Rosters.ReleaseAsync(tx, pool.ProviderId, pool.SlotId, clock.Now);
                    break;
                default:
                    return new PoolNotReady(id, pool.Status);
            }

            await tx.ExecuteAsync(
                "update marketplace.slot set withdrawn_at = @now where territory_id = @territory and id = @SlotId", new { pool.SlotId, now = clock.Now });
            await SetAsync(tx, pool, PoolStatus.Cancelled, "Cancelled", by.User.ToString(), note: reason);
            return default(Done);
        }, cancel);
    }

    private async Task InsertAsync(Transaction tx, NewPool pool, Slot slot, Offer offer, ProviderUser by)
    {
        await tx.ExecuteAsync(
            """
            insert into marketplace.pool
                (territory_id, id, slot_id, offer_id, provider_id, status, weighed_by, weight_max, heads_min, heads_max, prices, freeze_at,
                 starts_at, ends_at, cancel_fee, slot_capacity, published_by, published_at, series_id)
            values (@territory, @Id, @slotId, @offerId, @ProviderId, 'Collecting', @weighedBy, @Heaviest, @Min, @Max, @prices, @FreezeAt,
                    @StartsAt, @EndsAt, @CancelFee, @Capacity, @User, @now, @Series)
            """,
            new
            {
                pool.Id, slotId = slot.Id, offerId = offer.Id, offer.ProviderId, weighedBy = pool.WeighedBy.ToString(), pool.Prices.Heaviest,
                pool.Prices.Min, pool.Prices.Max, prices = pool.Prices.All.Select(p => p.Cents).ToArray(), pool.FreezeAt, slot.StartsAt,
                slot.EndsAt, offer.CancelFee, slot.Capacity, by.User, now = clock.Now, pool.Series,
            });
        await tx.ExecuteAsync(
            "update marketplace.slot set pool_id = @Id, capacity = @Max where territory_id = @territory and id = @Slot",
            new { pool.Id, pool.Slot, pool.Prices.Max });
        await RecordAsync(tx, pool.Id, "Published", by.User.ToString());
    }

    private async Task SetAsync(Transaction tx, Pool pool, PoolStatus status, string what, string actor, Instant? replaceBy = null, string note = "")
    {
        await tx.ExecuteAsync(
            "update marketplace.pool set status = @status, replace_by = @replaceBy where territory_id = @territory and id = @Id",
            new { pool.Id, status = status.ToString(), replaceBy });
        await RecordAsync(tx, pool.Id, what, actor, note: note);
    }

    private async Task RecordAsync(Transaction tx, Id<Pool> pool, string what, string actor, Id<Share>? share = null, string note = "") =>
        await tx.ExecuteAsync(
            """
            insert into marketplace.pool_event (territory_id, pool_id, sequence, what, share_id, at, actor, note)
            select @territory, @pool, coalesce(max(sequence), 0) + 1, @what, @share, @now, @actor, @note
            from marketplace.pool_event where territory_id = @territory and pool_id = @pool
            """, new { pool, what, share, now = clock.Now, actor, note });

    /// <summary>The pool, locked until the transaction ends, in a statement of its own: whoever waited reads what the one before has written.</summary>
    private static async Task<Pool?> LockAsync(Transaction tx, Id<Pool> id)
    {
        await tx.ExecuteAsync("select id from marketplace.pool where territory_id = @territory and id = @id for no key update", new { id });
        return await FindAsync(tx, id);
    }

    private static Task<int> LockSlotAsync(Transaction tx, Id<Slot> slot) =>
        tx.ExecuteAsync("select id from marketplace.slot where territory_id = @territory and id = @slot for no key update", new { slot });

    internal static async Task<Pool?> FindAsync(Transaction tx, Id<Pool> id) =>
        (await tx.FindAsync<Pool.Row>(
            $"select {Pool.Columns} from marketplace.pool p where p.territory_id = @territory and p.id = @id", new { id }))?.ToPool();

    private static Task<List<Share>> SharesAsync(Transaction tx, Id<Pool> pool) =>
        tx.ListAsync<Share>($"{Share.Select} and s.pool_id = @pool order by s.place", new { pool });
}
