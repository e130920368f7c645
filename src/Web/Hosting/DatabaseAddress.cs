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

    /// <summary>True if the server is our own.</summary>
    public bool IsEmbedded => embedded is not null;

    /// <summary>Takes the server that is configured, or starts or joins our own.</summary>
    public static async Task<DatabaseAddress> OpenAsync(
        IConfiguration configuration, Settings settings, CancellationToken cancel)
    {
        if (configuration.GetConnectionString("Owner") is { Length: > 0 } owner)
        {
            var application = configuration.GetConnectionString("Application");
            return new(owner, application is { Length: > 0 } ? application : AsApplication(owner), null);
        }

        var postgres = await EmbeddedPostgres.StartAsync(new(settings.DataFolder), cancel);
        return new(postgres.OwnerConnectionString(), postgres.ApplicationConnectionString(), postgres);
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
