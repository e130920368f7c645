using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;

namespace Borsellino.Tests;

/// <summary>From what a household looks for to the pool that a provider makes of a group; and back, when somebody says no or nothing.</summary>
public sealed class NeedTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task Three_families_agree_a_provider_takes_them_and_they_share_what_they_agreed_to()
    {
        var t = await NeedTown.BuildAsync(database);
        var families = await t.LookingAsync(3);
        Assert.Equal(new PlanMade(1, 3, 0), await t.PlanAsync());

        var proposal = (await t.DetailAsync(families[0])).Proposal!;
        Assert.Equal(("Scuola Pellico", "Tradate", IsoDayOfWeek.Tuesday, new LocalTime(15, 0)), (proposal.Place, proposal.Municipality, proposal.Weekday, proposal.Starts));
        Assert.Equal((Money.Euro(24), Money.Euro(8), 3, 0), (proposal.Price, proposal.Share, proposal.Members, proposal.SaidYes));
        Assert.Equal(ProposalStatus.Asking, (await t.AnswerAsync(families[0], proposal.Id, ProposalAnswer.Yes)).OrThrow());
        Assert.Equal(ProposalStatus.Asking, (await t.AnswerAsync(families[0], proposal.Id, ProposalAnswer.Yes)).OrThrow());
        Assert.Equal(ProposalStatus.Asking, (await t.AnswerAsync(families[1], proposal.Id, ProposalAnswer.Yes)).OrThrow());
        Assert.Empty(await t.Cards.AgreedAsync(t.Territory, t.Town.Gelso.Id));
        Assert.Equal(ProposalStatus.Agreed, (await t.AnswerAsync(families[2], proposal.Id, ProposalAnswer.Yes)).OrThrow());
        Assert.Equal(3, Assert.Single(await t.Cards.AgreedAsync(t.Territory, t.Town.Gelso.Id)).Members);
        Assert.Equal(Money.Zero, await t.HeldAsync());

        var taking = await t.TakingAsync(proposal.Id);
        var pool = (await t.TakeAsync(taking)).OrThrow();
        Assert.Equal(pool, (await t.TakeAsync(taking)).OrThrow());
        Assert.Equal(Money.Zero, await t.HeldAsync());
        Assert.Equal([NeedStatus.Taken, NeedStatus.Taken, NeedStatus.Taken], await t.StatusesAsync(families));
        await JoinAndFreezeAsync(t, families, pool);
    }

    [Fact]
    public async Task A_no_to_the_place_proposes_another_place_to_all_and_never_that_one_again()
    {
        var t = await NeedTown.BuildAsync(database);
        var families = await t.LookingAsync(3);
        await t.PlanAsync();
        var first = (await t.DetailAsync(families[0])).Proposal!.Id;
        (await t.AnswerAsync(families[1], first, ProposalAnswer.Yes)).OrThrow();
        Assert.Equal(ProposalStatus.Dropped, (await t.AnswerAsync(families[0], first, ProposalAnswer.NotThere)).OrThrow());
        Assert.Equal(ProposalStatus.Dropped, (await t.AnswerAsync(families[0], first, ProposalAnswer.NotThere)).OrThrow());
        Assert.Equal(new PlanMade(1, 3, 0), await t.Needs.PlanDueAsync(t.Territory));
        Assert.Null(await t.Needs.PlanDueAsync(t.Territory));
        var second = (await t.DetailAsync(families[1])).Proposal!;
        Assert.Equal(("Scuola Manzoni", 3, 0), (second.Place, second.Members, second.SaidYes));
        Assert.NotEqual(first, second.Id);

        (await t.AnswerAsync(families[2], second.Id, ProposalAnswer.NotThere)).OrThrow();
        Assert.Equal(new PlanMade(1, 2, 1), await t.Needs.PlanDueAsync(t.Territory));
        Assert.Equal("Scuola Pellico", (await t.DetailAsync(families[2])).Proposal!.Place);
        Assert.Equal(WhyUnmatched.OthersServed, (await t.DetailAsync(families[0])).Card.Why);
    }

    [Fact]
    public async Task A_no_to_the_time_cuts_it_out()
    {
        var t = await NeedTown.BuildAsync(database);
        var families = await t.LookingAsync(2);
        await t.PlanAsync();
        (await t.AnswerAsync(families[0], (await t.DetailAsync(families[0])).Proposal!.Id, ProposalAnswer.NotThen)).OrThrow();
        await t.Needs.PlanDueAsync(t.Territory);
        var second = (await t.DetailAsync(families[0])).Proposal!;
        Assert.Equal(new LocalTime(16, 0), second.Starts);
        (await t.AnswerAsync(families[1], second.Id, ProposalAnswer.NotThen)).OrThrow();
        Assert.Equal(new PlanMade(0, 0, 2), await t.Needs.PlanDueAsync(t.Territory));
        Assert.Equal(WhyUnmatched.NoCommonTime, (await t.DetailAsync(families[0])).Card.Why);
    }

    [Fact]
    public async Task Who_does_not_look_any_more_leaves_before_and_after_all_agreed()
    {
        var t = await NeedTown.BuildAsync(database);
        var (families, proposal) = await t.AgreedAsync(3);
        (await t.Needs.WithdrawAsync(t.Territory, families[0].Need, families[0].Family.User)).OrThrow();
        (await t.Needs.WithdrawAsync(t.Territory, families[0].Need, families[0].Family.User)).OrThrow();
        Assert.IsType<ProposalNotReady>(Refused(await t.TakeAsync(await t.TakingAsync(proposal))));
        Assert.Equal(new PlanMade(1, 2, 0), await t.Needs.PlanDueAsync(t.Territory));
        var second = (await t.DetailAsync(families[1])).Proposal!;
        Assert.Equal(Money.Euro(12), second.Share);
        (await t.AnswerAsync(families[1], second.Id, ProposalAnswer.NotAnyMore)).OrThrow();
        Assert.Equal(new PlanMade(0, 0, 1), await t.Needs.PlanDueAsync(t.Territory));
        Assert.Equal([NeedStatus.Withdrawn, NeedStatus.Withdrawn, NeedStatus.Open], await t.StatusesAsync(families));
        Assert.Equal(WhyUnmatched.NobodyNear, (await t.DetailAsync(families[2])).Card.Why);
    }

    [Fact]
    public async Task Who_is_silent_pauses_and_the_others_are_planned_again()
    {
        var t = await NeedTown.BuildAsync(database);
        var families = await t.LookingAsync(3);
        await t.PlanAsync();
        var proposal = (await t.DetailAsync(families[0])).Proposal!;
        (await t.AnswerAsync(families[0], proposal.Id, ProposalAnswer.Yes)).OrThrow();
        (await t.AnswerAsync(families[1], proposal.Id, ProposalAnswer.Yes)).OrThrow();
        Assert.Equal(0, await t.Needs.AnswersDueAsync(t.Territory));
        t.Town.Clock.MoveTo(proposal.AnswerBy);
        Assert.IsType<ProposalOver>(Refused(await t.AnswerAsync(families[2], proposal.Id, ProposalAnswer.Yes)));
        Assert.Equal(1, await t.Needs.AnswersDueAsync(t.Territory));
        Assert.Equal(0, await t.Needs.AnswersDueAsync(t.Territory));
        Assert.Equal(new PlanMade(1, 2, 0), await t.Needs.PlanDueAsync(t.Territory));

        var silent = (await t.DetailAsync(families[2])).Card;
        Assert.Equal((NeedStatus.Open, proposal.AnswerBy), (silent.Status, silent.PausedAt!.Value));
        (await t.Needs.ResumeAsync(t.Territory, families[2].Need, families[2].Family.User)).OrThrow();
        (await t.Needs.ResumeAsync(t.Territory, families[2].Need, families[2].Family.User)).OrThrow();
        Assert.Equal(new PlanMade(0, 0, 1), await t.Needs.PlanDueAsync(t.Territory));
    }

    [Fact]
    public async Task Needs_gather_for_a_day_and_end_after_sixty()
    {
        var t = await NeedTown.BuildAsync(database);
        var families = await t.LookingAsync(2);
        Assert.Null(await t.Needs.PlanDueAsync(t.Territory));
        t.Town.Clock.Advance(Duration.FromDays(1));
        Assert.Equal(new PlanMade(1, 2, 0), await t.Needs.PlanDueAsync(t.Territory));
        t.Town.Clock.Advance(Duration.FromDays(59));
        Assert.Equal(2, await t.Needs.ExpireDueAsync(t.Territory));
        Assert.Equal(0, await t.Needs.ExpireDueAsync(t.Territory));
        Assert.Equal([NeedStatus.Expired, NeedStatus.Expired], await t.StatusesAsync(families));
        Assert.IsType<NeedNotReady>(Refused(await t.Needs.WithdrawAsync(t.Territory, families[0].Need, families[0].Family.User)));
        Assert.Equal([MessageKind.ProposalMade, MessageKind.NeedExpired], await ToldAsync(t, families[0].Family));
    }

    [Fact]
    public async Task A_group_that_no_provider_takes_in_time_is_told_and_looks_again_at_another_time()
    {
        var t = await NeedTown.BuildAsync(database);
        var (families, proposal) = await t.AgreedAsync(3);
        var by = (await t.DetailAsync(families[0])).Proposal!.TakeBy!.Value;
        Assert.Equal(t.Town.Clock.Now + Duration.FromDays(14), by);
        var taking = await t.TakingAsync(proposal);
        t.Town.Clock.MoveTo(by - Duration.FromMilliseconds(1));
        Assert.Equal(0, await t.Needs.UntakenDueAsync(t.Territory));
        Assert.Single(await t.Cards.AgreedAsync(t.Territory, t.Town.Gelso.Id));

        t.Town.Clock.MoveTo(by);
        Assert.Empty(await t.Cards.AgreedAsync(t.Territory, t.Town.Gelso.Id));
        Assert.Equal(new GroupOver(proposal, by), Refused(await t.TakeAsync(taking with { Day = NeedTown.FirstTuesday.PlusDays(14) })));
        Assert.Equal(1, await t.Needs.UntakenDueAsync(t.Territory));
        Assert.Equal(0, await t.Needs.UntakenDueAsync(t.Territory));
        Assert.Equal([NeedStatus.Open, NeedStatus.Open, NeedStatus.Open], await t.StatusesAsync(families));
        Assert.IsType<ProposalNotReady>(Refused(await t.TakeAsync(taking)));
        Assert.IsType<ProposalNotReady>(Refused(await t.AnswerAsync(families[0], proposal, ProposalAnswer.NotThen)));

        // Nobody gave it from three to four, so that hour is not proposed again; the next one is, and is their last.
        Assert.Equal(new PlanMade(1, 3, 0), await t.Needs.PlanDueAsync(t.Territory));
        var second = (await t.DetailAsync(families[0])).Proposal!;
        Assert.Equal(new LocalTime(16, 0), second.Starts);
        foreach (var one in families) (await t.AnswerAsync(one, second.Id, ProposalAnswer.Yes)).OrThrow();
        t.Town.Clock.Advance(Duration.FromDays(14));
        Assert.Equal(1, await t.Needs.UntakenDueAsync(t.Territory));
        Assert.Equal(new PlanMade(0, 0, 3), await t.Needs.PlanDueAsync(t.Territory));
        Assert.Equal(WhyUnmatched.NotTaken, (await t.DetailAsync(families[0])).Card.Why);
        Assert.Equal(
            [MessageKind.ProposalAgreed, MessageKind.ProposalMade, MessageKind.ProposalUntaken, MessageKind.ProposalAgreed, MessageKind.ProposalMade, MessageKind.ProposalUntaken],
            await ToldAsync(t, families[0].Family));
    }

    [Fact]
    public async Task How_long_a_group_waits_is_the_rule_of_the_day_on_which_it_agreed()
    {
        var t = await NeedTown.BuildAsync(database);
        await database.AsOwnerAsync(
            "update marketplace.group_rule set valid_to = '2026-10-05'; insert into marketplace.group_rule (valid_from, take_days, source) values ('2026-10-06', 7, 'from then on')");
        try
        {
            var (before, _) = await t.AgreedAsync(2);
            t.Town.Clock.Advance(Duration.FromDays(1));
            var (after, _) = await t.AgreedAsync(2);
            Assert.Equal(BookingTown.Monday + Duration.FromDays(14), (await t.DetailAsync(before[0])).Proposal!.TakeBy);
            Assert.Equal(BookingTown.Monday + Duration.FromDays(8), (await t.DetailAsync(after[0])).Proposal!.TakeBy);
        }
        finally
        {
            await database.AsOwnerAsync("delete from marketplace.group_rule where valid_from = '2026-10-06'; update marketplace.group_rule set valid_to = null");
        }
    }

    [Fact]
    public async Task The_desk_opens_a_need_for_a_household_which_is_told_by_whom_and_may_withdraw_it()
    {
        var t = await NeedTown.BuildAsync(database);
        var desk = t.Town.Quercia.User.User;
        var wants = t.Wants(t.Town.Rossi) with { Person = default };
        var consent = new Consent(ConsentKind.Paper, "  modulo 12/2026 ");
        var need = (await t.Needs.OpenForAsync(t.Territory, wants, CodeOf(t.Town.Rossi.Child), consent, desk)).OrThrow();
        Assert.Equal(need, (await t.Needs.OpenForAsync(t.Territory, wants, CodeOf(t.Town.Rossi.Child), consent, desk)).OrThrow());

        var card = (await t.DetailAsync((t.Town.Rossi, need))).Card;
        Assert.Equal(("Prova", ConsentKind.Paper, "modulo 12/2026"), (card.OpenedFor, card.Consent, card.ConsentReference));
        var told = Assert.Single(await new Messages(t.Town.Db, t.Town.Clock).OfAsync(t.Territory, t.Town.Rossi.Id));
        Assert.Equal((MessageKind.NeedOpenedForYou, need.Value, "Prova"), (told.Kind, told.Subject, told.From));
        Assert.Equal(1, await new Messages(t.Town.Db, t.Town.Clock).UnreadAsync(t.Territory, t.Town.Rossi.User));

        // It is planned like any other, the household answers by itself, and the desk does not.
        var other = (t.Town.Bianchi, await t.OpenAsync(t.Town.Bianchi));
        Assert.Null((await t.DetailAsync(other)).Card.OpenedFor);
        Assert.Equal(new PlanMade(1, 2, 0), await t.PlanAsync());
        var proposal = (await t.DetailAsync(other)).Proposal!.Id;
        Assert.IsType<ProposalNotFound>(Refused(await t.Needs.AnswerAsync(t.Territory, proposal, need, ProposalAnswer.Yes, new(Id<Household>.New(), desk))));
        Assert.Equal(ProposalStatus.Asking, (await t.AnswerAsync((t.Town.Rossi, need), proposal, ProposalAnswer.Yes)).OrThrow());
        (await t.Needs.WithdrawAsync(t.Territory, need, t.Town.Rossi.User)).OrThrow();
        Assert.Equal(NeedStatus.Withdrawn, (await t.DetailAsync((t.Town.Rossi, need))).Card.Status);
    }

    private static string CodeOf(Id<Person> person) => person.Value.ToString();

    [Fact]
    public async Task A_room_that_a_group_has_is_not_proposed_to_another()
    {
        var t = await NeedTown.BuildAsync(database);
        (await t.Places.WithdrawAsync(t.Territory, t.Pellico)).OrThrow();
        (await t.Places.WithdrawAsync(t.Territory, t.Manzoni)).OrThrow();
        var only = await t.PlaceAsync("Sala civica", 50, rooms: 1);
        var first = await t.LookingAsync(2, n => n with { Near = only });
        await t.PlanAsync();
        var second = await t.LookingAsync(2, n => n with { Near = only });
        await t.PlanAsync();
        Assert.Equal(
            [new LocalTime(15, 0), new LocalTime(16, 0)],
            [(await t.DetailAsync(first[0])).Proposal!.Starts, (await t.DetailAsync(second[0])).Proposal!.Starts]);
    }

    [Fact]
    public async Task The_pool_goes_on_with_fewer_only_as_far_as_everybody_accepts_it_and_its_places_are_kept()
    {
        var t = await NeedTown.BuildAsync(database);
        var (families, proposal) = await t.AgreedAsync(4);
        var pool = (await t.TakeAsync(await t.TakingAsync(proposal))).OrThrow();
        var card = (await new PoolCards(t.Town.Db, t.Town.Clock).FindAsync(t.Territory, families[0].Family.Id, pool))!.Card;
        Assert.Equal((2, 4, "AtProvider", "Scuola Pellico, Tradate"), (card.Pool.Prices.Min, card.Pool.Prices.Max, card.Place, card.Address));

        var stranger = await t.Town.FamilyAsync();
        await t.Town.GrantAsync(stranger, Money.Euro(60));
        Assert.IsType<PoolIsKept>(Refused(await t.Town.Pools.PreviewAsync(t.Territory, stranger.Id, pool)));
        Assert.Empty(await new PoolCards(t.Town.Db, t.Town.Clock).OpenAsync(t.Territory, card.Pool.OfferId));
        await JoinAndFreezeAsync(t, families, pool);

        var (few, careful) = await t.AgreedAsync(3, n => n with { SizeMin = 3 });
        var strict = (await t.TakeAsync((await t.TakingAsync(careful)) with { Day = NeedTown.FirstTuesday.PlusDays(14) })).OrThrow();
        Assert.Equal(3, (await new PoolCards(t.Town.Db, t.Town.Clock).FindAsync(t.Territory, few[0].Family.Id, strict))!.Card.Pool.Prices.Min);
    }

    [Fact]
    public async Task A_group_that_is_taken_every_week_is_a_series_whose_places_are_kept_until_the_first_date_is_decided()
    {
        var t = await NeedTown.BuildAsync(database);
        var (families, proposal) = await t.AgreedAsync(3);
        var taking = (await t.TakingAsync(proposal)) with { Weekly = new(NeedTown.FirstTuesday.PlusWeeks(4), 1) };
        Assert.Equal(
            new SeriesOutsideTime(NeedTown.FirstTuesday.PlusWeeks(1), NeedTown.FirstTuesday.PlusYears(1)),
            Refused(await t.TakeAsync(taking with { Weekly = new(NeedTown.FirstTuesday, 1) })));
        await Assert.ThrowsAsync<ArgumentException>(() => t.TakeAsync(taking with { Weekly = new(NeedTown.FirstTuesday.PlusWeeks(4), 11) }));
        Assert.Equal([NeedStatus.Agreed, NeedStatus.Agreed, NeedStatus.Agreed], await t.StatusesAsync(families));
        var pool = (await t.TakeAsync(taking)).OrThrow();
        Assert.Equal(pool, (await t.TakeAsync(taking)).OrThrow());

        var detail = (await t.DetailAsync(families[0])).Proposal!;
        Assert.Equal(pool, detail.PoolId);
        var series = detail.SeriesId!.Value;
        var cards = new PoolCards(t.Town.Db, t.Town.Clock);
        var dates = (await new SeriesCards(t.Town.Db).FindAsync(t.Territory, series, null))!.Dates;
        Assert.Equal(
            Enumerable.Range(0, 5).Select(w => NeedTown.FirstTuesday.PlusWeeks(w).At(new(15, 0))), dates.Select(d => d.StartsAt.InZone(ClockExtensions.Rome).LocalDateTime));
        foreach (var date in dates)
        {
            var card = (await cards.FindAsync(t.Territory, families[0].Family.Id, date.Pool))!.Card;
            Assert.Equal((2, 3, "Scuola Pellico, Tradate"), (card.Pool.Prices.Min, card.Pool.Prices.Max, card.Address));
        }

        // Nobody else comes in, at any date, before it is decided for the first time who of the three does.
        var stranger = await t.Town.FamilyAsync();
        await t.Town.GrantAsync(stranger, Money.Euro(60));
        var kept = new PoolIsKept(pool, dates[0].FreezeAt);
        foreach (var date in dates) Assert.Equal(kept, Refused(await t.Town.Pools.PreviewAsync(t.Territory, stranger.Id, date.Pool)));
        Assert.Equal(kept, Refused(await t.Town.Pools.PreviewSeriesAsync(t.Territory, stranger.Id, series)));
        Assert.Equal(kept, Refused(await t.Town.Pools.JoinSeriesAsync(t.Territory, new(Id<SeriesMember>.New(), series, stranger.Adult, 1, Money.Euro(12)), stranger.User)));
        Assert.Empty(await cards.OpenAsync(t.Territory, taking.Offer));

        foreach (var (family, _) in families.Take(2))
        {
            (await t.Town.Pools.JoinSeriesAsync(t.Territory, new(Id<SeriesMember>.New(), series, family.Child, 1, Money.Euro(12)), family.User)).OrThrow();
        }

        t.Town.Clock.MoveTo(dates[0].FreezeAt);
        Assert.Empty((await t.Town.Pools.FreezeDueAsync(t.Territory)).Stuck);
        Assert.Equal(PoolStatus.Confirmed, (await cards.FindAsync(t.Territory, families[0].Family.Id, pool))!.Card.Pool.Status);
        // The third has not come: from now on the place is anybody's.
        Assert.False((await t.Town.Pools.PreviewAsync(t.Territory, stranger.Id, dates[1].Pool)).IsRefused(out _));
        Assert.Equal(4, (await cards.OpenAsync(t.Territory, taking.Offer)).Count);
        Assert.Empty(await new MarketplaceAudit(t.Town.Db).RunAsync(t.Territory));
    }

    [Fact]
    public async Task The_room_of_a_weekly_group_is_taken_until_its_last_date()
    {
        var t = await NeedTown.BuildAsync(database);
        (await t.Places.WithdrawAsync(t.Territory, t.Pellico)).OrThrow();
        (await t.Places.WithdrawAsync(t.Territory, t.Manzoni)).OrThrow();
        var only = await t.PlaceAsync("Sala civica", 50, rooms: 1);
        var (_, proposal) = await t.AgreedAsync(2, n => n with { Near = only });
        (await t.TakeAsync((await t.TakingAsync(proposal)) with { Weekly = new(NeedTown.FirstTuesday.PlusWeeks(4), 1) })).OrThrow();

        // After the first date, before the last: the hour is not free yet.
        t.Town.Clock.Advance(Duration.FromDays(20));
        await t.Town.Pools.FreezeDueAsync(t.Territory);
        var second = await t.LookingAsync(2, n => n with { Near = only });
        await t.PlanAsync();
        Assert.Equal(new LocalTime(16, 0), (await t.DetailAsync(second[0])).Proposal!.Starts);

        t.Town.Clock.Advance(Duration.FromDays(20));
        await t.Town.Pools.FreezeDueAsync(t.Territory);
        var third = await t.LookingAsync(2, n => n with { Near = only });
        await t.PlanAsync();
        Assert.Equal(new LocalTime(15, 0), (await t.DetailAsync(third[0])).Proposal!.Starts);
    }

    [Fact]
    public async Task Nobody_reads_the_need_of_another_household_and_proposals_say_counts_and_places_alone()
    {
        var t = await NeedTown.BuildAsync(database);
        var (families, _) = await t.AgreedAsync(3);
        Assert.Null(await t.Cards.FindAsync(t.Territory, families[1].Family.Id, families[0].Need));
        Assert.Null(await t.Cards.FindAsync(t.Territory, t.Town.Rossi.Id, families[0].Need));
        Assert.Empty(await t.Cards.OfHouseholdAsync(t.Territory, t.Town.Rossi.Id));

        // What a household and a provider read of a group has no name, no need and no household of anybody in it.
        Type[] read = [typeof(ProposalCard), typeof(AgreedGroup), typeof(NeedFigure), typeof(GroupLetter)];
        var told = read.SelectMany(r => r.GetProperties()).Select(p => p.PropertyType);
        Assert.DoesNotContain(told, p => p == typeof(Id<Household>) || p == typeof(Id<Need>) || p == typeof(Id<Person>));
    }

    [Fact]
    public async Task A_household_is_told_what_happens_to_its_group()
    {
        var t = await NeedTown.BuildAsync(database);
        var families = await t.LookingAsync(3);
        await t.PlanAsync();
        var first = (await t.DetailAsync(families[0])).Proposal!;
        t.Town.Clock.Advance(Duration.FromHours(1));
        (await t.AnswerAsync(families[0], first.Id, ProposalAnswer.NotAnyMore)).OrThrow();
        await t.Needs.PlanDueAsync(t.Territory);
        t.Town.Clock.Advance(Duration.FromHours(1));
        var second = (await t.DetailAsync(families[1])).Proposal!;
        foreach (var one in families.Skip(1)) (await t.AnswerAsync(one, second.Id, ProposalAnswer.Yes)).OrThrow();
        t.Town.Clock.Advance(Duration.FromHours(1));
        var pool = (await t.TakeAsync(await t.TakingAsync(second.Id))).OrThrow();

        Assert.Equal([MessageKind.ProposalMade], await ToldAsync(t, families[0].Family));
        Assert.Equal(
            [MessageKind.ProposalMade, MessageKind.ProposalDropped, MessageKind.ProposalMade, MessageKind.ProposalAgreed, MessageKind.ProposalTaken],
            await ToldAsync(t, families[1].Family));
        var last = (await new Messages(t.Town.Db, t.Town.Clock).OfAsync(t.Territory, families[1].Family.Id))[0];
        Assert.Equal((pool.Value, "Scuola Pellico"), (last.Subject, last.From));
    }

    [Fact]
    public async Task The_office_sees_counts_and_the_price_that_is_lowest_is_what_plans_reckon_with()
    {
        var t = await NeedTown.BuildAsync(database);
        var cheap = await t.AskPriceAsync(HeadPrices.Flat(2, 3, Money.Euro(15)), by: t.Town.Quercia);
        var families = await t.LookingAsync(3);
        await t.LookingAsync(1, n => n with { ClassCode = "school" });
        await t.PlanAsync();
        Assert.Equal(Money.Euro(5), (await t.DetailAsync(families[0])).Proposal!.Share);
        Assert.Equal(
            [("Aiuto in casa", NeedStatus.Asked, null, 3), ("Scuola", NeedStatus.Open, WhyUnmatched.NoSupply, 1)],
            (await t.Cards.FiguresAsync(t.Territory)).Select(f => (f.NameIt, f.Status, f.Why, f.Needs)));

        foreach (var one in families) (await t.AnswerAsync(one, (await t.DetailAsync(one)).Proposal!.Id, ProposalAnswer.Yes)).OrThrow();
        var proposal = (await t.DetailAsync(families[0])).Proposal!.Id;
        Assert.Equal(new GroupPriceAboveAgreed(Money.Euro(24), Money.Euro(15)), Refused(await t.TakeAsync(await t.TakingAsync(proposal))));
        (await t.Prices.EndAsync(t.Territory, cheap, t.Town.Quercia.User)).OrThrow();
        Assert.IsType<GroupPriceMissing>(Refused(await t.TakeAsync(await t.TakingAsync(proposal, t.Town.Quercia), t.Town.Quercia)));
        await t.AskPriceAsync(HeadPrices.Flat(3, 3, Money.Euro(12)), by: t.Town.Quercia);
        (await t.TakeAsync(await t.TakingAsync(proposal, t.Town.Quercia), t.Town.Quercia)).OrThrow();
    }

    private static async Task<IReadOnlyList<MessageKind>> ToldAsync(NeedTown t, BookingTown.Family family) =>
        [.. (await new Messages(t.Town.Db, t.Town.Clock).OfAsync(t.Territory, family.Id)).Where(m => m.Kind is not MessageKind.Grant)
            .OrderBy(m => m.At).ThenByDescending(m => m.Kind).Select(m => m.Kind)];

    /// <summary>Each joins as every pool is joined, and at the freeze each pays what it agreed to.</summary>
    private static async Task JoinAndFreezeAsync(NeedTown t, IReadOnlyList<(BookingTown.Family Family, Id<Need> Need)> families, Id<Pool> pool)
    {
        var shared = new PoolTown(t.Town);
        foreach (var (family, _) in families) (await shared.JoinAsync(family, pool)).OrThrow();
        var card = (await new PoolCards(t.Town.Db, t.Town.Clock).FindAsync(t.Territory, families[0].Family.Id, pool))!.Card;
        await shared.FreezeAsync(card.Pool.FreezeAt);
        Assert.Equal(PoolStatus.Confirmed, await shared.StatusAsync(pool));
        Assert.All(await shared.SharesAsync(pool), s => Assert.Equal(Money.Euro(24).Cents / families.Count, s.Price!.Value.Cents));
        await shared.ProveAsync();
    }
}
