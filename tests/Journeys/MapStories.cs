using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Borsellino.Tests.Journeys;

/// <summary>The catalogue with a map beside it: points and list light each other, by hand and by keyboard, and nobody else is asked for anything.</summary>
public sealed class MapStories(RunningTown town)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_service_that_has_a_place_is_in_a_point_and_no_request_leaves(bool phone)
    {
        var page = await town.VisitAsync(phone);
        var (faults, elsewhere) = (new List<string>(), new List<string>());
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") faults.Add(message.Text);
        };
        page.PageError += (_, error) => faults.Add(error);
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(town.Origin.ToString(), StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal)) elsewhere.Add(request.Url);
        };
        await page.GotoAsync("/tradate/servizi");
        await page.GetByRole(AriaRole.Link, new() { Name = "Guarda i servizi sulla mappa" }).ClickAsync();
        await Expect(page.Locator(".map-point").First).ToBeVisibleAsync();
        await RunningTown.PhotographAsync(page, "map");

        var listed = await page.Locator(".offer[data-at]").CountAsync();
        Assert.True(listed > 5, $"{listed} services have a place.");
        Assert.Equal(listed, await InPointsAsync(page));
        Assert.True(await page.Locator(".map-point").CountAsync() is > 2 and < 30);
        await Expect(page.Locator(".map-name").GetByText("Tradate", new() { Exact = true })).ToBeVisibleAsync();
        // Closer, some that were one are told apart, and none is lost.
        var before = await page.Locator(".map-point").CountAsync();
        for (var i = 0; i < 3; i++) await page.GetByRole(AriaRole.Button, new() { Name = "Ingrandisci" }).ClickAsync();
        await Expect(page.Locator(".map-point")).Not.ToHaveCountAsync(before);
        Assert.Equal(listed, await InPointsAsync(page));
        Assert.Empty(await TestBrowser.AxeAsync(page));
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"), "the page is wider than the screen");
        Assert.Empty(faults);
        Assert.Empty(elsewhere);
    }

    [Fact]
    public async Task A_point_and_its_services_light_each_other_and_the_keyboard_leads_from_one_to_the_other()
    {
        var page = await town.VisitAsync();
        await page.GotoAsync("/tradate/servizi/mappa?tipo=doposcuola");
        await page.Locator(".map-point").First.FocusAsync();
        await Expect(page.Locator(".offer-lit").First).ToBeVisibleAsync();
        var said = await page.Locator(".map-point").First.GetAttributeAsync("aria-label");
        var lit = await page.Locator(".offer-lit h3").AllTextContentsAsync();
        Assert.All(lit, title => Assert.Contains(title, said, StringComparison.Ordinal));
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".offer h3 a", new() { HasText = lit[0] }).First).ToBeFocusedAsync();
        await Expect(page.Locator(".map-lit")).ToHaveCountAsync(1);
        await page.Keyboard.PressAsync("Tab");
        await Expect(page.Locator(".map-lit")).ToHaveCountAsync(1);
        var other = page.Locator(".offer[data-at]").Last;
        await Expect(other).Not.ToHaveClassAsync(new Regex("offer-lit"));
        await other.HoverAsync();
        await Expect(other).ToHaveClassAsync(new Regex("offer-lit"));
        // What is asked stays on the way to the list without a map, and back.
        await page.GetByRole(AriaRole.Link, new() { Name = "Torna all’elenco senza mappa" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/servizi\\?tipo=doposcuola$"));
    }

    [Fact]
    public async Task Without_scripts_the_plan_stands_there_and_the_list_is_the_same()
    {
        var page = await town.VisitAsync(phone: true, scripts: false);
        await page.GotoAsync("/tradate/servizi/mappa");
        await Expect(page.Locator("#map .plan-spot").First).ToBeVisibleAsync();
        Assert.Equal(24, await page.Locator(".offer").CountAsync());
        await page.GetByLabel("Tipo di servizio", new() { Exact = true }).SelectOptionAsync("doposcuola");
        await page.GetByRole(AriaRole.Button, new() { Name = "Cerca" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/servizi/mappa\\?.*tipo=doposcuola"));
        await page.Locator("#map .plan-spot", new() { HasText = "Gornate Olona" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/servizi/mappa\\?.*comune="));
        await Expect(page.Locator("#quanti")).ToContainTextAsync("a Gornate Olona");
    }

    private static async Task<int> InPointsAsync(IPage page) =>
        await page.EvaluateAsync<int>("[...document.querySelectorAll('.map-point')].reduce((sum, p) => sum + Number(p.textContent || 1), 0)");
}
