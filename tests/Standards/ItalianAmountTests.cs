using Borsellino.Ledger;
using Borsellino.Marketplace.Standards;
using FsCheck;
using FsCheck.Fluent;

namespace Borsellino.Tests.Standards;

public sealed class ItalianAmountTests
{
    [Theory]
    [InlineData("1.234,56", 123456)]
    [InlineData("1234,56", 123456)]
    [InlineData("1234.56", 123456)]
    [InlineData("1,234.56", 123456)]
    [InlineData("1 234,56", 123456)]
    [InlineData("1\u00a0234,56\u00a0€", 123456)]
    [InlineData("1\u202f234,56", 123456)]
    [InlineData("€ 12", 1200)]
    [InlineData("12 €", 1200)]
    [InlineData("€12,5", 1250)]
    [InlineData("EUR 12.50", 1250)]
    [InlineData("12,50 euro", 1250)]
    [InlineData("euro 12,50", 1250)]
    [InlineData("+12", 1200)]
    [InlineData(" 0,01 ", 1)]
    [InlineData(",50", 50)]
    [InlineData("007", 700)]
    [InlineData("1.234", 123400)]
    [InlineData("12.345", 1234500)]
    [InlineData("1.23", 123)]
    [InlineData("1.2", 120)]
    [InlineData("123.456,7", 12345670)]
    [InlineData("100.000", 10000000)]
    [InlineData("1.000.000", 100000000)]
    [InlineData("1,000,000.00", 100000000)]
    [InlineData("1000000,00", 100000000)]
    public void What_people_type_is_read_in_cents(string text, long expected)
    {
        Assert.True(ItalianAmount.TryParse(text, out var amount, out var fault), $"{fault}");
        Assert.Equal(new(expected), amount);
    }

    public static TheoryData<string?, AmountFault> Faults => new()
    {
        { null, new AmountFault.Empty() },
        { "\u00a0", new AmountFault.Empty() },
        { "€", new AmountFault.NotANumber() },
        { "dodici", new AmountFault.NotANumber() },
        { "12,", new AmountFault.NotANumber() },
        { ".", new AmountFault.NotANumber() },
        { "12 34", new AmountFault.NotANumber() },
        { "1.23.4", new AmountFault.NotANumber() },
        { "1.23.456", new AmountFault.NotANumber() },
        { "1.234,567.89", new AmountFault.NotANumber() },
        { "12.34,56", new AmountFault.NotANumber() },
        { "€ 12 €", new AmountFault.NotANumber() },
        { "1e5", new AmountFault.NotANumber() },
        { "١٢", new AmountFault.NotANumber() },
        { new('1', 41), new AmountFault.NotANumber() },
        { "1O,50", new AmountFault.LetterForDigit('O', '0') },
        { "l2,50 €", new AmountFault.LetterForDigit('l', '1') },
        { "Ol", new AmountFault.NotANumber() },
        { "1234.567", new AmountFault.TooManyDecimals(3) },
        { "0.234", new AmountFault.TooManyDecimals(3) },
        { "0,234", new AmountFault.TooManyDecimals(3) },
        { "1.234,567", new AmountFault.TooManyDecimals(3) },
        { "12,3456", new AmountFault.TooManyDecimals(4) },
        { "1,234", new AmountFault.Ambiguous() },
        { "€ 999,000", new AmountFault.Ambiguous() },
        { "-12,50", new AmountFault.Negative() },
        { "€ -12,50", new AmountFault.Negative() },
        { "− 12", new AmountFault.Negative() },
        { "0", new AmountFault.Zero() },
        { "-0,00", new AmountFault.Zero() },
        { "1.000.000,01", new AmountFault.TooLarge() },
        { "99999999999999999999999999999999999999", new AmountFault.TooLarge() },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void What_cannot_be_an_amount_is_refused_for_its_reason(string? text, AmountFault expected)
    {
        Assert.False(ItalianAmount.TryParse(text, out var amount, out var fault));
        Assert.Equal(expected, fault);
        Assert.Equal(Money.Zero, amount);
    }

    [Fact]
    public void An_amount_shown_is_read_back() =>
        Prop.ForAll(Gen.Choose(1, (int)ItalianAmount.Max.Cents).ToArbitrary(), cents =>
        {
            Assert.True(ItalianAmount.TryParse(ItalianAmount.Format(new(cents)), out var read, out _));
            Assert.Equal(new(cents), read);
            Assert.True(ItalianAmount.TryParse($"{cents / 100}.{cents % 100:00}", out var plain, out _));
            Assert.Equal(new(cents), plain);
        }).Check(Config.QuickThrowOnFailure);

    [Theory]
    [InlineData(0, "0,00")]
    [InlineData(5, "0,05")]
    [InlineData(123456789, "1.234.567,89")]
    [InlineData(-123456, "-1.234,56")]
    [InlineData(-5, "-0,05")]
    public void An_amount_is_shown_as_in_Italy(long cents, string expected) =>
        Assert.Equal(expected, ItalianAmount.Format(new(cents)));

    [Fact]
    public void Nothing_typed_breaks_it() =>
        Prop.ForAll(Gen.ArrayOf(Gen.Elements("0123456789.,  -+€OlEURo|\n\u00a0x".ToCharArray())).ToArbitrary(), typed =>
        {
            var read = ItalianAmount.TryParse(new string(typed), out var amount, out var fault);
            Assert.Equal(read, fault is null);
            Assert.Equal(read, amount > Money.Zero && amount <= ItalianAmount.Max);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
}
