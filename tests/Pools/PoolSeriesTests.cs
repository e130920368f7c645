using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;
using Npgsql;

namespace Borsellino.Tests;

/// <summary>Groups that meet every week: five Wednesdays at nine from 7 October, summer time ending in between.</summary>
public sealed class PoolSeriesTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly HeadPrices Two = HeadPrices.Flat(2, 3, Money.Euro(24));
    private static readonly LocalDate Last = new(2026, 11, 6);
    private static readonly Duration Week = Duration.FromDays(7);

    [Fact]
    public async Task It_is_the_same_hour_every_week_and_what_is_taken_is_left_out()
    {
        var t = await PoolTown.BuildAsync(database);
        var slot = await t.Town.SlotAsync(Money.Euro(18), PoolTown.Starts);
        var taken = await SlotLikeAsync(t, slot, PoolTown.Starts + Week);
        (await t.Town.BookAsync((await t.FamilyAsync(Money.Euro(50))).Family, taken)).OrThrow();
        // The provider's own time, one week later still, is twice as long: what was agreed to is an hour.
        await SlotLikeAsync(t, slot, PoolTown.Starts + Week + Week, hours: 2);
        var asked = Asked(slot);

        var series = (await t.Pools.PublishSeriesAsync(t.Territory, asked, t.Town.Gelso.User)).OrThrow();
        Assert.Equal(series, (await t.Pools.PublishSeriesAsync(t.Territory, asked, t.Town.Gelso.User)).OrThrow());

        var card = await CardAsync(t, series);
        Assert.Equal(
            [new(2026, 10, 7, 9, 0), new(2026, 10, 28, 9, 0), new(2026, 11, 4, 9, 0)],
            card.Dates.Select(d => d.StartsAt.InZone(ClockExtensions.Rome).LocalDateTime));
        Assert.All(card.Dates, d => Assert.Equal((Duration.FromHours(23), Duration.FromMinutes(60)), (d.StartsAt - d.FreezeAt, d.EndsAt - d.StartsAt)));
        await t.ProveAsync();
    }

    [Fact]
    public async Task Money_is_held_for_a_date_when_it_comes_near_and_each_date_is_decided_for_itself()
    {
        var t = await PoolTown.BuildAsync(database);
        var series = await PublishAsync(t);
        var (anna, annas) = await t.FamilyAsync(Money.Euro(100));
        var (bruno, brunos) = await t.FamilyAsync(Money.Euro(26));
        await JoinAsync(t, series, anna, Money.Euro(12));
        await JoinAsync(t, series, bruno, Money.Euro(12));

        // Two dates are decided within fourteen days: for these the cap is held, for the other three nothing.
        Assert.Equal((Money.Euro(24), Money.Euro(24)), ((await t.Town.OnAsync(annas.Account)).Held, (await t.Town.OnAsync(brunos.Account)).Held));
        Assert.Equal(0, await t.Pools.TakeInDueAsync(t.Territory));

        await t.FreezeAsync();
        Assert.Equal(PoolStatus.Confirmed, (await CardAsync(t, series)).Dates[0].Status);
        t.Town.Clock.Advance(Week);
        Assert.Equal(2, await t.Pools.TakeInDueAsync(t.Territory));
        await t.FreezeAsync();

        // Bruno's money is spent on two dates: of the third he is told, and Anna goes on.
        Assert.Equal(
            [TurnOutcome.Joined, TurnOutcome.Joined, TurnOutcome.Missed, null, null], (await CardAsync(t, series, bruno)).Dates.Select(d => d.Outcome));
        Assert.Equal("not_enough_in_purse", (await CardAsync(t, series, bruno)).Dates[2].Why);
        Assert.Equal([true, true, true, false, false], (await CardAsync(t, series, anna)).Dates.Select(d => d.IsIn));
        Assert.Equal(Money.Euro(36), (await t.Town.OnAsync(annas.Account)).Held);

        var told = Assert.Single(await new Messages(t.Town.Db, t.Town.Clock).OfAsync(t.Territory, bruno.Id), m => m.Kind is MessageKind.DateMissed);
        Assert.Equal((await CardAsync(t, series)).Dates[2].Pool.Value, told.Subject);

        // Money comes: what was missed is joined by hand.
        await t.Town.GrantAsync(bruno, Money.Euro(20));
        (await t.JoinAsync(bruno, (await CardAsync(t, series)).Dates[2].Pool, Money.Euro(12))).OrThrow();
        Assert.True((await CardAsync(t, series, bruno)).Dates[2].IsIn);
        await t.ProveAsync();
    }

    [Fact]
    public async Task One_date_may_be_left_out_near_or_far_and_no_more()
    {
        var t = await PoolTown.BuildAsync(database);
        var series = await PublishAsync(t);
        var (anna, grant) = await t.FamilyAsync(Money.Euro(100));
        var member = await JoinAsync(t, series, anna, Money.Euro(12));
        var dates = (await CardAsync(t, series)).Dates;

        var share = (await t.SharesAsync(dates[1].Pool))[0];
        Assert.Equal(new ShareOfSeries(share.Id), Refused(await t.Pools.LeaveAsync(t.Territory, share.Id, anna.User)));
        (await t.Pools.SkipAsync(t.Territory, member, dates[1].Pool, anna.User)).OrThrow();
        (await t.Pools.SkipAsync(t.Territory, member, dates[1].Pool, anna.User)).OrThrow();
        Assert.Equal(Money.Euro(12), (await t.Town.OnAsync(grant.Account)).Held);
        Assert.Equal(new NoSkipLeft(1), Refused(await t.Pools.SkipAsync(t.Territory, member, dates[3].Pool, anna.User)));
        Assert.Equal(0, (await CardAsync(t, series, anna)).SkipsLeft);

        // A date that is far away is left out before anything is held for it.
        var (bruno, _) = await t.FamilyAsync(Money.Euro(100));
        var other = await JoinAsync(t, series, bruno, Money.Euro(12));
        (await t.Pools.SkipAsync(t.Territory, other, dates[4].Pool, bruno.User)).OrThrow();
        t.Town.Clock.Advance(Week * 3);
        await t.FreezeAsync();
        await t.Pools.TakeInDueAsync(t.Territory);
        Assert.Equal(TurnOutcome.Skipped, (await CardAsync(t, series, bruno)).Dates[4].Outcome);
        Assert.Equal([anna.Id], (await t.SharesAsync(dates[4].Pool)).Select(s => s.HouseholdId));
        await t.ProveAsync();
    }

    [Fact]
    public async Task Places_wait_for_members_whose_date_has_not_come_near()
    {
        var t = await PoolTown.BuildAsync(database);
        var series = await PublishAsync(t);
        foreach (var _ in new int[2]) await JoinAsync(t, series, (await t.FamilyAsync(Money.Euro(100))).Family, Money.Euro(12));
        var last = (await CardAsync(t, series)).Dates[4].Pool;
        var (guest, _) = await t.FamilyAsync(Money.Euro(100));
        var (late, _) = await t.FamilyAsync(Money.Euro(100));

        (await t.JoinAsync(guest, last, Money.Euro(12))).OrThrow();
        Assert.IsType<PoolFull>(Refused(await t.JoinAsync(late, last, Money.Euro(12))));
        Assert.False((await new PoolCards(t.Town.Db, t.Town.Clock).FindAsync(t.Territory, late.Id, last))!.Card.HasPlace);

        t.Town.Clock.Advance(Week * 3);
        await t.FreezeAsync();
        await t.Pools.TakeInDueAsync(t.Territory);
        Assert.Equal(3, (await t.SharesAsync(last)).Count(s => s.Status is ShareStatus.Joined));
        await t.ProveAsync();
    }

    [Fact]
    public async Task Whether_there_is_a_place_is_said_as_it_is_decided_also_to_a_member()
    {
        var t = await PoolTown.BuildAsync(database);
        var series = await PublishAsync(t);
        var (anna, _) = await t.FamilyAsync(Money.Euro(100));
        var (bruno, _) = await t.FamilyAsync(Money.Euro(100));
        var annas = await JoinAsync(t, series, anna, Money.Euro(12));
        await JoinAsync(t, series, bruno, Money.Euro(12));
        var last = (await CardAsync(t, series)).Dates[4].Pool;
        var guests = new List<BookingTown.Family>();
        for (var i = 0; i < 3; i++) guests.Add((await t.FamilyAsync(Money.Euro(100))).Family);

        // A place waits for each member; two are no more than that, and the third is a guest's.
        (await t.JoinAsync(guests[0], last, Money.Euro(12))).OrThrow();
        await AgreesAsync(anna, true);
        await AgreesAsync(guests[1], false);

        // Anna leaves the date out: her place is free for anybody, and once a guest has it, it is not hers nor Bruno's to give.
        (await t.Pools.SkipAsync(t.Territory, annas, last, anna.User)).OrThrow();
        await AgreesAsync(guests[1], true);
        (await t.JoinAsync(guests[1], last, Money.Euro(12))).OrThrow();
        await AgreesAsync(anna, false);
        await AgreesAsync(guests[2], false);
        await AgreesAsync(bruno, true);

        // One more waits for all dates: of the two the first to come has the place, and each is told that there is one.
        await JoinAsync(t, series, guests[2], Money.Euro(12));
        await AgreesAsync(bruno, true);
        await AgreesAsync(guests[2], true);
        (await t.JoinAsync(bruno, last, Money.Euro(12))).OrThrow();
        await AgreesAsync(guests[2], false);
        await t.ProveAsync();

        async Task AgreesAsync(BookingTown.Family family, bool hasPlace)
        {
            Assert.Equal(hasPlace, (await new PoolCards(t.Town.Db, t.Town.Clock).FindAsync(t.Territory, family.Id, last))!.Card.HasPlace);
            var preview = await t.Pools.PreviewAsync(t.Territory, family.Id, last, 1, Money.Euro(12));
            Assert.Equal(hasPlace, !preview.IsRefused(out var why));
            Assert.True(hasPlace || why is PoolFull, $"{why}");
        }
    }

    [Fact]
    public async Task Who_leaves_has_back_what_is_not_decided_and_keeps_what_is()
    {
        var t = await PoolTown.BuildAsync(database);
        var series = await PublishAsync(t);
        var (anna, grant) = await t.FamilyAsync(Money.Euro(100));
        var member = await JoinAsync(t, series, anna, Money.Euro(12));
        await JoinAsync(t, series, (await t.FamilyAsync(Money.Euro(100))).Family, Money.Euro(12));
        await t.FreezeAsync();

        (await t.Pools.LeaveSeriesAsync(t.Territory, member, anna.User)).OrThrow();
        (await t.Pools.LeaveSeriesAsync(t.Territory, member, anna.User)).OrThrow();

        await t.Pools.TakeInDueAsync(t.Territory);
        Assert.Equal(Money.Euro(12), (await t.Town.OnAsync(grant.Account)).Held);
        Assert.IsType<MemberNotFound>(Refused(await t.Pools.SkipAsync(t.Territory, member, (await CardAsync(t, series)).Dates[2].Pool, anna.User)));
        // Its place is another's, and it may come back.
        var again = await JoinAsync(t, series, anna, Money.Euro(12));
        Assert.Equal(again, (await CardAsync(t, series, anna)).Mine!.Id);
        await t.ProveAsync();
    }

    [Fact]
    public async Task A_provider_that_goes_on_no_more_gives_back_what_is_not_decided()
    {
        var t = await PoolTown.BuildAsync(database);
        var series = await PublishAsync(t);
        var (anna, grant) = await t.FamilyAsync(Money.Euro(100));
        await JoinAsync(t, series, anna, Money.Euro(12));
        await JoinAsync(t, series, (await t.FamilyAsync(Money.Euro(100))).Family, Money.Euro(12));
        await t.FreezeAsync();

        (await t.Pools.EndSeriesAsync(t.Territory, series, t.Town.Gelso.User, "Chi la segue si trasferisce.")).OrThrow();
        (await t.Pools.EndSeriesAsync(t.Territory, series, t.Town.Gelso.User, "")).OrThrow();

        Assert.Equal(
            [PoolStatus.Confirmed, .. Enumerable.Repeat(PoolStatus.Cancelled, 4)], (await CardAsync(t, series)).Dates.Select(d => d.Status));
        Assert.Equal(Money.Euro(12), (await t.Town.OnAsync(grant.Account)).Held);
        var late = (await t.FamilyAsync(Money.Euro(100))).Family;
        Assert.IsType<SeriesEnded>(Refused(await t.Pools.JoinSeriesAsync(t.Territory, Request(series, late), late.User)));
        await t.ProveAsync();
    }

    [Fact]
    public async Task What_is_refused()
    {
        var t = await PoolTown.BuildAsync(database);
        var slot = await t.Town.SlotAsync(Money.Euro(18), PoolTown.Starts);
        var asked = Asked(slot);
        Assert.IsType<SlotNotFound>(await PublishAsync(t, asked with { First = asked.First with { Slot = Id<Slot>.New() } }));
        Assert.IsType<SlotNotFound>(await PublishAsync(t, asked, t.Town.Quercia));
        Assert.Equal(new SeriesOutsideTime(new(2026, 10, 14), new(2027, 10, 7)), await PublishAsync(t, asked with { LastDay = new(2026, 10, 13) }));
        Assert.IsType<SeriesOutsideTime>(await PublishAsync(t, asked with { LastDay = new(2027, 10, 8) }));
        Assert.IsType<FreezeOutsideTime>(await PublishAsync(t, asked with { First = asked.First with { FreezeAt = t.Town.Clock.Now } }));
        Assert.Null(await PublishAsync(t, asked));
        Assert.IsType<SeriesIdReused>(await PublishAsync(t, asked, t.Town.Quercia));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => PublishAsync(t, asked with { SkipsMax = 11 }));

        var (anna, _) = await t.FamilyAsync(Money.Euro(100));
        var (bruno, _) = await t.FamilyAsync(Money.Euro(100));
        var request = Request(asked.Id, anna);
        Assert.IsType<SeriesNotFound>(await JoinAsync(t, request with { Series = Id<PoolSeries>.New() }, anna));
        Assert.IsType<WeightNotAllowed>(await JoinAsync(t, request with { Weight = 2 }, anna));
        Assert.IsType<PersonNotInHousehold>(await JoinAsync(t, request with { Person = bruno.Adult }, anna));
        Assert.Equal(new CapTooLow(new(799), Money.Euro(8)), await JoinAsync(t, request with { Cap = new(799) }, anna));
        Assert.Null(await JoinAsync(t, request, anna));
        Assert.Null(await JoinAsync(t, request, anna));
        Assert.IsType<MemberIdReused>(await JoinAsync(t, request, bruno));
        Assert.Equal(new AlreadyInSeries(request.Id), await JoinAsync(t, request with { Id = Id<SeriesMember>.New() }, anna));
        foreach (var _ in new int[2]) await JoinAsync(t, asked.Id, (await t.FamilyAsync(Money.Euro(100))).Family, Money.Euro(12));
        Assert.Equal(new SeriesFull(asked.Id, 3), await JoinAsync(t, Request(asked.Id, bruno), bruno));

        Assert.IsType<MemberNotFound>(Refused(await t.Pools.SkipAsync(t.Territory, request.Id, asked.First.Id, bruno.User)));
        Assert.IsType<MemberNotFound>(Refused(await t.Pools.LeaveSeriesAsync(t.Territory, request.Id, bruno.User)));
        Assert.IsType<PoolNotFound>(Refused(await t.Pools.SkipAsync(t.Territory, request.Id, await t.PublishAsync(Two), anna.User)));
        Assert.IsType<SeriesNotFound>(Refused(await t.Pools.EndSeriesAsync(t.Territory, asked.Id, t.Town.Quercia.User, "")));
        t.Town.Clock.MoveTo(PoolTown.Freeze);
        Assert.IsType<PoolFrozen>(Refused(await t.Pools.SkipAsync(t.Territory, request.Id, asked.First.Id, anna.User)));
        await t.FreezeAsync();
        Assert.IsType<PoolNotReady>(Refused(await t.Pools.SkipAsync(t.Territory, request.Id, asked.First.Id, anna.User)));
        await t.ProveAsync();
    }

    [Fact]
    public async Task Of_twelve_families_at_once_three_have_the_places()
    {
        await using var pool = database.OpenPool(12);
        var t = await PoolTown.BuildAsync(database, pool);
        var series = await PublishAsync(t);
        var families = new List<BookingTown.Family>();
        for (var i = 0; i < 12; i++) families.Add((await t.FamilyAsync(Money.Euro(100))).Family);

        var answers = await Task.WhenAll(families.Select(f => Task.Run(() => JoinAsync(t, Request(series, f), f))));

        Assert.Equal(3, answers.Count(a => a is null));
        Assert.All(answers, a => Assert.True(a is null or SeriesFull));
        await t.Pools.TakeInDueAsync(t.Territory);
        var dates = (await CardAsync(t, series)).Dates;
        Assert.All(dates, d => Assert.Equal(3, d.Living));
        foreach (var (i, date) in dates.Index()) Assert.Equal(i < 2 ? 3 : 0, (await t.SharesAsync(date.Pool)).Count);
        await t.ProveAsync();
    }

    [Theory]
    [InlineData("insert into marketplace.series_turn select territory_id, member_id, (select id from marketplace.pool p where p.territory_id = {0} and p.series_id is null), 'Skipped', null, '', now() from marketplace.series_turn where territory_id = {0} limit 1", "turn_of_its_series")]
    [InlineData("update marketplace.series_turn set outcome = 'Skipped' where territory_id = {0}", "series_skips")]
    [InlineData("update marketplace.series_turn set share_id = null where territory_id = {0}", "turn_joined_has_a_share")]
    [InlineData("update marketplace.series_turn set outcome = 'Missed' where territory_id = {0}", "turn_missed_says_why")]
    [InlineData("update marketplace.series_member set cap = cap + 1 where territory_id = {0}", "series_member_fixed")]
    [InlineData("insert into marketplace.series_member select (m).* from (select jsonb_populate_record(m, jsonb_build_object('id', gen_random_uuid(), 'weight', 2)) m from marketplace.series_member m where territory_id = {0}) x", "series_has_places")]
    [InlineData("insert into marketplace.series_member select (m).* from (select jsonb_populate_record(m, jsonb_build_object('id', gen_random_uuid())) m from marketplace.series_member m where territory_id = {0}) x", "series_member_once")]
    [InlineData("update marketplace.pool set series_id = null where territory_id = {0} and series_id is not null", "pool_stays_in_its_series")]
    public async Task The_tables_refuse_by_themselves(string sql, string constraint)
    {
        var t = await PoolTown.BuildAsync(database);
        var series = await PublishAsync(t);
        await t.PublishAsync(Two);
        await JoinAsync(t, series, (await t.FamilyAsync(Money.Euro(100))).Family, Money.Euro(12));
        var refused = await Assert.ThrowsAsync<PostgresException>(() => database.AsOwnerAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, sql, t.Territory)));
        Assert.Equal(constraint, refused.ConstraintName);
    }

    private static NewSeries Asked(Id<Slot> slot) =>
        new(Id<PoolSeries>.New(), new(Id<Pool>.New(), slot, WeighedBy.Equal, Two, PoolTown.Freeze), Last, SkipsMax: 1);

    private static SeriesRequest Request(Id<PoolSeries> series, BookingTown.Family family) =>
        new(Id<SeriesMember>.New(), series, family.Adult, 1, Money.Euro(12));

    private static async Task<Id<PoolSeries>> PublishAsync(PoolTown t) =>
        (await t.Pools.PublishSeriesAsync(t.Territory, Asked(await t.Town.SlotAsync(Money.Euro(18), PoolTown.Starts)), t.Town.Gelso.User)).OrThrow();

    private static async Task<Refusal?> PublishAsync(PoolTown t, NewSeries series, BookingTown.Cooperative? by = null) =>
        (await t.Pools.PublishSeriesAsync(t.Territory, series, (by ?? t.Town.Gelso).User)).IsRefused(out var refusal) ? refusal : null;

    private static async Task<Id<SeriesMember>> JoinAsync(PoolTown t, Id<PoolSeries> series, BookingTown.Family family, Money cap) =>
        (await t.Pools.JoinSeriesAsync(t.Territory, Request(series, family) with { Cap = cap }, family.User)).OrThrow();

    private static async Task<Refusal?> JoinAsync(PoolTown t, SeriesRequest request, BookingTown.Family family) =>
        (await t.Pools.JoinSeriesAsync(t.Territory, request, family.User)).IsRefused(out var refusal) ? refusal : null;

    private static async Task<SeriesCard> CardAsync(PoolTown t, Id<PoolSeries> series, BookingTown.Family? family = null) =>
        (await new SeriesCards(t.Town.Db).FindAsync(t.Territory, series, family?.Id))!;

    /// <summary>Another time of the same offer.</summary>
    private static async Task<Id<Slot>> SlotLikeAsync(PoolTown t, Id<Slot> slot, Instant starts, int hours = 1)
    {
        var id = Id<Slot>.New();
        await t.Town.ChangeAsync(
            """
            insert into marketplace.slot (territory_id, id, offer_id, starts_at, ends_at, capacity)
            select @territory, @id, offer_id, @starts, @starts + (ends_at - starts_at) * @hours, capacity
            from marketplace.slot where territory_id = @territory and id = @slot
            """, new { id, slot, starts, hours });
        return id;
    }
}
