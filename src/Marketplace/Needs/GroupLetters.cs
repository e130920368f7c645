using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>Somebody of a provider with an e-mail, and the groups that wait for one since they were last written to; never none.</summary>
public sealed record GroupLetter(Id<User> User, Id<Provider> Provider, string Email, string Name, bool IsEnglish, IReadOnlyList<AgreedGroup> Groups);

/// <summary>
/// Tells the people of a provider that a group, for whose class it is accredited, has agreed and waits. Who was never written to begins
/// now. A letter counts as sent with the transaction that sends it, so rather twice than never; two processes never write the same one.
/// </summary>
public sealed class GroupLetters(Database db, IClock clock)
{
    /// <summary>The most letters of one round, and the most groups of one letter.</summary>
    private const int LettersMax = 200, GroupsMax = 50;

    /// <summary>What happened is read so much later: whoever records now may be seen a moment after somebody who began later.</summary>
    private static readonly Duration Behind = Duration.FromMinutes(1);

    /// <summary>Sends what is due by <paramref name="send"/> and answers how many letters that were. One that throws is due again.</summary>
    public async Task<int> SendDueAsync(TerritoryId territory, Func<GroupLetter, Task> send, CancellationToken cancel = default)
    {
        var until = clock.Now - Behind;
        await db.ExecuteAsync(
            territory,
            """
            insert into marketplace.groups_mailed (territory_id, user_id, provider_id, mailed_at)
            select r.territory_id, r.user_id, r.provider_id, @until from marketplace.role_grant r
            where r.territory_id = @territory and r.provider_id is not null
            on conflict do nothing
            """, new { until }, cancel);
        var readers = await db.ListAsync<Reader>(
            territory,
            """
            select m.user_id, m.provider_id, u.email, u.display_name, u.culture
            from marketplace.groups_mailed m
            join marketplace.app_user u on u.territory_id = @territory and u.id = m.user_id
            where m.territory_id = @territory and m.mailed_at < @until and u.disabled_at is null and u.email <> ''
              and exists (select from marketplace.role_grant r
                          where r.territory_id = @territory and r.user_id = m.user_id and r.provider_id = m.provider_id)
              and exists (select from marketplace.proposal p
                          where p.territory_id = @territory and p.status = 'Agreed' and p.agreed_at > m.mailed_at and p.agreed_at <= @until)
            """, new { until }, cancel);
        var sent = 0;
        foreach (var reader in readers)
        {
            if (sent == LettersMax) break;
            sent += (await db.TransactAsync<int>(territory, async tx => await SendAsync(tx, reader, until, send), cancel)).OrThrow();
        }

        return sent;
    }

    private async Task<int> SendAsync(Transaction tx, Reader reader, Instant until, Func<GroupLetter, Task> send)
    {
        var since = await tx.FindAsync<Instant?>(
            """
            select mailed_at from marketplace.groups_mailed
            where territory_id = @territory and user_id = @UserId and provider_id = @ProviderId for update skip locked
            """, new { reader.UserId, reader.ProviderId });
        if (since is not { } from || from >= until) return 0;
        var groups = await tx.ListAsync<AgreedGroup>(
            $"{NeedCards.Agreed} and p.agreed_at > @from and p.agreed_at <= @until order by p.agreed_at, p.id limit @GroupsMax",
            new { provider = reader.ProviderId, today = clock.Today(), now = clock.Now, from, until, GroupsMax });
        if (groups.Count > 0)
            await send(new(reader.UserId, reader.ProviderId, reader.Email, reader.DisplayName, reader.Culture == "en", groups));
        await tx.ExecuteAsync(
            "update marketplace.groups_mailed set mailed_at = @until where territory_id = @territory and user_id = @UserId and provider_id = @ProviderId",
            new { reader.UserId, reader.ProviderId, until });
        return groups.Count > 0 ? 1 : 0;
    }

    private sealed record Reader(Id<User> UserId, Id<Provider> ProviderId, string Email, string DisplayName, string Culture);
}
