using Dapper;
using Npgsql;

namespace Borsellino.Tests.Ledger;

/// <summary>What the application's role may not do, and what it does not see.</summary>
public sealed class RoleTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> Forbidden =>
    [
        "create table ledger.own (n int)", "create table public.own (n int)", "create schema own", "create function ledger.own() returns int language sql as 'select 1'",
        "drop table ledger.posting", "drop schema ledger cascade", "drop trigger append_only on ledger.posting",
        "alter table ledger.posting disable trigger append_only", "alter table ledger.posting disable trigger all",
        "alter table ledger.posting disable row level security", "alter table ledger.account drop constraint account_not_overdrawn",
        "alter table ledger.posting owner to borsellino_app", "drop policy territory on ledger.account",
        "create policy all_of_it on ledger.account using (true)", "create rule nothing as on insert to ledger.posting do instead nothing",
        "set session_replication_role = replica", "alter role borsellino_app superuser", "alter role borsellino_app bypassrls",
        "create role other", "create or replace function ledger.append_only() returns trigger language plpgsql as 'begin return null; end'",
        "insert into ledger.chart (code, kind, position) values ('own', 'Asset', 999)", "update ledger.chart set kind = 'Income'", "delete from ledger.chart",
        "update ledger.account set kind = 'Expense'", "update ledger.account set name = 'other'", "update ledger.account set id = id",
        "insert into ledger.account (territory_id, id, chart, kind, name, opened_at, credits) values (1, gen_random_uuid(), 'grant', 'Liability', 'x', now(), 1)",
        "update ledger.hold set payee_id = payee_id", "update ledger.hold set expires_at = expires_at", "update ledger.hold_line set amount = amount",
        "delete from ledger.book", "update ledger.book set currency = 'EUR'", "select * from migration.applied",
    ];

    [Theory, MemberData(nameof(Forbidden))]
    public async Task The_application_has_no_right_to(string sql)
    {
        var book = await Book.OpenAsync(database);
        var error = await Assert.ThrowsAsync<PostgresException>(() => book.AsApplicationAsync(sql));
        Assert.Equal("42501", error.SqlState);
    }

    [Fact]
    public async Task The_applications_role_is_nobody_special_and_owns_nothing()
    {
        await using var connection = new NpgsqlConnection(database.OwnerConnection);
        var told = await connection.QuerySingleAsync<string>(
            """
            select concat_ws(' ', rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication,
                (select count(*) from pg_class where relowner = r.oid), (select count(*) from pg_proc where proowner = r.oid),
                (select count(*) from pg_namespace where nspowner = r.oid), (select count(*) from pg_database where datdba = r.oid),
                (select count(*) from pg_auth_members where member = r.oid))
            from pg_roles r where rolname = 'borsellino_app'
            """);
        Assert.Equal("f f f f f 0 0 0 0 0", told);
    }

    [Fact]
    public async Task Another_territorys_rows_are_not_seen_changed_or_inserted()
    {
        var (here, there) = (await Book.OpenAsync(database), await Book.OpenAsync(database));
        var (purse, shop) = (await there.PurseAsync(100), await there.AccountAsync("shop"));
        var hold = there.Hold(shop, (purse, 10));
        Assert.Null(await there.AuthoriseAsync(hold));
        Assert.Null(await there.VoidAsync(Book.Void(hold.Id)));

        string[] tables = ["account", "journal_entry", "posting", "hold", "hold_line", "hold_event", "hold_event_line"];
        foreach (var table in tables)
        {
            Assert.True(await CountAllAsync(there, table) > 0, table);
            Assert.Equal(0, await CountAllAsync(here, table));
        }

        await here.AsApplicationAsync($"update ledger.account set holds_until = now() where id = '{purse.Value}'");
        Assert.Null((await there.AccountOfAsync(purse)).HoldsUntil);
        foreach (var sql in (string[])
            [
                $"insert into ledger.account (territory_id, id, chart, kind, name, opened_at) values ({there.Territory}, gen_random_uuid(), 'grant', 'Liability', 'x', now())",
                $"insert into ledger.book (territory_id) values ({database.NewTerritory()})",
            ])
        {
            var error = await Assert.ThrowsAsync<PostgresException>(() => here.AsApplicationAsync(sql));
            Assert.Equal("42501", error.SqlState);
            Assert.Contains("row-level security", error.MessageText, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_connection_that_has_not_said_its_territory_gets_an_error_not_an_empty_answer()
    {
        var book = await Book.OpenAsync(database);
        await book.PurseAsync(1);
        await using var connection = new NpgsqlConnection(database.ApplicationConnection);
        await connection.OpenAsync(Cancel);
        // A connection that never said it, and one that said it in a transaction that has ended.
        await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync("select count(*) from ledger.account"));
        await connection.ExecuteAsync($"select set_config('app.territory', '{book.Territory}', true)");
        await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync("select count(*) from ledger.account"));
    }

    private static async Task<long> CountAllAsync(Book book, string table) =>
        (await book.Db.ListAsync<long>(book.Territory, $"select count(*) from ledger.{table}", cancel: Cancel))[0];
}
