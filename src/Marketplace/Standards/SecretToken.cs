using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Borsellino.Marketplace.Standards;

/// <summary>
/// A text that lets in whoever holds it: a cookie, a link in a message. 256 random bits; the database keeps the hash
/// alone, so that whoever reads it can enter nowhere.
/// </summary>
public static class SecretToken
{
    private const int Bytes = 32;

    /// <summary>A new one: 43 characters that need no quoting in cookies and addresses.</summary>
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>What is stored. A plain hash will do: nobody tries 2²⁵⁶ texts.</summary>
    public static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
