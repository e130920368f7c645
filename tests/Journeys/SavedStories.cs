using System.Text.RegularExpressions;
using Borsellino.Ledger;
using Borsellino.Marketplace;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using NodaTime;
using static Microsoft.Playwright.Assertions;

namespace Borsellino.Tests.Journeys;

/// <summary>A family marks a service and saves a search, on a phone and without scripts; it is told of what a cooperative publishes afterwards.</summary>
[Collection(nameof(TownByHand))]
public sealed class SavedStories(TownByHand town)
{
    [Fact]
    public async Task A_visitor_signs_in_on_the_way_and_marks_a_service_and_takes_the_mark_off()
    {
        var page = await town.VisitAsync(phone: true, scripts: false);
        await page.GotoAsync("/tradate/servizi?cerca=trasporto");
        await page.Locator(".offer h3 a").First.ClickAsync();
        var card = new Uri(page.Url).AbsolutePath;
        var title = await page.Locator("h1").InnerTextAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Entra per salvarlo tra i preferiti" }).ClickAsync();
        Assert.Equal("?dopo=" + Uri.EscapeDataString(card), new Uri(page.Url).Query);
        await EnterHereAsync(page, "Chiara Pozzi");
        await Expect(page).ToHaveURLAsync(new Regex(card + "$"));

        await page.GetByRole(AriaRole.Button, new() { Name = "Salva tra i preferiti" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex(card + "#salva$"));
        await RunningTown.PhotographAsync(page, "favourite-card");
        await page.GetByRole(AriaRole.Link, new() { Name = "I tuoi preferiti" }).ClickAsync();
        var marked = page.Locator(".offer", new() { HasText = title });
        await Expect(marked).ToHaveCountAsync(1);
        await RunningTown.PhotographAsync(page, "saved");
        await marked.GetByRole(AriaRole.Button, new() { Name = "Togli dai preferiti" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/salvati$"));
        await Expect(marked).ToHaveCountAsync(0);

        // And on the card itself, which an old page may send again.
        await page.GotoAsync(card);
        await page.GetByRole(AriaRole.Button, new() { Name = "Salva tra i preferiti" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Togli dai preferiti" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Salva tra i preferiti" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_saved_search_tells_what_is_new_and_ends_when_the_family_wants()
    {
        var page = await town.VisitAsync(phone: true, scripts: false);
        await page.GotoAsync("/tradate/servizi?cerca=mongolfera&fino=40&lingua=it");
        await page.GetByRole(AriaRole.Link, new() { Name = "Entra per farti avvisare quando c’è qualcosa di nuovo" }).ClickAsync();
        await EnterHereAsync(page, "Adele Crespi");
        await Expect(page.Locator("#quanti")).ToContainTextAsync("0 servizi");
        await page.GetByRole(AriaRole.Button, new() { Name = "Avvisami quando c’è qualcosa di nuovo" }).ClickAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync("«mongolfera», fino a 40,00 €, in italiano");
        await Expect(page.Locator(".notice").First).ToContainTextAsync("La ricerca è salvata");
        await RunningTown.PhotographAsync(page, "saved-search");
        var search = new Uri(page.Url).AbsolutePath;

        var title = "Un giro in mongolfera " + Guid.NewGuid().ToString("N")[..6];
        await PublishAsync(title);
        await town.SettleAsync();
        await page.GotoAsync("/tradate/messaggi");
        await page.GetByRole(AriaRole.Link, new() { NameRegex = new("C’è qualcosa di nuovo.*mongolfera") }).First.ClickAsync();
        Assert.Equal(search, new Uri(page.Url).AbsolutePath);
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = title })).ToBeVisibleAsync();
        await RunningTown.PhotographAsync(page, "saved-search-news");
        await page.GetByRole(AriaRole.Link, new() { Name = "Guarda tutto quello che c’è adesso" }).ClickAsync();
        await Expect(page.Locator(".offer h3")).ToContainTextAsync([title]);

        await page.GotoAsync(search);
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancella questa ricerca" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/salvati$"));
        Assert.Equal(404, (await page.GotoAsync(search))!.Status);
    }

    [Fact]
    public async Task One_search_too_many_is_refused_with_its_reason()
    {
        var page = await town.VisitAsync(phone: true, scripts: false);
        await town.EnterAsync(page, "tradate", Role.Household, "Chiara Pozzi");
        for (var i = 0; i <= SavedSearches.Max; i++)
        {
            await page.GotoAsync($"/tradate/servizi?cerca=zucchina{i}");
            await page.GetByRole(AriaRole.Button, new() { Name = "Avvisami quando c’è qualcosa di nuovo" }).ClickAsync();
        }

        await Expect(page.Locator(".error-summary")).ToContainTextAsync($"Hai già salvato {SavedSearches.Max} ricerche");
        await Expect(page.Locator("h1")).ToHaveTextAsync("Quello che hai salvato");
    }

    /// <summary>Signs in where the visitor was led to, and is led back.</summary>
    private async Task EnterHereAsync(IPage page, string name)
    {
        var (user, _) = await new Story(town).WhoAsync(name, Role.Household);
        await page.Locator($"form:has(input[name=person][value='{user}']) button").ClickAsync();
    }

    private async Task PublishAsync(string title)
    {
        var (services, territory) = (town.Services, await new Story(town).TerritoryAsync());
        var offers = services.GetRequiredService<Offers>();
        var (_, provider) = await new Story(town).WhoAsync("Giorgia Macchi", Role.Provider);
        var like = (await offers.OfProviderAsync(territory, provider.ProviderId!.Value)).First(o => o.Status is OfferStatus.Published);
        // A little later than the search, whose clock stands still.
        town.Hand.Advance(Duration.FromSeconds(5));
        var id = Id<Offer>.New();
        (await offers.CreateAsync(territory, like with { Id = id, Title = new(title, title), Price = Money.Euro(30), CancelFee = Money.Zero })).OrThrow();
        (await offers.PublishAsync(territory, id)).OrThrow();
        town.Hand.Advance(Duration.FromMinutes(2));
        await town.SettleAsync();
        town.Hand.Advance(Duration.FromMinutes(2));
    }
}
