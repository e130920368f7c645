using NodaTime;
using Npgsql;

namespace Borsellino.Ledger;

internal sealed partial class Worksheet
{
    /// <summary>
    /// Locks every account the instructions may touch, in id order and in a statement of its own, because a statement
    /// that waited for a lock still sees what was there before it waited. What the ids mean is read after that.
    /// </summary>
    public static async Task<Worksheet> LockAsync(Transaction tx, IReadOnlyList<Instruction> instructions, Instant now, bool alone)
    {
        var sheet = new Worksheet(now);
        var accountIds = new HashSet<Guid>();
        var holdIds = new HashSet<Guid>();
        var entryIds = new HashSet<Guid>();
        var eventIds = new HashSet<Guid>();
        foreach (var instruction in instructions)
        {
            switch (instruction)
            {
                case Instruction.Post { Entry: var entry }:
                    entryIds.Add(entry.Id.Value);
                    if (entry.Reverses is { } reversed) entryIds.Add(reversed.Value);
                    foreach (var t in entry.Transfers)
                    {
                        accountIds.Add(t.Debit.Value);
                        accountIds.Add(t.Credit.Value);
                    }

                    break;
                case Instruction.Authorise { Hold: var hold }:
                    holdIds.Add(hold.Id.Value);
                    eventIds.Add(hold.Id.Value);
                    accountIds.Add(hold.Payee.Value);
                    foreach (var line in hold.Lines) accountIds.Add(line.Account.Value);
                    break;
                case Instruction.Capture capture:
                    entryIds.Add(capture.EntryId.Value);
                    eventIds.Add(capture.EntryId.Value);
                    holdIds.Add(capture.HoldId.Value);
                    break;
                case Instruction.Void @void:
                    eventIds.Add(@void.EventId.Value);
                    holdIds.Add(@void.HoldId.Value);
                    break;
                case Instruction.Expire expire:
                    eventIds.Add(expire.EventId.Value);
                    holdIds.Add(expire.HoldId.Value);
                    break;
                default:
                    throw new InvalidOperationException($"Nothing is locked for {instruction.GetType().Name}.");
            }
        }

        // A hold that is authorised while we wait for locks is found on accounts we do not have: then we begin again.
        while (!await sheet.TryLockAsync(tx, alone, [.. accountIds], [.. entryIds], [.. holdIds], [.. eventIds]))
        {
        }

        return sheet;
    }

    /// <summary>
    /// One round trip; false if it met a hold on accounts that are not locked. Each statement sees what is committed when
    /// it begins, so events come before the entries and holds they belong to: these are then seen too.
    /// </summary>
    private async Task<bool> TryLockAsync(
        Transaction tx, bool alone, Guid[] accountIds, Guid[] entryIds, Guid[] holdIds, Guid[] eventIds)
    {
        var territory = tx.Territory.Value;
        var (batch, before) = tx.Batch(alone);
        await using var disposing = batch;
        // Closing a period takes this lock alone; entries share it.
        batch.BatchCommands.Add(Command("select pg_advisory_xact_lock_shared(1, $1)", territory));
        batch.BatchCommands.Add(holdIds.Length == 0
            ? Command(LockAccounts, territory, accountIds)
            : Command(LockAccountsAndThoseOfHolds, territory, accountIds, holdIds));
        if (eventIds.Length > 0)
        {
            batch.BatchCommands.Add(Command(
                """
                select v.id, v.hold_id, v.kind, v.actor, v.memo
                from unnest($2) i(id) join ledger.hold_event v on v.territory_id = $1 and v.id = i.id
                """, territory, eventIds));
        }

        batch.BatchCommands.Add(Command(
            """
            select b.closed_through, e.id, e.digest
            from ledger.book b
            left join (unnest($2) i(id) join ledger.journal_entry e on e.territory_id = $1 and e.id = i.id) on true
            where b.territory_id = $1
            """, territory, entryIds));
        if (holdIds.Length > 0)
        {
            batch.BatchCommands.Add(Command(
                """
                select h.id, h.payee_id, h.expires_at, h.digest, h.status
                from unnest($2) i(id) join ledger.hold h on h.territory_id = $1 and h.id = i.id
                order by h.id for no key update of h
                """, territory, holdIds));
            batch.BatchCommands.Add(Command(
                """
                select l.hold_id, l.account_id, l.amount, l.captured, l.released
                from unnest($2) i(id) join ledger.hold_line l on l.territory_id = $1 and l.hold_id = i.id
                order by l.hold_id, l.line
                """, territory, holdIds));
        }

        accounts.Clear();
        holds.Clear();
        entryDigests.Clear();
        knownEvents.Clear();
        await using var reader = await batch.ExecuteReaderAsync(tx.Cancel);
        for (var i = 0; i <= before; i++) await reader.NextResultAsync(tx.Cancel);
        await ReadAccountsAsync(reader, tx.Cancel);
        if (eventIds.Length > 0)
        {
            await reader.NextResultAsync(tx.Cancel);
            while (await reader.ReadAsync(tx.Cancel))
            {
                knownEvents.Add(reader.GetGuid(0), new(reader.GetGuid(1), reader.GetString(2), reader.GetString(3), reader.GetString(4)));
            }
        }

        await reader.NextResultAsync(tx.Cancel);
        if (!await reader.ReadAsync(tx.Cancel)) throw new InvalidOperationException($"Territory {tx.Territory} has no book.");
        closedThrough = reader.IsDBNull(0) ? null : LocalDate.FromDateOnly(reader.GetFieldValue<DateOnly>(0));
        do
        {
            if (!reader.IsDBNull(1)) entryDigests.Add(reader.GetGuid(1), reader.GetFieldValue<byte[]>(2));
        }
        while (await reader.ReadAsync(tx.Cancel));

        return holdIds.Length == 0 || await ReadHoldsAsync(reader, tx.Cancel);
    }

    // A join, never "= any": as a filter that compares every row with every id.
    private const string LockAccounts =
        """
        select a.id, a.chart, a.kind, a.name, a.debits, a.credits, a.debits_held, a.holds_until, a.closed_at, a.movements
        from unnest($2) i(id) join ledger.account a on a.territory_id = $1 and a.id = i.id
        order by a.id for no key update of a
        """;

    // A hold that is known already may sit on other accounts than a repeated call says; its lines never change.
    private const string LockAccountsAndThoseOfHolds =
        """
        select a.id, a.chart, a.kind, a.name, a.debits, a.credits, a.debits_held, a.holds_until, a.closed_at, a.movements
        from (
            select unnest($2)
            union select l.account_id from unnest($3) h(id) join ledger.hold_line l on l.territory_id = $1 and l.hold_id = h.id
            union select h.payee_id from unnest($3) i(id) join ledger.hold h on h.territory_id = $1 and h.id = i.id) i(id)
        join ledger.account a on a.territory_id = $1 and a.id = i.id
        order by a.id for no key update of a
        """;

    private async Task ReadAccountsAsync(NpgsqlDataReader reader, CancellationToken cancel)
    {
        while (await reader.ReadAsync(cancel))
        {
            var account = new Account(
                new(reader.GetGuid(0)), reader.GetString(1), Enum.Parse<AccountKind>(reader.GetString(2)), reader.GetString(3),
                new(reader.GetInt64(4)), new(reader.GetInt64(5)), new(reader.GetInt64(6)),
                InstantOrNull(reader, 7), InstantOrNull(reader, 8));
            accounts.Add(account.Id, new(account, reader.GetInt64(9)));
        }
    }

    private async Task<bool> ReadHoldsAsync(NpgsqlDataReader reader, CancellationToken cancel)
    {
        await reader.NextResultAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            var status = Enum.Parse<HoldStatus>(reader.GetString(4));
            var hold = new HoldRow(
                new(reader.GetGuid(0)), new(reader.GetGuid(1)), InstantOrNull(reader, 2)!.Value, reader.GetFieldValue<byte[]>(3), isNew: null)
            {
                Status = status,
                StatusBefore = status,
            };
            holds.Add(hold.Id, hold);
        }

        await reader.NextResultAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            if (!holds.TryGetValue(new(reader.GetGuid(0)), out var hold) || !accounts.ContainsKey(new(reader.GetGuid(1)))) return false;
            Money captured = new(reader.GetInt64(3)), released = new(reader.GetInt64(4));
            hold.Lines.Add(new(new(reader.GetGuid(1)), new(reader.GetInt64(2)))
            {
                Captured = captured,
                CapturedBefore = captured,
                Released = released,
                ReleasedBefore = released,
            });
        }

        return true;
    }

    private static Instant? InstantOrNull(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : Instant.FromDateTimeUtc(reader.GetDateTime(column));

    private static NpgsqlBatchCommand Command(string sql, params object[] parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in parameters) command.Parameters.Add(new() { Value = value });
        return command;
    }
}
