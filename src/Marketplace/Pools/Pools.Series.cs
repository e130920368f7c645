using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>
/// Pools that come back every week. Their dates are published together, so that everybody sees them; a member's money is held for a date
/// only when it comes near, by the sweep, on the terms it agreed to once.
/// </summary>
public sealed partial class Pools
{
    public const int SkipsMax = 10;

    /// <summary>So long before a date is decided its members are taken in, and the money for it is held.</summary>
    public static readonly Duration TakenInBefore = Duration.FromDays(14);

    /// <summary>
    /// Publishes a pool for the first time and, at the same hour of Rome's clock, for every week until the last day. A date on which the
    /// provider has a booking already, or a time that ends otherwise, or may not give the service, is left out; the first must be possible. Repeatable.
    /// </summary>
    public Task<Result<Id<PoolSeries>>> PublishSeriesAsync(TerritoryId territory, NewSeries series, ProviderUser by, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(series.SkipsMax, SkipsMax);
        ArgumentOutOfRangeException.ThrowIfNegative(series.SkipsMax);
        return db.TransactAsync<Id<PoolSeries>>(territory, tx => PublishSeriesAsync(tx, series, by), cancel);
    }

    /// <summary>The same, for who makes the first date's slot in the same transaction. The others meet where the first one does.</summary>
    internal async Task<Result<Id<PoolSeries>>> PublishSeriesAsync(Transaction tx, NewSeries series, ProviderUser by)
    {
        if (await FindSeriesAsync(tx, series.Id) is { } earlier) return earlier.ProviderId == by.Provider ? earlier.Id : new SeriesIdReused(series.Id);
        if (await Slots.LockAsync(tx, series.First.Slot) is not { } slot) return new SlotNotFound(series.First.Slot);
        if (await Offers.FindAsync(tx, slot.OfferId) is not { } offer || offer.ProviderId != by.Provider) return new SlotNotFound(slot.Id);
        var first = slot.StartsAt.InZone(ClockExtensions.Rome).LocalDateTime;
        if (series.LastDay < first.Date.PlusWeeks(1) || series.LastDay > first.Date.PlusYears(1))
        {
            return new SeriesOutsideTime(first.Date.PlusWeeks(1), first.Date.PlusYears(1));
        }

        await InsertAsync(tx, series, offer, by);
        if ((await PublishAsync(tx, series.First with { Series = series.Id }, by)).IsRefused(out var refusal)) return refusal;
        for (var at = first.PlusWeeks(1); at.Date <= series.LastDay; at = at.PlusWeeks(1))
        {
            var starts = at.InZoneLeniently(ClockExtensions.Rome).ToInstant();
            if (await Accreditations.InForceAsync(tx, by.Provider, offer.ClassCode, at.Date) is null || await SlotAtAsync(tx, slot, starts) is not { } like) continue;
            var pool = series.First with
            {
                Id = Id<Pool>.From("series", series.Id, starts),
                Slot = like,
                FreezeAt = starts - (slot.StartsAt - series.First.FreezeAt),
                Series = series.Id,
            };
            // Refused: somebody has it already, and this date is left out.
            await PublishAsync(tx, pool, by);
        }

        return series.Id;
    }

    /// <summary>
    /// The provider goes on no more: nobody joins, and the dates that are not decided are called off as <see cref="CancelAsync"/> does.
    /// Those decided stand, and are called off one by one. Repeatable.
    /// </summary>
    public async Task<Result<Done>> EndSeriesAsync(
        TerritoryId territory, Id<PoolSeries> id, ProviderUser by, string reason, CancellationToken cancel = default)
    {
        var open = await db.TransactAsync<List<Id<Pool>>>(territory, async tx =>
        {
            if (await LockSeriesAsync(tx, id) is not { } series || series.ProviderId != by.Provider) return new SeriesNotFound(id);
            await tx.ExecuteAsync(
                "update marketplace.pool_series set ended_at = @now where territory_id = @territory and id = @id and ended_at is null",
                new { id, now = clock.Now });
            return await tx.ListAsync<Id<Pool>>(
                "select id from marketplace.pool where territory_id = @territory and series_id = @id and status = 'Collecting' order by starts_at", new { id });
        }, cancel);
        if (open.IsRefused(out var refusal, out var dates)) return refusal;
        foreach (var date in dates)
        {
            if ((await CancelAsync(territory, date, by, reason, cancel)).IsRefused(out var because) && because is not PoolNotReady) return because;
        }

        return default(Done);
    }

    private async Task InsertAsync(Transaction tx, NewSeries series, Offer offer, ProviderUser by) =>
        await tx.ExecuteAsync(
            """
            insert into marketplace.pool_series
                (territory_id, id, offer_id, provider_id, weight_max, heads_max, skips_max, last_day, published_by, published_at)
            values (@territory, @Id, @offerId, @ProviderId, @Heaviest, @Max, @SkipsMax, @LastDay, @User, @now)
            """,
            new
            {
                series.Id, offerId = offer.Id, offer.ProviderId, series.First.Prices.Heaviest, series.First.Prices.Max, series.SkipsMax,
                series.LastDay, by.User, now = clock.Now,
            });

    /// <summary>
    /// The offer's time at that instant, made like the first where there is none yet; null for one that somebody has or that ends otherwise.
    /// </summary>
    private static async Task<Id<Slot>?> SlotAtAsync(Transaction tx, Slot first, Instant starts)
    {
        await tx.ExecuteAsync(
            """
            insert into marketplace.slot (territory_id, id, offer_id, starts_at, ends_at, capacity)
            values (@territory, @id, @OfferId, @starts, @ends, @Capacity) on conflict do nothing
            """,
            new { id = Id<Slot>.From("slot", first.OfferId, starts), first.OfferId, starts, ends = starts + (first.EndsAt - first.StartsAt), first.Capacity });
        return await tx.FindAsync<Id<Slot>?>(
            """
            update marketplace.slot s set meeting_place_id = f.meeting_place_id
            from marketplace.slot f
            where f.territory_id = @territory and f.id = @Id and s.territory_id = @territory and s.offer_id = @OfferId and s.starts_at = @starts
              and s.ends_at = @ends and s.pool_id is null and s.taken = 0 and s.withdrawn_at is null
            returning s.id
            """, new { first.Id, first.OfferId, starts, ends = starts + (first.EndsAt - first.StartsAt) });
    }

    private static Task<PoolSeries?> FindSeriesAsync(Transaction tx, Id<PoolSeries> id) =>
        tx.FindAsync<PoolSeries>($"{PoolSeries.Select} and s.id = @id", new { id });

    private static async Task<PoolSeries?> LockSeriesAsync(Transaction tx, Id<PoolSeries> id)
    {
        await tx.ExecuteAsync("select id from marketplace.pool_series where territory_id = @territory and id = @id for no key update", new { id });
        return await FindSeriesAsync(tx, id);
    }
}
