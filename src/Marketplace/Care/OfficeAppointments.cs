using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>
/// Appointments at the offices (Modello Comuni, C.SE.2.2: office, then day and time, then what for). Whoever books first has the desk: the
/// office's row is the lock, and an index keeps two families from one desk whatever happens.
/// </summary>
public sealed class OfficeAppointments(Database db, IClock clock)
{
    /// <summary>The reason is at most so many characters.</summary>
    public const int ReasonMax = 600;

    /// <summary>What the office says when it cannot keep an appointment: 1 to so many characters.</summary>
    public const int NoteMax = 300;

    /// <summary>So many appointments of one household may be to come.</summary>
    public const int OpenMax = 3;

    /// <summary>How far ahead one can book, in days.</summary>
    public const int DaysAhead = 60;

    private const int RowsMax = 200;

    /// <summary>The office is told at least so long before.</summary>
    public static readonly Duration Notice = Duration.FromHours(2);

    private const string Select =
        """
        select a.id, a.household_id, h.number as household_number, u.display_name as booked_by, a.office_id, o.name as office, o.address,
               a.starts_at, a.ends_at, a.topic, a.reason, a.about, a.phone, a.booked_at, a.cancelled_at, a.cancel_note
        from marketplace.office_appointment a
        join marketplace.office o on o.territory_id = @territory and o.id = a.office_id
        join marketplace.household h on h.territory_id = @territory and h.id = a.household_id
        join marketplace.app_user u on u.territory_id = @territory and u.id = a.booked_by
        where a.territory_id = @territory
        """;

    /// <summary>The free times of an office on the next days that have any, from a day on; empty when none is within <see cref="DaysAhead"/> days.</summary>
    public async Task<IReadOnlyList<(LocalDate Day, IReadOnlyList<OfficeTime> Times)>> FreeAsync(
        TerritoryId territory, Id<Office> office, LocalDate first, int days, CancellationToken cancel = default)
    {
        var (from, last) = (LocalDate.Max(first, clock.Today()), clock.Today().PlusDays(DaysAhead));
        var week = await db.ReadFrozenAsync(territory, tx => ReadWeekAsync(tx, office, from, last), cancel);
        var free = new List<(LocalDate, IReadOnlyList<OfficeTime>)>();
        for (var day = from; day <= last && free.Count < days; day = day.PlusDays(1))
        {
            if (week.FreeOn(day, clock.Now + Notice) is { Count: > 0 } times) free.Add((day, times));
        }

        return free;
    }

    /// <summary>
    /// Books. The same again changes nothing. Refused: a time that the office does not offer or that is taken, within <see cref="Notice"/> or
    /// after <see cref="DaysAhead"/> days; a phone number that is none; a reason too long; a household with <see cref="OpenMax"/> to come or
    /// with one at that time.
    /// </summary>
    public Task<Result<Id<OfficeAppointment>>> BookAsync(
        TerritoryId territory, NewOfficeAppointment wish, HouseholdUser by, CancellationToken cancel = default) =>
        db.TransactAsync<Id<OfficeAppointment>>(territory, async tx =>
        {
            var (phone, reason) = (wish.Phone.Trim(), wish.Reason.Trim());
            if (!PhoneNumber.IsReadable(phone)) return new PhoneUnreadable();
            if (reason.Length > ReasonMax) return new TextLength("reason", 0, ReasonMax);

            // First the household's row, then the office's: two windows of one family follow each other, and so do two families at one office.
            await Households.LockAsync(tx, by.Household);
            if (await FindAsync(tx, wish.Id) is { } earlier)
                return earlier.HouseholdId == by.Household && earlier.StartsAt == wish.StartsAt && earlier.OfficeId == wish.Office ? earlier.Id : new AppointmentIdReused(wish.Id);
            if (!await Offices.LockAsync(tx, wish.Office)) return new OfficeNotFound(wish.Office);

            var mine = await tx.ListAsync<OfficeAppointment>(
                $"{Select} and a.household_id = @Household and a.cancelled_at is null and a.ends_at > @now", new { by.Household, now = clock.Now });
            if (mine.Count >= OpenMax) return new TooManyAppointments(OpenMax);
            var day = wish.StartsAt.InZone(ClockExtensions.Rome).Date;
            var week = await ReadWeekAsync(tx, wish.Office, day, day);
            var time = day <= clock.Today().PlusDays(DaysAhead) ? week.FreeOn(day, clock.Now + Notice).FirstOrDefault(t => t.StartsAt == wish.StartsAt) : null;
            if (time is null) return new OfficeTimeGone(wish.StartsAt);
            if (mine.Exists(a => a.StartsAt < time.EndsAt && time.StartsAt < a.EndsAt)) return new AppointmentAtThatTime(wish.StartsAt);
            await tx.ExecuteAsync(
                """
                insert into marketplace.office_appointment (
                    territory_id, id, household_id, booked_by, office_id, desk, starts_at, ends_at, topic, reason, about, phone, booked_at)
                values (@territory, @Id, @Household, @User, @Office, @Desk, @StartsAt, @EndsAt, @topic, @reason, left(@About, 200), @phone, @now)
                """,
                new
                {
                    wish.Id, by.Household, by.User, wish.Office, time.Desk, time.StartsAt, time.EndsAt, topic = wish.Topic.ToString(), reason, wish.About, phone,
                    now = clock.Now,
                });
            return wish.Id;
        }, cancel);

    /// <summary>The household does not come. Said before it begins; again changes nothing.</summary>
    public Task<Result<Done>> CancelAsync(TerritoryId territory, Id<OfficeAppointment> id, HouseholdUser by, CancellationToken cancel = default) =>
        CancelAsync(territory, id, by.Household, by.User, "", cancel);

    /// <summary>The office cannot keep it, and says why: 1 to <see cref="NoteMax"/> characters, which the household reads.</summary>
    public async Task<Result<Done>> CancelByOfficeAsync(
        TerritoryId territory, Id<OfficeAppointment> id, Id<User> by, string note, CancellationToken cancel = default) =>
        note.Trim() is { Length: > 0 and <= NoteMax } text
            ? await CancelAsync(territory, id, null, by, text, cancel)
            : new TextLength("note", 1, NoteMax);

    /// <summary>One of a household; null when it has none with this id.</summary>
    public Task<OfficeAppointment?> FindAsync(TerritoryId territory, Id<Household> household, Id<OfficeAppointment> id, CancellationToken cancel = default) =>
        db.FindAsync<OfficeAppointment>(territory, $"{Select} and a.id = @id and a.household_id = @household", new { id, household }, cancel);

    /// <summary>A household's appointments to come, the next first.</summary>
    public Task<List<OfficeAppointment>> ToComeAsync(TerritoryId territory, Id<Household> household, CancellationToken cancel = default) =>
        db.ListAsync<OfficeAppointment>(
            territory, $"{Select} and a.household_id = @household and a.cancelled_at is null and a.ends_at > @now order by a.starts_at, a.id",
            new { household, now = clock.Now }, cancel);

    /// <summary>Who comes on a day in Italy, office by office, in the order of their times; those called off stand among them.</summary>
    public Task<List<OfficeAppointment>> OnDayAsync(TerritoryId territory, LocalDate day, CancellationToken cancel = default) =>
        db.ListAsync<OfficeAppointment>(
            territory, $"{Select} and a.starts_at >= @from and a.starts_at < @to order by o.name, a.starts_at, a.desk, a.booked_at limit {RowsMax}",
            new { from = day.StartOfDayInRome(), to = day.EndOfDayInRome() }, cancel);

    private Task<Result<Done>> CancelAsync(
        TerritoryId territory, Id<OfficeAppointment> id, Id<Household>? household, Id<User> by, string note, CancellationToken cancel) =>
        db.TransactAsync<Done>(territory, async tx =>
        {
            await tx.ExecuteAsync("select id from marketplace.office_appointment where territory_id = @territory and id = @id for no key update", new { id });
            if (await FindAsync(tx, id) is not { } appointment || (household is { } whose && appointment.HouseholdId != whose)) return new AppointmentNotFound(id);
            if (!appointment.IsOn) return default(Done);
            if (clock.Now >= appointment.StartsAt) return new AppointmentBegun(id, appointment.StartsAt);
            await tx.ExecuteAsync(
                """
                update marketplace.office_appointment set cancelled_at = greatest(booked_at, @now), cancelled_by = @by, cancel_note = @note
                where territory_id = @territory and id = @id
                """, new { id, by, note, now = clock.Now });
            return default(Done);
        }, cancel);

    private static Task<OfficeAppointment?> FindAsync(Transaction tx, Id<OfficeAppointment> id) =>
        tx.FindAsync<OfficeAppointment>($"{Select} and a.id = @id", new { id });

    private static async Task<Week> ReadWeekAsync(Transaction tx, Id<Office> office, LocalDate from, LocalDate to) =>
        new(
            await tx.ListAsync<OfficeHours>($"{Offices.SelectHours} and o.office_id = @office", new { office }),
            [.. await tx.ListAsync<LocalDate>("select day from marketplace.office_closing where territory_id = @territory and office_id = @office", new { office })],
            await tx.ListAsync<TakenDesk>(
                """
                select starts_at, ends_at, desk::int as desk from marketplace.office_appointment
                where territory_id = @territory and office_id = @office and cancelled_at is null and starts_at >= @first and starts_at < @last
                """, new { office, first = from.StartOfDayInRome(), last = to.EndOfDayInRome() }));

    private sealed record Week(List<OfficeHours> Hours, HashSet<LocalDate> Closed, List<TakenDesk> Taken)
    {
        public IReadOnlyList<OfficeTime> FreeOn(LocalDate day, Instant from) => Closed.Contains(day) ? [] : OfficeTimes.Free(Hours, day, Taken, from);
    }
}
