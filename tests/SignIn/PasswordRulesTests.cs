using Borsellino.Marketplace;
using Borsellino.Web.SignIn;

namespace Borsellino.Tests.SignIn;

/// <summary>Long and unlikely is enough; signs, capitals and months are nobody's business (ASVS 5.0, 6.2).</summary>
public sealed class PasswordRulesTests
{
    [Theory]
    [InlineData("corta12")]
    [InlineData("")]
    public void Seven_characters_are_too_few(string password) => Assert.IsType<PasswordFault.TooShort>(PasswordRules.FaultOf(password));

    [Fact]
    public void As_many_as_128_are_taken_as_they_are()
    {
        var longest = string.Concat(Enumerable.Range(0, 128).Select(i => (char)('a' + (i * 7 % 26))));
        Assert.Null(PasswordRules.FaultOf(longest));
        Assert.IsType<PasswordFault.TooLong>(PasswordRules.FaultOf(longest + "x"));
    }

    [Theory]
    [InlineData("password")]
    [InlineData("PassWord")]
    [InlineData("12345678")]
    [InlineData("juventus1")]
    [InlineData("benvenuto")]
    [InlineData("aaaaaaaaaaaa")]
    [InlineData("abababababab")]
    public void What_is_tried_first_is_refused(string password) => Assert.IsType<PasswordFault.Common>(PasswordRules.FaultOf(password));

    [Theory]
    [InlineData("AnnaBianchi1")]
    [InlineData("bianchi.anna")]
    [InlineData("borsellino26")]
    [InlineData("vallecorta!1")]
    public void A_name_with_a_number_is_refused(string password) =>
        Assert.IsType<PasswordFault.Guessable>(PasswordRules.FaultOf(password, "anna.bianchi@example.org", "Anna Bianchi", "Vallecorta"));

    [Theory]
    [InlineData("tre capre nel borsellino")]
    [InlineData("solo lettere minuscole")]
    [InlineData("48213907")]
    [InlineData("Anna e il treno di mezzanotte")]
    public void No_sign_capital_or_digit_is_asked_for(string password) =>
        Assert.Null(PasswordRules.FaultOf(password, "anna.bianchi@example.org", "Anna Bianchi", "Vallecorta"));

    [Fact]
    public void More_than_three_thousand_are_known()
    {
        using var list = typeof(PasswordRules).Assembly.GetManifestResourceStream("common-passwords.txt")!;
        using var reader = new StreamReader(list);
        var known = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => l[0] != '#').ToList();
        Assert.True(known.Count > 3_000);
        Assert.All(known, k => Assert.IsType<PasswordFault.Common>(PasswordRules.FaultOf(k)));
    }

    [Fact]
    public void Every_fault_has_a_sentence()
    {
        PasswordFault[] all = [new PasswordFault.TooShort(), new PasswordFault.TooLong(), new PasswordFault.Common(), new PasswordFault.Guessable()];
        Assert.Equal(typeof(PasswordFault).GetNestedTypes().Length, all.Length);
        Assert.All(all, fault => Assert.NotEmpty(PasswordWords.Sentence(fault)));
    }
}
