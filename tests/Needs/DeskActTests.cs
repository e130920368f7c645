using Borsellino.Ledger;
using Borsellino.Marketplace;
using Npgsql;

namespace Borsellino.Tests;

/// <summary>An operator acts for a family that says yes to just that: the family reads who did what by which consent, and may undo it.</summary>
public sealed class DeskActTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly Consent Form = new(ConsentKind.Paper, " modulo 12/2026 ");

    [Fact]
    public async Task The_desk_answers_joins_and_leaves_and_the_family_reads_it_all()
    {
        var (t, desk) = await DeskAsync();
        var families = await t.LookingAsync(2);
        await t.PlanAsync();
        var who = For(t, families[0].Family);
        var view = (await desk.LookAsync(t.Territory, Id<DeskAct>.New(), who)).OrThrow();
        var (need, proposal) = (Assert.Single(view.Asked).Card.Id, view.Asked[0].Proposal!.Id);
        Assert.Equal(families[0].Need, need);

        (await desk.AnswerAsync(t.Territory, Id<DeskAct>.New(), who, proposal, need, ProposalAnswer.Yes)).OrThrow();
        Assert.Equal(ProposalStatus.Agreed, (await t.AnswerAsync(families[1], proposal, ProposalAnswer.Yes)).OrThrow());
        var pool = (await t.TakeAsync(await t.TakingAsync(proposal))).OrThrow();

        view = (await desk.LookAsync(t.Territory, Id<DeskAct>.New(), who)).OrThrow();
        var join = Assert.Single(view.Joinable);
        Assert.Equal((pool, Money.Euro(12)), (join.Pool.Id, join.Cap));
        Assert.Equal(Money.Zero, await t.HeldAsync());
        (await desk.JoinAsync(t.Territory, Id<DeskAct>.New(), who, pool, join.Cap, join.Shown)).OrThrow();
        Assert.Equal(Money.Euro(12), await t.HeldAsync());

        // How it stands, for the one who did it alone; and by whom and by which consent, for the family alone.
        var rows = await desk.OfOperatorAsync(t.Territory, who.Operator);
        Assert.Equal(
            [(DeskDeed.Looked, null, null, false), (DeskDeed.Looked, null, null, false), (DeskDeed.SaidYes, NeedStatus.Taken, null, false), (DeskDeed.Joined, null, PoolStatus.Collecting, true)],
            rows.Select(r => (r.Deed!.Value, r.Need, r.Pool, r.IsIn)).OrderBy(r => r.Value));
        Assert.Empty(await desk.OfOperatorAsync(t.Territory, t.Town.Gelso.User.User));
        var told = Assert.Single(await desk.OfHouseholdAsync(t.Territory, families[0].Family.Id, pool.Value));
        Assert.Equal((DeskDeed.Joined, "Prova", ConsentKind.Paper, "modulo 12/2026"), (told.Deed, told.Operator, told.Consent, told.Reference));
        Assert.Equal(DeskDeed.SaidYes, Assert.Single(await desk.OfHouseholdAsync(t.Territory, families[0].Family.Id, need.Value)).Deed);
        Assert.Empty(await desk.OfHouseholdAsync(t.Territory, families[1].Family.Id, pool.Value));
        var messages = await new Messages(t.Town.Db, t.Town.Clock).OfAsync(t.Territory, families[0].Family.Id);
        Assert.Contains(messages, m => m is { Kind: MessageKind.DeskJoined, From: "Prova", Text: "modulo 12/2026" } && m.Subject == pool.Value);
        Assert.Contains(messages, m => m.Kind is MessageKind.DeskAnswered && m.Subject == need.Value);
        Assert.Equal(2, messages.Count(m => m.Kind is MessageKind.DeskLooked));

        var mine = Assert.Single((await desk.LookAsync(t.Territory, Id<DeskAct>.New(), who)).OrThrow().Mine).Mine!;
        (await desk.LeaveAsync(t.Territory, Id<DeskAct>.New(), who, mine.Id)).OrThrow();
        Assert.Equal(Money.Zero, await t.HeldAsync());
        Assert.All((await desk.OfOperatorAsync(t.Territory, who.Operator)).Where(r => r.Pool is not null), r => Assert.False(r.IsIn));
        Assert.Empty(await new MarketplaceAudit(t.Town.Db).RunAsync(t.Territory));
    }

    /// <summary>A package and pieces of a product, each held once and read by the family alone; what is refused is not written.</summary>
    [Fact]
    public async Task The_desk_buys_and_the_family_reads_it_and_gives_it_back()
    {
        var town = await ProductTown.BuildAsync(database, stock: 3);
        var t = town.Town;
        var grant = await t.GrantAsync(t.Rossi, Money.Euro(100));
        var lessons = await t.OfferOfAsync(await t.SlotAsync(Money.Euro(10)));
        await t.ChangeAsync(
            """
            update marketplace.offer set package_units = 3, package_name_it = 'lezioni', package_name_en = 'lessons', package_days = 60, package_return_days = 7, package_returns_rest = false
            where territory_id = @territory and id = @lessons
            """, new { lessons });
        var desk = new DeskActs(
            t.Db, new(t.Db, t.Pools, t.Clock), new(t.Db, t.Clock), t.Pools, new(t.Db, t.Clock), t.Bookings, new(t.Db), town.Packages,
            new(t.Db, new(t.Db, t.Clock), t.Clock), new(t.Db, t.Clock), t.Clock);
        var who = new DeskFor(t.Rossi.Adult.Value.ToString(), Form, t.Quercia.User.User);
        var (act, kits) = (Id<DeskAct>.New(), (await desk.LookAtOfferAsync(t.Territory, Id<DeskAct>.New(), who, town.Offer, 2)).OrThrow());
        (await desk.BuyAsync(t.Territory, act, who, town.Offer, 2, t.Rossi.Child, kits.Shown)).OrThrow();
        (await desk.BuyAsync(t.Territory, act, who, town.Offer, 2, t.Rossi.Child, kits.Shown)).OrThrow();
        var package = (await desk.LookAtOfferAsync(t.Territory, Id<DeskAct>.New(), who, lessons, null)).OrThrow();
        (await desk.BuyAsync(t.Territory, Id<DeskAct>.New(), who, lessons, null, t.Rossi.Child, package.Shown)).OrThrow();
        Assert.Equal((Money.Euro(100), Money.Euro(50)), await t.OnAsync(grant.Account));
        Assert.Equal(1, await town.StockAsync());

        var bought = Id<Package>.From("desk", act);
        Assert.Equal((DeskDeed.Bought, ConsentKind.Paper), Assert.Single(await desk.OfHouseholdAsync(t.Territory, t.Rossi.Id, bought.Value)) is var one ? (one.Deed, one.Consent) : default);
        Assert.Contains(await new Messages(t.Db, t.Clock).OfAsync(t.Territory, t.Rossi.Id), m => m.Kind is MessageKind.DeskBought && m.Subject == bought.Value && m.NameIt == "Kit di prova");
        Assert.Equal(
            [(false, PackageStatus.Open), (true, PackageStatus.Open)],
            (await desk.OfOperatorAsync(t.Territory, who.Operator)).Where(r => r.Deed is DeskDeed.Bought).Select(r => (r.IsProduct, r.Package!.Value)).Order());

        var refused = Id<DeskAct>.New();
        Assert.IsType<ProductSoldOut>(Refused(await desk.BuyAsync(t.Territory, refused, who, town.Offer, 2, t.Rossi.Child, kits.Shown)));
        Assert.IsType<TermsChanged>(Refused(await desk.BuyAsync(t.Territory, refused, who, lessons, null, t.Rossi.Child, AsShown.Parse(package.Shown + ";x", null))));
        Assert.IsType<PersonNotInHousehold>(Refused(await desk.BuyAsync(t.Territory, refused, who, lessons, null, t.Bianchi.Child, package.Shown)));
        Assert.IsType<ConsentMissing>(Refused(await desk.BuyAsync(
            t.Territory, refused, who with { Consent = new(ConsentKind.Paper, "x") }, lessons, null, t.Rossi.Child, package.Shown)));
        Assert.Equal(4, (await desk.OfOperatorAsync(t.Territory, who.Operator)).Count);
        (await town.Packages.ReturnAsync(t.Territory, bought, t.Rossi.User)).OrThrow();
        Assert.Equal((Money.Euro(100), Money.Euro(30)), await t.OnAsync(grant.Account));
        Assert.Empty(await town.AuditAsync());
    }

    [Fact]
    public async Task A_no_by_the_desk_is_a_no_and_the_family_itself_may_still_answer_otherwise_before()
    {
        var (t, desk) = await DeskAsync();
        var families = await t.LookingAsync(2);
        await t.PlanAsync();
        var proposal = (await t.DetailAsync(families[0])).Proposal!.Id;
        (await desk.AnswerAsync(t.Territory, Id<DeskAct>.New(), For(t, families[0].Family), proposal, families[0].Need, ProposalAnswer.Yes)).OrThrow();
        (await t.AnswerAsync(families[0], proposal, ProposalAnswer.NotThen)).OrThrow();
        Assert.Equal([NeedStatus.Open, NeedStatus.Open], await t.StatusesAsync(families));
        Assert.IsType<ProposalNotReady>(Refused(await desk.AnswerAsync(
            t.Territory, Id<DeskAct>.New(), For(t, families[0].Family), proposal, families[0].Need, ProposalAnswer.NotAnyMore)));
    }

    [Fact]
    public async Task What_is_refused_is_not_written_and_the_same_form_again_does_nothing()
    {
        var (t, desk) = await DeskAsync();
        var families = await t.LookingAsync(2);
        await t.PlanAsync();
        var (who, proposal, act) = (For(t, families[0].Family), (await t.DetailAsync(families[0])).Proposal!.Id, Id<DeskAct>.New());
        Assert.IsType<ConsentMissing>(Refused(await desk.LookAsync(t.Territory, act, who with { Consent = new(ConsentKind.Spoken, "  x ") })));
        Assert.IsType<NobodyOfTaxCode>(Refused(await desk.LookAsync(t.Territory, act, who with { TaxCode = "RSSMRA80A01H501U" })));
        // Another family's need, by whoever's consent.
        Assert.IsType<ProposalNotFound>(Refused(await desk.AnswerAsync(t.Territory, act, who, proposal, families[1].Need, ProposalAnswer.Yes)));
        Assert.IsType<ShareNotFound>(Refused(await desk.LeaveAsync(t.Territory, act, who, Id<Share>.New())));
        Assert.IsType<PoolNotFound>(Refused(await desk.JoinAsync(t.Territory, act, who, Id<Pool>.New(), Money.Euro(1), default)));
        Assert.IsType<SeriesNotFound>(Refused(await desk.JoinWeeklyAsync(t.Territory, act, who, Id<PoolSeries>.New(), Money.Euro(1))));
        Assert.Empty(await desk.OfOperatorAsync(t.Territory, who.Operator));

        for (var i = 0; i < 3; i++) (await desk.AnswerAsync(t.Territory, act, who, proposal, families[0].Need, ProposalAnswer.Yes)).OrThrow();
        Assert.Single(await desk.OfOperatorAsync(t.Territory, who.Operator));
        Assert.IsType<DeskActIdReused>(Refused(await desk.LookAsync(t.Territory, act, who)));
        Assert.IsType<DeskActIdReused>(Refused(await desk.AnswerAsync(t.Territory, act, For(t, families[1].Family), proposal, families[1].Need, ProposalAnswer.Yes)));
        Assert.Null((await t.DetailAsync(families[1])).Proposal!.Answer);
    }

    [Fact]
    public async Task A_group_of_every_week_is_joined_at_the_desk_and_its_dates_follow()
    {
        var (t, desk) = await DeskAsync();
        var (families, proposal) = await t.AgreedAsync(2);
        (await t.TakeAsync((await t.TakingAsync(proposal)) with { Weekly = new(NeedTown.FirstTuesday.PlusWeeks(3), 1) })).OrThrow();
        var who = For(t, families[0].Family);
        var weekly = Assert.Single((await desk.LookAsync(t.Territory, Id<DeskAct>.New(), who)).OrThrow().Weekly);
        var act = Id<DeskAct>.New();
        for (var i = 0; i < 2; i++) (await desk.JoinWeeklyAsync(t.Territory, act, who, weekly.Series.Id, weekly.Cap)).OrThrow();
        await t.Town.Pools.TakeInDueAsync(t.Territory);
        Assert.True(await t.HeldAsync() >= weekly.Cap);
        var row = Assert.Single(await desk.OfOperatorAsync(t.Territory, who.Operator), r => r.Deed is DeskDeed.JoinedWeekly);
        Assert.True(row.IsIn);
        Assert.Contains(
            await new Messages(t.Town.Db, t.Town.Clock).OfAsync(t.Territory, families[0].Family.Id),
            m => m.Kind is MessageKind.DeskJoinedWeekly && m.Subject == weekly.Series.Id.Value);
    }

    [Fact]
    public async Task The_desk_books_and_calls_off_for_a_family_that_reads_it()
    {
        var (t, desk) = await DeskAsync();
        var (who, slot, rossi) = (For(t, t.Town.Rossi), await t.Town.SlotAsync(Money.Euro(20), cancelFee: Money.Euro(5)), t.Town.Rossi);
        await t.Town.GrantAsync(rossi, Money.Euro(100));
        var shown = (await desk.LookAtSlotAsync(t.Territory, Id<DeskAct>.New(), who, slot)).OrThrow();
        Assert.Equal(Money.Euro(20), shown.Coverage.Covered);
        Assert.Equal(Money.Zero, await t.HeldAsync());

        // Nobody of another family, no other price, no consent that says nothing: refused, and nothing written.
        var act = Id<DeskAct>.New();
        Assert.IsType<PersonNotInHousehold>(Refused(await desk.BookAsync(t.Territory, act, who, slot, t.Town.Bianchi.Adult, shown.Shown)));
        Assert.IsType<PriceChanged>(Refused(await desk.BookAsync(t.Territory, act, who, slot, rossi.Adult, default)));
        Assert.IsType<ConsentMissing>(Refused(await desk.BookAsync(t.Territory, act, who with { Consent = new(ConsentKind.Spoken, "") }, slot, rossi.Adult, shown.Shown)));
        Assert.Equal(DeskDeed.Looked, Assert.Single(await desk.OfOperatorAsync(t.Territory, who.Operator)).Deed);

        for (var i = 0; i < 3; i++) (await desk.BookAsync(t.Territory, act, who, slot, rossi.Child, shown.Shown)).OrThrow();
        Assert.Equal(Money.Euro(20), await t.HeldAsync());
        var booking = Assert.Single((await desk.LookAsync(t.Territory, Id<DeskAct>.New(), who)).OrThrow().Bookings);
        var told = Assert.Single(await desk.OfHouseholdAsync(t.Territory, rossi.Id, booking.Id.Value));
        Assert.Equal((DeskDeed.Booked, "modulo 12/2026"), (told.Deed, told.Reference));
        Assert.Equal(BookingStatus.Requested, (await desk.OfOperatorAsync(t.Territory, who.Operator)).Single(r => r.Deed is DeskDeed.Booked).Booking);
        Assert.Equal([MessageKind.DeskLooked, MessageKind.DeskBooked], (await ToldAsync(t, rossi)).Distinct().Order());

        // Confirmed, and past the limit: for the fee that was read aloud, or not at all.
        (await t.Town.Bookings.ConfirmAsync(t.Territory, booking.Id, t.Town.Gelso.User)).OrThrow();
        t.Town.Clock.Advance(booking.FreeUntil - t.Town.Clock.Now);
        Assert.IsType<CancelFeeChanged>(Refused(await desk.CallOffAsync(t.Territory, Id<DeskAct>.New(), who, booking.Id, Money.Zero)));
        Assert.IsType<BookingNotFound>(Refused(await desk.CallOffAsync(t.Territory, Id<DeskAct>.New(), For(t, t.Town.Bianchi), booking.Id, Money.Euro(5))));
        var off = Id<DeskAct>.New();
        for (var i = 0; i < 2; i++) (await desk.CallOffAsync(t.Territory, off, who, booking.Id, Money.Euro(5))).OrThrow();
        Assert.Equal(Money.Zero, await t.HeldAsync());
        Assert.Contains(MessageKind.DeskCalledOff, await ToldAsync(t, rossi));
        Assert.Empty((await desk.LookAsync(t.Territory, Id<DeskAct>.New(), who)).OrThrow().Bookings);
        Assert.Empty(await new MarketplaceAudit(t.Town.Db).RunAsync(t.Territory));
    }

    private static async Task<List<MessageKind>> ToldAsync(NeedTown t, BookingTown.Family family) =>
        [.. (await new Messages(t.Town.Db, t.Town.Clock).OfAsync(t.Territory, family.Id)).Select(m => m.Kind).Where(k => k is not MessageKind.Grant)];

    [Theory]
    [InlineData("update marketplace.desk_act set consent_reference = 'altro' where territory_id = {0}", "42501")]
    [InlineData("delete from marketplace.desk_act where territory_id = {0}", "42501")]
    [InlineData("insert into marketplace.desk_act select (a).* from (select jsonb_populate_record(a, jsonb_build_object('id', gen_random_uuid(), 'subject', gen_random_uuid())) a from marketplace.desk_act a where territory_id = {0}) x", "23514")]
    [InlineData("insert into marketplace.desk_act select (a).* from (select jsonb_populate_record(a, jsonb_build_object('id', gen_random_uuid(), 'consent_reference', null)) a from marketplace.desk_act a where territory_id = {0}) x", "23502")]
    public async Task What_was_written_stands_and_nothing_is_written_without_consent(string sql, string state)
    {
        var (t, desk) = await DeskAsync();
        (await desk.LookAsync(t.Territory, Id<DeskAct>.New(), For(t, t.Town.Rossi))).OrThrow();
        var refused = await Assert.ThrowsAsync<PostgresException>(() => t.Town.ChangeAsync(
            string.Format(System.Globalization.CultureInfo.InvariantCulture, sql, t.Territory), new { }));
        Assert.Equal(state, refused.SqlState);
    }

    private async Task<(NeedTown Town, DeskActs Desk)> DeskAsync()
    {
        var t = await NeedTown.BuildAsync(database);
        return (t, new(t.Town.Db, t.Needs, t.Cards, t.Town.Pools, new(t.Town.Db, t.Town.Clock), t.Town.Bookings, new(t.Town.Db), new(t.Town.Db, t.Town.Ledger, t.Town.Bookings, t.Town.Clock), new(t.Town.Db, new(t.Town.Db, t.Town.Clock), t.Town.Clock), new(t.Town.Db, t.Town.Clock), t.Town.Clock));
    }

    /// <summary>Somebody of the family tells its tax code to an operator, who is nobody of the cooperative that gives the service.</summary>
    private static DeskFor For(NeedTown t, BookingTown.Family family) => new(family.Child.Value.ToString(), Form, t.Town.Quercia.User.User);
}
