using Borsellino.Ledger;

namespace Borsellino.Marketplace;

/// <summary>What becomes of each date for each member of a series.</summary>
public sealed partial class Pools
{
    /// <summary>
    /// Takes the members of series into the dates that have come near, each in a transaction of its own. Who cannot be taken in is out of
    /// that date alone, with the reason, and may still join it by hand. Answers how many were decided. Repeatable.
    /// </summary>
    public Task<int> TakeInDueAsync(TerritoryId territory, CancellationToken cancel = default) => TakeInAsync(territory, null, cancel);

    private async Task<int> TakeInAsync(TerritoryId territory, Id<PoolSeries>? series, CancellationToken cancel)
    {
        var due = await db.ListAsync<Due>(
            territory,
            """
            select m.id as member, p.id as pool
            from marketplace.pool p
            join marketplace.series_member m on m.territory_id = @territory and m.series_id = p.series_id and m.left_at is null
            where p.territory_id = @territory and p.series_id is not null and p.status = 'Collecting' and p.freeze_at > @now
              and p.freeze_at <= @until and (@series::uuid is null or p.series_id = @series) and not exists (
                select from marketplace.series_turn t where t.territory_id = @territory and t.member_id = m.id and t.pool_id = p.id)
            order by p.starts_at, m.joined_at, m.id limit @limit
            """, new { now = clock.Now, until = clock.Now + TakenInBefore, series, limit = Bookings.SweepMax }, cancel);
        foreach (var (member, pool) in due) (await TakeInAsync(territory, member, pool, cancel)).OrThrow();
        return due.Count;
    }

    private Task<Result<Done>> TakeInAsync(TerritoryId territory, Id<SeriesMember> id, Id<Pool> date, CancellationToken cancel) =>
        db.TransactAsync<Done>(territory, async tx =>
        {
            await LockAsync(tx, date);
            var member = (await LockMemberAsync(tx, id))!;
            var decided = await tx.FindAsync<Turn>($"{Turn.Select} and t.member_id = @id and t.pool_id = @date", new { id, date }) is not null;
            // Somebody was quicker: the member left or said what it wants of this date.
            if (member.LeftAt is not null || decided) return default(Done);
            var request = new JoinRequest(Id<Share>.From("series", id, date), date, member.PersonId, member.Weight, member.Cap, default);
            var joined = await TakePartAsync(tx, request, new(member.HouseholdId, member.JoinedBy), shown: null);
            if (!joined.IsRefused(out var refusal, out var share)) await DecideAsync(tx, id, date, TurnOutcome.Joined, share);
            else if (refusal is AlreadyInPool own) await DecideAsync(tx, id, date, TurnOutcome.Joined, own.Share);
            else await DecideAsync(tx, id, date, TurnOutcome.Missed, null, refusal.Code);
            return default(Done);
        }, cancel);

    private async Task DecideAsync(
        Transaction tx, Id<SeriesMember> member, Id<Pool> pool, TurnOutcome outcome, Id<Share>? share, string why = "") =>
        await tx.ExecuteAsync(
            """
            insert into marketplace.series_turn (territory_id, member_id, pool_id, outcome, share_id, why, at)
            values (@territory, @member, @pool, @outcome, @share, @why, @now)
            on conflict (territory_id, member_id, pool_id) do update set outcome = excluded.outcome, share_id = excluded.share_id, why = '', at = excluded.at
            """, new { member, pool, outcome = outcome.ToString(), share, why, now = clock.Now });

    /// <summary>Places that are not for this household, because members of the pool's series will take them when the date comes near.</summary>
    private static async Task<int> KeptAsync(Transaction tx, Pool pool, Id<Household> household) =>
        pool.SeriesId is null ? 0 : await tx.FindAsync<int>(
            $"select {SeriesMember.Kept} from marketplace.pool p where p.territory_id = @territory and p.id = @Id", new { pool.Id, household });

    /// <summary>Whether a living member of a series has this share by it.</summary>
    private static async Task<bool> IsOfSeriesAsync(Transaction tx, Id<Share> share) =>
        await tx.FindAsync<bool>(
            """
            select exists (
                select from marketplace.series_turn t
                join marketplace.series_member m on m.territory_id = @territory and m.id = t.member_id and m.left_at is null
                where t.territory_id = @territory and t.share_id = @share and t.outcome = 'Joined')
            """, new { share });

    private sealed record Due(Id<SeriesMember> Member, Id<Pool> Pool);

    private sealed record Turn(Id<Pool> PoolId, TurnOutcome Outcome, Id<Share>? ShareId)
    {
        public const string Select = "select t.pool_id, t.outcome, t.share_id from marketplace.series_turn t where t.territory_id = @territory";
    }
}
