using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>Somebody with an e-mail, and the family or provider that they are written to about.</summary>
internal sealed record LetterReader<TWhose>(Id<User> UserId, Id<TWhose> Whose, string Email, string DisplayName, string Culture)
    where TWhose : IIdentified
{
    public bool IsEnglish => Culture == "en";
}

/// <summary>
/// Writes to people what happened to those they act for since they were last written to. Who was never written to begins now. A letter
/// counts as sent with the transaction that sends it, so rather twice than never; two processes never write the same one.
/// </summary>
/// <param name="table">Where it stands until when somebody was written to.</param>
/// <param name="whose">The column, there and among the roles, of the one that somebody acts for.</param>
/// <param name="due">What must be so, in SQL, for a letter to <c>m</c> after <c>m.mailed_at</c> and up to <c>@until</c> to be worth a look.</param>
internal sealed class LetterRound<TWhose>(Database db, IClock clock, string table, string whose, string due)
    where TWhose : IIdentified
{
    /// <summary>The most letters of one round.</summary>
    private const int LettersMax = 200;

    /// <summary>What happened is read so much later: whoever records now may be seen a moment after somebody who began later.</summary>
    private static readonly Duration Behind = Duration.FromMinutes(1);

    /// <summary>Where nothing happened, that one has looked is written down once a day and not every minute: most families have no news.</summary>
    private static readonly Duration LookedFor = Duration.FromDays(1);

    /// <summary>Writes a letter of what happened after one instant and up to another; answers whether there was anything to write.</summary>
    public delegate Task<bool> Writer(Transaction tx, LetterReader<TWhose> reader, Instant after, Instant until);

    /// <summary>Sends what is due by <paramref name="write"/> and answers how many letters that were. One that throws is due again.</summary>
    public async Task<int> SendDueAsync(TerritoryId territory, Writer write, CancellationToken cancel)
    {
        var until = clock.Now - Behind;
        await db.ExecuteAsync(
            territory,
            $"""
            insert into marketplace.{table} (territory_id, user_id, {whose}, mailed_at)
            select r.territory_id, r.user_id, r.{whose}, @until from marketplace.role_grant r
            where r.territory_id = @territory and r.{whose} is not null and {Users.InForce}
            on conflict do nothing
            """, new { until, today = clock.Today() }, cancel);
        var readers = await db.ListAsync<LetterReader<TWhose>>(
            territory,
            $"""
            select m.user_id, m.{whose} as whose, u.email, u.display_name, u.culture
            from marketplace.{table} m
            join marketplace.app_user u on u.territory_id = @territory and u.id = m.user_id
            where m.territory_id = @territory and m.mailed_at < @until and u.disabled_at is null and u.email <> ''
              and exists (select from marketplace.role_grant r
                          where r.territory_id = @territory and r.user_id = m.user_id and r.{whose} = m.{whose} and {Users.InForce})
              and {due}
            """, new { until, today = clock.Today() }, cancel);
        var sent = 0;
        foreach (var reader in readers)
        {
            if (sent == LettersMax) break;
            sent += (await db.TransactAsync<int>(territory, async tx => await SendAsync(tx, reader, until, write), cancel)).OrThrow();
        }

        return sent;
    }

    private async Task<int> SendAsync(Transaction tx, LetterReader<TWhose> reader, Instant until, Writer write)
    {
        var mine = $"territory_id = @territory and user_id = @UserId and {whose} = @Whose";
        var since = await tx.FindAsync<Instant?>($"select mailed_at from marketplace.{table} where {mine} for no key update skip locked", new { reader.UserId, reader.Whose });
        if (since is not { } after || after >= until) return 0;
        var isWritten = await write(tx, reader, after, until);
        if (isWritten || until - after > LookedFor)
            await tx.ExecuteAsync($"update marketplace.{table} set mailed_at = @until where {mine}", new { reader.UserId, reader.Whose, until });
        return isWritten ? 1 : 0;
    }
}
