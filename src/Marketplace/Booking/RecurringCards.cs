using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>A recurring booking as its household reads it.</summary>
public sealed record RecurringCard(
    Id<RecurringBooking> Id, Id<Offer> OfferId, string TitleIt, string TitleEn, string Provider, string FirstName, LocalDate FirstDay, LocalDate LastDay,
    LocalTime Starts, Money Price, Money Own, Instant? EndedAt)
{
    /// <summary>Whether dates are still to be booked.</summary>
    public bool IsLiving(LocalDate today) => EndedAt is null && LastDay >= today;
}

/// <summary>One date of it.</summary>
/// <param name="Outcome">Null while its time has not come.</param>
/// <param name="Why">The code of the refusal, for a date that was missed.</param>
/// <param name="Booking">The booking that it became, or that the household made by hand for a date it had missed.</param>
/// <param name="Slot">The time that could be booked by hand; null where there is none with a place free.</param>
public sealed record RecurringDate(LocalDate Day, RecurringOutcome? Outcome, string Why, Id<Booking>? Booking, BookingStatus? Status, Id<Slot>? Slot);

/// <summary>Reading recurring bookings.</summary>
public sealed class RecurringCards(Database db, IClock clock)
{
    private const string Select =
        """
        select r.id, r.offer_id, o.title_it, o.title_en, v.name as provider, p.first_name, r.first_day, r.last_day, r.starts, r.price,
               r.own_part as own, r.ended_at
        from marketplace.recurring_booking r
        join marketplace.offer o on o.territory_id = @territory and o.id = r.offer_id
        join marketplace.provider v on v.territory_id = @territory and v.id = o.provider_id
        join marketplace.person p on p.territory_id = @territory and p.id = r.person_id
        where r.territory_id = @territory and r.household_id = @household
        """;

    /// <summary>Those of which dates are still to come, the next first.</summary>
    public Task<List<RecurringCard>> LivingAsync(TerritoryId territory, Id<Household> household, CancellationToken cancel = default) =>
        db.ListByKeyAsync<RecurringCard>(
            territory, $"{Select} and r.ended_at is null and r.last_day >= @today order by r.first_day, r.starts, r.id limit 50", new { household, today = clock.Today() }, cancel);

    /// <summary>One of a household's with its dates, soonest first; null when it has none with this id.</summary>
    public async Task<(RecurringCard Card, IReadOnlyList<RecurringDate> Dates)?> FindAsync(
        TerritoryId territory, Id<Household> household, Id<RecurringBooking> id, CancellationToken cancel = default)
    {
        var found = await db.ListByKeyAsync<RecurringCard>(territory, $"{Select} and r.id = @id", new { household, id }, cancel);
        if (found.SingleOrDefault() is not { } card) return null;
        var dates = await db.ListByKeyAsync<RecurringDate>(
            territory,
            $"""
            select d.day, t.outcome, coalesce(t.why, '') as why, b.id as booking, b.status,
                   case when s.taken < s.capacity and {Rosters.Served} and s.pool_id is null and s.starts_at > @now then s.id end as slot
            from marketplace.recurring_booking r
            cross join lateral (select r.first_day + 7 * i as day from generate_series(0, r.times - 1) i) d
            left join marketplace.recurring_turn t on t.territory_id = @territory and t.recurring_id = r.id and t.day = d.day
            left join marketplace.slot s on s.territory_id = @territory and s.offer_id = r.offer_id
                and s.starts_at = (d.day + r.starts) at time zone 'Europe/Rome' and s.withdrawn_at is null
            left join lateral (
                select b.id, b.status from marketplace.booking b
                where b.territory_id = @territory and (b.id = t.booking_id or t.booking_id is null and b.slot_id = s.id and b.person_id = r.person_id
                    and b.status in ('Requested', 'Confirmed', 'Delivered', 'Disputed', 'Accepted', 'Settled', 'Paid', 'NoShow'))
                limit 1) b on true
            where r.territory_id = @territory and r.id = @id
            order by d.day
            """, new { id, now = clock.Now }, cancel);
        return (card, dates);
    }
}
