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
    /// the period closed. Closing an earlier or the same day again changes nothing. Answers the day through which the
    /// book is closed now; throws for today or a later day, and for a territory without a book.
    /// </summary>
    public async Task<Result<LocalDate>> CloseAsync(Transaction tx, LocalDate through)
    {
        if (through >= clock.Today()) throw new ArgumentOutOfRangeException(nameof(through), through, "Only a day that has passed can be closed.");
        await tx.ExecuteAsync("select pg_advisory_xact_lock(1, @territory)");
        var closed = await tx.ListAsync<LocalDate>(
            """
            update ledger.book set closed_through = greatest(closed_through, @through)
            where territory_id = @territory
            returning closed_through
            """, new { through });
        return closed.Count > 0 ? closed[0] : throw new InvalidOperationException($"Territory {tx.Territory} has no book.");
    }
}
