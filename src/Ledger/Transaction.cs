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
    internal const string Enter = "select set_config('app.territory', @territory::text, true)";

    /// <summary>Plans as the statements stand, made once; and by key, however small a table is today.</summary>
    internal const string EnterByKey =
        Enter + ", set_config('plan_cache_mode', 'force_generic_plan', true), set_config('join_collapse_limit', '1', true), set_config('enable_seqscan', 'off', true)";

    private const string EnterAlone =
        Enter + ", set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true)";

    private bool begun;
    private NpgsqlBatchCommand? last;
    private (string Sql, object? Parameters)? later;

    private readonly string begin, enter;

    internal Transaction(NpgsqlConnection connection, TerritoryId territory, CancellationToken cancel, string begin = "begin", string enter = Enter) =>
        (Connection, Territory, Cancel, this.begin, this.enter) = (connection, territory, cancel, begin, enter);

    internal NpgsqlConnection Connection { get; }
    public TerritoryId Territory { get; }
    public CancellationToken Cancel { get; }

    public async Task<List<T>> ListAsync<T>(string sql, object? parameters = null)
    {
        await using var answers = await AskAsync(sql, parameters);
        return await answers.ListAsync<T>();
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
        await using var answers = await AskAsync($"{locking};\n{sql}", parameters);
        await answers.ListAsync<Guid>();
        return await answers.ListAsync<T>();
    }

    /// <summary>
    /// Asks several queries in one round trip. Each sees what is committed when it begins. The answers must be disposed of before the transaction
    /// asks anything else.
    /// </summary>
    public async Task<Answers> AskAsync(string sql, object? parameters = null)
    {
        await FlushAsync();
        var isFirst = !begun;
        var answers = new Answers(await Connection.QueryMultipleAsync(Command(Beginning() + sql, parameters)));
        if (isFirst) await answers.ListAsync<string>();
        return answers;
    }

    /// <summary>Runs a statement, or several in one round trip, and answers how many rows they touched.</summary>
    public async Task<int> ExecuteAsync(string sql, object? parameters = null)
    {
        await FlushAsync();
        return await Connection.ExecuteAsync(Command(Beginning() + sql, parameters));
    }

    /// <summary>
    /// Writes no later than with the commit, and before anything else that is asked: as the transaction's last statement it costs no round trip.
    /// For what is not looked at any more; if it fails, the transaction does.
    /// </summary>
    public async Task WriteAsync(string sql, object? parameters = null)
    {
        await FlushAsync();
        later = (sql, parameters);
    }

    /// <summary>
    /// A batch for statements that go in one round trip; the transaction's beginning travels with the first one.
    /// Answers how many results stand before those of the caller.
    /// </summary>
    /// <param name="alone">
    /// True if nothing but the ledger's own statements will follow. Their plans are the same whatever the values, so the
    /// server need not think about them again each time; and they look up by key, however small a table is today.
    /// </param>
    internal async Task<(NpgsqlBatch Batch, int Before)> BatchAsync(bool alone = false)
    {
        await FlushAsync();
        var batch = new NpgsqlBatch(Connection);
        if (begun) return (batch, 0);
        begun = true;
        batch.BatchCommands.Add(new(begin));
        batch.BatchCommands.Add(new(alone ? EnterAlone : enter) { Parameters = { new("territory", Territory.Value) } });
        return (batch, 1);
    }

    /// <summary>Keeps the transaction's last statement, to be sent together with its commit.</summary>
    internal void Last(NpgsqlBatchCommand command) => last = command;

    /// <summary>Commits or rolls back, if anything was asked at all. A commit is not cancelled: its outcome would be unknown.</summary>
    internal async Task EndAsync(bool commit)
    {
        if (commit && later is { } write)
        {
            later = null;
            await Connection.ExecuteAsync(new(
                $"{Beginning()}{write.Sql};\ncommit", Database.With(Territory, write.Parameters), cancellationToken: CancellationToken.None));
            return;
        }

        if (!begun) return;
        await using var batch = new NpgsqlBatch(Connection);
        // In a transaction that has failed, "commit" would quietly roll back; a select says so.
        if (commit) batch.BatchCommands.Add(last ?? new("select"));
        batch.BatchCommands.Add(new(commit ? "commit" : "rollback"));
        await batch.ExecuteNonQueryAsync(CancellationToken.None);
    }

    /// <summary>What stands before the transaction's first statement, in the same round trip; nothing before the others.</summary>
    private string Beginning()
    {
        if (begun) return "";
        begun = true;
        return $"{begin};\n{enter};\n";
    }

    /// <summary>Writes what was put off, before anything else is asked.</summary>
    private async Task FlushAsync()
    {
        if (last is not null) throw new InvalidOperationException("Nothing follows the last statement of a transaction.");
        if (later is not { } write) return;
        later = null;
        await ExecuteAsync(write.Sql, write.Parameters);
    }

    private CommandDefinition Command(string sql, object? parameters) =>
        new(sql, Database.With(Territory, parameters), cancellationToken: Cancel);

    /// <summary>The answers to several queries, each to be read once, in the order in which they were asked.</summary>
    public sealed class Answers : IAsyncDisposable
    {
        private readonly SqlMapper.GridReader reader;

        internal Answers(SqlMapper.GridReader reader) => this.reader = reader;

        public async Task<List<T>> ListAsync<T>()
        {
            RecordMap.Know(typeof(T));
            return (await reader.ReadAsync<T>()).AsList();
        }

        /// <summary>The one row of a query, or null for none. More than one throws.</summary>
        public async Task<T?> FindAsync<T>() => (await ListAsync<T>()).SingleOrDefault();

        public ValueTask DisposeAsync() => reader.DisposeAsync();
    }
}
