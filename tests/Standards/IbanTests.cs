using Borsellino.Marketplace.Standards;
using FsCheck;
using FsCheck.Fluent;

namespace Borsellino.Tests.Standards;

public sealed class IbanTests
{
    [Theory]
    [InlineData("IT60X0542811101000000123456")]
    [InlineData("IT23I0306909606100000046093")]
    [InlineData("IT67Q0503401633000000000001")]
    [InlineData("SM86U0322509800000000270100")]
    [InlineData("DE89370400440532013000")]
    [InlineData("NO9386011117947")]
    public void A_valid_account_is_read(string text)
    {
        Assert.Equal(text, Iban.Parse(text).Value);
        Assert.Equal(text, Iban.Parse(Iban.Parse(text).Printed.ToUpperInvariant() + " ").Value);
    }

    public static TheoryData<string?, IbanFault> Faults => new()
    {
        { "", new IbanFault.Empty() },
        { "IT6", new IbanFault.WrongLength(3, null) },
        { "IT60X054281110100000012345", new IbanFault.WrongLength(26, 27) },
        { "IT60X05428111010000001234567", new IbanFault.WrongLength(28, 27) },
        { "1T60X0542811101000000123456", new IbanFault.WrongCharacter(1, '1') },
        { "ITO0X0542811101000000123456", new IbanFault.WrongCharacter(3, 'O') },
        { "IT6050542811101000000123456", new IbanFault.WrongCharacter(5, '5') },
        { "IT60XO542811101000000123456", new IbanFault.WrongCharacter(6, 'O') },
        { "IT60X0542811101000000123-56", new IbanFault.WrongCharacter(25, '-') },
        { "US60X0542811101000000123456", new IbanFault.CountryOutsideSepa("US") },
        { "IT60X0542811101000000654321", new IbanFault.WrongCheckDigits() },
        { "BG87200500001234567890", new IbanFault.WrongCheckDigits() },
        { "IT40S0542811101000000123456", new IbanFault.WrongControlLetter('S') },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_wrong_account_is_refused_for_its_reason(string? text, IbanFault expected)
    {
        Assert.False(Iban.TryParse(text, out var iban, out var fault));
        Assert.Equal(expected, fault);
        Assert.Equal(default, iban);
    }

    [Fact]
    public void An_account_is_shown_in_fours_and_masked()
    {
        var iban = Iban.Parse("it60x0542811101000000123456");
        Assert.Equal("IT60 X054 2811 1010 0000 0123 456", iban.Printed);
        Assert.Equal("IT60…3456", iban.Masked);
        Assert.Equal("IT", iban.Country);
    }

    [Theory]
    [InlineData("05428", "11101", "000000123456", "IT60X0542811101000000123456")]
    [InlineData("5428", "11101", "123456", "IT60X0542811101000000123456")]
    [InlineData("03069", "09606", "100000046093", "IT23I0306909606100000046093")]
    public void An_Italian_account_is_built_from_its_parts(string abi, string cab, string account, string expected) =>
        Assert.Equal(expected, Iban.ForItaly(abi, cab, account).Value);

    [Theory]
    [InlineData("054281", "11101", "1")]
    [InlineData("", "11101", "1")]
    [InlineData("0542A", "11101", "1")]
    [InlineData("05428", "11101", "1234567890123")]
    [InlineData("05428", "11101", "12-34")]
    public void A_part_that_does_not_fit_is_a_mistake(string abi, string cab, string account) =>
        Assert.Throws<ArgumentException>(() => Iban.ForItaly(abi, cab, account));

    [Fact]
    public void A_built_account_is_valid_and_one_wrong_digit_or_letter_in_it_is_found() =>
        Prop.ForAll(AnyIban.ToArbitrary(), Gen.Choose(2, 26).ToArbitrary(), Gen.Choose(1, 9).ToArbitrary(),
            (iban, place, shift) =>
            {
                Assert.Equal(iban, Iban.Parse(iban.Value));
                var (first, count) = char.IsAsciiDigit(iban.Value[place]) ? ('0', 10) : ('A', 26);
                var wrong = (char)(first + (iban.Value[place] - first + shift) % count);
                Assert.False(Iban.TryParse(iban.Value[..place] + wrong + iban.Value[(place + 1)..], out _, out _));
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    private static readonly Gen<Iban> AnyIban =
        from abi in Gen.Choose(1, 99_999)
        from cab in Gen.Choose(1, 99_999)
        from account in Gen.ArrayOf(Gen.Elements("0123456789AZ".ToCharArray()), 12)
        select Iban.ForItaly($"{abi}", $"{cab}", new(account));
}
