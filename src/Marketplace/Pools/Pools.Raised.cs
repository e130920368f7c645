using Borsellino.Ledger;

namespace Borsellino.Marketplace;

/// <summary>What comes of the answers: all who go on pay their new share, in one transaction, or nobody pays more.</summary>
public sealed partial class Pools
{
    /// <summary>
    /// Each of the group has a new share and a new booking at its new price in place of the old ones; who stays out has everything back.
    /// The pool and everything in it is locked (<see cref="LockAllAsync"/>).
    /// </summary>
    private async Task<Result<Done>> RaiseAsync(Transaction tx, Pool pool, Shortfall shortfall, IReadOnlyList<Raised> group)
    {
        var members = new List<(Raised Raised, Id<Share> Share, IReadOnlyList<Line> Lines)>();
        foreach (var one in group)
        {
            members.Add((one, Id<Share>.From("raise", one.Who.Answer!.Value), Together(await PayingAsync(tx, one.Who), await AddedAsync(tx, one.Who))));
        }

        foreach (var out_ in shortfall.Members.Where(m => group.All(r => r.Who != m)).OrderBy(m => m.Booking.Value))
        {
            if ((await bookings.CallOffAsync(tx, out_.Booking, null, "")).IsRefused(out var refusal)) return refusal;
        }

        foreach (var one in group.OrderBy(r => r.Who.Booking.Value))
        {
            if ((await bookings.ReplaceAsync(tx, one.Who.Booking)).IsRefused(out var refusal)) return refusal;
        }

        await InsertAsync(tx, pool, members);
        if ((await EndAnswersAsync(tx, pool, Clock)).IsRefused(out var unreleased)) return unreleased;
        var shares = await SharesAsync(tx, pool.Id);
        Place[] places = [.. members.Select(m => new Member(shares.Single(s => s.Id == m.Share), m.Lines).At(m.Raised.Price))];
        var answers = await ledger.DoAsync(tx, [.. places.Where(p => p.Hold is not null).Select(p => new Instruction.Authorise(p.Hold!) { Group = 0 })]);
        if (answers.FirstOrDefault(a => a is not null and not GroupRefused) is { } unheld) return unheld;

        // From here on the shares must be recorded: every refusal is behind us.
        await CommitAsync(tx, pool, places);
        await tx.ExecuteAsync(
            """
            update marketplace.pool set heads_kept = @heads, raised_heads = @heads, raised_price = @price, raised_at = @now, status = 'Confirmed', replace_by = null
            where territory_id = @territory and id = @Id
            """, new { pool.Id, heads = (short)places.Length, price = places.Sum(p => p.Price), now = clock.Now });
        await RecordAsync(tx, pool.Id, "Raised", Clock);
        return default(Done);
    }

    /// <summary>What pays a booking and what is added to it, a line for each grant, in the order in which they pay.</summary>
    private static IReadOnlyList<Line> Together(IReadOnlyList<Line> paying, IReadOnlyList<Line> added)
    {
        List<Line> all = [.. paying, .. added];
        // One hold takes the place of two, and none outlives a grant that it sits on.
        var until = all.Min(l => l.ExpiresAt);
        // The part it leaves to the household is the one that was agreed to last.
        return [.. all.GroupBy(l => l.GrantId).Select(g => g.Last() with { Amount = g.Sum(l => l.Amount), ExpiresAt = until })];
    }

    /// <summary>The new shares, still waiting, each in the place of the old one.</summary>
    private async Task InsertAsync(Transaction tx, Pool pool, IReadOnlyList<(Raised Raised, Id<Share> Share, IReadOnlyList<Line> Lines)> members)
    {
        var parameters = new
        {
            pool.Id, now = clock.Now, shares = members.Select(m => m.Share.Value).ToArray(), raises = members.Select(m => m.Raised.Who.Answer!.Value.Value).ToArray(),
        };
        await tx.ExecuteAsync(
            """
            insert into marketplace.pool_share
                (territory_id, id, pool_id, place, household_id, person_id, weight, cap, hold_id, status, raise_id, joined_by, joined_at)
            select @territory, n.share_id, @Id, t.places + n.number, o.household_id, o.person_id, o.weight, r.cap, r.hold_id, 'Joined', r.id,
                   r.answered_by, @now
            from unnest(@shares, @raises) with ordinality n(share_id, raise_id, number)
            join marketplace.pool_raise r on r.territory_id = @territory and r.id = n.raise_id
            join marketplace.pool_share o on o.territory_id = @territory and o.id = r.share_id
            cross join (select max(place) as places from marketplace.pool_share where territory_id = @territory and pool_id = @Id) t
            """, parameters);
        await tx.ExecuteAsync(
            """
            update marketplace.pool_share o set replaced_by = n.id
            from marketplace.pool_share n
            join marketplace.pool_raise r on r.territory_id = @territory and r.id = n.raise_id
            where o.territory_id = @territory and o.id = r.share_id and n.territory_id = @territory and n.id = any(@shares)
            """, parameters);
        await tx.ExecuteAsync(
            "update marketplace.pool_raise set status = 'Used' where territory_id = @territory and id = any(@raises)", parameters);
        await tx.ExecuteAsync(
            """
            insert into marketplace.pool_share_line (territory_id, share_id, hold_id, line, grant_id, amount, own_cents, own_percent)
            select @territory, n.id, n.hold_id, l.line, l.grant_id, l.amount, l.own_cents, l.own_percent
            from marketplace.pool_share n
            join marketplace.pool_raise_line l on l.territory_id = @territory and l.raise_id = n.raise_id
            where n.territory_id = @territory and n.id = any(@shares)
            """, parameters);
    }

    /// <summary>The pool is below quorum no more: no answer counts, and what was held for those that still are is free.</summary>
    private async Task<Result<Done>> EndAnswersAsync(Transaction tx, Pool pool, string actor)
    {
        var held = await tx.ListAsync<Id<Hold>>(
            """
            select r.hold_id from marketplace.pool_raise r
            join ledger.hold h on h.territory_id = @territory and h.id = r.hold_id and h.status = 'Open'
            where r.territory_id = @territory and r.pool_id = @Id and r.status in ('Agreed', 'Used')
            order by r.hold_id
            """, new { pool.Id });
        var answers = await ledger.DoAsync(tx, [.. held.Select(h => VoidOf(h, actor) with { Group = 0 })]);
        if (answers.FirstOrDefault(a => a is not null and not GroupRefused) is { } refusal) return refusal;
        await tx.ExecuteAsync(
            "update marketplace.pool_raise set status = 'Released' where territory_id = @territory and pool_id = @Id and status in ('Agreed', 'Refused')",
            new { pool.Id });
        return default(Done);
    }

    /// <summary>Members who said yes and left since: what was held for the yes is free.</summary>
    private Task<Result<Done>> ReleaseLeftAsync(TerritoryId territory, Id<Pool> id, CancellationToken cancel) =>
        db.TransactAsync<Done>(territory, async tx =>
        {
            if (await LockAsync(tx, id) is not { } pool) return new PoolNotFound(id);
            await LockAllAsync(tx, pool);
            foreach (var raise in await tx.ListAsync<Raise>(
                $"""
                {Raise.Select} and r.pool_id = @id and r.status in ('Agreed', 'Refused') and exists (
                    select from marketplace.pool_share s
                    join marketplace.booking b on b.territory_id = @territory and b.id = s.booking_id
                    where s.territory_id = @territory and s.id = r.share_id and not {IsLiving})
                order by r.hold_id
                """, new { id }))
            {
                if (raise.HoldId is { } hold && (await ledger.VoidAsync(tx, VoidOf(hold, Clock))).IsRefused(out var refusal)) return refusal;
                await tx.ExecuteAsync("update marketplace.pool_raise set status = 'Released' where territory_id = @territory and id = @Id", new { raise.Id });
            }

            return default(Done);
        }, cancel);

    /// <summary>
    /// Everything that the end of a pool below quorum may move, in the order of the house: the bookings by id, the slot, then the accounts
    /// of all of them, and of the household's purse, by id.
    /// </summary>
    private static async Task LockAllAsync(Transaction tx, Pool pool, Id<Household>? household = null)
    {
        await tx.ExecuteAsync(
            """
            select b.id from marketplace.booking b
            where b.territory_id = @territory and b.id in (
                select s.booking_id from marketplace.pool_share s where s.territory_id = @territory and s.pool_id = @Id)
            order by b.id for no key update
            """, new { pool.Id });
        await LockSlotAsync(tx, pool.SlotId);
        await Accounts.LockAsync(tx, await tx.ListAsync<Id<Account>>(
            """
            select g.account_id from marketplace.welfare_grant g
            where g.territory_id = @territory and (g.household_id = @household and g.status in ('Active', 'Suspended') or g.id in (
                select l.grant_id from marketplace.pool_share s
                join marketplace.booking_line l on l.territory_id = @territory and l.booking_id = s.booking_id
                where s.territory_id = @territory and s.pool_id = @Id
                union all
                select l.grant_id from marketplace.pool_raise r
                join marketplace.pool_raise_line l on l.territory_id = @territory and l.raise_id = r.id
                where r.territory_id = @territory and r.pool_id = @Id))
            """, new { pool.Id, household }));
    }
}
