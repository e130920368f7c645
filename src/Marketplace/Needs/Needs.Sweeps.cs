using Borsellino.Ledger;

namespace Borsellino.Marketplace;

/// <summary>What time does to needs. Each proposal and each need is a transaction of its own.</summary>
public sealed partial class Needs
{
    /// <summary>
    /// Ends the proposals that somebody did not answer in time: who was silent pauses until it says that it still looks, the others are
    /// planned again. Answers how many there were. Repeatable.
    /// </summary>
    public async Task<int> AnswersDueAsync(TerritoryId territory, CancellationToken cancel = default)
    {
        var due = await db.ListAsync<Id<Proposal>>(
            territory,
            "select id from marketplace.proposal where territory_id = @territory and status = 'Asking' and answer_by <= @now order by answer_by, id limit @limit",
            new { now = clock.Now, limit = Bookings.SweepMax }, cancel);
        var ended = 0;
        foreach (var id in due) ended += (await db.TransactAsync<int>(territory, async tx => await EndAsync(tx, id), cancel)).OrThrow();
        return ended;
    }

    /// <summary>
    /// Ends the wait of groups that no provider took in time: their households look again, at other times, with the plan that is due at
    /// once. Answers how many groups there were. Repeatable.
    /// </summary>
    public async Task<int> UntakenDueAsync(TerritoryId territory, CancellationToken cancel = default)
    {
        var due = await db.ListAsync<Id<Proposal>>(
            territory,
            "select id from marketplace.proposal where territory_id = @territory and status = 'Agreed' and take_by <= @now order by take_by, id limit @limit",
            new { now = clock.Now, limit = Bookings.SweepMax }, cancel);
        var ended = 0;
        foreach (var id in due) ended += (await db.TransactAsync<int>(territory, async tx => await GiveUpAsync(tx, id), cancel)).OrThrow();
        return ended;
    }

    /// <summary>Ends the needs whose time is over, and the proposals they are in. Answers how many there were. Repeatable.</summary>
    public async Task<int> ExpireDueAsync(TerritoryId territory, CancellationToken cancel = default)
    {
        var due = await db.ListAsync<Id<Need>>(
            territory,
            """
            select id from marketplace.need
            where territory_id = @territory and status in ('Open', 'Asked', 'Agreed') and expires_at <= @now
            order by expires_at, id limit @limit
            """, new { now = clock.Now, limit = Bookings.SweepMax }, cancel);
        var ended = 0;
        foreach (var id in due) ended += (await db.TransactAsync<int>(territory, async tx => await ExpireAsync(tx, id), cancel)).OrThrow();
        return ended;
    }

    /// <summary>Plans when that is due for somebody: a day after the first who waits came, and at once for those whose proposal came to nothing.</summary>
    public async Task<PlanMade?> PlanDueAsync(TerritoryId territory, CancellationToken cancel = default)
    {
        var due = await db.FindAsync<bool>(
            territory,
            "select exists (select from marketplace.need where territory_id = @territory and status = 'Open' and plan_at <= @now and expires_at > @now)",
            new { now = clock.Now }, cancel);
        return due ? (await PlanAsync(territory, cancel)).OrThrow() : null;
    }

    private async Task<int> EndAsync(Transaction tx, Id<Proposal> id)
    {
        // Whoever answered meanwhile was quicker: nothing is left to do.
        if (await LockAsync(tx, id) is not var (proposal, members) || proposal.Status is not ProposalStatus.Asking) return 0;
        var silent = members.Where(m => m.Answer is null).Select(m => m.NeedId).ToList();
        foreach (var need in silent) await SayAsync(tx, id, need, ProposalAnswer.Silent, by: null);
        await DropAsync(tx, id, but: default);
        await SetAsync(tx, silent, NeedStatus.Open, pausedAt: clock.Now);
        return 1;
    }

    private async Task<int> GiveUpAsync(Transaction tx, Id<Proposal> id)
    {
        // A provider, or somebody who said no, was quicker: nothing is left to do.
        if (await LockAsync(tx, id) is not var (proposal, _) || proposal.Status is not ProposalStatus.Agreed) return 0;
        await DropAsync(tx, id, but: default, ProposalStatus.Untaken);
        return 1;
    }

    private async Task<int> ExpireAsync(Transaction tx, Id<Need> id)
    {
        if (await LockAsync(tx, id) is not var (need, proposal) || need.Status is not (NeedStatus.Open or NeedStatus.Asked or NeedStatus.Agreed)) return 0;
        if (proposal is { } living) await DropAsync(tx, living, but: id);
        await SetAsync(tx, [id], NeedStatus.Expired);
        return 1;
    }
}
