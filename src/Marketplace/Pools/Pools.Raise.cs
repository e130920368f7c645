using Borsellino.Ledger;

namespace Borsellino.Marketplace;

/// <summary>
/// Below quorum: those who stay may agree, until the pool would be dissolved, to pay more than today. What a yes adds is held beside the
/// booking, which stays as it is until there are enough who agreed.
/// </summary>
public sealed partial class Pools
{
    /// <summary>
    /// What a yes would mean for a member: what it pays today, what it would pay if so many agree, and which grants hold the difference.
    /// Refused as the answer is; a purse that cannot hold it is shown, with the reason for every grant.
    /// </summary>
    /// <param name="cap">Null for what it has agreed to, or else for its share if all agree.</param>
    public async Task<Result<RaisePreview>> PreviewRaiseAsync(
        TerritoryId territory, Id<Household> household, Id<Pool> id, Money? cap = null, CancellationToken cancel = default)
    {
        var read = await db.TransactAsync<RaiseTerms>(territory, async tx =>
            await FindAsync(tx, id) is { } pool ? await RaiseTermsAsync(tx, pool, household, cap) : new PoolNotFound(id), cancel);
        if (read.IsRefused(out var refusal, out var terms)) return refusal;
        var grants = Freed(await purses.GrantsAsync(territory, household, terms.Pool.Day, cancel), terms.Mine.Answer?.Value ?? Guid.Empty, terms.Added);
        return new RaisePreview(
            terms.Pool, terms.Mine.Share, terms.Slot.TitleIt, terms.Slot.TitleEn, terms.Mine.Price, terms.Cap, terms.Steps, terms.Mine,
            Choose(grants, terms), grants.Where(g => g.Status is GrantStatus.Active).Sum(g => g.Available));
    }

    /// <summary>
    /// A yes up to a cap: what it adds is held on the grants the waterfall chooses, in place of what an earlier yes held. Where everybody has
    /// agreed and that is enough, all pay their new share at once. Refused unless the pool is below quorum, after its deadline, below
    /// what the share would cost, and where the purse does not reach. Repeatable.
    /// </summary>
    public Task<Result<Done>> AgreeAsync(TerritoryId territory, RaiseRequest request, HouseholdUser by, CancellationToken cancel = default) =>
        AnswerAsync(territory, request.Id, request.Share, by, async (tx, pool) =>
        {
            if ((await RaiseTermsAsync(tx, pool, by.Household, request.Cap)).IsRefused(out var refusal, out var terms)) return refusal;
            if (terms.Mine.Share != request.Share) return new ShareNotFound(request.Share);
            var coverage = Choose(Freed(await purses.LockAsync(tx, by.Household, pool.Day), terms.Mine.Answer?.Value ?? Guid.Empty, terms.Added), terms);
            if (request.Shown.Price != coverage.Price) return new PriceChanged(terms.Mine.Price + request.Shown.Price, terms.Cap);
            if (!coverage.IsPossible) return new NotEnoughInPurse(coverage.Payable, coverage.Price);
            if (request.Shown != AsShown.Of(coverage, pool.CancelFee, pool.ReplaceBy!.Value)) return new TermsChanged();
            var heldUntil = coverage.Lines.Min(l => l.Grant.HoldsUntil);
            if (heldUntil <= pool.EndsAt) return new GrantEndsTooSoon(heldUntil, pool.EndsAt);

            if ((await TakeBackAsync(tx, terms.Mine, by.User.ToString())).IsRefused(out var unreleased)) return unreleased;
            var hold = new Hold(
                Id<Hold>.From("raise", request.Id), terms.Slot.PayeeId, [.. coverage.Lines.Select(l => new HoldLine(l.Grant.AccountId, l.Amount))],
                heldUntil, request.Id.ToString(), by.User.ToString(), "more for a share of a pool");
            if ((await ledger.AuthoriseAsync(tx, hold)).IsRefused(out var unheld)) return unheld;

            // From here on the answer must be recorded: every refusal is behind us.
            await InsertAsync(tx, request.Id, terms, by, terms.Cap, hold.Id, coverage);
            var shortfall = await ShortfallAsync(tx, pool);
            var group = shortfall.Choose();
            return group.Count == shortfall.Members.Count ? await RaiseAsync(tx, pool, shortfall, group) : default(Done);
        }, cancel);

    /// <summary>A no: what an earlier yes held is free again, and the price of today is all the household may be asked for. Repeatable.</summary>
    public Task<Result<Done>> RefuseRaiseAsync(
        TerritoryId territory, Id<Raise> id, Id<Share> share, HouseholdUser by, CancellationToken cancel = default) =>
        AnswerAsync(territory, id, share, by, async (tx, pool) =>
        {
            if ((await RaiseTermsAsync(tx, pool, by.Household, null)).IsRefused(out var refusal, out var terms)) return refusal;
            if (terms.Mine.Share != share) return new ShareNotFound(share);
            if (terms.Mine.HasRefused) return default(Done);
            if ((await TakeBackAsync(tx, terms.Mine, by.User.ToString())).IsRefused(out var unreleased)) return unreleased;
            await InsertAsync(tx, id, terms, by, null, null, null);
            return default(Done);
        }, cancel);

    /// <summary>Locks everything that a yes may move, in the order of the house, and answers a form that was sent before as it was answered.</summary>
    private Task<Result<Done>> AnswerAsync(
        TerritoryId territory, Id<Raise> id, Id<Share> share, HouseholdUser by, Func<Transaction, Pool, Task<Result<Done>>> answer, CancellationToken cancel) =>
        db.TransactAsync<Done>(territory, async tx =>
        {
            if (await FindShareAsync(tx, share) is not { } seen || seen.HouseholdId != by.Household) return new ShareNotFound(share);
            var pool = (await LockAsync(tx, seen.PoolId))!;
            if (await tx.FindAsync<Raise>($"{Raise.Select} and r.id = @id", new { id }) is { } earlier)
            {
                return earlier.ShareId == share ? default(Done) : new RaiseIdReused(id);
            }

            if (pool.Status is not PoolStatus.BelowQuorum) return new PoolNotReady(pool.Id, pool.Status);
            await LockAllAsync(tx, pool, by.Household);
            return await answer(tx, pool);
        }, cancel);

    /// <summary>On which terms a member would pay more, or why it is not asked, whoever pays.</summary>
    private async Task<Result<RaiseTerms>> RaiseTermsAsync(Transaction tx, Pool pool, Id<Household> household, Money? wanted)
    {
        if (pool.Status is not PoolStatus.BelowQuorum) return new PoolNotReady(pool.Id, pool.Status);
        if (clock.Now >= pool.ReplaceBy) return new RaiseTooLate(pool.Id, pool.ReplaceBy.Value);
        var shortfall = await ShortfallAsync(tx, pool);
        if (shortfall.Of(household) is not { } mine) return new PoolNotFound(pool.Id);
        if (shortfall.IsWhole) return new NothingMissing(pool.Id);
        var steps = shortfall.StepsOf(mine);
        if (wanted is { } few && few < steps[0].Share) return new RaiseTooLow(few, steps[0].Share);
        var slot = await tx.FindAsync<Bookings.SlotToBook>(Bookings.SelectSlot, new { slotId = pool.SlotId, household });
        if (slot is null) return new SlotNotFound(pool.SlotId);
        // More than the whole alone is never charged: it need not be held. An earlier yes may have become too little.
        var cap = Money.Min(wanted ?? Money.Max(mine.Agreed ?? Money.Zero, steps[0].Share), steps.Max(s => s.Share));
        return new RaiseTerms(pool, slot, mine, cap, steps, await PayingAsync(tx, mine), await AddedAsync(tx, mine));
    }

    /// <summary>
    /// Which grants pay what is added to a booking, by the waterfall. The booking stays one purchase: a company's title pays all of it or
    /// none, a limit for one booking counts what the grant pays of it already, and nobody adds money of their own beside a grant that forbids it.
    /// </summary>
    private static Coverage Choose(IReadOnlyList<PurseGrant> grants, RaiseTerms terms)
    {
        var paying = terms.Paying.ToDictionary(l => l.GrantId, l => l.Amount);
        var pays = grants.Where(g => paying.ContainsKey(g.Id)).ToList();
        var alone = pays.Exists(g => g.WholePrice);
        var hasOwnPart = paying.Values.Sum() < terms.Mine.Price;
        List<PurseGrant> may =
        [
            .. grants.Where(g => alone ? paying.ContainsKey(g.Id) : !g.WholePrice && !(hasOwnPart && g.Copayment is CopaymentRule.Forbidden)),
        ];
        var coverage = Waterfall.Choose(
            may, terms.Slot.Purchase with { Price = terms.Cap - terms.Mine.Price, Adds = new(terms.Mine.Booking.Value, terms.Mine.Price) });
        var ownPartForbidden = coverage.Copayment.IsPositive && pays.Exists(g => g.Copayment is CopaymentRule.Forbidden);
        return ownPartForbidden ? coverage with { Lines = [] } : coverage;
    }

    private async Task InsertAsync(Transaction tx, Id<Raise> id, RaiseTerms terms, HouseholdUser by, Money? cap, Id<Hold>? hold, Coverage? coverage)
    {
        await tx.ExecuteAsync(
            """
            insert into marketplace.pool_raise (territory_id, id, pool_id, share_id, status, cap, hold_id, answered_by, answered_at)
            values (@territory, @id, @pool, @Share, case when @cap::bigint is null then 'Refused' else 'Agreed' end, @cap, @hold, @User, @now)
            """, new { id, pool = terms.Pool.Id, terms.Mine.Share, cap, hold, by.User, now = clock.Now });
        var lines = coverage?.Lines ?? [];
        await tx.ExecuteAsync(
            """
            insert into marketplace.pool_raise_line (territory_id, raise_id, line, grant_id, amount, own_cents, own_percent)
            select @territory, @id, l.line, l.grant_id, l.amount, l.own_cents, l.own_percent
            from unnest(@grants, @amounts, @ownCents, @ownPercents) with ordinality l(grant_id, amount, own_cents, own_percent, line)
            """,
            new
            {
                id, grants = lines.Select(l => l.Grant.Id.Value).ToArray(), amounts = lines.Select(l => l.Amount.Cents).ToArray(),
                ownCents = lines.Select(l => l.Own.Amount.Cents).ToArray(), ownPercents = lines.Select(l => l.Own.Percent).ToArray(),
            });
        await RecordAsync(tx, terms.Pool.Id, cap is null ? "RaiseRefused" : "RaiseAgreed", by.User.ToString(), terms.Mine.Share);
    }

    /// <summary>What a member said before counts no more, and what was held for it is free.</summary>
    private async Task<Result<Done>> TakeBackAsync(Transaction tx, Staying member, string actor)
    {
        if (member.Answer is not { } id) return default(Done);
        var raise = (await tx.FindAsync<Raise>($"{Raise.Select} and r.id = @id", new { id }))!;
        if (raise.HoldId is { } hold && (await ledger.VoidAsync(tx, VoidOf(hold, actor))).IsRefused(out var refusal)) return refusal;
        await tx.ExecuteAsync("update marketplace.pool_raise set status = 'Released' where territory_id = @territory and id = @id", new { id });
        return default(Done);
    }

    private static Instruction.Void VoidOf(Id<Hold> hold, string actor) => new(Id<HoldEvent>.From("void", hold), hold, actor, "more for a share of a pool");

    private static async Task<Shortfall> ShortfallAsync(Transaction tx, Pool pool) =>
        Shortfall.Of(pool.Prices, await tx.ListAsync<Shortfall.Row>(Shortfall.Select, new { pool = pool.Id }));

    /// <summary>Which grants pay a member's booking.</summary>
    private static Task<List<Line>> PayingAsync(Transaction tx, Staying member) =>
        tx.ListAsync<Line>(
            """
            select @Share as share_id, l.grant_id, g.account_id, l.amount, l.own_cents, l.own_percent,
                   (select m.copayment = 'Forbidden' from marketplace.programme m where m.territory_id = @territory and m.id = g.programme_id) as pays_all, h.payee_id, h.expires_at, h.status = 'Open' as is_held
            from marketplace.booking b
            join marketplace.booking_line l on l.territory_id = @territory and l.booking_id = b.id
            join marketplace.welfare_grant g on g.territory_id = @territory and g.id = l.grant_id
            join ledger.hold h on h.territory_id = @territory and h.id = b.hold_id
            where b.territory_id = @territory and b.id = @Booking
            order by l.line
            """, new { member.Share, member.Booking });

    /// <summary>Which grants hold what its yes adds.</summary>
    private static Task<List<Line>> AddedAsync(Transaction tx, Staying member) =>
        tx.ListAsync<Line>(
            """
            select r.share_id, l.grant_id, g.account_id, l.amount, l.own_cents, l.own_percent,
                   (select m.copayment = 'Forbidden' from marketplace.programme m where m.territory_id = @territory and m.id = g.programme_id) as pays_all, h.payee_id, h.expires_at, h.status = 'Open' as is_held
            from marketplace.pool_raise r
            join marketplace.pool_raise_line l on l.territory_id = @territory and l.raise_id = r.id
            join marketplace.welfare_grant g on g.territory_id = @territory and g.id = l.grant_id
            join ledger.hold h on h.territory_id = @territory and h.id = r.hold_id
            where r.territory_id = @territory and r.id = @Answer
            order by l.line
            """, new { member.Answer });

    private sealed record RaiseTerms(
        Pool Pool, Bookings.SlotToBook Slot, Staying Mine, Money Cap, IReadOnlyList<LadderStep> Steps, IReadOnlyList<Line> Paying, IReadOnlyList<Line> Added);
}
