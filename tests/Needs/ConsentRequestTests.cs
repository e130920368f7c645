using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;
using Npgsql;

namespace Borsellino.Tests;

/// <summary>The desk asks a family's yes by a message: a yes does at once what was shown or nothing, and everything else does nothing.</summary>
public sealed class ConsentRequestTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly Money Price = Money.Euro(20);
    private static readonly Money Fee = Money.Euro(5);

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
    public async Task A_yes_calls_off_for_the_fee_that_was_read_and_another_sum_is_asked_again()
    {
        var (t, desk, booking) = await BookedAsync();
        var id = Id<ConsentRequest>.New();
        for (var i = 0; i < 3; i++) (await desk.AskToCallOffAsync(t.Territory, id, For(t, t.Rossi), booking)).OrThrow();
        Assert.Equal(id.Value, Assert.Single(await ToldAsync(t), m => m.Kind is MessageKind.CallOffAsked).Subject);
        Assert.Equal(BookingStatus.Confirmed, await t.StatusAsync(booking));
        var card = (await desk.FindAsync(t.Territory, t.Rossi.Id, id))!;
        // Free until a day before, and then five euro; the service is in 47 hours.
        Assert.Equal((booking, ConsentStatus.Waiting, card.StartsAt, Money.Zero), (card.Booking, card.StatusAt(t.Clock.Now), card.ValidUntil, card.FeeAt(t.Clock.Now)!.Value));
        var free = card.FreeUntil!.Value;
        Assert.Equal(Money.Zero, card.FeeAt(free - Duration.FromTicks(1)));
        Assert.Equal(Fee, card.FeeAt(free));
        Assert.Null(card.FeeAt(card.StartsAt));

        // It read that it is free, and says yes once that is over: nothing is called off or answered, and it reads the other sum.
        t.Clock.MoveTo(free);
        foreach (var read in new[] { Money.Zero, Fee + new Money(1), Fee - new Money(1) })
            Assert.Equal(new CancelFeeChanged(read, Fee), Refused(await SayAsync(t, desk, id, ConsentAnswer.Yes, read)));
        Assert.Equal((BookingStatus.Confirmed, ConsentStatus.Waiting), (await t.StatusAsync(booking), (await desk.FindAsync(t.Territory, t.Rossi.Id, id))!.StatusAt(t.Clock.Now)));
        Assert.DoesNotContain(await ToldAsync(t), m => m.Kind is MessageKind.DeskCalledOff);

        for (var i = 0; i < 3; i++) Assert.Equal(ConsentStatus.Accepted, (await SayAsync(t, desk, id, ConsentAnswer.Yes, Fee)).OrThrow());
        Assert.Equal((BookingStatus.CancelledByHousehold, Fee), (await t.StatusAsync(booking), (await desk.FindAsync(t.Territory, t.Rossi.Id, id))!.Fee));
        var told = Assert.Single(await Acts(t).OfHouseholdAsync(t.Territory, t.Rossi.Id, booking.Value));
        Assert.Equal((DeskDeed.CalledOff, ConsentKind.Reply, "Prova"), (told.Deed, told.Consent, told.Operator));
        Assert.Single(await ToldAsync(t), m => m.Kind is MessageKind.DeskCalledOff);
        var earned = await t.Db.ListAsync<Money>(t.Territory, "select settled from marketplace.booking where territory_id = @territory and id = @booking", new { booking });
        Assert.Equal([Fee], earned);
        Assert.Empty(await new MarketplaceAudit(t.Db).RunAsync(t.Territory));
    }

    [Fact]
    public async Task A_request_is_taken_back_for_nothing_until_its_provider_confirms_it_late()
    {
        var (t, desk, booking) = await BookedAsync(confirm: false);
        var id = await AskedToCallOffAsync(t, desk, booking);
        // The provider confirms after the last free moment: what was free costs the fee from then on.
        t.Clock.MoveTo((await desk.FindAsync(t.Territory, t.Rossi.Id, id))!.FreeUntil!.Value - Duration.FromSeconds(1));
        Assert.Equal(Money.Zero, (await desk.FindAsync(t.Territory, t.Rossi.Id, id))!.FeeAt(t.Clock.Now + Duration.FromHours(1)));
        (await t.Bookings.ConfirmAsync(t.Territory, booking, t.Gelso.User)).OrThrow();
        t.Clock.Advance(Duration.FromSeconds(1));
        Assert.Equal(new CancelFeeChanged(Money.Zero, Fee), Refused(await SayAsync(t, desk, id, ConsentAnswer.Yes)));

        var (u, other, second) = await BookedAsync(confirm: false);
        var free = await AskedToCallOffAsync(u, other, second);
        Assert.IsType<CancelFeeChanged>(Refused(await SayAsync(u, other, free, ConsentAnswer.Yes, Fee)));
        Assert.Equal(ConsentStatus.Accepted, (await SayAsync(u, other, free, ConsentAnswer.Yes)).OrThrow());
        Assert.Equal((BookingStatus.Withdrawn, Money.Zero), (await u.StatusAsync(second), (await other.FindAsync(u.Territory, u.Rossi.Id, free))!.Fee));
        Assert.Empty(await new MarketplaceAudit(u.Db).RunAsync(u.Territory));
    }

    [Theory]
    [InlineData("household")]
    [InlineData("provider")]
    [InlineData("desk")]
    public async Task What_was_called_off_meanwhile_is_said_and_nothing_is_written_as_done_by_the_desk(string by)
    {
        var (t, desk, booking) = await BookedAsync();
        var id = await AskedToCallOffAsync(t, desk, booking);
        var shown = (await desk.FindAsync(t.Territory, t.Rossi.Id, id))!;
        if (by == "household") (await t.Bookings.CancelByHouseholdAsync(t.Territory, booking, t.Rossi.User, Money.Zero)).OrThrow();
        else if (by == "desk") (await Acts(t).CallOffAsync(t.Territory, Id<DeskAct>.New(), For(t, t.Rossi), booking, Money.Zero)).OrThrow();
        else (await t.Bookings.CancelByProviderAsync(t.Territory, booking, t.Gelso.User, "chi viene è malato")).OrThrow();
        var (status, told) = (await t.StatusAsync(booking), (await ToldAsync(t)).Count(m => m.Kind is MessageKind.DeskCalledOff));
        Assert.Null((await desk.FindAsync(t.Territory, t.Rossi.Id, id))!.FeeAt(t.Clock.Now));
        for (var i = 0; i < 2; i++) Assert.Equal(ConsentStatus.Overtaken, (await SayAsync(t, desk, id, ConsentAnswer.Yes)).OrThrow());
        var after = (await desk.FindAsync(t.Territory, t.Rossi.Id, id))!;
        Assert.Equal(("booking_not_ready", null, status), (after.Why, after.Fee, await t.StatusAsync(booking)));
        Assert.Equal(told, (await ToldAsync(t)).Count(m => m.Kind is MessageKind.DeskCalledOff));
        Assert.Equal(BookingStatus.Confirmed, shown.Booked);
        // Nor is it asked for anew.
        Assert.IsType<BookingNotReady>(Refused(await desk.AskToCallOffAsync(t.Territory, Id<ConsentRequest>.New(), For(t, t.Rossi), booking)));
    }

    [Fact]
    public async Task Calling_off_is_not_asked_for_nor_answered_by_others_or_late_and_a_no_keeps_it()
    {
        var (t, desk, booking) = await BookedAsync();
        Task<Result<Done>> AskAsync(DeskFor who, Id<Booking> what, Id<ConsentRequest>? id = null) => desk.AskToCallOffAsync(t.Territory, id ?? Id<ConsentRequest>.New(), who, what);
        Assert.IsType<BookingNotFound>(Refused(await AskAsync(For(t, t.Bianchi), booking)));
        Assert.IsType<BookingNotFound>(Refused(await AskAsync(For(t, t.Rossi), Id<Booking>.New())));
        Assert.IsType<ConsentMissing>(Refused(await AskAsync(For(t, t.Rossi) with { Consent = new(ConsentKind.Spoken, " ") }, booking)));
        Assert.IsType<PinNotRight>(Refused(await AskAsync(For(t, t.Rossi) with { Consent = new(ConsentKind.Reply, "lo giuro") }, booking)));

        var id = await AskedToCallOffAsync(t, desk, booking);
        Assert.IsType<ConsentAlreadyAsked>(Refused(await AskAsync(For(t, t.Rossi), booking)));
        Assert.IsType<ConsentRequestIdReused>(Refused(await AskAsync(For(t, t.Bianchi), booking, id)));
        Assert.Null(await desk.FindAsync(t.Territory, t.Bianchi.Id, id));
        Assert.IsType<ConsentRequestNotFound>(Refused(await desk.AnswerAsync(t.Territory, id, ConsentAnswer.Yes, t.Bianchi.User)));
        Assert.Equal(ConsentStatus.Refused, (await SayAsync(t, desk, id, ConsentAnswer.No)).OrThrow());
        Assert.IsType<ConsentAnswered>(Refused(await SayAsync(t, desk, id, ConsentAnswer.Yes)));

        // It may be asked anew, until the service begins; a yes then comes too late.
        var again = await AskedToCallOffAsync(t, desk, booking);
        var begins = (await desk.FindAsync(t.Territory, t.Rossi.Id, again))!.StartsAt;
        t.Clock.MoveTo(begins);
        foreach (var read in new[] { Money.Zero, Fee }) Assert.Equal(new ConsentRequestOver(begins), Refused(await SayAsync(t, desk, again, ConsentAnswer.Yes, read)));
        Assert.IsType<ServiceStarted>(Refused(await AskAsync(For(t, t.Rossi), booking)));
        Assert.Equal(BookingStatus.Confirmed, await t.StatusAsync(booking));
        Assert.DoesNotContain(await ToldAsync(t), m => m.Kind is MessageKind.DeskCalledOff);
    }

    /// <summary>Yeses for the fee that was read and a cancelling of the family's own at the same time: it ends once, and what each is told is true.</summary>
    [Fact]
    public async Task Two_yeses_and_the_familys_own_cancelling_at_once_end_it_once()
    {
        await using var pool = database.OpenPool(8);
        for (var round = 0; round < 6; round++)
        {
            var (t, desk, booking) = await BookedAsync(pool: pool);
            var id = await AskedToCallOffAsync(t, desk, booking);
            var own = Task.Run(() => t.Bookings.CancelByHouseholdAsync(t.Territory, booking, t.Rossi.User, Money.Zero));
            var said = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => SayAsync(t, desk, id, ConsentAnswer.Yes))));
            await own;
            var status = (await desk.FindAsync(t.Territory, t.Rossi.Id, id))!.StatusAt(t.Clock.Now);
            Assert.All(said, s => Assert.Equal(status, s.OrThrow()));
            Assert.True(status is ConsentStatus.Accepted or ConsentStatus.Overtaken);
            Assert.Equal(status is ConsentStatus.Accepted ? 1 : 0, (await ToldAsync(t)).Count(m => m.Kind is MessageKind.DeskCalledOff));
            Assert.Equal(BookingStatus.CancelledByHousehold, await t.StatusAsync(booking));
            Assert.Empty(await new MarketplaceAudit(t.Db).RunAsync(t.Territory));
        }
    }

    [Theory]
    [InlineData("update marketplace.consent_request set answer = 'Yes', answered_at = asked_at, answered_by = asked_by where territory_id = @territory", "23514")]
    [InlineData("update marketplace.consent_request set fee = 500 where territory_id = @territory", "23514")]
    [InlineData("update marketplace.consent_request set calls_off = null where territory_id = @territory", "42501")]
    [InlineData("insert into marketplace.consent_request select (q).* from (select jsonb_populate_record(q, jsonb_build_object('id', gen_random_uuid(), 'shown', 'altro')) q from marketplace.consent_request q where territory_id = @territory) x", "23514")]
    [InlineData("with said as (update marketplace.consent_request set answer = 'Yes', answered_at = asked_at, answered_by = asked_by, fee = 0 where territory_id = @territory returning *) insert into marketplace.desk_act (territory_id, id, household_id, person_id, deed, subject, consent_kind, consent_reference, acted_by, acted_at, request_id) select territory_id, gen_random_uuid(), household_id, person_id, 'Booked', calls_off, 'Reply', 'non detto', asked_by, asked_at, id from said", "23514")]
    public async Task A_yes_to_calling_off_says_its_fee_and_is_no_yes_to_booking(string sql, string state)
    {
        var (t, desk, booking) = await BookedAsync();
        await AskedToCallOffAsync(t, desk, booking);
        Assert.Equal(state, (await Assert.ThrowsAsync<PostgresException>(() => t.ChangeAsync(sql, new { }))).SqlState);
    }

    [Theory]
    [InlineData("calls_off")]
    [InlineData("gen_random_uuid()")]
    public async Task A_deed_by_such_a_yes_is_about_the_booking_it_names(string subject)
    {
        var (t, desk, booking) = await BookedAsync();
        await AskedToCallOffAsync(t, desk, booking);
        await t.ChangeAsync("update marketplace.consent_request set answer = 'Yes', answered_at = asked_at, answered_by = asked_by, fee = 0 where territory_id = @territory", new { });
        var write = () => t.ChangeAsync(
            $"""
            insert into marketplace.desk_act (territory_id, id, household_id, person_id, deed, subject, consent_kind, consent_reference, acted_by, acted_at, request_id)
            select territory_id, gen_random_uuid(), household_id, person_id, 'CalledOff', {subject}, 'Reply', 'detto', asked_by, asked_at, id
            from marketplace.consent_request where territory_id = @territory
            """, new { });
        if (subject == "calls_off") await write();
        else Assert.Equal("desk_act_of_its_request", (await Assert.ThrowsAsync<PostgresException>(write)).ConstraintName);
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

    private async Task<(BookingTown Town, ConsentRequests Desk, Id<Booking> Booking)> BookedAsync(bool confirm = true, Database? pool = null)
    {
        var (t, desk, slot, _) = await ReadyAsync(pool);
        var booking = (await t.BookAsync(t.Rossi, slot)).OrThrow();
        if (confirm) (await t.Bookings.ConfirmAsync(t.Territory, booking, t.Gelso.User)).OrThrow();
        return (t, desk, booking);
    }

    private static async Task<Id<ConsentRequest>> AskedToCallOffAsync(BookingTown t, ConsentRequests desk, Id<Booking> booking)
    {
        var id = Id<ConsentRequest>.New();
        (await desk.AskToCallOffAsync(t.Territory, id, For(t, t.Rossi), booking)).OrThrow();
        return id;
    }

    private static async Task<AsShown> ShownAsync(BookingTown t, Id<Slot> slot) => (await t.Bookings.PreviewAsync(t.Territory, t.Rossi.Id, slot)).OrThrow().Shown;

    private static async Task<Id<ConsentRequest>> AskedAsync(BookingTown t, ConsentRequests desk, Id<Slot> slot, AsShown shown)
    {
        var id = Id<ConsentRequest>.New();
        (await desk.AskAsync(t.Territory, id, For(t, t.Rossi), slot, t.Rossi.Adult, shown)).OrThrow();
        return id;
    }

    private static Task<Result<ConsentStatus>> SayAsync(BookingTown t, ConsentRequests desk, Id<ConsentRequest> id, ConsentAnswer answer, Money feeRead = default) =>
        desk.AnswerAsync(t.Territory, id, answer, t.Rossi.User, feeRead);

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
