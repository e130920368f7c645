using System.Text.Json;
using System.Text.RegularExpressions;
using Borsellino.Web.Demo;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Borsellino.Tests.Journeys;

/// <summary>Somebody who has not signed in looks for help: first page, catalogue, service card.</summary>
public sealed class CatalogueStories(RunningTown town) : IAsyncLifetime
{
    public async ValueTask InitializeAsync()
    {
        await town.StartAsync();
        var catalogue = town.Services.GetRequiredService<DemoCatalogue>();
        foreach (var slug in DemoCatalogue.Slugs) await catalogue.BuildAsync(slug, town.Services.GetRequiredService<IClock>());
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task The_first_page_lists_the_territories_and_leads_into_one()
    {
        var page = await town.VisitAsync();
        await page.GotoAsync("/");
        await page.GetByRole(AriaRole.Link, new() { Name = "Ambito di Tradate" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(EndsWith("/tradate/"));
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Di che aiuto hai bisogno?" })).ToBeVisibleAsync();
        await RunningTown.PhotographAsync(page, "home");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_search_from_the_first_page_finds_a_carer_with_and_without_scripts(bool scripts)
    {
        var page = await town.VisitAsync(phone: true, scripts);
        await page.GotoAsync("/tradate/");
        await page.GetByLabel("Cerca un servizio").FillAsync("badante");
        await page.GetByRole(AriaRole.Button, new() { Name = "Cerca" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(EndsWith("/servizi?cerca=badante"));
        await Expect(page.Locator(".offer").First).ToBeVisibleAsync();
        await page.GetByLabel("Comune", new() { Exact = true }).SelectOptionAsync("Castelseprio");
        await page.GetByRole(AriaRole.Button, new() { Name = "Cerca" }).ClickAsync();
        await Expect(page.Locator("#quanti")).ToContainTextAsync("a Castelseprio");
        await Expect(page).ToHaveURLAsync(new Regex("comune=C273"));
    }

    [Fact]
    public async Task A_slip_is_corrected_and_nothing_found_says_where_to_look()
    {
        var page = await town.VisitAsync();
        await page.GotoAsync("/tradate/servizi?cerca=fisioterpia");
        await Expect(page.Locator(".notice")).ToContainTextAsync("fisioterapia");
        await page.GotoAsync("/tradate/servizi?cerca=elicottero");
        await Expect(page.Locator(".empty-state")).ToContainTextAsync("Non abbiamo trovato niente");
        await Expect(page.Locator(".empty-state .topics a").First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Nothing_in_a_municipality_says_what_is_nearest_and_offers_to_be_told_of_what_comes()
    {
        var page = await town.VisitAsync();
        await page.GotoAsync("/tradate/servizi");
        // One that is given at one place alone, seen from a municipality where it is not.
        var (kind, place) = await page.EvaluateAsync<string>(
            """
            async () => {
                const options = (id) => [...document.querySelectorAll(`#${id} option`)].map((o) => o.value).filter(Boolean);
                for (const tipo of options('tipo')) for (const comune of options('comune')) {
                    const html = await (await fetch(`?tipo=${tipo}&comune=${comune}`)).text();
                    if (html.includes('Negli altri comuni')) return `${tipo} ${comune}`;
                }
                return '';
            }
            """) is { Length: > 0 } found ? (found.Split(' ')[0], found.Split(' ')[1]) : throw new InvalidOperationException("Everything is everywhere.");
        await page.GotoAsync($"/tradate/servizi?tipo={kind}&comune={place}");
        await Expect(page.Locator(".empty-state")).ToContainTextAsync("I più vicini:");
        await Expect(page.Locator(".empty-state .topics").First).ToContainTextAsync(new Regex(" km"));
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Entra per farti avvisare quando c’è qualcosa di nuovo" })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "dire che cosa cerchi" })).ToHaveAttributeAsync("href", new Regex($"tipo={kind}$"));
        Assert.Empty(await TestBrowser.AxeAsync(page));
        await page.Locator(".empty-state .topics a").First.ClickAsync();
        await Expect(page.Locator("[data-element=service-title]")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Age_and_company_are_asked_too_and_a_wrong_age_is_named()
    {
        var page = await town.VisitAsync(phone: true, scripts: false);
        await page.GotoAsync("/tradate/servizi?tipo=doposcuola");
        await page.GetByLabel("Età di chi lo usa").FillAsync("8");
        await page.GetByRole(AriaRole.Button, new() { Name = "Cerca" }).ClickAsync();
        await Expect(page.Locator(".offer").First).ToBeVisibleAsync();
        await page.GetByLabel("Età di chi lo usa").FillAsync("40");
        await page.GetByRole(AriaRole.Button, new() { Name = "Cerca" }).ClickAsync();
        await Expect(page.Locator("#quanti")).ToContainTextAsync("0 servizi");
        await page.GotoAsync("/tradate/servizi?insieme=gruppo");
        await Expect(page.Locator(".offer").First).ToContainTextAsync("Si divide con altre famiglie");
        await page.GotoAsync("/tradate/servizi?eta=vecchio");
        await Expect(page.Locator(".error-summary")).ToContainTextAsync("«vecchio» non è un’età");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_language_and_what_is_needed_are_asked_and_what_is_on_no_list_is_left_out(bool scripts)
    {
        var page = await town.VisitAsync(phone: true, scripts);
        await page.GotoAsync("/tradate/servizi?tipo=crescere");
        var all = await page.Locator("#quanti").InnerTextAsync();
        await page.GetByLabel("In che lingua").SelectOptionAsync("arabo");
        await page.GetByText("Che cosa ti serve per muoverti").ClickAsync();
        await page.GetByLabel("senza gradini").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Cerca" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("lingua=ar.*accesso=senza-gradini"));
        await Expect(page.Locator("#quanti")).Not.ToHaveTextAsync(all);
        await Expect(page.GetByLabel("senza gradini")).ToBeVisibleAsync();
        await RunningTown.PhotographAsync(page, $"search-needs-{(scripts ? "scripts" : "plain")}");
        if (scripts) Assert.Empty(await TestBrowser.AxeAsync(page));
        await page.Locator(".offer h3 a").First.ClickAsync();
        await Expect(page.Locator(".particulars").First).ToContainTextAsync("arabo");
        await Expect(page.Locator(".particulars").First).ToContainTextAsync("senza gradini");
        await page.GotoAsync("/tradate/servizi?lingua=klingon&accesso=scala-mobile&accesso=bagno&accesso=lis");
        await Expect(page.GetByLabel("In che lingua")).ToHaveValueAsync("");
        await Expect(page.GetByLabel("bagno accessibile")).ToBeCheckedAsync();
        await page.Locator(".offer h3 a").First.ClickAsync();
        await Expect(page.Locator(".particulars").First).ToContainTextAsync("bagno accessibile, parcheggio riservato a chi ha il contrassegno, lingua dei segni (LIS)");
    }

    [Fact]
    public async Task A_bad_date_and_a_bad_price_are_named_beside_the_results()
    {
        var page = await town.VisitAsync();
        await page.GotoAsync("/tradate/servizi?dal=ieri&fino=tanto&pagina=-3&tipo=boh&comune=X");
        await Expect(page.Locator(".error-summary")).ToContainTextAsync("«ieri» non è una data");
        await Expect(page.Locator(".error-summary")).ToContainTextAsync("«tanto» non è una somma");
        await Expect(page.Locator(".offer").First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_plan_filters_by_municipality_and_scripts_change_only_the_results()
    {
        var page = await town.VisitAsync();
        var faults = Watch(page);
        await page.GotoAsync("/tradate/servizi");
        await RunningTown.PhotographAsync(page, "servizi");
        await page.EvaluateAsync("window.sameDocument = true");
        await page.GetByLabel("Tipo di servizio", new() { Exact = true }).SelectOptionAsync("doposcuola");
        await Expect(page).ToHaveURLAsync(new Regex("tipo=doposcuola"));
        await Expect(page.Locator(".filters [aria-current]")).ToContainTextAsync("Doposcuola");
        Assert.True(await page.EvaluateAsync<bool>("window.sameDocument === true"));
        await page.Locator(".plan-spot", new() { HasText = "Gornate Olona" }).ClickAsync();
        await Expect(page.Locator("#quanti")).ToContainTextAsync("Un servizio a Gornate Olona");
        Assert.Empty(faults);
    }

    [Fact]
    public async Task A_service_card_has_its_fields_in_order_its_data_and_its_free_dates()
    {
        var page = await town.VisitAsync();
        var faults = Watch(page);
        await page.GotoAsync("/tradate/servizi?cerca=doposcuola+cortile");
        await page.GetByRole(AriaRole.Link, new() { Name = "Doposcuola del cortile" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Doposcuola del cortile");
        var hooks = await page.EvaluateAsync<string[]>("[...document.querySelectorAll('main [data-element^=service]')].map(e => e.dataset.element)");
        string[] order =
        [
            "service-title", "service-status", "service-description", "service-online-access", "service-addressed", "service-how-to", "service-needed",
            "service-achieved", "service-calendar-text", "service-generic-access", "service-booking-access", "service-file", "service-area", "service-topic",
        ];
        Assert.Equal(order, hooks.Distinct(StringComparer.Ordinal));
        Assert.Equal(
            ["A chi è rivolto", "Come fare", "Cosa serve", "Cosa si ottiene", "Tempi e scadenze", "Costi", "Accedi al servizio", "Condizioni di servizio", "Contatti", "Argomenti"],
            await page.Locator(".service-fields h2").AllTextContentsAsync());
        using var data = JsonDocument.Parse((await page.Locator("script[type='application/ld+json']").TextContentAsync())!);
        Assert.Equal("GovernmentService", data.RootElement.GetProperty("@type").GetString());
        Assert.Equal("Doposcuola", data.RootElement.GetProperty("serviceType").GetString());
        await Expect(page.Locator(".seal")).ToContainTextAsync("Accreditato");
        Assert.Matches(@"/tradate/prenota/slot_[0-9a-f]{32}$", (await page.Locator(".slot").First.GetAttributeAsync("formaction"))!);
        await RunningTown.PhotographAsync(page, "servizio");
        Assert.Empty(faults);
    }

    [Fact]
    public async Task Pages_speak_english_too()
    {
        var page = await town.VisitAsync(language: "en");
        await page.GotoAsync("/tradate/servizi?cerca=homework");
        await Expect(page.GetByText("Kind of service")).ToBeVisibleAsync();
        await page.Locator(".offer h3 a").First.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Whom it is for" })).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData("/", false)]
    [InlineData("/", true)]
    [InlineData("/tradate/servizi?cerca=elicottero", true)]
    [InlineData("/tradate/servizi?dal=ieri&fino=tanto", true)]
    public async Task What_no_link_leads_to_is_accessible_and_fits_too(string address, bool phone)
    {
        var page = await town.VisitAsync(phone);
        await page.GotoAsync(address);
        Assert.Empty(await TestBrowser.AxeAsync(page));
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"), "the page is wider than the screen");
    }

    [Fact]
    public async Task A_service_that_is_not_there_is_not_found()
    {
        using var client = await town.ClientAsync();
        foreach (var path in new[] { "/tradate/servizi/offer_00000000000000000000000000000001", "/tradate/servizi/boh", "/biella/servizi/altro" })
        {
            Assert.Equal(System.Net.HttpStatusCode.NotFound, (await client.GetAsync(new Uri(path, UriKind.Relative))).StatusCode);
        }
    }

    /// <summary>Everything the browser complains about: a breach of the content policy among others.</summary>
    private static List<string> Watch(IPage page)
    {
        var faults = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") faults.Add(message.Text);
        };
        page.PageError += (_, error) => faults.Add(error);
        return faults;
    }

    private static Regex EndsWith(string address) => new(Regex.Escape(address) + "$", RegexOptions.None, TimeSpan.FromSeconds(1));
}
