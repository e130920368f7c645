using System.Text.RegularExpressions;
using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Demo;
using Microsoft.Playwright;

namespace Borsellino.Tests.Journeys;

/// <summary>
/// Follows every link that a visitor and each kind of signed-in person can see, one page of each kind, in both languages, on a phone,
/// on a tablet and at a desk. Each page must answer, have one heading and a title, fit its width, have text to read and buttons to
/// press, say nothing on the console and pass axe (WCAG 2.2 AA and its best practice, the order of headings among them).
/// </summary>
public abstract partial class EveryPage(RunningTown town)
{
    /// <summary>More kinds of pages than any role has: a crawl that runs away is a failure.</summary>
    private const int PagesMax = 60;

    /// <summary>Pages that are the same for whoever has signed in: looking once, as a visitor, is enough.</summary>
    private static readonly string[] ForAnyone = ["/tradate/", "/tradate/accessibilita", "/tradate/privacy", "/tradate/note-legali", "/tradate/aiuto"];

    /// <summary>What nobody may need to do: push a page sideways, read small print as the text, aim at a small button.</summary>
    private const string Measure =
        """
        () => {
            const wrong = [], root = document.documentElement;
            if (root.scrollWidth > root.clientWidth) wrong.push(`it is ${root.scrollWidth - root.clientWidth} px too wide`);
            if (parseFloat(getComputedStyle(document.body).fontSize) < 18) wrong.push('its text is below 18 px');
            for (const act of document.querySelectorAll('.btn, main button, main select, main input:not([type=checkbox], [type=radio], [type=hidden])')) {
                const { width, height } = act.getBoundingClientRect();
                if (width > 0 && (height < 44 || width < 24)) wrong.push(`${act.textContent.trim() || act.name} is ${Math.round(width)} × ${Math.round(height)} px`);
            }
            return wrong;
        }
        """;

    protected async Task LookAroundAsync(Role? role)
    {
        var page = await town.VisitAsync();
        if (role is { } wears) await town.EnterAsync(page, "tradate", wears);
        var said = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") said.Add($"{page.Url}: {message.Text}");
        };

        page.PageError += (_, error) => said.Add($"{page.Url}: {error}");
        var wrong = new List<string>();
        var kinds = new HashSet<string>(StringComparer.Ordinal);
        var waiting = new Queue<string>(role is null ? ["/tradate/", "/tradate/entra", "/tradate/password/nuova"] : [new Uri(page.Url).AbsolutePath]);
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
            wrong.AddRange((await LookAsync(page, path, isEnglish: false)).Select(what => $"{path}: {what}"));
            await SpeakAsync(page, "en");
            await page.GotoAsync(path);
            wrong.AddRange((await LookAsync(page, path, isEnglish: true)).Select(what => $"{path} in English: {what}"));
            await SpeakAsync(page, "it");
        }

        Assert.True(kinds.Count >= 4, "Too few pages were found: " + string.Join(' ', kinds));
        Assert.True(said.Count + wrong.Count == 0, string.Join('\n', said.Concat(wrong)));
    }

    /// <summary>Looks at pages that only some of a role have links to.</summary>
    protected async Task LookAtAsync(Role role, string name, params string[] paths)
    {
        var page = await town.VisitAsync();
        await town.EnterAsync(page, "tradate", role, name);
        var wrong = new List<string>();
        foreach (var path in paths)
        {
            foreach (var isEnglish in new[] { false, true })
            {
                await SpeakAsync(page, isEnglish ? "en" : "it");
                if ((await page.GotoAsync(path))?.Status != 200) wrong.Add($"{path} does not answer");
                else wrong.AddRange((await LookAsync(page, path.Split('?')[0], isEnglish)).Select(what => $"{path}: {what}"));
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    /// <summary>
    /// What is wrong with a page in one language. Axe looks at a phone's and a tablet's width in Italian, at a desk's in English, so that
    /// both the words and the three layouts are looked at by three looks, not six. What a look measures is measured at every width.
    /// </summary>
    private static async Task<List<string>> LookAsync(IPage page, string path, bool isEnglish)
    {
        var wrong = new List<string>();
        if (await page.Locator("h1").CountAsync() != 1) wrong.Add($"{await page.Locator("h1").CountAsync()} main headings");
        var title = await page.TitleAsync();
        if (!title.Contains("Borsellino", StringComparison.Ordinal)) wrong.Add($"the title is '{title}'");
        var picture = "page" + Kind(path).Replace("/-", "/one", StringComparison.Ordinal).Replace('/', '-').TrimEnd('-') + (isEnglish ? ".en" : "");
        // A phone; a tablet; a desk; and a desk's screen enlarged to 400 %, as our accessibility statement promises.
        foreach (var (width, height) in new[] { (320, 640), (768, 1024), (390, 844), (1280, 900) })
        {
            await page.SetViewportSizeAsync(width, height);
            wrong.AddRange((await page.EvaluateAsync<string[]>(Measure)).Select(what => $"at {width} px {what}"));
            if (isEnglish ? width == 1280 : width is 390 or 768) wrong.AddRange((await TestBrowser.AxeAsync(page)).Select(what => $"at {width} px {what}"));
            if (width is 390 or 1280) await RunningTown.PhotographAsync(page, picture);
        }

        return wrong;
    }

    /// <summary>Services show a household what its purse pays, and the desk where it books for one; to everybody else they show the same.</summary>
    private static bool IsSeenByVisitors(string path, Role? role) => role is not null
        && (ForAnyone.Contains(path, StringComparer.Ordinal) || (role is not (Role.Household or Role.SocialPoint) && path.StartsWith("/tradate/servizi", StringComparison.Ordinal)));

    private static Task SpeakAsync(IPage page, string language) =>
        page.Context.AddCookiesAsync([new() { Name = "lang", Value = language, Url = new Uri(page.Url).GetLeftPart(UriPartial.Authority) }]);

    /// <summary>Links within the territory that lead to pages, not to files or out.</summary>
    private static async Task<List<string>> LinksAsync(IPage page)
    {
        var links = await page.EvaluateAsync<string[]>("[...document.querySelectorAll('a[href], form[method=get] button[formaction]')].map(a => new URL(a.getAttribute('href') ?? a.getAttribute('formaction'), location).href)");
        return [.. links
            .Where(l => l.StartsWith(new Uri(page.Url).GetLeftPart(UriPartial.Authority) + "/tradate/", StringComparison.Ordinal))
            .Select(l => new Uri(l).AbsolutePath)
            .Where(p => !File().IsMatch(p))];
    }

    /// <summary>The path with its ids taken out: one page of each kind is enough.</summary>
    private static string Kind(string path) => Id().Replace(path, "/-");

    [GeneratedRegex("/([a-z]+_[0-9a-f]{32}|[0-9]{4}-[0-9]{2}(-[0-9]{2})?|[0-9]+|(?<=/(conti|tipologie)/)[a-z0-9_-]+)(?=/|$)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Id();

    [GeneratedRegex(@"\.(csv|xml|ics|pdf|svg|json)$|/file$|/esci$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex File();
}

// A class for each part of the work, so that they are looked at side by side.
public sealed class EveryPageForVisitors(RunningTown town) : EveryPage(town)
{
    [Fact]
    public Task Is_sound_in_both_languages_on_a_phone_and_at_a_desk() => LookAroundAsync(null);
}

public sealed class EveryPageForFamilies(RunningTown town) : EveryPage(town)
{
    [Fact]
    public Task Is_sound_in_both_languages_on_a_phone_and_at_a_desk() => LookAroundAsync(Role.Household);
}

public sealed class EveryPageForOfficers(RunningTown town) : EveryPage(town)
{
    [Fact]
    public Task Is_sound_in_both_languages_on_a_phone_and_at_a_desk() => LookAroundAsync(Role.Officer);
}

public sealed class EveryPageForFinance(RunningTown town) : EveryPage(town)
{
    [Fact]
    public Task Is_sound_in_both_languages_on_a_phone_and_at_a_desk() => LookAroundAsync(Role.Finance);
}

public sealed class EveryPageOfProducts(RunningTown town) : EveryPage(town)
{
    [Fact]
    public Task Is_sound_for_the_family() => LookAtAsync(
        Role.Household, "Chiara Pozzi", $"/tradate/prodotti/{Bought}", $"/tradate/prodotti/{Bought}?passo=disdici", $"/tradate/prodotti/{Bought}/voucher",
        $"/tradate/servizi/{TownProducts.Sold}", $"/tradate/prodotti/compra/{TownProducts.Sold}?pezzi=2");

    [Fact]
    public Task Is_sound_for_the_provider() => LookAtAsync(
        Role.Provider, "Michele Broggi", "/tradate/ente/prodotti", $"/tradate/ente/prodotti/{Bought}", $"/tradate/ente/prodotti/{Bought}?passo=manca",
        $"/tradate/ente/offerte/{TownProducts.Sold}", $"/tradate/ente/offerte/scrivi/{TownProducts.Sold}", "/tradate/ente/offerte/scrivi?che=prodotto");

    [Fact]
    public Task Is_sound_for_the_desk() => LookAtAsync(Role.SocialPoint, "Social Point di Tradate", $"/tradate/sportello/compra/{TownProducts.Sold}");

    private static Id<Package> Bought => TownProducts.BoughtIn("tradate");
}

public sealed class EveryPageForTheOthers(RunningTown town) : EveryPage(town)
{
    [Theory]
    [InlineData(Role.Provider)]
    [InlineData(Role.SocialPoint)]
    [InlineData(Role.Administrator)]
    public Task Is_sound_in_both_languages_on_a_phone_and_at_a_desk(Role role) => LookAroundAsync(role);
}
