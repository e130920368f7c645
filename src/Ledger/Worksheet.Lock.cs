using System.Globalization;
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

        // A hold that is authorised while we wait for locks is found on accounts we do not have: then we begin again.
        while (!await sheet.TryLockAsync(tx, [.. accountIds], [.. entryIds], [.. holdIds], [.. eventIds]))
        {
        }

        return sheet;
    }

    /// <summary>
    /// One round trip; false if it met a hold on accounts that are not locked. Each statement sees what is committed when
    /// it begins, so events come before the entries and holds they belong to: these are then seen too.
    /// </summary>
    private async Task<bool> TryLockAsync(Transaction tx, Guid[] accountIds, Guid[] entryIds, Guid[] holdIds, Guid[] eventIds)
    {
        var territory = tx.Territory.Value;
        await using var batch = new NpgsqlBatch(tx.Connection)
        {
            BatchCommands =
            {
                // Closing a period takes this lock alone; entries share it.
                Command("select pg_advisory_xact_lock_shared(1, $1)", territory),
                holdIds.Length == 0
                    ? Command(string.Format(CultureInfo.InvariantCulture, LockAccounts, "$2"), territory, accountIds)
                    : Command(string.Format(CultureInfo.InvariantCulture, LockAccounts, AndThoseOfHolds), territory, accountIds, holdIds),
                Command("select closed_through from ledger.book where territory_id = $1", territory),
                Command(
                    "select id, hold_id, kind, actor, memo from ledger.hold_event where territory_id = $1 and id = any($2)",
                    territory, eventIds),
                Command("select id, digest from ledger.journal_entry where territory_id = $1 and id = any($2)", territory, entryIds),
            },
        };
        if (holdIds.Length > 0)
        {
            batch.BatchCommands.Add(Command(
                """
                select id, payee_id, expires_at, digest, status from ledger.hold
                where territory_id = $1 and id = any($2) order by id for no key update
                """, territory, holdIds));
            batch.BatchCommands.Add(Command(
                """
                select hold_id, account_id, amount, captured, released from ledger.hold_line
                where territory_id = $1 and hold_id = any($2) order by hold_id, line
                """, territory, holdIds));
        }

        accounts.Clear();
        holds.Clear();
        entryDigests.Clear();
        knownEvents.Clear();
        await using var reader = await batch.ExecuteReaderAsync(tx.Cancel);
        await reader.NextResultAsync(tx.Cancel);
        await ReadAccountsAsync(reader, tx.Cancel);
        await reader.NextResultAsync(tx.Cancel);
        if (!await reader.ReadAsync(tx.Cancel)) throw new InvalidOperationException($"Territory {tx.Territory} has no book.");
        closedThrough = await reader.IsDBNullAsync(0, tx.Cancel) ? null : LocalDate.FromDateOnly(reader.GetFieldValue<DateOnly>(0));
        await reader.NextResultAsync(tx.Cancel);
        while (await reader.ReadAsync(tx.Cancel))
        {
            knownEvents.Add(reader.GetGuid(0), new(reader.GetGuid(1), reader.GetString(2), reader.GetString(3), reader.GetString(4)));
        }

        await reader.NextResultAsync(tx.Cancel);
        while (await reader.ReadAsync(tx.Cancel)) entryDigests.Add(reader.GetGuid(0), reader.GetFieldValue<byte[]>(1));
        return holdIds.Length == 0 || await ReadHoldsAsync(reader, tx.Cancel);
    }

    private const string LockAccounts =
        """
        select id, chart, kind, name, debits, credits, debits_held, holds_until, closed_at, movements
        from ledger.account where territory_id = $1 and id = any({0})
        order by id for no key update
        """;

    // A hold that is known already may sit on other accounts than a repeated call says; its lines never change.
    private const string AndThoseOfHolds =
        """
        array(select unnest($2)
              union select account_id from ledger.hold_line where territory_id = $1 and hold_id = any($3)
              union select payee_id from ledger.hold where territory_id = $1 and id = any($3))
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
