using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>
/// Whose clock counts in a territory. While somebody plays its past, for a demo, nothing may happen there by the real
/// clock: a request of last Tuesday would lapse before its provider could answer.
/// </summary>
public sealed class PlayedTime(Database db)
{
    private const int Lock = 3;

    /// <summary>
    /// Does the work while nobody else plays this territory and no other clock moves it; waits for whoever does. The
    /// hold ends with the process, however that ends.
    /// </summary>
    public async Task HoldAsync(TerritoryId territory, Func<Task> work, CancellationToken cancel = default)
    {
        // The transaction reads and writes nothing: it only carries the lock, and has no snapshot that others wait for.
        (await db.TransactAsync<Done>(territory, async tx =>
        {
            await tx.ExecuteAsync("select pg_advisory_xact_lock(@Lock, @territory)", new { Lock });
            await work();
            return default(Done);
        }, cancel)).OrThrow();
    }

    /// <summary>Whether somebody plays the territory's time just now.</summary>
    public async Task<bool> IsHeldAsync(TerritoryId territory, CancellationToken cancel = default) =>
        !(await db.ListAsync<bool>(territory, "select pg_try_advisory_xact_lock_shared(@Lock, @territory)", new { Lock }, cancel))[0];

    /// <summary>The last instant at which anything was written down in the territory; null for an empty one.</summary>
    public async Task<Instant?> LatestAsync(TerritoryId territory, CancellationToken cancel = default)
    {
        var latest = await db.ListAsync<Instant>(
            territory,
            """
            select at from (select greatest(
                (select max(recorded_at) from ledger.journal_entry where territory_id = @territory),
                (select max(recorded_at) from ledger.hold_event where territory_id = @territory),
                (select max(at) from marketplace.booking_event where territory_id = @territory),
                (select max(at) from marketplace.pool_event where territory_id = @territory),
                (select max(created_at) from marketplace.household where territory_id = @territory),
                (select max(greatest(uploaded_at, decided_at)) from marketplace.grant_import where territory_id = @territory),
                (select max(greatest(prepared_at, authorised_at)) from marketplace.payout where territory_id = @territory)) as at) all_of_it
            where at is not null
            """, cancel: cancel);
        return latest.Count > 0 ? latest[0] : null;
    }
}
