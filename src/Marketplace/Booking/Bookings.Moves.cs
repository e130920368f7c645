using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>Another time of the same offer costs nothing more only before the limit for cancelling, and that has passed.</summary>
public sealed record MoveTooLate(Id<Booking> Booking, Instant FreeUntil) : Refusal("move_too_late");

/// <summary>A booking moves within its offer; something else is booked anew.</summary>
public sealed record MoveElsewhere(Id<Offer> Offer) : Refusal("move_elsewhere");

/// <summary>
/// A household moves a booking to another time of the same offer: the old one ends for nothing, and the new one is asked for with the money
/// that this gives back. Both or neither: nobody loses a place for one that is gone.
/// </summary>
public sealed partial class Bookings
{
    /// <summary>
    /// What moving a booking to a slot would mean, with what it holds now given back. Refused as the move is; a purse that cannot pay is
    /// shown, with the reason for every grant.
    /// </summary>
    public async Task<Result<BookingPreview>> PreviewMoveAsync(
        TerritoryId territory, Id<Household> household, Id<Booking> id, Id<Slot> slotId, CancellationToken cancel = default)
    {
        var read = await db.TransactAsync<MoveTerms>(territory, async tx =>
        {
            if ((await MovableAsync(tx, id, household)).IsRefused(out var refusal, out var old)) return refusal;
            if (await tx.FindAsync<SlotToBook>(SelectSlot, new { slotId, household }) is not { } slot) return new SlotNotFound(slotId);
            return Refuse(old.Booking, slot) is { } unfit ? unfit : new MoveTerms(old, slot);
        }, cancel);
        if (read.IsRefused(out var why, out var terms)) return why;
        var grants = await purses.GrantsAsync(territory, household, terms.Slot.Day, cancel);
        // For whom it is stays as it was: nobody is to choose from.
        return Preview(terms.Slot, terms.Freed(grants), []);
    }

    /// <summary>
    /// Moves. The same again answers the same booking and changes nothing. Refused: a booking that is over, not the household's or a group's; one whose
    /// limit for cancelling for nothing has passed; a slot of another offer or the one it has; and all that asking for the slot is refused for.
    /// </summary>
    public Task<Result<Id<Booking>>> MoveAsync(
        TerritoryId territory, Id<Booking> from, BookingRequest to, HouseholdUser by, CancellationToken cancel = default) =>
        db.TransactAsync<Id<Booking>>(territory, async tx =>
        {
            await tx.ExecuteAsync("select id from marketplace.booking where territory_id = @territory and id = @from for no key update", new { from });
            if (await FindAsync(tx, to.Id) is { } earlier)
                return earlier.SlotId == to.Slot && earlier.HouseholdId == by.Household && await WasMovedAsync(tx, from, to.Id) ? earlier.Id : new BookingIdReused(to.Id);
            if ((await MovableAsync(tx, from, by.Household)).IsRefused(out var refusal, out var movable)) return refusal;
            var old = movable.Booking;
            // Both slots before any account, in one order: two who change places follow each other.
            await tx.ListAsync<Id<Slot>>(
                "select id from marketplace.slot where territory_id = @territory and id = any(@both) order by id for no key update",
                new { both = new[] { old.SlotId.Value, to.Slot.Value } });
            if (await tx.FindAsync<SlotToBook>(SelectSlot, new { slotId = to.Slot, household = by.Household }) is not { } slot) return new SlotNotFound(to.Slot);
            if (Refuse(old, slot) is { } unfit) return unfit;
            var step = old.Status is BookingStatus.Requested ? BookingStep.Withdraw : BookingStep.CancelByHousehold;
            if ((await TakeAsync(tx, from, new(step, new Party.Household(by)))).IsRefused(out var bound)) return bound;
            if ((await RequestAsync(tx, to with { Person = old.PersonId }, by)).IsRefused(out var unbooked, out var moved)) return unbooked;
            await tx.ExecuteAsync("update marketplace.booking set moved_from = @from where territory_id = @territory and id = @moved", new { from, moved });
            return moved;
        }, cancel);

    /// <summary>A household's booking that may still be moved, or why it may not.</summary>
    private async Task<Result<Movable>> MovableAsync(Transaction tx, Id<Booking> id, Id<Household> household)
    {
        if (await FindAsync(tx, id) is not { } booking || booking.HouseholdId != household) return new BookingNotFound(id);
        if (booking.Status is not (BookingStatus.Requested or BookingStatus.Confirmed)) return new BookingNotReady(id, booking.Status, BookingStep.CancelByHousehold);
        if (booking.PackageId is { } package) return new UnitDoesNotMove(package);
        if (clock.Now >= booking.StartsAt) return new ServiceStarted(id, booking.StartsAt);
        var lines = await tx.ListAsync<HeldLine>(
            """
            select s.pool_id, l.grant_id, coalesce(l.amount, 0) as amount
            from marketplace.slot s
            left join marketplace.booking_line l on l.territory_id = @territory and l.booking_id = @id
            where s.territory_id = @territory and s.id = @SlotId
            """, new { id, booking.SlotId });
        if (lines[0].PoolId is { } pool) return new SlotIsShared(booking.SlotId, pool);
        // A request is withdrawn for nothing at any time; what is confirmed, before the limit.
        return booking.Status is BookingStatus.Confirmed && booking.FeeAt(clock.Now).IsPositive ? new MoveTooLate(id, booking.FreeUntil) : new Movable(booking, lines);
    }

    /// <summary>Why a booking cannot go to a slot, whoever pays.</summary>
    private Refusal? Refuse(Booking old, SlotToBook slot)
    {
        if (slot.OfferId != old.OfferId) return new MoveElsewhere(old.OfferId);
        return slot.Id == old.SlotId ? new AlreadyBooked(old.Id, old.Reference) : Refuse(slot);
    }

    private static Task<bool> WasMovedAsync(Transaction tx, Id<Booking> from, Id<Booking> to) =>
        tx.FindAsync<bool>(
            "select exists (select from marketplace.booking where territory_id = @territory and id = @to and moved_from = @from)", new { from, to });

    /// <summary>What a grant pays of a booking; without a grant where the household pays all of it itself.</summary>
    private sealed record HeldLine(Id<Pool>? PoolId, Id<Grant>? GrantId, Money Amount);

    private sealed record Movable(Booking Booking, List<HeldLine> Lines);

    private sealed record MoveTerms(Movable Old, SlotToBook Slot)
    {
        /// <summary>The purse as it would be with what the booking holds, and uses of limits, given back.</summary>
        public IReadOnlyList<PurseGrant> Freed(IReadOnlyList<PurseGrant> grants) =>
            [.. grants.Select(g => g.Without(Old.Booking.Id.Value, Old.Lines.Find(l => l.GrantId == g.Id)?.Amount ?? Money.Zero))];
    }
}
