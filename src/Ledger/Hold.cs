using NodaTime;

namespace Borsellino.Ledger;

/// <summary>Where a hold stands. Only an open one sets money aside.</summary>
public enum HoldStatus
{
    Open,
    Captured,
    Voided,
    Expired,
}

/// <summary>How much a hold takes from one account. The order of the lines is the order in which they are captured.</summary>
public sealed record HoldLine(Id<Account> Account, Money Amount);

/// <summary>
/// Money set aside for a payee, not yet moved (authorisation). It can be captured whole or in parts, voided, or it
/// expires; until then nobody else can spend it.
/// </summary>
/// <remarks>
/// Throws for no line, more than 100, an amount that is not positive or beyond reason, two lines on one account, a
/// payee that would pay itself, and texts that are too long for the book.
/// </remarks>
public sealed record Hold : IIdentified
{
    public const int LinesMax = 100;

    public static string Prefix => "hold";

    public Hold(
        Id<Hold> id, Id<Account> payee, IReadOnlyList<HoldLine> lines, Instant expiresAt, string reference, string actor,
        string memo)
    {
        ArgumentOutOfRangeException.ThrowIfZero(lines.Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lines.Count, LinesMax);
        foreach (var line in lines)
        {
            Limits.Amount(line.Amount);
            if (line.Account == payee) throw new ArgumentException($"{payee} cannot pay itself.", nameof(lines));
        }

        if (lines.DistinctBy(l => l.Account).Count() < lines.Count)
        {
            throw new ArgumentException("Two lines are on one account.", nameof(lines));
        }

        (Id, Payee, Lines, ExpiresAt) = (id, payee, [.. lines], ClockExtensions.ToMicroseconds(expiresAt));
        (Reference, Actor, Memo) = (Limits.Reference(reference), Limits.Actor(actor), Limits.Memo(memo));
    }

    public Id<Hold> Id { get; }

    /// <summary>The account that is credited when the hold is captured.</summary>
    public Id<Account> Payee { get; }

    public IReadOnlyList<HoldLine> Lines { get; }

    /// <summary>From this instant on it cannot be captured. Never later than any of its accounts allows; in whole microseconds.</summary>
    public Instant ExpiresAt { get; }

    public string Reference { get; }
    public string Actor { get; }
    public string Memo { get; }

    public Money Amount => Lines.Sum(l => l.Amount);

    internal byte[] Digest()
    {
        var digest = new Digest().Add(Payee.Value).Add(ExpiresAt).Add(Reference).Add(Actor).Add(Memo);
        foreach (var line in Lines) digest.Add(line.Account.Value).Add(line.Amount.Cents);
        return digest.Hash();
    }
}

/// <summary>A hold as the book stores it, at one instant.</summary>
public sealed record HoldState(
    Id<Hold> Id, Id<Account> Payee, string Reference, HoldStatus Status, Instant AuthorisedAt, Instant ExpiresAt,
    IReadOnlyList<HoldLineState> Lines)
{
    public Money Remaining => Lines.Sum(l => l.Remaining);
}

/// <summary>One line of a hold: what was set aside, what of it was paid, what was given back.</summary>
public sealed record HoldLineState(Id<Account> Account, Money Amount, Money Captured, Money Released)
{
    public Money Remaining => Amount - Captured - Released;
}

/// <summary>Something that happened to a hold. Its id makes a void or an expiry repeatable.</summary>
public sealed record HoldEvent : IIdentified
{
    public static string Prefix => "holdevent";
}
