using Borsellino.Ledger;
using Npgsql;

namespace Borsellino.Benchmarks;

/// <summary>
/// What booking is held against: the same rows written to tables with the same columns and indexes by the same four transactions, statement
/// after statement as a program writes them. Nobody's place, money, accreditation or state is looked at; nothing is locked before it is written,
/// no trigger judges, no territory is kept from another, and a second click books twice. What the keys and checks of the tables refuse is refused,
/// where they have them.
/// </summary>
internal sealed class PlainBookings(NpgsqlDataSource source) : IAsyncDisposable
{
    private static readonly string[] Tables =
    [
        "marketplace.booking", "marketplace.booking_line", "marketplace.booking_event", "marketplace.slot", "ledger.hold", "ledger.hold_line",
        "ledger.hold_event", "ledger.hold_event_line", "ledger.journal_entry", "ledger.posting", "ledger.account",
    ];

    public sealed record Asked(Guid Id, Guid Slot, Guid Offer, Guid Provider, Guid Payee, Guid Household, Guid Person, Guid Grant, Guid Account, Guid User);

    public static async Task<PlainBookings> PrepareAsync(BenchCluster cluster, string schema, bool withKeys, int connections)
    {
        await cluster.ExecuteAsync($"create schema {schema}");
        foreach (var table in Tables)
        {
            var checks = withKeys ? " including constraints" : "";
            await cluster.ExecuteAsync($"create table {schema}.{table.Split('.')[1]} (like {table} including defaults including generated including indexes{checks})");
        }

        if (withKeys) await cluster.ExecuteAsync(ForeignKeys(schema));
        await cluster.ExecuteAsync($"insert into {schema}.account select * from ledger.account");
        return new(cluster.Connections(connections, schema));
    }

    /// <summary>The tables' foreign keys, each to the copy of what it refers to, where there is one.</summary>
    private static string ForeignKeys(string schema) =>
        $"""
        do $$
        declare
            key record;
        begin
            for key in
                select t.relname, pg_get_constraintdef(c.oid) as definition
                from pg_constraint c join pg_class t on t.oid = c.conrelid
                where c.contype = 'f' and t.oid = any('{"{"}{string.Join(',', Tables)}{"}"}'::regclass[])
            loop
                execute format('alter table {schema}.%I add %s', key.relname, regexp_replace(
                    key.definition, 'REFERENCES (ledger|marketplace)\.({string.Join('|', Tables.Select(t => t.Split('.')[1]))})\(', 'REFERENCES {schema}.\2('));
            end loop;
        end $$
        """;

    /// <summary>The times that were published since the last call, with all their places.</summary>
    public async Task PublishAsync(TerritoryId territory)
    {
        await using var command = source.CreateCommand(
            """
            insert into slot
            select (jsonb_populate_record(s, '{"taken": 0}')).* from marketplace.slot s
            where s.territory_id = $1 and not exists (select from slot p where p.territory_id = s.territory_id and p.id = s.id)
            """);
        command.Parameters.Add(new() { Value = territory.Value });
        await command.ExecuteNonQueryAsync();
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();

    public Task RequestAsync(Asked a) => TransactAsync(
        ("update account set debits_held = debits_held + 1800 where territory_id = 1 and id = $1", [a.Account]),
        ("insert into hold values (1, $1, $2, $3, 'Open', now(), now() + interval '60 days', null, $4, $5, 1, sha256($3::bytea))", [a.Id, a.Payee, a.Id.ToString("N"), a.User.ToString("N"), "booking"]),
        ("insert into hold_line values (1, $1, 1, 1, $2, 1800, 0, 0)", [a.Id, a.Account]),
        ("insert into hold_event values (1, $1, $1, 'Authorised', now(), $2, $3, null)", [a.Id, a.User.ToString("N"), "booking"]),
        (
            """
            insert into booking
                (territory_id, id, reference, slot_id, offer_id, provider_id, household_id, person_id, starts_at, ends_at, price, covered, copayment, hold_id,
                 status, requested_by, requested_at, answer_by, free_until, cancel_fee)
            values (1, $1, $2, $3, $4, $5, $6, $7, now() + interval '2 days', now() + interval '2 days 1 hour', 1800, 1800, 0, $1, 'Requested', $8, now(),
                    now() + interval '1 day', now() + interval '1 day', 0)
            """, [a.Id, a.Id.ToString("N")[^20..], a.Slot, a.Offer, a.Provider, a.Household, a.Person, a.User]),
        ("insert into booking_line values (1, $1, 1, $2, 1800)", [a.Id, a.Grant]),
        ("update slot set taken = taken + 1 where territory_id = 1 and id = $1", [a.Slot]),
        ("insert into booking_event values (1, $1, 1, 'Requested', now(), $2, '')", [a.Id, a.User.ToString("N")]));

    public Task ConfirmAsync(Asked a) => TransactAsync(
        ("update booking set status = 'Confirmed' where territory_id = 1 and id = $1", [a.Id]),
        ("insert into booking_event values (1, $1, 2, 'Confirmed', now(), $2, '')", [a.Id, a.User.ToString("N")]));

    public Task DeliverAsync(Asked a) => TransactAsync(
        ("update booking set status = 'Delivered', accept_by = now() + interval '2 days' where territory_id = 1 and id = $1", [a.Id]),
        ("insert into booking_event values (1, $1, 3, 'Delivered', now(), $2, '')", [a.Id, a.User.ToString("N")]));

    public Task AcceptAsync(Asked a) => TransactAsync(
        ("update account set debits = debits + 1800, debits_held = debits_held - 1800, movements = movements + 1 where territory_id = 1 and id = $1", [a.Account]),
        ("update account set credits = credits + 1800, movements = movements + 1 where territory_id = 1 and id = $1", [a.Payee]),
        ("insert into journal_entry (territory_id, id, kind, reference, effective_on, recorded_at, actor, memo, lines, digest) values (1, $1, 'delivered', $2, current_date, now(), $3, $4, 2, sha256($2::bytea))", [a.Id, a.Id.ToString("N"), a.User.ToString("N"), "booking"]),
        (
            """
            insert into posting (territory_id, entry_id, line, account_id, debit, credit, position, debits_after, credits_after, effective_on, latest_before, recorded_on,
                                       recorded_before)
            select 1, $1, l, case l when 1 then $2 else $3 end, case l when 1 then 1800 else 0 end, case l when 1 then 0 else 1800 end,
                   (select movements from account where territory_id = 1 and id = case l when 1 then $2 else $3 end), 0, 0, current_date, current_date, current_date, current_date
            from generate_series(1, 2) l
            """, [a.Id, a.Account, a.Payee]),
        ("update hold set status = 'Captured', closed_at = now() where territory_id = 1 and id = $1", [a.Id]),
        ("update hold_line set captured = 1800 where territory_id = 1 and hold_id = $1 and line = 1", [a.Id]),
        ("insert into hold_event values (1, $1, $2, 'Captured', now(), $3, $4, $1)", [Guid.CreateVersion7(), a.Id, a.User.ToString("N"), "booking"]),
        ("insert into hold_event_line values (1, $1, $2, 1, 1800, 0)", [Guid.CreateVersion7(), a.Id]),
        ("update booking set status = 'Settled', settled = 1800, settlement_entry_id = $1 where territory_id = 1 and id = $1", [a.Id]),
        ("insert into booking_event values (1, $1, 4, 'Accepted', now(), $2, '')", [a.Id, a.User.ToString("N")]),
        ("insert into booking_event values (1, $1, 5, 'Settled', now(), $2, '')", [a.Id, a.User.ToString("N")]));

    private async Task TransactAsync(params (string Sql, object[] Values)[] statements)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        foreach (var (sql, values) in statements)
        {
            await using var command = new NpgsqlCommand(sql, connection, transaction);
            foreach (var value in values) command.Parameters.Add(new() { Value = value });
            if (await command.ExecuteNonQueryAsync() < 1) throw new InvalidOperationException($"Nothing was written: {sql}");
        }

        await transaction.CommitAsync();
    }
}
