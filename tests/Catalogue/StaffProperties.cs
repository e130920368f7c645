using Borsellino.Ledger;
using Borsellino.Marketplace;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;

namespace Borsellino.Tests.Catalogue;

/// <summary>
/// The people's calendars against a model that counts minute by minute: whether somebody is at work, also across both changes of the clocks; and, over
/// random bookings, withdrawals, days away and hand-overs, that nobody is ever at two services or on the way while one runs, and that a time is
/// offered exactly when somebody can serve it.
/// </summary>
public sealed class StaffProperties(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly Id<Offer> Any = Id<Offer>.New();

    /// <param name="Days">The day it begins, from the first day of the test on.</param>
    /// <param name="At">When it begins, in quarters of an hour.</param>
    public sealed record Work(int Days, int At, int Quarters, (int Day, int From, int Quarters)[] Hours, (int First, int Days)[] Away, bool Autumn);

    private static readonly Gen<Work> AnyWork =
        from days in Gen.Choose(0, 8)
        from at in Gen.Choose(0, 95)
        from quarters in Gen.Choose(1, 40)
        from hours in Gen.ArrayOf((from day in Gen.Choose(1, 7) from begin in Gen.Choose(4, 31) from length in Gen.Choose(1, 32) select (Day: day, From: begin * 3, Quarters: length))
            // Between two and three the clocks change: what ends then is said in examples.
            .Where(h => (h.From + h.Quarters) % 96 is not (9 or 10 or 11)))
        from away in Gen.ArrayOf(from first in Gen.Choose(0, 8) from length in Gen.Choose(0, 2) select (first, length), 1)
        from none in Gen.Elements(true, true, false)
        from autumn in Gen.Elements(true, false)
        select new Work(days, at, quarters, hours, none ? [] : away, autumn);

    [Fact]
    public void Somebody_is_at_work_when_every_minute_of_it_is_theirs() =>
        Prop.ForAll(AnyWork.ToArbitrary(), work =>
        {
            // The clocks change on 25 October 2026 and on 28 March 2027; hours that begin or end while they do are said in examples.
            var first = work.Autumn ? new LocalDate(2026, 10, 21) : new LocalDate(2027, 3, 24);
            var member = new StaffMember(Id<StaffMember>.New(), Id<Provider>.New(), "Marta", "Colombo", first.PlusDays(1), first.PlusDays(7))
            {
                Hours = [.. work.Hours.Select(h => new StaffHours(Id<StaffHours>.New(), h.Day, Quarter(h.From), Quarter(h.From + h.Quarters), first.PlusDays(-7), null))],
                Away = [.. work.Away.Select(a => new StaffAway(Id<StaffAway>.New(), first.PlusDays(a.First), first.PlusDays(a.First + a.Days)))],
            };
            var starts = (first.PlusDays(work.Days) + Quarter(work.At)).InZoneLeniently(ClockExtensions.Rome).ToInstant();
            var ends = starts + Duration.FromMinutes(15 * work.Quarters);
            Assert.Equal(Model(member, starts, ends), member.Works(starts, ends));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    private static LocalTime Quarter(int quarters) => LocalTime.Midnight.PlusMinutes(15 * quarters);

    private static bool Model(StaffMember member, Instant starts, Instant ends)
    {
        var day = starts.InZone(ClockExtensions.Rome).Date;
        if (day < member.ValidFrom || day > member.ValidTo) return false;
        for (var minute = starts; minute < ends; minute += Duration.FromMinutes(1))
        {
            var clock = minute.InZone(ClockExtensions.Rome).LocalDateTime;
            if (member.Away.Any(a => a.FirstDay <= clock.Date && clock.Date <= a.LastDay)) return false;
            if (!member.Hours.Any(h => Covers(h, clock))) return false;
        }

        return true;

        static bool Covers(StaffHours hours, LocalDateTime at) => hours.Ends > hours.Starts
            ? at.DayOfWeek == hours.Weekday && at.TimeOfDay >= hours.Starts && at.TimeOfDay < hours.Ends
            : (at.DayOfWeek == hours.Weekday && at.TimeOfDay >= hours.Starts) || (at.Date.PlusDays(-1).DayOfWeek == hours.Weekday && at.TimeOfDay < hours.Ends);
    }

    [Theory]
    // A night with its hour that comes twice is nine hours long, one with the hour that is left out seven.
    [InlineData(2026, 10, 24, 22, 0, 9 * 60, true)]
    [InlineData(2026, 10, 24, 22, 0, (9 * 60) + 1, false)]
    [InlineData(2027, 3, 27, 22, 0, 7 * 60, true)]
    [InlineData(2027, 3, 27, 22, 0, (7 * 60) + 1, false)]
    [InlineData(2026, 11, 7, 22, 0, 8 * 60, true)]
    [InlineData(2026, 11, 7, 21, 59, 60, false)]
    public void A_night_is_an_hour_longer_or_shorter_when_the_clocks_change(int year, int month, int day, int hour, int minute, int minutes, bool works)
    {
        var starts = new LocalDateTime(year, month, day, hour, minute).InZoneLeniently(ClockExtensions.Rome).ToInstant();
        Assert.Equal(works, Night(22, 6).Works(starts, starts + Duration.FromMinutes(minutes)));
    }

    [Theory]
    // Half past two is left out in spring, and is had an hour later by the clock; in autumn it comes twice, and is had the first time.
    [InlineData(2027, 3, 27)]
    [InlineData(2026, 10, 24)]
    [InlineData(2026, 11, 7)]
    public void Hours_that_end_while_the_clocks_change_are_as_long_as_ever(int year, int month, int day)
    {
        var night = Night(22, 6) with { Hours = [.. Night(22, 6).Hours.Select(h => h with { Ends = new(2, 30) })] };
        var starts = new LocalDateTime(year, month, day, 22, 0).InZoneLeniently(ClockExtensions.Rome).ToInstant();
        Assert.True(night.Works(starts, starts + Duration.FromMinutes(270)));
        Assert.False(night.Works(starts, starts + Duration.FromMinutes(271)));
    }

    [Fact]
    public void Hours_that_touch_count_together_and_a_day_of_away_is_whole()
    {
        var member = Night(8, 12) with { Away = [new(Id<StaffAway>.New(), new(2026, 11, 10), new(2026, 11, 10))] };
        member = member with { Hours = [.. member.Hours, .. Night(12, 16).Hours] };
        var noon = new LocalDateTime(2026, 11, 9, 11, 0).InZoneLeniently(ClockExtensions.Rome).ToInstant();
        Assert.True(member.Works(noon, noon + Duration.FromHours(2)));
        Assert.False(member.Works(noon + Duration.FromDays(1), noon + Duration.FromHours(26)));
        Assert.True(member.Works(noon + Duration.FromDays(2), noon + Duration.FromHours(50)));
        // A night into a day away does not begin.
        var night = Night(22, 6) with { Away = member.Away };
        var eve = new LocalDateTime(2026, 11, 9, 22, 0).InZoneLeniently(ClockExtensions.Rome).ToInstant();
        Assert.True(night.Works(eve, eve + Duration.FromHours(2)));
        Assert.False(night.Works(eve, eve + Duration.FromHours(3)));
    }

    private static StaffMember Night(int from, int to) =>
        new(Id<StaffMember>.New(), Id<Provider>.New(), "Marta", "Colombo", new(2026, 1, 1), null)
        {
            Offers = [Any],
            Hours = [.. Enumerable.Range(1, 7).Select(day => new StaffHours(Id<StaffHours>.New(), day, new(from, 0), new(to, 0), new(2026, 1, 1), null))],
        };

    public abstract record Step
    {
        public sealed record Book(int Time, int Family) : Step;
        public sealed record Withdraw(int Time) : Step;
        public sealed record Away(int Person, int Day) : Step;
        public sealed record Back(int Person) : Step;
        public sealed record Hand(int Time, int Person) : Step;
        public sealed record Travel(int Quarters) : Step;
    }

    private static readonly Gen<Step> AnyStep = Gen.Frequency(
        (7, from time in Gen.Choose(0, Times - 1) from family in Gen.Choose(0, 1) select (Step)new Step.Book(time, family)),
        (2, from time in Gen.Choose(0, Times - 1) select (Step)new Step.Withdraw(time)),
        (1, from person in Gen.Choose(0, 1) from day in Gen.Choose(0, 1) select (Step)new Step.Away(person, day)),
        (1, from person in Gen.Choose(0, 1) select (Step)new Step.Back(person)),
        (2, from time in Gen.Choose(0, Times - 1) from person in Gen.Choose(0, 1) select (Step)new Step.Hand(time, person)),
        (1, from quarters in Gen.Choose(0, 4) select (Step)new Step.Travel(quarters)));

    private const int Times = 14;

    public sealed record Life(int[] Starts, int[] Quarters, Step[] Steps);

    private static readonly Gen<Life> AnyLife =
        from starts in Gen.ArrayOf(Gen.Choose(34, 52), Times)
        from quarters in Gen.ArrayOf(Gen.Choose(1, 5), Times)
        from steps in Gen.ArrayOf(AnyStep, 24)
        select new Life(starts, quarters, steps);

    [Fact]
    public void Nobody_is_in_two_places_and_a_time_is_offered_when_somebody_can_serve_it() =>
        Prop.ForAll(AnyLife.ToArbitrary(), life => RunAsync(life)).Check(Config.QuickThrowOnFailure.WithMaxTest(12));

    private async Task RunAsync(Life life)
    {
        var t = await StaffTown.BuildAsync(database);
        var day = new LocalDate(2026, 10, 24);
        var offers = new List<Id<Offer>>();
        // Two in the middle of a night, so that the first time of each is its own: one at home, one at the provider's.
        foreach (var place in new[] { "AtHome", "AtProvider" }) offers.Add((await t.TimeAsync(At(day, 8 + offers.Count), place)).Offer);
        var times = new List<(Id<Offer> Offer, Id<Slot> Slot)>();
        for (var i = 0; i < Times; i++)
        {
            var (offer, starts) = (offers[i % 2], At(day.PlusDays(i / 7), life.Starts[i]));
            var slot = await t.MoreAsync(offer, starts, 15 * life.Quarters[i]);
            if (!times.Contains((offer, slot))) times.Add((offer, slot));
        }

        Id<StaffMember>[] people = [await t.PersonAsync("Ada", "Rossi", new(7, 0), new(15, 0), [.. offers]), await t.PersonAsync("Ugo", "Verdi", new(12, 0), new(20, 0), offers[0])];
        var bookings = new Dictionary<Id<Slot>, (Id<Booking> Id, BookingTown.Family By)>();
        foreach (var step in life.Steps)
        {
            await DoAsync(t, step, day, times, people, bookings);
            await JudgeAsync(t, times, $"{step}");
        }
    }

    private static Instant At(LocalDate day, int quarter) => (day + Quarter(quarter)).InZoneLeniently(ClockExtensions.Rome).ToInstant();

    private static async Task DoAsync(
        StaffTown t, Step step, LocalDate day, List<(Id<Offer> Offer, Id<Slot> Slot)> times, Id<StaffMember>[] people,
        Dictionary<Id<Slot>, (Id<Booking> Id, BookingTown.Family By)> bookings)
    {
        switch (step)
        {
            case Step.Book(var time, var family):
                var (slot, by) = (times[time % times.Count].Slot, family == 0 ? t.Town.Rossi : t.Town.Bianchi);
                var booked = await t.Town.BookAsync(by, slot);
                if (!booked.IsRefused(out _, out var id)) bookings[slot] = (id, by);
                break;
            case Step.Withdraw(var time) when bookings.Count > 0:
                var (left, booking) = bookings.OrderBy(b => b.Key.Value).ElementAt(time % bookings.Count);
                bookings.Remove(left);
                (await t.Town.Bookings.WithdrawAsync(t.Territory, booking.Id, booking.By.User)).OrThrow();
                break;
            case Step.Away(var person, var after):
                (await t.Lists.AwayAsync(t.Territory, people[person], new(Id<StaffAway>.New(), day.PlusDays(after), day.PlusDays(after)), t.By)).OrThrow();
                break;
            case Step.Back(var person):
                var sheet = await t.Cards.OfAsync(t.Territory, t.By.Provider, t.Today);
                foreach (var away in sheet.Find(people[person])!.Away) (await t.Lists.BackAsync(t.Territory, people[person], away.Id, t.By)).OrThrow();
                break;
            case Step.Hand(var time, var person):
                // Refused or not: what it leaves is judged.
                await t.Lists.HandAsync(t.Territory, times[time % times.Count].Slot, people[person], t.By);
                break;
            case Step.Travel(var quarters):
                (await t.Lists.TravelAsync(t.Territory, 15 * quarters, t.By)).OrThrow();
                break;
        }
    }

    /// <summary>Reads rows, and counts quarter by quarter.</summary>
    private static async Task JudgeAsync(StaffTown t, List<(Id<Offer> Offer, Id<Slot> Slot)> times, string after)
    {
        var duties = await t.Town.Db.ListAsync<Duty>(
            t.Territory, "select slot_id as slot, staff_id as staff, starts_at, ends_at, travels_until, place from marketplace.staff_duty where territory_id = @territory");
        foreach (var a in duties)
            foreach (var b in duties.Where(d => d.Staff == a.Staff && d.Slot != a.Slot && d.StartsAt >= a.StartsAt))
                Assert.True(b.StartsAt >= (a.Place == b.Place ? a.EndsAt : a.TravelsUntil), $"{after}: {a} and {b}");
        var sheet = await t.Cards.OfAsync(t.Territory, t.By.Provider, t.Today);
        var offered = new HashSet<Id<Slot>>();
        foreach (var offer in times.Select(x => x.Offer).Distinct()) offered.UnionWith((await t.Slots.UpcomingAsync(t.Territory, offer, limit: 500)).Select(s => s.Id));
        foreach (var (offer, id) in times)
        {
            var slot = (await t.Slots.FindAsync(t.Territory, id))!;
            var isAtHome = times[0].Offer == offer;
            var can = sheet.Members.Any(m => m.Offers.Contains(offer) && Model(m, slot.StartsAt, slot.EndsAt) && duties.Where(d => d.Staff == m.Id).All(d => Apart(d, slot, isAtHome, sheet.TravelMinutes)));
            Assert.True(offered.Contains(id) == (slot.Taken == 0 && can), $"{after}: {slot} of {offer} is offered: {offered.Contains(id)}, somebody can: {can}");
            Assert.Equal(slot.Taken > 0, duties.Exists(d => d.Slot == id));
        }
    }

    private static bool Apart(Duty duty, Slot slot, bool isAtHome, int travel)
    {
        // Nobody's home is known before somebody books: it is far from everything.
        var isSame = !isAtHome && duty.Place.StartsWith("address:", StringComparison.Ordinal);
        return slot.StartsAt >= (isSame ? duty.EndsAt : duty.TravelsUntil) || slot.EndsAt + Duration.FromMinutes(isSame ? 0 : travel) <= duty.StartsAt;
    }
}
