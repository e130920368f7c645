using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NodaTime;

namespace Borsellino.Marketplace.Standards;

/// <summary>
/// Codes that a telephone and we compute from the same secret and the same half minute (RFC 6238, over RFC 4226), in the
/// form all such apps know: SHA-1, six digits, thirty seconds.
/// </summary>
public static class Totp
{
    public const int Digits = 6;

    /// <summary>A secret is as long as the hash, as RFC 4226 advises.</summary>
    public const int SecretBytes = 20;

    private const int StepSeconds = 30;
    private const string Base32Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public static byte[] NewSecret() => RandomNumberGenerator.GetBytes(SecretBytes);

    /// <summary>The half minutes since 1970.</summary>
    public static long StepAt(Instant instant) => instant.ToUnixTimeSeconds() / StepSeconds;

    /// <summary>The code of one half minute. Up to eight digits, as in the vectors of the RFC.</summary>
    [SuppressMessage("Security", "CA5350", Justification = "HMAC with SHA-1 is what the apps on people's telephones speak; it is not broken as a MAC.")]
    public static string CodeAt(byte[] secret, long step, int digits = Digits)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> mac = stackalloc byte[HMACSHA1.HashSizeInBytes];
        HMACSHA1.HashData(secret, counter, mac);
        var number = BinaryPrimitives.ReadInt32BigEndian(mac[(mac[^1] & 0x0F)..]) & 0x7FFF_FFFF;
        var modulus = 1;
        for (var i = 0; i < digits; i++) modulus *= 10;
        return (number % modulus).ToString($"D{digits}", CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// The half minute whose code this is: the present one, or the one before or after, because clocks differ and typing
    /// takes time. Null when it is none of them.
    /// </summary>
    public static long? StepOf(byte[] secret, string code, Instant now)
    {
        long? found = null;
        var typed = Encoding.UTF8.GetBytes(code);
        for (var step = StepAt(now) - 1; step <= StepAt(now) + 1; step++)
        {
            // All three are compared, each in full, so that time tells nothing.
            if (CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(CodeAt(secret, step)), typed)) found = step;
        }

        return found;
    }

    /// <summary>The secret as people type it into their app (RFC 4648, without padding).</summary>
    public static string Base32(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        var (bits, count) = (0, 0);
        foreach (var b in bytes)
        {
            (bits, count) = (((bits & 0xFF) << 8) | b, count + 8);
            for (; count >= 5; count -= 5) text.Append(Base32Alphabet[(bits >> (count - 5)) & 31]);
        }

        if (count > 0) text.Append(Base32Alphabet[(bits << (5 - count)) & 31]);
        return text.ToString();
    }
}
