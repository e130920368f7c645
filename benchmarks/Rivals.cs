using Npgsql;

namespace Borsellino.Benchmarks;

/// <summary>The TPC-B-like transaction of pgbench (its built-in script), sent through Npgsql statement by statement.</summary>
internal sealed class Floor(NpgsqlDataSource connections) : IAsyncDisposable
{
    /// <summary>As many branches as connections, as the manual of pgbench advises: fewer would measure the queue for one row.</summary>
    public const int Scale = 16;

    public static Task PrepareAsync(BenchCluster cluster) => cluster.ExecuteAsync(
        $"""
        create table pgbench_branches (bid int primary key, bbalance int, filler char(88)) with (fillfactor = 100);
        create table pgbench_tellers (tid int primary key, bid int, tbalance int, filler char(84)) with (fillfactor = 100);
        create table pgbench_accounts (aid int primary key, bid int, abalance int, filler char(84)) with (fillfactor = 100);
        create table pgbench_history (tid int, bid int, aid int, delta int, mtime timestamp, filler char(22));
        insert into pgbench_branches (bid, bbalance) select b, 0 from generate_series(1, {Scale}) b;
        insert into pgbench_tellers (tid, bid, tbalance) select t, (t - 1) / 10 + 1, 0 from generate_series(1, {Scale} * 10) t;
        insert into pgbench_accounts (aid, bid, abalance, filler) select a, (a - 1) / 100000 + 1, 0, '' from generate_series(1, {Scale} * 100000) a;
        analyze pgbench_branches, pgbench_tellers, pgbench_accounts;
        """);

    public async Task TransactAsync(Random random)
    {
        await using var connection = await connections.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var (aid, tid, bid) = (random.Next(Scale * 100_000) + 1, random.Next(Scale * 10) + 1, random.Next(Scale) + 1);
        var delta = random.Next(-5000, 5001);
        await SendAsync("update pgbench_accounts set abalance = abalance + $1 where aid = $2", delta, aid);
        await SendAsync("select abalance from pgbench_accounts where aid = $1", aid);
        await SendAsync("update pgbench_tellers set tbalance = tbalance + $1 where tid = $2", delta, tid);
        await SendAsync("update pgbench_branches set bbalance = bbalance + $1 where bid = $2", delta, bid);
        await SendAsync("insert into pgbench_history (tid, bid, aid, delta, mtime) values ($1, $2, $3, $4, current_timestamp)", tid, bid, aid, delta);
        await transaction.CommitAsync();

        async Task SendAsync(string sql, params int[] values)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            foreach (var value in values) command.Parameters.Add(new() { Value = value });
            await command.ExecuteScalarAsync();
        }
    }

    public ValueTask DisposeAsync() => connections.DisposeAsync();
}

/// <summary>
/// The ledger a good programmer writes first: lock the two accounts, look at the money, move it, note it down, commit.
/// </summary>
internal sealed class NaiveLedger(NpgsqlDataSource connections, int accounts) : IAsyncDisposable
{
    public static Task PrepareAsync(BenchCluster cluster, int accounts) => cluster.ExecuteAsync(
        $"""
        create schema naive;
        create table naive.account (id int primary key, balance bigint not null check (balance >= 0)) with (fillfactor = 70);
        create table naive.transfer (
            id uuid primary key, debit int not null references naive.account, credit int not null references naive.account,
            amount bigint not null check (amount > 0), at timestamptz not null default now());
        insert into naive.account select a, 1000000000 from generate_series(0, {accounts - 1}) a;
        analyze naive.account;
        """);

    public async Task TransferAsync(Random random, bool hot)
    {
        var debit = random.Next(1, accounts);
        var credit = hot ? 0 : (debit + random.Next(1, accounts - 1)) % accounts;
        if (credit == debit) credit = 0;
        await using var connection = await connections.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var locking = new NpgsqlCommand("select id, balance from naive.account where id in ($1, $2) order by id for update", connection))
        {
            locking.Parameters.Add(new() { Value = debit });
            locking.Parameters.Add(new() { Value = credit });
            await using var reader = await locking.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                if (reader.GetInt32(0) == debit && reader.GetInt64(1) < 1) throw new InvalidOperationException("The account is empty.");
            }
        }

        await SendAsync("update naive.account set balance = balance - 1 where id = $1", debit);
        await SendAsync("update naive.account set balance = balance + 1 where id = $1", credit);
        await SendAsync("insert into naive.transfer (id, debit, credit, amount) values ($1, $2, $3, 1)", Guid.CreateVersion7(), debit, credit);
        await transaction.CommitAsync();

        async Task SendAsync(string sql, params object[] values)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            foreach (var value in values) command.Parameters.Add(new() { Value = value });
            await command.ExecuteNonQueryAsync();
        }
    }

    public ValueTask DisposeAsync() => connections.DisposeAsync();
}
