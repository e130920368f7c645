using System.Globalization;
using System.Text;

namespace Borsellino.Marketplace.Standards;

/// <summary>
/// Text as every bank of the euro payments area accepts it: Latin letters without accents, digits, space and
/// <c>/ - ? : ( ) . , ' +</c>. Other signs become the nearest of these, or a full stop.
/// </summary>
public static class SepaText
{
    private const string Marks = "/-?:().,'+";

    /// <summary>The text in those characters, with single spaces, cut to a length at most.</summary>
    public static string Of(string? text, int lengthMax)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(lengthMax);
        var plain = new StringBuilder();
        foreach (var rune in CodeText.WithoutAccents(text ?? "").EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune))
            {
                if (plain.Length > 0 && plain[^1] != ' ') plain.Append(' ');
            }
            else if (!Rune.IsControl(rune) && Rune.GetUnicodeCategory(rune) != UnicodeCategory.Format)
            {
                plain.Append(Nearest(rune));
            }
        }
        // Every character is one byte by now, so a cut never falls inside one.
        if (plain.Length > lengthMax) plain.Length = lengthMax;
        return plain.ToString().TrimEnd(' ');
    }

    /// <summary>Whether a text can stand as an identifier: allowed characters only, and slashes only between others.</summary>
    public static bool IsIdentifier(string text) =>
        text.Length > 0
        && text.All(c => c == ' ' || IsAllowed(c))
        && text.Trim() == text
        && !text.StartsWith('/') && !text.EndsWith('/') && !text.Contains("//", StringComparison.Ordinal);

    private static string Nearest(Rune rune) => rune.Value switch
    {
        '&' => "+",
        '_' or '~' or '‐' or '‑' or '–' or '—' or '−' => "-",
        '`' or '´' or '‘' or '’' or 'ʼ' or '′' => "'",
        '[' or '{' => "(",
        ']' or '}' => ")",
        '\\' or '|' => "/",
        ';' => ",",
        '€' => "EUR",
        '°' or 'º' => "o",
        'ª' => "a",
        '…' => "...",
        _ => rune.IsAscii && IsAllowed((char)rune.Value) ? rune.ToString() : ".",
    };

    private static bool IsAllowed(char c) => char.IsAsciiLetterOrDigit(c) || Marks.Contains(c, StringComparison.Ordinal);
}
