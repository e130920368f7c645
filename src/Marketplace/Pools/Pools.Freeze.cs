using Borsellino.Ledger;
using Borsellino.Marketplace.Standards;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>The freeze: one transaction in which all shares are committed, or all are given back.</summary>
public sealed partial class Pools
{
    /// <summary>
    /// Commits the largest group in which nobody pays above their cap, and gives everything back to the others; with fewer than the
    /// minimum, or no provider who may give the service, it gives everything back to all.
    /// </summary>
    private Task<Result<Done>> FreezeAsync(TerritoryId territory, Id<Pool> id, CancellationToken cancel) =>
        db.TransactAsync<Done>(territory, async tx =>
        {
            if (await LockAsync(tx, id) is not { } pool) return new PoolNotFound(id);
            if (pool.Status is not PoolStatus.Collecting || clock.Now < pool.FreezeAt) return new PoolNotReady(id, pool.Status);
            await LockSlotAsync(tx, pool.SlotId);
            var members = await MembersAsync(tx, id);
            var (mayTakePlace, needsStaff) = await MayTakePlaceAsync(tx, pool);
            Chosen? staff = null;
            if (needsStaff) mayTakePlace = !(await Rosters.ChooseAsync(tx, pool.ProviderId, pool.SlotId, null)).IsRefused(out _, out staff);
            var group = mayTakePlace
                ? PoolGroup.Choose(pool.Prices, [.. members.Select(m => new Candidate(m.Share.Weight, m.Share.Cap))]) : [];
            if (group.Count == 0) return await LapseAsync(tx, pool);

            Place[] places = [.. group.Select(c => members[c.Candidate].At(c.Price))];
            var taking = places.Select(p => p.Share.Id).ToHashSet();
            Instruction[] all =
            [
                .. members.Select(m => VoidOf(m.Share, Clock)),
                .. places.Where(p => p.Hold is not null).Select(p => new Instruction.Authorise(p.Hold!)),
            ];
            var answers = await ledger.DoAsync(tx, [.. all.Select(i => i with { Group = 0 })]);
            if (answers.FirstOrDefault(a => a is not null and not GroupRefused) is { } refusal) return refusal;

            // From here on the shares must be recorded: every refusal is behind us.
            await CommitAsync(tx, pool, places);
            if (staff is not null) await Rosters.BindAsync(tx, staff, clock.Now);
            await tx.ExecuteAsync(
                "update marketplace.pool_share set status = 'Released' where territory_id = @territory and pool_id = @id and status = 'Joined'", new { id });
            await tx.ExecuteAsync(
                "update marketplace.pool set status = 'Confirmed', joined = @count, price = @price where territory_id = @territory and id = @id",
                new { id, count = places.Length, price = places.Sum(p => p.Price) });
            await RecordAsync(tx, id, "Confirmed", Clock);
            return default(Done);
        }, cancel);

    /// <summary>What time or the office may have changed since it was published: then nobody is charged. With whether somebody must be free.</summary>
    private async Task<(bool MayTakePlace, bool NeedsStaff)> MayTakePlaceAsync(Transaction tx, Pool pool)
    {
        if (clock.Now >= pool.StartsAt || await Offers.FindAsync(tx, pool.OfferId) is not { } offer) return default;
        if (await Accreditations.InForceAsync(tx, pool.ProviderId, offer.ClassCode, pool.Day) is null) return default;
        return (true, offer.NeedsStaff);
    }

    private async Task<Result<Done>> LapseAsync(Transaction tx, Pool pool)
    {
        if ((await ReleaseAsync(tx, pool, Clock)).IsRefused(out var refusal)) return refusal;
        await FreeSlotAsync(tx, pool);
        await SetAsync(tx, pool, PoolStatus.Lapsed, "Lapsed", Clock);
        return default(Done);
    }

    /// <summary>Everybody who waits has all of it back. A hold that has ended by itself has given it back already.</summary>
    private async Task<Result<Done>> ReleaseAsync(Transaction tx, Pool pool, string actor)
    {
        var members = await MembersAsync(tx, pool.Id);
        var answers = await ledger.DoAsync(tx, [.. members.Where(m => m.IsHeld).Select(m => VoidOf(m.Share, actor))]);
        if (answers.FirstOrDefault(a => a is not null) is { } refusal) return refusal;
        await tx.ExecuteAsync(
            "update marketplace.pool_share set status = 'Released' where territory_id = @territory and pool_id = @Id and status = 'Joined'", new { pool.Id });
        await tx.ExecuteAsync("update marketplace.pool set joined = 0 where territory_id = @territory and id = @Id", new { pool.Id });
        return default(Done);
    }

    /// <summary>The time can be booked by one household again.</summary>
    private async Task FreeSlotAsync(Transaction tx, Pool pool)
    {
        var idle = await tx.ListAsync<bool>(
            """
            update marketplace.slot s set pool_id = null, capacity = p.slot_capacity
            from marketplace.pool p
            where s.territory_id = @territory and s.id = @SlotId and p.territory_id = @territory and p.id = @Id and s.pool_id = p.id
            returning s.taken = 0 and exists (select from marketplace.staff_duty d where d.territory_id = @territory and d.slot_id = s.id)
            """, new { pool.SlotId, pool.Id });
        if (idle is [true]) await Rosters.ReleaseAsync(tx, pool.ProviderId, pool.SlotId, clock.Now);
    }

    /// <summary>Writes one booking for each place, confirmed, with what its grants pay, and takes the places in the slot.</summary>
    private async Task CommitAsync(Transaction tx, Pool pool, IReadOnlyList<Place> places)
    {
        await tx.ExecuteAsync(
            """
            insert into marketplace.booking
                (territory_id, id, reference, slot_id, offer_id, provider_id, household_id, person_id, starts_at, ends_at, price, covered,
                 copayment, hold_id, status, requested_by, requested_at, answer_by, free_until, cancel_fee)
            select @territory, b.id, b.reference, p.slot_id, p.offer_id, p.provider_id, s.household_id, s.person_id, p.starts_at, p.ends_at,
                   b.price, b.covered, b.price - b.covered, nullif(b.hold_id, @none), 'Confirmed', s.joined_by, s.joined_at, p.freeze_at,
                   p.freeze_at, least(p.cancel_fee, b.price)
            from unnest(@shares, @ids, @references, @prices, @covered, @holds) b(share_id, id, reference, price, covered, hold_id)
            join marketplace.pool_share s on s.territory_id = @territory and s.id = b.share_id
            join marketplace.pool p on p.territory_id = @territory and p.id = s.pool_id
            """,
            new
            {
                none = Guid.Empty,
                shares = places.Select(p => p.Share.Id.Value).ToArray(),
                ids = places.Select(p => p.Booking.Value).ToArray(),
                references = places.Select(_ => ReadableCode.New(Bookings.ReferenceGroups).Value).ToArray(),
                prices = places.Select(p => p.Price.Cents).ToArray(),
                covered = places.Select(p => p.Covered.Cents).ToArray(),
                holds = places.Select(p => p.Hold?.Id.Value ?? Guid.Empty).ToArray(),
            });
        var lines = places.SelectMany(p => p.Lines.Select((l, i) => (p.Booking, Line: i + 1, Of: l))).ToList();
        await tx.ExecuteAsync(
            """
            insert into marketplace.booking_line (territory_id, booking_id, line, grant_id, amount, own_cents, own_percent)
            select @territory, l.booking_id, l.line, l.grant_id, l.amount, l.own_cents, l.own_percent
            from unnest(@bookings, @numbers, @grants, @amounts, @ownCents, @ownPercents) l(booking_id, line, grant_id, amount, own_cents, own_percent)
            """,
            new
            {
                bookings = lines.Select(l => l.Booking.Value).ToArray(), numbers = lines.Select(l => (short)l.Line).ToArray(),
                grants = lines.Select(l => l.Of.GrantId.Value).ToArray(), amounts = lines.Select(l => l.Of.Amount.Cents).ToArray(),
                ownCents = lines.Select(l => l.Of.OwnCents).ToArray(), ownPercents = lines.Select(l => l.Of.OwnPercent).ToArray(),
            });
        await tx.ExecuteAsync(
            """
            insert into marketplace.booking_event (territory_id, booking_id, sequence, status, at, actor)
            select @territory, b.id, e.sequence, e.status, e.at, e.actor
            from marketplace.booking b
            cross join lateral (values (1, 'Requested', b.requested_at, 'user_' || replace(b.requested_by::text, '-', '')), (2, 'Confirmed', @now, @Clock))
                e(sequence, status, at, actor)
            where b.territory_id = @territory and b.id = any(@ids)
            """, new { ids = places.Select(p => p.Booking.Value).ToArray(), now = clock.Now, Clock });
        await tx.ExecuteAsync(
            """
            update marketplace.pool_share s set status = 'Committed', price = c.price, booking_id = c.booking_id
            from unnest(@shares, @prices, @ids) c(share_id, price, booking_id)
            where s.territory_id = @territory and s.id = c.share_id
            """,
            new
            {
                shares = places.Select(p => p.Share.Id.Value).ToArray(), prices = places.Select(p => p.Price.Cents).ToArray(),
                ids = places.Select(p => p.Booking.Value).ToArray(),
            });
        await tx.ExecuteAsync(
            "update marketplace.slot set taken = taken + @count where territory_id = @territory and id = @SlotId", new { count = (short)places.Count, pool.SlotId });
    }

    /// <summary>Who waits for the freeze, in the order of joining, with what holds their caps.</summary>
    private static async Task<IReadOnlyList<Member>> MembersAsync(Transaction tx, Id<Pool> pool)
    {
        var shares = (await SharesAsync(tx, pool)).Where(s => s.Status is ShareStatus.Joined).ToList();
        var lines = (await tx.ListAsync<Line>(
            """
            select l.share_id, l.grant_id, g.account_id, l.amount, l.own_cents, l.own_percent,
                   (select m.copayment = 'Forbidden' from marketplace.programme m where m.territory_id = @territory and m.id = g.programme_id) as pays_all, h.payee_id, h.expires_at, h.status = 'Open' as is_held
            from marketplace.pool_share s
            join marketplace.pool_share_line l on l.territory_id = @territory and l.share_id = s.id and l.hold_id = s.hold_id
            join marketplace.welfare_grant g on g.territory_id = @territory and g.id = l.grant_id
            join ledger.hold h on h.territory_id = @territory and h.id = s.hold_id
            where s.territory_id = @territory and s.pool_id = @pool and s.status = 'Joined'
            order by l.share_id, l.line
            """, new { pool })).ToLookup(l => l.ShareId);
        return [.. shares.Select(s => new Member(s, [.. lines[s.Id]]))];
    }

    private sealed record Line(
        Id<Share> ShareId, Id<Grant> GrantId, Id<Account> AccountId, Money Amount, long OwnCents, int OwnPercent, bool PaysAll,
        Id<Account> PayeeId, Instant ExpiresAt, bool IsHeld)
    {
        /// <summary>What its programme leaves to the household of the price that is charged.</summary>
        public OwnPart Own => new(new(OwnCents), OwnPercent);
    }

    /// <summary>Somebody who waits, and the lines of the hold on the cap.</summary>
    private sealed record Member(Share Share, IReadOnlyList<Line> Lines)
    {
        public bool IsHeld => Lines[0].IsHeld;

        /// <summary>
        /// The place at a price: the same grants in the same order, as far as the price goes and each but for the part that its programme
        /// leaves to the household; what they do not reach is the household's part.
        /// </summary>
        public Place At(Money price)
        {
            var paying = Draw(Lines, price);
            // Two parts that are due whatever the price may together be more than a low one: money that wants no part beside it stays out.
            if (paying.Sum(l => l.Amount) < price) paying = Draw([.. Lines.Where(l => !l.PaysAll)], price);
            var booking = Id<Booking>.From("share", Share.Id);
            var hold = paying.Count == 0 ? null : new Hold(
                Id<Hold>.From("booking", booking), paying[0].PayeeId, [.. paying.Select(l => new HoldLine(l.AccountId, l.Amount))], paying[0].ExpiresAt,
                booking.ToString(), Share.JoinedBy.ToString(), "booking of a pool");
            return new(Share, booking, price, paying, hold);
        }

        private static List<Line> Draw(IReadOnlyList<Line> lines, Money price)
        {
            var (left, paying) = (price, new List<Line>());
            foreach (var line in lines)
            {
                var amount = Money.Min(left, Money.Min(line.Amount, price - line.Own.Of(price)));
                left -= amount;
                if (amount.IsPositive) paying.Add(line with { Amount = amount });
            }

            return paying;
        }
    }

    /// <summary>A share about to become a booking.</summary>
    private sealed record Place(Share Share, Id<Booking> Booking, Money Price, IReadOnlyList<Line> Lines, Hold? Hold)
    {
        public Money Covered => Lines.Sum(l => l.Amount);
    }
}
