namespace Borsellino.Marketplace.Standards;

/// <summary>
/// The control letter that Italian tax codes and Italian bank accounts share: every character has one weight in odd
/// places and another in even ones, and the sum modulo 26 is the letter.
/// </summary>
internal static class CheckLetter
{
    // Weights of A to Z in odd places; a digit weighs there what the letter of the same rank weighs (0 as A, 9 as J).
    // The 26 weights are all different, so exchanging one letter for another never goes unseen.
    private static ReadOnlySpan<byte> OddWeights =>
        [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

    /// <summary>The letter for a text of A to Z and 0 to 9. Anything else is the caller's mistake and throws.</summary>
    public static char Of(ReadOnlySpan<char> text)
    {
        var sum = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var rank = Rank(text[i]);
            // The first character is the first odd place, and its index is 0.
            sum += i % 2 == 0 ? OddWeights[rank] : rank;
        }
        return (char)('A' + sum % 26);
    }

    private static int Rank(char c) => c switch
    {
        >= '0' and <= '9' => c - '0',
        >= 'A' and <= 'Z' => c - 'A',
        _ => throw new ArgumentException($"No weight for the character {(int)c:X4}.", nameof(c)),
    };
}
