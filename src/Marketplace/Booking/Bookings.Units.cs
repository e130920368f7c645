using Borsellino.Ledger;
using Borsellino.Marketplace.Standards;

namespace Borsellino.Marketplace;

/// <summary>
/// A household takes the units of a package it has bought: bookings like others, but that nothing is held for them, for the package's hold has
/// their money. A unit that is given is paid out of it; one that is called off in time is back in the package.
/// </summary>
public sealed partial class Bookings
{
    /// <summary>
    /// Takes the next unit in a slot of the offer. Refused: a package that is not the household's or over; a slot of another offer, after its last
    /// day or that cannot be booked; no unit left. The same request again answers the same booking and changes nothing.
    /// </summary>
    public Task<Result<Id<Booking>>> TakeUnitAsync(TerritoryId territory, UnitRequest request, HouseholdUser by, CancellationToken cancel = default) =>
        db.TransactByKeyAsync<Id<Booking>>(territory, tx => TakeUnitAsync(tx, request, by), cancel);

    private async Task<Result<Id<Booking>>> TakeUnitAsync(Transaction tx, UnitRequest request, HouseholdUser by)
    {
        if (await Packages.LockAsync(tx, request.Package) is not { } package || package.HouseholdId != by.Household) return new PackageNotFound(request.Package);
        var known = await tx.LockThenListAsync<Booking>(
            LockSlot, SelectBooking, new { slotId = request.Slot, id = request.Id });
        if (known.SingleOrDefault() is { } earlier)
            return earlier.SlotId == request.Slot && earlier.PackageId == package.Id ? earlier.Id : new BookingIdReused(request.Id);
        if (package.Status is not PackageStatus.Open) return new PackageOver(package.Id, package.Status);
        if (await tx.FindAsync<SlotToBook>(SelectSlot, new { slotId = request.Slot, household = by.Household }) is not { } slot) return new SlotNotFound(request.Slot);
        if (slot.OfferId != package.OfferId) return new MoveElsewhere(package.OfferId);
        if (Refuse(slot) is { } refusal) return refusal;
        if (slot.Day > package.LastDay) return new PackageEndsBefore(package.Id, package.LastDay);
        if (package.HeldUntil <= slot.EndsAt) return new GrantEndsTooSoon(package.HeldUntil, slot.EndsAt);
        var twins = await tx.ListAsync<AlreadyBooked>(SelectEarlier, new { slotId = slot.Id, person = package.PersonId });
        if (twins is [var twin, ..]) return twin;
        Chosen? who = null;
        if (slot.NeedsStaff && (await Rosters.ChooseAsync(tx, slot.ProviderId, slot.Id, by.Household)).IsRefused(out var nobody, out who)) return nobody;
        if (await Packages.FreeAsync(tx, package, 1) is not [var unit]) return new NoUnitLeft(package.Id);
        var agreed = slot with { Price = package.UnitPrice, CancelHours = package.CancelHours, CancelFee = package.CancelFee };
        await InsertAsync(
            tx, new(request.Id, slot.Id, package.PersonId, default), by, agreed, new(package.CoveredOf(unit), [], null, package.Id, unit),
            ReadableCode.New(ReferenceGroups).Value);
        if (who is not null) await Rosters.BindAsync(tx, who, clock.Now);
        return request.Id;
    }

    /// <summary>Pays a unit, or the fee of one, out of its package's hold, which keeps the rest.</summary>
    private async Task<Result<Earned>> MoveUnitMoneyAsync(Transaction tx, Booking booking, Package package, Move move) => move.Step switch
    {
        BookingStep.Accept => await CaptureAsync(tx, booking, package.HoldId, booking.Covered, "delivered", move, RestOfHold.Keep),
        BookingStep.CancelByHousehold when booking.FeeAt(clock.Now) is { IsPositive: true } fee =>
            await CaptureAsync(tx, booking, package.HoldId, fee, EntryKinds.CancellationFee, move, RestOfHold.Keep),
        BookingStep.ReportNoShow when Money.Min(booking.CancelFee, booking.Covered) is { IsPositive: true } fee =>
            await CaptureAsync(tx, booking, package.HoldId, fee, EntryKinds.NoShowFee, move, RestOfHold.Keep),
        BookingStep.RunOut => await ExpireAsync(tx, package.HoldId),
        _ => Earned.Nothing,
    };
}
