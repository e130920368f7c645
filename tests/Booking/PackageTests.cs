using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;
using Npgsql;

namespace Borsellino.Tests;

/// <summary>Units bought together: what is held, what each unit pays, how a package ends.</summary>
public sealed class PackageTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static Instant In(PackageTown town, double days) => town.Town.Clock.Now + Duration.FromDays(days);

    [Fact]
    public async Task Buying_holds_the_whole_price_once_and_the_same_request_again_changes_nothing()
    {
        var town = await PackageTown.BuildAsync(database);
        var grant = await town.Town.GrantAsync(town.Town.Rossi, Money.Euro(100));
        var id = (await town.BuyAsync()).OrThrow();
        var shown = (await town.Packages.PreviewAsync(town.Territory, town.Town.Rossi.Id, town.Offer)).OrThrow().Shown;
        Assert.Equal(id, (await town.Packages.BuyAsync(town.Territory, new(id, town.Offer, town.Town.Rossi.Child, shown), town.Town.Rossi.User)).OrThrow());

        Assert.Equal((Money.Euro(100), Money.Euro(30)), await town.Town.OnAsync(grant.Account));
        var card = await town.CardAsync(id);
        Assert.Equal((3, 3, Money.Euro(30), Money.Euro(10), Money.Euro(30), Money.Zero), (card.Units, card.Left, card.Price, card.UnitPrice, card.Held, card.Paid));
        Assert.Equal(new LocalDate(2026, 12, 4), card.LastDay);
        var refused = await town.Packages.BuyAsync(town.Territory, new(id, town.Offer, town.Town.Rossi.Adult, shown), town.Town.Rossi.User);
        Assert.True(refused.IsRefused(out var why));
        Assert.IsType<PackageIdReused>(why);
        Assert.Empty(await town.AuditAsync());
    }

    [Fact]
    public async Task Each_unit_that_is_given_is_paid_from_the_hold_which_keeps_the_rest()
    {
        var town = await PackageTown.BuildAsync(database);
        var first = await town.Town.GrantAsync(town.Town.Rossi, Money.Euro(15), to: new(2026, 12, 20));
        var second = await town.Town.GrantAsync(town.Town.Rossi, Money.Euro(50));
        var id = (await town.BuyAsync()).OrThrow();

        await town.GivenAsync(id, In(town, 3));
        Assert.Equal((Money.Euro(5), Money.Euro(5)), await town.Town.OnAsync(first.Account));
        Assert.Equal((Money.Euro(50), Money.Euro(15)), await town.Town.OnAsync(second.Account));
        var unit = await town.GivenAsync(id, In(town, 3));
        Assert.Equal((Money.Zero, Money.Zero), await town.Town.OnAsync(first.Account));
        Assert.Equal((Money.Euro(45), Money.Euro(10)), await town.Town.OnAsync(second.Account));
        // The second one was paid by both, and its card says so.
        Assert.Equal([Money.Euro(5), Money.Euro(5)], (await town.Town.FindAsync(unit)).Payers.Select(p => p.Amount));
        Assert.Equal((2, 2), ((await town.Town.FindAsync(unit)).Card.PackageUnit, (await town.CardAsync(id)).Given));
        Assert.Equal((1, Money.Euro(10)), ((await town.CardAsync(id)).Left, (await town.CardAsync(id)).Held));
        Assert.Empty(await town.AuditAsync());

        await town.GivenAsync(id, In(town, 3));
        Assert.Equal(PackageStatus.UsedUp, (await town.CardAsync(id)).Status);
        Assert.Equal((Money.Euro(30), Money.Zero), await town.Town.OnAsync(town.Town.Gelso.Account));
        Assert.Empty(await town.AuditAsync());
        var more = await town.TakeAsync(id, await town.SlotAsync(In(town, 3)));
        Assert.True(more.IsRefused(out var why));
        Assert.Equal(PackageStatus.UsedUp, Assert.IsType<PackageOver>(why).Status);
    }

    [Fact]
    public async Task A_unit_called_off_in_time_is_back_and_one_called_off_late_is_used_for_its_fee()
    {
        var town = await PackageTown.BuildAsync(database, cancelFee: Money.Euro(4));
        var grant = await town.Town.GrantAsync(town.Town.Rossi, Money.Euro(30));
        var id = (await town.BuyAsync()).OrThrow();

        var early = await town.ConfirmedAsync(id, In(town, 3));
        (await town.Town.Bookings.CancelByHouseholdAsync(town.Territory, early, town.Town.Rossi.User, Money.Zero)).OrThrow();
        Assert.Equal((3, Money.Euro(30)), ((await town.CardAsync(id)).Left, (await town.CardAsync(id)).Held));

        var late = await town.ConfirmedAsync(id, In(town, 0.5));
        (await town.Town.Bookings.CancelByHouseholdAsync(town.Territory, late, town.Town.Rossi.User, Money.Euro(4))).OrThrow();
        Assert.Equal((2, Money.Euro(26), Money.Euro(4)), ((await town.CardAsync(id)).Left, (await town.CardAsync(id)).Held, (await town.CardAsync(id)).Paid));
        Assert.Empty(await town.AuditAsync());

        // The rest of it goes back when nothing is left to use.
        await town.GivenAsync(id, In(town, 3.2));
        Assert.Equal((Money.Euro(16), Money.Euro(16)), await town.Town.OnAsync(grant.Account));
        await town.GivenAsync(id, In(town, 3));
        Assert.Equal((Money.Euro(6), Money.Zero), await town.Town.OnAsync(grant.Account));
        Assert.Equal(PackageStatus.UsedUp, (await town.CardAsync(id)).Status);
        Assert.Empty(await town.AuditAsync());
    }

    [Fact]
    public async Task What_is_declined_taken_back_not_answered_or_disputed_with_success_is_back_in_the_package()
    {
        var town = await PackageTown.BuildAsync(database);
        await town.Town.GrantAsync(town.Town.Rossi, Money.Euro(30));
        var id = (await town.BuyAsync()).OrThrow();
        var (bookings, provider, household) = (town.Town.Bookings, town.Town.Gelso.User, town.Town.Rossi.User);

        var declined = (await town.TakeAsync(id, await town.SlotAsync(In(town, 3)))).OrThrow();
        (await bookings.DeclineAsync(town.Territory, declined, provider, "No.")).OrThrow();
        var withdrawn = (await town.TakeAsync(id, await town.SlotAsync(In(town, 4)))).OrThrow();
        (await bookings.WithdrawAsync(town.Territory, withdrawn, household)).OrThrow();
        (await bookings.CancelByProviderAsync(town.Territory, await town.ConfirmedAsync(id, In(town, 5)), provider, "No.")).OrThrow();
        await town.TakeAsync(id, await town.SlotAsync(In(town, 6)));
        town.Town.Clock.Advance(Duration.FromHours(25));
        Assert.Equal(1, (await bookings.LapseDueAsync(town.Territory)).Moved);
        var starts = In(town, 3);
        var disputed = await town.ConfirmedAsync(id, starts);
        town.Town.Clock.MoveTo(starts);
        (await bookings.DeliverAsync(town.Territory, disputed, provider)).OrThrow();
        (await bookings.DisputeAsync(town.Territory, disputed, household, "No.")).OrThrow();
        Assert.Equal((2, 1), ((await town.CardAsync(id)).Left, (await town.CardAsync(id)).Open));
        (await bookings.ReverseAsync(town.Territory, disputed, provider)).OrThrow();

        Assert.Equal((3, Money.Euro(30), Money.Zero), ((await town.CardAsync(id)).Left, (await town.CardAsync(id)).Held, (await town.CardAsync(id)).Paid));
        Assert.Empty(await town.AuditAsync());
    }

    [Fact]
    public async Task What_is_not_used_by_the_last_day_lapses_and_goes_back_to_the_grants_it_came_from()
    {
        var town = await PackageTown.BuildAsync(database);
        var first = await town.Town.GrantAsync(town.Town.Rossi, Money.Euro(15), to: new(2026, 12, 20));
        var second = await town.Town.GrantAsync(town.Town.Rossi, Money.Euro(50));
        var id = (await town.BuyAsync()).OrThrow();
        await town.GivenAsync(id, In(town, 3));
        var last = (await town.CardAsync(id)).LastDay;
        var waiting = await town.ConfirmedAsync(id, last.EndOfDayInRome() - Duration.FromHours(5));

        town.Town.Clock.MoveTo(last.EndOfDayInRome() - Duration.FromSeconds(1));
        Assert.Equal(0, await town.Packages.LapseDueAsync(town.Territory));
        (await town.Town.Bookings.DeliverAsync(town.Territory, waiting, town.Town.Gelso.User)).OrThrow();
        town.Town.Clock.Advance(Duration.FromSeconds(1));
        // One that is not decided yet keeps it open, until it is.
        Assert.Equal(0, await town.Packages.LapseDueAsync(town.Territory));
        (await town.Town.Bookings.AcceptAsync(town.Territory, waiting, town.Town.Rossi.User)).OrThrow();

        Assert.Equal(PackageStatus.Lapsed, (await town.CardAsync(id)).Status);
        Assert.Equal((Money.Zero, Money.Zero), await town.Town.OnAsync(first.Account));
        Assert.Equal((Money.Euro(45), Money.Zero), await town.Town.OnAsync(second.Account));
        Assert.Empty(await town.AuditAsync());
        var messages = await new Messages(town.Town.Db, town.Town.Clock).OfAsync(town.Territory, town.Town.Rossi.Id);
        Assert.Equal(Money.Euro(10), Assert.Single(messages, m => m.Kind is MessageKind.PackageLapsed).Amount);
        Assert.Equal("1", Assert.Single(messages, m => m.Kind is MessageKind.PackageEnding).Text);
    }

    [Fact]
    public async Task When_the_hold_ends_units_that_nobody_gave_end_with_it_whoever_sweeps_first()
    {
        var town = await PackageTown.BuildAsync(database);
        var grant = await town.Town.GrantAsync(town.Town.Rossi, Money.Euro(30), to: new(2026, 10, 31), settlementDays: 0);
        var id = (await town.BuyAsync()).OrThrow();
        await town.GivenAsync(id, In(town, 2));
        var (never, disputed) = (await town.ConfirmedAsync(id, In(town, 3)), await town.ConfirmedAsync(id, In(town, 4)));
        town.Town.Clock.MoveTo(In(town, 4));
        (await town.Town.Bookings.DeliverAsync(town.Territory, disputed, town.Town.Gelso.User)).OrThrow();
        (await town.Town.Bookings.DisputeAsync(town.Territory, disputed, town.Town.Rossi.User, "No.")).OrThrow();

        town.Town.Clock.MoveTo(new LocalDate(2026, 10, 31).EndOfDayInRome());
        (await town.Town.Db.TransactAsync(town.Territory, tx => town.Town.Ledger.ExpireDueAsync(tx))).OrThrow();
        Assert.Equal(0, await town.Packages.LapseDueAsync(town.Territory));
        Assert.Equal(2, (await town.Town.Bookings.RunOutDueAsync(town.Territory)).Moved);
        Assert.Equal((BookingStatus.Expired, BookingStatus.Reversed), (await town.Town.StatusAsync(never), await town.Town.StatusAsync(disputed)));
        Assert.Equal((PackageStatus.Lapsed, Money.Euro(10)), ((await town.CardAsync(id)).Status, (await town.CardAsync(id)).Paid));
        Assert.Equal((Money.Euro(20), Money.Zero), await town.Town.OnAsync(grant.Account));
        Assert.Empty(await town.AuditAsync());
    }

    [Fact]
    public async Task A_package_nobody_touched_lapses_by_the_sweep()
    {
        var town = await PackageTown.BuildAsync(database);
        var grant = await town.Town.GrantAsync(town.Town.Rossi, Money.Euro(30));
        var id = (await town.BuyAsync()).OrThrow();
        town.Town.Clock.MoveTo((await town.CardAsync(id)).LastDay.EndOfDayInRome());
        Assert.Equal(1, await town.Packages.LapseDueAsync(town.Territory));
        Assert.Equal(0, await town.Packages.LapseDueAsync(town.Territory));
        Assert.Equal((Money.Euro(30), Money.Zero), await town.Town.OnAsync(grant.Account));
        Assert.Empty(await town.AuditAsync());
    }

    [Fact]
    public async Task A_reminder_comes_a_fortnight_before_unless_all_is_taken()
    {
        var town = await PackageTown.BuildAsync(database);
        await town.Town.GrantAsync(town.Town.Rossi, Money.Euro(60));
        var id = (await town.BuyAsync()).OrThrow();
        var full = (await town.BuyAsync()).OrThrow();
        for (var day = 1; day <= 3; day++) await town.ConfirmedAsync(full, In(town, 50 + day));
        var messages = new Messages(town.Town.Db, town.Town.Clock);
        var at = new LocalDate(2026, 11, 20).At(new LocalTime(9, 0)).InZoneStrictly(ClockExtensions.Rome).ToInstant();

        town.Town.Clock.MoveTo(at - Duration.FromSeconds(1));
        Assert.DoesNotContain(await messages.OfAsync(town.Territory, town.Town.Rossi.Id), m => m.Kind is MessageKind.PackageEnding);
        town.Town.Clock.MoveTo(at);
        var told = Assert.Single(await messages.OfAsync(town.Territory, town.Town.Rossi.Id), m => m.Kind is MessageKind.PackageEnding);
        Assert.Equal((id.Value, "3", at), (told.Subject, told.Text, told.At));
    }

    [Fact]
    public async Task It_is_given_back_untouched_for_a_week_and_later_only_as_the_offer_says()
    {
        var town = await PackageTown.BuildAsync(database);
        var grant = await town.Town.GrantAsync(town.Town.Rossi, Money.Euro(100));
        var (packages, by) = (town.Packages, town.Town.Rossi.User);
        var untouched = (await town.BuyAsync()).OrThrow();
        Assert.True((await packages.ReturnAsync(town.Territory, untouched, town.Town.Bianchi.User)).IsRefused(out var foreign));
        Assert.IsType<PackageNotFound>(foreign);
        (await packages.ReturnAsync(town.Territory, untouched, by)).OrThrow();
        (await packages.ReturnAsync(town.Territory, untouched, by)).OrThrow();
        Assert.Equal((Money.Euro(100), Money.Zero), await town.Town.OnAsync(grant.Account));

        var booked = (await town.BuyAsync()).OrThrow();
        var unit = await town.ConfirmedAsync(booked, In(town, 4));
        Assert.True((await packages.ReturnAsync(town.Territory, booked, by)).IsRefused(out var open));
        Assert.Equal(1, Assert.IsType<PackageHasOpenUnits>(open).Open);
        (await town.Town.Bookings.CancelByHouseholdAsync(town.Territory, unit, by, Money.Zero)).OrThrow();
        town.Town.Clock.MoveTo((await town.CardAsync(booked)).ReturnUntil);
        Assert.False((await town.CardAsync(booked)).IsReturnable(town.Town.Clock.Now));
        Assert.True((await packages.ReturnAsync(town.Territory, booked, by)).IsRefused(out var late));
        Assert.IsType<PackageNotReturned>(late);

        // Where it can be had no longer, nobody has to wait for the last day.
        await town.Town.ChangeAsync("update marketplace.offer set status = 'Withdrawn' where territory_id = @territory and id = @Offer", new { town.Offer });
        Assert.True((await town.CardAsync(booked)).IsReturnable(town.Town.Clock.Now));
        (await packages.ReturnAsync(town.Territory, booked, by)).OrThrow();
        Assert.Equal((Money.Euro(100), Money.Zero), await town.Town.OnAsync(grant.Account));
        Assert.Empty(await town.AuditAsync());
    }

    [Fact]
    public async Task After_a_used_unit_the_rest_goes_back_only_where_the_offer_says_so()
    {
        foreach (var returns in new[] { false, true })
        {
            var town = await PackageTown.BuildAsync(database, returnsRest: returns);
            var grant = await town.Town.GrantAsync(town.Town.Rossi, Money.Euro(30));
            var id = (await town.BuyAsync()).OrThrow();
            await town.GivenAsync(id, In(town, 3));
            Assert.Equal(returns, !(await town.Packages.ReturnAsync(town.Territory, id, town.Town.Rossi.User)).IsRefused(out _));
            Assert.Equal((Money.Euro(20), returns ? Money.Zero : Money.Euro(20)), await town.Town.OnAsync(grant.Account));
            Assert.Empty(await town.AuditAsync());
        }
    }

    [Fact]
    public async Task Money_that_pays_all_or_nothing_pays_the_whole_package_or_nothing()
    {
        var town = await PackageTown.BuildAsync(database);
        await town.Town.GrantAsync(town.Town.Rossi, new Money(2999));
        Assert.True((await town.BuyAsync()).IsRefused(out var why));
        Assert.Equal(new Money(2999), Assert.IsType<NotEnoughInPurse>(why).Available);

        await town.Town.ChangeAsync("update marketplace.funder set kind = 'Company' where territory_id = @territory", new { });
        var whole = await town.Town.GrantAsync(town.Town.Rossi, Money.Euro(30));
        var id = (await town.BuyAsync()).OrThrow();
        Assert.Equal(Money.Zero, (await town.CardAsync(id)).Copayment);
        Assert.Equal((Money.Euro(30), Money.Euro(30)), await town.Town.OnAsync(whole.Account));
    }

    [Fact]
    public async Task A_part_of_the_price_is_divided_among_the_units_to_the_cent()
    {
        var town = await PackageTown.BuildAsync(database);
        await town.Town.GrantAsync(town.Town.Rossi, new(1001), copayment: true);
        var id = (await town.BuyAsync()).OrThrow();
        var shares = new List<Money>();
        for (var unit = 1; unit <= 3; unit++) shares.Add((await town.Town.FindAsync(await town.GivenAsync(id, In(town, 3)))).Card.Settled);
        Assert.Equal([new(333), new(334), new(334)], shares);
        Assert.Equal((new Money(1001), Money.Zero), await town.Town.OnAsync(town.Town.Gelso.Account));
        Assert.Equal(PackageStatus.UsedUp, (await town.CardAsync(id)).Status);
        Assert.Empty(await town.AuditAsync());
    }

    [Fact]
    public async Task It_lasts_no_longer_than_the_grants_that_pay_it_and_chooses_those_that_leave_time()
    {
        var town = await PackageTown.BuildAsync(database);
        await town.Town.GrantAsync(town.Town.Rossi, Money.Euro(30), to: new(2026, 10, 7));
        var lasting = await town.Town.GrantAsync(town.Town.Rossi, Money.Euro(30), to: new(2026, 11, 20));
        var id = (await town.BuyAsync()).OrThrow();
        Assert.Equal(new LocalDate(2026, 11, 20), (await town.CardAsync(id)).LastDay);
        Assert.Equal((Money.Euro(30), Money.Euro(30)), await town.Town.OnAsync(lasting.Account));

        // What is left ends in two days: better than nothing, and the page says so.
        var hurried = (await town.BuyAsync()).OrThrow();
        Assert.Equal(new LocalDate(2026, 10, 7), (await town.CardAsync(hurried)).LastDay);
        Assert.True((await town.TakeAsync(hurried, await town.SlotAsync(In(town, 3)))).IsRefused(out var why));
        Assert.Equal(new LocalDate(2026, 10, 7), Assert.IsType<PackageEndsBefore>(why).LastDay);
    }

    [Fact]
    public async Task Time_to_use_it_comes_before_a_few_euros()
    {
        var town = await PackageTown.BuildAsync(database);
        var early = await town.Town.GrantAsync(town.Town.Rossi, Money.Euro(5), to: new(2026, 10, 7), copayment: true);
        await town.Town.GrantAsync(town.Town.Rossi, Money.Euro(25), to: new(2026, 11, 20), copayment: true);
        var card = await town.CardAsync((await town.BuyAsync()).OrThrow());
        Assert.Equal((new LocalDate(2026, 11, 20), Money.Euro(5)), (card.LastDay, card.Copayment));
        Assert.Equal(Money.Zero, (await town.Town.OnAsync(early.Account)).Held);
    }

    [Fact]
    public async Task Limits_of_a_programme_see_it_whole_on_the_day_it_is_bought()
    {
        var town = await PackageTown.BuildAsync(database);
        await town.Town.GrantAsync(town.Town.Rossi, Money.Euro(200), monthMax: Money.Euro(50));
        var id = (await town.BuyAsync()).OrThrow();
        Assert.True((await town.BuyAsync()).IsRefused(out var why));
        Assert.Equal(Money.Euro(20), Assert.IsType<NotEnoughInPurse>(why).Available);
        // A booking of the same month has what is left of it.
        Assert.True((await town.Town.BookAsync(town.Town.Rossi, await town.Town.SlotAsync(Money.Euro(21)))).IsRefused(out _));
        (await town.Town.BookAsync(town.Town.Rossi, await town.Town.SlotAsync(Money.Euro(20)))).OrThrow();
        (await town.Packages.ReturnAsync(town.Territory, id, town.Town.Rossi.User)).OrThrow();
        (await town.BuyAsync()).OrThrow();
    }

    [Fact]
    public async Task A_unit_keeps_price_and_rules_and_does_not_go_elsewhere()
    {
        var town = await PackageTown.BuildAsync(database, cancelFee: Money.Euro(4));
        await town.Town.GrantAsync(town.Town.Rossi, Money.Euro(60));
        var id = (await town.BuyAsync()).OrThrow();
        await town.Town.ChangeAsync("update marketplace.offer set price = 2000, cancel_fee = 900, cancel_hours = 72 where territory_id = @territory and id = @Offer", new { town.Offer });
        var unit = await town.ConfirmedAsync(id, In(town, 2));
        var card = (await town.Town.FindAsync(unit)).Card;
        Assert.Equal((Money.Euro(10), Money.Euro(4), In(town, 1)), (card.Price, card.CancelFee, card.FreeUntil));

        Assert.True((await town.TakeAsync(id, await town.Town.SlotAsync(Money.Euro(10)))).IsRefused(out var elsewhere));
        Assert.IsType<MoveElsewhere>(elsewhere);
        Assert.True((await town.Town.Bookings.PreviewMoveAsync(town.Territory, town.Town.Rossi.Id, unit, await town.SlotAsync(In(town, 5)))).IsRefused(out var moved));
        Assert.IsType<UnitDoesNotMove>(moved);
        Assert.True((await town.Town.Bookings.TakeUnitAsync(town.Territory, new(Id<Booking>.New(), id, card.SlotId), town.Town.Bianchi.User)).IsRefused(out var foreign));
        Assert.IsType<PackageNotFound>(foreign);
        Assert.True((await town.TakeAsync(id, card.SlotId)).IsRefused(out var twice));
        Assert.IsType<AlreadyBooked>(twice);
        Assert.Equal(unit, (await town.TakeAsync(id, card.SlotId, unit)).OrThrow());
    }

    [Fact]
    public async Task Two_devices_that_race_for_the_last_unit_get_one()
    {
        var town = await PackageTown.BuildAsync(database);
        await town.Town.GrantAsync(town.Town.Rossi, Money.Euro(30));
        var id = (await town.BuyAsync()).OrThrow();
        await town.ConfirmedAsync(id, In(town, 2));
        await town.ConfirmedAsync(id, In(town, 3));
        for (var round = 0; round < 10; round++)
        {
            var (here, there) = (await town.SlotAsync(In(town, 5 + round)), await town.SlotAsync(In(town, 20 + round)));
            var taken = await Task.WhenAll(Task.Run(() => town.TakeAsync(id, here)), Task.Run(() => town.TakeAsync(id, there)));
            var got = Assert.Single(taken, t => !t.IsRefused(out _)).OrThrow();
            Assert.True(taken.First(t => t.IsRefused(out _)).IsRefused(out var why));
            Assert.IsType<NoUnitLeft>(why);
            Assert.Equal(0, (await town.CardAsync(id)).Left);
            // One gives it back while the other asks for it: both end, in either order.
            var racing = await Task.WhenAll(
                Task.Run(async () => (await town.Town.Bookings.WithdrawAsync(town.Territory, got, town.Town.Rossi.User)).IsRefused(out _)),
                Task.Run(async () => (await town.TakeAsync(id, await town.SlotAsync(In(town, 35 + round)))).IsRefused(out _)));
            Assert.False(racing[0]);
            foreach (var open in (await town.Cards.UnitsAsync(town.Territory, id)).Where(u => u.Status is BookingStatus.Requested))
                (await town.Town.Bookings.WithdrawAsync(town.Territory, open.Id, town.Town.Rossi.User)).OrThrow();
        }

        Assert.Empty(await town.AuditAsync());
    }

    [Fact]
    public async Task The_table_itself_refuses_a_unit_too_many_a_wrong_price_and_a_second_end()
    {
        var town = await PackageTown.BuildAsync(database);
        await town.Town.GrantAsync(town.Town.Rossi, Money.Euro(30));
        var id = (await town.BuyAsync()).OrThrow();
        var unit = await town.ConfirmedAsync(id, In(town, 3));
        await RefusedAsync("unit_of_its_package", Copy("package_unit = 4"));
        await RefusedAsync("unit_of_its_package", Copy("package_unit = 2, covered = covered - 1, copayment = copayment + 1"));
        await RefusedAsync("booking_package_unit", Copy("package_unit = 1"));
        await RefusedAsync("voucher_fixed", "update marketplace.booking set package_unit = 3 where territory_id = @territory and id = @unit");
        await RefusedAsync("package_ends", "update marketplace.package set status = 'Lapsed', ended_at = now() where territory_id = @territory and id = @id");

        string Copy(string change) => $"""
            create temporary table copy on commit drop as select * from marketplace.booking where territory_id = @territory and id = @unit;
            update copy set id = gen_random_uuid(), reference = 'ZZZZZZZZZZZZ', {change};
            insert into marketplace.booking select * from copy
            """;

        async Task RefusedAsync(string constraint, string sql) => Assert.Equal(
            constraint, (await Assert.ThrowsAsync<PostgresException>(() => town.Town.ChangeAsync(sql, new { id, unit }))).ConstraintName);
    }
}
