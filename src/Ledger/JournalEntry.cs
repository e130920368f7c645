using NodaTime;

namespace Borsellino.Ledger;

/// <summary>One amount, from the account it debits to the account it credits.</summary>
public sealed record Transfer(Id<Account> Debit, Id<Account> Credit, Money Amount);

/// <summary>One leg of an entry: an account and an amount on one side of it.</summary>
public sealed record Posting(Id<Account> Account, Money Debit, Money Credit);

/// <summary>
/// Transfers recorded together, immutable and balanced by construction. The id is the idempotency key, forever.
/// </summary>
/// <remarks>
/// Throws for no transfer, more than 1,000, an amount that is not positive or beyond reason, an account that pays
/// itself, and texts that are too long for the book.
/// </remarks>
public sealed record JournalEntry : IIdentified
{
    public const int TransfersMax = 1000;

    public static string Prefix => "entry";

    public JournalEntry(
        Id<JournalEntry> id, string kind, string reference, LocalDate effectiveOn, string actor, string memo,
        IReadOnlyList<Transfer> transfers, Id<JournalEntry>? reverses = null)
    {
        ArgumentOutOfRangeException.ThrowIfZero(transfers.Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(transfers.Count, TransfersMax);
        foreach (var t in transfers)
        {
            Limits.Amount(t.Amount);
            if (t.Debit == t.Credit) throw new ArgumentException($"{t.Debit} cannot pay itself.", nameof(transfers));
        }

        (Id, Kind, Reference, EffectiveOn, Actor, Memo, Transfers, Reverses) =
            (id, Limits.Kind(kind), Limits.Reference(reference), effectiveOn, Limits.Actor(actor), Limits.Memo(memo),
                [.. transfers], reverses);
    }

    public Id<JournalEntry> Id { get; }

    /// <summary>What happened, in snake_case: <c>grant_activated</c>, <c>delivered</c>, …</summary>
    public string Kind { get; }

    /// <summary>What it is about: the id of a booking, a grant, a payout.</summary>
    public string Reference { get; }

    /// <summary>The day it counts for, in Italy; the instant of recording is the clock's.</summary>
    public LocalDate EffectiveOn { get; }

    /// <summary>Who did it: a pseudonymous user id, or <c>system</c>.</summary>
    public string Actor { get; }

    /// <summary>A few words without personal data.</summary>
    public string Memo { get; }

    public IReadOnlyList<Transfer> Transfers { get; }

    /// <summary>The entry that this one takes back, if any.</summary>
    public Id<JournalEntry>? Reverses { get; }

    /// <summary>The legs: transfers of the same account and side added up, in order of first mention.</summary>
    public IReadOnlyList<Posting> Postings()
    {
        if (Transfers is [var only]) return [new(only.Debit, only.Amount, Money.Zero), new(only.Credit, Money.Zero, only.Amount)];
        var legs = new List<(Id<Account> Account, bool IsDebit)>();
        var sums = new Dictionary<(Id<Account>, bool), Money>();
        foreach (var t in Transfers)
        {
            Add((t.Debit, true), t.Amount);
            Add((t.Credit, false), t.Amount);
        }

        return [.. legs.Select(leg => leg.IsDebit
            ? new Posting(leg.Account, sums[leg], Money.Zero)
            : new Posting(leg.Account, Money.Zero, sums[leg]))];

        void Add((Id<Account> Account, bool IsDebit) leg, Money amount)
        {
            if (sums.TryGetValue(leg, out var sum))
            {
                sums[leg] = sum + amount;
                return;
            }

            legs.Add(leg);
            sums.Add(leg, amount);
        }
    }

    /// <summary>SHA-256 of everything the caller says, so that a second call with the id is the same or is refused.</summary>
    internal byte[] Digest()
    {
        var digest = new Digest().Add(Kind).Add(Reference).Add(EffectiveOn).Add(Actor).Add(Memo).Add(Reverses?.Value ?? Guid.Empty);
        foreach (var t in Transfers) digest.Add(t.Debit.Value).Add(t.Credit.Value).Add(t.Amount.Cents);
        return digest.Hash();
    }
}
