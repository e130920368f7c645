using System.Security.Cryptography;
using System.Text;
using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>
/// How often something secret was tried lately. A try is counted before it is judged, so that a hundred at once are a
/// hundred, and costs the same whoever it is about.
/// </summary>
public sealed class Attempts(Database db, IClock clock)
{
    /// <summary>So many tries are judged within <see cref="Window"/>; further ones are not even looked at.</summary>
    public const int AttemptsMax = 10;

    /// <summary>It begins with the first try.</summary>
    public static readonly Duration Window = Duration.FromMinutes(15);

    private static readonly Duration KeptFor = Duration.FromDays(1);

    /// <summary>Counts a try. False when there were too many.</summary>
    /// <param name="what">What is tried, such as a password.</param>
    /// <param name="whose">Whose it is, or is said to be.</param>
    public async Task<bool> TryAsync(TerritoryId territory, string what, string whose, CancellationToken cancel = default)
    {
        var count = 0;
        (await db.TransactAsync<Done>(territory, async tx =>
        {
            var now = clock.Now;
            count = await tx.FindAsync<int>(
                """
                insert into marketplace.sign_in_attempt as a (territory_id, subject, since, attempts) values (@territory, @subject, @now, 1)
                on conflict (territory_id, subject) do update
                set attempts = case when a.since <= @before then 1 else least(a.attempts + 1, 1000) end,
                    since = case when a.since <= @before then @now else a.since end
                returning attempts
                """, new { subject = Subject(what, whose), now, before = now - Window });
            return default(Done);
        }, cancel)).OrThrow();
        return count <= AttemptsMax;
    }

    /// <summary>Forgets the tries before the right one, and whatever else is long past.</summary>
    public Task ForgetAsync(TerritoryId territory, string what, string whose, CancellationToken cancel = default) =>
        db.ExecuteAsync(
            territory, "delete from marketplace.sign_in_attempt where territory_id = @territory and (subject = @subject or since < @past)",
            new { subject = Subject(what, whose), past = clock.Now - KeptFor }, cancel);

    private static byte[] Subject(string what, string whose) => SHA256.HashData(Encoding.UTF8.GetBytes($"{what}\n{whose.Trim().ToLowerInvariant()}"));
}
