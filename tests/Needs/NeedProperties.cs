using Borsellino.Ledger;
using Borsellino.Marketplace;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;

namespace Borsellino.Tests;

/// <summary>
/// Random lives of needs in random small towns: plans, answers, withdrawals, silence, time.
/// Goal: every need is in at most one living proposal, what was refused is never proposed again, every need comes to an end, and no
/// money moves. Method: a step names a family by number, so any shorter sequence still makes sense; what must hold is asked after each.
/// </summary>
public sealed class NeedProperties(TestDatabase database) : IClassFixture<TestDatabase>
{
    public enum Act
    {
        Plan,
        Yes,
        NotThere,
        NotThen,
        NotAnyMore,
        Withdraw,
        Resume,
        Wait,
        WaitForProviders,
    }

    public sealed record Step(Act Act, int Who, int Size);

    /// <param name="Wishes">For each family its earliest hour, how many hours it could, the largest group, and euros at most.</param>
    public sealed record Life((int From, int Hours, int Size, int Cap)[] Wishes, Step[] Steps);

    private static readonly Gen<Step> AnyStep =
        from act in Gen.Frequency(
            (5, Gen.Constant(Act.Plan)), (14, Gen.Constant(Act.Yes)), (2, Gen.Constant(Act.NotThere)), (2, Gen.Constant(Act.NotThen)),
            (1, Gen.Constant(Act.NotAnyMore)), (1, Gen.Constant(Act.Withdraw)), (2, Gen.Constant(Act.Resume)), (3, Gen.Constant(Act.Wait)), (2, Gen.Constant(Act.WaitForProviders)))
        from who in Gen.Choose(0, 9)
        from size in Gen.Choose(1, 60)
        select new Step(act, who, size);

    private static readonly Gen<Life> AnyLife =
        from count in Gen.Choose(2, 8)
        from wishes in Gen.ArrayOf(
            from start in Gen.Choose(14, 16) from hours in Gen.Choose(1, 4) from size in Gen.Choose(2, 4) from cap in Gen.Choose(5, 14) select (start, hours, size, cap),
            count)
        from steps in Gen.ArrayOf(AnyStep, 25)
        select new Life(wishes, steps);

    [Fact]
    public Task A_need_is_asked_one_thing_at_a_time_and_never_what_it_refused() =>
        Prop.ForAll(AnyLife.ToArbitrary(), LiveAsync).CheckAsync(Config.QuickThrowOnFailure.WithMaxTest(Effort.Times(12, 300)));

    private async Task LiveAsync(Life life)
    {
        var t = await NeedTown.BuildAsync(database);
        var families = new List<(BookingTown.Family Family, Id<Need> Need)>();
        foreach (var (start, hours, size, cap) in life.Wishes)
        {
            var family = await t.Town.FamilyAsync();
            families.Add((family, await t.OpenAsync(family, n => n with
            {
                Windows = [new(IsoDayOfWeek.Tuesday, new(start, 0), new(start + hours, 0))],
                SizeMax = size,
                Cap = Money.Euro(cap),
            })));
        }

        foreach (var step in life.Steps)
        {
            await DoAsync(t, families[step.Who % families.Count], step);
            await CheckAsync(t);
        }

        // With enough time everything ends, whoever says nothing more.
        t.Town.Clock.Advance(Duration.FromDays(61));
        await SweepAsync(t);
        Assert.All(await t.StatusesAsync(families), s => Assert.True(s is NeedStatus.Expired or NeedStatus.Withdrawn or NeedStatus.Taken, $"{s} is no end."));
    }

    private static async Task DoAsync(NeedTown t, (BookingTown.Family Family, Id<Need> Need) who, Step step)
    {
        var proposal = (await t.DetailAsync(who)).Proposal?.Id ?? Id<Proposal>.New();
        // Whether it applies is not asked here: a refusal changes nothing, and what must hold is asked afterwards.
        switch (step.Act)
        {
            case Act.Plan:
                await t.PlanAsync();
                break;
            case Act.Yes:
                (await t.AnswerAsync(who, proposal, ProposalAnswer.Yes)).IsRefused(out _);
                break;
            case Act.NotThere:
                (await t.AnswerAsync(who, proposal, ProposalAnswer.NotThere)).IsRefused(out _);
                break;
            case Act.NotThen:
                (await t.AnswerAsync(who, proposal, ProposalAnswer.NotThen)).IsRefused(out _);
                break;
            case Act.NotAnyMore:
                (await t.AnswerAsync(who, proposal, ProposalAnswer.NotAnyMore)).IsRefused(out _);
                break;
            case Act.Withdraw:
                (await t.Needs.WithdrawAsync(t.Territory, who.Need, who.Family.User)).IsRefused(out _);
                break;
            case Act.Resume:
                (await t.Needs.ResumeAsync(t.Territory, who.Need, who.Family.User)).IsRefused(out _);
                break;
            case Act.Wait:
                t.Town.Clock.Advance(Duration.FromHours(step.Size));
                await SweepAsync(t);
                break;
            case Act.WaitForProviders:
                t.Town.Clock.Advance(Duration.FromDays(14));
                await SweepAsync(t);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(step), step.Act, null);
        }
    }

    private static async Task SweepAsync(NeedTown t)
    {
        await t.Needs.AnswersDueAsync(t.Territory);
        await t.Needs.ExpireDueAsync(t.Territory);
        await t.Needs.UntakenDueAsync(t.Territory);
        await t.Needs.PlanDueAsync(t.Territory);
    }

    private static async Task CheckAsync(NeedTown t)
    {
        Assert.Equal(Money.Zero, await t.HeldAsync());
        Assert.Empty(await t.Town.Db.ListAsync<string>(
            t.Territory,
            """
            -- Somebody asked or agreed is in one living proposal of that status, and nobody else is.
            select 'stands alone: ' || n.id from marketplace.need n
            where n.territory_id = @territory and (n.status in ('Asked', 'Agreed')) <> exists (
                select from marketplace.proposal_member m
                join marketplace.proposal p on p.territory_id = @territory and p.id = m.proposal_id
                where m.territory_id = @territory and m.need_id = n.id and m.living and (p.status, n.status) in (('Asking', 'Asked'), ('Agreed', 'Agreed')))
            union all
            select 'is proposed what it refused: ' || m.need_id from marketplace.proposal_member m
            join marketplace.proposal p on p.territory_id = @territory and p.id = m.proposal_id
            join marketplace.proposal_member no on no.territory_id = @territory and no.need_id = m.need_id and no.answered_at < p.planned_at
            join marketplace.proposal was on was.territory_id = @territory and was.id = no.proposal_id
            where m.territory_id = @territory and (no.answer = 'NotThere' and was.place_id = p.place_id
               or no.answer = 'NotThen' and was.day = p.day and was.starts < p.ends and p.starts < was.ends)
            union all
            select 'is proposed when nobody gave it: ' || m.need_id from marketplace.proposal_member m
            join marketplace.proposal p on p.territory_id = @territory and p.id = m.proposal_id
            join marketplace.proposal_member at on at.territory_id = @territory and at.need_id = m.need_id
            join marketplace.proposal was on was.territory_id = @territory and was.id = at.proposal_id and was.status = 'Untaken' and was.dropped_at <= p.planned_at
            where m.territory_id = @territory and was.id <> p.id and was.day = p.day and was.starts < p.ends and p.starts < was.ends
            union all
            select 'waits for ever: ' || p.id from marketplace.proposal p
            where p.territory_id = @territory and p.status = 'Agreed' and p.take_by <= @now
            union all
            select 'does not foot: ' || p.id from marketplace.proposal p
            where p.territory_id = @territory and p.price <> (
                select sum(m.share) from marketplace.proposal_member m where m.territory_id = @territory and m.proposal_id = p.id)
            """, new { now = t.Town.Clock.Now - Duration.FromHours(60) }));
    }
}
