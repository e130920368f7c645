using System.Globalization;
using System.Text;

namespace Borsellino.Marketplace.Standards;

/// <summary>How codes are cleaned before they are read, and how names become plain Latin letters.</summary>
internal static class CodeText
{
    /// <summary>Without white space of any kind and with a to z raised; nothing else is changed.</summary>
    public static string Compact(string? text)
    {
        if (string.IsNullOrEmpty(text)) return "";
        var compact = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            // Zero-width marks come along when a code is copied from a web page or a PDF, and nobody can see them.
            if (char.IsWhiteSpace(c) || CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.Format) continue;
            compact.Append(char.IsAsciiLetterLower(c) ? (char)(c - 'a' + 'A') : c);
        }
        return compact.ToString();
    }

    /// <summary>In groups of four, as codes are printed on paper.</summary>
    public static string InFours(string code, char separator) =>
        string.Join(separator, code.Chunk(4).Select(group => new string(group)));

    /// <summary>Letters lose their accents, and the few that do not decompose are spelled out (ß as ss, ø as o).</summary>
    public static string WithoutAccents(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var rune in Decomposed(text).EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark) continue;
            plain.Append(rune.Value switch
            {
                'ß' => "ss",
                'ẞ' => "SS",
                'æ' => "ae",
                'Æ' => "AE",
                'œ' => "oe",
                'Œ' => "OE",
                'ø' => "o",
                'Ø' => "O",
                'đ' or 'ð' => "d",
                'Đ' or 'Ð' => "D",
                'ł' => "l",
                'Ł' => "L",
                'þ' => "th",
                'Þ' => "TH",
                'ı' => "i",
                _ => rune.ToString(),
            });
        }
        return plain.ToString();
    }

    // A text with half a surrogate pair cannot be normalised: EnumerateRunes first makes it whole.
    private static string Decomposed(string text) =>
        string.Concat(text.EnumerateRunes().Select(rune => rune.ToString())).Normalize(NormalizationForm.FormD);
}
