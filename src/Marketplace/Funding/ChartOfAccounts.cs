using Borsellino.Ledger;

namespace Borsellino.Marketplace;

/// <summary>The places of the book that the marketplace uses, and the names of the accounts there.</summary>
public static class ChartOfAccounts
{
    public const string Bank = "bank";
    public const string Receivable = "receivable";
    public const string Programme = "programme";
    public const string Grant = "grant";
    public const string Provider = "provider";
    public const string Shop = "shop";
    public const string Payout = "payout";

    /// <summary>The budget of a programme that is not granted yet.</summary>
    public static string ProgrammeName(string code) => $"{Programme}:{code}";

    /// <summary>What a programme's funder has promised and not yet paid.</summary>
    public static string ReceivableName(string code) => $"{Receivable}:{code}";

    /// <summary>A grant's account. Its name says nothing about the family.</summary>
    public static string GrantName(Id<Grant> id) => $"{Grant}:{id.Value:N}";
}

/// <summary>What happened, as entries say it. Pages have the words for it.</summary>
public static class EntryKinds
{
    /// <summary>An act puts budget into a programme: receivable → programme.</summary>
    public const string BudgetCommitted = "budget_committed";

    /// <summary>A family gets money to spend: programme → grant.</summary>
    public const string GrantActivated = "grant_activated";

    /// <summary>What was not spent in time goes back: grant → programme.</summary>
    public const string GrantExpired = "grant_expired";

    /// <summary>What was not spent goes back because the grant was taken away: grant → programme.</summary>
    public const string GrantRevoked = "grant_revoked";

    /// <summary>An import taken back within its day: the reversal of an activation.</summary>
    public const string GrantUndone = "grant_undone";

    /// <summary>A service was delivered and accepted: grants → provider.</summary>
    public const string Delivered = "delivered";

    /// <summary>A late cancellation costs its fee: grants → provider.</summary>
    public const string CancellationFee = "cancellation_fee";

    /// <summary>Nobody was there when the provider came; it costs what a late cancellation does: grants → provider.</summary>
    public const string NoShowFee = "no_show_fee";

    /// <summary>A provider is being paid: provider → payout.</summary>
    public const string PayoutSent = "payout_sent";

    /// <summary>A mistake put right in the open period.</summary>
    public const string Correction = "correction";

    /// <summary>Every kind there is: each has words on the pages.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        BudgetCommitted, GrantActivated, GrantExpired, GrantRevoked, GrantUndone, Delivered, CancellationFee, NoShowFee, PayoutSent,
        Correction,
    ];
}
