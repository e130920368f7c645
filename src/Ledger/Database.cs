using Dapper;
using Npgsql;

namespace Borsellino.Ledger;

/// <summary>
/// The way to PostgreSQL. It signs in as a role that owns nothing, says the territory before anything else, and is the
/// only place that commits: a refusal rolls back, a passing failure runs the whole work again.
/// </summary>
public sealed class Database : IAsyncDisposable
{
    private const int AttemptsMax = 5;

    // Behind row-level security every table is joined to every other by its territory: to think through all orders of nine tables
    // takes a hundred times as long as to read them.
    private const string EnterByKey =
        Transaction.Enter + ", set_config('plan_cache_mode', 'force_generic_plan', true), set_config('join_collapse_limit', '1', true)";

    private readonly NpgsqlDataSource source;

    static Database() => RecordMap.Register();

    public Database(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            MaxAutoPrepare = 100,
            AutoPrepareMinUsages = 3,
            // Nothing outlives a transaction: the territory is set locally, so there is nothing to reset.
            NoResetOnClose = true,
        };
        source = NpgsqlDataSource.Create(settings);
    }

    /// <summary>
    /// Commits if <paramref name="work"/> succeeds; rolls back if it refuses or throws. The work may run up to five
    /// times: after a deadlock, a lost connection or a race for the same id. It must therefore be repeatable, which it
    /// is when its ids come from outside. That also settles a connection lost during the commit: the work asks again
    /// with the same ids and finds what was recorded.
    /// </summary>
    public Task<Result<T>> TransactAsync<T>(
        TerritoryId territory, Func<Transaction, Task<Result<T>>> work, CancellationToken cancel = default) where T : notnull =>
        RunAsync(territory, work, Transaction.Enter, cancel);

    /// <summary>
    /// The same for work that finds each table's rows by a key, in the order in which its statements name the tables: their plans are made once
    /// on a connection, as they stand, and kept whatever the values are. For what many people do at the same time.
    /// </summary>
    public Task<Result<T>> TransactByKeyAsync<T>(
        TerritoryId territory, Func<Transaction, Task<Result<T>>> work, CancellationToken cancel = default) where T : notnull =>
        RunAsync(territory, work, Transaction.EnterByKey, cancel);

    private async Task<Result<T>> RunAsync<T>(
        TerritoryId territory, Func<Transaction, Task<Result<T>>> work, string enter, CancellationToken cancel) where T : notnull
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                // Given back in the middle of a transaction, a connection rolls back: what throws leaves nothing.
                await using var connection = await source.OpenConnectionAsync(cancel);
                var tx = new Transaction(connection, territory, cancel, enter: enter);
                var result = await work(tx);
                await tx.EndAsync(commit: !result.IsRefused(out _));
                return result;
            }
            catch (NpgsqlException e) when (MayRunAgain(e) && attempt < AttemptsMax)
            {
                // Nothing was written, or what was written will be recognised by its id.
                await RecoverAsync(e, attempt, cancel);
            }
        }
    }

    /// <summary>Runs one statement in a transaction of its own, as <see cref="TransactAsync{T}"/> does, and answers how many rows it touched.</summary>
    public async Task<int> ExecuteAsync(TerritoryId territory, string sql, object? parameters = null, CancellationToken cancel = default) =>
        (await TransactAsync<int>(territory, async tx => await tx.ExecuteAsync(sql, parameters), cancel)).OrThrow();

    /// <summary>
    /// Reads as often as it likes in one frozen view of the database: what is recorded meanwhile is not seen. For what is
    /// too large to be read at once. A lost connection ends it, because another one has another view.
    /// </summary>
    public async Task<T> ReadFrozenAsync<T>(TerritoryId territory, Func<Transaction, Task<T>> read, CancellationToken cancel = default)
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        var tx = new Transaction(connection, territory, cancel, "begin isolation level repeatable read, read only");
        var result = await read(tx);
        await tx.EndAsync(commit: false);
        return result;
    }

    /// <summary>All rows of a query in one territory, as positional records. A lost connection is replaced.</summary>
    public async Task<List<T>> ListAsync<T>(
        TerritoryId territory, string sql, object? parameters = null, CancellationToken cancel = default)
    {
        RecordMap.Know(typeof(T));
        return await ReadAgainAsync(connection => ReadAsync<T>(connection, territory, sql, parameters, cancel), cancel);
    }

    /// <summary>
    /// The same for a query that finds each table's rows by a key, in the order in which it names the tables: its plan is made once on a
    /// connection, as the query stands, and kept whatever the values are. For what a page asks at every visit.
    /// </summary>
    public async Task<List<T>> ListByKeyAsync<T>(
        TerritoryId territory, string sql, object? parameters = null, CancellationToken cancel = default)
    {
        RecordMap.Know(typeof(T));
        return await ReadAgainAsync(connection => ReadAsync<T>(connection, territory, sql, parameters, cancel, EnterByKey), cancel);
    }

    /// <summary>The one row of a query, or null for none. More than one throws.</summary>
    public async Task<T?> FindAsync<T>(
        TerritoryId territory, string sql, object? parameters = null, CancellationToken cancel = default) =>
        (await ListAsync<T>(territory, sql, parameters, cancel)).SingleOrDefault();

    /// <summary>Rows of the reference tables that all territories share.</summary>
    public async Task<List<T>> ListSharedAsync<T>(string sql, object? parameters = null, CancellationToken cancel = default)
    {
        RecordMap.Know(typeof(T));
        if (parameters is not null) RecordMap.Know(parameters.GetType());
        var command = new CommandDefinition(sql, parameters, cancellationToken: cancel);
        return await ReadAgainAsync(async connection => (await connection.QueryAsync<T>(command)).AsList(), cancel);
    }

    /// <summary>Waits on the database for at most <paramref name="within"/> and says whether it answered.</summary>
    public async Task<bool> AnswersAsync(TimeSpan within)
    {
        using var limit = new CancellationTokenSource(within);
        try
        {
            await using var connection = await source.OpenConnectionAsync(limit.Token);
            await connection.ExecuteScalarAsync(new CommandDefinition("select 1", cancellationToken: limit.Token));
            return true;
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException or TimeoutException)
        {
            return false;
        }
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();

    private async Task<T> ReadAgainAsync<T>(Func<NpgsqlConnection, Task<T>> read, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync(cancel);
                return await read(connection);
            }
            catch (NpgsqlException e) when ((e.IsTransient || IsForgotten(e)) && attempt < AttemptsMax)
            {
                await RecoverAsync(e, attempt, cancel);
            }
        }
    }

    /// <summary>
    /// Waits a moment. Where a connection died, the idle ones have most likely died with it, and one that believes in a statement the
    /// server does not have goes on to do so: they are dropped.
    /// </summary>
    private Task RecoverAsync(NpgsqlException e, int attempt, CancellationToken cancel)
    {
        if (e is not PostgresException || IsForgotten(e)) source.Clear();
        return Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(5, 20 * attempt)), cancel);
    }

    /// <summary>Says the territory and asks, in one round trip and one implicit transaction.</summary>
    private static async Task<List<T>> ReadAsync<T>(
        NpgsqlConnection connection, TerritoryId territory, string sql, object? parameters, CancellationToken cancel, string enter = Transaction.Enter)
    {
        var both = $"{enter};\n{sql}";
        var command = new CommandDefinition(both, With(territory, parameters), cancellationToken: cancel);
        await using var answers = await connection.QueryMultipleAsync(command);
        await answers.ReadAsync<string>();
        return (await answers.ReadAsync<T>()).AsList();
    }

    internal static DynamicParameters With(TerritoryId territory, object? parameters)
    {
        if (parameters is not null) RecordMap.Know(parameters.GetType());
        var all = new DynamicParameters(parameters);
        all.Add("territory", territory.Value);
        return all;
    }

    private static bool MayRunAgain(NpgsqlException e) => e switch
    {
        // Two callers brought the same id at once: the second run finds the first one's row.
        PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: { } name } =>
            name.EndsWith("_pkey", StringComparison.Ordinal),
        PostgresException p => p.IsTransient || IsForgotten(p),
        _ => e.IsTransient,
    };

    // The driver prepares by itself what is asked often; after an error in the middle of several statements, or behind a pooler, the
    // server may not have what the driver thinks it has. Nothing ran.
    private static bool IsForgotten(NpgsqlException e) => e is PostgresException { SqlState: PostgresErrorCodes.InvalidSqlStatementName };
}
