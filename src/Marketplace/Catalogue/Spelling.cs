namespace Borsellino.Marketplace;

/// <summary>Finds the word somebody meant among those that exist. Pure.</summary>
public static class Spelling
{
    /// <summary>
    /// The known word that is fewest slips away from the one typed: a letter missing, too many, wrong, or two
    /// exchanged. One slip is forgiven in words of four letters, two from seven on. Null: none is near enough, or the
    /// word is known as it is.
    /// </summary>
    public static string? Nearest(string typed, IEnumerable<string> known)
    {
        var allowed = typed.Length switch { < 4 => 0, < 7 => 1, _ => 2 };
        string? best = null;
        var fewest = allowed + 1;
        foreach (var word in known)
        {
            if (word == typed) return null;
            if (Math.Abs(word.Length - typed.Length) >= fewest || word.Length < 4) continue;
            var slips = Slips(typed, word, fewest);
            if (slips < fewest || (slips == fewest && best is not null && Better(word, best, typed))) (best, fewest) = (word, slips);
        }

        return best;
    }

    /// <summary>Among equals the one with the same beginning: people get first letters right.</summary>
    private static bool Better(string word, string best, string typed) =>
        CommonStart(word, typed) is var a && CommonStart(best, typed) is var b && (a > b || (a == b && string.CompareOrdinal(word, best) < 0));

    private static int CommonStart(string a, string b)
    {
        var i = 0;
        while (i < a.Length && i < b.Length && a[i] == b[i]) i++;
        return i;
    }

    /// <summary>How many slips lie between two words; gives up with a larger number once more than <paramref name="limit"/> are sure.</summary>
    internal static int Slips(string a, string b, int limit)
    {
        var (before, row, next) = (new int[b.Length + 1], new int[b.Length + 1], new int[b.Length + 1]);
        for (var j = 0; j <= b.Length; j++) row[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            next[0] = i;
            var least = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var same = a[i - 1] == b[j - 1] ? 0 : 1;
                next[j] = Math.Min(Math.Min(row[j], next[j - 1]) + 1, row[j - 1] + same);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) next[j] = Math.Min(next[j], before[j - 2] + 1);
                least = Math.Min(least, next[j]);
            }

            if (least > limit) return least;
            (before, row, next) = (row, next, before);
        }

        return row[b.Length];
    }
}
