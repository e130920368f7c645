using NodaTime;
using Npgsql;

namespace Borsellino.Ledger;

internal sealed partial class Worksheet
{
    /// <summary>
    /// Locks every account the instructions may touch, in id order and in a statement of its own, because a statement
    /// that waited for a lock still sees what was there before it waited. What the ids mean is read after that.
    /// </summary>
    public static async Task<Worksheet> LockAsync(Transaction tx, IReadOnlyList<Instruction> instructions, Instant now)
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

        // A hold that is known already may sit on other accounts than a repeated call says; its lines never change. One
        // that is authorised while we wait for locks is found on accounts we do not have: then we begin again.
        while (true)
        {
            if (holdIds.Count > 0) accountIds.UnionWith(await AccountsOfHoldsAsync(tx, holdIds));
            await sheet.LockAccountsAsync(tx, accountIds);
            if (await sheet.ReadKnownAsync(tx, entryIds, holdIds, eventIds)) return sheet;
        }
    }

    private static async Task<IEnumerable<Guid>> AccountsOfHoldsAsync(Transaction tx, HashSet<Guid> holdIds) =>
        await tx.ListAsync<Guid>(
            """
            select account_id from ledger.hold_line where territory_id = @territory and hold_id = any(@ids)
            union
            select payee_id from ledger.hold where territory_id = @territory and id = any(@ids)
            """, new { ids = holdIds.ToArray() });

    private async Task LockAccountsAsync(Transaction tx, HashSet<Guid> ids)
    {
        await using var batch = new NpgsqlBatch(tx.Connection)
        {
            BatchCommands =
            {
                // Closing a period takes this lock alone; entries share it.
                Command("select pg_advisory_xact_lock_shared(1, $1)", tx.Territory.Value),
                Command(
                    """
                    select id, chart, kind, name, debits, credits, debits_held, holds_until, closed_at, movements
                    from ledger.account where territory_id = $1 and id = any($2)
                    order by id for no key update
                    """, tx.Territory.Value, ids.ToArray()),
            },
        };
        accounts.Clear();
        await using var reader = await batch.ExecuteReaderAsync(tx.Cancel);
        await reader.NextResultAsync(tx.Cancel);
        while (await reader.ReadAsync(tx.Cancel))
        {
            var account = new Account(
                new(reader.GetGuid(0)), reader.GetString(1), Enum.Parse<AccountKind>(reader.GetString(2)), reader.GetString(3),
                new(reader.GetInt64(4)), new(reader.GetInt64(5)), new(reader.GetInt64(6)),
                InstantOrNull(reader, 7), InstantOrNull(reader, 8));
            accounts.Add(account.Id, new(account, reader.GetInt64(9)));
        }
    }

    /// <summary>
    /// Reads what the ids stand for; false if it met a hold on accounts that are not locked. Each statement sees what is
    /// committed when it begins, so events come before the entries and holds they belong to: these are then seen too.
    /// </summary>
    private async Task<bool> ReadKnownAsync(Transaction tx, HashSet<Guid> entryIds, HashSet<Guid> holdIds, HashSet<Guid> eventIds)
    {
        holds.Clear();
        entryDigests.Clear();
        knownEvents.Clear();
        await using var batch = new NpgsqlBatch(tx.Connection)
        {
            BatchCommands =
            {
                Command("select closed_through from ledger.book where territory_id = $1", tx.Territory.Value),
                Command(
                    "select id, hold_id, kind, actor, memo from ledger.hold_event where territory_id = $1 and id = any($2)",
                    tx.Territory.Value, eventIds.ToArray()),
                Command(
                    "select id, digest from ledger.journal_entry where territory_id = $1 and id = any($2)",
                    tx.Territory.Value, entryIds.ToArray()),
            },
        };
        if (holdIds.Count > 0)
        {
            batch.BatchCommands.Add(Command(
                """
                select id, payee_id, expires_at, digest, status from ledger.hold
                where territory_id = $1 and id = any($2) order by id for no key update
                """, tx.Territory.Value, holdIds.ToArray()));
            batch.BatchCommands.Add(Command(
                """
                select hold_id, account_id, amount, captured, released from ledger.hold_line
                where territory_id = $1 and hold_id = any($2) order by hold_id, line
                """, tx.Territory.Value, holdIds.ToArray()));
        }

        await using var reader = await batch.ExecuteReaderAsync(tx.Cancel);
        if (!await reader.ReadAsync(tx.Cancel)) throw new InvalidOperationException($"Territory {tx.Territory} has no book.");
        closedThrough = await reader.IsDBNullAsync(0, tx.Cancel) ? null : LocalDate.FromDateOnly(reader.GetFieldValue<DateOnly>(0));
        await reader.NextResultAsync(tx.Cancel);
        while (await reader.ReadAsync(tx.Cancel))
        {
            knownEvents.Add(reader.GetGuid(0), new(reader.GetGuid(1), reader.GetString(2), reader.GetString(3), reader.GetString(4)));
        }

        await reader.NextResultAsync(tx.Cancel);
        while (await reader.ReadAsync(tx.Cancel)) entryDigests.Add(reader.GetGuid(0), reader.GetFieldValue<byte[]>(1));
        if (holdIds.Count == 0) return true;

        await reader.NextResultAsync(tx.Cancel);
        while (await reader.ReadAsync(tx.Cancel))
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

        await reader.NextResultAsync(tx.Cancel);
        while (await reader.ReadAsync(tx.Cancel))
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
