using System.Globalization;
using System.Runtime.InteropServices;
using Npgsql;
using NpgsqlTypes;

namespace Borsellino.Ledger;

internal sealed partial class Worksheet
{
    private const string RecordEntries =
        "select ledger.record($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25,$26,"
        + "$27,$28,$29,$30,$31,$32,$33,$34,$35";

    private const string RecordAll =
        RecordEntries + ",$36,$37,$38,$39,$40,$41,$42,$43,$44,$45,$46,$47,$48,$49,$50,$51,$52,$53,$54,$55,$56,$57,"
        + "$58,$59,$60,$61,$62,$63,$64,$65,$66,$67,$68)";

    /// <summary>
    /// Writes what was decided by one call of <c>ledger.record</c>, however long the list; it judges the list again and
    /// writes all of it or throws. As the transaction's last statement it is not sent yet: it travels with the commit.
    /// </summary>
    public async Task RecordAsync(Transaction tx, bool last)
    {
        if (entries.Count == 0 && events.Count == 0) return;
        var command = new NpgsqlBatchCommand(events.Count == 0 ? RecordEntries + ")" : RecordAll);
        Add(command, recordedAt.ToDateTimeUtc());
        var changed = accounts.Values.Where(a => a.Changed).ToList();
        var (charts, kinds) = (new Words(), new Words());
        var chartOf = Column(changed, a => charts.Number(a.Chart));
        var kindOf = Column(entries, e => kinds.Number(e.Entry.Kind));
        Add(command, charts.ToArray());
        Add(command, kinds.ToArray());
        AddAccounts(command, changed, chartOf);
        AddEntries(command, kindOf);
        if (events.Count > 0)
        {
            AddHolds(command);
            AddEvents(command);
        }

        if (last)
        {
            tx.Last(command);
            return;
        }

        var (batch, _) = await tx.BatchAsync();
        await using var disposing = batch;
        batch.BatchCommands.Add(command);
        await batch.ExecuteNonQueryAsync(tx.Cancel);
    }

    /// <summary>The accounts that change, as they were and as they will be; each gets its number and its place for postings.</summary>
    private static void AddAccounts(NpgsqlBatchCommand command, List<AccountRow> changed, int[] charts)
    {
        var place = 0;
        for (var i = 0; i < changed.Count; i++)
        {
            (changed[i].Number, changed[i].FirstPosting) = (i + 1, place);
            place += changed[i].NewPostings;
        }

        // As text, which the server reads: there is no binary form of such an array in the driver.
        var places = string.Create(CultureInfo.InvariantCulture, $"{{{string.Join(',', changed.Select(a => $"\"({a.Place.BlockNumber},{a.Place.OffsetNumber})\""))}}}");
        command.Parameters.Add(new() { Value = places, NpgsqlDbType = NpgsqlDbType.Unknown });
        Add(command, Column(changed, a => a.Id.Value));
        Add(command, charts);
        Add(command, Column(changed, a => a.Before.Debits.Cents));
        Add(command, Column(changed, a => a.Before.Credits.Cents));
        Add(command, Column(changed, a => a.Before.Held.Cents));
        Add(command, Column(changed, a => a.Before.Movements));
        Add(command, Column(changed, a => a.Before.LatestOn));
        Add(command, Column(changed, a => a.RecordedOn));
        Add(command, Column(changed, a => a.Debits.Cents));
        Add(command, Column(changed, a => a.Credits.Cents));
        Add(command, Column(changed, a => a.Held.Cents));
        Add(command, Column(changed, a => a.Movements));
        Add(command, Column(changed, a => a.LatestOn));
    }

    private void AddEntries(NpgsqlBatchCommand command, int[] kinds)
    {
        Add(command, Column(entries, e => e.Entry.Id.Value));
        Add(command, kinds);
        Add(command, Column(entries, e => e.Entry.Reference));
        Add(command, Column(entries, e => e.Entry.EffectiveOn.ToDateOnly()));
        Add(command, Column(entries, e => e.Entry.Actor));
        Add(command, Column(entries, e => e.Entry.Memo));
        Add(command, Column(entries, e => e.Lines));
        Add(command, Column(entries, e => e.Entry.Reverses?.Value));
        Add(command, Column(entries, e => e.Digest));

        // By account and position, as the door wants them: each posting's place follows from its position.
        var ordered = new PostingRow[postings.Count];
        foreach (var posting in postings)
        {
            ordered[posting.Account.FirstPosting + (int)(posting.Position - posting.Account.Before.Movements) - 1] = posting;
        }

        Add(command, Column(ordered, p => p.EntryNumber));
        Add(command, Column(ordered, p => p.Line));
        Add(command, Column(ordered, p => p.Account.Number));
        Add(command, Column(ordered, p => p.Leg.Debit.Cents));
        Add(command, Column(ordered, p => p.Leg.Credit.Cents));
        Add(command, Column(ordered, p => p.Position));
        Add(command, Column(ordered, p => p.DebitsAfter.Cents));
        Add(command, Column(ordered, p => p.CreditsAfter.Cents));
        Add(command, Column(ordered, p => p.LatestBefore));
    }

    /// <summary>A hold that was made and closed by the same list is written as it is at the end.</summary>
    private void AddHolds(NpgsqlBatchCommand command)
    {
        var made = holds.Values.Where(h => h.New is not null).ToList();
        Add(command, Column(made, h => h.Id.Value));
        Add(command, Column(made, h => h.Payee.Value));
        Add(command, Column(made, h => h.New!.Reference));
        Add(command, Column(made, h => h.Status.ToString()));
        Add(command, Column(made, h => h.ExpiresAt.ToDateTimeUtc()));
        Add(command, Column(made, h => h.New!.Actor));
        Add(command, Column(made, h => h.New!.Memo));
        Add(command, Column(made, h => (short)h.Lines.Count));
        Add(command, Column(made, h => h.Digest));

        var lines = made
            .SelectMany(h => h.Lines.Select((line, i) => (h.Id, Number: (short)(i + 1), Lines: (short)h.Lines.Count, Line: line)))
            .ToList();
        Add(command, Column(lines, l => l.Id.Value));
        Add(command, Column(lines, l => l.Number));
        Add(command, Column(lines, l => l.Lines));
        Add(command, Column(lines, l => l.Line.Account.Value));
        Add(command, Column(lines, l => l.Line.Amount.Cents));
        Add(command, Column(lines, l => l.Line.Captured.Cents));
        Add(command, Column(lines, l => l.Line.Released.Cents));

        var known = holds.Values.Where(h => h.New is null).ToList();
        var moved = known
            .SelectMany(h => h.Lines.Select((line, i) => (h.Id, Number: (short)(i + 1), Line: line)))
            .Where(l => l.Line.Captured != l.Line.CapturedBefore || l.Line.Released != l.Line.ReleasedBefore)
            .ToList();
        Add(command, Column(moved, m => m.Id.Value));
        Add(command, Column(moved, m => m.Number));
        Add(command, Column(moved, m => (m.Line.Captured - m.Line.CapturedBefore).Cents));
        Add(command, Column(moved, m => (m.Line.Released - m.Line.ReleasedBefore).Cents));

        var closed = known.Where(h => h.Status != h.StatusBefore).ToList();
        Add(command, Column(closed, h => h.Id.Value));
        Add(command, Column(closed, h => h.Status.ToString()));
    }

    private void AddEvents(NpgsqlBatchCommand command)
    {
        Add(command, Column(events, e => e.Id));
        Add(command, Column(events, e => e.Hold.Id.Value));
        Add(command, Column(events, e => e.Kind));
        Add(command, Column(events, e => e.Actor));
        Add(command, Column(events, e => e.Memo));
        Add(command, Column(events, e => e.EntryId));

        var moves = events
            .SelectMany(e => e.Moves.Select(m => (Event: e, Number: (short)(e.Hold.Lines.IndexOf(m.Line) + 1), Move: m)))
            .ToList();
        Add(command, Column(moves, m => m.Event.Id));
        Add(command, Column(moves, m => m.Event.Hold.Id.Value));
        Add(command, Column(moves, m => m.Number));
        Add(command, Column(moves, m => m.Move.Captured.Cents));
        Add(command, Column(moves, m => m.Move.Released.Cents));
    }

    /// <summary>The few different words that many rows say, each sent once and numbered from 1.</summary>
    private sealed class Words
    {
        private readonly Dictionary<string, int> numbers = new(StringComparer.Ordinal);

        public int Number(string word)
        {
            ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(numbers, word, out var isKnown);
            return isKnown ? number : number = numbers.Count;
        }

        public string[] ToArray() => [.. numbers.Keys];
    }

    private static void Add(NpgsqlBatchCommand command, object value) => command.Parameters.Add(new() { Value = value });

    private static TColumn[] Column<TRow, TColumn>(IReadOnlyList<TRow> rows, Func<TRow, TColumn> cell)
    {
        var column = new TColumn[rows.Count];
        for (var i = 0; i < column.Length; i++) column[i] = cell(rows[i]);
        return column;
    }
}
