using Npgsql;

namespace Borsellino.Benchmarks;

/// <summary>
/// What booking is held against: the same rows written to tables with the same columns and indexes by the same four transactions, statement
/// after statement as a program writes them, and nothing else. Nobody's place, money, accreditation or state is looked at; nothing is locked
/// before it is written, nothing checked by the database, no territory kept from another, and a second click books twice.
/// </summary>
internal sealed class PlainBookings(NpgsqlDataSource source) : IAsyncDisposable
{
    private static readonly string[] Tables =
    [
        "marketplace.booking", "marketplace.booking_line", "marketplace.booking_event", "marketplace.slot", "ledger.hold", "ledger.hold_line",
        "ledger.hold_event", "ledger.hold_event_line", "ledger.journal_entry", "ledger.posting", "ledger.account",
    ];

    public sealed record Asked(Guid Id, Guid Slot, Guid Offer, Guid Provider, Guid Payee, Guid Household, Guid Person, Guid Grant, Guid Account, Guid User);

    public static async Task<PlainBookings> PrepareAsync(BenchCluster cluster, int connections)
    {
        await cluster.ExecuteAsync("create schema plain");
        foreach (var table in Tables)
        {
            await cluster.ExecuteAsync($"create table plain.{table.Split('.')[1]} (like {table} including defaults including generated including indexes)");
        }

        await cluster.ExecuteAsync("insert into plain.account select * from ledger.account");
        return new(cluster.Connections(connections));
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();

    public Task RequestAsync(Asked a) => TransactAsync(
        ("update plain.account set debits_held = debits_held + 1800 where territory_id = 1 and id = $1", [a.Account]),
        ("insert into plain.hold values (1, $1, $2, $3, 'Open', now(), now() + interval '60 days', null, $4, $5, 1, sha256($3::bytea))", [a.Id, a.Payee, a.Id.ToString("N"), a.User.ToString("N"), "booking"]),
        ("insert into plain.hold_line values (1, $1, 1, 1, $2, 1800, 0, 0)", [a.Id, a.Account]),
        ("insert into plain.hold_event values (1, $1, $1, 'Authorised', now(), $2, $3, null)", [a.Id, a.User.ToString("N"), "booking"]),
        (
            """
            insert into plain.booking
                (territory_id, id, reference, slot_id, offer_id, provider_id, household_id, person_id, starts_at, ends_at, price, covered, copayment, hold_id,
                 status, requested_by, requested_at, answer_by, free_until, cancel_fee)
            values (1, $1, $2, $3, $4, $5, $6, $7, now() + interval '2 days', now() + interval '2 days 1 hour', 1800, 1800, 0, $1, 'Requested', $8, now(),
                    now() + interval '1 day', now() + interval '1 day', 0)
            """, [a.Id, a.Id.ToString("N")[^20..], a.Slot, a.Offer, a.Provider, a.Household, a.Person, a.User]),
        ("insert into plain.booking_line values (1, $1, 1, $2, 1800)", [a.Id, a.Grant]),
        ("update plain.slot set taken = taken + 1 where territory_id = 1 and id = $1", [a.Slot]),
        ("insert into plain.booking_event values (1, $1, 1, 'Requested', now(), $2, '')", [a.Id, a.User.ToString("N")]));

    public Task ConfirmAsync(Asked a) => TransactAsync(
        ("update plain.booking set status = 'Confirmed' where territory_id = 1 and id = $1", [a.Id]),
        ("insert into plain.booking_event values (1, $1, 2, 'Confirmed', now(), $2, '')", [a.Id, a.User.ToString("N")]));

    public Task DeliverAsync(Asked a) => TransactAsync(
        ("update plain.booking set status = 'Delivered', accept_by = now() + interval '2 days' where territory_id = 1 and id = $1", [a.Id]),
        ("insert into plain.booking_event values (1, $1, 3, 'Delivered', now(), $2, '')", [a.Id, a.User.ToString("N")]));

    public Task AcceptAsync(Asked a) => TransactAsync(
        ("update plain.account set debits = debits + 1800, debits_held = debits_held - 1800, movements = movements + 1 where territory_id = 1 and id = $1", [a.Account]),
        ("update plain.account set credits = credits + 1800, movements = movements + 1 where territory_id = 1 and id = $1", [a.Payee]),
        ("insert into plain.journal_entry (territory_id, id, kind, reference, effective_on, recorded_at, actor, memo, lines, digest) values (1, $1, 'delivered', $2, current_date, now(), $3, $4, 2, sha256($2::bytea))", [a.Id, a.Id.ToString("N"), a.User.ToString("N"), "booking"]),
        (
            """
            insert into plain.posting (territory_id, entry_id, line, account_id, debit, credit, position, debits_after, credits_after, effective_on, latest_before, recorded_on,
                                       recorded_before)
            select 1, $1, l, case l when 1 then $2 else $3 end, case l when 1 then 1800 else 0 end, case l when 1 then 0 else 1800 end,
                   (select movements from plain.account where territory_id = 1 and id = case l when 1 then $2 else $3 end), 0, 0, current_date, current_date, current_date, current_date
            from generate_series(1, 2) l
            """, [a.Id, a.Account, a.Payee]),
        ("update plain.hold set status = 'Captured', closed_at = now() where territory_id = 1 and id = $1", [a.Id]),
        ("update plain.hold_line set captured = 1800 where territory_id = 1 and hold_id = $1 and line = 1", [a.Id]),
        ("insert into plain.hold_event values (1, $1, $2, 'Captured', now(), $3, $4, $1)", [Guid.CreateVersion7(), a.Id, a.User.ToString("N"), "booking"]),
        ("insert into plain.hold_event_line values (1, $1, $2, 1, 1800, 0)", [Guid.CreateVersion7(), a.Id]),
        ("update plain.booking set status = 'Settled', settled = 1800, settlement_entry_id = $1 where territory_id = 1 and id = $1", [a.Id]),
        ("insert into plain.booking_event values (1, $1, 4, 'Accepted', now(), $2, '')", [a.Id, a.User.ToString("N")]),
        ("insert into plain.booking_event values (1, $1, 5, 'Settled', now(), $2, '')", [a.Id, a.User.ToString("N")]));

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
