using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;
using Npgsql;

namespace Borsellino.Tests.Catalogue;

/// <summary>Who gives a service: times open only as far as somebody is free, and nobody is at two places at once.</summary>
public sealed class StaffTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly LocalTime Eight = new(8, 0), Six = new(18, 0);

    // Wednesday 7 October 2026 at nine in the morning, in Italy.
    private static readonly Instant Nine = Instant.FromUtc(2026, 10, 7, 7, 0);

    [Fact]
    public async Task A_time_is_had_only_while_somebody_is_free_and_binds_them()
    {
        var t = await StaffTown.BuildAsync(database);
        var (offer, slot) = await t.TimeAsync(Nine);
        Assert.False(await t.IsOfferedAsync(offer, slot));
        Assert.IsType<SlotNobodyFree>(Refused(await t.Town.BookAsync(t.Town.Rossi, slot)));

        var marta = await t.PersonAsync("Marta", "Colombo", Eight, Six, offer);
        Assert.True(await t.IsOfferedAsync(offer, slot));
        var booking = (await t.Town.BookAsync(t.Town.Rossi, slot)).OrThrow();
        Assert.Equal(marta, await t.WhoAsync(slot));
        // Nobody reads who comes before it is promised.
        Assert.Equal("", (await t.Town.FindAsync(booking)).Card.Comes);
        (await t.Town.Bookings.ConfirmAsync(t.Territory, booking, t.By)).OrThrow();
        Assert.Equal("Marta", (await t.Town.FindAsync(booking)).Card.Comes);
    }

    [Fact]
    public async Task Other_times_close_with_the_last_free_person_and_open_again_when_they_are_free()
    {
        var t = await StaffTown.BuildAsync(database);
        var (a, atNine) = await t.TimeAsync(Nine);
        var (b, overlapping) = await t.TimeAsync(Nine + Duration.FromMinutes(30));
        var (c, right) = await t.TimeAsync(Nine + Duration.FromHours(1));
        await t.PersonAsync("Marta", "Colombo", Eight, Six, a, b, c);
        var booking = (await t.Town.BookAsync(t.Town.Rossi, atNine)).OrThrow();
        Assert.False(await t.IsOfferedAsync(b, overlapping));
        // At the same address nobody has to travel.
        Assert.True(await t.IsOfferedAsync(c, right));
        (await t.Town.Bookings.WithdrawAsync(t.Territory, booking, t.Town.Rossi.User)).OrThrow();
        Assert.Null(await t.WhoAsync(atNine));
        Assert.True(await t.IsOfferedAsync(b, overlapping));
    }

    [Fact]
    public async Task A_unit_of_a_package_takes_a_free_person_too()
    {
        var t = await StaffTown.BuildAsync(database);
        var (offer, slot) = await t.TimeAsync(Nine);
        await t.Town.ChangeAsync(
            """
            update marketplace.offer set package_units = 3, package_name_it = 'lezioni', package_name_en = 'lessons', package_days = 60,
                package_return_days = 7, package_returns_rest = false
            where territory_id = @territory and id = @offer
            """, new { offer });
        var packages = new Packages(t.Town.Db, t.Town.Ledger, t.Town.Bookings, t.Town.Clock);
        var shown = (await packages.PreviewAsync(t.Territory, t.Town.Rossi.Id, offer)).OrThrow();
        var package = (await packages.BuyAsync(t.Territory, new(Id<Package>.New(), offer, t.Town.Rossi.Child, shown.Shown), t.Town.Rossi.User)).OrThrow();
        Task<Result<Id<Booking>>> Take() => t.Town.Bookings.TakeUnitAsync(t.Territory, new(Id<Booking>.New(), package, slot), t.Town.Rossi.User);

        Assert.IsType<SlotNobodyFree>(Refused(await Take()));
        var marta = await t.PersonAsync("Marta", "Colombo", Eight, Six, offer);
        var unit = (await Take()).OrThrow();
        Assert.Equal(marta, await t.WhoAsync(slot));
        (await t.Town.Bookings.WithdrawAsync(t.Territory, unit, t.Town.Rossi.User)).OrThrow();
        Assert.Null(await t.WhoAsync(slot));
    }

    [Theory]
    [InlineData(14, false)]
    [InlineData(15, true)]
    public async Task Between_two_homes_there_is_time_to_travel(int minutes, bool isOffered)
    {
        var t = await StaffTown.BuildAsync(database);
        var (offer, first) = await t.TimeAsync(Nine, "AtHome");
        await t.PersonAsync("Marta", "Colombo", Eight, Six, offer);
        (await t.Town.BookAsync(t.Town.Rossi, first)).OrThrow();
        var after = await t.MoreAsync(offer, Nine + Duration.FromMinutes(60 + minutes));
        var before = await t.MoreAsync(offer, Nine - Duration.FromMinutes(30 + minutes), 30);
        Assert.Equal(isOffered, await t.IsOfferedAsync(offer, after));
        Assert.Equal(isOffered, await t.IsOfferedAsync(offer, before));
        Assert.Equal(isOffered, !(await t.Town.BookAsync(t.Town.Bianchi, after)).IsRefused(out _));
        (await t.Lists.TravelAsync(t.Territory, 0, t.By)).OrThrow();
        // Who is bound keeps the minutes that held then, after the service; what comes before it has the new ones.
        Assert.True(await t.IsOfferedAsync(offer, before));
    }

    [Fact]
    public async Task Who_goes_is_the_familys_own_then_who_has_least_that_day_then_by_name()
    {
        var t = await StaffTown.BuildAsync(database);
        var (offer, first) = await t.TimeAsync(Nine);
        var zoe = await t.PersonAsync("Zoe", "Bianchi", Eight, Six, offer);
        var ada = await t.PersonAsync("Ada", "Colombo", Eight, Six, offer);
        var rossi = await t.Town.ConfirmedAsync(t.Town.Rossi, first);
        Assert.Equal(zoe, await t.WhoAsync(first));
        // The other has nothing yet on that day.
        var second = await t.MoreAsync(offer, Nine + Duration.FromHours(2));
        (await t.Town.BookAsync(t.Town.Bianchi, second)).OrThrow();
        Assert.Equal(ada, await t.WhoAsync(second));
        // Zoe was with this family: she comes again, though Ada has as little.
        var third = await t.MoreAsync(offer, Nine + Duration.FromHours(4));
        (await t.Town.BookAsync(t.Town.Rossi, third)).OrThrow();
        Assert.Equal(zoe, await t.WhoAsync(third));
        Assert.NotEqual(default, rossi);
    }

    [Fact]
    public async Task Several_in_one_time_have_one_person_who_is_free_when_the_last_has_gone()
    {
        var t = await StaffTown.BuildAsync(database);
        var (offer, slot) = await t.TimeAsync(Nine, places: 2);
        var marta = await t.PersonAsync("Marta", "Colombo", Eight, Six, offer);
        var (one, two) = ((await t.Town.BookAsync(t.Town.Rossi, slot)).OrThrow(), (await t.Town.BookAsync(t.Town.Bianchi, slot)).OrThrow());
        (await t.Town.Bookings.WithdrawAsync(t.Territory, one, t.Town.Rossi.User)).OrThrow();
        Assert.Equal(marta, await t.WhoAsync(slot));
        (await t.Town.Bookings.DeclineAsync(t.Territory, two, t.By, "")).OrThrow();
        Assert.Null(await t.WhoAsync(slot));
    }

    [Fact]
    public async Task Moving_takes_the_person_along()
    {
        var t = await StaffTown.BuildAsync(database);
        var (offer, slot) = await t.TimeAsync(Nine);
        var marta = await t.PersonAsync("Marta", "Colombo", Eight, Six, offer);
        var later = await t.MoreAsync(offer, Nine + Duration.FromHours(3));
        var booking = (await t.Town.BookAsync(t.Town.Rossi, slot)).OrThrow();
        var shown = (await t.Town.Bookings.PreviewMoveAsync(t.Territory, t.Town.Rossi.Id, booking, later)).OrThrow();
        (await t.Town.Bookings.MoveAsync(t.Territory, booking, new(Id<Booking>.New(), later, t.Town.Rossi.Adult, shown.Shown), t.Town.Rossi.User)).OrThrow();
        Assert.Null(await t.WhoAsync(slot));
        Assert.Equal(marta, await t.WhoAsync(later));
    }

    [Fact]
    public async Task Days_away_close_what_nobody_booked_and_what_is_booked_waits_to_be_handed_over()
    {
        var t = await StaffTown.BuildAsync(database);
        var (offer, slot) = await t.TimeAsync(Nine);
        var marta = await t.PersonAsync("Marta", "Colombo", Eight, Six, offer);
        var free = await t.MoreAsync(offer, Nine + Duration.FromHours(3));
        var booking = await t.Town.ConfirmedAsync(t.Town.Rossi, slot);
        var day = new LocalDate(2026, 10, 7);
        var away = new StaffAway(Id<StaffAway>.New(), day, day);
        (await t.Lists.AwayAsync(t.Territory, marta, away, t.By)).OrThrow();
        (await t.Lists.AwayAsync(t.Territory, marta, away, t.By)).OrThrow();
        Assert.False(await t.IsOfferedAsync(offer, free));
        var waiting = Assert.Single((await t.Cards.OfAsync(t.Territory, t.By.Provider, t.Today)).Waiting(t.Town.Clock.Now));
        Assert.Equal((slot, marta, 0), (waiting.Service.Slot, waiting.Now!.Id, waiting.Free.Count));

        var luca = await t.PersonAsync("Luca", "Ferri", Eight, Six, offer);
        Assert.Equal(luca, Assert.Single(Assert.Single((await t.Cards.OfAsync(t.Territory, t.By.Provider, t.Today)).Waiting(t.Town.Clock.Now)).Free).Id);
        t.Town.Clock.Advance(Duration.FromMinutes(1));
        (await t.Lists.HandAsync(t.Territory, slot, luca, t.By)).OrThrow();
        (await t.Lists.HandAsync(t.Territory, slot, luca, t.By)).OrThrow();
        Assert.Equal(luca, await t.WhoAsync(slot));
        Assert.Empty((await t.Cards.OfAsync(t.Territory, t.By.Provider, t.Today)).Waiting(t.Town.Clock.Now));
        var told = Assert.Single(await new Messages(t.Town.Db, t.Town.Clock).OfAsync(t.Territory, t.Town.Rossi.Id), m => m.Kind is MessageKind.StaffChanged);
        Assert.Equal(("Luca", booking.Value), (told.From, told.Subject));
        Assert.DoesNotContain(await new Messages(t.Town.Db, t.Town.Clock).OfAsync(t.Territory, t.Town.Bianchi.Id), m => m.Kind is MessageKind.StaffChanged);

        Assert.IsType<StaffNotFree>(Refused(await t.Lists.HandAsync(t.Territory, slot, marta, t.By)));
        (await t.Lists.BackAsync(t.Territory, marta, away.Id, t.By)).OrThrow();
        (await t.Lists.HandAsync(t.Territory, slot, marta, t.By)).OrThrow();
        Assert.Equal("Marta", (await t.Town.FindAsync(booking)).Card.Comes);
    }

    [Fact]
    public async Task What_was_booked_before_anybody_was_needed_is_given_to_whoever_is_free()
    {
        var t = await StaffTown.BuildAsync(database);
        var slot = await t.Town.SlotAsync(Money.Euro(10), Nine);
        var offer = (await t.Slots.FindAsync(t.Territory, slot))!.OfferId;
        (await t.Town.BookAsync(t.Town.Rossi, slot)).OrThrow();
        (await t.Lists.NeedAsync(t.Territory, offer, true, t.By)).OrThrow();
        Assert.Null(Assert.Single((await t.Cards.OfAsync(t.Territory, t.By.Provider, t.Today)).Waiting(t.Town.Clock.Now)).Now);
        var marta = await t.PersonAsync("Marta", "Colombo", Eight, Six, offer);
        (await t.Lists.NeedAsync(t.Territory, offer, true, t.By)).OrThrow();
        Assert.Equal(marta, await t.WhoAsync(slot));
        (await t.Lists.NeedAsync(t.Territory, offer, false, t.By)).OrThrow();
        Assert.Null(await t.WhoAsync(slot));
    }

    [Fact]
    public async Task The_last_free_person_is_had_by_one_of_many()
    {
        var t = await StaffTown.BuildAsync(database);
        var times = new List<(Id<Offer> Offer, Id<Slot> Slot)>();
        for (var i = 0; i < 6; i++) times.Add(await t.TimeAsync(Nine + Duration.FromMinutes(5 * i), i % 2 == 0 ? "AtHome" : "AtProvider"));
        await t.PersonAsync("Marta", "Colombo", Eight, Six, [.. times.Select(x => x.Offer)]);
        var answers = await Task.WhenAll(times.Select((x, i) => Task.Run(() => t.Town.BookAsync(i % 2 == 0 ? t.Town.Rossi : t.Town.Bianchi, x.Slot))));
        Assert.Single(answers, a => !a.IsRefused(out _));
        Assert.All(answers, a => Assert.True(!a.IsRefused(out var why) || why is SlotNobodyFree, $"{why}"));
        foreach (var (offer, slot) in times) Assert.False(await t.IsOfferedAsync(offer, slot) && await t.WhoAsync(slot) is null);
    }

    [Fact]
    public async Task A_committed_group_has_one_person_and_one_that_nobody_can_serve_comes_to_nothing()
    {
        var t = await StaffTown.BuildAsync(database);
        var (offer, slot) = await t.TimeAsync(Nine, places: 3);
        var marta = await t.PersonAsync("Marta", "Colombo", Eight, Six, offer);
        var (other, overlapping) = await t.TimeAsync(Nine + Duration.FromMinutes(30), places: 3);
        (await t.Lists.ChangeAsync(t.Territory, new(marta, t.By.Provider, "Marta", "Colombo", t.Today, null) { Offers = [offer, other] }, t.By)).OrThrow();
        var (first, second) = (await PoolAsync(slot), await PoolAsync(overlapping));
        t.Town.Clock.MoveTo(Nine - Duration.FromHours(24));
        await t.Town.Pools.FreezeDueAsync(t.Territory);
        var statuses = await Task.WhenAll(new[] { first, second }.Select(StatusAsync));
        Assert.Equal(["Confirmed", "Lapsed"], statuses.Order(StringComparer.Ordinal));
        var won = statuses[0] == "Confirmed" ? (slot, first) : (overlapping, second);
        Assert.Equal(marta, await t.WhoAsync(won.Item1));
        (await t.Town.Pools.CancelAsync(t.Territory, won.Item2, t.By, "")).OrThrow();
        Assert.Null(await t.WhoAsync(won.Item1));

        async Task<Id<Pool>> PoolAsync(Id<Slot> of)
        {
            var pool = Id<Pool>.New();
            (await t.Town.Pools.PublishAsync(
                t.Territory, new(pool, of, WeighedBy.Equal, HeadPrices.Of(2, [Money.Euro(16), Money.Euro(18)]).OrThrow(), Nine - Duration.FromHours(24)), t.By)).OrThrow();
            foreach (var family in new[] { t.Town.Rossi, t.Town.Bianchi })
            {
                var shown = (await t.Town.Pools.PreviewAsync(t.Territory, family.Id, pool)).OrThrow();
                (await t.Town.Pools.JoinAsync(t.Territory, new(Id<Share>.New(), pool, family.Adult, 1, shown.Cap, shown.Shown), family.User)).OrThrow();
            }

            return pool;
        }

        async Task<string> StatusAsync(Id<Pool> pool) =>
            (await t.Town.Db.ListAsync<string>(t.Territory, "select status from marketplace.pool where territory_id = @territory and id = @pool", new { pool }))[0];
    }

    [Fact]
    public async Task The_database_itself_refuses_one_person_at_two_services_or_on_the_way()
    {
        var t = await StaffTown.BuildAsync(database);
        var (offer, slot) = await t.TimeAsync(Nine);
        var marta = await t.PersonAsync("Marta", "Colombo", Eight, Six, offer);
        (await t.Town.BookAsync(t.Town.Rossi, slot)).OrThrow();
        Assert.Equal("duty_never_two", await BreakAsync(Nine + Duration.FromMinutes(59), Nine + Duration.FromMinutes(90), "address:L319:via roma 1"));
        Assert.Equal("duty_with_travel", await BreakAsync(Nine + Duration.FromMinutes(74), Nine + Duration.FromMinutes(90), "elsewhere"));
        Assert.Equal("", await BreakAsync(Nine + Duration.FromMinutes(60), Nine + Duration.FromMinutes(90), "address:L319:via roma 1"));

        async Task<string> BreakAsync(Instant from, Instant to, string place)
        {
            var other = await t.MoreAsync(offer, from);
            try
            {
                await t.Town.ChangeAsync(
                    """
                    insert into marketplace.staff_duty (territory_id, slot_id, staff_id, starts_at, ends_at, travels_until, place)
                    values (@territory, @other, @marta, @from, @to, @to + interval '15 minutes', @place)
                    """, new { other, marta, from, to, place });
                return "";
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.ExclusionViolation)
            {
                return e.ConstraintName ?? "";
            }
        }
    }

    [Fact]
    public async Task Somebody_of_another_provider_is_not_there()
    {
        var t = await StaffTown.BuildAsync(database);
        var (offer, slot) = await t.TimeAsync(Nine);
        var marta = await t.PersonAsync("Marta", "Colombo", Eight, Six, offer);
        await t.Town.ConfirmedAsync(t.Town.Rossi, slot);
        var rival = t.Town.Quercia.User;
        Assert.IsType<StaffNotFound>(Refused(await t.Lists.AwayAsync(t.Territory, marta, new(Id<StaffAway>.New(), t.Today, t.Today), rival)));
        Assert.IsType<OfferNotFound>(Refused(await t.Lists.NeedAsync(t.Territory, offer, false, rival)));
        Assert.IsType<SlotNotFound>(Refused(await t.Lists.HandAsync(t.Territory, slot, marta, rival)));
        Assert.Empty((await t.Cards.OfAsync(t.Territory, rival.Provider, t.Today)).Members);
        var theirs = new StaffMember(Id<StaffMember>.New(), rival.Provider, "Ugo", "Neri", t.Today, null);
        (await t.Lists.AddAsync(t.Territory, theirs, rival)).OrThrow();
        Assert.IsType<OfferNotFound>(Refused(await t.Lists.ChangeAsync(t.Territory, theirs with { Offers = [offer] }, rival)));
        Assert.IsType<StaffNotFound>(Refused(await t.Lists.HandAsync(t.Territory, slot, theirs.Id, t.By)));
    }

    private static Refusal Refused<T>(Result<T> result)
        where T : notnull
    {
        Assert.True(result.IsRefused(out var refusal));
        return refusal;
    }
}
