using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace Borsellino.Ledger;

internal sealed partial class Worksheet
{
    /// <summary>
    /// Locks every account the instructions may touch, in id order and in a statement of its own, because a statement
    /// that waited for a lock still sees what was there before it waited. What the ids mean is read after that.
    /// </summary>
    public static async Task<Worksheet> LockAsync(
        Transaction tx, IReadOnlyList<Instruction> instructions, Instant now, ChartRules rules, bool alone)
    {
        var sheet = new Worksheet(instructions, now, rules);
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
        while (!await sheet.TryLockAsync(tx, alone, [.. accountIds.Order()], [.. entryIds], [.. holdIds.Order()], [.. eventIds]))
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
        var (batch, before) = await tx.BatchAsync(alone);
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
                select v.*
                from unnest($2) i(id)
                cross join lateral (
                    select id, hold_id, kind, actor, memo from ledger.hold_event where territory_id = $1 and id = i.id limit 1) v
                """, territory, eventIds));
        }

        batch.BatchCommands.Add(Command(
            """
            select b.closed_through, b.sealed_through, e.*
            from ledger.book b
            left join (
                select e.*
                from unnest($2) i(id)
                cross join lateral (
                    select id, digest from ledger.journal_entry where territory_id = $1 and id = i.id limit 1) e) e on true
            where b.territory_id = $1
            """, territory, entryIds));
        if (holdIds.Length > 0)
        {
            batch.BatchCommands.Add(Command(
                """
                select h.*
                from unnest($2) i(id)
                cross join lateral (
                    select id, payee_id, expires_at, digest, status from ledger.hold
                    where territory_id = $1 and id = i.id for no key update) h
                """, territory, holdIds));
            batch.BatchCommands.Add(Command(
                """
                select l.*
                from unnest($2) i(id)
                cross join lateral (
                    select hold_id, account_id, amount, captured, released from ledger.hold_line
                    where territory_id = $1 and hold_id = i.id order by line limit 1000) l
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
        closedThrough = DayOrNull(reader, 0);
        sealedThrough = DayOrNull(reader, 1);
        do
        {
            if (!reader.IsDBNull(2)) entryDigests.Add(reader.GetGuid(2), reader.GetFieldValue<byte[]>(3));
        }
        while (await reader.ReadAsync(tx.Cancel));

        recordedAt = RecordingTime();
        return holdIds.Length == 0 || await ReadHoldsAsync(reader, tx.Cancel);
    }

    // One look-up by key for each id, in the order of the array, whatever the planner thinks of the tables: a join could be
    // made by reading all accounts, and "= any" by comparing every row with every id.
    private const string LockAccounts =
        $"""
        select a.* from unnest($2) i(id) cross join lateral ({LockAccount}) a
        """;

    // A hold that is known already may sit on other accounts than a repeated call says; its lines never change.
    private const string LockAccountsAndThoseOfHolds =
        $"""
        select a.*
        from (
            select unnest($2)
            union
            select l.account_id from unnest($3) i(id)
            cross join lateral (
                select account_id from ledger.hold_line where territory_id = $1 and hold_id = i.id order by line limit 1000) l
            union
            select h.payee_id from unnest($3) i(id)
            cross join lateral (select payee_id from ledger.hold where territory_id = $1 and id = i.id limit 1) h
            order by 1) i(id)
        cross join lateral ({LockAccount}) a
        """;

    private const string LockAccount =
        """
        select id, chart, kind, debits, credits, debits_held, movements, latest_on, recorded_on, holds_until, closed_at, ctid
        from ledger.account where territory_id = $1 and id = i.id for no key update
        """;

    private async Task ReadAccountsAsync(NpgsqlDataReader reader, CancellationToken cancel)
    {
        while (await reader.ReadAsync(cancel))
        {
            var before = new AccountState(
                new(reader.GetInt64(3)), new(reader.GetInt64(4)), new(reader.GetInt64(5)), reader.GetInt64(6),
                reader.GetFieldValue<DateOnly>(7));
            var account = new AccountRow(
                new(reader.GetGuid(0)), reader.GetString(1), Enum.Parse<AccountKind>(reader.GetString(2)), before,
                reader.GetFieldValue<DateOnly>(8), InstantOrNull(reader, 9), !reader.IsDBNull(10), reader.GetFieldValue<NpgsqlTid>(11));
            accounts.Add(account.Id, account);
        }
    }

    /// <summary>
    /// The instant that is recorded: now, but never before the day of what an account has already or of a sealed day. A
    /// clock that was set back, or a list that waited over midnight, must not bring the book out of order.
    /// </summary>
    private Instant RecordingTime()
    {
        var day = sealedThrough?.PlusDays(1) ?? LocalDate.MinIsoValue;
        foreach (var account in accounts.Values)
        {
            if (account.RecordedOn > DateOnly.MinValue) day = LocalDate.Max(day, LocalDate.FromDateOnly(account.RecordedOn));
        }

        return now.InZone(ClockExtensions.Rome).Date >= day ? now : day.StartOfDayInRome();
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

    private static LocalDate? DayOrNull(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : LocalDate.FromDateOnly(reader.GetFieldValue<DateOnly>(column));

    private static Instant? InstantOrNull(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : Instant.FromDateTimeUtc(reader.GetDateTime(column));

    private static NpgsqlBatchCommand Command(string sql, params object[] parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in parameters) command.Parameters.Add(new() { Value = value });
        return command;
    }
}
