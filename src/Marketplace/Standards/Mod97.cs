namespace Borsellino.Marketplace.Standards;

/// <summary>The two check digits of ISO 7064 (mod 97-10), as bank accounts and creditor references carry them.</summary>
internal static class Mod97
{
    /// <summary>
    /// The two digits that belong between <paramref name="prefix"/> and <paramref name="body"/>. Comparing with these
    /// is stricter than asking for a remainder of 1, which 00, 01 and 99 could also give.
    /// </summary>
    public static string CheckDigits(ReadOnlySpan<char> prefix, ReadOnlySpan<char> body) =>
        $"{98 - Remainder(Remainder(Remainder(0, body), prefix), "00"):00}";

    private static int Remainder(int start, ReadOnlySpan<char> text)
    {
        var remainder = start;
        foreach (var c in text)
        {
            remainder = c is >= '0' and <= '9'
                ? (remainder * 10 + (c - '0')) % 97
                : (remainder * 100 + (c - 'A' + 10)) % 97;
        }
        return remainder;
    }
}
