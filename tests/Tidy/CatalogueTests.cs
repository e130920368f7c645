using Dapper;
using Npgsql;

namespace Borsellino.Tests.Tidy;

/// <summary>
/// What the catalogue says of our tables: each belongs to a territory by its keys, so that row-level security walls it
/// in and a cluster can be cut along it. The few that all territories share are named here.
/// </summary>
public sealed class CatalogueTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    /// <summary>
    /// Tables without a territory: the chart of accounts, its rules, the banks' holidays, how long groups wait and what the law asks of titles, the same for everybody and
    /// written by migrations only, and the list of the territories themselves.
    /// </summary>
    private static readonly string[] ReferenceTables = ["ledger.balance_rule", "ledger.chart", "ledger.chart_rule", "marketplace.bank_holiday", "marketplace.group_rule", "marketplace.territory", "marketplace.title_rule", "marketplace.fringe_threshold"];

    private async Task<List<T>> AskAsync<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(database.OwnerConnection);
        return (await connection.QueryAsync<T>(sql, new { reference = ReferenceTables })).AsList();
    }

    [Fact]
    public async Task Every_primary_key_begins_with_the_territory() => Assert.Empty(await AskAsync<string>(
        """
        select n.nspname || '.' || t.relname
        from pg_class t join pg_namespace n on n.oid = t.relnamespace
        left join pg_constraint c on c.conrelid = t.oid and c.contype = 'p'
        left join pg_attribute a on a.attrelid = t.oid and a.attnum = c.conkey[1]
        where n.nspname in ('ledger', 'marketplace') and t.relkind in ('r', 'p') and n.nspname || '.' || t.relname <> all (@reference)
          and a.attname is distinct from 'territory_id'
        """));

    [Fact]
    public async Task Every_unique_key_and_index_contains_the_territory() => Assert.Empty(await AskAsync<string>(
        """
        select i.relname
        from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class t on t.oid = x.indrelid
        join pg_namespace n on n.oid = t.relnamespace
        where n.nspname in ('ledger', 'marketplace') and x.indisunique and n.nspname || '.' || t.relname <> all (@reference)
          and not exists (select from pg_attribute a where a.attrelid = t.oid and a.attnum = any (x.indkey) and a.attname = 'territory_id')
        """));

    [Fact]
    public async Task Every_foreign_key_pairs_the_territories_unless_it_leads_to_a_reference_table() => Assert.Empty(await AskAsync<string>(
        """
        select c.conrelid::regclass || ' ' || c.conname
        from pg_constraint c join pg_class t on t.oid = c.conrelid join pg_namespace n on n.oid = t.relnamespace
        join pg_class f on f.oid = c.confrelid join pg_namespace fn on fn.oid = f.relnamespace
        where n.nspname in ('ledger', 'marketplace') and c.contype = 'f' and fn.nspname || '.' || f.relname <> all (@reference)
          and not exists (
              select from unnest(c.conkey, c.confkey) k(own, their)
              join pg_attribute o on o.attrelid = c.conrelid and o.attnum = k.own and o.attname = 'territory_id'
              join pg_attribute h on h.attrelid = c.confrelid and h.attnum = k.their and h.attname = 'territory_id')
        """));

    [Fact]
    public async Task Every_table_has_row_level_security_with_a_policy() => Assert.Empty(await AskAsync<string>(
        """
        select n.nspname || '.' || t.relname
        from pg_class t join pg_namespace n on n.oid = t.relnamespace
        where n.nspname in ('ledger', 'marketplace') and t.relkind in ('r', 'p') and n.nspname || '.' || t.relname <> all (@reference)
          and not (t.relrowsecurity and exists (select from pg_policy p where p.polrelid = t.oid))
        """));

    [Fact]
    public async Task The_application_deletes_and_truncates_nothing_in_the_ledger_and_writes_no_reference_table() => Assert.Empty(await AskAsync<string>(
        """
        select n.nspname || '.' || t.relname || ' ' || p
        from pg_class t join pg_namespace n on n.oid = t.relnamespace
        cross join unnest(array['delete', 'truncate', 'trigger', 'references', 'insert', 'update']) p
        where n.nspname in ('ledger', 'marketplace') and t.relkind in ('r', 'p') and has_table_privilege('borsellino_app', t.oid, p)
          and (p in ('trigger', 'truncate', 'references') or n.nspname = 'ledger' and p = 'delete'
               or n.nspname || '.' || t.relname in ('ledger.balance_rule', 'ledger.chart', 'ledger.chart_rule', 'marketplace.bank_holiday', 'marketplace.group_rule', 'marketplace.title_rule', 'marketplace.fringe_threshold') and p in ('insert', 'update', 'delete'))
        """));

    [Fact]
    public async Task The_tables_said_to_be_shared_exist() => Assert.Equal(ReferenceTables.Order(), (await AskAsync<string>(
        "select n.nspname || '.' || t.relname from pg_class t join pg_namespace n on n.oid = t.relnamespace where n.nspname || '.' || t.relname = any (@reference)")).Order());

    [Fact]
    public async Task Money_is_never_a_fraction_and_time_always_has_its_zone() => Assert.Empty(await AskAsync<string>(
        """
        select a.attrelid::regclass || '.' || a.attname
        from pg_attribute a join pg_class t on t.oid = a.attrelid join pg_namespace n on n.oid = t.relnamespace
        where n.nspname in ('ledger', 'marketplace') and t.relkind in ('r', 'p') and a.attnum > 0
          and a.atttypid in ('timestamp'::regtype, 'money'::regtype, 'real'::regtype)
        """));
}
