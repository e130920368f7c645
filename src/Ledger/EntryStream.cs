using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using NodaTime;

namespace Borsellino.Ledger;

/// <summary>
/// How far a reader has come in the stream of one book: the entry it read last, and that entry's transaction. Its text is
/// all that a reader outside must keep.
/// </summary>
public sealed record StreamPlace(ulong Transaction, Id<JournalEntry> Entry) : IParsable<StreamPlace>
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Transaction}-{Entry.Value:N}");

    static StreamPlace IParsable<StreamPlace>.Parse(string s, IFormatProvider? provider) => Parse(s);

    public static StreamPlace Parse(string s) =>
        TryParse(s, null, out var place) ? place : throw new FormatException($"Not a place in the stream: {s}");

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out StreamPlace result)
    {
        result = null;
        var halves = s?.Split('-') ?? [];
        if (halves.Length != 2 || !ulong.TryParse(halves[0], NumberStyles.None, CultureInfo.InvariantCulture, out var transaction)) return false;
        if (halves[1].Length != 32 || !Guid.TryParseExact(halves[1], "N", out var entry)) return false;
        result = new(transaction, new(entry));
        return true;
    }
}

/// <summary>A journal entry as readers of the stream get it, with its legs in order.</summary>
public sealed record StreamedEntry(
    Id<JournalEntry> Id, string Kind, string Reference, LocalDate EffectiveOn, Instant RecordedAt, string Actor, string Memo,
    Id<JournalEntry>? Reverses, IReadOnlyList<Posting> Postings, StreamPlace Place);

/// <summary>
/// Every entry of a book as an event, for those who follow it: read, do, keep the last place, read on from there. The
/// order is that of transactions and ids. It is not quite that of commits, so an entry is handed out only when no older
/// transaction runs any more: what comes later in time comes later in the stream, nothing is skipped and nothing repeated.
/// </summary>
/// <remarks>
/// A transaction that writes and stays open, anywhere on the server, holds the end of the stream back, never the writers.
/// A book restored from a dump begins new transaction numbers: readers then start again from the beginning, and the ids of
/// entries, which stay, tell them what they have done already.
/// </remarks>
public sealed class EntryStream(Database db)
{
    public const int LimitMax = 10_000;

    /// <summary>
    /// The next entries after a place, oldest first, at most <paramref name="limit"/>; from the beginning without one.
    /// None means that there is nothing to read yet. Throws for a limit below 1 or above 10,000.
    /// </summary>
    public async Task<IReadOnlyList<StreamedEntry>> AfterAsync(
        TerritoryId territory, StreamPlace? after = null, int limit = 1000, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, LimitMax);
        var place = after ?? new(0, default);
        var legs = await db.ListAsync<Leg>(
            territory,
            """
            select e.recorded_tx::text as transaction, e.id, e.kind, e.reference, e.effective_on, e.recorded_at, e.actor, e.memo, e.reverses,
                   p.account_id, p.debit, p.credit
            from (select * from ledger.journal_entry
                  where territory_id = @territory and (recorded_tx, id) > (@transaction::xid8, @entry)
                    and recorded_tx < pg_snapshot_xmin(pg_current_snapshot())
                  order by recorded_tx, id limit @limit) e
            join ledger.posting p on p.territory_id = @territory and p.entry_id = e.id
            order by e.recorded_tx, e.id, p.line
            """,
            new { transaction = place.Transaction.ToString(CultureInfo.InvariantCulture), entry = place.Entry.Value, limit }, cancel);
        return [.. legs.GroupBy(l => l.Id).Select(of => of.First().Entry([.. of.Select(l => new Posting(l.AccountId, l.Debit, l.Credit))]))];
    }

    private sealed record Leg(
        string Transaction, Id<JournalEntry> Id, string Kind, string Reference, LocalDate EffectiveOn, Instant RecordedAt, string Actor,
        string Memo, Id<JournalEntry>? Reverses, Id<Account> AccountId, Money Debit, Money Credit)
    {
        public StreamedEntry Entry(IReadOnlyList<Posting> postings) => new(
            Id, Kind, Reference, EffectiveOn, RecordedAt, Actor, Memo, Reverses, postings,
            new(ulong.Parse(Transaction, CultureInfo.InvariantCulture), Id));
    }
}
