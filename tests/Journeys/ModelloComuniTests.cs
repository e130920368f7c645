using System.Text.RegularExpressions;
using Borsellino.Ledger;
using Borsellino.Marketplace;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Borsellino.Tests.Journeys;

/// <summary>
/// The criteria by which the Italian administration accepts a municipality's services (PNRR 1.4.1, "Modello Comuni"), as far as they
/// apply to booking from a purse. The questions after the service are in <see cref="AnswerStories"/>, the order of a service's card in
/// <see cref="CatalogueStories"/>, weight in <see cref="WeightTests"/>.
/// </summary>
public sealed class ModelloComuniTests(RunningTown town)
{
    private const string Family = "Chiara Pozzi", Coordinator = "Giorgia Macchi";

    /// <summary>C.SE.1.1: who signs in from a service's card goes on with that service.</summary>
    [Fact]
    public async Task Signing_in_from_a_service_goes_on_with_it()
    {
        var page = await town.VisitAsync(phone: true, scripts: false);
        var slot = await SlotAsync();
        await page.GotoAsync($"/tradate/prenota/{slot}");
        await Expect(page).ToHaveURLAsync(new Regex("/tradate/entra"));
        var person = (await new Story(town).WhoAsync(Family, Role.Household)).User;
        await page.Locator($"form:has(input[name=person][value='{person}']) button").ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex($"/tradate/prenota/{slot}$"));
    }

    /// <summary>C.SE.1.4, 1.5, 1.8: all of it on one page right before confirming, nothing asked that is known, the steps in sight and a way back.</summary>
    [Fact]
    public async Task All_is_read_on_one_page_before_confirming_and_nothing_known_is_asked()
    {
        var page = await EnterAsync();
        await page.GotoAsync($"/tradate/prenota/{await SlotAsync()}");
        var read = await page.Locator("main").InnerTextAsync();
        Assert.All(
            new[] { "Servizio", "Quando", "Dove", "Risposta", "Per chi", "Il prezzo è", "Dopo la conferma", "Se cambi idea" },
            what => Assert.Contains(what, read, StringComparison.Ordinal));
        var asked = await page.Locator("main form :is(input, select, textarea):not([type=hidden])").EvaluateAllAsync<string[]>("all => [...new Set(all.map(x => `${x.name} ${x.type}`))]");
        Assert.Equal(["Person radio"], asked);
        Assert.Equal(1, await page.Locator("main [aria-current=step]").CountAsync());
        Assert.Equal(0, await page.GetByRole(AriaRole.Link, new() { Name = "Avanti" }).CountAsync());
        await page.Locator(".way-back").ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/tradate/servizi/offer_"));
    }

    /// <summary>C.SE.1.6: what was begun is put aside and gone on with; on a phone without scripts.</summary>
    [Fact]
    public async Task A_booking_is_put_aside_and_gone_on_with()
    {
        var page = await EnterAsync();
        var slot = await SlotAsync();
        await page.GotoAsync($"/tradate/prenota/{slot}");
        var people = page.Locator("input[name=Person]");
        var last = people.Nth(await people.CountAsync() - 1);
        var person = (await last.GetAttributeAsync("value"))!;
        await last.CheckAsync(new() { Force = true });
        await page.GetByRole(AriaRole.Button, new() { Name = "Salva e continua dopo" }).ClickAsync();
        await Expect(page.GetByText("Messa da parte")).ToBeVisibleAsync();
        await RunningTown.PhotographAsync(page, "household-drafts");
        Assert.Empty(await TestBrowser.AxeAsync(await SameAsync(page)));

        var draft = page.Locator($"article:has(input[value='{slot}'])");
        await draft.GetByRole(AriaRole.Link, new() { Name = "Riprendi" }).ClickAsync();
        await Expect(page.Locator($"input[name=Person][value='{person}']")).ToBeCheckedAsync();

        await page.GotoAsync("/tradate/prenotazioni");
        await draft.GetByRole(AriaRole.Button, new() { Name = "Togli" }).ClickAsync();
        await Expect(draft).ToHaveCountAsync(0);
    }

    /// <summary>C.SE.1.9 and 1.10: the family's own part has what it asked for, payments, papers, messages and deadlines, each marked when it is open.</summary>
    [Fact]
    public async Task The_familys_own_part_has_its_rooms()
    {
        using var client = await town.SignedInAsync("tradate", Role.Household);
        string[] all = ["prenotazioni", "ricerche", "movimenti", "documenti", "messaggi", "scadenze", "salvati"];
        foreach (var room in all)
        {
            var html = await client.GetStringAsync(new Uri($"/tradate/{room}", UriKind.Relative));
            var rooms = Regex.Match(html, "data-element=\"personal-area\".*?</nav>", RegexOptions.Singleline, TimeSpan.FromSeconds(1)).Value;
            Assert.Equal(all, Regex.Matches(rooms, "href=\"/tradate/(?<room>[a-z]+)\"", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Select(m => m.Groups["room"].Value));
            Assert.Matches($"href=\"/tradate/{room}\" aria-current=\"true\"", rooms);
        }

        var bookings = await client.GetStringAsync(new Uri("/tradate/prenotazioni", UriKind.Relative));
        var one = Regex.Match(bookings, "href=\"(?<to>/tradate/prenotazioni/book_[0-9a-f]{32})\"", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Groups["to"].Value;
        var page = await client.GetStringAsync(new Uri(one, UriKind.Relative));
        Assert.Contains("class=\"timeline", page, StringComparison.Ordinal);
        Assert.Matches("class=\"code", page);
    }

    /// <summary>C.SE.3.1 to 3.3 and 1.3: no cookie and no request of anybody else, the three links that the law asks for, and the fonts of the model.</summary>
    [Theory]
    [InlineData("/tradate/")]
    [InlineData("/tradate/servizi")]
    [InlineData("/tradate/entra")]
    public async Task Pages_bring_nobody_else_and_link_what_the_law_asks_for(string path)
    {
        var page = await town.VisitAsync(phone: true);
        var others = new List<string>();
        page.Request += (_, request) =>
        {
            if (new Uri(request.Url) is { Scheme: "http" or "https" } url && url.Authority != town.Origin.Authority) others.Add(request.Url);
        };
        await page.GotoAsync(path);
        await page.EvaluateAsync("() => document.fonts.ready.then(() => 0)");
        Assert.Empty(others);
        Assert.All(await page.Context.CookiesAsync(), cookie => Assert.Equal(town.Origin.Host, cookie.Domain));
        Assert.StartsWith("\"Titillium Web\"", await page.EvaluateAsync<string>("() => getComputedStyle(document.querySelector('h1')).fontFamily"), StringComparison.Ordinal);
        // The stand-in is a font of the device, until ours is there.
        var fonts = await page.EvaluateAsync<string[]>(
            "() => [...new Set([...document.fonts].filter(f => f.status === 'loaded').map(f => f.family.replaceAll('\"', '')))].filter(f => f !== 'Titillium stand-in')");
        Assert.NotEmpty(fonts);
        Assert.Subset(new HashSet<string>(StringComparer.Ordinal) { "Titillium Web", "Lora", "Roboto Mono" }, fonts.ToHashSet(StringComparer.Ordinal));
        foreach (var element in new[] { "accessibility-link", "privacy-policy-link", "legal-notes" })
        {
            var to = await page.Locator($"[data-element='{element}']").First.GetAttributeAsync("href");
            Assert.Equal((element, 200), (element, (await page.APIRequest.GetAsync(to!)).Status));
        }
    }

    /// <summary>Who stops is called back: the office reads who it is and what they were looking at, and the family reads what was agreed.</summary>
    [Fact]
    public async Task Who_asks_for_help_is_called_back_about_the_page_they_were_on()
    {
        var family = await EnterAsync();
        var slot = await SlotAsync();
        await family.GotoAsync($"/tradate/prenota/{slot}");
        var service = await family.Locator(".way-back").GetAttributeAsync("href");
        await family.GotoAsync(service!);
        var title = (await family.Locator("h1").InnerTextAsync()).Trim();
        await family.GetByRole(AriaRole.Link, new() { Name = "come chiedere aiuto" }).ClickAsync();
        await family.GetByRole(AriaRole.Link, new() { Name = "Chiedi una telefonata" }).ClickAsync();
        await Expect(family.GetByLabel("Dite all’ufficio che cosa stavo guardando")).ToBeCheckedAsync();
        await family.GetByLabel("A che numero ti chiamiamo?").FillAsync("boh");
        await family.GetByRole(AriaRole.Button, new() { Name = "Richiamatemi" }).ClickAsync();
        await Expect(family.Locator(".error-summary a")).ToHaveTextAsync(new Regex("solo cifre"));
        Assert.Empty(await TestBrowser.AxeAsync(await SameAsync(family)));
        await family.GetByLabel("A che numero ti chiamiamo?").FillAsync("0331 555 987");
        var question = $"Va bene per un bambino di {Random.Shared.Next(3, 100_000)} mesi?";
        await family.GetByLabel("Che cosa ti serve?").FillAsync(question);
        await family.GetByRole(AriaRole.Button, new() { Name = "Richiamatemi" }).ClickAsync();
        await Expect(family.GetByText("Ti richiamiamo al 0331 555 987")).ToBeVisibleAsync();
        await RunningTown.PhotographAsync(family, "household-help");

        var desk = await town.VisitAsync();
        await town.EnterAsync(desk, "tradate", Role.Officer);
        await Expect(desk.Locator(".work")).ToContainTextAsync("aiuto");
        await desk.GotoAsync("/tradate/sportello/richieste");
        var asked = desk.Locator("section.sheet").Filter(new() { HasText = question });
        await Expect(asked).ToContainTextAsync(title);
        await RunningTown.PhotographAsync(desk, "desk-requests");
        await asked.GetByRole(AriaRole.Button, new() { NameRegex = new("^Ho richiamato") }).ClickAsync();
        await Expect(desk.Locator(".error-summary a")).ToHaveTextAsync(new Regex("Risposta: servono da 1 a"));
        await desk.Locator("#Answer").FillAsync("Sì: lo prenotiamo insieme giovedì.");
        await desk.Locator("section.sheet:has(#Answer)").GetByRole(AriaRole.Button, new() { NameRegex = new("^Ho richiamato") }).ClickAsync();
        await Expect(desk.Locator("table")).ToContainTextAsync("lo prenotiamo insieme giovedì");

        await family.GotoAsync("/tradate/messaggi");
        await Expect(family.Locator("main")).ToContainTextAsync("Sì: lo prenotiamo insieme giovedì.");
        await RunningTown.PhotographAsync(family, "household-messages");
    }

    private async Task<IPage> EnterAsync()
    {
        var page = await town.VisitAsync(phone: true, scripts: false);
        await town.EnterAsync(page, "tradate", Role.Household, Family);
        return page;
    }

    /// <summary>Axe is a script: a page without scripts is looked at in a second window of the same visitor.</summary>
    private async Task<IPage> SameAsync(IPage page)
    {
        var twin = await town.VisitAsync(phone: true);
        await twin.Context.AddCookiesAsync((await page.Context.CookiesAsync()).Select(c => new Microsoft.Playwright.Cookie
        {
            Name = c.Name, Value = c.Value, Domain = c.Domain, Path = c.Path, HttpOnly = c.HttpOnly, SameSite = c.SameSite,
        }));
        await twin.GotoAsync(page.Url);
        return twin;
    }

    private async Task<Id<Slot>> SlotAsync() => (await new Story(town).PayableAsync(Family, Coordinator)).Slot;
}
