using System.Net;
using System.Text.RegularExpressions;

namespace Borsellino.Tests.Web;

/// <summary>A control of a form: what it is called, what it would send, and what it is for.</summary>
/// <param name="Kind">The type of an input, or <c>select</c> or <c>textarea</c>; <c>decimal</c> and <c>numeric</c> by their keyboard.</param>
/// <param name="IsOptional">A file that need not be chosen.</param>
public sealed record WebField(string Name, string Value, string Kind, bool IsOptional = false);

/// <summary>A form as a page shows it, read from its HTML.</summary>
/// <param name="Page">The address of the page that shows it.</param>
public sealed partial record WebForm(string Page, string Method, string Action, bool HasFiles, IReadOnlyList<WebField> Fields)
{
    public const string Token = "__RequestVerificationToken";

    /// <summary>Every form of a page.</summary>
    public static IReadOnlyList<WebForm> On(string path, string html) => [.. FormTag().Matches(html).Select(m => Read(path, m))];

    /// <summary>What a person who changes nothing would send.</summary>
    public List<KeyValuePair<string, string>> Untouched() => With(-1, "");

    /// <summary>The same with the answer to one control changed.</summary>
    public List<KeyValuePair<string, string>> With(int changed, string value) =>
        [.. Fields.Select((f, i) => (f, i)).Where(x => x.f.Kind is not "file").Select(x => KeyValuePair.Create(x.f.Name, x.i == changed ? value : x.f.Value))];

    private static WebForm Read(string path, Match form)
    {
        var body = form.Groups["body"].Value;
        var fields = new List<WebField>();
        foreach (Match control in Control().Matches(body))
        {
            var tag = control.Groups["tag"].Value;
            if (Attribute(tag, "name") is not { Length: > 0 } name) continue;
            var type = control.Groups["kind"].Value is "input" ? Attribute(tag, "type") ?? "text" : control.Groups["kind"].Value;
            var isChosen = tag.Contains(" checked", StringComparison.Ordinal);
            // Of several radios with one name, one answers; an empty box says nothing.
            if (type is "radio" && !isChosen && fields.Any(f => f.Name == name)) continue;
            if (type is "checkbox" && !isChosen) continue;
            if (type is "radio") fields.RemoveAll(f => f.Name == name);
            fields.Add(new(name, ValueOf(type, tag, control.Groups["inside"].Value), Attribute(tag, "inputmode") is "decimal" or "numeric" ? Attribute(tag, "inputmode")! : type,
                type is "file" && !tag.Contains(" required", StringComparison.Ordinal)));
        }

        var head = form.Groups["head"].Value;
        var action = WebUtility.HtmlDecode(Attribute(head, "action") ?? path);
        if (action.StartsWith('?')) action = path.Split('?')[0] + action;
        return new(path, Attribute(head, "method") ?? "get", action.Length == 0 ? path : action, head.Contains("multipart", StringComparison.Ordinal), fields);
    }

    private static string ValueOf(string type, string tag, string inside) => WebUtility.HtmlDecode(type switch
    {
        "textarea" => inside.Trim(),
        "select" => Chosen([.. Option().Matches(inside).Select(o => o.Value)]),
        _ => Attribute(tag, "value") ?? "",
    });

    /// <summary>The option that is selected, or else the first that says anything.</summary>
    private static string Chosen(IReadOnlyList<string> options) =>
        options.Where(o => o.Contains(" selected", StringComparison.Ordinal)).Concat(options).Select(o => Attribute(o, "value")).FirstOrDefault(v => v is { Length: > 0 }) ?? "";

    private static string? Attribute(string tag, string name)
    {
        var match = Regex.Match(tag, $"\\s{name}=\"(?<value>[^\"]*)\"", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
        return match.Success ? match.Groups["value"].Value : null;
    }

    [GeneratedRegex("<form(?<head>[^>]*)>(?<body>.*?)</form>", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 2000)]
    private static partial Regex FormTag();

    [GeneratedRegex("(?<tag><(?<kind>input|select|textarea)\\b[^>]*>)(?<inside>(?<=<(select|textarea)\\b[^>]*>).*?(?=</(select|textarea)>))?", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 2000)]
    private static partial Regex Control();

    [GeneratedRegex("<option[^>]*>", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Option();
}
