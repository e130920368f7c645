using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>What becomes of each date of a recurring booking when it comes near.</summary>
public sealed partial class RecurringBookings
{
    /// <summary>
    /// Books the dates that have come near, each in a transaction of its own. One that cannot be had, or would cost more than was agreed to,
    /// is missed alone, with the reason, and may still be booked by hand. Answers how many were decided. Repeatable, also by several at once.
    /// </summary>
    public Task<int> TakeDueAsync(TerritoryId territory, CancellationToken cancel = default) => TakeAsync(territory, null, cancel);

    private async Task<int> TakeAsync(TerritoryId territory, Id<RecurringBooking>? only, CancellationToken cancel)
    {
        var due = await db.ListAsync<Due>(
            territory,
            """
            select r.id as recurring, r.first_day + 7 * i as day
            from marketplace.recurring_booking r
            cross join lateral generate_series(0, r.times - 1) i
            where r.territory_id = @territory and r.ended_at is null and r.last_day >= @today and (@only::uuid is null or r.id = @only)
              and (r.first_day + 7 * i + r.starts) at time zone 'Europe/Rome' <= @until and not exists (
                select from marketplace.recurring_turn t where t.territory_id = @territory and t.recurring_id = r.id and t.day = r.first_day + 7 * i)
            order by day, r.asked_at, r.id limit @limit
            """, new { today = clock.Today(), until = clock.Now + BookedBefore, only, limit = Bookings.SweepMax }, cancel);
        foreach (var (recurring, day) in due) (await TakeAsync(territory, recurring, day, cancel)).OrThrow();
        return due.Count;
    }

    private Task<Result<Done>> TakeAsync(TerritoryId territory, Id<RecurringBooking> id, LocalDate day, CancellationToken cancel) =>
        db.TransactAsync<Done>(territory, async tx =>
        {
            var recurring = (await LockAsync(tx, id))!;
            var isDecided = await tx.FindAsync<bool>(
                "select exists (select from marketplace.recurring_turn where territory_id = @territory and recurring_id = @id and day = @day)", new { id, day });
            // Somebody was quicker: the household ended it or left this date out, or another sweep has booked it.
            if (recurring.EndedAt is not null || isDecided) return default(Done);
            var booked = await BookAsync(tx, recurring, day);
            if (!booked.IsRefused(out var refusal, out var booking)) await DecideAsync(tx, id, day, RecurringOutcome.Booked, booking);
            else await DecideAsync(tx, id, day, RecurringOutcome.Missed, why: refusal.Code);
            return default(Done);
        }, cancel);

    private static async Task<Result<Id<Slot>>> SlotAsync(Transaction tx, RecurringBooking recurring, LocalDate day)
    {
        var slots = await tx.ListAsync<Id<Slot>>(
            "select id from marketplace.slot where territory_id = @territory and offer_id = @OfferId and starts_at = @at and withdrawn_at is null",
            new { recurring.OfferId, at = RecurringBooking.At(day, recurring.Starts) });
        return slots is [var slot, ..] ? slot : new TimeNotOpen(day);
    }

    private async Task<Result<Id<Booking>>> BookAsync(Transaction tx, RecurringBooking recurring, LocalDate day)
    {
        if ((await SlotAsync(tx, recurring, day)).IsRefused(out var closed, out var slot)) return closed;
        var id = Id<Booking>.From("recurring", recurring.Id, day.ToString("uuuuMMdd", System.Globalization.CultureInfo.InvariantCulture));
        return await bookings.RequestAsync(tx, new(id, slot, recurring.PersonId, default), new(recurring.HouseholdId, recurring.AskedBy), recurring.Terms);
    }

    private Task<int> DecideAsync(
        Transaction tx, Id<RecurringBooking> id, LocalDate day, RecurringOutcome outcome, Id<Booking>? booking = null, string why = "") =>
        tx.ExecuteAsync(
            """
            insert into marketplace.recurring_turn (territory_id, recurring_id, day, outcome, booking_id, why, at)
            values (@territory, @id, @day, @outcome, @booking, @why, @now)
            """, new { id, day, outcome = outcome.ToString(), booking, why, now = clock.Now });

    private sealed record Due(Id<RecurringBooking> Recurring, LocalDate Day);
}
