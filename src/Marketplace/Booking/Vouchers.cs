using Borsellino.Ledger;
using Borsellino.Marketplace.Standards;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>
/// Providers use vouchers up: whoever shows number and PIN was there. A voucher works once, for its provider and on its day.
/// </summary>
public sealed class Vouchers(Database db, Bookings bookings, Packages packages, Attempts attempts, VoucherPins pins, IClock clock)
{
    private const string What = "voucher";

    /// <summary>
    /// Marks the booking of a voucher as delivered and answers which one it is. Refused, each with a reason of its own, for a
    /// wrong PIN, another provider's or another day's voucher, one that is used, cancelled, expired or not confirmed yet, and
    /// where the provider is not accredited on that day. Ten tries of one number in a quarter of an hour are judged. The voucher of a product
    /// is refused as such, once it is the right one: it is used by <see cref="HandOverAsync"/>.
    /// </summary>
    public async Task<Result<Id<Booking>>> UseAsync(
        TerritoryId territory, string number, string pin, ProviderUser by, CancellationToken cancel = default)
    {
        if ((await FindAsync(territory, number, pin, cancel)).IsRefused(out var unknown, out var found)) return unknown;
        if (Refuse(found, by) is { } refusal) return refusal;
        if (found.Product is { } product) return new VoucherOfPieces(product);
        var booking = found.Booking!.Value;
        var delivered = await bookings.DeliverAsync(territory, booking, by, Attendance.Voucher, cancel);
        return delivered.IsRefused(out var notDelivered) ? notDelivered : booking;
    }

    /// <summary>
    /// Hands over so many pieces of the product whose voucher this is. Refused as <see cref="UseAsync"/> and <see cref="Packages.HandOverAsync(TerritoryId, HandOver, ProviderUser, CancellationToken)"/>
    /// do. The same hand-over again changes nothing.
    /// </summary>
    public async Task<Result<Id<Package>>> HandOverAsync(
        TerritoryId territory, Id<HandOver> id, string number, string pin, int pieces, ProviderUser by, CancellationToken cancel = default)
    {
        if ((await FindAsync(territory, number, pin, cancel)).IsRefused(out var unknown, out var found)) return unknown;
        if (found.ProviderId != by.Provider) return new VoucherOfAnotherProvider();
        if (found.Product is not { } product) return new VoucherNotRecognised();
        var done = await packages.HandOverAsync(territory, new(id, product, pieces, Attendance.Voucher), by, cancel);
        return done.IsRefused(out var refusal) ? refusal : product;
    }

    /// <summary>The booking or the product with this number, for who knows its PIN. Every try counts until one is right.</summary>
    private async Task<Result<Shown>> FindAsync(TerritoryId territory, string number, string pin, CancellationToken cancel)
    {
        if (!ReadableCode.TryParse(number, out var code, out _)) return new VoucherNotRecognised();
        if (!await attempts.TryAsync(territory, What, code.Value, cancel)) return new VoucherTriedTooOften();
        var found = await db.FindAsync<Shown>(
            territory,
            """
            select b.id as booking, null::uuid as product, b.provider_id, b.status, b.starts_at, b.answer_by,
                   (select max(e.at) from marketplace.booking_event e where e.territory_id = @territory and e.booking_id = b.id) as moved_at,
                   coalesce((select min(e.at) from marketplace.booking_event e
                             where e.territory_id = @territory and e.booking_id = b.id and e.status = 'Delivered'), b.starts_at) as used_at
            from marketplace.booking b where b.territory_id = @territory and b.reference = @number and b.slot_id is not null
            union all
            select null, k.id, k.provider_id, k.status, (k.last_day + time '12:00') at time zone 'Europe/Rome', k.bought_at, coalesce(k.ended_at, k.bought_at),
                   coalesce(k.ended_at, k.bought_at)
            from marketplace.package k
            join marketplace.offer o on o.territory_id = @territory and o.id = k.offer_id and o.kind = 'Product'
            where k.territory_id = @territory and k.reference = @number
            """, new { number = code.Value }, cancel);
        var isRight = found is { Product: { } product } ? pins.IsRight(territory, product, pin) : found is { Booking: { } booking } && pins.IsRight(territory, booking, pin);
        if (!isRight) return new VoucherNotRecognised();
        await attempts.ForgetAsync(territory, What, code.Value, cancel);
        return found!;
    }

    private Refusal? Refuse(Shown voucher, ProviderUser by)
    {
        if (voucher.ProviderId != by.Provider) return new VoucherOfAnotherProvider();
        var day = voucher.StartsAt.InZone(ClockExtensions.Rome).Date;
        return voucher.State switch
        {
            VoucherState.Used => new VoucherUsed(voucher.UsedAt),
            VoucherState.Cancelled => new VoucherCancelled(voucher.MovedAt),
            VoucherState.Expired => new VoucherExpired(voucher.MovedAt),
            VoucherState.Issued => new VoucherNotActive(voucher.AnswerBy),
            VoucherState.Active when voucher.Product is not null => clock.Today() > day ? new ProductLapsed(day) : null,
            VoucherState.Active => day == clock.Today() ? null : new VoucherOfAnotherDay(day),
        };
    }

    private sealed record Shown(
        Id<Booking>? Booking, Id<Package>? Product, Id<Provider> ProviderId, string Status, Instant StartsAt, Instant AnswerBy, Instant MovedAt, Instant UsedAt)
    {
        public VoucherState State => Product is null ? Voucher.StateOf(Enum.Parse<BookingStatus>(Status)) : Voucher.StateOf(Enum.Parse<PackageStatus>(Status));
    }
}
