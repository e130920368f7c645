using Borsellino.Ledger;

namespace Borsellino.Web;

/// <summary>Which figures a table of balances shows, and which cells it leaves empty: zero stands on its own side only.</summary>
public static class BookFigures
{
    public static Money? DebitSide(AccountKind kind, Money debit, Money credit) =>
        IsDebitKind(kind) ? Shown(debit, credit) : Other(debit);

    public static Money? CreditSide(AccountKind kind, Money debit, Money credit) =>
        IsDebitKind(kind) ? Other(credit) : Shown(credit, debit);

    private static bool IsDebitKind(AccountKind kind) => kind is AccountKind.Asset or AccountKind.Expense;

    private static Money? Shown(Money own, Money other) => own.IsZero && !other.IsZero ? null : own;

    private static Money? Other(Money amount) => amount.IsZero ? null : amount;
}
