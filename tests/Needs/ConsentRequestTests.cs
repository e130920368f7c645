using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;
using Npgsql;

namespace Borsellino.Tests;

/// <summary>The desk asks a family's yes by a message: a yes does at once what was shown or nothing, and everything else does nothing.</summary>
public sealed class ConsentRequestTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly Money Price = Money.Euro(20);

    [Fact]
    public async Task A_yes_books_at_once_in_the_operators_name_and_nothing_is_booked_before()
    {
        var (t, desk, slot, shown) = await ReadyAsync();
        var id = Id<ConsentRequest>.New();
        for (var i = 0; i < 3; i++) (await desk.AskAsync(t.Territory, id, For(t, t.Rossi), slot, t.Rossi.Child, shown)).OrThrow();
        Assert.Equal(0, await t.TakenAsync(slot));
        var card = (await desk.FindAsync(t.Territory, t.Rossi.Id, id))!;
        // The service is in 47 hours and its provider has 24 to answer.
        Assert.Equal((ConsentStatus.Waiting, t.Clock.Now + Duration.FromHours(23)), (card.StatusAt(t.Clock.Now), card.ValidUntil));
        Assert.Equal((Price, Price, Money.Zero, "Prova"), (card.Price, card.Covered, card.Own, card.Operator));
        Assert.Equal(id.Value, Assert.Single(await ToldAsync(t), m => m.Kind is MessageKind.ConsentAsked).Subject);
        Assert.Empty((await new BookingCards(t.Db).OfHouseholdAsync(t.Territory, t.Rossi.Id)));

        for (var i = 0; i < 3; i++) Assert.Equal(ConsentStatus.Accepted, (await SayAsync(t, desk, id, ConsentAnswer.Yes)).OrThrow());
        Assert.Equal(ConsentStatus.Accepted, Assert.IsType<ConsentAnswered>(Refused(await SayAsync(t, desk, id, ConsentAnswer.No))).Status);
        Assert.Equal((1, BookingStatus.Requested), (await t.TakenAsync(slot), await t.StatusAsync(card.Booking)));
        var booking = Assert.Single(await new BookingCards(t.Db).OfHouseholdAsync(t.Territory, t.Rossi.Id));
        Assert.Equal(card.Booking, booking.Id);
        // Who did it is the operator, by which consent is the reply; the household reads both, like any other deed.
        Assert.Equal(
            [t.Quercia.User.User.Value],
            await t.Db.ListAsync<Guid>(t.Territory, "select requested_by from marketplace.booking where territory_id = @territory and id = @id", new { id = card.Booking }));
        var told = Assert.Single(await Acts(t).OfHouseholdAsync(t.Territory, t.Rossi.Id, card.Booking.Value));
        Assert.Equal((DeskDeed.Booked, ConsentKind.Reply, "Prova"), (told.Deed, told.Consent, told.Operator));
        Assert.Single(await ToldAsync(t), m => m.Kind is MessageKind.DeskBooked);
        Assert.Equal(DeskDeed.Booked, Assert.Single(await Acts(t).OfOperatorAsync(t.Territory, t.Quercia.User.User)).Deed);
        Assert.Equal(ConsentStatus.Accepted, Assert.Single(await desk.OfOperatorAsync(t.Territory, t.Quercia.User.User)).StatusAt(t.Clock.Now));
        Assert.Empty(await desk.OfOperatorAsync(t.Territory, t.Gelso.User.User));
        Assert.Empty(await new MarketplaceAudit(t.Db).RunAsync(t.Territory));
    }

    [Theory]
    [InlineData("terms_changed", "update marketplace.offer set cancel_fee = 700 where territory_id = @territory")]
    [InlineData("price_changed", "update marketplace.offer set price = price + 100 where territory_id = @territory")]
    [InlineData("slot_full", "")]
    [InlineData("offer_withdrawn", "update marketplace.offer set status = 'Withdrawn' where territory_id = @territory")]
    public async Task What_is_not_as_it_was_shown_is_not_booked_and_both_read_why(string why, string change)
    {
        var (t, desk, slot, shown) = await ReadyAsync();
        var id = await AskedAsync(t, desk, slot, shown);
        if (why == "slot_full") (await t.BookAsync(t.Bianchi, slot)).OrThrow();
        else await t.ChangeAsync(change, new { });
        var taken = await t.TakenAsync(slot);
        for (var i = 0; i < 2; i++) Assert.Equal(ConsentStatus.Overtaken, (await SayAsync(t, desk, id, ConsentAnswer.Yes)).OrThrow());
        Assert.Equal(why, (await desk.FindAsync(t.Territory, t.Rossi.Id, id))!.Why);
        Assert.Equal(why, Assert.Single(await desk.OfOperatorAsync(t.Territory, t.Quercia.User.User)).Why);
        Assert.Equal(taken, await t.TakenAsync(slot));
        Assert.Empty(await new BookingCards(t.Db).OfHouseholdAsync(t.Territory, t.Rossi.Id));
        Assert.DoesNotContain(await ToldAsync(t), m => m.Kind is MessageKind.DeskBooked);
    }

    [Fact]
    public async Task A_no_the_end_of_time_and_another_family_do_nothing()
    {
        var (t, desk, slot, shown) = await ReadyAsync();
        var id = await AskedAsync(t, desk, slot, shown);
        Assert.Null(await desk.FindAsync(t.Territory, t.Bianchi.Id, id));
        Assert.IsType<ConsentRequestNotFound>(Refused(await desk.AnswerAsync(t.Territory, id, ConsentAnswer.Yes, t.Bianchi.User)));
        Assert.IsType<ConsentRequestNotFound>(Refused(await SayAsync(t, desk, Id<ConsentRequest>.New(), ConsentAnswer.Yes)));
        for (var i = 0; i < 2; i++) Assert.Equal(ConsentStatus.Refused, (await SayAsync(t, desk, id, ConsentAnswer.No)).OrThrow());
        Assert.Equal(ConsentStatus.Refused, Assert.IsType<ConsentAnswered>(Refused(await SayAsync(t, desk, id, ConsentAnswer.Yes))).Status);

        // It may be asked anew, and the last moment is too late.
        var again = await AskedAsync(t, desk, slot, shown);
        t.Clock.Advance(Duration.FromHours(23) - Duration.FromSeconds(1));
        Assert.Equal(ConsentStatus.Waiting, (await desk.FindAsync(t.Territory, t.Rossi.Id, again))!.StatusAt(t.Clock.Now));
        t.Clock.Advance(Duration.FromSeconds(1));
        Assert.IsType<ConsentRequestOver>(Refused(await SayAsync(t, desk, again, ConsentAnswer.Yes)));
        Assert.IsType<ConsentRequestOver>(Refused(await SayAsync(t, desk, again, ConsentAnswer.No)));
        Assert.Equal(
            [ConsentStatus.Refused, ConsentStatus.Expired],
            (await desk.OfOperatorAsync(t.Territory, t.Quercia.User.User)).Select(c => c.StatusAt(t.Clock.Now)).Order());
        Assert.Equal(0, await t.TakenAsync(slot));
    }

    [Fact]
    public async Task What_cannot_be_booked_or_was_not_shown_is_not_asked()
    {
        var (t, desk, slot, shown) = await ReadyAsync();
        var (who, id) = (For(t, t.Rossi), Id<ConsentRequest>.New());
        Task<Result<Done>> AskAsync(DeskFor by, Id<Slot> at, Id<Person> person, AsShown saw) => desk.AskAsync(t.Territory, id, by, at, person, saw);
        Assert.IsType<ConsentMissing>(Refused(await AskAsync(who with { Consent = new(ConsentKind.Spoken, " ") }, slot, t.Rossi.Adult, shown)));
        Assert.IsType<NobodyOfTaxCode>(Refused(await AskAsync(who with { TaxCode = "nessuno" }, slot, t.Rossi.Adult, shown)));
        Assert.IsType<SlotNotFound>(Refused(await AskAsync(who, Id<Slot>.New(), t.Rossi.Adult, shown)));
        Assert.IsType<PersonNotInHousehold>(Refused(await AskAsync(who, slot, t.Bianchi.Adult, shown)));
        Assert.IsType<PriceChanged>(Refused(await AskAsync(who, slot, t.Rossi.Adult, default)));
        Assert.IsType<TermsChanged>(Refused(await AskAsync(who, slot, t.Rossi.Adult, AsShown.Parse("2000;1;altro", null))));
        Assert.IsType<NotEnoughInPurse>(Refused(await AskAsync(For(t, t.Bianchi), await t.SlotAsync(Money.Euro(999)), t.Bianchi.Adult, AsShown.Parse("99900;", null))));
        var soon = await t.SlotAsync(Price, BookingTown.Monday + Duration.FromHours(24));
        Assert.IsType<ConsentTooLate>(Refused(await AskAsync(who, soon, t.Rossi.Adult, await ShownAsync(t, soon))));
        // That a family replied is not an operator's to say, for any deed.
        var claimed = who with { Consent = new(ConsentKind.Reply, "lo giuro") };
        Assert.IsType<PinNotRight>(Refused(await AskAsync(claimed, slot, t.Rossi.Adult, shown)));
        Assert.IsType<PinNotRight>(Refused(await Acts(t).BookAsync(t.Territory, Id<DeskAct>.New(), claimed, slot, t.Rossi.Adult, shown)));
        Assert.Empty(await desk.OfOperatorAsync(t.Territory, who.Operator));

        (await AskAsync(who, slot, t.Rossi.Adult, shown)).OrThrow();
        Assert.IsType<ConsentRequestIdReused>(Refused(await AskAsync(who, slot, t.Rossi.Child, shown)));
        Assert.IsType<ConsentAlreadyAsked>(Refused(await desk.AskAsync(t.Territory, Id<ConsentRequest>.New(), who, slot, t.Rossi.Adult, shown)));
        Assert.Single(await desk.OfOperatorAsync(t.Territory, who.Operator));
    }

    [Fact]
    public async Task Two_devices_and_another_family_at_once_leave_one_answer_and_one_booking()
    {
        await using var pool = database.OpenPool(8);
        for (var round = 0; round < 8; round++)
        {
            var (t, desk, slot, shown) = await ReadyAsync(pool);
            var id = await AskedAsync(t, desk, slot, shown);
            var answers = new[] { ConsentAnswer.Yes, ConsentAnswer.Yes, round % 2 == 0 ? ConsentAnswer.No : ConsentAnswer.Yes };
            var other = Task.Run(() => t.BookAsync(t.Bianchi, slot));
            var said = await Task.WhenAll(answers.Select(a => Task.Run(() => SayAsync(t, desk, id, a))));
            var isTakenByOther = !(await other).IsRefused(out _);

            var status = (await desk.FindAsync(t.Territory, t.Rossi.Id, id))!.StatusAt(t.Clock.Now);
            foreach (var one in said) Assert.Equal(status, one.IsRefused(out var refusal, out var answered) ? Assert.IsType<ConsentAnswered>(refusal).Status : answered);
            var mine = await new BookingCards(t.Db).OfHouseholdAsync(t.Territory, t.Rossi.Id);
            Assert.Equal(status is ConsentStatus.Accepted ? 1 : 0, mine.Count);
            Assert.True(status is not ConsentStatus.Waiting && (status is not ConsentStatus.Accepted || !isTakenByOther) && (status is not ConsentStatus.Overtaken || isTakenByOther));
            Assert.Equal(mine.Count, (await ToldAsync(t)).Count(m => m.Kind is MessageKind.DeskBooked));
            Assert.Equal(mine.Count + (isTakenByOther ? 1 : 0), await t.TakenAsync(slot));
        }
    }

    [Theory]
    [InlineData("update marketplace.consent_request set answer = 'No', answered_at = answered_at where territory_id = @territory", "23514")]
    [InlineData("update marketplace.consent_request set valid_until = valid_until where territory_id = @territory", "42501")]
    [InlineData("update marketplace.consent_request set shown = 'altro' where territory_id = @territory", "42501")]
    [InlineData("delete from marketplace.consent_request where territory_id = @territory", "42501")]
    [InlineData("insert into marketplace.consent_request select (q).* from (select jsonb_populate_record(q, jsonb_build_object('id', gen_random_uuid(), 'valid_until', q.asked_at + interval '49 hours')) q from marketplace.consent_request q where territory_id = @territory) x", "23514")]
    [InlineData("insert into marketplace.consent_request select (q).* from (select jsonb_populate_record(q, jsonb_build_object('id', gen_random_uuid(), 'answered_at', q.valid_until, 'answer', 'No')) q from marketplace.consent_request q where territory_id = @territory) x", "23514")]
    [InlineData("insert into marketplace.desk_act (territory_id, id, household_id, person_id, deed, subject, consent_kind, consent_reference, acted_by, acted_at) select territory_id, gen_random_uuid(), household_id, person_id, 'Booked', id, 'Reply', 'non detto', asked_by, asked_at from marketplace.consent_request where territory_id = @territory", "23514")]
    [InlineData("insert into marketplace.desk_act (territory_id, id, household_id, person_id, deed, subject, consent_kind, consent_reference, acted_by, acted_at, request_id) select territory_id, gen_random_uuid(), household_id, person_id, 'Booked', id, 'Reply', 'non detto', asked_by, asked_at, id from marketplace.consent_request where territory_id = @territory", "23514")]
    public async Task What_was_answered_stands_and_nobody_writes_a_yes_that_was_not_said(string sql, string state)
    {
        var (t, desk, slot, shown) = await ReadyAsync();
        var id = await AskedAsync(t, desk, slot, shown);
        (await SayAsync(t, desk, id, ConsentAnswer.No)).OrThrow();
        Assert.Equal(state, (await Assert.ThrowsAsync<PostgresException>(() => t.ChangeAsync(sql, new { }))).SqlState);
    }

    private async Task<(BookingTown Town, ConsentRequests Desk, Id<Slot> Slot, AsShown Shown)> ReadyAsync(Database? pool = null)
    {
        var t = await BookingTown.BuildAsync(database, pool);
        foreach (var family in new[] { t.Rossi, t.Bianchi }) await t.GrantAsync(family, Money.Euro(100));
        var slot = await t.SlotAsync(Price, cancelFee: Money.Euro(5));
        return (t, new(t.Db, t.Bookings, t.Clock), slot, await ShownAsync(t, slot));
    }

    private static async Task<AsShown> ShownAsync(BookingTown t, Id<Slot> slot) => (await t.Bookings.PreviewAsync(t.Territory, t.Rossi.Id, slot)).OrThrow().Shown;

    private static async Task<Id<ConsentRequest>> AskedAsync(BookingTown t, ConsentRequests desk, Id<Slot> slot, AsShown shown)
    {
        var id = Id<ConsentRequest>.New();
        (await desk.AskAsync(t.Territory, id, For(t, t.Rossi), slot, t.Rossi.Adult, shown)).OrThrow();
        return id;
    }

    private static Task<Result<ConsentStatus>> SayAsync(BookingTown t, ConsentRequests desk, Id<ConsentRequest> id, ConsentAnswer answer) =>
        desk.AnswerAsync(t.Territory, id, answer, t.Rossi.User);

    private static Task<List<Message>> ToldAsync(BookingTown t) => new Messages(t.Db, t.Clock).OfAsync(t.Territory, t.Rossi.Id);

    private static DeskFor For(BookingTown t, BookingTown.Family family) =>
        new(family.Adult.Value.ToString(), new(ConsentKind.Telephone, "registro 5/2026"), t.Quercia.User.User);

    private static DeskActs Acts(BookingTown t) => new(
        t.Db, new(t.Db, t.Pools, t.Clock), new(t.Db, t.Clock), t.Pools, new(t.Db, t.Clock), t.Bookings, new(t.Db),
        new(t.Db, t.Ledger, t.Bookings, t.Clock), new(t.Db, new(t.Db, t.Clock), t.Clock), new(t.Db, t.Clock), t.Clock);

    private static Refusal Refused<T>(Result<T> result)
        where T : notnull
    {
        Assert.True(result.IsRefused(out var refusal));
        return refusal;
    }
}
