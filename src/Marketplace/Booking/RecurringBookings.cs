using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>
/// Households book a service every week: each date is a booking of its own, with its own hold, asked for when it comes near. Rows are
/// locked in one order everywhere: the recurring booking, then whatever a booking locks.
/// </summary>
public sealed partial class RecurringBookings(Database db, Bookings bookings, IClock clock)
{
    /// <summary>A date is booked, and its money held, so long before it begins.</summary>
    public static readonly Duration BookedBefore = Duration.FromDays(14);

    private const string Select =
        """
        select r.id, r.household_id, r.person_id, r.offer_id, r.first_day, r.starts, r.times::int as times, r.price, r.own_part, r.cancel_fee, r.asked_by, r.ended_at
        from marketplace.recurring_booking r where r.territory_id = @territory
        """;

    private readonly Purses purses = new(db, clock);

    /// <summary>
    /// What booking a slot's hour for so many weeks would mean: each date, whether it can be had, and who would pay it with the money of
    /// today. Refused as a single booking of the slot is, and for a number of weeks outside <see cref="RecurringBooking.TimesMin"/> and
    /// <see cref="RecurringBooking.TimesMax"/>.
    /// </summary>
    /// <param name="without">Days that are left out: they cost nothing.</param>
    public async Task<Result<RecurringPreview>> PreviewAsync(
        TerritoryId territory, Id<Household> household, Id<Slot> slotId, int times, IReadOnlyCollection<LocalDate> without, CancellationToken cancel = default)
    {
        if (times is < RecurringBooking.TimesMin or > RecurringBooking.TimesMax) return new RecurringTimesOutside(RecurringBooking.TimesMin, RecurringBooking.TimesMax);
        if ((await bookings.PreviewAsync(territory, household, slotId, cancel)).IsRefused(out var refusal, out var first)) return refusal;
        var start = first.StartsAt.InZone(ClockExtensions.Rome).LocalDateTime;
        var dates = RecurringBooking.DaysFrom(start.Date, times).Where(d => !without.Contains(d)).Select(d => (Day: d, At: RecurringBooking.At(d, start.TimeOfDay))).ToList();
        var open = (await db.ListByKeyAsync<OpenTime>(
            territory,
            $"""
            select o.class_code, o.minutes::int as minutes, o.provider_id, o.place, o.municipality_code, s.starts_at, s.taken >= s.capacity or s.pool_id is not null or not {Rosters.Served} as is_taken
            from marketplace.offer o
            left join marketplace.slot s on s.territory_id = @territory and s.offer_id = o.id and s.starts_at = any(@starts) and s.withdrawn_at is null
            where o.territory_id = @territory and o.id = @Offer
            """, new { first.Offer, starts = dates.Select(d => d.At.ToDateTimeUtc()).ToArray() }, cancel)).ToList();
        var outlooks = dates.ConvertAll(d => Outlook(open.Find(t => t.StartsAt == d.At), d.At));
        var wanted = dates.Zip(outlooks).Where(d => d.Second is DateOutlook.Free or DateOutlook.NotOpenYet).Select(d => d.First).ToList();
        var grants = await purses.GrantsAsync(territory, household, start.Date, cancel);
        var prices = await db.ListByKeyAsync<PriceOfDay>(territory, SelectPrices, new { offer = first.Offer, days = DayNumbers(start.Date, times) }, cancel);
        var one = new Purchase(open[0].ClassCode, start.Date, first.Coverage.Price, open[0].Minutes, open[0].ProviderId, Purchase.PlaceOf(open[0].Place, open[0].MunicipalityCode));
        var paid = PurseOutlook.Of(
            grants, wanted.Select(d => (one with { On = d.Day, Price = prices.First(p => p.Day == d.Day).Price }, d.At + (first.EndsAt - first.StartsAt))));
        var coverages = wanted.Zip(paid).ToDictionary(p => p.First.Day, p => p.Second);
        return new RecurringPreview(
            first, [.. dates.Zip(outlooks, (d, outlook) => new DateAhead(d.Day, d.At, outlook, coverages.GetValueOrDefault(d.Day)))],
            new(prices.Max(p => p.Price), paid.Where(c => c.IsPossible).Select(c => c.Copayment).DefaultIfEmpty(Money.Zero).Max(), first.CancelFee));
    }

    /// <summary>
    /// Books every week: the dates that are near at once, the others when they come near. Refused when the first slot cannot be booked, the
    /// price or the fee is not what was agreed to, all dates are left out, or the household has this hour of this service already. The same
    /// request again changes nothing.
    /// </summary>
    public async Task<Result<Id<RecurringBooking>>> StartAsync(
        TerritoryId territory, RecurringRequest request, HouseholdUser by, CancellationToken cancel = default)
    {
        var started = await db.TransactAsync<Id<RecurringBooking>>(territory, tx => StartAsync(tx, request, by), cancel);
        if (!started.IsRefused(out _)) await TakeAsync(territory, request.Id, cancel);
        return started;
    }

    private async Task<Result<Id<RecurringBooking>>> StartAsync(Transaction tx, RecurringRequest request, HouseholdUser by)
    {
        await Households.LockAsync(tx, by.Household);
        if (await FindAsync(tx, request.Id) is { } earlier)
        {
            return earlier.HouseholdId == by.Household && earlier.PersonId == request.Person && earlier.Times == request.Times
                ? earlier.Id : new RecurringIdReused(request.Id);
        }

        if (request.Times is < RecurringBooking.TimesMin or > RecurringBooking.TimesMax)
            return new RecurringTimesOutside(RecurringBooking.TimesMin, RecurringBooking.TimesMax);
        if (await tx.FindAsync<Bookings.SlotToBook>(Bookings.SelectSlot, new { slotId = request.Slot, household = by.Household }) is not { } slot)
            return new SlotNotFound(request.Slot);
        if (bookings.Refuse(slot) is { } refusal) return refusal;
        if (!await Bookings.IsInHouseholdAsync(tx, request.Person, by.Household)) return new PersonNotInHousehold(request.Person);
        // What was agreed to is the dearest of its dates.
        var dearest = (await tx.ListAsync<PriceOfDay>(SelectPrices, new { offer = slot.OfferId, days = DayNumbers(slot.Day, request.Times) })).Max(p => p.Price);
        if (dearest != request.Agreed.Price) return new PriceChanged(request.Agreed.Price, dearest);
        if (slot.CancelFee != request.Agreed.Fee || request.Agreed.Own > dearest) return new TermsChanged();
        var starts = slot.StartsAt.InZone(ClockExtensions.Rome).TimeOfDay;
        var days = RecurringBooking.DaysFrom(slot.Day, request.Times).ToList();
        if (days.TrueForAll(request.Without.Contains)) return new NothingRecurring();
        var twins = await tx.ListAsync<Id<RecurringBooking>>(
            """
            select id from marketplace.recurring_booking
            where territory_id = @territory and household_id = @Household and person_id = @Person and offer_id = @OfferId and starts = @starts
              and ended_at is null and last_day >= @first and first_day <= @last and extract(isodow from first_day) = @weekday
            """, new { by.Household, request.Person, slot.OfferId, starts, first = days[0], last = days[^1], weekday = (int)slot.Day.DayOfWeek });
        if (twins is [var twin, ..]) return new AlreadyRecurring(twin);
        await tx.ExecuteAsync(
            """
            insert into marketplace.recurring_booking
                (territory_id, id, household_id, person_id, offer_id, first_day, starts, times, price, own_part, cancel_fee, asked_by, asked_at)
            values (@territory, @Id, @Household, @Person, @OfferId, @first, @starts, @Times, @Price, @Own, @Fee, @User, @now)
            """,
            new
            {
                request.Id, by.Household, request.Person, slot.OfferId, first = days[0], starts, request.Times, request.Agreed.Price, request.Agreed.Own,
                request.Agreed.Fee, by.User, now = clock.Now,
            });
        foreach (var day in days.Where(request.Without.Contains)) await DecideAsync(tx, request.Id, day, RecurringOutcome.Skipped);
        return request.Id;
    }

    /// <summary>Leaves out a date that is not booked yet. Refused: a day that is none of its dates or is over, a date that is booked. Repeatable.</summary>
    public Task<Result<Done>> SkipAsync(TerritoryId territory, Id<RecurringBooking> id, LocalDate day, HouseholdUser by, CancellationToken cancel = default) =>
        db.TransactAsync<Done>(territory, async tx =>
        {
            if (await LockAsync(tx, id) is not { } recurring || recurring.HouseholdId != by.Household) return new RecurringNotFound(id);
            if (!RecurringBooking.DaysFrom(recurring.FirstDay, recurring.Times).Contains(day)) return new DateNotFound(day);
            var turns = await tx.ListAsync<Turn>(
                "select outcome, booking_id from marketplace.recurring_turn where territory_id = @territory and recurring_id = @id and day = @day", new { id, day });
            if (turns is [var turn]) return turn.BookingId is { } booking ? new DateBooked(booking) : default(Done);
            if (recurring.EndedAt is not null || RecurringBooking.At(day, recurring.Starts) <= clock.Now) return new DateNotFound(day);
            await DecideAsync(tx, id, day, RecurringOutcome.Skipped);
            return default(Done);
        }, cancel);

    /// <summary>Books no more dates; those that are booked stay, each to be cancelled on its own. Repeatable.</summary>
    public Task<Result<Done>> EndAsync(TerritoryId territory, Id<RecurringBooking> id, HouseholdUser by, CancellationToken cancel = default) =>
        db.TransactAsync<Done>(territory, async tx =>
        {
            if (await LockAsync(tx, id) is not { } recurring || recurring.HouseholdId != by.Household) return new RecurringNotFound(id);
            await tx.ExecuteAsync(
                "update marketplace.recurring_booking set ended_at = @now where territory_id = @territory and id = @id and ended_at is null", new { id, now = clock.Now });
            return default(Done);
        }, cancel);

    private DateOutlook Outlook(OpenTime? time, Instant at) => time switch
    {
        { IsTaken: true } => DateOutlook.Full,
        not null => DateOutlook.Free,
        // What would be asked for at once is not there; what comes later may still be opened.
        null => at <= clock.Now + BookedBefore ? DateOutlook.NoTime : DateOutlook.NotOpenYet,
    };

    private static async Task<RecurringBooking?> FindAsync(Transaction tx, Id<RecurringBooking> id) =>
        (await tx.FindAsync<Row>($"{Select} and r.id = @id", new { id }))?.ToRecurring();

    private static async Task<RecurringBooking?> LockAsync(Transaction tx, Id<RecurringBooking> id) =>
        (await tx.FindAsync<Row>($"{Select} and r.id = @id for no key update", new { id }))?.ToRecurring();

    /// <summary>What an offer costs on some days.</summary>
    private static readonly string SelectPrices =
        $"""
        select d.day, {Offers.PriceOn("d.day")} as price
        from unnest(@days::date[]) d(day)
        join marketplace.offer o on o.territory_id = @territory and o.id = @offer
        order by d.day
        """;

    private static string[] DayNumbers(LocalDate first, int times) => [.. RecurringBooking.DaysFrom(first, times).Select(NodaTime.Text.LocalDatePattern.Iso.Format)];

    private sealed record PriceOfDay(LocalDate Day, Money Price);

    private sealed record OpenTime(string ClassCode, int Minutes, Id<Provider> ProviderId, ServicePlace Place, string MunicipalityCode, Instant? StartsAt, bool? IsTaken);

    private sealed record Turn(RecurringOutcome Outcome, Id<Booking>? BookingId);

    private sealed record Row(
        Id<RecurringBooking> Id, Id<Household> HouseholdId, Id<Person> PersonId, Id<Offer> OfferId, LocalDate FirstDay, LocalTime Starts, int Times,
        Money Price, Money OwnPart, Money CancelFee, Id<User> AskedBy, Instant? EndedAt)
    {
        public RecurringBooking ToRecurring() => new(Id, HouseholdId, PersonId, OfferId, FirstDay, Starts, Times, new(Price, OwnPart, CancelFee), AskedBy, EndedAt);
    }
}
