using Borsellino.Ledger;

namespace Borsellino.Marketplace;

/// <summary>What a household asks for. The id is made with the form, so that sending it twice joins once.</summary>
/// <param name="Cap">The most it agrees to pay; it is held, and what is not needed goes back at the freeze.</param>
/// <param name="Shown">What it saw: it joins so or not at all.</param>
public sealed record JoinRequest(Id<Share> Id, Id<Pool> Pool, Id<Person> Person, int Weight, Money Cap, AsShown Shown);

public sealed partial class Pools
{
    /// <summary>
    /// What joining would mean for a household: what it pays now, at most, and with each further member, and which grants hold it.
    /// Refused when it cannot join at all; a purse that cannot hold the cap is shown, with the reason for every grant.
    /// </summary>
    /// <param name="cap">Null for what the share costs with the members there are, or at the minimum.</param>
    public async Task<Result<JoinPreview>> PreviewAsync(
        TerritoryId territory, Id<Household> household, Id<Pool> id, int weight = 1, Money? cap = null, CancellationToken cancel = default)
    {
        var read = await db.TransactAsync<JoinTerms>(territory, tx => TermsAsync(tx, household, id, weight, cap), cancel);
        if (read.IsRefused(out var refusal, out var terms)) return refusal;
        var grants = await purses.GrantsAsync(territory, household, terms.Pool.Day, cancel);
        var people = await bookings.PeopleAsync(territory, household, cancel);
        var slot = terms.Slot;
        return new JoinPreview(
            terms.Pool, slot.TitleIt, slot.TitleEn, slot.Provider, slot.Place, slot.Address, terms.Weight, terms.Cap, terms.Now, terms.Steps,
            terms.Vacated is not null, Waterfall.Choose(grants, slot.Purchase with { Price = terms.Cap }),
            grants.Where(g => g.Status is GrantStatus.Active).Sum(g => g.Available), people);
    }

    /// <summary>
    /// Takes part: the cap is held on the grants the waterfall chooses, all or nothing. In a pool that is frozen already, takes the place of
    /// a member who left, at that member's price. The same request again answers the same share and changes nothing.
    /// </summary>
    public Task<Result<Id<Share>>> JoinAsync(
        TerritoryId territory, JoinRequest request, HouseholdUser by, CancellationToken cancel = default) =>
        db.TransactAsync<Id<Share>>(territory, tx => JoinAsync(tx, request, by), cancel);

    /// <summary>The same, for an operator who writes down in the same transaction that it did so.</summary>
    internal async Task<Result<Id<Share>>> JoinAsync(Transaction tx, JoinRequest request, HouseholdUser by)
    {
        await LockAsync(tx, request.Pool);
        if (await FindShareAsync(tx, request.Id) is { } earlier)
        {
            var same = earlier.PoolId == request.Pool && earlier.HouseholdId == by.Household && earlier.PersonId == request.Person;
            return same ? earlier.Id : new ShareIdReused(request.Id);
        }

        return await TakePartAsync(tx, request, by, request.Shown);
    }

    /// <summary>Holds the cap and writes the share; a refusal has written nothing.</summary>
    /// <param name="shown">What the household saw; null for a member of a series, who agreed to the cap of every date beforehand.</param>
    private async Task<Result<Id<Share>>> TakePartAsync(Transaction tx, JoinRequest request, HouseholdUser by, AsShown? shown)
    {
        if ((await TermsAsync(tx, by.Household, request.Pool, request.Weight, request.Cap)).IsRefused(out var refusal, out var terms)) return refusal;
        if (!await Bookings.IsInHouseholdAsync(tx, request.Person, by.Household)) return new PersonNotInHousehold(request.Person);
        if (terms.Vacated is not null) await LockAllAsync(tx, terms.Pool, by.Household);

        var grants = await purses.LockAsync(tx, by.Household, terms.Pool.Day);
        var coverage = Waterfall.Choose(grants, terms.Slot.Purchase with { Price = terms.Cap });
        if (shown is { } seen && seen.Price != terms.Cap) return new PriceChanged(seen.Price, terms.Cap);
        if (!coverage.IsPossible) return new NotEnoughInPurse(coverage.Payable, terms.Cap);
        if (shown is { } saw && saw != AsShown.Of(coverage, terms.Pool.CancelFee, terms.Pool.FreezeAt)) return new TermsChanged();
        var heldUntil = coverage.Lines.Min(l => l.Grant.HoldsUntil);
        if (heldUntil <= terms.Pool.EndsAt) return new GrantEndsTooSoon(heldUntil, terms.Pool.EndsAt);

        var hold = new Hold(
            Id<Hold>.From("share", request.Id), terms.Slot.PayeeId, [.. coverage.Lines.Select(l => new HoldLine(l.Grant.AccountId, l.Amount))],
            heldUntil, request.Id.ToString(), by.User.ToString(), "share of a pool");
        if ((await ledger.AuthoriseAsync(tx, hold)).IsRefused(out var unheld)) return unheld;

        // From here on the share must be recorded: every refusal is behind us.
        await InsertAsync(tx, request, by, terms, coverage, hold.Id);
        if (terms.Vacated is { } vacated && (await TakePlaceAsync(tx, terms.Pool, request.Id, vacated)).IsRefused(out var untaken)) return untaken;
        return request.Id;
    }

    /// <summary>Leaves before the freeze: all that was held is free again. Refused from the freeze on. Repeatable.</summary>
    public Task<Result<Done>> LeaveAsync(TerritoryId territory, Id<Share> id, HouseholdUser by, CancellationToken cancel = default) =>
        db.TransactAsync<Done>(territory, tx => LeaveAsync(tx, id, by), cancel);

    /// <summary>The same, for an operator who writes down in the same transaction that it did so.</summary>
    internal async Task<Result<Done>> LeaveAsync(Transaction tx, Id<Share> id, HouseholdUser by)
    {
        if (await FindShareAsync(tx, id) is not { } seen || seen.HouseholdId != by.Household) return new ShareNotFound(id);
        var pool = (await LockAsync(tx, seen.PoolId))!;
        var share = (await FindShareAsync(tx, id))!;
        if (share.Status is ShareStatus.Withdrawn) return default(Done);
        if (await IsOfSeriesAsync(tx, id)) return new ShareOfSeries(id);
        return await LeaveAsync(tx, pool, share, by);
    }

    private async Task<Result<Done>> LeaveAsync(Transaction tx, Pool pool, Share share, HouseholdUser by)
    {
        if (share.Status is not ShareStatus.Joined) return new ShareNotReady(share.Id, share.Status);
        if (clock.Now >= pool.FreezeAt) return new PoolFrozen(pool.Id, pool.FreezeAt);
        if ((await ledger.VoidAsync(tx, VoidOf(share, by.User.ToString()))).IsRefused(out var refusal)) return refusal;

        await tx.ExecuteAsync("update marketplace.pool_share set status = 'Withdrawn' where territory_id = @territory and id = @Id", new { share.Id });
        await tx.ExecuteAsync("update marketplace.pool set joined = joined - 1 where territory_id = @territory and id = @Id", new { pool.Id });
        await RecordAsync(tx, pool.Id, "Left", by.User.ToString(), share.Id);
        return default(Done);
    }

    /// <summary>On which terms a household would take part, or why it cannot, whoever pays.</summary>
    private async Task<Result<JoinTerms>> TermsAsync(Transaction tx, Id<Household> household, Id<Pool> id, int weight, Money? wanted)
    {
        if (await FindAsync(tx, id) is not { } pool) return new PoolNotFound(id);
        if (weight < 1 || weight > pool.Prices.Heaviest) return new WeightNotAllowed(weight, pool.Prices.Heaviest);
        var shares = await SharesAsync(tx, id);
        var mine = shares.Find(s => s.HouseholdId == household && (s.Status is ShareStatus.Joined or ShareStatus.Committed) && !s.IsGone);
        if (mine is not null) return new AlreadyInPool(mine.Id);
        var vacated = pool.Status is PoolStatus.Confirmed or PoolStatus.BelowQuorum ? shares.Find(s => IsFree(pool, s)) : null;
        if (Refuse(pool, vacated) is { } refusal) return refusal;
        if (pool.Status is PoolStatus.Collecting && await ForOthersAsync(tx, pool, household) is { } kept) return kept;
        if (vacated is null && pool.Joined + await KeptAsync(tx, pool, household) >= pool.Prices.Max) return new PoolFull(pool.Id, pool.Prices.Max);

        var slot = await tx.FindAsync<Bookings.SlotToBook>(Bookings.SelectSlot, new { slotId = pool.SlotId, household });
        if (slot is null) return new SlotNotFound(pool.SlotId);
        if (slot.OfferStatus != "Published") return new OfferWithdrawn(slot.OfferId);
        if (slot.IsUnserved) return new SlotNobodyFree(slot.Id);
        if (!slot.IsAccredited) return new ProviderNotAccredited(slot.ProviderId, slot.Day);
        if (!slot.IsReached) return new ServiceOutOfReach(slot.Municipality);
        if (vacated is { Price: { } price }) return new JoinTerms(pool, slot, vacated, vacated.Weight, price, price, []);

        int[] others = [.. shares.Where(s => s.Status is ShareStatus.Joined).Select(s => s.Weight)];
        var now = Math.Max(others.Length + 1, pool.Prices.Min);
        LadderStep[] steps = [.. Enumerable.Range(now, pool.Prices.Max - now + 1).Select(n => new LadderStep(n, pool.Prices[n], pool.Prices.ShareAt(n, weight, others)))];
        var least = pool.Prices.LeastFor(weight, others);
        if (wanted is { } few && few < least) return new CapTooLow(few, least);
        // More than the dearest case, everybody else weighing one at the minimum, is never charged: it need not be held.
        var cap = Money.Min(wanted ?? steps[0].Share, pool.Prices.ShareAt(pool.Prices.Min, weight, []));
        return new JoinTerms(pool, slot, null, weight, cap, steps[0].Share, steps);
    }

    /// <summary>Refused where the pool, or the weekly group it is a date of, was made for other households, who agreed to it before it was one.</summary>
    private static Task<PoolIsKept?> ForOthersAsync(Transaction tx, Pool pool, Id<Household> household) =>
        tx.FindAsync<PoolIsKept>(
            $"""
            select f.id as pool, f.freeze_at as until from marketplace.pool p
            cross join lateral (
                select f.id, f.freeze_at from {Proposal.KeepingPool} and not exists (
                    select from marketplace.proposal_member m
                    where m.territory_id = @territory and m.proposal_id = a.id and m.household_id = @household)) f
            where p.territory_id = @territory and p.id = @Id
            """, new { pool.Id, household });

    /// <summary>Whether somebody left this place and it can be taken. Those who agreed to pay more pay for the places that were free then.</summary>
    private static bool IsFree(Pool pool, Share share) =>
        share.ReplacedBy is null && share.IsGone && (pool.RaisedAt is null || share.JoinedAt >= pool.RaisedAt);

    private Refusal? Refuse(Pool pool, Share? vacated)
    {
        if (vacated is not null) return clock.Now < pool.StartsAt ? null : new SlotOver(pool.SlotId, pool.StartsAt);
        if (pool.Status is PoolStatus.Confirmed) return new PoolFull(pool.Id, pool.Joined);
        if (pool.Status is not PoolStatus.Collecting) return new PoolNotReady(pool.Id, pool.Status);
        if (clock.Now >= pool.FreezeAt) return new PoolFrozen(pool.Id, pool.FreezeAt);
        return null;
    }

    private async Task InsertAsync(Transaction tx, JoinRequest request, HouseholdUser by, JoinTerms terms, Coverage coverage, Id<Hold> hold)
    {
        await tx.ExecuteAsync(
            """
            insert into marketplace.pool_share
                (territory_id, id, pool_id, place, household_id, person_id, weight, cap, hold_id, status, joined_by, joined_at)
            select @territory, @Id, @Pool, coalesce(max(place), 0) + 1, @Household, @Person, @Weight, @Cap, @hold, 'Joined', @User, @now
            from marketplace.pool_share where territory_id = @territory and pool_id = @Pool
            """,
            new { request.Id, request.Pool, by.Household, request.Person, terms.Weight, terms.Cap, hold, by.User, now = clock.Now });
        await InsertAsync(tx, request.Id, hold, coverage);
        if (terms.Vacated is not null) return;
        await tx.ExecuteAsync("update marketplace.pool set joined = joined + 1 where territory_id = @territory and id = @Pool", new { request.Pool });
        await RecordAsync(tx, request.Pool, "Joined", by.User.ToString(), request.Id);
        if (terms.Pool.Joined + 1 == terms.Pool.Prices.Min) await RecordAsync(tx, request.Pool, "QuorumMet", Clock);
    }

    /// <summary>Which grants pay for a hold of the share.</summary>
    private static Task<int> InsertAsync(Transaction tx, Id<Share> share, Id<Hold> hold, Coverage coverage) =>
        tx.ExecuteAsync(
            """
            insert into marketplace.pool_share_line (territory_id, share_id, hold_id, line, grant_id, amount, own_cents, own_percent)
            select @territory, @share, @hold, l.line, l.grant_id, l.amount, l.own_cents, l.own_percent
            from unnest(@grants, @amounts, @ownCents, @ownPercents) with ordinality l(grant_id, amount, own_cents, own_percent, line)
            """,
            new
            {
                share, hold, grants = coverage.Lines.Select(l => l.Grant.Id.Value).ToArray(),
                amounts = coverage.Lines.Select(l => l.Amount.Cents).ToArray(), ownCents = coverage.Lines.Select(l => l.Own.Amount.Cents).ToArray(),
                ownPercents = coverage.Lines.Select(l => l.Own.Percent).ToArray(),
            });

    private static Instruction.Void VoidOf(Share share, string actor) =>
        new(Id<HoldEvent>.From("void", share.HoldId), share.HoldId, actor, "share of a pool");

    private static Task<Share?> FindShareAsync(Transaction tx, Id<Share> id) =>
        tx.FindAsync<Share>($"{Share.Select} and s.id = @id", new { id });

    /// <summary>On which terms somebody takes part.</summary>
    /// <param name="Vacated">The share of a member who left after the freeze, when it is taken over.</param>
    private sealed record JoinTerms(Pool Pool, Bookings.SlotToBook Slot, Share? Vacated, int Weight, Money Cap, Money Now, IReadOnlyList<LadderStep> Steps);
}
