using System.Net;
using System.Text.RegularExpressions;
using Borsellino.Marketplace;

namespace Borsellino.Tests.Web;

/// <summary>
/// What somebody can reach in a territory by following links from their home: addresses, and one form of each kind from a few
/// pages of each kind, because a booking shows other forms at each step.
/// </summary>
/// <param name="Forms">One of each kind.</param>
/// <param name="Paths">Every address that was shown.</param>
/// <param name="Broken">What could not be shown, and how it was answered.</param>
public sealed partial record Crawl(IReadOnlyList<WebForm> Forms, IReadOnlyList<string> Paths, IReadOnlyList<string> Broken)
{
    /// <summary>More kinds of addresses than any role has: a crawl that runs away is a failure.</summary>
    private const int PagesMax = 90;

    private const int PagesOfAKind = 4;

    public static async Task<Crawl> AsAsync(HttpClient client, string place, Role? role)
    {
        var (forms, paths, broken, kinds) = (new List<WebForm>(), new List<string>(), new List<string>(), new HashSet<string>(StringComparer.Ordinal));
        var (seen, looked) = (new HashSet<string>(StringComparer.Ordinal), new Dictionary<string, int>(StringComparer.Ordinal));
        var waiting = new Queue<string>(Doors(role).Select(door => $"/{place}{door}"));
        while (waiting.TryDequeue(out var path))
        {
            if (!seen.Add(path) || (looked[Kind(path)] = looked.GetValueOrDefault(Kind(path)) + 1) > PagesOfAKind) continue;
            Assert.True(looked.Count <= PagesMax, "The crawl runs away: " + string.Join(' ', looked.Keys));
            var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
            if (answer.StatusCode is not HttpStatusCode.OK)
            {
                if ((int)answer.StatusCode >= 400) broken.Add($"{path} answers {answer.StatusCode}");
                continue;
            }

            paths.Add(path);
            var html = await answer.Content.ReadAsStringAsync();
            foreach (Match link in Link().Matches(html))
            {
                if (WebUtility.HtmlDecode(link.Groups["to"].Value) is var to && to.StartsWith($"/{place}/", StringComparison.Ordinal)) waiting.Enqueue(Kept(to));
            }

            foreach (var form in WebForm.On(path, html).Where(f => kinds.Add($"{f.Method} {Kind(f.Action)} {string.Join(',', f.Fields.Select(x => x.Name))}")))
            {
                forms.Add(form);
                if (form.Method == "get") waiting.Enqueue(form.Action.Split('?')[0] + "?" + Query(form.Untouched()));
            }
        }

        return new(forms, paths, broken);
    }

    public static string Query(IEnumerable<KeyValuePair<string, string>> fields) =>
        string.Join('&', fields.Select(f => $"{Uri.EscapeDataString(f.Key)}={Uri.EscapeDataString(f.Value)}"));

    /// <summary>An address without what is different from one page of its kind to the next.</summary>
    public static string Kind(string address) => Variable().Replace(AnId().Replace(address, "-"), "/-");

    [GeneratedRegex("[a-z]+_[0-9a-f]{32}", RegexOptions.ExplicitCapture, 1000)]
    public static partial Regex AnId();

    private static string[] Doors(Role? role) => role switch
    {
        null => ["/", "/entra"],
        Role.Household => ["/borsellino"],
        Role.Provider => ["/ente"],
        Role.Officer => ["/comune"],
        Role.Finance => ["/ragioneria"],
        Role.SocialPoint => ["/sportello/richieste"],
        Role.Administrator => ["/amministrazione"],
        _ => ["/profilo"],
    };

    /// <summary>Steps in between have an address of their own; what else stands in a query filters the same page.</summary>
    private static string Kept(string address) => address.Contains("passo=", StringComparison.Ordinal) || address.Contains("voto=", StringComparison.Ordinal)
        ? address.Split('#')[0] : address.Split('?', '#')[0];

    [GeneratedRegex("/([0-9]{4}-[0-9]{2}(-[0-9]{2})?|[0-9]+|(?<=/(conti|tipologie)/)[a-z0-9_-]+)(?=/|$|\\?)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Variable();

    [GeneratedRegex("<(a|button) [^>]*(href|formaction)=\"(?<to>/[a-z0-9-]+/[^\"]*)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Link();
}
