using System.Text.RegularExpressions;
using Borsellino.Marketplace;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Borsellino.Tests.Journeys;

/// <summary>
/// A cooperative writes a product and sells it; a family buys some on a phone without scripts and fetches them, some with the voucher and some
/// without; whoever may not hand it over is told why; and the office reads where the money is.
/// </summary>
public sealed class ProductStories(RunningTown town)
{
    private static readonly Regex Reference = new("[0-9A-Z]{4} [0-9A-Z]{4} [0-9A-Z]{4}");

    [Fact]
    public async Task A_product_is_written_bought_fetched_in_two_goes_and_called_off()
    {
        var shop = await town.VisitAsync();
        await town.EnterAsync(shop, "tradate", Role.Provider, "Michele Broggi");
        var title = $"Zaino di prova {Guid.NewGuid().ToString("N")[..6]}";
        await WriteAsync(shop, title, pieces: 3);

        var family = await town.VisitAsync(phone: true, scripts: false);
        await town.EnterAsync(family, "tradate", Role.Household, "Chiara Pozzi");
        await family.GotoAsync($"/tradate/servizi?cerca={Uri.EscapeDataString(title)}");
        var card = family.Locator(".offer").Filter(new() { HasText = title });
        await Expect(card).ToContainTextAsync("Prodotto. Ne restano 3");
        await card.GetByRole(AriaRole.Link, new() { Name = title }).ClickAsync();
        await RunningTown.PhotographAsync(family, "product-card");
        await family.GetByLabel("Quanti").SelectOptionAsync("2");
        await family.GetByRole(AriaRole.Button, new() { Name = "Guarda chi paga" }).ClickAsync();
        await Expect(family.Locator("main")).ToContainTextAsync("2 zaini");
        await family.GetByLabel("Quanti").SelectOptionAsync("3");
        await family.GetByRole(AriaRole.Button, new() { Name = "Cambia quanti" }).ClickAsync();
        await family.GetByLabel("Pietro Zanella").CheckAsync();
        await RunningTown.PhotographAsync(family, "product-check");
        await family.GetByRole(AriaRole.Button, new() { NameRegex = new("^Compra e impegna 6,00") }).ClickAsync();
        await Expect(family.Locator(".lead-text")).ToContainTextAsync("Ne restano 3 su 3");
        var bought = family.Url.Split('?')[0];
        await RunningTown.PhotographAsync(family, "product-bought");

        // Nobody else can buy one now, nor look at it.
        using var other = await town.SignedInAsync("tradate", Role.Household);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await other.GetAsync(new Uri(new Uri(bought).AbsolutePath, UriKind.Relative))).StatusCode);
        using var rival = await town.SignedInAsync("tradate", Role.Provider);
        var sold = new Uri(bought).AbsolutePath.Replace("/prodotti/", "/ente/prodotti/", StringComparison.Ordinal);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await rival.GetAsync(new Uri(sold, UriKind.Relative))).StatusCode);
        await family.GotoAsync(shop.Url.Replace("/ente/offerte/", "/prodotti/compra/", StringComparison.Ordinal));
        await Expect(family.Locator("main")).ToContainTextAsync("non ne resta nessuno");

        await family.GotoAsync(bought);
        await family.GetByRole(AriaRole.Link, new() { Name = "Voucher da mostrare o stampare" }).ClickAsync();
        var paper = await family.Locator("main").InnerTextAsync();
        await RunningTown.PhotographAsync(family, "product-voucher");
        var (number, pin) = (Reference.Match(paper.Replace('\u00a0', ' ')).Value, Regex.Match(paper, @"\b\d{3}\s\d{3}\b").Value);

        // Another cooperative, which is approved for other things.
        var stranger = await town.VisitAsync(scripts: false);
        await town.EnterAsync(stranger, "tradate", Role.Provider, "Giorgia Macchi");
        await UseAsync(stranger, number, pin);
        await Expect(stranger.Locator(".error-summary")).ToContainTextAsync("è di un altro ente");

        await UseAsync(shop, number, pin);
        await Expect(shop.Locator("#pieces")).ToHaveTextAsync("Quanti pezzi consegnate?");
        await shop.GetByLabel("Pezzi", new() { Exact = true }).FillAsync("4");
        await shop.GetByRole(AriaRole.Button, new() { Name = "Segna la consegna" }).ClickAsync();
        await Expect(shop.Locator(".error-summary")).ToContainTextAsync("da 1 a 3");
        await RunningTown.PhotographAsync(shop, "product-hand-over");
        await shop.GetByLabel("Pezzi", new() { Exact = true }).FillAsync("1");
        await shop.GetByRole(AriaRole.Button, new() { Name = "Segna la consegna" }).ClickAsync();
        await Expect(shop.Locator(".notice").First).ToContainTextAsync("Consegnati finora: 1 su 3");
        await shop.GetByRole(AriaRole.Link, new() { Name = "Apri l’acquisto" }).ClickAsync();
        await shop.GetByLabel("Pezzi", new() { Exact = true }).FillAsync("1");
        await shop.GetByRole(AriaRole.Button, new() { Name = "Segna la consegna" }).ClickAsync();
        await Expect(shop.Locator("main")).ToContainTextAsync("2 di 3");
        await RunningTown.PhotographAsync(shop, "product-provider");

        await family.GotoAsync(bought);
        await Expect(family.Locator(".moves")).ToContainTextAsync("senza il tuo PIN");
        await Expect(family.Locator(".moves")).ToContainTextAsync("con numero e PIN");
        await family.GetByRole(AriaRole.Link, new() { Name = "Disdici quello che non hai ritirato" }).ClickAsync();
        await family.GetByRole(AriaRole.Button, new() { Name = "Sì, disdici" }).ClickAsync();
        await Expect(family.Locator(".notice").First).ToContainTextAsync("Disdetto");
        await RunningTown.PhotographAsync(family, "product-called-off");
        await family.GotoAsync("/tradate/prenotazioni");
        var ended = family.GetByRole(AriaRole.Region, new() { Name = "Acquisti conclusi" }).GetByRole(AriaRole.Listitem).Filter(new() { HasText = title });
        await Expect(ended).ToContainTextAsync(title);
        await Expect(ended).ToContainTextAsync("4,00");
        await Expect(ended).ToContainTextAsync("Disdetto");
        await UseAsync(shop, number, pin);
        await Expect(shop.Locator(".error-summary")).ToContainTextAsync("non vale più");

        var office = await town.VisitAsync();
        await town.EnterAsync(office, "tradate", Role.Officer, "Laura Bernasconi");
        await office.GotoAsync($"/tradate/comune/voucher?numero={Uri.EscapeDataString(number)}");
        await Expect(office.Locator("main")).ToContainTextAsync("Un prodotto: pezzi 3, consegnati 2");
        await RunningTown.PhotographAsync(office, "product-office");
    }

    [Fact]
    public async Task What_the_shop_has_no_more_of_is_free_again_and_the_family_reads_why()
    {
        var shop = await town.VisitAsync();
        await town.EnterAsync(shop, "tradate", Role.Provider, "Michele Broggi");
        var title = $"Astuccio di prova {Guid.NewGuid().ToString("N")[..6]}";
        await WriteAsync(shop, title, pieces: 9);
        var offer = shop.Url.Split('/')[^1];

        // The desk buys it for the family, which reads that it did.
        var desk = await town.VisitAsync(scripts: false);
        await town.EnterAsync(desk, "tradate", Role.SocialPoint);
        await desk.GotoAsync($"/tradate/servizi/{offer}");
        await desk.GetByLabel("Quanti").SelectOptionAsync("2");
        await desk.GetByRole(AriaRole.Button, new() { Name = "Guarda chi paga" }).ClickAsync();
        await Expect(desk.Locator("h1")).ToHaveTextAsync("Compra per una famiglia");
        await desk.GetByRole(AriaRole.Button, new() { Name = "Guarda chi paga" }).ClickAsync();
        await Expect(desk.Locator(".error-summary a")).ToHaveCountAsync(3);
        await desk.GetByLabel("Codice fiscale di chi partecipa").FillAsync(Story.TaxCodeOf("chiara"));
        await desk.GetByLabel("Come ha detto di sì?").SelectOptionAsync("Paper");
        await desk.GetByLabel("Dove si trova il consenso").FillAsync("modulo 91/2026");
        await desk.GetByRole(AriaRole.Button, new() { Name = "Guarda chi paga" }).ClickAsync();
        await Expect(desk.Locator("main h2").First).ToHaveTextAsync("Leggi ad alta voce");
        await RunningTown.PhotographAsync(desk, "desk-buy-for");
        await desk.GetByRole(AriaRole.Button, new() { NameRegex = new("^Dice di sì: compra e impegna 4,00") }).ClickAsync();
        await Expect(desk.Locator("tbody tr").Filter(new() { HasText = title })).ToContainTextAsync("modulo 91/2026");

        await shop.GotoAsync("/tradate/ente/prodotti");
        await RunningTown.PhotographAsync(shop, "products-provider");
        await shop.Locator("tbody tr").Filter(new() { HasText = title }).GetByRole(AriaRole.Link).ClickAsync();
        await shop.GetByRole(AriaRole.Link, new() { Name = "Non l’abbiamo più" }).ClickAsync();
        await shop.GetByRole(AriaRole.Button, new() { Name = "Non è disponibile" }).ClickAsync();
        await Expect(shop.Locator(".error-summary")).ToContainTextAsync("Scrivi il motivo");
        await shop.GetByLabel("Il motivo").FillAsync("Il fornitore non li ha mandati.");
        await shop.GetByRole(AriaRole.Button, new() { Name = "Non è disponibile" }).ClickAsync();
        await Expect(shop.Locator(".page-top")).ToContainTextAsync("Non disponibile");

        var family = await town.VisitAsync(phone: true, scripts: false);
        await town.EnterAsync(family, "tradate", Role.Household, "Chiara Pozzi");
        await family.GotoAsync("/tradate/messaggi");
        await family.GetByRole(AriaRole.Link, new() { NameRegex = new($"non può consegnare quello che restava: {title}") }).ClickAsync();
        await Expect(family.Locator("main")).ToContainTextAsync("Il fornitore non li ha mandati.");
        await Expect(family.Locator("main")).ToContainTextAsync("modulo 91/2026");
        await RunningTown.PhotographAsync(family, "product-unavailable");
    }

    /// <summary>Writes a product of two euros and publishes it; first with everything wrong at once.</summary>
    private static async Task WriteAsync(IPage shop, string title, int pieces)
    {
        await shop.GotoAsync("/tradate/ente/offerte");
        await shop.GetByRole(AriaRole.Link, new() { Name = "Scrivi un prodotto" }).ClickAsync();
        await shop.GetByLabel("Quanti ne avete").FillAsync("tanti");
        await shop.GetByLabel("Si ritira entro quanti giorni").FillAsync("0");
        await shop.GetByRole(AriaRole.Button, new() { Name = "Salva la bozza" }).ClickAsync();
        await Expect(shop.Locator(".error-summary")).ToContainTextAsync("Scrivi quanti ne avete");
        await Expect(shop.Locator(".error-summary")).ToContainTextAsync("da 1 a 366");
        await RunningTown.PhotographAsync(shop, "product-write");
        await shop.GetByLabel("Tipologia").SelectOptionAsync("scuola-e-libri");
        await shop.GetByLabel("Nome", new() { Exact = true }).FillAsync(title);
        foreach (var field in new[] { "In due parole", "A chi è rivolto", "Che cosa serve", "Che cosa si ottiene" }) await shop.GetByLabel(field, new() { Exact = true }).FillAsync("Un oggetto per la scuola.");
        await shop.GetByLabel("Prezzo in euro").FillAsync("2,00");
        await shop.GetByLabel("Per che cosa è il prezzo", new() { Exact = true }).FillAsync("l’uno");
        await shop.GetByLabel("Come si chiamano i pezzi").FillAsync("zaini");
        await shop.GetByLabel("Quanti ne avete").FillAsync($"{pieces}");
        await shop.GetByLabel("Si ritira entro quanti giorni").FillAsync("30");
        await shop.GetByLabel("Anche dopo si disdice quello che non si è ritirato").CheckAsync();
        await shop.GetByLabel("Indirizzo").FillAsync("piazza del Borgo 5");
        await shop.GetByRole(AriaRole.Button, new() { Name = "Salva la bozza" }).ClickAsync();
        await Expect(shop.Locator("h1")).ToHaveTextAsync(title);
        await shop.GetByRole(AriaRole.Button, new() { Name = "Pubblica", Exact = true }).ClickAsync();
        await Expect(shop.Locator(".page-top")).ToContainTextAsync("Pubblicata");
        await RunningTown.PhotographAsync(shop, "product-offer");
    }

    private static async Task UseAsync(IPage page, string number, string pin)
    {
        await page.GotoAsync("/tradate/ente/voucher");
        await page.GetByLabel("Numero del voucher").FillAsync(number);
        await page.GetByLabel("PIN", new() { Exact = true }).FillAsync(pin);
        await page.GetByRole(AriaRole.Button, new() { Name = "Segna come svolto" }).ClickAsync();
    }
}
