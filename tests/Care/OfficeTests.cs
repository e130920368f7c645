using Borsellino.Ledger;
using Borsellino.Marketplace;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using Npgsql;

namespace Borsellino.Tests.Care;

/// <summary>Appointments at an office: only when it receives, one family at a desk, and nobody loses a time that was promised.</summary>
public sealed class OfficeTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const string Phone = "0331 555 123";

    // It is Monday at ten in the morning; the office receives on Mondays and Tuesdays.
    private static readonly LocalDate Monday = new(2026, 10, 5);

    [Fact]
    public async Task A_family_books_comes_and_is_reminded()
    {
        var town = await OpenAsync();
        var free = await town.Visits.FreeAsync(town.Territory, town.Office, Monday, 2);
        // Two hours' notice: at ten, noon is the first time left of Monday's.
        Assert.Equal([(Monday, 1), (Monday.PlusDays(1), 6)], free.Select(f => (f.Day, f.Times.Count)));
        var time = free[1].Times[0];
        var id = (await town.BookAsync(town.Rossi, time.StartsAt)).OrThrow();
        var card = (await town.Visits.FindAsync(town.Territory, town.Rossi.Id, id))!;
        Assert.Equal(
            ("Sportello", time.StartsAt, time.EndsAt, AppointmentTopic.Benefit, "Il modulo", "La ricerca dei servizi", Phone, true),
            (card.Office, card.StartsAt, card.EndsAt, card.Topic, card.Reason, card.About, card.Phone, card.IsOn));
        Assert.Equal([id], (await town.Visits.OnDayAsync(town.Territory, Monday.PlusDays(1))).Select(a => a.Id));
        Assert.Equal([id], (await town.Visits.ToComeAsync(town.Territory, town.Rossi.Id)).Select(a => a.Id));
        Assert.Empty(await town.Visits.ToComeAsync(town.Territory, town.Bianchi.Id));
        Assert.Null(await town.Visits.FindAsync(town.Territory, town.Bianchi.Id, id));

        // Booked after nine of the day before: there is nothing to be reminded of.
        town.Clock.Advance(Duration.FromHours(1));
        Assert.Equal([MessageKind.OfficeBooked], await town.ToldAsync(town.Rossi));
        var later = (await town.Visits.FreeAsync(town.Territory, town.Office, Monday.PlusDays(7), 1))[0].Times[0];
        (await town.BookAsync(town.Bianchi, later.StartsAt)).OrThrow();
        town.Clock.MoveTo(Monday.PlusDays(6).At(new LocalTime(8, 59)).InZoneStrictly(ClockExtensions.Rome).ToInstant());
        Assert.DoesNotContain(MessageKind.OfficeReminder, await town.ToldAsync(town.Bianchi));
        town.Clock.Advance(Duration.FromMinutes(1));
        Assert.Contains(MessageKind.OfficeReminder, await town.ToldAsync(town.Bianchi));
    }

    [Fact]
    public async Task Sent_twice_it_is_booked_once()
    {
        var town = await OpenAsync();
        var time = (await town.Visits.FreeAsync(town.Territory, town.Office, Monday.PlusDays(1), 1))[0].Times[2];
        var wish = town.Wish(time.StartsAt);
        Assert.Equal(wish.Id, (await town.Visits.BookAsync(town.Territory, wish, town.Rossi.User)).OrThrow());
        Assert.Equal(wish.Id, (await town.Visits.BookAsync(town.Territory, wish, town.Rossi.User)).OrThrow());
        Assert.Single(await town.Visits.OnDayAsync(town.Territory, Monday.PlusDays(1)));
        Assert.IsType<AppointmentIdReused>(Refused(await town.Visits.BookAsync(town.Territory, wish, town.Bianchi.User)));
        Assert.IsType<AppointmentIdReused>(Refused(await town.Visits.BookAsync(town.Territory, wish with { StartsAt = time.EndsAt }, town.Rossi.User)));
    }

    [Fact]
    public async Task What_an_office_cannot_keep_is_refused_and_nothing_is_written()
    {
        var town = await OpenAsync();
        var tuesday = (await town.Visits.FreeAsync(town.Territory, town.Office, Monday.PlusDays(1), 1))[0].Times;
        var good = tuesday[0].StartsAt;
        (NewOfficeAppointment Wish, Type Why)[] refusals =
        [
            (town.Wish(good) with { Office = Id<Office>.New() }, typeof(OfficeNotFound)),
            (town.Wish(good + Duration.FromMinutes(10)), typeof(OfficeTimeGone)),
            (town.Wish(good + Duration.FromDays(1)), typeof(OfficeTimeGone)),
            // Within two hours; and beyond what can be booked.
            (town.Wish(Monday.At(new LocalTime(11, 30)).InZoneStrictly(ClockExtensions.Rome).ToInstant()), typeof(OfficeTimeGone)),
            (town.Wish(good + Duration.FromDays(7 * 9)), typeof(OfficeTimeGone)),
            (town.Wish(good - Duration.FromDays(7)), typeof(OfficeTimeGone)),
            (town.Wish(good) with { Phone = "chiamami" }, typeof(PhoneUnreadable)),
            (town.Wish(good) with { Reason = new('x', OfficeAppointments.ReasonMax + 1) }, typeof(TextLength)),
        ];
        foreach (var (wish, why) in refusals) Assert.IsType(why, Refused(await town.Visits.BookAsync(town.Territory, wish, town.Rossi.User)));
        Assert.Empty(await town.Visits.ToComeAsync(town.Territory, town.Rossi.Id));

        (await town.BookAsync(town.Rossi, good)).OrThrow();
        Assert.IsType<AppointmentAtThatTime>(Refused(await town.BookAsync(town.Rossi, good)));
        (await town.BookAsync(town.Rossi, tuesday[1].StartsAt)).OrThrow();
        (await town.BookAsync(town.Rossi, tuesday[2].StartsAt)).OrThrow();
        Assert.Equal(new TooManyAppointments(OfficeAppointments.OpenMax), Refused(await town.BookAsync(town.Rossi, tuesday[3].StartsAt)));
    }

    [Fact]
    public async Task Who_calls_off_gives_the_time_back_until_it_begins()
    {
        var town = await OpenAsync();
        var time = (await town.Visits.FreeAsync(town.Territory, town.Office, Monday.PlusDays(1), 1))[0].Times[0];
        // Both desks of the hour.
        var mine = (await town.BookAsync(town.Rossi, time.StartsAt)).OrThrow();
        var theirs = (await town.BookAsync(town.Bianchi, time.StartsAt)).OrThrow();
        Assert.DoesNotContain(time.StartsAt, (await town.Visits.FreeAsync(town.Territory, town.Office, Monday.PlusDays(1), 1))[0].Times.Select(t => t.StartsAt));
        Assert.IsType<AppointmentNotFound>(Refused(await town.Visits.CancelAsync(town.Territory, mine, town.Bianchi.User)));

        (await town.Visits.CancelAsync(town.Territory, mine, town.Rossi.User)).OrThrow();
        (await town.Visits.CancelAsync(town.Territory, mine, town.Rossi.User)).OrThrow();
        Assert.Equal("", (await town.Visits.FindAsync(town.Territory, town.Rossi.Id, mine))!.CancelNote);
        Assert.Equal(time, (await town.Visits.FreeAsync(town.Territory, town.Office, Monday.PlusDays(1), 1))[0].Times[0] with { Desk = time.Desk });

        var officer = town.Gelso.User.User;
        Assert.IsType<TextLength>(Refused(await town.Visits.CancelByOfficeAsync(town.Territory, theirs, officer, " ")));
        (await town.Visits.CancelByOfficeAsync(town.Territory, theirs, officer, " Siamo chiusi per allagamento ")).OrThrow();
        Assert.Equal("Siamo chiusi per allagamento", (await town.Visits.FindAsync(town.Territory, town.Bianchi.Id, theirs))!.CancelNote);
        Assert.Contains(MessageKind.OfficeCancelled, await town.ToldAsync(town.Bianchi));
        Assert.DoesNotContain(MessageKind.OfficeCancelled, await town.ToldAsync(town.Rossi));

        var last = (await town.BookAsync(town.Rossi, time.StartsAt)).OrThrow();
        town.Clock.MoveTo(time.StartsAt);
        Assert.Equal(new AppointmentBegun(last, time.StartsAt), Refused(await town.Visits.CancelAsync(town.Territory, last, town.Rossi.User)));
    }

    [Fact]
    public async Task Of_twelve_families_who_want_the_same_hour_as_many_get_it_as_there_are_desks()
    {
        var town = await OpenAsync();
        var time = (await town.Visits.FreeAsync(town.Territory, town.Office, Monday.PlusDays(1), 1))[0].Times[0];
        var families = new List<BookingTown.Family>();
        for (var i = 0; i < 12; i++) families.Add(await town.Town.FamilyAsync());
        var answers = await Task.WhenAll(families.Select(f => town.BookAsync(f, time.StartsAt)));
        Assert.Equal(2, answers.Count(a => !a.IsRefused(out _)));
        Assert.All(answers.Select(Refused).OfType<Refusal>(), r => Assert.IsType<OfficeTimeGone>(r));
        Assert.Equal(2, (await town.Visits.OnDayAsync(town.Territory, Monday.PlusDays(1))).Count);
    }

    [Fact]
    public async Task Hours_change_for_the_days_to_come_and_nobody_loses_a_time()
    {
        var town = await OpenAsync();
        var tuesday = Monday.PlusDays(1);
        var hours = (await town.Offices.HoursAsync(town.Territory)).Single(h => h.Weekday is IsoDayOfWeek.Tuesday);
        (Func<OfficeHours, OfficeHours> With, Refusal Why)[] refusals =
        [
            (h => h with { Minutes = 9 }, new OfficeHoursWrong("minutes")),
            (h => h with { Minutes = 121 }, new OfficeHoursWrong("minutes")),
            (h => h with { Desks = 0 }, new OfficeHoursWrong("desks")),
            (h => h with { Desks = 21 }, new OfficeHoursWrong("desks")),
            (h => h with { Day = 8 }, new OfficeHoursWrong("day")),
            (h => h with { Opens = new(11, 45), Closes = new(12, 0) }, new OfficeHoursWrong("closes")),
            (h => h with { Opens = new(13, 0), Closes = new(9, 0) }, new OfficeHoursWrong("closes")),
            (h => h with { Opens = new(11, 0), Closes = new(15, 0) }, new OfficeHoursOverlap(new(9, 0), new(12, 0))),
        ];
        foreach (var (with, why) in refusals) Assert.Equal(why, Refused(await town.Offices.OpenAsync(town.Territory, with(hours with { Id = Id<OfficeHours>.New() }))));
        Assert.IsType<OfficeNotFound>(Refused(await town.Offices.OpenAsync(town.Territory, hours with { Id = Id<OfficeHours>.New(), OfficeId = Id<Office>.New() })));
        Assert.IsType<OfficeNameTaken>(Refused(await town.Offices.AddAsync(town.Territory, new(Id<Office>.New(), "SPORTELLO", "Piazza Uno 1"), town.Gelso.User.User)));

        var next = (await town.Visits.FreeAsync(town.Territory, town.Office, tuesday.PlusDays(7), 1))[0].Times[0];
        var booked = (await town.BookAsync(town.Rossi, next.StartsAt)).OrThrow();
        Assert.Equal(new FamiliesExpected(tuesday.PlusDays(7), 1), Refused(await town.Offices.EndAsync(town.Territory, hours.Id, Monday)));
        Assert.Equal(new FamiliesExpected(tuesday.PlusDays(7), 1), Refused(await town.Offices.CloseAsync(town.Territory, town.Office, tuesday.PlusDays(7))));
        (await town.Visits.CancelByOfficeAsync(town.Territory, booked, town.Gelso.User.User, "Cambiamo orario")).OrThrow();
        (await town.Offices.CloseAsync(town.Territory, town.Office, tuesday.PlusDays(7))).OrThrow();
        Assert.DoesNotContain(tuesday.PlusDays(7), await FreeDaysAsync());
        await town.Offices.ReopenAsync(town.Territory, town.Office, tuesday.PlusDays(7));
        Assert.Contains(tuesday.PlusDays(7), await FreeDaysAsync());

        (await town.Offices.EndAsync(town.Territory, hours.Id, tuesday)).OrThrow();
        Assert.Equal([tuesday], (await FreeDaysAsync()).Where(d => d.DayOfWeek is IsoDayOfWeek.Tuesday));
        // What ended leaves room for what follows.
        (await town.Offices.OpenAsync(town.Territory, hours with { Id = Id<OfficeHours>.New(), Opens = new(11, 0), Closes = new(15, 0), ValidFrom = tuesday.PlusDays(1) })).OrThrow();
        Assert.Contains(tuesday.PlusDays(7), await FreeDaysAsync());

        async Task<List<LocalDate>> FreeDaysAsync() => [.. (await town.Visits.FreeAsync(town.Territory, town.Office, Monday, 100)).Select(f => f.Day)];
    }

    [Fact]
    public async Task The_database_seats_nobody_where_somebody_sits_and_changes_no_promise()
    {
        var town = await OpenAsync();
        var time = (await town.Visits.FreeAsync(town.Territory, town.Office, Monday.PlusDays(1), 1))[0].Times[0];
        var id = (await town.BookAsync(town.Rossi, time.StartsAt)).OrThrow();
        var twice = await Assert.ThrowsAsync<PostgresException>(() => town.Town.ChangeAsync(
            """
            insert into marketplace.office_appointment (territory_id, id, household_id, booked_by, office_id, desk, starts_at, ends_at, topic, reason, about, phone, booked_at)
            select territory_id, gen_random_uuid(), household_id, booked_by, office_id, desk, starts_at, ends_at, topic, reason, about, phone, booked_at
            from marketplace.office_appointment where territory_id = @territory and id = @id
            """, new { id }));
        Assert.Equal("office_appointment_desk", twice.ConstraintName);
        var moved = await Assert.ThrowsAsync<PostgresException>(() => town.Town.ChangeAsync(
            "update marketplace.office_appointment set starts_at = starts_at where territory_id = @territory and id = @id", new { id }));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, moved.SqlState);
    }

    /// <summary>Against a model that looks at every minute: a time is free if the office is open through it and fewer sit there than there are desks.</summary>
    [Fact]
    public void Free_times_are_those_that_a_minute_by_minute_look_finds()
    {
        var hours = from opens in Gen.Choose(8, 16)
                    from length in Gen.Choose(1, 5)
                    from minutes in Gen.Elements(10, 20, 30, 45, 60)
                    from desks in Gen.Choose(1, 3)
                    select new OfficeHours(
                        Id<OfficeHours>.New(), default, 1, new(opens, 0), new(opens + length, 0), minutes, desks, Monday, null);
        var taken = from start in Gen.Choose(8 * 12, 20 * 12)
                    from length in Gen.Choose(1, 12)
                    from desk in Gen.Choose(1, 3)
                    select new TakenDesk(At(start * 5), At((start + length) * 5), desk);
        var cases = from one in hours
                    from some in Gen.ListOf(taken)
                    from now in Gen.Choose(7 * 60, 21 * 60)
                    select (one, some.ToList(), At(now));
        Prop.ForAll(cases.ToArbitrary(), drawn =>
        {
            var (open, sitting, now) = drawn;
            var free = OfficeTimes.Free([open], Monday, sitting, now).ToDictionary(t => t.StartsAt);
            for (var start = At(open.Opens.Hour * 60); start + Duration.FromMinutes(open.Minutes) <= At(open.Closes.Hour * 60); start += Duration.FromMinutes(open.Minutes))
            {
                var end = start + Duration.FromMinutes(open.Minutes);
                bool[] isTaken = [.. Enumerable.Range(1, open.Desks).Select(desk => Minutes(start, end).Any(m => sitting.Exists(t => t.Desk == desk && t.StartsAt <= m && m < t.EndsAt)))];
                var expected = start >= now && isTaken.Contains(false);
                if (free.Remove(start, out var time) != expected) return false;
                if (expected && (isTaken[time!.Desk - 1] || time.EndsAt != end)) return false;
            }

            return free.Count == 0;
        }).QuickCheckThrowOnFailure();

        static Instant At(int minute) => Monday.At(LocalTime.Midnight).InZoneStrictly(ClockExtensions.Rome).ToInstant() + Duration.FromMinutes(minute);
        static IEnumerable<Instant> Minutes(Instant from, Instant to)
        {
            for (var minute = from; minute < to; minute += Duration.FromMinutes(1)) yield return minute;
        }
    }

    private static Refusal? Refused<T>(Result<T> result)
        where T : notnull => result.IsRefused(out var refusal) ? refusal : null;

    private async Task<OfficeTown> OpenAsync()
    {
        var town = new OfficeTown(await BookingTown.BuildAsync(database));
        (await town.Offices.AddAsync(town.Territory, new(town.Office, "Sportello", "Via Roma 1, Valle"), town.Gelso.User.User)).OrThrow();
        foreach (var day in new[] { 1, 2 })
        {
            var closes = day == 1 ? new LocalTime(12, 30) : new LocalTime(12, 0);
            (await town.Offices.OpenAsync(town.Territory, new(Id<OfficeHours>.New(), town.Office, day, new(9, 0), closes, 30, 2, Monday, null))).OrThrow();
        }

        return town;
    }

    private sealed class OfficeTown(BookingTown town)
    {
        public BookingTown Town => town;
        public TerritoryId Territory => town.Territory;
        public HandClock Clock => town.Clock;
        public BookingTown.Family Rossi => town.Rossi;
        public BookingTown.Family Bianchi => town.Bianchi;
        public BookingTown.Cooperative Gelso => town.Gelso;
        public Id<Office> Office { get; } = Id<Office>.New();
        public Offices Offices { get; } = new(town.Db, town.Clock);
        public OfficeAppointments Visits { get; } = new(town.Db, town.Clock);

        public NewOfficeAppointment Wish(Instant at) =>
            new(Id<OfficeAppointment>.New(), Office, at, AppointmentTopic.Benefit, " Il modulo ", "La ricerca dei servizi", Phone);

        public Task<Result<Id<OfficeAppointment>>> BookAsync(BookingTown.Family family, Instant at) => Visits.BookAsync(Territory, Wish(at), family.User);

        public async Task<List<MessageKind>> ToldAsync(BookingTown.Family family) =>
            [.. (await new Messages(town.Db, town.Clock).OfAsync(Territory, family.Id)).Where(m => m.Kind is not MessageKind.Grant).Select(m => m.Kind)];
    }
}
