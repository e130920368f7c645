using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Html;
using Microsoft.Extensions.Localization;

namespace Borsellino.Web;

/// <summary>
/// The words of the pages. The Italian sentence is its own key; English stands in <c>Texts/en/*.json</c>, one flat
/// object for each area. A sentence without an English entry is shown in Italian (a test finds it first).
/// </summary>
public sealed class Texts : IStringLocalizer
{
    private static readonly FrozenDictionary<string, string> English = Load("Texts/en/");

    public LocalizedString this[string name] => new(name, Find(name), resourceNotFound: false);

    public LocalizedString this[string name, params object[] arguments] =>
        new(name, string.Format(CultureInfo.CurrentCulture, Find(name), arguments), resourceNotFound: false);

    /// <summary>
    /// A sentence that carries markup of ours (<c>&lt;strong&gt;</c>, a link). Arguments are encoded unless they are
    /// HTML already, so what people typed stays text.
    /// </summary>
    public IHtmlContent Html(string name, params object[] arguments) =>
        new HtmlFormattableString(CultureInfo.CurrentCulture, Find(name), arguments);

    /// <summary>Chooses between one and many; both may use <c>{0}</c>, the number with its thousands set apart.</summary>
    public string Count(long count, string one, string many) =>
        string.Format(CultureInfo.CurrentCulture, Find(count == 1 ? one : many), Display.Number(count));

    /// <summary>The same as the indexer, for code that is not a page.</summary>
    public static string Say(string name, params object[] arguments) =>
        arguments.Length == 0 ? Find(name) : string.Format(CultureInfo.CurrentCulture, Find(name), arguments);

    /// <summary>Marks a sentence that a page will translate later, so that the test knows it is in use.</summary>
    public static string Key(string name) => name;

    /// <summary>Those of <paramref name="keys"/> that have no English entry.</summary>
    public static IReadOnlyList<string> MissingInEnglish(IEnumerable<string> keys) =>
        [.. keys.Where(key => !English.ContainsKey(key)).Distinct(StringComparer.Ordinal)];

    /// <summary>English entries that none of <paramref name="keys"/> asks for.</summary>
    public static IReadOnlyList<string> UnusedInEnglish(IEnumerable<string> keys) =>
        [.. English.Keys.Except(keys, StringComparer.Ordinal)];

    public IEnumerable<LocalizedString> GetAllStrings(bool includeParentCultures) =>
        English.Keys.Select(key => this[key]);

    private static string Find(string name) =>
        Language.IsEnglish && English.TryGetValue(name, out var english) ? english : name;

    private static FrozenDictionary<string, string> Load(string folder)
    {
        var assembly = typeof(Texts).Assembly;
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var resource in assembly.GetManifestResourceNames().Order(StringComparer.Ordinal))
        {
            if (!resource.Replace('\\', '/').StartsWith(folder, StringComparison.Ordinal)) continue;
            using var stream = assembly.GetManifestResourceStream(resource)!;
            foreach (var (key, value) in JsonSerializer.Deserialize<Dictionary<string, string>>(stream)!)
            {
                // Two areas may share a sentence; they may not disagree about it.
                if (!texts.TryAdd(key, value) && texts[key] != value)
                    throw new InvalidDataException($"{resource}: \"{key}\" already has another translation.");
            }
        }
        return texts.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
