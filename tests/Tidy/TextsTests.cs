using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Borsellino.Web;

namespace Borsellino.Tests.Tidy;

/// <summary>Every sentence of the front exists in both languages, and none is kept that nobody says.</summary>
public sealed partial class TextsTests
{
    [Fact]
    public void Every_sentence_has_its_english()
    {
        Assert.Empty(Texts.MissingInEnglish(Keys()));
    }

    [Fact]
    public void No_english_is_left_without_its_sentence()
    {
        Assert.Empty(Texts.UnusedInEnglish(Keys()));
    }

    [Fact]
    public void The_scan_sees_every_way_to_say_a_sentence()
    {
        const string Page = """
            @T["a"] @T["b {0}", 1] @T.Html("c \"d\"", x) @T.Count(n, "one", "{0} many") Texts.Say("e") Texts.Key("f")
            """;
        Assert.Equal<string>(["a", "b {0}", "c \"d\"", "e", "f", "one", "{0} many"], KeysIn(Page), StringComparer.Ordinal);
    }

    private static List<string> Keys([CallerFilePath] string here = "")
    {
        var web = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../src/Web"));
        return Directory.EnumerateFiles(web, "*.cs*", SearchOption.AllDirectories)
            .Where(file => file.EndsWith(".cs", StringComparison.Ordinal) || file.EndsWith(".cshtml", StringComparison.Ordinal))
            .Where(file => !Path.GetRelativePath(web, file).Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"))
            .SelectMany(file => KeysIn(File.ReadAllText(file))).Distinct(StringComparer.Ordinal).ToList();
    }

    private static IEnumerable<string> KeysIn(string source) =>
        Spoken().Matches(source).Select(match => match.Groups["key"].Value)
            .Concat(Counted().Matches(source).SelectMany(match => new[] { match.Groups["one"].Value, match.Groups["many"].Value }))
            .Select(Regex.Unescape);

    [GeneratedRegex("""\b(?:T|texts|Texts)(?:\[|\.(?:Html|Say|Key)\()\s*"(?<key>(?:[^"\\]|\\.)+)"[\],)\s]""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Spoken();

    [GeneratedRegex("""\b(?:T|texts|Texts)\.Count\([^"]*?,\s*"(?<one>(?:[^"\\]|\\.)+)",\s*"(?<many>(?:[^"\\]|\\.)+)"\)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Counted();
}
