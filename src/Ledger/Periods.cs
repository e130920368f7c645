using NodaTime;

namespace Borsellino.Ledger;

/// <summary>
/// The day up to which the book is closed. Nothing enters a closed period: it is corrected in the open one, or two people
/// open the period again and leave their trace.
/// </summary>
public sealed class Periods(IClock clock)
{
    private const string EventColumns = "position, id, kind, through, actor, reason, recorded_at";

    /// <summary>Makes an empty book for a territory. Repeating it changes nothing.</summary>
    public static Task OpenBookAsync(Transaction tx) =>
        tx.ExecuteAsync("insert into ledger.book (territory_id) values (@territory) on conflict do nothing");

    /// <summary>
    /// Closes the book through a day that has passed. Entries that are being recorded finish first; later ones find
    /// the period closed. Closing an earlier or the same day again changes nothing. Answers the day through which the
    /// book is closed now. Refused while a balance at the end of that day breaks a <see cref="BalanceRule"/>; throws for
    /// today or a later day, and for a territory without a book.
    /// </summary>
    public async Task<Result<LocalDate>> CloseAsync(Transaction tx, LocalDate through, string actor)
    {
        Limits.Actor(actor);
        if (through >= clock.Today()) throw new ArgumentOutOfRangeException(nameof(through), through, "Only a day that has passed can be closed.");
        var closed = await LockAsync(tx);
        if (closed >= through) return closed.Value;
        var breaches = await BalanceRules.BreachesAsync(tx, through);
        if (breaches.Count > 0) return new BalanceRulesBroken(through, breaches);

        await MoveAsync(tx, Id<PeriodEvent>.New(), PeriodEventKind.Closed, through, actor);
        return through;
    }

    /// <summary>
    /// Asks to open the book again from a closed day on, and says why. Nothing is open until another person agrees. A
    /// new request takes the place of the one before; sending the same one again changes nothing.
    /// </summary>
    /// <remarks>Throws for a reason that is empty or longer than 300 characters.</remarks>
    public async Task<Result<Done>> AskReopenAsync(Transaction tx, Id<PeriodEvent> id, LocalDate from, string reason, string actor)
    {
        Limits.Actor(actor);
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        var (through, closed) = (from.PlusDays(-1), await LockAsync(tx));
        if (await FindAsync(tx, id) is { } earlier)
        {
            if ((earlier.Kind, earlier.Through, earlier.Actor, earlier.Reason) == (PeriodEventKind.ReopenAsked, through, actor, reason)) return default(Done);
            return new PeriodEventIdReused(id);
        }

        if (closed is null || closed < from) return new PeriodNotClosed(from, closed);

        await RecordAsync(tx, id, PeriodEventKind.ReopenAsked, through, actor, Limits.Memo(reason));
        return default(Done);
    }

    /// <summary>
    /// Opens the book again as another person has asked, and answers the last day that stays closed. Refused to the one
    /// who asked, and if anything has happened to the periods since. The same person doing it again changes nothing.
    /// </summary>
    public async Task<Result<LocalDate>> ReopenAsync(Transaction tx, Id<PeriodEvent> asked, string actor)
    {
        Limits.Actor(actor);
        await LockAsync(tx);
        if (await FindAsync(tx, asked) is not { Kind: PeriodEventKind.ReopenAsked } request) return new ReopenNotFound(asked);
        var done = Id<PeriodEvent>.From(asked.Value);
        if (await FindAsync(tx, done) is { } earlier && earlier.Actor == actor) return earlier.Through;
        if (await LastAsync(tx) is not { } last || last.Id != asked) return new ReopenOutdated(asked);
        if (request.Actor == actor) return new ReopenNeedsAnother(asked);

        await MoveAsync(tx, done, PeriodEventKind.Reopened, request.Through, actor);
        return request.Through;
    }

    /// <summary>Alone in the book: recording transactions share this lock. Answers the last closed day, null for none.</summary>
    private static async Task<LocalDate?> LockAsync(Transaction tx)
    {
        await tx.ExecuteAsync("select pg_advisory_xact_lock(1, @territory)");
        var book = await tx.FindAsync<PeriodHistory.Book>("select closed_through from ledger.book where territory_id = @territory");
        return book is null ? throw new InvalidOperationException($"Territory {tx.Territory} has no book.") : book.ClosedThrough;
    }

    private static Task<PeriodEvent?> FindAsync(Transaction tx, Id<PeriodEvent> id) => tx.FindAsync<PeriodEvent>(
        $"select {EventColumns} from ledger.period_event where id = @id and territory_id = @territory", new { id });

    private static Task<PeriodEvent?> LastAsync(Transaction tx) => tx.FindAsync<PeriodEvent>(
        $"select {EventColumns} from ledger.period_event where territory_id = @territory order by position desc limit 1");

    private const string Record =
        """
        insert into ledger.period_event (territory_id, position, id, kind, through, actor, reason, recorded_at)
        select @territory, coalesce(max(position), 0) + 1, @id, @kind, @through, @actor, @reason, @now
        from ledger.period_event where territory_id = @territory
        """;

    private async Task RecordAsync(Transaction tx, Id<PeriodEvent> id, PeriodEventKind kind, LocalDate through, string actor, string reason) =>
        await tx.ExecuteAsync(Record, new { id, kind = $"{kind}", through, actor, reason, now = clock.Now });

    /// <summary>Trace and book by one statement: the guards judge them together.</summary>
    private async Task MoveAsync(Transaction tx, Id<PeriodEvent> id, PeriodEventKind kind, LocalDate through, string actor) =>
        await tx.ExecuteAsync(
            $"""
            with happened as ({Record})
            update ledger.book set closed_through = @through where territory_id = @territory
            """, new { id, kind = $"{kind}", through, actor, reason = "", now = clock.Now });
}

/// <summary>What has become of a book's periods, for those who look.</summary>
public sealed class PeriodHistory(Database db)
{
    /// <summary>The last closed day of a book; null while none is.</summary>
    public async Task<LocalDate?> ClosedThroughAsync(TerritoryId territory, CancellationToken cancel = default) =>
        (await db.FindAsync<Book>(territory, "select closed_through from ledger.book where territory_id = @territory", cancel: cancel))?.ClosedThrough;

    /// <summary>What happened, newest first, at most <paramref name="limit"/> events.</summary>
    public Task<List<PeriodEvent>> ListAsync(TerritoryId territory, int limit = 200, CancellationToken cancel = default) =>
        db.ListAsync<PeriodEvent>(
            territory,
            """
            select position, id, kind, through, actor, reason, recorded_at
            from ledger.period_event where territory_id = @territory order by position desc limit @limit
            """, new { limit }, cancel);

    internal sealed record Book(LocalDate? ClosedThrough);
}
