using NodaTime;

namespace Borsellino.Ledger;

/// <summary>The day up to which the book is closed. Nothing enters a closed period: it is corrected in the open one.</summary>
public sealed class Periods(IClock clock)
{
    /// <summary>Makes an empty book for a territory. Repeating it changes nothing.</summary>
    public static Task OpenBookAsync(Transaction tx) =>
        tx.ExecuteAsync("insert into ledger.book (territory_id) values (@territory) on conflict do nothing");

    /// <summary>
    /// Closes the book through a day that has passed. Entries that are being recorded finish first; later ones find
    /// the period closed. Closing an earlier or the same day again changes nothing.
    /// </summary>
    public async Task<Result<LocalDate>> CloseAsync(Transaction tx, LocalDate through)
    {
        if (through >= clock.Today()) throw new ArgumentOutOfRangeException(nameof(through), through, "Only a day that has passed can be closed.");
        await tx.ExecuteAsync("select pg_advisory_xact_lock(1, @territory)");
        await tx.ExecuteAsync(
            """
            update ledger.book set closed_through = greatest(coalesce(closed_through, @through), @through)
            where territory_id = @territory
            """, new { through });
        return through;
    }
}
