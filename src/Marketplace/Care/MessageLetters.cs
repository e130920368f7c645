using Borsellino.Ledger;

namespace Borsellino.Marketplace;

/// <summary>Somebody of a family with an e-mail, and what has happened to it since they were last written to; never nothing.</summary>
public sealed record MessageLetter(Id<User> User, Id<Household> Household, string Email, string Name, bool IsEnglish, IReadOnlyList<Message> Messages);

/// <summary>Writes to the people of a family what its messages say, as <see cref="LetterRound{TWhose}"/> does.</summary>
public sealed class MessageLetters(Database db, IClock clock)
{
    private readonly LetterRound<Household> round = new(db, clock, "messages_mailed", "household_id", due: "true");

    /// <summary>Sends what is due by <paramref name="send"/> and answers how many letters that were. One that throws is due again.</summary>
    public Task<int> SendDueAsync(TerritoryId territory, Func<MessageLetter, Task> send, CancellationToken cancel = default) =>
        round.SendDueAsync(territory, async (tx, reader, after, until) =>
        {
            var messages = await tx.ListAsync<Message>(
                $"select * from ({Messages.All}) m where m.at > @after and m.at <= @until order by m.at, m.subject limit 50",
                new { household = reader.Whose, after, until, now = until });
            if (messages.Count == 0) return false;
            await send(new(reader.UserId, reader.Whose, reader.Email, reader.DisplayName, reader.IsEnglish, messages));
            return true;
        }, cancel);
}
