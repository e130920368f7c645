using Npgsql;

namespace Borsellino.Web.Hosting;

/// <summary>
/// Whether requests can be answered: the database says so within a second. It has connections of its own, so that it
/// answers at once while every other connection is taken, and asks once for all who want to know at the same time.
/// </summary>
public sealed class Readiness : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    private readonly NpgsqlDataSource source;
    private readonly Lock gate = new();
    private Task<bool> asking = Task.FromResult(false);

    public Readiness(DatabaseAddress address)
    {
        var settings = new NpgsqlConnectionStringBuilder(address.Application)
        {
            MaxPoolSize = 2,
            Timeout = 1,
            CommandTimeout = 1,
            ApplicationName = "borsellino health",
        };
        source = NpgsqlDataSource.Create(settings);
    }

    /// <summary>True if the database answers in time.</summary>
    public Task<bool> IsReadyAsync()
    {
        lock (gate)
        {
            if (asking.IsCompleted) asking = AskAsync();
            return asking;
        }
    }

    private async Task<bool> AskAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await using var command = source.CreateCommand("select 1");
            await command.ExecuteScalarAsync(limit.Token);
            return true;
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException or TimeoutException)
        {
            return false;
        }
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();
}
