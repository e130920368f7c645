using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>
/// After the freeze. Members leave by cancelling their booking, for the fee they agreed to; those who stay keep their price. What is left
/// when too many leave is decided here.
/// </summary>
public sealed partial class Pools
{
    /// <summary>How long a pool below quorum waits for somebody to take a place.</summary>
    public static readonly Duration ReplaceWithin = Duration.FromHours(24);

    /// <summary>So long before it starts people must know where they stand.</summary>
    private static readonly Duration KnownBefore = Duration.FromHours(2);

    /// <summary>
    /// The provider goes on with those who are left, each at the price it committed to. Refused unless the pool is below quorum. Repeatable.
    /// </summary>
    public Task<Result<Done>> GoOnAsync(TerritoryId territory, Id<Pool> id, ProviderUser by, CancellationToken cancel = default) =>
        db.TransactAsync<Done>(territory, async tx =>
        {
            if (await LockAsync(tx, id) is not { } pool || pool.ProviderId != by.Provider) return new PoolNotFound(id);
            if (pool.Status is PoolStatus.Confirmed) return default(Done);
            if (pool.Status is not PoolStatus.BelowQuorum) return new PoolNotReady(id, pool.Status);
            await LockAllAsync(tx, pool);
            var living = await LivingAsync(tx, id);
            if (living == 0) return new PoolNotReady(id, pool.Status);
            return clock.Now < pool.StartsAt ? await GoOnAsync(tx, pool, living, by.User.ToString()) : await StandAsync(tx, pool, living);
        }, cancel);

    private async Task<Result<Done>> GoOnAsync(Transaction tx, Pool pool, int living, string actor, string what = "GoesOn")
    {
        if ((await EndAnswersAsync(tx, pool, actor)).IsRefused(out var unreleased)) return unreleased;
        await tx.ExecuteAsync(
            "update marketplace.pool set heads_kept = @living where territory_id = @territory and id = @Id", new { pool.Id, living = (short)living });
        await SetAsync(tx, pool, PoolStatus.Confirmed, what, actor);
        return default(Done);
    }

    /// <summary>
    /// The service began and nobody had decided: whether it took place only those know who were there. So nothing is called off that could
    /// not be called back; each is marked for itself, and may complain. Nobody was told to come, so who stayed away owes nothing.
    /// </summary>
    private async Task<Result<Done>> StandAsync(Transaction tx, Pool pool, int living)
    {
        await tx.ExecuteAsync(
            """
            update marketplace.booking set cancel_fee = 0
            where territory_id = @territory and status = 'Confirmed' and id in (
                select s.booking_id from marketplace.pool_share s where s.territory_id = @territory and s.pool_id = @Id)
            """, new { pool.Id });
        return await GoOnAsync(tx, pool, living, Clock, "BegunUndecided");
    }

    /// <summary>The newcomer's share, still waiting, becomes a booking at the price of the one that left.</summary>
    private async Task<Result<Done>> TakePlaceAsync(Transaction tx, Pool pool, Id<Share> id, Share vacated)
    {
        var member = (await MembersAsync(tx, pool.Id)).Single(m => m.Share.Id == id);
        var place = member.At(vacated.Price!.Value);
        Instruction[] all = [VoidOf(member.Share, Clock), new Instruction.Authorise(place.Hold!)];
        var answers = await ledger.DoAsync(tx, [.. all.Select(i => i with { Group = 0 })]);
        if (answers.FirstOrDefault(a => a is not null and not GroupRefused) is { } refusal) return refusal;

        await CommitAsync(tx, pool, [place]);
        await tx.ExecuteAsync(
            "update marketplace.pool_share set replaced_by = @id where territory_id = @territory and id = @vacated", new { id, vacated = vacated.Id });
        await RecordAsync(tx, pool.Id, "PlaceTaken", member.Share.JoinedBy.ToString(), id);
        if (pool.Status is PoolStatus.BelowQuorum && await LivingAsync(tx, pool.Id) >= await NeededAsync(tx, pool.Id))
        {
            if ((await EndAnswersAsync(tx, pool, Clock)).IsRefused(out var unreleased)) return unreleased;
            await SetAsync(tx, pool, PoolStatus.Confirmed, "QuorumMet", Clock);
        }

        return default(Done);
    }

    /// <summary>Fewer are left than the minimum, or than the provider said it would go on with: those who stay are told until when.</summary>
    private Task<Result<Done>> FallBelowAsync(TerritoryId territory, Id<Pool> id, CancellationToken cancel) =>
        db.TransactAsync<Done>(territory, async tx =>
        {
            if (await LockAsync(tx, id) is not { } pool) return new PoolNotFound(id);
            if (pool.Status is not PoolStatus.Confirmed || clock.Now >= pool.StartsAt) return new PoolNotReady(id, pool.Status);
            if (await LivingAsync(tx, id) >= await NeededAsync(tx, id)) return new PoolNotReady(id, pool.Status);
            var by = Instant.Max(clock.Now, Instant.Min(clock.Now + ReplaceWithin, pool.StartsAt - KnownBefore));
            await SetAsync(tx, pool, PoolStatus.BelowQuorum, "FellBelowQuorum", Clock, by);
            return default(Done);
        }, cancel);

    /// <summary>
    /// The deadline of a pool below quorum. Those who agreed to pay more go on, where that is enough; all who stay do, where nothing is missing.
    /// Else nobody took the places and the provider did not go on: everybody has everything back, and the time is free again. A deadline
    /// that is only seen once the service has begun calls nothing off (<see cref="StandAsync"/>).
    /// </summary>
    private Task<Result<Done>> DecideAsync(TerritoryId territory, Id<Pool> id, CancellationToken cancel) =>
        db.TransactAsync<Done>(territory, async tx =>
        {
            if (await LockAsync(tx, id) is not { } pool) return new PoolNotFound(id);
            if (pool.Status is not PoolStatus.BelowQuorum || clock.Now < pool.ReplaceBy) return new PoolNotReady(id, pool.Status);
            await LockAllAsync(tx, pool);
            if (clock.Now >= pool.StartsAt && await LivingAsync(tx, id) is > 0 and var living) return await StandAsync(tx, pool, living);
            if ((await MayTakePlaceAsync(tx, pool)).MayTakePlace)
            {
                var shortfall = await ShortfallAsync(tx, pool);
                if (shortfall is { IsWhole: true, Members.Count: > 0 }) return await GoOnAsync(tx, pool, shortfall.Members.Count, Clock);
                if (shortfall.Choose() is { Count: > 0 } group) return await RaiseAsync(tx, pool, shortfall, group);
            }

            if ((await EndAnswersAsync(tx, pool, Clock)).IsRefused(out var unreleased)) return unreleased;
            if ((await CallOffAsync(tx, pool, null, "")).IsRefused(out var refusal)) return refusal;
            await FreeSlotAsync(tx, pool);
            await SetAsync(tx, pool, PoolStatus.Dissolved, "Dissolved", Clock);
            return default(Done);
        }, cancel);

    /// <summary>It has begun and every booking of it has been marked: from here each goes its own way.</summary>
    private Task<Result<Done>> FinishAsync(TerritoryId territory, Id<Pool> id, CancellationToken cancel) =>
        db.TransactAsync<Done>(territory, async tx =>
        {
            if (await LockAsync(tx, id) is not { } pool) return new PoolNotFound(id);
            if (pool.Status is not PoolStatus.Confirmed || clock.Now < pool.StartsAt) return new PoolNotReady(id, pool.Status);
            await SetAsync(tx, pool, PoolStatus.Delivered, "Delivered", Clock);
            return default(Done);
        }, cancel);

    /// <summary>All confirmed bookings of the pool give everything back. They are locked first, in the order of their ids.</summary>
    private async Task<Result<Done>> CallOffAsync(Transaction tx, Pool pool, ProviderUser? by, string reason)
    {
        var open = await tx.ListAsync<Id<Booking>>(
            """
            select b.id from marketplace.booking b
            where b.territory_id = @territory and b.status = 'Confirmed' and b.id in (
                select s.booking_id from marketplace.pool_share s where s.territory_id = @territory and s.pool_id = @Id)
            order by b.id for no key update
            """, new { pool.Id });
        await LockSlotAsync(tx, pool.SlotId);
        await Rosters.LockAsync(tx, pool.ProviderId);
        foreach (var booking in open)
        {
            if ((await bookings.CallOffAsync(tx, booking, by, reason)).IsRefused(out var refusal)) return refusal;
        }

        return default(Done);
    }

    /// <summary>How many committed members have not left.</summary>
    private static async Task<int> LivingAsync(Transaction tx, Id<Pool> pool) =>
        (await tx.ListAsync<int>(
            $"""
            select count(*)::int from marketplace.pool_share s
            join marketplace.booking b on b.territory_id = @territory and b.id = s.booking_id
            where s.territory_id = @territory and s.pool_id = @pool and {IsLiving}
            """, new { pool }))[0];

    private static async Task<int> NeededAsync(Transaction tx, Id<Pool> pool) =>
        (await tx.ListAsync<int>(
            "select coalesce(heads_kept, heads_min)::int from marketplace.pool where territory_id = @territory and id = @pool", new { pool }))[0];

    /// <summary>A member's booking that has a place in the slot.</summary>
    internal const string IsLiving = Lifecycle.HasPlaceSql;
}
