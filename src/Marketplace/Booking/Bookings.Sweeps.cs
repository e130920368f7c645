using Borsellino.Ledger;

namespace Borsellino.Marketplace;

/// <summary>A booking whose time had come and that could not be moved: somebody has to look at it.</summary>
public sealed record Stuck(Id<Booking> Booking, Refusal Because);

/// <summary>What a sweep did: how many bookings it moved, and which it could not.</summary>
public sealed record Swept(int Moved, IReadOnlyList<Stuck> Stuck);

/// <summary>What time does to bookings. Each one is a transaction of its own, so that one that fails stops no other.</summary>
public sealed partial class Bookings
{
    public const int SweepMax = 1000;

    /// <summary>Accepts the delivered bookings that nobody has answered for two days. Repeatable.</summary>
    public Task<Swept> AcceptDueAsync(TerritoryId territory, CancellationToken cancel = default) =>
        SweepAsync(
            territory, BookingStep.Accept,
            """
            select id from marketplace.booking
            where territory_id = @territory and status = 'Delivered' and accept_by <= @now order by accept_by limit @limit
            """, cancel);

    /// <summary>Gives the money back for requests that the provider did not answer in time. Repeatable.</summary>
    public Task<Swept> LapseDueAsync(TerritoryId territory, CancellationToken cancel = default) =>
        SweepAsync(
            territory, BookingStep.Lapse,
            """
            select id from marketplace.booking
            where territory_id = @territory and status = 'Requested' and answer_by <= @now order by answer_by limit @limit
            """, cancel);

    /// <summary>Ends the bookings that nobody delivered, or agreed on, while their money was held. Repeatable.</summary>
    public Task<Swept> RunOutDueAsync(TerritoryId territory, CancellationToken cancel = default) =>
        SweepAsync(
            territory, BookingStep.RunOut,
            """
            select b.id from marketplace.booking b
            left join marketplace.package k on k.territory_id = @territory and k.id = b.package_id
            join ledger.hold h on h.territory_id = @territory and h.id = any(array[b.hold_id, k.hold_id])
            where b.territory_id = @territory and b.status in ('Confirmed', 'Disputed') and h.expires_at <= @now
            order by h.expires_at limit @limit
            """, cancel);

    private async Task<Swept> SweepAsync(TerritoryId territory, BookingStep step, string due, CancellationToken cancel)
    {
        var moved = 0;
        var stuck = new List<Stuck>();
        foreach (var id in await db.ListAsync<Id<Booking>>(territory, due, new { now = clock.Now, limit = SweepMax }, cancel))
        {
            var taken = await TakeAsync(territory, id, new(step, new Party.Nobody()), cancel);
            if (!taken.IsRefused(out var refusal)) moved++;
            // Somebody was quicker than the sweep: nothing is left to do.
            else if (refusal is not BookingNotReady) stuck.Add(new(id, refusal));
        }

        return new(moved, stuck);
    }
}
