using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

public sealed partial class Needs
{
    /// <summary>
    /// A household says yes to what it was proposed, or no and why. The last yes makes the group wait for a provider. A no, also after a
    /// yes as long as no provider has taken it, gives the others back to the next plan, which is due at once. The same answer again
    /// changes nothing.
    /// </summary>
    public Task<Result<ProposalStatus>> AnswerAsync(
        TerritoryId territory, Id<Proposal> id, Id<Need> need, ProposalAnswer answer, HouseholdUser by, CancellationToken cancel = default)
    {
        if (answer is ProposalAnswer.Silent) throw new ArgumentException("Who answers is not silent.", nameof(answer));
        return db.TransactAsync<ProposalStatus>(territory, tx => AnswerAsync(tx, id, need, answer, by), cancel);
    }

    /// <summary>The same, for an operator who writes down in the same transaction that it did so.</summary>
    internal async Task<Result<ProposalStatus>> AnswerAsync(Transaction tx, Id<Proposal> id, Id<Need> need, ProposalAnswer answer, HouseholdUser by)
    {
        if (await LockAsync(tx, id) is not var (proposal, members)) return new ProposalNotFound(id);
        if (members.FirstOrDefault(m => m.NeedId == need && m.HouseholdId == by.Household) is not { } mine) return new ProposalNotFound(id);
        if (mine.Answer == answer) return proposal.Status;
        var isTaken = proposal.Status is ProposalStatus.Taken or ProposalStatus.Dropped or ProposalStatus.Untaken || (proposal.Status is ProposalStatus.Agreed && answer is ProposalAnswer.Yes);
        if (isTaken) return new ProposalNotReady(id, proposal.Status);
        if (proposal.Status is ProposalStatus.Asking && clock.Now >= proposal.AnswerBy) return new ProposalOver(id, proposal.AnswerBy);

        // From here on the answer must be recorded: every refusal is behind us.
        await SayAsync(tx, id, need, answer, by.User);
        if (answer is ProposalAnswer.Yes)
        {
            if (members.Any(m => m.NeedId != need && m.Answer is not ProposalAnswer.Yes)) return ProposalStatus.Asking;
            await AgreeAsync(tx, id, members);
            return ProposalStatus.Agreed;
        }

        await DropAsync(tx, id, but: need);
        if (answer is ProposalAnswer.NotAnyMore) await SetAsync(tx, [need], NeedStatus.Withdrawn);
        else await SetAsync(tx, [need], NeedStatus.Open, planAt: clock.Now);
        return ProposalStatus.Dropped;
    }

    private Task<int> SayAsync(Transaction tx, Id<Proposal> id, Id<Need> need, ProposalAnswer answer, Id<User>? by) =>
        tx.ExecuteAsync(
            """
            update marketplace.proposal_member set answer = @answer, answered_by = @by, answered_at = @now
            where territory_id = @territory and proposal_id = @id and need_id = @need
            """, new { id, need, answer = answer.ToString(), by, now = clock.Now });

    private async Task AgreeAsync(Transaction tx, Id<Proposal> id, IReadOnlyList<ProposalMember> members)
    {
        await tx.ExecuteAsync(
            "update marketplace.proposal set status = 'Agreed', agreed_at = @now, take_by = @takeBy where territory_id = @territory and id = @id",
            new { id, now = clock.Now, takeBy = clock.Now + await TakeWithinAsync(tx) });
        await SetAsync(tx, [.. members.Select(m => m.NeedId)], NeedStatus.Agreed);
    }

    /// <summary>How long a group that agrees today waits for a provider. Throws where no rule says so: the rules leave no day out.</summary>
    private async Task<Duration> TakeWithinAsync(Transaction tx) =>
        await tx.FindAsync<int?>(
            "select take_days::int from marketplace.group_rule where @on between valid_from and coalesce(valid_to, 'infinity')",
            new { on = clock.Today() }) is { } days
            ? Duration.FromDays(days) : throw new InvalidOperationException("No rule says how long a group waits for a provider.");

    /// <summary>Comes to nothing: everybody but one, of whom the caller decides, waits for the next plan, which is due at once.</summary>
    private async Task DropAsync(Transaction tx, Id<Proposal> id, Id<Need> but, ProposalStatus status = ProposalStatus.Dropped)
    {
        await tx.ExecuteAsync("update marketplace.proposal_member set living = false where territory_id = @territory and proposal_id = @id", new { id });
        await tx.ExecuteAsync(
            "update marketplace.proposal set status = @status, dropped_at = @now where territory_id = @territory and id = @id",
            new { id, status = status.ToString(), now = clock.Now });
        await tx.ExecuteAsync(
            """
            update marketplace.need n set status = 'Open', plan_at = @now
            from marketplace.proposal_member m
            where m.territory_id = @territory and m.proposal_id = @id and m.need_id <> @but and n.territory_id = @territory and n.id = m.need_id
            """, new { id, but, now = clock.Now });
    }

    /// <summary>A proposal with its members, whose needs are locked until the transaction ends; null for an unknown id.</summary>
    private static async Task<(Proposal Proposal, IReadOnlyList<ProposalMember> Members)?> LockAsync(Transaction tx, Id<Proposal> id)
    {
        await tx.ExecuteAsync(
            """
            select id from marketplace.need
            where territory_id = @territory and id in (
                select need_id from marketplace.proposal_member where territory_id = @territory and proposal_id = @id)
            order by id for no key update
            """, new { id });
        var proposal = await tx.FindAsync<Proposal>(
            """
            select id, status, class_code, minutes::int as minutes, place_id, day::int as day, starts, ends, price, answer_by, take_by, pool_id
            from marketplace.proposal where territory_id = @territory and id = @id
            """, new { id });
        if (proposal is null) return null;
        return (proposal, await tx.ListAsync<ProposalMember>(
            """
            select m.need_id, m.household_id, m.cap, m.share, n.size_min::int as size_min, m.answer
            from marketplace.proposal_member m
            join marketplace.need n on n.territory_id = @territory and n.id = m.need_id
            where m.territory_id = @territory and m.proposal_id = @id order by m.need_id
            """, new { id }));
    }
}
