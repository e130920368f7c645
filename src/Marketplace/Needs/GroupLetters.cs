using Borsellino.Ledger;

namespace Borsellino.Marketplace;

/// <summary>Somebody of a provider with an e-mail, and the groups that wait for one since they were last written to; never none.</summary>
public sealed record GroupLetter(Id<User> User, Id<Provider> Provider, string Email, string Name, bool IsEnglish, IReadOnlyList<AgreedGroup> Groups);

/// <summary>Tells the people of a provider that a group, for whose class it is accredited, has agreed and waits, as <see cref="LetterRound{TWhose}"/> does.</summary>
public sealed class GroupLetters(Database db, IClock clock)
{
    // Whoever has nobody to write about is not even looked at: what is read for each provider is long.
    private const string Agreed =
        """
        exists (select from marketplace.proposal p
                where p.territory_id = @territory and p.status = 'Agreed' and p.agreed_at > m.mailed_at and p.agreed_at <= @until)
        """;

    private readonly LetterRound<Provider> round = new(db, clock, "groups_mailed", "provider_id", Agreed);

    /// <summary>Sends what is due by <paramref name="send"/> and answers how many letters that were. One that throws is due again.</summary>
    public Task<int> SendDueAsync(TerritoryId territory, Func<GroupLetter, Task> send, CancellationToken cancel = default) =>
        round.SendDueAsync(territory, async (tx, reader, after, until) =>
        {
            var groups = await tx.ListAsync<AgreedGroup>(
                $"{NeedCards.Agreed} and p.agreed_at > @after and p.agreed_at <= @until order by p.agreed_at, p.id limit 50",
                new { provider = reader.Whose, today = clock.Today(), now = clock.Now, after, until });
            if (groups.Count == 0) return false;
            await send(new(reader.UserId, reader.Whose, reader.Email, reader.DisplayName, reader.IsEnglish, groups));
            return true;
        }, cancel);
}
