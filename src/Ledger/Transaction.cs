using Dapper;
using Npgsql;

namespace Borsellino.Ledger;

/// <summary>
/// One database transaction in one territory, handed to the operations that belong together. Every query may use
/// <c>@territory</c>. It begins with its first statement, and cannot commit: only
/// <see cref="Database.TransactAsync{T}"/> does.
/// </summary>
public sealed class Transaction
{
    internal const string Enter = "select set_config('app.territory', $1::text, true)";

    /// <summary>Plans as the statements stand, made once; and by key, however small a table is today.</summary>
    internal const string EnterByKey =
        Enter + ", set_config('plan_cache_mode', 'force_generic_plan', true), set_config('join_collapse_limit', '1', true), set_config('enable_seqscan', 'off', true)";

    private const string EnterAlone =
        Enter + ", set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true)";

    private bool begun;
    private NpgsqlBatchCommand? last;

    private readonly string begin, enter;

    internal Transaction(NpgsqlConnection connection, TerritoryId territory, CancellationToken cancel, string begin = "begin", string enter = Enter) =>
        (Connection, Territory, Cancel, this.begin, this.enter) = (connection, territory, cancel, begin, enter);

    internal NpgsqlConnection Connection { get; }
    public TerritoryId Territory { get; }
    public CancellationToken Cancel { get; }

    public async Task<List<T>> ListAsync<T>(string sql, object? parameters = null)
    {
        RecordMap.Know(typeof(T));
        await BeginAsync();
        return (await Connection.QueryAsync<T>(Command(sql, parameters))).AsList();
    }

    /// <summary>The one row of a query, or null for none. More than one throws.</summary>
    public async Task<T?> FindAsync<T>(string sql, object? parameters = null) =>
        (await ListAsync<T>(sql, parameters)).SingleOrDefault();

    /// <summary>
    /// Locks rows with one statement and reads with the next, in one round trip. The second sees what is committed when it begins: whoever waited
    /// for the lock reads what the one before has written.
    /// </summary>
    /// <param name="locking">A query that locks; its rows are not looked at.</param>
    public async Task<List<T>> LockThenListAsync<T>(string locking, string sql, object? parameters = null)
    {
        RecordMap.Know(typeof(T));
        await BeginAsync();
        await using var answers = await Connection.QueryMultipleAsync(Command($"{locking};\n{sql}", parameters));
        await answers.ReadAsync<Guid>();
        return (await answers.ReadAsync<T>()).AsList();
    }

    /// <summary>Runs a statement, or several in one round trip, and answers how many rows they touched.</summary>
    public async Task<int> ExecuteAsync(string sql, object? parameters = null)
    {
        await BeginAsync();
        return await Connection.ExecuteAsync(Command(sql, parameters));
    }

    /// <summary>
    /// A batch for statements that go in one round trip; the transaction's beginning travels with the first one.
    /// Answers how many results stand before those of the caller.
    /// </summary>
    /// <param name="alone">
    /// True if nothing but the ledger's own statements will follow. Their plans are the same whatever the values, so the
    /// server need not think about them again each time; and they look up by key, however small a table is today.
    /// </param>
    internal (NpgsqlBatch Batch, int Before) Batch(bool alone = false)
    {
        if (last is not null) throw new InvalidOperationException("Nothing follows the last statement of a transaction.");
        var batch = new NpgsqlBatch(Connection);
        if (begun) return (batch, 0);
        begun = true;
        batch.BatchCommands.Add(new(begin));
        batch.BatchCommands.Add(new(alone ? EnterAlone : enter) { Parameters = { new() { Value = Territory.Value } } });
        return (batch, 1);
    }

    /// <summary>Keeps the transaction's last statement, to be sent together with its commit.</summary>
    internal void Last(NpgsqlBatchCommand command) => last = command;

    /// <summary>Commits or rolls back, if anything was asked at all. A commit is not cancelled: its outcome would be unknown.</summary>
    internal async Task EndAsync(bool commit)
    {
        if (!begun) return;
        await using var batch = new NpgsqlBatch(Connection);
        // In a transaction that has failed, "commit" would quietly roll back; a select says so.
        if (commit) batch.BatchCommands.Add(last ?? new("select"));
        batch.BatchCommands.Add(new(commit ? "commit" : "rollback"));
        await batch.ExecuteNonQueryAsync(CancellationToken.None);
    }

    private async Task BeginAsync()
    {
        var (batch, before) = Batch();
        await using (batch)
        {
            if (before > 0) await batch.ExecuteNonQueryAsync(Cancel);
        }
    }

    private CommandDefinition Command(string sql, object? parameters) =>
        new(sql, Database.With(Territory, parameters), cancellationToken: Cancel);
}
