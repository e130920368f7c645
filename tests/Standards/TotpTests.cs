using System.Text;
using Borsellino.Marketplace.Standards;
using NodaTime;

namespace Borsellino.Tests.Standards;

/// <summary>The vectors of RFC 6238 (appendix B, SHA-1) and RFC 4648 (section 10), and how far clocks may differ.</summary>
public sealed class TotpTests
{
    private static readonly byte[] Secret = Encoding.ASCII.GetBytes("12345678901234567890");

    [Theory]
    [InlineData(59, "94287082")]
    [InlineData(1111111109, "07081804")]
    [InlineData(1111111111, "14050471")]
    [InlineData(1234567890, "89005924")]
    [InlineData(2000000000, "69279037")]
    [InlineData(20000000000, "65353130")]
    public void The_vectors_of_the_standard(long seconds, string code) =>
        Assert.Equal(code, Totp.CodeAt(Secret, Totp.StepAt(Instant.FromUnixTimeSeconds(seconds)), digits: 8));

    [Theory]
    [InlineData("", "")]
    [InlineData("f", "MY")]
    [InlineData("fo", "MZXQ")]
    [InlineData("foo", "MZXW6")]
    [InlineData("foob", "MZXW6YQ")]
    [InlineData("fooba", "MZXW6YTB")]
    [InlineData("foobar", "MZXW6YTBOI")]
    public void The_secret_is_written_in_base_32(string bytes, string text) => Assert.Equal(text, Totp.Base32(Encoding.ASCII.GetBytes(bytes)));

    [Fact]
    public void A_code_is_known_half_a_minute_early_and_late_and_no_more()
    {
        var now = Instant.FromUtc(2026, 11, 16, 9, 0);
        for (var off = -3; off <= 3; off++)
        {
            var step = Totp.StepAt(now) + off;
            Assert.Equal(Math.Abs(off) <= 1 ? step : (long?)null, Totp.StepOf(Secret, Totp.CodeAt(Secret, step), now));
        }

        Assert.Null(Totp.StepOf(Secret, "", now));
        Assert.Null(Totp.StepOf(Secret, "12345é", now));
    }
}
