using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>Where a payout stands. It only moves forward.</summary>
public enum PayoutStatus
{
    /// <summary>Prepared by one person; its bookings are taken, no money has moved.</summary>
    Locked,

    /// <summary>Signed by a second person: the providers are no longer owed, the money is on its way.</summary>
    Authorised,

    /// <summary>The file for the bank has been handed out.</summary>
    Sent,

    /// <summary>Given up before it was signed: its bookings are free again.</summary>
    Withdrawn,
}

/// <summary>A file of bank transfers to providers, each for the bookings it pays.</summary>
/// <param name="Reference">Its number in the territory's series of the year: LIQ-2026-0001.</param>
/// <param name="ExecutionOn">The day on which the bank is asked to pay.</param>
/// <param name="DebtorName">The treasury that pays, as it was when the payout was prepared; town and IBAN likewise.</param>
/// <param name="AccountId">The ledger account of money sent and not yet seen at the bank, once it is signed.</param>
/// <param name="FileSha256">Of the file, once it was handed out.</param>
public sealed record Payout(
    Id<Payout> Id, string Reference, PayoutStatus Status, LocalDate ExecutionOn, Money Total, string DebtorName, string DebtorTown,
    string DebtorIban, Id<User> PreparedBy, Instant PreparedAt, Id<User>? WithdrawnBy, Instant? WithdrawnAt, Id<User>? AuthorisedBy,
    Instant? AuthorisedAt, Id<Account>? AccountId, Id<User>? SentBy, Instant? SentAt, string? FileSha256) : IIdentified
{
    public static string Prefix => "payout";
}

/// <summary>One transfer of a payout: what one provider gets.</summary>
/// <param name="EndToEndId">Comes back on both parties' bank statements; never used again.</param>
/// <param name="CreditorName">The provider's legal name and IBAN as they were when the payout was prepared.</param>
/// <param name="EntryId">The journal entry that moved the money, once the payout is signed.</param>
public sealed record PayoutLine(
    short Line, Id<Provider> ProviderId, Money Amount, string EndToEndId, string CreditorName, string CreditorIban,
    Id<JournalEntry>? EntryId);

/// <summary>A payout about to be prepared.</summary>
/// <param name="Providers">Whom to pay; null for everybody who is owed something.</param>
/// <param name="Confirmed">The total that the person saw and agreed to; another total is refused. Null to accept any.</param>
public sealed record NewPayout(
    Id<Payout> Id, LocalDate ExecutionOn, IReadOnlyList<Id<Provider>>? Providers = null, Money? Confirmed = null);
