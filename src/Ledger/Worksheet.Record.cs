using Npgsql;

namespace Borsellino.Ledger;

internal sealed partial class Worksheet
{
    /// <summary>
    /// Writes what was decided: at most nine statements in one round trip, however long the list. Balances move by
    /// increments, one update for each account.
    /// </summary>
    public async Task RecordAsync(Transaction tx)
    {
        await using var batch = new NpgsqlBatch(tx.Connection);
        var territory = tx.Territory.Value;
        AddEntries(batch, territory);
        AddAccountChanges(batch, territory);
        AddHolds(batch, territory);
        AddEvents(batch, territory);
        if (batch.BatchCommands.Count > 0) await batch.ExecuteNonQueryAsync(tx.Cancel);
    }

    private void AddEntries(NpgsqlBatch batch, int territory)
    {
        if (entries.Count == 0) return;
        batch.BatchCommands.Add(Command(
            """
            insert into ledger.journal_entry
                (territory_id, id, kind, reference, effective_on, recorded_at, actor, memo, lines, reverses, digest)
            select $1, e.id, e.kind, e.reference, e.effective_on, $2, e.actor, e.memo, e.lines, e.reverses, e.digest
            from unnest($3::uuid[], $4::text[], $5::text[], $6::date[], $7::text[], $8::text[], $9::smallint[], $10::uuid[], $11::bytea[])
                e(id, kind, reference, effective_on, actor, memo, lines, reverses, digest)
            """,
            territory, now.ToDateTimeUtc(),
            Column(entries, e => e.Entry.Id.Value), Column(entries, e => e.Entry.Kind), Column(entries, e => e.Entry.Reference),
            Column(entries, e => e.Entry.EffectiveOn.ToDateOnly()), Column(entries, e => e.Entry.Actor),
            Column(entries, e => e.Entry.Memo), Column(entries, e => e.Lines), Column(entries, e => e.Entry.Reverses?.Value),
            Column(entries, e => e.Digest)));
        batch.BatchCommands.Add(Command(
            """
            insert into ledger.posting
                (territory_id, entry_id, line, lines, account_id, debit, credit, effective_on, position, debits_after, credits_after)
            select $1, * from unnest($2::uuid[], $3::smallint[], $4::smallint[], $5::uuid[], $6::bigint[], $7::bigint[], $8::date[],
                                     $9::bigint[], $10::bigint[], $11::bigint[])
            """,
            territory,
            Column(postings, p => p.Entry.Id.Value), Column(postings, p => p.Line), Column(postings, p => p.Lines),
            Column(postings, p => p.Leg.Account.Value), Column(postings, p => p.Leg.Debit.Cents), Column(postings, p => p.Leg.Credit.Cents),
            Column(postings, p => p.Entry.EffectiveOn.ToDateOnly()), Column(postings, p => p.Position),
            Column(postings, p => p.DebitsAfter.Cents), Column(postings, p => p.CreditsAfter.Cents)));
    }

    private void AddAccountChanges(NpgsqlBatch batch, int territory)
    {
        var changed = accounts.Values.Where(a => a.Changed).ToList();
        if (changed.Count == 0) return;
        batch.BatchCommands.Add(Command(
            """
            update ledger.account a
            set debits = a.debits + c.debits, credits = a.credits + c.credits, debits_held = a.debits_held + c.held,
                movements = a.movements + c.movements
            from unnest($2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[]) c(id, debits, credits, held, movements)
            where a.territory_id = $1 and a.id = c.id
            """,
            territory, Column(changed, a => a.Id.Value), Column(changed, a => a.AddedDebits.Cents),
            Column(changed, a => a.AddedCredits.Cents), Column(changed, a => a.AddedHeld.Cents), Column(changed, a => a.AddedMovements)));
    }

    private void AddHolds(NpgsqlBatch batch, int territory)
    {
        var made = holds.Values.Where(h => h.New is not null).ToList();
        if (made.Count > 0)
        {
            batch.BatchCommands.Add(Command(
                """
                insert into ledger.hold
                    (territory_id, id, payee_id, reference, status, authorised_at, expires_at, actor, memo, lines, digest)
                select $1, h.id, h.payee, h.reference, 'Open', $2, h.expires_at, h.actor, h.memo, h.lines, h.digest
                from unnest($3::uuid[], $4::uuid[], $5::text[], $6::timestamptz[], $7::text[], $8::text[], $9::smallint[], $10::bytea[])
                    h(id, payee, reference, expires_at, actor, memo, lines, digest)
                """,
                territory, now.ToDateTimeUtc(), Column(made, h => h.Id.Value), Column(made, h => h.Payee.Value),
                Column(made, h => h.New!.Reference), Column(made, h => h.ExpiresAt.ToDateTimeUtc()), Column(made, h => h.New!.Actor),
                Column(made, h => h.New!.Memo), Column(made, h => (short)h.Lines.Count), Column(made, h => h.Digest)));
            var lines = made
                .SelectMany(h => h.Lines.Select((line, i) => (h.Id, Number: (short)(i + 1), Lines: (short)h.Lines.Count, line)))
                .ToList();
            batch.BatchCommands.Add(Command(
                """
                insert into ledger.hold_line (territory_id, hold_id, line, lines, account_id, amount)
                select $1, * from unnest($2::uuid[], $3::smallint[], $4::smallint[], $5::uuid[], $6::bigint[])
                """,
                territory, Column(lines, l => l.Id.Value), Column(lines, l => l.Number), Column(lines, l => l.Lines),
                Column(lines, l => l.line.Account.Value), Column(lines, l => l.line.Amount.Cents)));
        }

        var moved = holds.Values
            .SelectMany(h => h.Lines.Select((line, i) => (h.Id, Number: (short)(i + 1), line)))
            .Where(l => l.line.Captured != l.line.CapturedBefore || l.line.Released != l.line.ReleasedBefore)
            .ToList();
        if (moved.Count > 0)
        {
            batch.BatchCommands.Add(Command(
                """
                update ledger.hold_line l
                set captured = l.captured + m.captured, released = l.released + m.released
                from unnest($2::uuid[], $3::smallint[], $4::bigint[], $5::bigint[]) m(hold_id, line, captured, released)
                where l.territory_id = $1 and l.hold_id = m.hold_id and l.line = m.line
                """,
                territory, Column(moved, m => m.Id.Value), Column(moved, m => m.Number),
                Column(moved, m => (m.line.Captured - m.line.CapturedBefore).Cents),
                Column(moved, m => (m.line.Released - m.line.ReleasedBefore).Cents)));
        }

        var closed = holds.Values.Where(h => h.Status != h.StatusBefore).ToList();
        if (closed.Count > 0)
        {
            batch.BatchCommands.Add(Command(
                """
                update ledger.hold h set status = c.status, closed_at = $2
                from unnest($3::uuid[], $4::text[]) c(id, status)
                where h.territory_id = $1 and h.id = c.id
                """,
                territory, now.ToDateTimeUtc(), Column(closed, h => h.Id.Value), Column(closed, h => h.Status.ToString())));
        }
    }

    private void AddEvents(NpgsqlBatch batch, int territory)
    {
        if (events.Count == 0) return;
        batch.BatchCommands.Add(Command(
            """
            insert into ledger.hold_event (territory_id, id, hold_id, kind, recorded_at, actor, memo, entry_id)
            select $1, e.id, e.hold_id, e.kind, $2, e.actor, e.memo, e.entry_id
            from unnest($3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::uuid[]) e(id, hold_id, kind, actor, memo, entry_id)
            """,
            territory, now.ToDateTimeUtc(), Column(events, e => e.Id), Column(events, e => e.Hold.Id.Value), Column(events, e => e.Kind),
            Column(events, e => e.Actor), Column(events, e => e.Memo), Column(events, e => e.EntryId)));
        var moves = events.SelectMany(e => e.Moves.Select(m => (Event: e, Number: (short)(e.Hold.Lines.IndexOf(m.Line) + 1), Move: m))).ToList();
        if (moves.Count == 0) return;
        batch.BatchCommands.Add(Command(
            """
            insert into ledger.hold_event_line (territory_id, event_id, hold_id, line, captured, released)
            select $1, * from unnest($2::uuid[], $3::uuid[], $4::smallint[], $5::bigint[], $6::bigint[])
            """,
            territory, Column(moves, m => m.Event.Id), Column(moves, m => m.Event.Hold.Id.Value), Column(moves, m => m.Number),
            Column(moves, m => m.Move.Captured.Cents), Column(moves, m => m.Move.Released.Cents)));
    }

    private static TColumn[] Column<TRow, TColumn>(List<TRow> rows, Func<TRow, TColumn> cell)
    {
        var column = new TColumn[rows.Count];
        for (var i = 0; i < column.Length; i++) column[i] = cell(rows[i]);
        return column;
    }
}
