using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Borsellino.Ledger;

namespace Borsellino.Marketplace;

/// <summary>
/// The PINs of vouchers: six digits that follow from the booking, or the product, and a key outside the database. Nothing of a PIN is stored, not
/// even a hash: a million of those are tried in a second by whoever reads the table.
/// </summary>
public sealed class VoucherPins
{
    public const int Digits = 6;
    public const int KeyBytes = 32;

    private const int Pins = 1_000_000;

    private readonly byte[] key;

    /// <param name="key">32 secret bytes. Another key makes other PINs, and those on paper are then worth nothing.</param>
    public VoucherPins(byte[] key)
    {
        if (key.Length != KeyBytes) throw new ArgumentException($"The key of vouchers has {KeyBytes} bytes.", nameof(key));
        this.key = key;
    }

    /// <typeparam name="TOf">What the title is of: a booking, or a product.</typeparam>
    public string Of<TOf>(TerritoryId territory, Id<TOf> title) where TOf : IIdentified
    {
        var hash = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"voucher\n{territory}\n{title}"));
        return (BinaryPrimitives.ReadUInt64BigEndian(hash) % Pins).ToString("D6", CultureInfo.InvariantCulture);
    }

    /// <summary>Whether this is the PIN; spaces do not matter, and a wrong one takes as long as the right one.</summary>
    public bool IsRight<TOf>(TerritoryId territory, Id<TOf> title, string pin) where TOf : IIdentified =>
        CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(Of(territory, title)), Encoding.UTF8.GetBytes(string.Concat(pin.Where(c => !char.IsWhiteSpace(c)))));
}
