using System.Text.RegularExpressions;
using Borsellino.Marketplace;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Borsellino.Tests.Journeys;

/// <summary>A cooperative writes an offer, gives it a week and publishes it; a family finds it and books. Without scripts, on a phone.</summary>
[Collection(nameof(AdelesStories))]
public sealed class OfferStories(RunningTown town)
{
    private const string Name = "Passeggiata con il vicino di casa";

    [Fact]
    public async Task A_cooperative_publishes_and_a_family_books_then_the_day_closes()
    {
        var cooperative = await town.VisitAsync(phone: true, scripts: false);
        await town.EnterAsync(cooperative, "tradate", Role.Provider);
        await cooperative.GotoAsync("/tradate/ente/offerte/scrivi");
        await cooperative.GetByRole(AriaRole.Button, new() { Name = "Salva la bozza" }).ClickAsync();
        await Expect(cooperative.Locator(".error-summary")).ToContainTextAsync("Scrivi un prezzo in euro");
        await cooperative.GetByLabel("Tipologia").SelectOptionAsync(new[] { "sollievo" });
        await cooperative.GetByLabel("Nome", new() { Exact = true }).FillAsync(Name);
        await cooperative.GetByLabel("In due parole", new() { Exact = true }).FillAsync("Un’ora fuori casa con chi abita vicino.");
        await cooperative.GetByLabel("A chi è rivolto", new() { Exact = true }).FillAsync("A chi esce poco.");
        await cooperative.GetByLabel("Che cosa serve", new() { Exact = true }).FillAsync("Scarpe comode");
        await cooperative.GetByLabel("Che cosa si ottiene", new() { Exact = true }).FillAsync("Due passi e due parole.");
        await cooperative.GetByLabel("Prezzo in euro").FillAsync("7,50");
        await cooperative.GetByLabel("Per che cosa è il prezzo", new() { Exact = true }).FillAsync("a passeggiata");
        await cooperative.GetByLabel("Dopo, la famiglia paga (euro)").FillAsync("8,00");
        await cooperative.GetByRole(AriaRole.Button, new() { Name = "Salva la bozza" }).ClickAsync();
        await Expect(cooperative.Locator(".error-summary a")).ToHaveTextAsync(new Regex("al massimo il prezzo"));
        await cooperative.GetByLabel("Dopo, la famiglia paga (euro)").FillAsync("2,50");
        await cooperative.GetByLabel("arabo").CheckAsync();
        await cooperative.GetByLabel("senza gradini").CheckAsync();
        await cooperative.GetByLabel("Si chiede almeno quante ore prima").FillAsync("2");
        await RunningTown.PhotographAsync(cooperative, "offer-write");
        await cooperative.GetByRole(AriaRole.Button, new() { Name = "Salva la bozza" }).ClickAsync();
        await Expect(cooperative.Locator(".flag").First).ToHaveTextAsync("Bozza");
        var offer = new Uri(cooperative.Url).AbsolutePath;
        var id = offer[(offer.LastIndexOf('/') + 1)..];

        var week = cooperative.Locator("section[aria-labelledby=week]");
        for (var day = 1; day <= 5; day++)
        {
            await cooperative.GetByLabel("Giorno").First.SelectOptionAsync(new[] { $"{day}" });
            await cooperative.GetByLabel("A che ora comincia").FillAsync("10.30");
            await cooperative.GetByRole(AriaRole.Button, new() { Name = "Aggiungi l’orario" }).ClickAsync();
            await Expect(week.Locator("tbody tr")).ToHaveCountAsync(day);
        }

        await cooperative.GetByLabel("A che ora comincia").FillAsync("11.00");
        await cooperative.GetByRole(AriaRole.Button, new() { Name = "Aggiungi l’orario" }).ClickAsync();
        await Expect(cooperative.Locator(".error-summary a")).ToHaveTextAsync(new Regex("si sovrappone"));
        await cooperative.GotoAsync(offer);
        await cooperative.GetByRole(AriaRole.Button, new() { Name = "Pubblica" }).ClickAsync();
        await Expect(cooperative.Locator(".flag").First).ToHaveTextAsync("Pubblicata");
        await RunningTown.PhotographAsync(cooperative, "offer-week");

        var family = await town.VisitAsync(phone: true, scripts: false);
        await town.EnterAsync(family, "tradate", Role.Household, "Adele Crespi");
        await family.GotoAsync($"/tradate/servizi?cerca={Uri.EscapeDataString(Name)}");
        await family.Locator($".offer a[href$='{id}']").First.ClickAsync();
        await Expect(family.Locator(".particulars").First).ToContainTextAsync("Lingue: italiano, arabo");
        await Expect(family.Locator(".particulars").First).ToContainTextAsync("Accessibilità: senza gradini");
        await Expect(family.Locator(".particulars").First).ToContainTextAsync("Si prenota almeno 2 ore prima");
        var when = await family.Locator(".slot strong").Last.InnerTextAsync();
        await family.Locator(".slot").Last.ClickAsync();
        await Expect(family.Locator("h1")).ToHaveTextAsync("Controlla e conferma");
        await family.Locator("main form[method=post] button.btn-primary").First.ClickAsync();
        await Expect(family.Locator(".outcome h1")).ToHaveTextAsync("Prenotazione inviata");

        // The booked day closes: the booking stays, and the page says so.
        await cooperative.ReloadAsync();
        var booked = cooperative.Locator("section[aria-labelledby=times] tbody tr").Filter(new() { HasText = "1 di 1" }).Filter(new() { HasTextRegex = new($@"\b{when}") });
        await Expect(booked).ToHaveCountAsync(1);
        await Expect(booked.Locator("button")).ToHaveCountAsync(0);
        var first = await cooperative.Locator("section[aria-labelledby=times] tbody tr").CountAsync();
        await cooperative.Locator("section[aria-labelledby=times] tbody button").First.ClickAsync();
        await Expect(cooperative.Locator("section[aria-labelledby=times] tbody tr")).ToHaveCountAsync(first);
        await cooperative.GetByRole(AriaRole.Button, new() { NameRegex = new("^Togli da domani") }).First.ClickAsync();
        await Expect(cooperative.Locator(".notice").First).ToContainTextAsync("Orari liberi tolti");

        // Its price changes for the next family, not its name.
        await cooperative.GetByRole(AriaRole.Link, new() { Name = "Cambia", Exact = true }).ClickAsync();
        await Expect(cooperative.Locator("main")).ToContainTextAsync("Nome, tipologia, durata e luogo restano");
        await cooperative.GetByLabel("Prezzo in euro").FillAsync("9,00");
        await cooperative.GetByRole(AriaRole.Button, new() { Name = "Salva", Exact = true }).ClickAsync();
        await Expect(cooperative.Locator("main")).ToContainTextAsync("9,00");
        await family.ReloadAsync();
        await Expect(family.Locator("main")).ToContainTextAsync("7,50");

        using var other = await town.SignedInAsync("tradate", Role.Provider, which: 1);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await other.GetAsync(new Uri(offer, UriKind.Relative))).StatusCode);
    }
}
