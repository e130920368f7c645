using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;
using Npgsql;

namespace Borsellino.Tests;

/// <summary>Each reason for which something about needs is refused, and what the tables refuse by themselves.</summary>
public sealed class NeedRefusalTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static WeekWindow Tuesday(int from, int to) => new(IsoDayOfWeek.Tuesday, new(from, 0), new(to, 0));

    public static TheoryData<Type, Func<NewNeed, NewNeed>> Wrong => new()
    {
        { typeof(NeedLengthOutside), n => n with { Minutes = 29 } },
        { typeof(NeedLengthOutside), n => n with { Minutes = 721 } },
        { typeof(NeedSizesOutside), n => n with { SizeMin = 1 } },
        { typeof(NeedSizesOutside), n => n with { SizeMin = 4, SizeMax = 3 } },
        { typeof(NeedSizesOutside), n => n with { SizeMax = 13 } },
        { typeof(NeedReachOutside), n => n with { ReachMetres = -1 } },
        { typeof(NeedReachOutside), n => n with { ReachMetres = 50_001 } },
        { typeof(AmountNotPositive), n => n with { Cap = Money.Zero } },
        { typeof(NeedLanguageUnknown), n => n with { Languages = [] } },
        { typeof(NeedLanguageUnknown), n => n with { Languages = ["it", "xx"] } },
        { typeof(NeedTimesWrong), n => n with { Windows = [] } },
        { typeof(NeedTimesWrong), n => n with { Windows = [Tuesday(17, 15)] } },
        { typeof(NeedTimesWrong), n => n with { Windows = [Tuesday(15, 17), Tuesday(15, 18)] } },
        { typeof(NeedTimesWrong), n => n with { Windows = [.. Enumerable.Range(0, 22).Select(i => new WeekWindow(IsoDayOfWeek.Monday, new(i, 0), new(i, 30)))] } },
        { typeof(NeedTimesTooShort), n => n with { Windows = [new(IsoDayOfWeek.Tuesday, new(15, 15), new(16, 15))] } },
        { typeof(NeedClassUnknown), n => n with { ClassCode = "nothing" } },
        { typeof(MeetingPlaceNotFound), n => n with { Near = Id<MeetingPlace>.New() } },
        { typeof(PersonNotInHousehold), n => n with { Person = Id<Person>.New() } },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task What_cannot_be_looked_for(Type refusal, Func<NewNeed, NewNeed> but)
    {
        var t = await NeedTown.BuildAsync(database);
        Assert.IsType(refusal, Refused(await t.Needs.OpenAsync(t.Territory, but(t.Wants(t.Town.Rossi)), t.Town.Rossi.User)));
        Assert.Empty(await t.Cards.OfHouseholdAsync(t.Territory, t.Town.Rossi.Id));
    }

    [Fact]
    public async Task A_need_is_opened_once_and_five_are_enough()
    {
        var t = await NeedTown.BuildAsync(database);
        var need = t.Wants(t.Town.Rossi);
        Assert.Equal(need.Id, (await t.Needs.OpenAsync(t.Territory, need, t.Town.Rossi.User)).OrThrow());
        Assert.Equal(need.Id, (await t.Needs.OpenAsync(t.Territory, need, t.Town.Rossi.User)).OrThrow());
        Assert.IsType<NeedIdReused>(Refused(await t.Needs.OpenAsync(t.Territory, need with { Cap = Money.Euro(1) }, t.Town.Rossi.User)));
        Assert.IsType<NeedIdReused>(Refused(await t.Needs.OpenAsync(t.Territory, need, t.Town.Bianchi.User)));
        for (var i = 1; i < Needs.OpenMax; i++) await t.OpenAsync(t.Town.Rossi);
        Assert.Equal(new TooManyNeeds(Needs.OpenMax), Refused(await t.Needs.OpenAsync(t.Territory, t.Wants(t.Town.Rossi), t.Town.Rossi.User)));
        Assert.Equal(new TooManyNeeds(Needs.OpenMax), Refused(await t.Needs.OpenForAsync(
            t.Territory, t.Wants(t.Town.Rossi), t.Town.Rossi.Adult.Value.ToString(), new(ConsentKind.Spoken, "allo sportello"), t.Town.Gelso.User.User)));
        (await t.Needs.WithdrawAsync(t.Territory, need.Id, t.Town.Rossi.User)).OrThrow();
        await t.OpenAsync(t.Town.Rossi);

        Assert.IsType<NeedNotFound>(Refused(await t.Needs.WithdrawAsync(t.Territory, need.Id, t.Town.Bianchi.User)));
        Assert.IsType<NeedNotFound>(Refused(await t.Needs.WithdrawAsync(t.Territory, Id<Need>.New(), t.Town.Rossi.User)));
        Assert.IsType<NeedNotReady>(Refused(await t.Needs.ResumeAsync(t.Territory, need.Id, t.Town.Rossi.User)));
        Assert.IsType<NeedNotFound>(Refused(await t.Needs.ResumeAsync(t.Territory, need.Id, t.Town.Bianchi.User)));
    }

    public static TheoryData<Type, string?, string> Unheard => new()
    {
        { typeof(NobodyOfTaxCode), "RSSMRA80A01H501U", "modulo 12/2026" },
        { typeof(ConsentMissing), null, "" },
        { typeof(ConsentMissing), null, "  x  " },
        { typeof(ConsentMissing), null, new('x', Consent.ReferenceMax + 1) },
    };

    [Theory]
    [MemberData(nameof(Unheard))]
    public async Task For_whom_the_desk_opens_nothing(Type refusal, string? taxCode, string reference)
    {
        var t = await NeedTown.BuildAsync(database);
        var code = taxCode ?? t.Town.Rossi.Adult.Value.ToString();
        Assert.IsType(refusal, Refused(await t.Needs.OpenForAsync(t.Territory, t.Wants(t.Town.Rossi), code, new(ConsentKind.Spoken, reference), t.Town.Gelso.User.User)));
        Assert.Empty(await t.Cards.OfHouseholdAsync(t.Territory, t.Town.Rossi.Id));
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task What_cannot_be_looked_for_by_the_desk_either(Type refusal, Func<NewNeed, NewNeed> but)
    {
        // Who it is for, the tax code says.
        if (refusal == typeof(PersonNotInHousehold)) return;
        var t = await NeedTown.BuildAsync(database);
        Assert.IsType(refusal, Refused(await t.Needs.OpenForAsync(
            t.Territory, but(t.Wants(t.Town.Rossi)), t.Town.Rossi.Adult.Value.ToString(), new(ConsentKind.Spoken, "allo sportello"), t.Town.Gelso.User.User)));
        Assert.Empty(await t.Cards.OfHouseholdAsync(t.Territory, t.Town.Rossi.Id));
    }

    [Fact]
    public async Task Who_cannot_answer()
    {
        var t = await NeedTown.BuildAsync(database);
        var (families, proposal) = await t.AgreedAsync(2);
        Assert.IsType<ProposalNotFound>(Refused(await t.AnswerAsync(families[0], Id<Proposal>.New(), ProposalAnswer.Yes)));
        Assert.IsType<ProposalNotFound>(Refused(await t.AnswerAsync((families[1].Family, families[0].Need), proposal, ProposalAnswer.Yes)));
        await Assert.ThrowsAsync<ArgumentException>(() => t.AnswerAsync(families[0], proposal, ProposalAnswer.Silent));
        (await t.AnswerAsync(families[0], proposal, ProposalAnswer.NotThen)).OrThrow();
        Assert.IsType<ProposalNotReady>(Refused(await t.AnswerAsync(families[0], proposal, ProposalAnswer.Yes)));
        Assert.IsType<ProposalNotReady>(Refused(await t.AnswerAsync(families[1], proposal, ProposalAnswer.NotThere)));
    }

    [Fact]
    public async Task Which_group_cannot_be_taken()
    {
        var t = await NeedTown.BuildAsync(database);
        var (families, proposal) = await t.AgreedAsync(2);
        var good = await t.TakingAsync(proposal);
        Assert.IsType<ProposalNotFound>(Refused(await t.TakeAsync(good with { Proposal = Id<Proposal>.New() })));
        Assert.IsType<OfferNotFound>(Refused(await t.TakeAsync(good with { Offer = Id<Offer>.New() })));
        Assert.IsType<OfferNotFound>(Refused(await t.TakeAsync(good, t.Town.Quercia)));
        Assert.IsType<GroupPriceMissing>(Refused(await t.TakeAsync(await t.TakingAsync(proposal, t.Town.Quercia), t.Town.Quercia)));
        Assert.Equal(new NotTheAgreedWeekday(IsoDayOfWeek.Tuesday), Refused(await t.TakeAsync(good with { Day = NeedTown.FirstTuesday.PlusDays(1) })));
        Assert.IsType<FirstDayOutside>(Refused(await t.TakeAsync(good with { Day = NeedTown.FirstTuesday.PlusDays(-7) })));
        Assert.IsType<FirstDayOutside>(Refused(await t.TakeAsync(good with { Day = NeedTown.FirstTuesday.PlusDays(42) })));
        await t.Town.ChangeAsync("update marketplace.offer set class_code = 'school' where territory_id = @territory and id = @Offer", new { good.Offer });
        Assert.IsType<OfferOfAnotherClass>(Refused(await t.TakeAsync(good)));
        await t.Town.ChangeAsync("update marketplace.offer set class_code = 'home-care', status = 'Withdrawn' where territory_id = @territory and id = @Offer", new { good.Offer });
        Assert.IsType<OfferWithdrawn>(Refused(await t.TakeAsync(good)));

        var busy = await t.TakingAsync(proposal);
        var starts = NeedTown.FirstTuesday.At(new(15, 0)).InZoneLeniently(ClockExtensions.Rome).ToInstant();
        await t.Town.ChangeAsync(
            "insert into marketplace.slot (territory_id, id, offer_id, starts_at, ends_at, capacity) values (@territory, @id, @Offer, @starts, @ends, 1)",
            new { id = Id<Slot>.New(), busy.Offer, starts, ends = starts + Duration.FromHours(2) });
        Assert.IsType<TimeOfferedOtherwise>(Refused(await t.TakeAsync(busy)));
        await t.Town.ChangeAsync("update marketplace.accreditation set status = 'Suspended' where territory_id = @territory", new { });
        Assert.IsType<ProviderNotAccredited>(Refused(await t.TakeAsync(await t.TakingAsync(proposal))));
        Assert.Empty(await t.Cards.AgreedAsync(t.Territory, t.Town.Gelso.Id));
        await t.Town.ChangeAsync("update marketplace.accreditation set status = 'Granted' where territory_id = @territory", new { });

        var taken = await t.TakingAsync(proposal);
        (await t.TakeAsync(taken)).OrThrow();
        Assert.IsType<ProposalNotReady>(Refused(await t.TakeAsync(taken with { Pool = Id<Pool>.New() })));
        Assert.IsType<NeedNotReady>(Refused(await t.Needs.WithdrawAsync(t.Territory, families[0].Need, families[0].Family.User)));
        Assert.IsType<ProposalNotReady>(Refused(await t.AnswerAsync(families[0], proposal, ProposalAnswer.NotAnyMore)));
    }

    [Fact]
    public async Task What_a_provider_cannot_ask()
    {
        var t = await NeedTown.BuildAsync(database);
        var flat = HeadPrices.Flat(2, 3, Money.Euro(20));
        var price = new NewGroupPrice(Id<GroupPrice>.New(), "home-care", 90, flat, t.Town.Clock.Today());
        Assert.IsType<NeedLengthOutside>(Refused(await t.Prices.AddAsync(t.Territory, price with { Minutes = 20 }, t.Town.Gelso.User)));
        Assert.IsType<NeedClassUnknown>(Refused(await t.Prices.AddAsync(t.Territory, price with { ClassCode = "nothing" }, t.Town.Gelso.User)));
        Assert.IsType<NotAccredited>(Refused(await t.Prices.AddAsync(t.Territory, price with { ClassCode = "school" }, t.Town.Gelso.User)));
        Assert.Equal(price.Id, (await t.Prices.AddAsync(t.Territory, price, t.Town.Gelso.User)).OrThrow());
        Assert.Equal(price.Id, (await t.Prices.AddAsync(t.Territory, price, t.Town.Gelso.User)).OrThrow());
        Assert.IsType<GroupPriceIdReused>(Refused(await t.Prices.AddAsync(t.Territory, price, t.Town.Quercia.User)));
        Assert.Equal(new GroupPriceInForce(price.Id), Refused(await t.Prices.AddAsync(t.Territory, price with { Id = Id<GroupPrice>.New() }, t.Town.Gelso.User)));
        Assert.IsType<GroupPriceNotFound>(Refused(await t.Prices.EndAsync(t.Territory, price.Id, t.Town.Quercia.User)));
        (await t.Prices.EndAsync(t.Territory, price.Id, t.Town.Gelso.User)).OrThrow();
        (await t.Prices.EndAsync(t.Territory, price.Id, t.Town.Gelso.User)).OrThrow();
        (await t.Prices.AddAsync(t.Territory, price with { Id = Id<GroupPrice>.New() }, t.Town.Gelso.User)).OrThrow();
    }

    [Fact]
    public async Task What_is_no_meeting_place()
    {
        var t = await NeedTown.BuildAsync(database);
        var place = new NewMeetingPlace(Id<MeetingPlace>.New(), "Sala Tobagi", MeetingPlaceKind.Room, "L319", new(45.7, 8.9), 2);
        Task<Result<Id<MeetingPlace>>> AddAsync(NewMeetingPlace asked) => t.Places.AddAsync(t.Territory, asked, t.Town.Gelso.User.User);
        Assert.IsType<TextLength>(Refused(await AddAsync(place with { Name = " x " })));
        Assert.IsType<MeetingPlaceRoomsOutside>(Refused(await AddAsync(place with { Rooms = 0 })));
        Assert.IsType<MeetingPlacePointWrong>(Refused(await AddAsync(place with { At = new(91, 0) })));
        Assert.IsType<MeetingPlacePointWrong>(Refused(await AddAsync(place with { At = new(double.NaN, 0) })));
        Assert.IsType<MeetingPlaceFarAway>(Refused(await AddAsync(place with { At = new(8.9, 45.7) })));
        Assert.IsType<MunicipalityNotFound>(Refused(await AddAsync(place with { MunicipalityCode = "X000" })));
        Assert.IsType<MeetingPlaceNameTaken>(Refused(await AddAsync(place with { Name = "scuola pellico" })));
        Assert.Equal(place.Id, (await AddAsync(place)).OrThrow());
        Assert.Equal(place.Id, (await AddAsync(place)).OrThrow());
        Assert.IsType<MeetingPlaceIdReused>(Refused(await AddAsync(place with { Name = "Sala Pertini" })));
        Assert.IsType<MeetingPlaceNotFound>(Refused(await t.Places.WithdrawAsync(t.Territory, Id<MeetingPlace>.New())));
        (await t.Places.WithdrawAsync(t.Territory, place.Id)).OrThrow();
        (await t.Places.WithdrawAsync(t.Territory, place.Id)).OrThrow();
        (await AddAsync(place with { Id = Id<MeetingPlace>.New() })).OrThrow();
    }

    [Theory]
    [InlineData("update marketplace.need set status = 'Taken' where territory_id = {0} and status = 'Asked'", "need_moves")]
    [InlineData("update marketplace.need set paused_at = now() where territory_id = {0} and status = 'Asked'", "need_waits")]
    [InlineData("update marketplace.need set consent_kind = 'Paper' where territory_id = {0}", "need_consent")]
    [InlineData("update marketplace.need set consent_reference = 'x', consent_kind = 'Paper' where territory_id = {0}", "need_consent_reference_check")]
    [InlineData("update marketplace.need set expires_at = opened_at where territory_id = {0}", "need_expires")]
    [InlineData("update marketplace.need_window set to_time = from_time where territory_id = {0}", "window_ends_after")]
    [InlineData("update marketplace.proposal set status = 'Agreed', agreed_at = now() where territory_id = {0}", "proposal_of_all")]
    [InlineData("update marketplace.proposal set status = 'Taken' where territory_id = {0}", "proposal_moves_forward")]
    [InlineData("update marketplace.proposal set status = 'Dropped', dropped_at = now() where territory_id = {0}", "proposal_leaves_nobody")]
    [InlineData("update marketplace.proposal set dropped_at = now() where territory_id = {0}", "proposal_dropped")]
    [InlineData("update marketplace.proposal set taken_at = now() where territory_id = {0}", "proposal_taken")]
    [InlineData("update marketplace.proposal set agreed_at = now() where territory_id = {0}", "proposal_agreed")]
    [InlineData("update marketplace.proposal set ends = starts where territory_id = {0}", "proposal_times")]
    [InlineData("update marketplace.proposal_member set share = cap + 1 where territory_id = {0}", "member_within_cap")]
    [InlineData("update marketplace.proposal_member set answer = 'Yes', answered_at = now() where territory_id = {0}", "member_answered")]
    [InlineData("with a as (update marketplace.proposal_member set living = false where territory_id = {0} returning 1) select from a; update marketplace.proposal_member set living = true where territory_id = {0}", "proposal_answer_stands")]
    [InlineData("insert into marketplace.proposal select (p).* from (select jsonb_populate_record(p, '{{\"id\": \"00000000-0000-0000-0000-00000000000a\"}}') p from marketplace.proposal p where territory_id = {0}) x; insert into marketplace.proposal_member select (m).* from (select jsonb_populate_record(m, '{{\"proposal_id\": \"00000000-0000-0000-0000-00000000000a\"}}') m from marketplace.proposal_member m where territory_id = {0}) x", "proposal_member_in_one")]
    [InlineData("update marketplace.group_price set prices = '{{2400, 3601}}' where territory_id = {0}", "group_price_never_raises_a_share")]
    [InlineData("update marketplace.group_price set prices = '{{}}' where territory_id = {0}", "group_price_heads")]
    [InlineData("update marketplace.group_price set valid_to = valid_from where territory_id = {0}", "group_price_ended")]
    public async Task The_tables_refuse_by_themselves(string sql, string constraint)
    {
        var t = await NeedTown.BuildAsync(database);
        await t.LookingAsync(3);
        await t.PlanAsync();
        var refused = await Assert.ThrowsAsync<PostgresException>(() => database.AsOwnerAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, sql, t.Territory)));
        Assert.Equal(constraint, refused.ConstraintName);
    }

    [Theory]
    [InlineData("update marketplace.proposal set take_by = agreed_at where territory_id = {0}", "proposal_take_by")]
    [InlineData("update marketplace.proposal set take_by = null where territory_id = {0}", "proposal_take_by")]
    [InlineData("update marketplace.proposal set status = 'Untaken', dropped_at = take_by where territory_id = {0}", "proposal_leaves_nobody")]
    [InlineData("with m as (update marketplace.proposal_member set living = false where territory_id = {0}) select; update marketplace.proposal set status = 'Untaken', dropped_at = agreed_at where territory_id = {0}", "proposal_untaken")]
    [InlineData("update marketplace.proposal p set status = 'Taken', taken_at = take_by, pool_id = l.id from marketplace.pool l where l.territory_id = {0} and p.territory_id = {0}", "proposal_taken_in_time")]
    public async Task The_tables_let_no_group_wait_for_ever_nor_end_too_soon(string sql, string constraint)
    {
        var t = await NeedTown.BuildAsync(database);
        await t.AgreedAsync(2);
        await new PoolTown(t.Town).PublishAsync(HeadPrices.Flat(2, 2, Money.Euro(20)));
        var refused = await Assert.ThrowsAsync<PostgresException>(() => database.AsOwnerAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, sql, t.Territory)));
        Assert.Equal(constraint, refused.ConstraintName);
    }

    [Theory]
    [InlineData("update marketplace.group_rule set take_days = 60 where {0} > 0")]
    [InlineData("update marketplace.need set cap = 1 where territory_id = {0}")]
    [InlineData("update marketplace.need set consent_kind = 'Paper', consent_reference = 'modulo 1' where territory_id = {0}")]
    [InlineData("update marketplace.need set opened_by = household_id where territory_id = {0}")]
    [InlineData("update marketplace.need_window set day = 1 where territory_id = {0}")]
    [InlineData("update marketplace.proposal set price = 1 where territory_id = {0}")]
    [InlineData("update marketplace.proposal_member set share = 1 where territory_id = {0}")]
    [InlineData("update marketplace.group_price set prices = '{{1}}' where territory_id = {0}")]
    [InlineData("update marketplace.meeting_place set latitude = 0 where territory_id = {0}")]
    [InlineData("delete from marketplace.proposal_member where territory_id = {0}")]
    public async Task The_application_changes_nothing_that_somebody_said(string sql)
    {
        var t = await NeedTown.BuildAsync(database);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => t.Town.ChangeAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, sql, t.Territory), new { }));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }
}
