using Borsellino.Ledger;

namespace Borsellino.Marketplace;

/// <summary>Another cap for a share that waits. The id is made with the form, so that sending it twice changes it once.</summary>
/// <param name="Cap">The most it agrees to pay from now on, more or less than before; it is held instead of what was.</param>
/// <param name="Shown">What the household saw: it is changed so or not at all.</param>
public sealed record CapChange(Id<CapChange> Id, Id<Share> Share, Money Cap, AsShown Shown) : IIdentified
{
    public static string Prefix => "capchange";
}

/// <summary>
/// A member says anew what it pays at most, as long as nothing is decided: more, so as to stay in when few are left, or less. Its place
/// and its weight stay as they are, so nobody else's share moves.
/// </summary>
public sealed partial class Pools
{
    /// <summary>
    /// What another cap would mean for the household's share in a pool: what it would pay with how many, and which grants hold it, with
    /// what is held now given back. Refused as the change is; a purse that cannot hold it is shown, with the reason for every grant.
    /// </summary>
    /// <param name="cap">Null for the one it has, which is shown and cannot be asked for.</param>
    public async Task<Result<CapPreview>> PreviewCapAsync(
        TerritoryId territory, Id<Household> household, Id<Pool> id, Money? cap = null, CancellationToken cancel = default)
    {
        var read = await db.TransactAsync<CapTerms>(territory, async tx =>
        {
            if (await FindAsync(tx, id) is not { } pool) return new PoolNotFound(id);
            var mine = (await SharesAsync(tx, id)).FindLast(s => s.HouseholdId == household);
            return mine is null ? new PoolNotFound(id) : await CapTermsAsync(tx, pool, mine, cap);
        }, cancel);
        if (read.IsRefused(out var refusal, out var terms)) return refusal;
        var grants = Freed(await purses.GrantsAsync(territory, household, terms.Pool.Day, cancel), terms.Mine.Share.Id.Value, terms.Mine.Lines);
        return new CapPreview(
            terms.Pool, terms.Mine.Share, terms.Slot.TitleIt, terms.Slot.TitleEn, terms.Cap, terms.Steps, terms.Now,
            Waterfall.Choose(grants, terms.Slot.Purchase with { Price = terms.Cap }),
            grants.Where(g => g.Status is GrantStatus.Active).Sum(g => g.Available), terms.Mine.Lines.Sum(l => l.Amount));
    }

    /// <summary>
    /// Holds the new cap on the grants the waterfall chooses and gives the old one back, together or not at all. Refused from the freeze
    /// on, below what the share costs at the least, where it is the cap already, and where the purse does not reach. Repeatable.
    /// </summary>
    public Task<Result<Done>> ChangeCapAsync(TerritoryId territory, CapChange change, HouseholdUser by, CancellationToken cancel = default) =>
        db.TransactAsync<Done>(territory, async tx =>
        {
            if (await FindShareAsync(tx, change.Share) is not { } seen || seen.HouseholdId != by.Household) return new ShareNotFound(change.Share);
            var pool = (await LockAsync(tx, seen.PoolId))!;
            var share = (await FindShareAsync(tx, change.Share))!;
            var id = Id<Hold>.From("cap", share.Id, change.Id);
            if (await IsHeldAsync(tx, share.Id, id)) return default(Done);
            if ((await CapTermsAsync(tx, pool, share, change.Cap)).IsRefused(out var refusal, out var terms)) return refusal;
            if (terms.Cap == share.Cap) return new CapUnchanged(share.Cap);

            var coverage = Waterfall.Choose(
                Freed(await purses.LockAsync(tx, by.Household, pool.Day), share.Id.Value, terms.Mine.Lines), terms.Slot.Purchase with { Price = terms.Cap });
            if (change.Shown.Price != terms.Cap) return new PriceChanged(change.Shown.Price, terms.Cap);
            if (!coverage.IsPossible) return new NotEnoughInPurse(coverage.Payable, terms.Cap);
            if (change.Shown != AsShown.Of(coverage, pool.CancelFee, pool.FreezeAt)) return new TermsChanged();
            var heldUntil = coverage.Lines.Min(l => l.Grant.HoldsUntil);
            if (heldUntil <= pool.EndsAt) return new GrantEndsTooSoon(heldUntil, pool.EndsAt);

            var hold = new Hold(
                id, terms.Slot.PayeeId, [.. coverage.Lines.Select(l => new HoldLine(l.Grant.AccountId, l.Amount))], heldUntil, share.Id.ToString(),
                by.User.ToString(), "share of a pool");
            Instruction[] both = [VoidOf(share, by.User.ToString()), new Instruction.Authorise(hold)];
            var answers = await ledger.DoAsync(tx, [.. both.Select(i => i with { Group = 0 })]);
            if (answers.FirstOrDefault(a => a is not null and not GroupRefused) is { } unheld) return unheld;

            // From here on the cap must be recorded: every refusal is behind us.
            await InsertAsync(tx, share.Id, id, coverage);
            await tx.ExecuteAsync(
                "update marketplace.pool_share set cap = @Cap, hold_id = @id where territory_id = @territory and id = @Share",
                new { terms.Cap, id, change.Share });
            await RecordAsync(tx, pool.Id, "CapChanged", by.User.ToString(), share.Id);
            return default(Done);
        }, cancel);

    /// <summary>On which terms a member would have another cap, or why it cannot, whoever pays.</summary>
    private async Task<Result<CapTerms>> CapTermsAsync(Transaction tx, Pool pool, Share share, Money? wanted)
    {
        if (share.Status is not ShareStatus.Joined) return new ShareNotReady(share.Id, share.Status);
        if (clock.Now >= pool.FreezeAt) return new PoolFrozen(pool.Id, pool.FreezeAt);
        var members = await MembersAsync(tx, pool.Id);
        var mine = members.Single(m => m.Share.Id == share.Id);
        int[] others = [.. members.Where(m => m != mine).Select(m => m.Share.Weight)];
        var least = pool.Prices.LeastFor(share.Weight, others);
        if (wanted is { } few && few < least) return new CapTooLow(few, least);
        var slot = await tx.FindAsync<Bookings.SlotToBook>(Bookings.SelectSlot, new { slotId = pool.SlotId, household = share.HouseholdId });
        if (slot is null) return new SlotNotFound(pool.SlotId);

        var before = members.Count(m => m.Share.Place < share.Place);
        // With fewer than there are now somebody has left; who, nobody knows, so it is as if those who stay weighed one.
        Money ShareAt(int heads) => heads <= others.Length ? pool.Prices.ShareAt(heads, share.Weight, []) : pool.Prices.ShareAt(heads, share.Weight, others, before);
        LadderStep[] steps = [.. Enumerable.Range(pool.Prices.Min, pool.Prices.Max - pool.Prices.Min + 1).Select(n => new LadderStep(n, pool.Prices[n], ShareAt(n)))];
        var cap = Money.Min(wanted ?? share.Cap, pool.Prices.ShareAt(pool.Prices.Min, share.Weight, []));
        return new CapTerms(pool, slot, mine, cap, ShareAt(Math.Max(members.Count, pool.Prices.Min)), steps);
    }

    /// <summary>The purse as it would be with what these lines hold, for a share or a raise, given back.</summary>
    private static IReadOnlyList<PurseGrant> Freed(IReadOnlyList<PurseGrant> grants, Guid source, IReadOnlyList<Line> held) =>
        [.. grants.Select(g => g.Without(source, held.FirstOrDefault(l => l.GrantId == g.Id)?.Amount ?? Money.Zero))];

    private static async Task<bool> IsHeldAsync(Transaction tx, Id<Share> share, Id<Hold> hold) =>
        await tx.FindAsync<bool>(
            "select exists (select from marketplace.pool_share_line where territory_id = @territory and share_id = @share and hold_id = @hold)",
            new { share, hold });

    private sealed record CapTerms(Pool Pool, Bookings.SlotToBook Slot, Member Mine, Money Cap, Money Now, IReadOnlyList<LadderStep> Steps);
}
