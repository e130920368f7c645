using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Tests.Ledger;

/// <summary>
/// Instructions by number: the same number is the same instruction, id and all, in every process. Callers that draw close
/// numbers meet on the same ids, the same holds and the same few accounts.
/// </summary>
public sealed class Deck(int seed)
{
    /// <summary>How far the clock is moved from one round of ten numbers to the next.</summary>
    private static readonly Duration Round = Duration.FromMinutes(1);

    private readonly Id<Account> bank = Id<Account>.From("bank", seed);
    private readonly Id<Account>[] purses = [.. Enumerable.Range(0, 4).Select(n => Id<Account>.From("purse", seed, n))];
    private readonly Id<Account>[] providers = [.. Enumerable.Range(0, 2).Select(n => Id<Account>.From("provider", seed, n))];

    public NewAccount[] Accounts =>
    [
        new(bank, "bank", "bank"), .. purses.Select(p => new NewAccount(p, "grant", "grant")),
        .. providers.Select(p => new NewAccount(p, "provider", "provider")),
    ];

    /// <summary>The instant at which callers have come to a number.</summary>
    public static Instant At(int number) => Book.Morning + (Round * (number / 10));

    public Instruction Draw(int number)
    {
        // No hash code: these are salted anew in every process.
        var random = new Random(unchecked((seed * 31) + number));
        var (purse, provider) = (purses[random.Next(purses.Length)], providers[random.Next(providers.Length)]);
        var hold = HoldOf((number / 10 * 10) + random.Next(4, 7));
        return (number % 10) switch
        {
            0 => Post(number, new Transfer(bank, purse, new(random.Next(1, 800)))),
            1 => Post(number, new(bank, purse, new(random.Next(1, 100))), new(purse, provider, new(random.Next(1, 400)))),
            2 => Post(number, new Transfer(purse, provider, new(random.Next(1, 300)))),
            3 => Post(number, new Transfer(provider, random.Next(2) == 0 ? bank : purse, new(random.Next(1, 300)))),
            4 or 5 or 6 => new Instruction.Authorise(new(
                HoldOf(number), provider, Lines(random), At(number) + (Round * random.Next(1, 20)), "", "tester", "")),
            7 => new Instruction.Capture(
                Id<JournalEntry>.From("deck", seed, number), hold, new(random.Next(1, 200)), random.Next(2) == 0 ? RestOfHold.Keep : RestOfHold.Release,
                "delivered", Book.Day, "", "tester", ""),
            8 => new Instruction.Void(Id<HoldEvent>.From("deck", seed, number), hold, "tester", ""),
            _ => new Instruction.Expire(Id<HoldEvent>.From("deck", seed, number), HoldOf(Math.Max(0, (number / 10) - 10) * 10 + random.Next(4, 7))),
        };
    }

    /// <summary>The same id with another content.</summary>
    public Instruction Forge(int number) => Draw(number) switch
    {
        Instruction.Post { Entry: var e } => new Instruction.Post(new(e.Id, e.Kind, e.Reference, e.EffectiveOn, e.Actor, "forged", e.Transfers)),
        Instruction.Authorise { Hold: var h } => new Instruction.Authorise(new(h.Id, h.Payee, h.Lines, h.ExpiresAt, h.Reference, h.Actor, "forged")),
        Instruction.Capture capture => capture with { Memo = "forged" },
        Instruction.Void @void => @void with { Memo = "forged" },
        var other => other,
    };

    private Id<Hold> HoldOf(int number) => Id<Hold>.From("deck", seed, number);

    private HoldLine[] Lines(Random random)
    {
        var first = random.Next(purses.Length);
        var second = (first + 1 + random.Next(purses.Length - 1)) % purses.Length;
        HoldLine[] lines = [new(purses[first], new(random.Next(1, 200))), new(purses[second], new(random.Next(1, 200)))];
        return lines[..random.Next(1, 3)];
    }

    private Instruction.Post Post(int number, params Transfer[] transfers) =>
        new(new(Id<JournalEntry>.From("deck", seed, number), "test", "", Book.Day, "tester", "", transfers));
}
