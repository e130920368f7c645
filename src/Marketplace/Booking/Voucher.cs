using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>Where a voucher stands. It follows from the booking's state and is stored nowhere.</summary>
public enum VoucherState
{
    /// <summary>The money is held; the provider has not said yes yet, so it opens no door.</summary>
    Issued,

    /// <summary>It can be used, on its day and by its provider.</summary>
    Active,

    /// <summary>The service took place.</summary>
    Used,

    /// <summary>Called off, missed or given back: it pays at most a fee.</summary>
    Cancelled,

    /// <summary>Its time ran out.</summary>
    Expired,
}

/// <summary>How the provider knows that the person was there.</summary>
public enum Attendance
{
    /// <summary>By the number and the PIN on the title.</summary>
    Voucher,

    /// <summary>By the provider's own list of the day.</summary>
    List,

    /// <summary>By a signature on the provider's telephone.</summary>
    Signature,
}

/// <summary>
/// The numbered title of one booking, for one service at its exact value, or of one package or product. All of it is theirs: the number is
/// the reference, the value what the purse pays, which is the amount of the hold.
/// </summary>
/// <param name="Booking">Null for a package or a product, which <paramref name="Package"/> then is.</param>
/// <param name="StartsAt">When the service is; noon of the last day of a package.</param>
/// <param name="Held">What of the value is still set aside. Paid: what the provider earned. What is left of it went back.</param>
/// <param name="How">How it was used; null while it was not.</param>
public sealed record Voucher(
    Id<Booking>? Booking, Id<Package>? Package, string Number, VoucherState State, Instant StartsAt, string Provider, int HouseholdNumber, Money Value, Money Held,
    Money Paid, Attendance? How)
{
    public Money Returned => Value - Held - Paid;

    public static VoucherState StateOf(BookingStatus status) => status switch
    {
        BookingStatus.Requested => VoucherState.Issued,
        BookingStatus.Confirmed => VoucherState.Active,
        BookingStatus.Delivered or BookingStatus.Disputed or BookingStatus.Accepted or BookingStatus.Settled or BookingStatus.Paid => VoucherState.Used,
        BookingStatus.Declined or BookingStatus.Withdrawn or BookingStatus.CancelledByHousehold or BookingStatus.CancelledByProvider
            or BookingStatus.CancelledByOperator or BookingStatus.Replaced or BookingStatus.NoShow or BookingStatus.Reversed => VoucherState.Cancelled,
        BookingStatus.Expired => VoucherState.Expired,
    };

    public static VoucherState StateOf(PackageStatus status) => status switch
    {
        PackageStatus.Open => VoucherState.Active,
        PackageStatus.UsedUp => VoucherState.Used,
        PackageStatus.Lapsed => VoucherState.Expired,
        PackageStatus.Returned or PackageStatus.Unavailable => VoucherState.Cancelled,
    };
}
