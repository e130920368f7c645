using System.Text.RegularExpressions;
using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Borsellino.Tests.Journeys;

/// <summary>A cooperative plans what an offer costs from a day on and takes one change back; families read it before. Without scripts, on a phone.</summary>
public sealed class OfferPriceStory(RunningTown town)
{
    [Fact]
    public async Task A_price_is_planned_read_by_families_and_taken_back_and_what_is_wrong_is_named()
    {
        await town.StartAsync();
        var id = await PublishedAsync();
        var today = town.Services.GetRequiredService<IClock>().Today();
        var (later, last) = (today.PlusDays(10), today.PlusDays(40));
        var cooperative = await town.VisitAsync(phone: true, scripts: false);
        await town.EnterAsync(cooperative, "tradate", Role.Provider, "Giorgia Macchi");
        await cooperative.GotoAsync($"/tradate/ente/offerte/{id}");
        var prices = cooperative.Locator("section[aria-labelledby=prices]");
        await Expect(prices.Locator("li")).ToHaveTextAsync([new Regex(@"^Oggi: 20,00\s€$")]);

        // Nothing, a word, the past, today, too far, below what cancelling costs: each is named, and nothing changes.
        await PlanAsync("", "");
        await Expect(cooperative.Locator(".error-summary a")).ToHaveCountAsync(2);
        await PlanAsync("ieri", "tanto");
        await Expect(cooperative.Locator(".error-summary a")).ToHaveCountAsync(2);
        foreach (var day in new[] { today.PlusDays(-1), today, today.PlusYears(2).PlusDays(1) })
        {
            await PlanAsync(Days.Iso(day), "25,00");
            await Expect(cooperative.Locator(".error-summary a")).ToHaveTextAsync([new Regex("da domani in poi, entro due anni")]);
            await Expect(cooperative.Locator(".error-summary a")).ToHaveAttributeAsync("href", "#PlannedFrom");
            await Expect(cooperative.GetByLabel("Nuovo prezzo in euro")).ToHaveValueAsync("25,00");
        }

        await PlanAsync(Days.Iso(later), "4,99");
        await Expect(cooperative.Locator(".error-summary a")).ToHaveTextAsync([new Regex("non meno di quello che costa annullare tardi")]);
        await RunningTown.PhotographAsync(cooperative, "offer-price-wrong");
        await Expect(prices.Locator("li")).ToHaveCountAsync(1);

        await PlanAsync(Days.Iso(last), "30,00");
        await PlanAsync(Days.Iso(later), "25,50");
        await Expect(cooperative.Locator(".error-summary")).ToHaveCountAsync(0);
        await Expect(prices.Locator("li > span")).ToHaveTextAsync([new Regex("^Oggi: 20,00"), new Regex("25,50"), new Regex("30,00")]);
        // The same day again is another price, not one more.
        await PlanAsync(Days.Iso(later), "26,00");
        await Expect(prices.Locator("li > span")).ToHaveTextAsync([new Regex("^Oggi: 20,00"), new Regex("26,00"), new Regex("30,00")]);
        await RunningTown.PhotographAsync(cooperative, "offer-price");

        var family = await town.VisitAsync(phone: true, scripts: false);
        // Who has signed in reads what is so now; visitors read a page that is kept for a moment.
        await town.EnterAsync(family, "tradate", Role.Household, "Chiara Pozzi");
        await family.GotoAsync($"/tradate/servizi/{id}");
        var costs = family.Locator("section[aria-labelledby=prezzo]");
        await Expect(costs.Locator(".price")).ToContainTextAsync(new Regex(@"20,00\s€"));
        await Expect(costs.Locator("p").Filter(new() { HasText = "Dal " })).ToHaveTextAsync([new Regex(@"26,00\s€"), new Regex(@"30,00\s€")]);

        await prices.Locator("li").Last.GetByRole(AriaRole.Button, new() { NameRegex = new("^Togli") }).ClickAsync();
        await Expect(prices.Locator("li > span")).ToHaveTextAsync([new Regex("^Oggi: 20,00"), new Regex("26,00")]);
        await family.ReloadAsync();
        await Expect(costs.Locator("p").Filter(new() { HasText = "Dal " })).ToHaveTextAsync([new Regex(@"26,00\s€")]);
        var kept = (await town.Services.GetRequiredService<Offers>().FindAsync(await new Story(town).TerritoryAsync(), id))!;
        Assert.Equal([new DatedPrice(later, Money.Euro(26))], kept.Coming);

        // Another provider's is not there to be planned.
        var stranger = await town.VisitAsync(phone: true, scripts: false);
        await town.EnterAsync(stranger, "tradate", Role.Provider, "Michele Broggi");
        Assert.Equal(404, (await stranger.GotoAsync($"/tradate/ente/offerte/{id}"))!.Status);

        async Task PlanAsync(string from, string price)
        {
            // A field for days takes no words: what a browser without such fields sends is sent as it would.
            await prices.GetByLabel("Da che giorno").EvaluateAsync("(field, text) => { field.type = 'text'; field.value = text; }", from);
            await cooperative.GetByLabel("Nuovo prezzo in euro").FillAsync(price);
            await cooperative.GetByRole(AriaRole.Button, new() { Name = "Prepara il nuovo prezzo" }).ClickAsync();
        }
    }

    /// <summary>An offer that no other story touches: twenty euro, and five for cancelling late.</summary>
    private async Task<Id<Offer>> PublishedAsync()
    {
        var (story, offers) = (new Story(town), town.Services.GetRequiredService<Offers>());
        var (territory, (_, giorgia)) = (await story.TerritoryAsync(), await story.WhoAsync("Giorgia Macchi", Role.Provider));
        var one = (await offers.OfProviderAsync(territory, giorgia.ProviderId!.Value))[0];
        var mine = one with
        {
            Id = Id<Offer>.New(),
            Title = new("Un’ora di lettura ad alta voce", "An hour of reading aloud"),
            Price = Money.Euro(20),
            CancelFee = Money.Euro(5),
            Package = null,
            Photo = null,
        };
        (await offers.CreateAsync(territory, mine)).OrThrow();
        (await offers.PublishAsync(territory, mine.Id)).OrThrow();
        return mine.Id;
    }
}
