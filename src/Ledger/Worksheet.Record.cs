using System.Globalization;
using System.Text;
using Npgsql;

namespace Borsellino.Ledger;

internal sealed partial class Worksheet
{
    /// <summary>
    /// Writes what was decided, by one statement however long the list: the database's guards judge a statement as a
    /// whole, so that entries, postings and totals come together or not at all. Balances move by increments, one update
    /// for each account. As the transaction's last statement it is not sent yet: it travels with the commit.
    /// </summary>
    public async Task RecordAsync(Transaction tx, bool last)
    {
        var write = new Write();
        AddEntries(write);
        AddAccountChanges(write);
        AddHolds(write);
        AddEvents(write);
        if (write.Command(tx.Territory, now.ToDateTimeUtc()) is not { } command) return;
        if (last)
        {
            tx.Last(command);
            return;
        }

        var (batch, _) = tx.Batch();
        await using var disposing = batch;
        batch.BatchCommands.Add(command);
        await batch.ExecuteNonQueryAsync(tx.Cancel);
    }

    private void AddEntries(Write write)
    {
        if (entries.Count == 0) return;
        write.Add(
            """
            insert into ledger.journal_entry
                (territory_id, id, kind, reference, effective_on, recorded_at, actor, memo, lines, reverses, digest)
            select $1, e.id, e.kind, e.reference, e.effective_on, $2, e.actor, e.memo, e.lines, e.reverses, e.digest
            from {rows} e(id, kind, reference, effective_on, actor, memo, lines, reverses, digest)
            """,
            ("uuid", Column(entries, e => e.Entry.Id.Value)), ("text", Column(entries, e => e.Entry.Kind)),
            ("text", Column(entries, e => e.Entry.Reference)), ("date", Column(entries, e => e.Entry.EffectiveOn.ToDateOnly())),
            ("text", Column(entries, e => e.Entry.Actor)), ("text", Column(entries, e => e.Entry.Memo)),
            ("smallint", Column(entries, e => e.Lines)), ("uuid", Column(entries, e => e.Entry.Reverses?.Value)),
            ("bytea", Column(entries, e => e.Digest)));
        write.Add(
            """
            insert into ledger.posting
                (territory_id, entry_id, line, lines, account_id, debit, credit, effective_on, position, debits_after, credits_after)
            select $1, p.* from {rows} p
            """,
            ("uuid", Column(postings, p => p.Entry.Id.Value)), ("smallint", Column(postings, p => p.Line)),
            ("smallint", Column(postings, p => p.Lines)), ("uuid", Column(postings, p => p.Leg.Account.Value)),
            ("bigint", Column(postings, p => p.Leg.Debit.Cents)), ("bigint", Column(postings, p => p.Leg.Credit.Cents)),
            ("date", Column(postings, p => p.Entry.EffectiveOn.ToDateOnly())), ("bigint", Column(postings, p => p.Position)),
            ("bigint", Column(postings, p => p.DebitsAfter.Cents)), ("bigint", Column(postings, p => p.CreditsAfter.Cents)));
    }

    private void AddAccountChanges(Write write)
    {
        var changed = accounts.Values.Where(a => a.Changed).ToList();
        if (changed.Count == 0) return;
        write.Add(
            """
            update ledger.account a
            set debits = a.debits + c.debits, credits = a.credits + c.credits, debits_held = a.debits_held + c.held,
                movements = a.movements + c.movements
            from {rows} c(id, debits, credits, held, movements)
            where a.territory_id = $1 and a.id = c.id
            """,
            ("uuid", Column(changed, a => a.Id.Value)), ("bigint", Column(changed, a => a.AddedDebits.Cents)),
            ("bigint", Column(changed, a => a.AddedCredits.Cents)), ("bigint", Column(changed, a => a.AddedHeld.Cents)),
            ("bigint", Column(changed, a => a.AddedMovements)));
    }

    /// <summary>A hold that was made and closed by the same list is written as it is at the end.</summary>
    private void AddHolds(Write write)
    {
        var made = holds.Values.Where(h => h.New is not null).ToList();
        if (made.Count > 0)
        {
            write.Add(
                """
                insert into ledger.hold
                    (territory_id, id, payee_id, reference, status, authorised_at, expires_at, closed_at, actor, memo, lines, digest)
                select $1, h.id, h.payee, h.reference, h.status, $2, h.expires_at, case when h.status <> 'Open' then $2 end,
                       h.actor, h.memo, h.lines, h.digest
                from {rows} h(id, payee, reference, status, expires_at, actor, memo, lines, digest)
                """,
                ("uuid", Column(made, h => h.Id.Value)), ("uuid", Column(made, h => h.Payee.Value)),
                ("text", Column(made, h => h.New!.Reference)), ("text", Column(made, h => h.Status.ToString())),
                ("timestamptz", Column(made, h => h.ExpiresAt.ToDateTimeUtc())), ("text", Column(made, h => h.New!.Actor)),
                ("text", Column(made, h => h.New!.Memo)), ("smallint", Column(made, h => (short)h.Lines.Count)),
                ("bytea", Column(made, h => h.Digest)));
            var lines = made
                .SelectMany(h => h.Lines.Select((line, i) => (h.Id, Number: (short)(i + 1), Lines: (short)h.Lines.Count, line)))
                .ToList();
            write.Add(
                """
                insert into ledger.hold_line (territory_id, hold_id, line, lines, account_id, amount, captured, released)
                select $1, l.* from {rows} l
                """,
                ("uuid", Column(lines, l => l.Id.Value)), ("smallint", Column(lines, l => l.Number)),
                ("smallint", Column(lines, l => l.Lines)), ("uuid", Column(lines, l => l.line.Account.Value)),
                ("bigint", Column(lines, l => l.line.Amount.Cents)), ("bigint", Column(lines, l => l.line.Captured.Cents)),
                ("bigint", Column(lines, l => l.line.Released.Cents)));
        }

        var known = holds.Values.Where(h => h.New is null).ToList();
        var moved = known
            .SelectMany(h => h.Lines.Select((line, i) => (h.Id, Number: (short)(i + 1), line)))
            .Where(l => l.line.Captured != l.line.CapturedBefore || l.line.Released != l.line.ReleasedBefore)
            .ToList();
        if (moved.Count > 0)
        {
            write.Add(
                """
                update ledger.hold_line l
                set captured = l.captured + m.captured, released = l.released + m.released
                from {rows} m(hold_id, line, captured, released)
                where l.territory_id = $1 and l.hold_id = m.hold_id and l.line = m.line
                """,
                ("uuid", Column(moved, m => m.Id.Value)), ("smallint", Column(moved, m => m.Number)),
                ("bigint", Column(moved, m => (m.line.Captured - m.line.CapturedBefore).Cents)),
                ("bigint", Column(moved, m => (m.line.Released - m.line.ReleasedBefore).Cents)));
        }

        var closed = known.Where(h => h.Status != h.StatusBefore).ToList();
        if (closed.Count > 0)
        {
            write.Add(
                """
                update ledger.hold h set status = c.status, closed_at = $2
                from {rows} c(id, status)
                where h.territory_id = $1 and h.id = c.id
                """,
                ("uuid", Column(closed, h => h.Id.Value)), ("text", Column(closed, h => h.Status.ToString())));
        }
    }

    private void AddEvents(Write write)
    {
        if (events.Count == 0) return;
        write.Add(
            """
            insert into ledger.hold_event (territory_id, id, hold_id, kind, recorded_at, actor, memo, entry_id)
            select $1, e.id, e.hold_id, e.kind, $2, e.actor, e.memo, e.entry_id
            from {rows} e(id, hold_id, kind, actor, memo, entry_id)
            """,
            ("uuid", Column(events, e => e.Id)), ("uuid", Column(events, e => e.Hold.Id.Value)), ("text", Column(events, e => e.Kind)),
            ("text", Column(events, e => e.Actor)), ("text", Column(events, e => e.Memo)), ("uuid", Column(events, e => e.EntryId)));
        var moves = events.SelectMany(e => e.Moves.Select(m => (Event: e, Number: (short)(e.Hold.Lines.IndexOf(m.Line) + 1), Move: m))).ToList();
        if (moves.Count == 0) return;
        write.Add(
            """
            insert into ledger.hold_event_line (territory_id, event_id, hold_id, line, captured, released)
            select $1, m.* from {rows} m
            """,
            ("uuid", Column(moves, m => m.Event.Id)), ("uuid", Column(moves, m => m.Event.Hold.Id.Value)),
            ("smallint", Column(moves, m => m.Number)), ("bigint", Column(moves, m => m.Move.Captured.Cents)),
            ("bigint", Column(moves, m => m.Move.Released.Cents)));
    }

    private static TColumn[] Column<TRow, TColumn>(List<TRow> rows, Func<TRow, TColumn> cell)
    {
        var column = new TColumn[rows.Count];
        for (var i = 0; i < column.Length; i++) column[i] = cell(rows[i]);
        return column;
    }

    /// <summary>
    /// One statement made of parts (<c>with w1 as (insert …), w2 as (update …) select</c>): they see the same snapshot
    /// and not each other. <c>$1</c> is the territory, <c>$2</c> the instant, <c>{rows}</c> the part's own columns.
    /// </summary>
    private sealed class Write
    {
        private readonly StringBuilder text = new();
        private readonly List<object> values = [];
        private int parts;

        public void Add(string sql, params ReadOnlySpan<(string Type, object Values)> columns)
        {
            var rows = new StringBuilder("unnest(");
            foreach (var (type, column) in columns)
            {
                values.Add(column);
                rows.Append(CultureInfo.InvariantCulture, $"${values.Count + 2}::{type}[], ");
            }

            rows.Length -= 2;
            rows.Append(')');
            text.Append(CultureInfo.InvariantCulture, $"{(parts++ == 0 ? "with" : ",")} w{parts} as (\n");
            text.Append(sql.Replace("{rows}", rows.ToString(), StringComparison.Ordinal)).Append("\n)");
        }

        /// <summary>The statement, or null if it has no part.</summary>
        public NpgsqlBatchCommand? Command(TerritoryId territory, DateTime now)
        {
            if (parts == 0) return null;
            var command = new NpgsqlBatchCommand(text.Append("\nselect").ToString());
            command.Parameters.Add(new() { Value = territory.Value });
            command.Parameters.Add(new() { Value = now });
            foreach (var value in values) command.Parameters.Add(new() { Value = value });
            return command;
        }
    }
}
