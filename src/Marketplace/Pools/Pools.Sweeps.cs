using Borsellino.Ledger;

namespace Borsellino.Marketplace;

/// <summary>A pool whose time had come and that could not be moved: somebody has to look at it.</summary>
public sealed record StuckPool(Id<Pool> Pool, Refusal Because);

/// <summary>What a sweep did: how many pools it moved, and which it could not.</summary>
public sealed record SweptPools(int Moved, IReadOnlyList<StuckPool> Stuck);

/// <summary>What time does to pools. Each one is a transaction of its own, so that one that fails stops no other.</summary>
public sealed partial class Pools
{
    /// <summary>Commits the pools whose freeze has come, or lets them lapse. Repeatable.</summary>
    public Task<SweptPools> FreezeDueAsync(TerritoryId territory, CancellationToken cancel = default) =>
        SweepAsync(
            territory,
            "select id from marketplace.pool where territory_id = @territory and status = 'Collecting' and freeze_at <= @now order by freeze_at, id limit @limit",
            FreezeAsync, cancel);

    /// <summary>Notices the pools that too many have left, and decides those that nobody joined in time. Repeatable.</summary>
    public async Task<SweptPools> QuorumDueAsync(TerritoryId territory, CancellationToken cancel = default)
    {
        var fell = await SweepAsync(
            territory,
            $"""
            select p.id from marketplace.pool p
            where p.territory_id = @territory and p.status = 'Confirmed' and p.starts_at > @now and coalesce(p.heads_kept, p.heads_min) > (
                select count(*) from marketplace.pool_share s
                join marketplace.booking b on b.territory_id = @territory and b.id = s.booking_id
                where s.territory_id = @territory and s.pool_id = p.id and {IsLiving})
            order by p.starts_at, p.id limit @limit
            """, FallBelowAsync, cancel);
        var left = await SweepAsync(
            territory,
            $"""
            select distinct r.pool_id from marketplace.pool_raise r
            join marketplace.pool_share s on s.territory_id = @territory and s.id = r.share_id
            join marketplace.booking b on b.territory_id = @territory and b.id = s.booking_id
            where r.territory_id = @territory and r.status in ('Agreed', 'Refused') and not {IsLiving}
            order by r.pool_id limit @limit
            """, ReleaseLeftAsync, cancel);
        var decided = await SweepAsync(
            territory,
            "select id from marketplace.pool where territory_id = @territory and status = 'BelowQuorum' and replace_by <= @now order by replace_by, id limit @limit",
            DecideAsync, cancel);
        return new(fell.Moved + left.Moved + decided.Moved, [.. fell.Stuck, .. left.Stuck, .. decided.Stuck]);
    }

    /// <summary>Closes the pools that took place and of which every booking has been marked. Repeatable.</summary>
    public Task<SweptPools> FinishDueAsync(TerritoryId territory, CancellationToken cancel = default) =>
        SweepAsync(
            territory,
            """
            select p.id from marketplace.pool p
            where p.territory_id = @territory and p.status = 'Confirmed' and p.starts_at <= @now and not exists (
                select from marketplace.pool_share s
                join marketplace.booking b on b.territory_id = @territory and b.id = s.booking_id
                where s.territory_id = @territory and s.pool_id = p.id and b.status = 'Confirmed')
            order by p.starts_at, p.id limit @limit
            """, FinishAsync, cancel);

    private async Task<SweptPools> SweepAsync(
        TerritoryId territory, string due, Func<TerritoryId, Id<Pool>, CancellationToken, Task<Result<Done>>> move, CancellationToken cancel)
    {
        var moved = 0;
        var stuck = new List<StuckPool>();
        foreach (var id in await db.ListAsync<Id<Pool>>(territory, due, new { now = clock.Now, limit = Bookings.SweepMax }, cancel))
        {
            if (!(await move(territory, id, cancel)).IsRefused(out var refusal)) moved++;
            // Somebody was quicker than the sweep: nothing is left to do.
            else if (refusal is not PoolNotReady) stuck.Add(new(id, refusal));
        }

        return new(moved, stuck);
    }
}
