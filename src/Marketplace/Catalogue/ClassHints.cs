namespace Borsellino.Marketplace;

/// <summary>
/// Which classes a searched word may mean, by their names in both languages and their synonyms: "badante" means home
/// care although no offer says so. Pure; made once for a tree.
/// </summary>
public sealed class ClassHints
{
    private readonly ClassTree tree;
    private readonly Dictionary<string, HashSet<string>> classesByStem = new(StringComparer.Ordinal);
    private readonly HashSet<string> words = new(StringComparer.Ordinal);
    private readonly List<(string Code, HashSet<string> Stems)> terms = [];

    public ClassHints(ClassTree tree)
    {
        this.tree = tree;
        foreach (var c in tree.All)
        {
            foreach (var term in c.Synonyms.Split(',').Append(c.NameIt).Append(c.NameEn)) Learn(c.Code, term);
        }
    }

    /// <summary>The words of all names and synonyms.</summary>
    public IReadOnlyCollection<string> Words => words;

    public bool Knows(string word) => words.Contains(word);

    /// <summary>The codes of the classes of which a name or a synonym has the word, and of those below them.</summary>
    public IReadOnlyList<string> Of(string word) =>
        classesByStem.TryGetValue(SearchWords.Stem(word), out var codes)
            ? [.. codes.SelectMany(tree.Within).Distinct(StringComparer.Ordinal)]
            : [];

    /// <summary>The classes of which a whole name or synonym stands among the words: what the person means, most likely.</summary>
    public IReadOnlyList<string> Named(IReadOnlyList<string> searched)
    {
        var stems = searched.Select(SearchWords.Stem).ToHashSet(StringComparer.Ordinal);
        return [.. terms.Where(t => t.Stems.IsSubsetOf(stems)).Select(t => t.Code).SelectMany(tree.Within).Distinct(StringComparer.Ordinal)];
    }

    private void Learn(string code, string term)
    {
        var parts = SearchWords.Split(term).Where(w => !SearchWords.SaysNothing(w)).ToList();
        if (parts.Count == 0) return;
        foreach (var word in parts)
        {
            words.Add(word);
            var stem = SearchWords.Stem(word);
            if (!classesByStem.TryGetValue(stem, out var codes)) classesByStem[stem] = codes = new(StringComparer.Ordinal);
            codes.Add(code);
        }

        terms.Add((code, parts.Select(SearchWords.Stem).ToHashSet(StringComparer.Ordinal)));
    }
}
