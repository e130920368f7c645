using Borsellino.Ledger;
using Borsellino.Marketplace.Standards;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>
/// Providers use vouchers up: whoever shows number and PIN was there. A voucher works once, for its provider and on its day.
/// </summary>
public sealed class Vouchers(Database db, Bookings bookings, Attempts attempts, VoucherPins pins, IClock clock)
{
    private const string What = "voucher";

    /// <summary>
    /// Marks the booking of a voucher as delivered and answers which one it is. Refused, each with a reason of its own, for a
    /// wrong PIN, another provider's or another day's voucher, one that is used, cancelled, expired or not confirmed yet, and
    /// where the provider is not accredited on that day. Ten tries of one number in a quarter of an hour are judged.
    /// </summary>
    public async Task<Result<Id<Booking>>> UseAsync(
        TerritoryId territory, string number, string pin, ProviderUser by, CancellationToken cancel = default)
    {
        if (!ReadableCode.TryParse(number, out var code, out _)) return new VoucherNotRecognised();
        if (!await attempts.TryAsync(territory, What, code.Value, cancel)) return new VoucherTriedTooOften();
        var found = await db.FindAsync<Shown>(
            territory,
            """
            select b.id, b.provider_id, b.status, b.starts_at, b.answer_by,
                   (select max(e.at) from marketplace.booking_event e where e.territory_id = @territory and e.booking_id = b.id) as moved_at,
                   coalesce((select min(e.at) from marketplace.booking_event e
                             where e.territory_id = @territory and e.booking_id = b.id and e.status = 'Delivered'), b.starts_at) as used_at
            from marketplace.booking b where b.territory_id = @territory and b.reference = @number
            """, new { number = code.Value }, cancel);
        if (found is null || !pins.IsRight(territory, found.Id, pin)) return new VoucherNotRecognised();
        await attempts.ForgetAsync(territory, What, code.Value, cancel);
        if (Refuse(found, by) is { } refusal) return refusal;
        var delivered = await bookings.DeliverAsync(territory, found.Id, by, Attendance.Voucher, cancel);
        return delivered.IsRefused(out var notDelivered) ? notDelivered : found.Id;
    }

    private Refusal? Refuse(Shown voucher, ProviderUser by)
    {
        if (voucher.ProviderId != by.Provider) return new VoucherOfAnotherProvider();
        var day = voucher.StartsAt.InZone(ClockExtensions.Rome).Date;
        return Voucher.StateOf(voucher.Status) switch
        {
            VoucherState.Used => new VoucherUsed(voucher.UsedAt),
            VoucherState.Cancelled => new VoucherCancelled(voucher.MovedAt),
            VoucherState.Expired => new VoucherExpired(voucher.MovedAt),
            VoucherState.Issued => new VoucherNotActive(voucher.AnswerBy),
            VoucherState.Active => day == clock.Today() ? null : new VoucherOfAnotherDay(day),
        };
    }

    private sealed record Shown(
        Id<Booking> Id, Id<Provider> ProviderId, BookingStatus Status, Instant StartsAt, Instant AnswerBy, Instant MovedAt, Instant UsedAt);
}
