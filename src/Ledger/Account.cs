using NodaTime;

namespace Borsellino.Ledger;

/// <summary>
/// What kind of account it is, and so which way its balance runs and what limits it. A liability (money owed to
/// somebody: a purse, a provider) can never be debited past what it has; an asset (money we can see) can never be
/// credited past it. Income and expense have no floor.
/// </summary>
public enum AccountKind
{
    Asset,
    Liability,
    Income,
    Expense,
}

/// <summary>One account with its running totals, as the book stores it.</summary>
/// <param name="Chart">Its place in the chart of accounts, such as <c>grant</c>.</param>
/// <param name="Name">A readable name without personal data, such as <c>grant:019a…</c>.</param>
/// <param name="DebitsHeld">What open holds have set aside, in cents of the same side as debits.</param>
/// <param name="HoldsUntil">No hold on the account may last longer than this instant.</param>
public sealed record Account(
    Id<Account> Id, string Chart, AccountKind Kind, string Name, Money Debits, Money Credits, Money DebitsHeld,
    Instant? HoldsUntil, Instant? ClosedAt) : IIdentified
{
    public static string Prefix => "acct";

    /// <summary>The balance on the account's own side: credits less debits for what we owe or earn, the reverse otherwise.</summary>
    public Money Balance => Kind is AccountKind.Asset or AccountKind.Expense ? Debits - Credits : Credits - Debits;

    /// <summary>What may still be taken out: the balance without what is held.</summary>
    public Money Available => Balance - DebitsHeld;
}

/// <summary>An account about to be opened. Opening it again with the same content changes nothing.</summary>
/// <remarks>Throws for a name that is empty or longer than 200 characters.</remarks>
public sealed record NewAccount(Id<Account> Id, string Chart, string Name, Instant? HoldsUntil = null)
{
    public string Name { get; init; } = Limits.Name(Name);
}
