using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NodaTime;
using NodaTime.Text;

namespace Borsellino.Ledger;

/// <summary>
/// SHA-256 over values one after the other: numbers in eight bytes, ids in sixteen, texts after their length, so that no
/// two lists of values of the same types look alike.
/// </summary>
internal sealed class Digest
{
    private readonly ArrayBufferWriter<byte> bytes = new(256);

    public Digest Add(string text)
    {
        Add((long)Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, bytes);
        return this;
    }

    public Digest Add(Guid id)
    {
        id.TryWriteBytes(bytes.GetSpan(16), bigEndian: true, out _);
        bytes.Advance(16);
        return this;
    }

    public Digest Add(long number)
    {
        BinaryPrimitives.WriteInt64BigEndian(bytes.GetSpan(8), number);
        bytes.Advance(8);
        return this;
    }

    public Digest Add(LocalDate day) => Add((long)(day.Year * 10_000) + (day.Month * 100) + day.Day);

    public Digest Add(Instant instant) => Add(instant.ToUnixTimeTicks());

    public byte[] Hash() => SHA256.HashData(bytes.WrittenSpan);

    /// <summary>SHA-256 over parts of any kind as text, each after its length.</summary>
    public static byte[] Of(params ReadOnlySpan<object> parts)
    {
        var digest = new Digest();
        foreach (var part in parts)
        {
            digest.Add(part switch
            {
                LocalDate day => LocalDatePattern.Iso.Format(day),
                Instant instant => InstantPattern.ExtendedIso.Format(instant),
                IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
                _ => part.ToString() ?? "",
            });
        }

        return digest.Hash();
    }
}
