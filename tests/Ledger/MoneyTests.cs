using System.Globalization;
using Borsellino.Ledger;

namespace Borsellino.Tests.Ledger;

/// <summary>Whole cents, never a fraction, never around the corner of a long.</summary>
public sealed class MoneyTests
{
    [Fact]
    public void Money_counts_cents()
    {
        Assert.Equal(new(1250), Money.Euro(12) + new Money(50));
        Assert.Equal(new(-1), Money.Zero - new Money(1));
        Assert.Equal(new(-7), -new Money(7));
        Assert.Equal(new(21), new Money(7) * 3);
        Assert.Equal(Money.Zero, default);
        Assert.True(new Money(1).IsPositive && !Money.Zero.IsPositive && !new Money(-1).IsPositive && Money.Zero.IsZero);
    }

    [Fact]
    public void Money_is_ordered()
    {
        var (less, more) = (new Money(1), new Money(2));
        Assert.True(less < more && less <= more && more > less && more >= less && !(more < less) && !(less >= more));
        Assert.Equal((less, more), (Money.Min(more, less), Money.Max(less, more)));
        Assert.Equal([less, more], new[] { more, less }.Order());
    }

    [Fact]
    public void Sums_of_nothing_are_zero()
    {
        Assert.Equal(Money.Zero, Array.Empty<Money>().Sum());
        Assert.Equal(new(6), new[] { 1L, 2L, 3L }.Sum(cents => new Money(cents)));
    }

    [Fact]
    public void Overflow_throws_instead_of_changing_sign()
    {
        Assert.Throws<OverflowException>(() => new Money(long.MaxValue) + new Money(1));
        Assert.Throws<OverflowException>(() => new Money(long.MinValue) - new Money(1));
        Assert.Throws<OverflowException>(() => -new Money(long.MinValue));
        Assert.Throws<OverflowException>(() => new Money(long.MaxValue / 2) * 3);
        Assert.Throws<OverflowException>(() => Money.Euro(long.MaxValue / 10));
        Assert.Throws<OverflowException>(() => new[] { new Money(long.MaxValue), new Money(1) }.Sum());
    }

    [Theory]
    [InlineData(100, 3, "34 33 33")]
    [InlineData(2, 3, "1 1 0")]
    [InlineData(0, 2, "0 0")]
    [InlineData(7, 1, "7")]
    public void A_split_loses_no_cent(long cents, int shares, string expected) =>
        Assert.Equal(expected, string.Join(' ', new Money(cents).Split(shares).Select(m => m.Cents)));

    [Fact]
    public void A_split_needs_a_share_and_money()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Money(1).Split(0));
        Assert.Throws<InvalidOperationException>(() => new Money(-1).Split(2));
    }

    [Theory]
    [InlineData(0, "0.00")]
    [InlineData(5, "0.05")]
    [InlineData(-1234, "-12.34")]
    [InlineData(long.MaxValue, "92233720368547758.07")]
    public void Its_text_is_the_same_in_every_language(long cents, string text)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new("it-IT");
        Assert.Equal(text, new Money(cents).ToString());
        CultureInfo.CurrentCulture = before;
    }
}
