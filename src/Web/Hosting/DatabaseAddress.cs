using System.Net.Sockets;
using Borsellino.Ledger;
using Npgsql;

namespace Borsellino.Web.Hosting;

/// <summary>
/// How the database is reached, as its owner and as the application: on the server of the configuration, or else on
/// our own, which is kept up until this is disposed.
/// </summary>
public sealed class DatabaseAddress : IAsyncDisposable
{
    private readonly EmbeddedPostgres? embedded;

    private DatabaseAddress(string owner, string application, EmbeddedPostgres? embedded) =>
        (Owner, Application, this.embedded) = (owner, application, embedded);

    /// <summary>For migrations, as the owner of the tables.</summary>
    public string Owner { get; }

    /// <summary>For everything else, as a role that owns nothing. It can be used once the migrations have run.</summary>
    public string Application { get; }

    /// <summary>As the application, for proofs that read whole books: no statement is cut off for taking long.</summary>
    public string Patient => new NpgsqlConnectionStringBuilder(Application) { CommandTimeout = 0 }.ConnectionString;

    /// <summary>True if the server is our own.</summary>
    public bool IsEmbedded => embedded is not null;

    /// <summary>
    /// Takes the server that is configured, or starts or joins our own. Throws a sentence for people if the one that is
    /// configured cannot be reached or does not let us in.
    /// </summary>
    public static async Task<DatabaseAddress> OpenAsync(
        IConfiguration configuration, Settings settings, CancellationToken cancel)
    {
        if (configuration.GetConnectionString("Owner") is { Length: > 0 } owner)
        {
            await KnockAsync(owner, cancel);
            var application = configuration.GetConnectionString("Application");
            return new(owner, application is { Length: > 0 } ? application : AsApplication(owner), null);
        }

        var postgres = await EmbeddedPostgres.StartAsync(new(settings.DataFolder), cancel);
        return new(postgres.OwnerConnectionString(), postgres.ApplicationConnectionString(), postgres);
    }

    /// <summary>
    /// Brings the schema to the newest and answers how many migrations that took. Afterwards the application's role can
    /// be had: an owner who is no superuser becomes a member of it here.
    /// </summary>
    public async Task<int> MigrateAsync(CancellationToken cancel)
    {
        var applied = await Migrator.MigrateAsync(Owner, Folders.Migrations, cancel);
        if (!IsEmbedded) await AllowRoleAsync(cancel);
        return applied;
    }

    private static async Task KnockAsync(string owner, CancellationToken cancel)
    {
        var address = new NpgsqlConnectionStringBuilder(owner) { Pooling = false };
        try
        {
            await using var connection = new NpgsqlConnection(address.ConnectionString);
            await connection.OpenAsync(cancel);
        }
        catch (Exception e) when (e is NpgsqlException or SocketException or TimeoutException)
        {
            throw new InvalidOperationException(
                $"The database '{address.Database}' on {address.Host}, port {address.Port}, cannot be had as {address.Username}: "
                + $"{(e as PostgresException)?.MessageText ?? e.Message}. Is --connection right?", e);
        }
    }

    private async Task AllowRoleAsync(CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Owner) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(cancel);
        try
        {
            await using var take = new NpgsqlCommand($"set role {EmbeddedPostgres.Application}", connection);
            await take.ExecuteNonQueryAsync(cancel);
            return;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            // Who made a role may give it, and so take it.
        }

        try
        {
            await using var grant = new NpgsqlCommand($"grant {EmbeddedPostgres.Application} to current_user", connection);
            await grant.ExecuteNonQueryAsync(cancel);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new InvalidOperationException(
                $"The user of --connection may not act as {EmbeddedPostgres.Application}. Let an administrator of the server say: "
                + $"grant {EmbeddedPostgres.Application} to {new NpgsqlConnectionStringBuilder(Owner).Username};", e);
        }
    }

    /// <summary>The same sign-in, but every session becomes the application's role before its first statement.</summary>
    private static string AsApplication(string owner)
    {
        var address = new NpgsqlConnectionStringBuilder(owner);
        address.Options = $"{address.Options} -c role={EmbeddedPostgres.Application}".Trim();
        return address.ConnectionString;
    }

    public ValueTask DisposeAsync() => embedded?.DisposeAsync() ?? ValueTask.CompletedTask;
}
