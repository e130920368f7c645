using Borsellino.Ledger;
using Borsellino.Marketplace;

namespace Borsellino.Tests;

/// <summary>Many at once end as one after the other would.</summary>
public sealed class NeedRaceTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task Four_who_say_yes_at_once_agree_once()
    {
        await using var pool = database.OpenPool(8);
        for (var round = 0; round < 8; round++)
        {
            var t = await NeedTown.BuildAsync(database, pool);
            var families = await t.LookingAsync(4);
            await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => t.Needs.PlanAsync(t.Territory))));
            var proposal = (await t.DetailAsync(families[0])).Proposal!.Id;

            var said = await Task.WhenAll(families.Select(f => Task.Run(() => t.AnswerAsync(f, proposal, ProposalAnswer.Yes))));

            Assert.Single(said, s => s.OrThrow() is ProposalStatus.Agreed);
            Assert.Equal([NeedStatus.Agreed, NeedStatus.Agreed, NeedStatus.Agreed, NeedStatus.Agreed], await t.StatusesAsync(families));
        }
    }

    [Fact]
    public async Task Yes_and_no_withdrawal_and_plan_at_once_leave_everybody_in_one_place()
    {
        await using var pool = database.OpenPool(8);
        for (var round = 0; round < 10; round++)
        {
            var t = await NeedTown.BuildAsync(database, pool);
            var families = await t.LookingAsync(4);
            await t.PlanAsync();
            var proposal = (await t.DetailAsync(families[0])).Proposal!.Id;

            Task[] all =
            [
                Task.Run(() => t.AnswerAsync(families[0], proposal, ProposalAnswer.Yes)), Task.Run(() => t.AnswerAsync(families[1], proposal, ProposalAnswer.NotThere)),
                Task.Run(() => t.Needs.WithdrawAsync(t.Territory, families[2].Need, families[2].Family.User)),
                Task.Run(() => t.Needs.WithdrawAsync(t.Territory, families[2].Need, families[2].Family.User)),
                Task.Run(() => t.Needs.PlanAsync(t.Territory)), Task.Run(() => t.Needs.PlanDueAsync(t.Territory)),
            ];
            await Task.WhenAll(all);
            await t.PlanAsync();

            var after = await t.StatusesAsync(families);
            Assert.Equal(NeedStatus.Withdrawn, after[2]);
            Assert.All([after[0], after[1], after[3]], s => Assert.Equal(NeedStatus.Asked, s));
        }
    }

    [Fact]
    public async Task A_provider_at_the_last_moment_or_the_families_looking_again_and_never_both()
    {
        await using var pool = database.OpenPool(8);
        for (var round = 0; round < 8; round++)
        {
            var t = await NeedTown.BuildAsync(database, pool);
            var (families, proposal) = await t.AgreedAsync(3);
            var taking = (await t.TakingAsync(proposal)) with { Day = NeedTown.FirstTuesday.PlusDays(14) };
            t.Town.Clock.MoveTo((await t.DetailAsync(families[0])).Proposal!.TakeBy!.Value - NodaTime.Duration.FromMilliseconds(1));

            var sweeps = Task.Run(async () =>
            {
                t.Town.Clock.Advance(NodaTime.Duration.FromMilliseconds(1));
                return await t.Needs.UntakenDueAsync(t.Territory) + await t.Needs.UntakenDueAsync(t.Territory);
            });
            var takes = Task.Run(() => t.TakeAsync(taking));

            var (ended, taken) = (await sweeps, !(await takes).IsRefused(out var why));
            ended += await t.Needs.UntakenDueAsync(t.Territory);
            Assert.Equal(1, ended + (taken ? 1 : 0));
            Assert.True(taken || why is GroupOver or ProposalNotReady, $"{why}");
            Assert.All(await t.StatusesAsync(families), s => Assert.Equal(taken ? NeedStatus.Taken : NeedStatus.Open, s));
        }
    }

    [Fact]
    public async Task Of_two_providers_who_take_a_group_one_has_it()
    {
        await using var pool = database.OpenPool(8);
        for (var round = 0; round < 6; round++)
        {
            var t = await NeedTown.BuildAsync(database, pool);
            await t.AskPriceAsync(HeadPrices.Flat(2, 4, Money.Euro(24)), by: t.Town.Quercia);
            var (_, proposal) = await t.AgreedAsync(3);
            var (gelso, quercia) = (await t.TakingAsync(proposal), await t.TakingAsync(proposal, t.Town.Quercia));

            var taken = await Task.WhenAll(
                Task.Run(() => t.TakeAsync(gelso)), Task.Run(() => t.TakeAsync(gelso)), Task.Run(() => t.TakeAsync(quercia, t.Town.Quercia)));

            Assert.Contains(taken, r => !r.IsRefused(out _));
            Assert.Single(taken.Where(r => !r.IsRefused(out _)).Select(r => r.OrThrow()).Distinct());
            Assert.All(taken, r => Assert.True(!r.IsRefused(out var why) || why is ProposalNotReady));
        }
    }
}
