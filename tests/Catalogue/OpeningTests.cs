using Borsellino.Ledger;
using Borsellino.Marketplace;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;

namespace Borsellino.Tests.Catalogue;

/// <summary>The week of an offer: times open by themselves at the wall clock's hour, and nothing that a family has booked is taken from it.</summary>
public sealed class OpeningTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly LocalTime Nine = new(9, 0), Three = new(15, 0);

    [Fact]
    public async Task A_week_opens_eight_weeks_at_the_same_hour_across_the_change_of_the_clocks()
    {
        var week = await OpenAsync();
        (await week.AddAsync(IsoDayOfWeek.Wednesday, Nine)).OrThrow();
        var times = await week.TimesAsync();
        var days = times.Select(t => t.StartsAt.InZone(ClockExtensions.Rome).LocalDateTime).ToList();
        Assert.Equal(8, times.Count);
        Assert.All(days, d => Assert.Equal((IsoDayOfWeek.Wednesday, Nine), (d.DayOfWeek, d.TimeOfDay)));
        // The clocks go back on 25 October: the same hour is another instant.
        Assert.Contains(Duration.FromHours((7 * 24) + 1), times.Zip(times.Skip(1), (a, b) => b.StartsAt - a.StartsAt));
        Assert.All(times, t => Assert.Equal(Duration.FromMinutes(60), t.EndsAt - t.StartsAt));
    }

    [Fact]
    public async Task Each_week_one_more_opens_whoever_looks_after_it()
    {
        var week = await OpenAsync();
        (await week.AddAsync(IsoDayOfWeek.Wednesday, Nine)).OrThrow();
        (await week.AddAsync(IsoDayOfWeek.Friday, Three)).OrThrow();
        Assert.Equal(0, await week.Openings.MakeDueAsync(week.Territory));
        week.Town.Clock.Advance(Duration.FromDays(7));
        var made = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => week.Openings.MakeDueAsync(week.Territory))));
        Assert.Equal(2, made.Sum());
        Assert.Equal(16, (await week.TimesAsync()).Count);
        // A process that slept for a month makes up for it.
        week.Town.Clock.Advance(Duration.FromDays(28));
        Assert.Equal(8, await week.Openings.MakeDueAsync(week.Territory));
        Assert.Equal(16, (await week.TimesAsync()).Count);
    }

    [Fact]
    public async Task Many_hours_are_made_in_rounds_until_none_is_left()
    {
        var week = await OpenAsync();
        foreach (var day in Enumerable.Range(1, 7))
            for (var hour = 8; hour < 18; hour++) (await week.AddAsync((IsoDayOfWeek)day, new(hour, 0))).OrThrow();
        week.Town.Clock.Advance(Duration.FromDays(7));
        Assert.Equal(70, await week.Openings.MakeDueAsync(week.Territory));
        Assert.Equal(0, await week.Openings.MakeDueAsync(week.Territory));
    }

    [Fact]
    public async Task Ending_takes_back_what_nobody_booked_and_leaves_the_rest()
    {
        var week = await OpenAsync();
        var id = (await week.AddAsync(IsoDayOfWeek.Wednesday, Nine)).OrThrow();
        (await week.AddAsync(IsoDayOfWeek.Wednesday, Three)).OrThrow();
        var nines = (await week.TimesAsync()).Where(t => t.StartsAt.InZone(ClockExtensions.Rome).TimeOfDay == Nine).ToList();
        var booking = (await week.Town.BookAsync(week.Town.Rossi, nines[3].Id)).OrThrow();

        Assert.Equal(new Stopped(6, 1), (await week.Openings.EndAsync(week.Territory, id, week.Today.PlusDays(3), week.By)).OrThrow());
        Assert.Equal(new Stopped(0, 1), (await week.Openings.EndAsync(week.Territory, id, week.Today.PlusDays(3), week.By)).OrThrow());
        var left = await week.TimesAsync();
        Assert.Equal(10, left.Count);
        Assert.Equal([nines[0].Id, nines[3].Id], left.Where(t => t.StartsAt.InZone(ClockExtensions.Rome).TimeOfDay == Nine).Select(t => t.Id));
        // What is booked goes on, and the ended week makes no more.
        (await week.Town.Bookings.ConfirmAsync(week.Territory, booking, week.By)).OrThrow();
        week.Town.Clock.Advance(Duration.FromDays(7));
        Assert.Equal(1, await week.Openings.MakeDueAsync(week.Territory));
    }

    [Fact]
    public async Task A_closed_day_has_no_new_times_and_opens_again_as_it_was()
    {
        var week = await OpenAsync();
        (await week.AddAsync(IsoDayOfWeek.Wednesday, Nine)).OrThrow();
        (await week.AddAsync(IsoDayOfWeek.Wednesday, Three)).OrThrow();
        var day = week.Today.Next(IsoDayOfWeek.Wednesday);
        var times = await OnAsync(day);
        var byHand = (await week.TimesAsync()).Last(t => t.StartsAt.InZone(ClockExtensions.Rome).Date == day).Id;
        (await week.Openings.WithdrawAsync(week.Territory, byHand, week.By)).OrThrow();
        week.Town.Clock.Advance(Duration.FromMinutes(1));

        Assert.Equal(new Stopped(1, 0), (await week.Openings.CloseAsync(week.Territory, day, week.By)).OrThrow());
        Assert.Equal(new Stopped(0, 0), (await week.Openings.CloseAsync(week.Territory, day, week.By)).OrThrow());
        Assert.Empty(await OnAsync(day));
        Assert.Equal([new ProviderClosing(day, 0)], await week.Openings.ClosingsAsync(week.Territory, week.Town.Gelso.Id));
        // Hours that are added meanwhile leave the day out, and have it when it opens again; what was taken back by hand stays so.
        (await week.AddAsync(IsoDayOfWeek.Wednesday, new(11, 0))).OrThrow();
        Assert.Empty(await OnAsync(day));
        (await week.Openings.ReopenAsync(week.Territory, day, week.By)).OrThrow();
        (await week.Openings.ReopenAsync(week.Territory, day, week.By)).OrThrow();
        Assert.Equal([Nine, new LocalTime(11, 0)], await OnAsync(day));
        Assert.Equal([Nine, Three], times);

        // A day beyond what is open yet.
        var far = day.PlusWeeks(8);
        Assert.Equal(new Stopped(0, 0), (await week.Openings.CloseAsync(week.Territory, far, week.By)).OrThrow());
        week.Town.Clock.Advance(Duration.FromDays(7));
        await week.Openings.MakeDueAsync(week.Territory);
        Assert.Empty(await OnAsync(far));
        (await week.Openings.ReopenAsync(week.Territory, far, week.By)).OrThrow();
        Assert.Equal([Nine, new LocalTime(11, 0), Three], await OnAsync(far));

        async Task<List<LocalTime>> OnAsync(LocalDate on) =>
            [.. (await week.TimesAsync()).Select(t => t.StartsAt.InZone(ClockExtensions.Rome).LocalDateTime).Where(t => t.Date == on).Select(t => t.TimeOfDay)];
    }

    [Fact]
    public async Task A_time_that_is_booked_while_its_day_closes_is_one_or_the_other()
    {
        var week = await OpenAsync();
        for (var hour = 8; hour < 20; hour++) (await week.AddAsync(IsoDayOfWeek.Wednesday, new(hour, 0))).OrThrow();
        var day = week.Today.Next(IsoDayOfWeek.Wednesday);
        var times = (await week.TimesAsync()).Where(t => t.StartsAt.InZone(ClockExtensions.Rome).Date == day).ToList();
        var families = new List<BookingTown.Family>();
        foreach (var _ in times) families.Add(await week.Town.FamilyAsync());
        foreach (var family in families) await week.Town.GrantAsync(family, Money.Euro(100));
        var close = Task.Run(() => week.Openings.CloseAsync(week.Territory, day, week.By));
        var books = await Task.WhenAll(times.Zip(families, (t, f) => Task.Run(() => week.Town.BookAsync(f, t.Id))));
        var stopped = (await close).OrThrow();
        var booked = books.Count(b => !b.IsRefused(out _));
        var after = await week.TimesAsync();
        Assert.Equal(booked, after.Count(t => t.StartsAt.InZone(ClockExtensions.Rome).Date == day));
        Assert.All(after.Where(t => t.StartsAt.InZone(ClockExtensions.Rome).Date == day), t => Assert.Equal(1, t.Taken));
        Assert.Equal(times.Count - booked, stopped.Withdrawn);
    }

    [Fact]
    public async Task A_provider_that_is_closing_a_day_just_now_has_its_times_made_afterwards()
    {
        var week = await OpenAsync();
        (await week.AddAsync(IsoDayOfWeek.Wednesday, Nine)).OrThrow();
        week.Town.Clock.Advance(Duration.FromDays(7));
        var last = week.Today.PlusWeeks(Openings.WeeksAhead).Next(IsoDayOfWeek.Wednesday).PlusWeeks(-1);
        await week.Town.Db.TransactAsync<Done>(week.Territory, async tx =>
        {
            await tx.ExecuteAsync("select 1 from marketplace.provider where territory_id = @territory and id = @Id for no key update", new { week.Town.Gelso.Id });
            await tx.ExecuteAsync(
                "insert into marketplace.provider_closing (territory_id, provider_id, day, closed_by, closed_at) values (@territory, @Provider, @last, @User, @now)",
                new { week.By.Provider, week.By.User, last, now = week.Town.Clock.Now });
            Assert.Equal(0, await week.Openings.MakeDueAsync(week.Territory));
            return default(Done);
        });
        Assert.Equal(0, await week.Openings.MakeDueAsync(week.Territory));
        Assert.Equal(7, (await week.TimesAsync()).Count);
    }

    [Fact]
    public async Task What_is_wrong_is_refused_by_its_own_reason()
    {
        var week = await OpenAsync();
        var good = new OpeningHours(Id<OpeningHours>.New(), week.Offer, 3, Nine, 15, 1, week.Today, null);
        var other = await week.Town.CooperativeAsync();
        (OpeningHours Hours, ProviderUser By, Type Why)[] table =
        [
            (good with { Day = 0 }, week.By, typeof(OpeningHoursWrong)),
            (good with { Day = 8 }, week.By, typeof(OpeningHoursWrong)),
            (good with { Capacity = 0 }, week.By, typeof(OpeningHoursWrong)),
            (good with { Capacity = 501 }, week.By, typeof(OpeningHoursWrong)),
            (good with { ValidFrom = week.Today.PlusDays(-1) }, week.By, typeof(OpeningHoursWrong)),
            (good with { ValidTo = week.Today.PlusDays(-1) }, week.By, typeof(OpeningHoursWrong)),
            (good with { OfferId = Id<Offer>.New() }, week.By, typeof(OfferNotFound)),
            (good, other.User, typeof(OfferNotFound)),
        ];
        foreach (var (hours, by, why) in table) Assert.Equal(why, Refused(await week.Openings.AddAsync(week.Territory, hours, by))?.GetType());
        Assert.Empty(await week.Openings.OfOfferAsync(week.Territory, week.Offer));

        (await week.Openings.AddAsync(week.Territory, good, week.By)).OrThrow();
        (await week.Openings.AddAsync(week.Territory, good, week.By)).OrThrow();
        Assert.Single(await week.Openings.OfOfferAsync(week.Territory, week.Offer));
        Assert.Equal(new OpeningHoursMeet(IsoDayOfWeek.Wednesday, Nine, new(10, 0)), Refused(await week.AddAsync(IsoDayOfWeek.Wednesday, new(9, 59))));
        (await week.AddAsync(IsoDayOfWeek.Wednesday, new(10, 0))).OrThrow();
        Assert.IsType<OpeningHoursNotFound>(Refused(await week.Openings.EndAsync(week.Territory, good.Id, week.Today, other.User)));
        Assert.IsType<OpeningHoursNotFound>(Refused(await week.Openings.EndAsync(week.Territory, Id<OpeningHours>.New(), week.Today, week.By)));
        Assert.IsType<OpeningHoursWrong>(Refused(await week.Openings.CloseAsync(week.Territory, week.Today.PlusDays(-1), week.By)));
        Assert.IsType<SlotNotFound>(Refused(await week.Openings.WithdrawAsync(week.Territory, (await week.TimesAsync())[0].Id, other.User)));

        // Another provider's closing is its own.
        Assert.Equal(new Stopped(0, 0), (await week.Openings.CloseAsync(week.Territory, week.Today.Next(IsoDayOfWeek.Wednesday), other.User)).OrThrow());
        Assert.Equal(16, (await week.TimesAsync()).Count);
        (await week.Offers.WithdrawAsync(week.Territory, week.Offer)).OrThrow();
        Assert.IsType<OfferIs>(Refused(await week.AddAsync(IsoDayOfWeek.Monday, Nine)));
    }

    /// <summary>Two hours meet when some minute of the week belongs to both, told by counting the minutes.</summary>
    [Fact]
    public void Hours_meet_when_they_share_a_minute()
    {
        var hours = from day in Gen.Choose(1, 7)
                    from starts in Gen.Choose(0, 1_439)
                    from minutes in Gen.OneOf(Gen.Choose(15, 120), Gen.Choose(15, 1_440))
                    select new OpeningHours(default, default, day, LocalTime.Midnight.PlusMinutes(starts), minutes, 1, new(2026, 1, 1), null);
        Prop.ForAll(
            Arb.From(from a in hours from b in hours select (a, b)),
            pair => pair.a.Meets(pair.b) == Minutes(pair.a).Overlaps(Minutes(pair.b)) && pair.a.Meets(pair.b) == pair.b.Meets(pair.a) && pair.a.Meets(pair.a))
            .QuickCheckThrowOnFailure();
        // Across midnight, and from Sunday to Monday.
        var night = new OpeningHours(default, default, 7, new(22, 0), 600, 1, new(2026, 1, 1), null);
        Assert.True(night.Meets(night with { Day = 1, Starts = new(7, 59), Minutes = 15 }));
        Assert.True((night with { Day = 1, Starts = new(7, 59), Minutes = 15 }).Meets(night));
        Assert.False(night.Meets(night with { Day = 1, Starts = new(8, 0), Minutes = 15 }));
        var one = new OpeningHours(default, default, 1, Nine, 60, 1, new(2026, 1, 1), new(2026, 1, 31));
        Assert.False(one.Meets(one with { ValidFrom = new(2026, 2, 1), ValidTo = null }));
        Assert.True(one.Meets(one with { ValidFrom = new(2026, 1, 31), ValidTo = null }));

        static HashSet<int> Minutes(OpeningHours h) =>
            [.. Enumerable.Range(((h.Day - 1) * 1_440) + (h.Starts.Hour * 60) + h.Starts.Minute, h.Minutes).Select(m => m % 10_080)];
    }

    private static Refusal? Refused<T>(Result<T> result)
        where T : notnull => result.IsRefused(out var refusal) ? refusal : null;

    private async Task<Week> OpenAsync()
    {
        var town = await BookingTown.BuildAsync(database);
        await town.GrantAsync(town.Rossi, Money.Euro(500));
        var slot = await town.SlotAsync(Money.Euro(10), town.Clock.Now + Duration.FromMinutes(17));
        var slots = new Slots(town.Db, town.Clock);
        var offer = (await slots.FindAsync(town.Territory, slot))!.OfferId;
        // The offer's only times are those of its week.
        (await slots.WithdrawAsync(town.Territory, slot)).OrThrow();
        return new(town, offer);
    }

    private sealed class Week(BookingTown town, Id<Offer> offer)
    {
        public BookingTown Town => town;
        public TerritoryId Territory => town.Territory;
        public Id<Offer> Offer => offer;
        public LocalDate Today => town.Clock.Today();
        public ProviderUser By => town.Gelso.User;
        public Openings Openings { get; } = new(town.Db, town.Clock);
        public Offers Offers { get; } = new(town.Db, town.Clock);

        public Task<Result<Id<OpeningHours>>> AddAsync(IsoDayOfWeek day, LocalTime starts) =>
            Openings.AddAsync(Territory, new(Id<OpeningHours>.New(), Offer, (int)day, starts, 15, 1, Today, null), By);

        public Task<List<OfferTime>> TimesAsync() => Openings.TimesAsync(Territory, Offer, 1_000);
    }
}
