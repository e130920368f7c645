using Borsellino.Marketplace.Standards;
using FsCheck;
using FsCheck.Fluent;

namespace Borsellino.Tests.Standards;

public sealed class VatNumberTests
{
    [Theory]
    [InlineData("01234567897")]
    [InlineData("00743110157")]
    [InlineData("12345678903")]
    [InlineData("02182030391")]
    public void A_valid_number_is_read(string text)
    {
        Assert.Equal(text, VatNumber.Parse(text).Value);
        Assert.Equal(text, VatNumber.Parse($" it {text[..4]} {text[4..]}").Value);
        Assert.Equal($"IT{text}", VatNumber.Parse(text).WithCountry);
    }

    public static TheoryData<string?, VatNumberFault> Faults => new()
    {
        { null, new VatNumberFault.Empty() },
        { "IT", new VatNumberFault.Empty() },
        { "0123456789", new VatNumberFault.WrongLength(10) },
        { "012345678977", new VatNumberFault.WrongLength(12) },
        { "0123456789O", new VatNumberFault.NotDigit(11, 'O') },
        { "0123456789٧", new VatNumberFault.NotDigit(11, '٧') },
        { "01234567890", new VatNumberFault.WrongCheckDigit('0', '7') },
        { "09876543210", new VatNumberFault.WrongCheckDigit('0', '7') },
        { "00000000000", new VatNumberFault.AllZeros() },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_wrong_number_is_refused_for_its_reason(string? text, VatNumberFault expected)
    {
        Assert.False(VatNumber.TryParse(text, out _, out var fault));
        Assert.Equal(expected, fault);
    }

    [Fact]
    public void One_wrong_digit_is_always_found() =>
        Prop.ForAll(Gen.Elements("01234567897", "00743110157", "12345678903", "02182030391").ToArbitrary(),
            Gen.Choose(0, 10).ToArbitrary(), Gen.Choose(1, 9).ToArbitrary(), (number, place, shift) =>
            {
                var wrong = (char)('0' + (number[place] - '0' + shift) % 10);
                Assert.False(VatNumber.TryParse(number[..place] + wrong + number[(place + 1)..], out _, out _));
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
}
