using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;
using Npgsql;

namespace Borsellino.Tests;

/// <summary>The dated rules of programmes where money is held: bookings, moves, groups, and two at once.</summary>
public sealed class ProgrammeRuleTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly Money Ten = Money.Euro(10);
    private static readonly LocalDate Today = new(2026, 10, 5);

    private static Instant At(int days, int hour = 9) => BookingTown.Monday + Duration.FromHours(days * 24 + hour - 10);

    private static PeriodLimit Hours(int minutes, LimitPeriod period = LimitPeriod.Week, string? of = null) =>
        new(Id<PeriodLimit>.New(), period, of, null, minutes, Today, null);

    private static ShareRule Quadratic(LocalDate? from = null) => new(
        Id<ShareRule>.New(), ShareFormula.Quadratic, ShareUnit.Hour, IseeIndicator.Ordinary, 300, 900, Money.Zero, Money.Euro(20_000), WithoutIsee.Most,
        from ?? Today, null);

    [Fact]
    public async Task No_more_hours_than_the_week_has_and_the_next_week_begins_anew()
    {
        var (town, _) = await FundedAsync(Hours(120));
        for (var day = 2; day < 4; day++) (await town.BookAsync(town.Rossi, await town.SlotAsync(Ten, At(day)))).OrThrow();
        var third = await town.SlotAsync(Ten, At(4));

        Assert.Equal(new NotEnoughInPurse(Money.Zero, Ten), Refused(await town.BookAsync(town.Rossi, third)));
        var why = Assert.Single((await town.Bookings.PreviewAsync(town.Territory, town.Rossi.Id, third)).OrThrow().Coverage.NotPaying);
        Assert.Equal((WhyNot.TooManyHours, 120, Today), (why.Reason, why.Period!.MinutesUsed, why.Period.From));
        // Another family has hours of its own.
        await town.GrantAsync(town.Bianchi, Ten);
        (await town.BookAsync(town.Bianchi, third)).OrThrow();
        (await town.BookAsync(town.Rossi, await town.SlotAsync(Ten, At(7)))).OrThrow();
    }

    /// <summary>Sunday 25 October 2026 has 25 hours in Italy, and ends at 23:00 UTC: a service at 23:30 by Rome's clock is still of that week.</summary>
    [Fact]
    public async Task A_week_ends_at_midnight_in_rome()
    {
        var (town, _) = await FundedAsync(Hours(60));
        (await town.BookAsync(town.Rossi, await town.SlotAsync(Ten, Instant.FromUtc(2026, 10, 20, 8, 0)))).OrThrow();
        Assert.IsType<NotEnoughInPurse>(Refused(await town.BookAsync(town.Rossi, await town.SlotAsync(Ten, Instant.FromUtc(2026, 10, 25, 22, 30)))));
        (await town.BookAsync(town.Rossi, await town.SlotAsync(Ten, Instant.FromUtc(2026, 10, 25, 23, 30)))).OrThrow();
    }

    [Fact]
    public async Task Cents_of_a_class_in_a_month_are_paid_up_to_the_limit_and_come_back_with_a_booking_that_ends()
    {
        var (town, _) = await FundedAsync(new(Id<PeriodLimit>.New(), LimitPeriod.Month, "home-care", Money.Euro(15), null, Today, null), copayment: true);
        var first = (await town.BookAsync(town.Rossi, await town.SlotAsync(Ten, At(2)))).OrThrow();
        var second = (await town.BookAsync(town.Rossi, await town.SlotAsync(Ten, At(3)))).OrThrow();
        Assert.Equal(Money.Euro(5), (await town.FindAsync(second)).Card.Copayment);
        (await town.Bookings.WithdrawAsync(town.Territory, first, town.Rossi.User)).OrThrow();
        var third = (await town.BookAsync(town.Rossi, await town.SlotAsync(Ten, At(4)))).OrThrow();
        Assert.Equal(Money.Zero, (await town.FindAsync(third)).Card.Copayment);
    }

    [Fact]
    public async Task Sixteen_at_once_never_pass_a_limit()
    {
        await using var pool = database.OpenPool(16);
        var (town, grant) = await FundedAsync(Hours(180), pool: pool);
        var slots = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => town.SlotAsync(Ten, At(2 + i % 4, 8 + i / 4))));
        var shown = (await town.Bookings.PreviewAsync(town.Territory, town.Rossi.Id, slots[0])).OrThrow().Coverage;
        var answers = await Task.WhenAll(slots.Select(async slot =>
        {
            var preview = (await town.Bookings.PreviewAsync(town.Territory, town.Rossi.Id, slot)).OrThrow();
            return await town.Bookings.RequestAsync(
                town.Territory, new(Id<Booking>.New(), slot, town.Rossi.Adult, AsShown.Of(shown, Money.Zero, preview.FreeUntil)), town.Rossi.User);
        }));
        Assert.Equal(3, answers.Count(a => !a.IsRefused(out _)));
        Assert.Equal((Money.Euro(200), Money.Euro(30)), await town.OnAsync(grant.Account));
    }

    [Fact]
    public async Task A_booking_moves_with_its_hours_and_not_into_a_week_that_is_full()
    {
        var (town, _) = await FundedAsync(Hours(60));
        var slot = await town.SlotAsync(Ten, At(2));
        var (sameWeek, nextWeek) = (await AnotherAsync(town, slot, At(4)), await AnotherAsync(town, slot, At(8)));
        var id = await town.ConfirmedAsync(town.Rossi, slot);
        var moved = await MoveAsync(town, id, sameWeek);

        (await town.BookAsync(town.Rossi, await town.SlotAsync(Ten, At(9)))).OrThrow();
        var preview = (await town.Bookings.PreviewMoveAsync(town.Territory, town.Rossi.Id, moved.OrThrow(), nextWeek)).OrThrow();
        Assert.Equal(WhyNot.TooManyHours, Assert.Single(preview.Coverage.NotPaying).Reason);
        Assert.IsType<NotEnoughInPurse>(Refused(await MoveAsync(town, moved.OrThrow(), nextWeek)));
        Assert.Equal(BookingStatus.Requested, await town.StatusAsync(moved.OrThrow()));
    }

    /// <summary>A grant that takes the place of one that was revoked begins no new week.</summary>
    [Fact]
    public async Task A_new_grant_of_the_same_programme_has_the_hours_that_are_left()
    {
        var (town, grant) = await FundedAsync(Hours(60));
        (await town.BookAsync(town.Rossi, await town.SlotAsync(Ten, At(2)))).OrThrow();
        var second = await town.GrantAsync(town.Rossi, Money.Euro(50));
        await town.ChangeAsync(
            """
            update marketplace.welfare_grant set status = 'Revoked' where territory_id = @territory and id = @first;
            update marketplace.welfare_grant set programme_id = @programme where territory_id = @territory and id = @second
            """, new { first = grant.Id, second = second.Id, programme = grant.Programme });
        Assert.IsType<NotEnoughInPurse>(Refused(await town.BookAsync(town.Rossi, await town.SlotAsync(Ten, At(3)))));
    }

    [Fact]
    public async Task Only_listed_providers_are_paid()
    {
        var (town, grant) = await FundedAsync();
        ListedProvider listed = new(Id<ListedProvider>.New(), town.Gelso.Id, Today, null);
        (await Rules(town).AddProviderAsync(town.Territory, grant.Programme, listed, town.Officer)).OrThrow();
        (await Rules(town).AddProviderAsync(town.Territory, grant.Programme, listed, town.Officer)).OrThrow();
        Assert.IsType<ProviderListedAlready>(Refused(await Rules(town).AddProviderAsync(
            town.Territory, grant.Programme, listed with { Id = Id<ListedProvider>.New() }, town.Officer)));
        Assert.IsType<ListedProviderUnknown>(Refused(await Rules(town).AddProviderAsync(
            town.Territory, grant.Programme, new(Id<ListedProvider>.New(), Id<Provider>.New(), Today, null), town.Officer)));
        (await town.BookAsync(town.Rossi, await town.SlotAsync(Ten, At(2)))).OrThrow();
        Assert.IsType<NotEnoughInPurse>(Refused(await town.BookAsync(town.Rossi, await town.SlotAsync(Ten, At(3), provider: town.Quercia))));

        // Its place ends, and the list stays a list.
        (await Rules(town).EndProviderAsync(town.Territory, grant.Programme, listed.Id, Today.PlusDays(2), town.Officer)).OrThrow();
        Assert.IsType<NotEnoughInPurse>(Refused(await town.BookAsync(town.Rossi, await town.SlotAsync(Ten, At(3)))));
    }

    /// <summary>The providers' rooms are in Tradate, and the family lives there; what is given at home counts where it lives.</summary>
    [Fact]
    public async Task Only_what_is_given_in_listed_municipalities_is_paid()
    {
        var (town, grant) = await FundedAsync();
        ListedMunicipality elsewhere = new(Id<ListedMunicipality>.New(), "C300", Today, null);
        for (var i = 0; i < 2; i++) (await Rules(town).AddMunicipalityAsync(town.Territory, grant.Programme, elsewhere, town.Officer)).OrThrow();
        Assert.IsType<MunicipalityListedAlready>(Refused(await Rules(town).AddMunicipalityAsync(
            town.Territory, grant.Programme, elsewhere with { Id = Id<ListedMunicipality>.New() }, town.Officer)));
        Assert.IsType<ListedMunicipalityUnknown>(Refused(await Rules(town).AddMunicipalityAsync(
            town.Territory, grant.Programme, new(Id<ListedMunicipality>.New(), "Z999", Today, null), town.Officer)));
        Assert.IsType<RuleStartsInThePast>(Refused(await Rules(town).AddMunicipalityAsync(
            town.Territory, grant.Programme, new(Id<ListedMunicipality>.New(), "L319", Today.PlusDays(-1), null), town.Officer)));
        var (rooms, home, online) = (await town.SlotAsync(Ten, At(2)), await town.SlotAsync(Ten, At(3), place: "AtHome"), await town.SlotAsync(Ten, At(4), place: "Online"));
        foreach (var slot in new[] { rooms, home })
        {
            Assert.IsType<NotEnoughInPurse>(Refused(await town.BookAsync(town.Rossi, slot)));
            var why = Assert.Single((await town.Bookings.PreviewAsync(town.Territory, town.Rossi.Id, slot)).OrThrow().Coverage.NotPaying);
            Assert.Equal(WhyNot.OtherMunicipalities, why.Reason);
        }

        (await town.BookAsync(town.Rossi, online)).OrThrow();
        await town.ChangeAsync(
            "update marketplace.person set municipality_code = 'C300' where territory_id = @territory and id = @Adult", new { town.Rossi.Adult });
        (await town.BookAsync(town.Rossi, home)).OrThrow();
        (await Rules(town).AddMunicipalityAsync(town.Territory, grant.Programme, new(Id<ListedMunicipality>.New(), "L319", Today, null), town.Officer)).OrThrow();
        (await town.BookAsync(town.Rossi, rooms)).OrThrow();

        // Its place ends, and the list stays a list.
        (await Rules(town).EndMunicipalityAsync(town.Territory, grant.Programme, elsewhere.Id, Today.PlusDays(2), town.Officer)).OrThrow();
        Assert.IsType<NotEnoughInPurse>(Refused(await town.BookAsync(town.Rossi, await town.SlotAsync(Ten, At(5), place: "AtHome"))));
        Assert.Equal(2, (await Rules(town).OfAsync(town.Territory, grant.Programme)).Municipalities.Count);
    }

    [Fact]
    public async Task The_part_by_the_isee_is_the_familys_and_the_database_refuses_to_pay_it()
    {
        var (town, grant) = await FundedAsync(share: Quadratic());
        var register = new IseeRegister(town.Db, town.Clock);
        Task<Result<Id<HouseholdIsee>>> RecordAsync(Money value, LocalDate day) => register.RecordAsync(
            town.Territory, Id<HouseholdIsee>.New(), town.Rossi.Id, IseeIndicator.Ordinary, value, " inps-isee-2026-1 ", day, null, town.Officer);
        Assert.Equal(Money.Euro(9), (await PreviewAsync(At(2))).Copayment);
        (await RecordAsync(new(12_345_67), new(2026, 2, 10))).OrThrow();
        var known = Assert.Single(await register.OfAsync(town.Territory, town.Rossi.Id));
        Assert.Equal(("INPS-ISEE-2026-1", new LocalDate(2026, 12, 31)), (known.DsuNumber, known.ValidTo));

        var coverage = await PreviewAsync(At(2));
        Assert.Equal((new(5_29), new(5_29), (LocalDate?)known.ValidTo), (coverage.Copayment, coverage.OwnPart, coverage.Lines[0].IseeTo));
        // A service of the new year is after the declaration.
        Assert.Equal(Money.Euro(9), (await PreviewAsync(Instant.FromUtc(2027, 1, 4, 9, 0))).OwnPart);
        var id = await town.ConfirmedAsync(town.Rossi, await town.SlotAsync(Ten, At(2)));
        Assert.Equal((new Money(4_71), new Money(5_29)), ((await town.FindAsync(id)).Card.Covered, (await town.FindAsync(id)).Card.Copayment));

        var error = await Assert.ThrowsAsync<PostgresException>(() => town.ChangeAsync(
            """
            insert into marketplace.booking_line (territory_id, booking_id, line, grant_id, amount, own_cents)
            values (@territory, @id, 2, @grant, 472, 529)
            """, new { id, grant = grant.Id }));
        Assert.Equal("own_part_left", error.ConstraintName);

        async Task<Coverage> PreviewAsync(Instant at) =>
            (await town.Bookings.PreviewAsync(town.Territory, town.Rossi.Id, await town.SlotAsync(Ten, at))).OrThrow().Coverage;
    }

    [Fact]
    public async Task A_declaration_that_cannot_be_one_is_refused()
    {
        var (town, _) = await FundedAsync();
        var register = new IseeRegister(town.Db, town.Clock);
        async Task<Refusal> TryAsync(Money? value = null, string number = "DSU-2026-1", LocalDate? day = null, LocalDate? to = null, Id<Household>? who = null) =>
            Refused(await register.RecordAsync(
                town.Territory, Id<HouseholdIsee>.New(), who ?? town.Rossi.Id, IseeIndicator.Minors, value ?? Ten, number, day ?? Today, to, town.Officer));
        Assert.IsType<IseeOutside>(await TryAsync(new Money(-1)));
        Assert.IsType<IseeOutside>(await TryAsync(IseeRegister.Max + new Money(1)));
        Assert.IsType<DsuNumberMalformed>(await TryAsync(number: "?!"));
        Assert.IsType<DsuInTheFuture>(await TryAsync(day: Today.PlusDays(1)));
        Assert.IsType<DsuDaysWrong>(await TryAsync(to: new(2027, 1, 1)));
        Assert.IsType<DsuDaysWrong>(await TryAsync(to: Today.PlusDays(-1)));
        Assert.IsType<HouseholdNotFound>(await TryAsync(who: Id<Household>.New()));

        var id = Id<HouseholdIsee>.New();
        for (var i = 0; i < 2; i++)
            (await register.RecordAsync(town.Territory, id, town.Rossi.Id, IseeIndicator.Ordinary, Ten, "DSU-2026-1", Today, null, town.Officer)).OrThrow();
        Assert.IsType<IseeIdReused>(Refused(await register.RecordAsync(
            town.Territory, id, town.Bianchi.Id, IseeIndicator.Ordinary, Ten, "DSU-2026-1", Today, null, town.Officer)));
        Assert.Single(await register.OfAsync(town.Territory, town.Rossi.Id));
    }

    [Fact]
    public async Task Rules_begin_today_or_later_end_and_are_never_rewritten()
    {
        var (town, grant) = await FundedAsync(Hours(60));
        var (rules, programme) = (Rules(town), grant.Programme);
        var limit = Assert.Single((await rules.OfAsync(town.Territory, programme)).Limits);
        async Task<Refusal> AddAsync(PeriodLimit wrong) => Refused(await rules.AddLimitAsync(town.Territory, programme, wrong, town.Officer));
        Assert.IsType<LimitOfNothing>(await AddAsync(Hours(1) with { MinutesMax = null }));
        Assert.IsType<LimitMinutesOutside>(await AddAsync(Hours(0)));
        Assert.IsType<AmountNotPositive>(await AddAsync(Hours(1) with { Max = Money.Zero }));
        Assert.IsType<RuleDaysReversed>(await AddAsync(Hours(1) with { ValidTo = Today.PlusDays(-1) }));
        Assert.IsType<RuleStartsInThePast>(await AddAsync(Hours(1) with { ValidFrom = Today.PlusDays(-1) }));
        Assert.IsType<LimitOfOtherServices>(await AddAsync(Hours(1, of: "school")));
        Assert.IsType<LimitOfOtherServices>(await AddAsync(Hours(1, of: "nowhere")));
        Assert.IsType<ProgrammeNotFound>(Refused(await rules.AddLimitAsync(town.Territory, Id<Programme>.New(), Hours(1), town.Officer)));
        var other = await town.GrantAsync(town.Bianchi, Ten);
        Assert.IsType<RuleIdReused>(Refused(await rules.AddLimitAsync(town.Territory, other.Programme, limit, town.Officer)));

        Task<Result<Done>> EndAsync(LocalDate last, Id<Programme>? of = null) => rules.EndLimitAsync(town.Territory, of ?? programme, limit.Id, last, town.Officer);
        Assert.IsType<RuleNotFound>(Refused(await EndAsync(Today, other.Programme)));
        Assert.IsType<RuleEndsInThePast>(Refused(await EndAsync(Today.PlusDays(-1))));
        (await EndAsync(Today.PlusDays(1))).OrThrow();
        (await EndAsync(Today.PlusDays(1))).OrThrow();
        Assert.Equal(Today.PlusDays(1), Assert.Single((await rules.OfAsync(town.Territory, programme)).Limits).ValidTo);
        town.Clock.Advance(Duration.FromDays(2));
        Assert.IsType<RuleEnded>(Refused(await EndAsync(Today.PlusDays(5))));
        // Who asks the database itself may not rewrite it either.
        var error = await Assert.ThrowsAsync<PostgresException>(() => town.ChangeAsync(
            "update marketplace.programme_limit set minutes_max = 999 where territory_id = @territory and id = @Id", new { limit.Id }));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, error.SqlState);
    }

    [Fact]
    public async Task Versions_of_the_share_follow_each_other_and_what_is_held_stays()
    {
        var (town, grant) = await FundedAsync(share: Quadratic());
        var held = (await town.BookAsync(town.Rossi, await town.SlotAsync(Ten, At(9)))).OrThrow();
        var next = Quadratic(Today.PlusDays(7)) with { Most = 500 };
        (await Rules(town).ReplaceShareAsync(town.Territory, grant.Programme, next, town.Officer)).OrThrow();
        (await Rules(town).ReplaceShareAsync(town.Territory, grant.Programme, next, town.Officer)).OrThrow();
        var rules = await Rules(town).OfAsync(town.Territory, grant.Programme);
        Assert.Equal([Today.PlusDays(6), null], rules.Shares.Select(s => s.ValidTo));
        Assert.IsType<RuleStartsInThePast>(Refused(await Rules(town).ReplaceShareAsync(town.Territory, grant.Programme, Quadratic(Today.PlusDays(7)), town.Officer)));

        Assert.Equal(Money.Euro(9), (await town.FindAsync(held)).Card.Copayment);
        Assert.Equal(Money.Euro(5), (await PreviewAsync(At(9))).OwnPart);
        Assert.Equal(Money.Euro(9), (await PreviewAsync(At(4))).OwnPart);
        var (_, without) = await FundedAsync(town: town);
        Assert.IsType<ShareNotAskedFor>(Refused(await Rules(town).ReplaceShareAsync(town.Territory, without.Programme, Quadratic(), town.Officer)));

        async Task<Coverage> PreviewAsync(Instant at) =>
            (await town.Bookings.PreviewAsync(town.Territory, town.Rossi.Id, await town.SlotAsync(Ten, at))).OrThrow().Coverage;
    }

    [Fact]
    public async Task A_share_of_a_group_uses_hours_and_leaves_the_part_at_the_price_that_is_charged()
    {
        var pools = new PoolTown((await FundedAsync(Hours(60), Quadratic())).Town);
        var town = pools.Town;
        var pool = await pools.PublishAsync(HeadPrices.Flat(2, 3, Money.Euro(30)));
        (await pools.JoinAsync(town.Rossi, pool)).OrThrow();
        // The hour is used while the share waits, and what another cap holds is given back first.
        Assert.IsType<NotEnoughInPurse>(Refused(await town.BookAsync(town.Rossi, await town.SlotAsync(Ten, At(3)))));
        Assert.True((await town.Pools.PreviewCapAsync(town.Territory, town.Rossi.Id, pool, Money.Euro(14))).OrThrow().Coverage.IsPossible);
        foreach (var _ in Enumerable.Range(0, 2)) (await pools.JoinAsync((await pools.FamilyAsync(Money.Euro(30))).Family, pool)).OrThrow();

        await pools.FreezeAsync();
        var share = (await pools.SharesAsync(pool)).Single(s => s.HouseholdId == town.Rossi.Id);
        var card = (await town.FindAsync(share.BookingId!.Value)).Card;
        // Held were 6 of 15; of the 10 that are charged, 9 are the family's.
        Assert.Equal((Ten, Money.Euro(1), Money.Euro(9)), (card.Price, card.Covered, card.Copayment));
        Assert.IsType<NotEnoughInPurse>(Refused(await town.BookAsync(town.Rossi, await town.SlotAsync(Ten, At(3)))));
        await pools.ProveAsync();
    }

    /// <summary>Those who prove the books count again, from the bookings up: a limit that was there and is passed is found.</summary>
    [Fact]
    public async Task The_audit_finds_a_limit_that_was_passed()
    {
        var (town, grant) = await FundedAsync(Hours(120));
        for (var day = 2; day < 4; day++) (await town.BookAsync(town.Rossi, await town.SlotAsync(Ten, At(day)))).OrThrow();
        Assert.Empty(await new MarketplaceAudit(town.Db).RunAsync(town.Territory));
        await PlantAsync("minutes_max, class_code", "119, 'home-care'");
        Assert.Equal("period_limits_hold", Assert.Single(await new MarketplaceAudit(town.Db).RunAsync(town.Territory)).Check);
        await PlantAsync("cents_max, class_code", "1999, 'care'");
        Assert.Equal(2, (await new MarketplaceAudit(town.Db).RunAsync(town.Territory)).Count);
        await PlantAsync("cents_max, class_code", "2000, null");
        Assert.Equal(2, (await new MarketplaceAudit(town.Db).RunAsync(town.Territory)).Count);

        Task PlantAsync(string columns, string values) => town.ChangeAsync(
            $"""
            insert into marketplace.programme_limit (territory_id, id, programme_id, period, valid_from, added_by, added_at, {columns})
            values (@territory, gen_random_uuid(), @Programme, 'Week', date '2026-10-05', @Officer, '2026-10-05 08:00+00', {values})
            """, new { grant.Programme, town.Officer });
    }

    private static ProgrammeRules Rules(BookingTown town) => new(town.Db, town.Clock);

    /// <summary>A town whose family has 200 euro under a programme with these rules.</summary>
    private async Task<(BookingTown Town, BookingTown.Funded Grant)> FundedAsync(
        PeriodLimit? limit = null, ShareRule? share = null, bool copayment = false, Database? pool = null, BookingTown? town = null)
    {
        var where = town ?? await BookingTown.BuildAsync(database, pool);
        var grant = await where.GrantAsync(where.Rossi, Money.Euro(200), to: new(2027, 3, 31), copayment: copayment);
        if (limit is not null) (await Rules(where).AddLimitAsync(where.Territory, grant.Programme, limit, where.Officer)).OrThrow();
        if (share is null) return (where, grant);
        await where.ChangeAsync(
            "update marketplace.programme set copayment = 'Required' where territory_id = @territory and id = @Programme", new { grant.Programme });
        (await Rules(where).ReplaceShareAsync(where.Territory, grant.Programme, share, where.Officer)).OrThrow();
        return (where, grant);
    }

    /// <summary>Another time of the offer that a slot is of.</summary>
    private static async Task<Id<Slot>> AnotherAsync(BookingTown town, Id<Slot> of, Instant starts)
    {
        var slot = Id<Slot>.New();
        await town.ChangeAsync(
            """
            insert into marketplace.slot (territory_id, id, offer_id, starts_at, ends_at, capacity)
            select @territory, @slot, offer_id, @starts, @ends, 1 from marketplace.slot where territory_id = @territory and id = @of
            """, new { slot, of, starts, ends = starts + Duration.FromHours(1) });
        return slot;
    }

    private static async Task<Result<Id<Booking>>> MoveAsync(BookingTown town, Id<Booking> id, Id<Slot> to)
    {
        if ((await town.Bookings.PreviewMoveAsync(town.Territory, town.Rossi.Id, id, to)).IsRefused(out var refusal, out var preview)) return refusal;
        return await town.Bookings.MoveAsync(town.Territory, id, new(Id<Booking>.New(), to, town.Rossi.Adult, preview.Shown), town.Rossi.User);
    }

    private static Refusal Refused<T>(Result<T> result) where T : notnull =>
        result.IsRefused(out var refusal) ? refusal : throw new InvalidOperationException("It was not refused.");
}
