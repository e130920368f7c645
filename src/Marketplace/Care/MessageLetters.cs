using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>Somebody of a family with an e-mail, and what has happened to it since they were last written to; never nothing.</summary>
public sealed record MessageLetter(Id<User> User, Id<Household> Household, string Email, string Name, bool IsEnglish, IReadOnlyList<Message> Messages);

/// <summary>
/// Writes to the people of a family what its messages say. Who was never written to begins now. A letter counts as sent with
/// the transaction that sends it, so it is sent rather twice than never; two processes never write the same one.
/// </summary>
public sealed class MessageLetters(Database db, IClock clock)
{
    /// <summary>The most letters of one round.</summary>
    private const int LettersMax = 200;

    /// <summary>What happened is read so much later: whoever records now may be seen a moment after somebody who began later.</summary>
    private static readonly Duration Behind = Duration.FromMinutes(1);

    /// <summary>Sends what is due by <paramref name="send"/> and answers how many letters that were. One that throws is due again.</summary>
    public async Task<int> SendDueAsync(TerritoryId territory, Func<MessageLetter, Task> send, CancellationToken cancel = default)
    {
        var until = clock.Now - Behind;
        await db.ExecuteAsync(
            territory,
            """
            insert into marketplace.messages_mailed (territory_id, user_id, household_id, mailed_at)
            select r.territory_id, r.user_id, r.household_id, @until from marketplace.role_grant r
            where r.territory_id = @territory and r.household_id is not null
            on conflict do nothing
            """, new { until }, cancel);
        var readers = await db.ListAsync<Reader>(
            territory,
            """
            select m.user_id, m.household_id, u.email, u.display_name, u.culture
            from marketplace.messages_mailed m
            join marketplace.app_user u on u.territory_id = @territory and u.id = m.user_id
            where m.territory_id = @territory and m.mailed_at < @until and u.disabled_at is null and u.email <> ''
              and exists (select from marketplace.role_grant r
                          where r.territory_id = @territory and r.user_id = m.user_id and r.household_id = m.household_id)
            """, new { until }, cancel);
        var sent = 0;
        foreach (var reader in readers)
        {
            if (sent == LettersMax) break;
            sent += (await db.TransactAsync<int>(territory, async tx => await SendAsync(tx, reader, until, send), cancel)).OrThrow();
        }

        return sent;
    }

    private static async Task<int> SendAsync(Transaction tx, Reader reader, Instant until, Func<MessageLetter, Task> send)
    {
        var since = await tx.FindAsync<Instant?>(
            """
            select mailed_at from marketplace.messages_mailed
            where territory_id = @territory and user_id = @UserId and household_id = @HouseholdId for update skip locked
            """, new { reader.UserId, reader.HouseholdId });
        if (since is not { } from || from >= until) return 0;
        var messages = await tx.ListAsync<Message>(
            $"select * from ({Messages.All}) m where m.at > @from and m.at <= @until order by m.at, m.subject limit 50",
            new { household = reader.HouseholdId, from, until, now = until });
        if (messages.Count > 0)
            await send(new(reader.UserId, reader.HouseholdId, reader.Email, reader.DisplayName, reader.Culture == "en", messages));
        await tx.ExecuteAsync(
            "update marketplace.messages_mailed set mailed_at = @until where territory_id = @territory and user_id = @UserId and household_id = @HouseholdId",
            new { reader.UserId, reader.HouseholdId, until });
        return messages.Count > 0 ? 1 : 0;
    }

    private sealed record Reader(Id<User> UserId, Id<Household> HouseholdId, string Email, string DisplayName, string Culture);
}
