using System.Text.RegularExpressions;
using Borsellino.Marketplace;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Borsellino.Tests.Journeys;

/// <summary>
/// Follows every link that a visitor and each kind of signed-in person can see, one page of each kind, on a phone and at a desk.
/// Each page must answer, have one heading and a title, fit its width, say nothing on the console and pass axe (WCAG 2.2 AA and
/// its best practice, the order of headings among them).
/// </summary>
public sealed partial class EveryPage(RunningTown town)
{
    /// <summary>More kinds of pages than any role has: a crawl that runs away is a failure.</summary>
    private const int PagesMax = 60;

    /// <summary>Pages that are the same for whoever has signed in: looking once, as a visitor, is enough.</summary>
    private static readonly string[] ForAnyone = ["/tradate/", "/tradate/accessibilita", "/tradate/privacy", "/tradate/note-legali", "/tradate/aiuto"];

    private static readonly string[] Rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

    public static TheoryData<Role?> Visitors => new((Role?)null, Role.Household, Role.Provider, Role.Officer, Role.Finance);

    [Theory]
    [MemberData(nameof(Visitors))]
    public async Task Every_page_is_sound_on_a_phone_and_at_a_desk(Role? role)
    {
        var page = await town.VisitAsync();
        if (role is { } wears) await town.EnterAsync(page, "tradate", wears);
        var said = new List<string>();
        page.Console += (_, message) =>
        {
            // Bootstrap Italia brings a font of its video player inside its style sheet; the policy keeps it out, and nothing is lost.
            if (message.Type is "error" or "warning" && !message.Text.Contains("font 'data:", StringComparison.Ordinal)) said.Add($"{page.Url}: {message.Text}");
        };

        var wrong = new List<string>();
        var kinds = new HashSet<string>(StringComparer.Ordinal);
        var waiting = new Queue<string>(role is null ? ["/tradate/", "/tradate/entra"] : [new Uri(page.Url).AbsolutePath]);
        while (waiting.TryDequeue(out var path))
        {
            if (IsSeenByVisitors(path, role) || !kinds.Add(Kind(path))) continue;
            Assert.True(kinds.Count <= PagesMax, "The crawl runs away: " + string.Join(' ', kinds));
            var answer = await page.GotoAsync(path);
            if (answer is null || answer.Status != 200)
            {
                wrong.Add($"{path}: answers {answer?.Status}");
                continue;
            }

            foreach (var link in await LinksAsync(page)) waiting.Enqueue(link);
            wrong.AddRange((await LookAsync(page, path)).Select(what => $"{path}: {what}"));
        }

        Assert.True(kinds.Count >= 4, "Too few pages were found: " + string.Join(' ', kinds));
        Assert.True(said.Count + wrong.Count == 0, string.Join('\n', said.Concat(wrong)));
    }

    private static async Task<List<string>> LookAsync(IPage page, string path)
    {
        var wrong = new List<string>();
        if (await page.Locator("h1").CountAsync() != 1) wrong.Add($"{await page.Locator("h1").CountAsync()} main headings");
        var title = await page.TitleAsync();
        if (!title.Contains("Borsellino", StringComparison.Ordinal)) wrong.Add($"the title is '{title}'");
        foreach (var (width, height) in new[] { (1280, 900), (390, 844) })
        {
            await page.SetViewportSizeAsync(width, height);
            if (await OverflowAsync(page) is > 0 and var overflow) wrong.Add($"at {width} px it is {overflow} px too wide");
            // In one go inside the page: there are no frames, for which it would open a blank page each time.
#pragma warning disable CS0618 // It is to go when frames need nothing else; ours has none, and the other way costs half of the crawl.
            var found = await page.Locator("html").RunAxeLegacy(new AxeRunOptions
            {
                RunOnly = new() { Type = "tag", Values = [.. Rules] },
                // What passes need not be told node by node.
                ResultTypes = [ResultType.Violations],
            });
#pragma warning restore CS0618
            wrong.AddRange(found.Violations.Select(v =>
                $"at {width} px axe says {v.Id} ({v.Impact}): {string.Join(" | ", v.Nodes.Take(3).Select(n => n.Html))}"));
        }

        await RunningTown.PhotographAsync(page, "page" + Kind(path).Replace('/', '-').TrimEnd('-'));
        // A desk's screen enlarged to 400 %, as our accessibility statement promises.
        await page.SetViewportSizeAsync(320, 640);
        if (await OverflowAsync(page) is > 0 and var enlarged) wrong.Add($"at 320 px it is {enlarged} px too wide");
        await page.SetViewportSizeAsync(1280, 900);
        await RunningTown.PhotographAsync(page, "page" + Kind(path).Replace('/', '-').TrimEnd('-'));
        return wrong;
    }

    /// <summary>Services show a household what its purse pays; to everybody else they show the same.</summary>
    private static bool IsSeenByVisitors(string path, Role? role) => role is not null
        && (ForAnyone.Contains(path, StringComparer.Ordinal) || (role is not Role.Household && path.StartsWith("/tradate/servizi", StringComparison.Ordinal)));

    private static Task<int> OverflowAsync(IPage page) =>
        page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");

    /// <summary>Links within the territory that lead to pages, not to files or out.</summary>
    private static async Task<List<string>> LinksAsync(IPage page)
    {
        var links = await page.EvaluateAsync<string[]>("[...document.querySelectorAll('a[href]')].map(a => new URL(a.getAttribute('href'), location).href)");
        return [.. links
            .Where(l => l.StartsWith(new Uri(page.Url).GetLeftPart(UriPartial.Authority) + "/tradate/", StringComparison.Ordinal))
            .Select(l => new Uri(l).AbsolutePath)
            .Where(p => !File().IsMatch(p))];
    }

    /// <summary>The path with its ids taken out: one page of each kind is enough.</summary>
    private static string Kind(string path) => Id().Replace(path, "/-");

    [GeneratedRegex("/([a-z]+_[0-9a-f]{32}|[0-9]{4}-[0-9]{2}(-[0-9]{2})?|(?<=/conti/)[a-z_]+)(?=/|$)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Id();

    [GeneratedRegex(@"\.(csv|xml|ics|pdf|svg|json)$|/file$|/esci$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex File();
}
