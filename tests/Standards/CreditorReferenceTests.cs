using Borsellino.Marketplace.Standards;
using FsCheck;
using FsCheck.Fluent;

namespace Borsellino.Tests.Standards;

public sealed class CreditorReferenceTests
{
    [Theory]
    [InlineData("RF18539007547034")]
    [InlineData("RF712348231")]
    [InlineData("RF2012345678")]
    [InlineData("RF462026000123")]
    [InlineData("RF95V2026000000017")]
    [InlineData("RF85LIQ202611000042")]
    public void A_valid_reference_is_read_and_made(string text)
    {
        var reference = CreditorReference.Parse(text);
        Assert.Equal(text, reference.Value);
        Assert.Equal(text[4..], reference.Body);
        Assert.Equal(reference, CreditorReference.Create(text[4..]));
        Assert.Equal(reference, CreditorReference.Parse(reference.Printed));
    }

    public static TheoryData<string?, CreditorReferenceFault> Faults => new()
    {
        { " ", new CreditorReferenceFault.Empty() },
        { "IT18539007547034", new CreditorReferenceFault.NotRf() },
        { "RF18", new CreditorReferenceFault.WrongLength(4) },
        { "RF181234567890123456789012", new CreditorReferenceFault.WrongLength(26) },
        { "RFA8539007547034", new CreditorReferenceFault.WrongCharacter(3, 'A') },
        { "RF18539007/47034", new CreditorReferenceFault.WrongCharacter(11, '/') },
        { "RF18539007547035", new CreditorReferenceFault.WrongCheckDigits() },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_wrong_reference_is_refused_for_its_reason(string? text, CreditorReferenceFault expected)
    {
        Assert.False(CreditorReference.TryParse(text, out _, out var fault));
        Assert.Equal(expected, fault);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1234567890123456789012")]
    [InlineData("A-1")]
    public void A_body_that_does_not_fit_is_a_mistake(string body) =>
        Assert.Throws<ArgumentException>(() => CreditorReference.Create(body));

    [Fact]
    public void What_is_made_is_read() =>
        Prop.ForAll(Gen.ArrayOf(Gen.Elements("0123456789abcXYZ".ToCharArray())).ToArbitrary(), body =>
        {
            if (body.Length is 0 or > CreditorReference.BodyLengthMax) return;
            var reference = CreditorReference.Create(new(body));
            Assert.Equal(reference, CreditorReference.Parse(reference.Printed));
        }).Check(Config.QuickThrowOnFailure);
}
