using System.Security.Cryptography;
using System.Text;
using Dapper;
using Npgsql;

namespace Borsellino.Ledger;

/// <summary>
/// Brings a database to the newest schema: the files <c>NNNN_noun.sql</c> in order, one transaction each, forward
/// only. Runs as the owner of the tables, never as the application. Two at once wait for each other.
/// </summary>
public static class Migrator
{
    private const long LockKey = 0x426F7273656C6C; // Any number that nothing else locks by.

    /// <summary>
    /// Applies what is missing and answers how many files that were. Throws when an applied file has changed since,
    /// when one is missing, or when a file fails (it is then rolled back whole).
    /// </summary>
    public static async Task<int> MigrateAsync(string ownerConnectionString, string folder, CancellationToken cancel = default)
    {
        var settings = new NpgsqlConnectionStringBuilder(ownerConnectionString) { Pooling = false };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(cancel);
        await connection.ExecuteAsync(
            new CommandDefinition("select pg_advisory_lock(@LockKey)", new { LockKey }, commandTimeout: 0, cancellationToken: cancel));
        await connection.ExecuteAsync(
            """
            create schema if not exists migration;
            create table if not exists migration.applied (
                name text primary key, sha256 text not null, applied_at timestamptz not null default now())
            """);

        var applied = (await connection.QueryAsync<(string Name, string Sha256)>("select name, sha256 from migration.applied"))
            .ToDictionary(a => a.Name, a => a.Sha256, StringComparer.Ordinal);
        var files = Directory.GetFiles(folder, "*.sql").Order(StringComparer.Ordinal).ToList();
        if (files.Count == 0) throw new InvalidOperationException($"There are no migrations in {folder}.");
        var names = files.Select(Path.GetFileName).ToHashSet(StringComparer.Ordinal);
        if (applied.Keys.FirstOrDefault(n => !names.Contains(n)) is { } gone)
        {
            throw new InvalidOperationException($"The database has the migration {gone}, which this program does not know: it is newer.");
        }

        var count = 0;
        foreach (var file in files)
        {
            var name = Path.GetFileName(file);
            var sql = await File.ReadAllTextAsync(file, cancel);
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql)));
            if (applied.TryGetValue(name, out var earlier))
            {
                if (earlier != hash) throw new InvalidOperationException($"The applied migration {name} was changed afterwards.");
                continue;
            }

            await using var tx = await connection.BeginTransactionAsync(cancel);
            try
            {
                await connection.ExecuteAsync(new CommandDefinition(sql, transaction: tx, commandTimeout: 0, cancellationToken: cancel));
            }
            catch (PostgresException e)
            {
                throw new InvalidOperationException($"The migration {name} failed and left nothing behind: {e.MessageText}", e);
            }

            await connection.ExecuteAsync("insert into migration.applied (name, sha256) values (@name, @hash)", new { name, hash }, tx);
            await tx.CommitAsync(cancel);
            count++;
        }

        return count;
    }
}
