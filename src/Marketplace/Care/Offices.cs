using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>The offices of a territory and when they receive, as an officer keeps them. What holds from a day on never changes what was booked.</summary>
public sealed class Offices(Database db, IClock clock)
{
    public const int NameMin = 3, NameMax = 80;
    public const int AddressMin = 5, AddressMax = 200;
    public const int MinutesMin = 10, MinutesMax = 120;
    public const int DesksMax = 20;

    internal const string SelectHours =
        """
        select o.id, o.office_id, o.weekday::int as day, o.opens, o.closes, o.minutes::int as minutes, o.desks::int as desks, o.valid_from, o.valid_to
        from marketplace.office_hours o where o.territory_id = @territory
        """;

    /// <summary>The offices, by name.</summary>
    public Task<List<Office>> ListAsync(TerritoryId territory, CancellationToken cancel = default) =>
        db.ListAsync<Office>(territory, "select id, name, address from marketplace.office where territory_id = @territory order by name, id", null, cancel);

    /// <summary>The hours that hold today or later, of all offices, in the order of the week.</summary>
    public Task<List<OfficeHours>> HoursAsync(TerritoryId territory, CancellationToken cancel = default) =>
        db.ListAsync<OfficeHours>(
            territory, $"{SelectHours} and (o.valid_to is null or o.valid_to >= @today) order by o.office_id, o.weekday, o.opens, o.valid_from, o.id",
            new { today = clock.Today() }, cancel);

    /// <summary>The days from today on at which an office is closed.</summary>
    public Task<List<OfficeClosing>> ClosingsAsync(TerritoryId territory, CancellationToken cancel = default) =>
        db.ListAsync<OfficeClosing>(
            territory, "select office_id, day from marketplace.office_closing where territory_id = @territory and day >= @today order by day, office_id",
            new { today = clock.Today() }, cancel);

    /// <summary>Makes an office known. The same again changes nothing. Refused: a name or an address too short or too long, a name that is taken.</summary>
    public Task<Result<Id<Office>>> AddAsync(TerritoryId territory, Office office, Id<User> by, CancellationToken cancel = default) =>
        db.TransactAsync<Id<Office>>(territory, async tx =>
        {
            var (name, address) = (office.Name.Trim(), office.Address.Trim());
            if (name.Length is < NameMin or > NameMax) return new TextLength("name", NameMin, NameMax);
            if (address.Length is < AddressMin or > AddressMax) return new TextLength("address", AddressMin, AddressMax);

            // The territory's row is the lock: two who add the same name follow each other.
            await tx.ExecuteAsync("select id from marketplace.territory where id = @territory for no key update");
            var known = await tx.ListAsync<Office>("select id, name, address from marketplace.office where territory_id = @territory");
            if (known.Exists(k => k.Id == office.Id)) return office.Id;
            if (known.Exists(k => string.Equals(k.Name, name, StringComparison.OrdinalIgnoreCase))) return new OfficeNameTaken(name);
            await tx.ExecuteAsync(
                "insert into marketplace.office (territory_id, id, name, address, added_by, added_at) values (@territory, @Id, @name, @address, @by, @now)",
                new { office.Id, name, address, by, now = clock.Now });
            return office.Id;
        }, cancel);

    /// <summary>
    /// An office receives at more times, from a day on. The same again changes nothing. Refused: times without room for one appointment, an
    /// unknown office, times at which it receives already.
    /// </summary>
    public Task<Result<Id<OfficeHours>>> OpenAsync(TerritoryId territory, OfficeHours hours, CancellationToken cancel = default) =>
        db.TransactAsync<Id<OfficeHours>>(territory, async tx =>
        {
            if (hours.Minutes is < MinutesMin or > MinutesMax) return new OfficeHoursWrong("minutes");
            if (hours.Desks is < 1 or > DesksMax) return new OfficeHoursWrong("desks");
            if (hours.Day is < 1 or > 7) return new OfficeHoursWrong("day");
            if (Period.Between(hours.Opens, hours.Closes, PeriodUnits.Minutes).Minutes < hours.Minutes) return new OfficeHoursWrong("closes");
            if (!await LockAsync(tx, hours.OfficeId)) return new OfficeNotFound(hours.OfficeId);
            var known = await tx.ListAsync<OfficeHours>($"{SelectHours} and o.office_id = @OfficeId", new { hours.OfficeId });
            if (known.Exists(k => k.Id == hours.Id)) return hours.Id;
            var other = known.Find(k => k.Day == hours.Day && k.Opens < hours.Closes && hours.Opens < k.Closes
                && (k.ValidTo is null || k.ValidTo >= hours.ValidFrom) && (hours.ValidTo is null || hours.ValidTo >= k.ValidFrom));
            if (other is not null) return new OfficeHoursOverlap(other.Opens, other.Closes);
            await tx.ExecuteAsync(
                """
                insert into marketplace.office_hours (territory_id, id, office_id, weekday, opens, closes, minutes, desks, valid_from, valid_to)
                values (@territory, @Id, @OfficeId, @Day, @Opens, @Closes, @Minutes, @Desks, @ValidFrom, @ValidTo)
                """, hours);
            return hours.Id;
        }, cancel);

    /// <summary>
    /// An office stops receiving at these times after a day. Refused while families are expected later than that, at these times: they are
    /// told first. Said again with an earlier or later day, that one holds.
    /// </summary>
    public Task<Result<Done>> EndAsync(TerritoryId territory, Id<OfficeHours> id, LocalDate last, CancellationToken cancel = default) =>
        db.TransactAsync<Done>(territory, async tx =>
        {
            if (await tx.FindAsync<OfficeHours>($"{SelectHours} and o.id = @id", new { id }) is not { } hours) return new OfficeHoursNotFound(id);
            await LockAsync(tx, hours.OfficeId);
            // Hours that never began end on their first day: nothing comes before it that they could have been for.
            var end = LocalDate.Max(last, hours.ValidFrom);
            var expected = (await tx.ListAsync<Instant>(
                    """
                    select starts_at from marketplace.office_appointment
                    where territory_id = @territory and office_id = @OfficeId and cancelled_at is null and starts_at >= @after order by starts_at
                    """, new { hours.OfficeId, after = end.EndOfDayInRome() }))
                .Select(s => s.InZone(ClockExtensions.Rome).LocalDateTime).Where(s => s.DayOfWeek == hours.Weekday && hours.Opens <= s.TimeOfDay && s.TimeOfDay < hours.Closes)
                .ToList();
            if (expected.Count > 0) return new FamiliesExpected(expected[0].Date, expected.Count);
            await tx.ExecuteAsync("update marketplace.office_hours set valid_to = @end where territory_id = @territory and id = @id", new { id, end });
            return default(Done);
        }, cancel);

    /// <summary>An office is closed on a day. Refused while families are expected on it: they are told first. Repeatable.</summary>
    public Task<Result<Done>> CloseAsync(TerritoryId territory, Id<Office> office, LocalDate day, CancellationToken cancel = default) =>
        db.TransactAsync<Done>(territory, async tx =>
        {
            if (!await LockAsync(tx, office)) return new OfficeNotFound(office);
            var expected = await tx.FindAsync<long>(
                """
                select count(*) from marketplace.office_appointment
                where territory_id = @territory and office_id = @office and cancelled_at is null and starts_at >= @from and starts_at < @to
                """, new { office, from = day.StartOfDayInRome(), to = day.EndOfDayInRome() });
            if (expected > 0) return new FamiliesExpected(day, (int)expected);
            await tx.ExecuteAsync(
                "insert into marketplace.office_closing (territory_id, office_id, day) values (@territory, @office, @day) on conflict do nothing", new { office, day });
            return default(Done);
        }, cancel);

    /// <summary>It is not closed on that day after all. Repeatable.</summary>
    public Task ReopenAsync(TerritoryId territory, Id<Office> office, LocalDate day, CancellationToken cancel = default) =>
        db.ExecuteAsync(territory, "delete from marketplace.office_closing where territory_id = @territory and office_id = @office and day = @day", new { office, day }, cancel);

    /// <summary>Holds an office's row: hours and appointments never change at once. False for no such office.</summary>
    internal static async Task<bool> LockAsync(Transaction tx, Id<Office> office) =>
        (await tx.ListAsync<Id<Office>>("select id from marketplace.office where territory_id = @territory and id = @office for no key update", new { office })).Count == 1;
}

/// <summary>A day on which an office is closed.</summary>
public sealed record OfficeClosing(Id<Office> OfficeId, LocalDate Day);
