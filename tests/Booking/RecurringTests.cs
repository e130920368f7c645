using Borsellino.Ledger;
using Borsellino.Marketplace;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using Npgsql;

namespace Borsellino.Tests;

/// <summary>The same service every week: each date a booking of its own, held when it comes near, never for more than was agreed to.</summary>
public sealed class RecurringTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly Money Price = Money.Euro(20);

    [Fact]
    public async Task Dates_that_are_near_are_booked_at_once_and_the_others_when_they_come_near()
    {
        var t = await TownAsync(weeks: 6);
        await t.Town.GrantAsync(t.Town.Rossi, Money.Euro(200));
        var id = (await t.StartAsync(times: 6)).OrThrow();
        // Two days ahead, and nine: those are within a fortnight.
        Assert.Equal([RecurringOutcome.Booked, RecurringOutcome.Booked, null, null, null, null], await t.OutcomesAsync(id));
        Assert.Equal(Price * 2, await t.HeldAsync());

        for (var i = 0; i < 3; i++) Assert.Equal(0, await t.Recurring.TakeDueAsync(t.Territory));
        t.Town.Clock.Advance(Duration.FromDays(7));
        Assert.Equal(1, await t.Recurring.TakeDueAsync(t.Territory));
        Assert.Equal(Price * 3, await t.HeldAsync());
        Assert.Equal([MessageKind.RecurringBooked], await t.ToldAsync());

        t.Town.Clock.Advance(Duration.FromDays(21));
        Assert.Equal(3, await t.Recurring.TakeDueAsync(t.Territory));
        Assert.DoesNotContain(null, await t.OutcomesAsync(id));
        Assert.Empty(await new MarketplaceAudit(t.Town.Db).RunAsync(t.Territory));
    }

    [Fact]
    public async Task Where_the_money_ends_is_said_before_and_that_date_is_missed_alone()
    {
        var t = await TownAsync(weeks: 4);
        await t.Town.GrantAsync(t.Town.Rossi, Money.Euro(50));
        var preview = (await t.Recurring.PreviewAsync(t.Territory, t.Town.Rossi.Id, t.Slots[0], 4, [])).OrThrow();
        Assert.Equal((2, t.Day(2)), (preview.EnoughFor, preview.EndsAt!.Day));
        Assert.Equal([true, true, false, false], preview.Dates.Select(d => d.IsPaid));
        var id = (await t.StartAsync(times: 4)).OrThrow();

        t.Town.Clock.Advance(Duration.FromDays(7));
        await t.Recurring.TakeDueAsync(t.Territory);
        var dates = await t.DatesAsync(id);
        Assert.Equal((RecurringOutcome.Missed, "not_enough_in_purse"), (dates[2].Outcome, dates[2].Why));
        Assert.Equal(Price * 2, await t.HeldAsync());
        Assert.Equal([MessageKind.RecurringMissed], await t.ToldAsync());

        // Money comes: the missed one can be booked by hand, the next books itself.
        await t.Town.GrantAsync(t.Town.Rossi, Money.Euro(100));
        Assert.Equal(t.Slots[2], dates[2].Slot);
        var byHand = (await t.Town.BookAsync(t.Town.Rossi, t.Slots[2])).OrThrow();
        Assert.Equal(byHand, (await t.DatesAsync(id))[2].Booking);
        t.Town.Clock.Advance(Duration.FromDays(7));
        await t.Recurring.TakeDueAsync(t.Territory);
        Assert.Equal(RecurringOutcome.Booked, (await t.DatesAsync(id))[3].Outcome);
        Assert.Empty(await new MarketplaceAudit(t.Town.Db).RunAsync(t.Territory));
    }

    [Fact]
    public async Task The_limit_of_a_month_counts_in_its_month()
    {
        // Wednesdays 7, 14, 21, 28 October and 4 November: forty euro a month are two dates in the first and one more in the next.
        var t = await TownAsync(weeks: 5);
        await t.Town.GrantAsync(t.Town.Rossi, Money.Euro(500), monthMax: Money.Euro(40));
        var preview = (await t.Recurring.PreviewAsync(t.Territory, t.Town.Rossi.Id, t.Slots[0], 5, [])).OrThrow();
        Assert.Equal([true, true, false, false, true], preview.Dates.Select(d => d.IsPaid));
        // Left out, a date takes nothing from its month.
        preview = (await t.Recurring.PreviewAsync(t.Territory, t.Town.Rossi.Id, t.Slots[0], 5, [t.Day(1)])).OrThrow();
        Assert.Equal([true, true, false, true], preview.Dates.Select(d => d.IsPaid));
    }

    [Fact]
    public async Task What_can_be_said_of_each_date_is_said_before()
    {
        var t = await TownAsync(weeks: 3);
        await t.Town.GrantAsync(t.Town.Rossi, Money.Euro(500));
        await t.Town.GrantAsync(t.Town.Bianchi, Money.Euro(500));
        (await t.Town.BookAsync(t.Town.Bianchi, t.Slots[2])).OrThrow();
        await t.WithdrawAsync(t.Slots[1]);
        var preview = (await t.Recurring.PreviewAsync(t.Territory, t.Town.Rossi.Id, t.Slots[0], 4, [])).OrThrow();
        // The second would be asked for at once; the fourth the provider may still open.
        Assert.Equal([DateOutlook.Free, DateOutlook.NoTime, DateOutlook.Full, DateOutlook.NotOpenYet], preview.Dates.Select(d => d.Outlook));
        Assert.Equal([true, false, false, true], preview.Dates.Select(d => d.IsPaid));

        var id = (await t.StartAsync(times: 4)).OrThrow();
        t.Town.Clock.Advance(Duration.FromDays(15));
        await t.Recurring.TakeDueAsync(t.Territory);
        Assert.Equal(["", "time_not_open", "slot_full", "time_not_open"], (await t.DatesAsync(id)).Select(d => d.Why));
    }

    [Fact]
    public async Task A_date_is_left_out_before_it_is_booked_and_all_of_them_at_any_time()
    {
        var t = await TownAsync(weeks: 6);
        await t.Town.GrantAsync(t.Town.Rossi, Money.Euro(500));
        var id = (await t.StartAsync(times: 6, without: [t.Day(1), t.Day(40)])).OrThrow();
        Assert.Equal([RecurringOutcome.Booked, RecurringOutcome.Skipped, null, null, null, null], await t.OutcomesAsync(id));
        for (var i = 0; i < 2; i++) (await t.Recurring.SkipAsync(t.Territory, id, t.Day(2), t.Town.Rossi.User)).OrThrow();
        t.Town.Clock.Advance(Duration.FromDays(7));
        await t.Recurring.TakeDueAsync(t.Territory);
        Assert.Equal(Price, await t.HeldAsync());

        Assert.IsType<DateBooked>(Refused(await t.Recurring.SkipAsync(t.Territory, id, t.Day(0), t.Town.Rossi.User)));
        Assert.IsType<DateNotFound>(Refused(await t.Recurring.SkipAsync(t.Territory, id, t.Day(0).PlusDays(1), t.Town.Rossi.User)));
        Assert.IsType<DateNotFound>(Refused(await t.Recurring.SkipAsync(t.Territory, id, t.Day(6), t.Town.Rossi.User)));
        Assert.IsType<RecurringNotFound>(Refused(await t.Recurring.SkipAsync(t.Territory, id, t.Day(3), t.Town.Bianchi.User)));
        Assert.IsType<RecurringNotFound>(Refused(await t.Recurring.EndAsync(t.Territory, id, t.Town.Bianchi.User)));
        for (var i = 0; i < 2; i++) (await t.Recurring.EndAsync(t.Territory, id, t.Town.Rossi.User)).OrThrow();
        t.Town.Clock.Advance(Duration.FromDays(14));
        Assert.Equal(0, await t.Recurring.TakeDueAsync(t.Territory));
        Assert.IsType<DateNotFound>(Refused(await t.Recurring.SkipAsync(t.Territory, id, t.Day(5), t.Town.Rossi.User)));
        Assert.Equal(Price, await t.HeldAsync());
    }

    [Fact]
    public async Task No_date_costs_more_than_was_agreed_to()
    {
        var t = await TownAsync(weeks: 5);
        await t.Town.GrantAsync(t.Town.Rossi, Money.Euro(75), copayment: true);
        var id = (await t.StartAsync(times: 5, agreed: new(Price, Money.Zero, Money.Euro(5)))).OrThrow();
        // The provider asks more for whoever comes now, then more for who does not come.
        async Task SweepAsync(string change)
        {
            await t.Town.ChangeAsync($"update marketplace.offer set {change} where territory_id = @territory", new { });
            t.Town.Clock.Advance(Duration.FromDays(7));
            Assert.Equal(1, await t.Recurring.TakeDueAsync(t.Territory));
        }

        await SweepAsync("price = 2001");
        await SweepAsync("price = 1900, cancel_fee = 501");
        // Thirty-five are left, which is enough; twenty-one would be the household's of a price of 20.00 at the fifth, were its part not zero.
        await SweepAsync("price = 2000, cancel_fee = 500");
        Assert.Equal(["", "", "price_changed", "terms_changed", ""], (await t.DatesAsync(id)).Select(d => d.Why));
        Assert.Equal(Price * 3, await t.HeldAsync());

        var other = (await t.StartAsync(times: 2, agreed: new(Price, Money.Zero, Money.Euro(5)), slot: await t.Town.SlotAsync(Price, t.Town.Clock.Now + Duration.FromDays(3), cancelFee: Money.Euro(5)))).OrThrow();
        Assert.Equal("terms_changed", (await t.DatesAsync(other))[0].Why);
    }

    [Fact]
    public async Task What_is_wrong_is_refused_by_its_own_reason_and_the_same_again_does_it_once()
    {
        var t = await TownAsync(weeks: 3);
        await t.Town.GrantAsync(t.Town.Rossi, Money.Euro(500));
        var good = new RecurringTerms(Price, Money.Zero, Money.Euro(5));
        (Type Why, Func<Task<Result<Id<RecurringBooking>>>> Try)[] table =
        [
            (typeof(RecurringTimesOutside), () => t.StartAsync(times: 1)),
            (typeof(RecurringTimesOutside), () => t.StartAsync(times: 13)),
            (typeof(SlotNotFound), () => t.StartAsync(times: 3, slot: Id<Slot>.New())),
            (typeof(PersonNotInHousehold), () => t.StartAsync(times: 3, person: t.Town.Bianchi.Adult)),
            (typeof(PriceChanged), () => t.StartAsync(times: 3, agreed: good with { Price = Money.Euro(21) })),
            (typeof(TermsChanged), () => t.StartAsync(times: 3, agreed: good with { Fee = Money.Euro(6) })),
            (typeof(TermsChanged), () => t.StartAsync(times: 3, agreed: good with { Own = Money.Euro(21) })),
            (typeof(NothingRecurring), () => t.StartAsync(times: 2, without: [t.Day(0), t.Day(1)])),
        ];
        foreach (var (why, attempt) in table) Assert.IsType(why, Refused(await attempt()));
        Assert.Equal(Money.Zero, await t.HeldAsync());

        var id = Id<RecurringBooking>.New();
        for (var i = 0; i < 3; i++) Assert.Equal(id, (await t.StartAsync(times: 3, id: id)).OrThrow());
        Assert.Equal(Price * 2, await t.HeldAsync());
        Assert.IsType<RecurringIdReused>(Refused(await t.StartAsync(times: 2, id: id)));
        Assert.IsType<AlreadyRecurring>(Refused(await t.StartAsync(times: 2, slot: t.Slots[2])));
        (await t.StartAsync(times: 2, person: t.Town.Rossi.Child, slot: t.Slots[2])).OrThrow();
    }

    [Fact]
    public async Task Two_sweeps_at_once_book_a_date_once()
    {
        var t = await TownAsync(weeks: 8);
        await t.Town.GrantAsync(t.Town.Rossi, Money.Euro(500));
        var id = (await t.StartAsync(times: 8)).OrThrow();
        t.Town.Clock.Advance(Duration.FromDays(1));
        for (var week = 0; week < 6; week++)
        {
            t.Town.Clock.Advance(Duration.FromDays(7));
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => t.Recurring.TakeDueAsync(t.Territory))));
        }

        Assert.All(await t.OutcomesAsync(id), o => Assert.Equal(RecurringOutcome.Booked, o));
        Assert.Equal(Price * 8, await t.HeldAsync());
    }

    /// <summary>Whatever was left out, stopped or swept when: every date is one thing, money is held for booked dates alone, and never above the purse.</summary>
    [Fact]
    public void Whatever_happens_a_date_is_one_thing_and_is_paid_once()
    {
        var steps = Gen.Choose(0, 9).ListOf().Where(l => l.Count is > 0 and < 25).ToArbitrary();
        Prop.ForAll(steps, list => HoldsAsync([.. list]).GetAwaiter().GetResult()).Check(Config.QuickThrowOnFailure.WithMaxTest(12));

        async Task HoldsAsync(List<int> does)
        {
            var t = await TownAsync(weeks: 6);
            await t.Town.GrantAsync(t.Town.Rossi, Money.Euro(70));
            var id = (await t.StartAsync(times: 6)).OrThrow();
            foreach (var step in does)
            {
                if (step < 6) await t.Recurring.SkipAsync(t.Territory, id, t.Day(step), t.Town.Rossi.User);
                else if (step < 9) { t.Town.Clock.Advance(Duration.FromDays(step - 3)); await t.Recurring.TakeDueAsync(t.Territory); }
                else if (does.Count > 15) await t.Recurring.EndAsync(t.Territory, id, t.Town.Rossi.User);
            }

            var dates = await t.DatesAsync(id);
            Assert.Equal(Price * dates.Count(d => d.Outcome is RecurringOutcome.Booked), await t.HeldAsync());
            Assert.True(await t.HeldAsync() <= Money.Euro(70));
            Assert.All(dates, d => Assert.Equal(d.Outcome is RecurringOutcome.Booked, d.Booking is not null));
            Assert.All(dates, d => Assert.Equal(d.Outcome is RecurringOutcome.Missed, d.Why.Length > 0));
            Assert.Empty(await new MarketplaceAudit(t.Town.Db).RunAsync(t.Territory));
        }
    }

    [Theory]
    [InlineData("update marketplace.recurring_booking set price = price + 1 where territory_id = {0}", "42501")]
    [InlineData("update marketplace.recurring_turn set outcome = 'Skipped' where territory_id = {0}", "42501")]
    [InlineData("insert into marketplace.recurring_turn select (a).* from (select jsonb_populate_record(a, jsonb_build_object('day', a.day + 1, 'booking_id', null, 'outcome', 'Skipped')) a from marketplace.recurring_turn a where territory_id = {0} limit 1) x", "23514")]
    [InlineData("insert into marketplace.recurring_turn select (a).* from (select jsonb_populate_record(a, jsonb_build_object('day', a.day + 21)) a from marketplace.recurring_turn a where territory_id = {0} limit 1) x", "23505")]
    [InlineData("insert into marketplace.recurring_turn select (a).* from (select jsonb_populate_record(a, jsonb_build_object('day', a.day + 21, 'booking_id', null)) a from marketplace.recurring_turn a where territory_id = {0} limit 1) x", "23514")]
    public async Task What_was_agreed_to_and_decided_stands(string sql, string state)
    {
        var t = await TownAsync(weeks: 5);
        await t.Town.GrantAsync(t.Town.Rossi, Money.Euro(500));
        (await t.StartAsync(times: 5)).OrThrow();
        var refused = await Assert.ThrowsAsync<PostgresException>(() => t.Town.ChangeAsync(
            string.Format(System.Globalization.CultureInfo.InvariantCulture, sql, t.Territory), new { }));
        Assert.Equal(state, refused.SqlState);
    }

    /// <summary>A town whose cooperative helps at home every Wednesday at nine, for so many weeks; the fee for who does not come is 5.00.</summary>
    private async Task<Weekly> TownAsync(int weeks)
    {
        var town = await BookingTown.BuildAsync(database);
        var first = await town.SlotAsync(Price, cancelFee: Money.Euro(5));
        var slots = new List<Id<Slot>> { first };
        var day = new LocalDate(2026, 10, 7);
        for (var week = 1; week < weeks; week++)
        {
            var slot = Id<Slot>.New();
            await town.ChangeAsync(
                """
                insert into marketplace.slot (territory_id, id, offer_id, starts_at, ends_at, capacity)
                select territory_id, @slot, offer_id, @at, @at + interval '1 hour', 1 from marketplace.slot where territory_id = @territory and id = @first
                """, new { slot, first, at = RecurringBooking.At(day.PlusWeeks(week), new(9, 0)) });
            slots.Add(slot);
        }

        return new(town, slots);
    }

    private sealed record Weekly(BookingTown Town, IReadOnlyList<Id<Slot>> Slots)
    {
        public TerritoryId Territory => Town.Territory;
        public RecurringBookings Recurring { get; } = new(Town.Db, Town.Bookings, Town.Clock);

        public LocalDate Day(int week) => new LocalDate(2026, 10, 7).PlusWeeks(week);

        public Task<Result<Id<RecurringBooking>>> StartAsync(
            int times, Id<Slot>? slot = null, Id<Person>? person = null, RecurringTerms? agreed = null, LocalDate[]? without = null, Id<RecurringBooking>? id = null) =>
            Recurring.StartAsync(
                Territory,
                new(id ?? Id<RecurringBooking>.New(), slot ?? Slots[0], person ?? Town.Rossi.Adult, times, without ?? [], agreed ?? new(Price, Money.Zero, Money.Euro(5))),
                Town.Rossi.User);

        public async Task<IReadOnlyList<RecurringDate>> DatesAsync(Id<RecurringBooking> id) =>
            (await new RecurringCards(Town.Db, Town.Clock).FindAsync(Territory, Town.Rossi.Id, id))!.Value.Dates;

        public async Task<List<RecurringOutcome?>> OutcomesAsync(Id<RecurringBooking> id) => [.. (await DatesAsync(id)).Select(d => d.Outcome)];

        public async Task<Money> HeldAsync() => (await Town.Db.ListAsync<Money>(
            Territory, "select coalesce(sum(a.debits_held), 0)::bigint from ledger.account a where a.territory_id = @territory"))[0];

        public async Task<List<MessageKind>> ToldAsync() =>
            [.. (await new Messages(Town.Db, Town.Clock).OfAsync(Territory, Town.Rossi.Id)).Select(m => m.Kind).Where(k => k is not MessageKind.Grant)];

        public Task WithdrawAsync(Id<Slot> slot) =>
            Town.ChangeAsync("update marketplace.slot set withdrawn_at = @now where territory_id = @territory and id = @slot", new { slot, now = Town.Clock.Now });
    }
}
