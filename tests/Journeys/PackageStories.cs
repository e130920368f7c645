using System.Text.RegularExpressions;
using Borsellino.Marketplace;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Borsellino.Tests.Journeys;

/// <summary>
/// A family buys lessons together on a phone without scripts, takes the first, gives it up again and gives the package back; a provider writes how
/// it sells one and finds the unit among its appointments.
/// </summary>
public sealed class PackageStories(RunningTown town)
{
    [Fact]
    public async Task A_family_buys_a_package_takes_a_date_and_gives_it_all_back()
    {
        var family = await town.VisitAsync(phone: true, scripts: false);
        await town.EnterAsync(family, "tradate", Role.Household, "Chiara Pozzi");
        await family.GotoAsync("/tradate/servizi?cerca=nuoto+per+bambini");
        await family.GetByRole(AriaRole.Link, new() { Name = "Nuoto per bambini" }).First.ClickAsync();
        await Expect(family.Locator("#pacchetto + p")).ToHaveTextAsync(new Regex("^10 lezioni, 110,00\\s€, 11,00\\s€ a lezione$"));
        await RunningTown.PhotographAsync(family, "package-card");
        await family.GetByRole(AriaRole.Link, new() { Name = "Compra il pacchetto" }).ClickAsync();
        await family.GetByLabel("Pietro Zanella").CheckAsync();
        await RunningTown.PhotographAsync(family, "package-check");
        await family.GetByRole(AriaRole.Button, new() { NameRegex = new("^Compra e impegna 110,00") }).ClickAsync();
        await Expect(family.Locator("h1")).ToHaveTextAsync("Nuoto per bambini");
        await Expect(family.Locator(".lead-text")).ToContainTextAsync("Ne restano 10 su 10");
        var package = family.Url.Split('?')[0];

        await family.Locator(".slot").Last.ClickAsync();
        await Expect(family.Locator("#take")).ToHaveTextAsync("Prendi questa data?");
        await RunningTown.PhotographAsync(family, "package-take");
        await family.GetByRole(AriaRole.Button, new() { Name = "Sì, prenota questa data" }).ClickAsync();
        await Expect(family.Locator(".outcome h1")).ToHaveTextAsync("Prenotazione inviata");
        await Expect(family.GetByRole(AriaRole.Link, new() { Name = "1 di 10 del pacchetto" })).ToBeVisibleAsync();
        await Expect(family.Locator("main")).ToContainTextAsync("non paghi altro");
        await family.GotoAsync(package);
        await Expect(family.Locator(".lead-text")).ToContainTextAsync("Ne restano 9 su 10");
        // With a date booked nothing goes back.
        await Expect(family.GetByRole(AriaRole.Link, new() { Name = "Rendi quello che non hai usato" })).ToHaveCountAsync(0);
        await family.Locator(".moves a").First.ClickAsync();
        await family.GetByRole(AriaRole.Link, new() { Name = "Ritira la richiesta" }).ClickAsync();
        await Expect(family.Locator("main")).ToContainTextAsync("torna nel pacchetto");
        await family.GetByRole(AriaRole.Button, new() { Name = "Sì, ritira la richiesta" }).ClickAsync();
        await family.GotoAsync(package);
        await Expect(family.Locator(".lead-text")).ToContainTextAsync("Ne restano 10 su 10");
        await family.GetByRole(AriaRole.Link, new() { Name = "Rendi quello che non hai usato" }).ClickAsync();
        await family.GetByRole(AriaRole.Button, new() { Name = "Sì, rendi il pacchetto" }).ClickAsync();
        await Expect(family.Locator(".notice").First).ToContainTextAsync("Pacchetto reso");
        await Expect(family.Locator("h1 + p")).ToHaveTextAsync("Reso");
        using var other = await town.SignedInAsync("tradate", Role.Household);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await other.GetAsync(new Uri(new Uri(package).AbsolutePath, UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task A_provider_says_how_it_sells_one_and_is_told_what_does_not_add_up()
    {
        var provider = await town.VisitAsync();
        await town.EnterAsync(provider, "tradate", Role.Provider, "Michele Broggi");
        await provider.GotoAsync("/tradate/ente/offerte");
        await provider.Locator("main table a").First.ClickAsync();
        await provider.GetByRole(AriaRole.Link, new() { Name = "Cambia", Exact = true }).ClickAsync();
        var price = Story.Cents(await provider.GetByLabel("Prezzo in euro", new() { Exact = true }).InputValueAsync());
        await provider.GetByLabel("Quante volte").FillAsync("6");
        await provider.GetByLabel("Come si chiamano, al plurale").FillAsync("incontri");
        await provider.GetByLabel("Prezzo del pacchetto in euro").FillAsync(Euro((price * 6) - 1));
        await provider.GetByRole(AriaRole.Button, new() { Name = "Salva" }).ClickAsync();
        await Expect(provider.Locator(".error-summary")).ToContainTextAsync("al centesimo");
        await provider.GetByLabel("Prezzo del pacchetto in euro").FillAsync(Euro(price * 6));
        await provider.GetByRole(AriaRole.Button, new() { Name = "Salva" }).ClickAsync();
        await Expect(provider.Locator("#facts + .facts")).ToContainTextAsync("6 incontri");
        await RunningTown.PhotographAsync(provider, "package-provider");
    }

    private static string Euro(long cents) => $"{cents / 100},{cents % 100:00}";
}
