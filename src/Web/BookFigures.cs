using Borsellino.Ledger;

namespace Borsellino.Web;

/// <summary>Which figures a table of accounts shows, and which cells it leaves empty.</summary>
public static class BookFigures
{
    /// <summary>A balance in its own column: empty where the other column has one; zero is said in one column only.</summary>
    public static Money? Shown(Money own, Money other) => own.IsZero && !other.IsZero ? null : own;

    /// <summary>The debit balance of totals, empty if they stand in credit.</summary>
    public static Money? Debit(Money debits, Money credits) => debits >= credits ? debits - credits : null;

    /// <summary>The credit balance of totals, empty unless they stand in credit.</summary>
    public static Money? Credit(Money debits, Money credits) => credits > debits ? credits - debits : null;
}
