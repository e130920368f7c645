using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>
/// The part of a price that the household pays the provider itself. That money never passes through the book: what is
/// written down is that the provider says it has it.
/// </summary>
public sealed partial class Bookings
{
    /// <summary>
    /// The provider has got the household's part, from the start of the service on. Saying it again changes nothing.
    /// Refused where the household pays no part, and where the service did not take place.
    /// </summary>
    public Task<Result<Done>> ReceiveCopaymentAsync(
        TerritoryId territory, Id<Booking> id, ProviderUser by, CancellationToken cancel = default) =>
        db.TransactAsync<Done>(territory, async tx =>
        {
            await tx.ExecuteAsync("select id from marketplace.booking where territory_id = @territory and id = @id for no key update", new { id });
            if (await FindAsync(tx, id) is not { } booking || booking.ProviderId != by.Provider) return new BookingNotFound(id);
            if (!booking.Copayment.IsPositive || !MayBePaid(booking.Status)) return new CopaymentNotDue(id, booking.Status);
            if (clock.Now < booking.StartsAt) return new ServiceNotStarted(id, booking.StartsAt);
            await tx.ExecuteAsync(
                """
                update marketplace.booking set copayment_paid_at = coalesce(copayment_paid_at, @now)
                where territory_id = @territory and id = @id
                """, new { id, now = clock.Now });
            return default(Done);
        }, cancel);

    /// <summary>How long a provider may say that it wrote down the wrong payment.</summary>
    public static readonly Duration CopaymentUndo = Duration.FromHours(24);

    /// <summary>
    /// The provider did not get the household's part after all: it had marked the wrong booking. Taking back what is not written down
    /// changes nothing. Refused when <see cref="CopaymentUndo"/> has passed: the family may have gone by its receipt.
    /// </summary>
    public Task<Result<Done>> TakeCopaymentBackAsync(
        TerritoryId territory, Id<Booking> id, ProviderUser by, CancellationToken cancel = default) =>
        db.TransactAsync<Done>(territory, async tx =>
        {
            await tx.ExecuteAsync("select id from marketplace.booking where territory_id = @territory and id = @id for no key update", new { id });
            if (await FindAsync(tx, id) is not { } booking || booking.ProviderId != by.Provider) return new BookingNotFound(id);
            var paidAt = await tx.ListAsync<Instant>(
                "select copayment_paid_at from marketplace.booking where territory_id = @territory and id = @id and copayment_paid_at is not null", new { id });
            if (paidAt is not [var at]) return default(Done);
            if (clock.Now - at > CopaymentUndo) return new CopaymentUndoOver(id, at + CopaymentUndo);
            await tx.ExecuteAsync("update marketplace.booking set copayment_paid_at = null where territory_id = @territory and id = @id", new { id });
            return default(Done);
        }, cancel);

    private static bool MayBePaid(BookingStatus status) => status is BookingStatus.Confirmed or BookingStatus.Delivered
        or BookingStatus.Disputed or BookingStatus.Accepted or BookingStatus.Settled or BookingStatus.Paid;
}
