using System.Globalization;

namespace Borsellino.Ledger;

/// <summary>An amount of euro in whole cents, the only money type of this house. It never holds a fraction.</summary>
/// <remarks>The default value is zero. Arithmetic that leaves the range of a long throws: the build checks overflow.</remarks>
public readonly record struct Money(long Cents) : IComparable<Money>
{
    public static Money Zero => default;

    /// <summary>Whole euro, for tests and demo data: <c>Euro(12)</c> is 12.00.</summary>
    public static Money Euro(long euro) => new(euro * 100);

    public bool IsZero => Cents == 0;
    public bool IsPositive => Cents > 0;

    public static Money operator +(Money a, Money b) => new(a.Cents + b.Cents);
    public static Money operator -(Money a, Money b) => new(a.Cents - b.Cents);
    public static Money operator -(Money a) => new(-a.Cents);
    public static Money operator *(Money a, long times) => new(a.Cents * times);
    public static bool operator <(Money a, Money b) => a.Cents < b.Cents;
    public static bool operator >(Money a, Money b) => a.Cents > b.Cents;
    public static bool operator <=(Money a, Money b) => a.Cents <= b.Cents;
    public static bool operator >=(Money a, Money b) => a.Cents >= b.Cents;

    public static Money Min(Money a, Money b) => a <= b ? a : b;
    public static Money Max(Money a, Money b) => a >= b ? a : b;

    /// <summary>
    /// Splits into shares that add up to the whole: the cents left over go one each to the first shares.
    /// Throws for fewer than one share and for negative money.
    /// </summary>
    public Money[] Split(int shares)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(shares);
        if (Cents < 0) throw new InvalidOperationException("Negative money cannot be split.");
        var (share, left) = Math.DivRem(Cents, shares);
        return [.. Enumerable.Range(0, shares).Select(i => new Money(i < left ? share + 1 : share))];
    }

    public int CompareTo(Money other) => Cents.CompareTo(other.Cents);

    /// <summary>For logs and tests ("12.34"). Pages format in the visitor's language instead.</summary>
    public override string ToString() => (Cents / 100m).ToString("0.00", CultureInfo.InvariantCulture);
}

public static class MoneySums
{
    /// <summary>The sum of the amounts; zero for none. Throws on overflow.</summary>
    public static Money Sum(this IEnumerable<Money> amounts)
    {
        var sum = Money.Zero;
        foreach (var amount in amounts) sum += amount;
        return sum;
    }

    /// <summary>The sum of what <paramref name="amount"/> says of each item; zero for none.</summary>
    public static Money Sum<T>(this IEnumerable<T> items, Func<T, Money> amount) => items.Select(amount).Sum();
}
