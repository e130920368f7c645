using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace.Standards;

/// <summary>Credit transfers from one account, to be handed to a bank as one file.</summary>
/// <remarks>
/// The message id has at most 35 characters and is never used again with the same bank. The bank is asked to debit
/// the account on the day of execution.
/// </remarks>
public sealed record PaymentOrder(
    string MessageId,
    Instant CreatedAt,
    LocalDate ExecutionOn,
    PaymentParty Debtor,
    Iban DebtorIban,
    IReadOnlyList<PaymentLine> Lines);

/// <summary>One transfer. Its end-to-end id (at most 35 characters) comes back on both parties' statements.</summary>
public sealed record PaymentLine(
    string EndToEndId, Money Amount, PaymentParty Creditor, Iban CreditorIban, Remittance? Remittance = null);

/// <summary>
/// Who pays or is paid, under the name the bank knows. An address is optional, but since November 2026 it has at
/// least the town and the two letters of the country.
/// </summary>
public sealed record PaymentParty(string Name, string? Town = null, string? Country = null);

/// <summary>What the creditor reads: a free text, or a reference that its software can match.</summary>
public abstract record Remittance
{
    private Remittance()
    {
    }

    /// <summary>Up to 140 characters; longer is cut, and blank is left out because banks refuse it.</summary>
    public sealed record FreeText(string Text) : Remittance;

    public sealed record Reference(CreditorReference Value) : Remittance;
}
