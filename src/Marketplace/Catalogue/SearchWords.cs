using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Borsellino.Marketplace;

/// <summary>What a person typed, as words that can be looked for. Pure.</summary>
public static class SearchWords
{
    /// <summary>What is typed beyond this is not read.</summary>
    public const int TextMax = 100;

    /// <summary>More words than this are left out: nobody's need has so many.</summary>
    public const int WordsMax = 6;

    // Words that say nothing about the service. Those of the dictionaries of PostgreSQL are dropped there too, but
    // here they must not keep a class from being recognised.
    private static readonly FrozenSet<string> Empty = (
        "a ad al alla alle agli ai allo anche avere bisogno c che chi ci come con cosa cerco cerca cercare da dal dalla dei del della delle di "
        + "dove due e ed essere fare gli ha ho i il in io l la le lo mi mia mie miei mio mamma ma ne nel nella non o per piu qualcuno quale si "
        + "servizio servizi serve sono su sua sue suo sul sulla tra trovare tutti un una uno vicino voglio vorrei "
        + "an and any are at for from get have help i in is like looking me my near need of on or service services some the to want with").Split(' ').ToFrozenSet(StringComparer.Ordinal);

    /// <summary>
    /// The words of a text in small letters without accents, at most <see cref="WordsMax"/>, without those that say
    /// nothing. Two words that <paramref name="known"/> has as one ("dopo scuola") become one.
    /// </summary>
    public static IReadOnlyList<string> Of(string text, Func<string, bool>? known = null)
    {
        var all = Split(text.Length > TextMax ? text[..TextMax] : text);
        var words = new List<string>();
        for (var i = 0; i < all.Count; i++)
        {
            if (known is not null && i + 1 < all.Count && known(all[i] + all[i + 1]))
            {
                words.Add(all[i] + all[i + 1]);
                i++;
            }
            else if (!Empty.Contains(all[i]))
            {
                words.Add(all[i]);
            }
        }

        return [.. words.Distinct(StringComparer.Ordinal).Take(WordsMax)];
    }

    /// <summary>Letters and digits in a row, in small letters without accents.</summary>
    internal static List<string> Split(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (var c in text.ToLowerInvariant().Normalize(NormalizationForm.FormD))
        {
            if (char.IsLetterOrDigit(c)) word.Append(c);
            else if (CharUnicodeInfo.GetUnicodeCategory(c) is not UnicodeCategory.NonSpacingMark) End();
        }

        End();
        return words;

        void End()
        {
            if (word.Length > 0) words.Add(word.ToString());
            word.Clear();
        }
    }

    internal static bool SaysNothing(string word) => Empty.Contains(word);

    /// <summary>
    /// The part of a word that stays when it is one or many, he or she: "badante" and "badanti" give the same. It is
    /// coarser than a dictionary's stem, which is right for the few dozen words of a tree of classes.
    /// </summary>
    internal static string Stem(string word)
    {
        var end = word.Length;
        if (end > 4 && word[end - 1] == 's') end--;
        while (end > 3 && "aeio".Contains(word[end - 1], StringComparison.Ordinal)) end--;
        // The h of "amiche" only keeps the c hard.
        if (end > 3 && end < word.Length && word[end - 1] == 'h') end--;
        return word[..end];
    }
}
