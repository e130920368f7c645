using Borsellino.Marketplace;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Borsellino.Tests.Journeys;

/// <summary>An officer adds a kind of service, says how it is taxed and which document it wants; a provider that asks for it is told so.</summary>
public sealed class ClassStories(RunningTown town)
{
    [Fact]
    public async Task An_officer_adds_a_kind_of_service_with_its_tax_and_its_document()
    {
        var officer = await town.VisitAsync(scripts: false);
        await town.EnterAsync(officer, "tradate", Role.Officer);
        await officer.GotoAsync("/tradate/comune/accreditamenti");
        await officer.GetByRole(AriaRole.Link, new() { Name = "Tipologie e documenti chiesti" }).ClickAsync();
        await RunningTown.PhotographAsync(officer, "classes");
        await officer.GetByRole(AriaRole.Link, new() { Name = "Aggiungi una tipologia" }).ClickAsync();
        await officer.GetByLabel("Codice", new() { Exact = true }).FillAsync("Orto Sociale");
        await officer.GetByRole(AriaRole.Button, new() { Name = "Salva" }).ClickAsync();
        await Expect(officer.Locator(".error-summary a")).ToHaveCountAsync(3);
        await officer.GetByLabel("Codice", new() { Exact = true }).FillAsync("orto-sociale");
        await officer.GetByLabel("Nome in italiano").FillAsync("Orto sociale");
        await officer.GetByLabel("Sta sotto").SelectOptionAsync("insieme");
        await officer.GetByLabel("Si trova anche con").FillAsync("zappare, giardinaggio");
        await officer.GetByRole(AriaRole.Button, new() { Name = "Salva" }).ClickAsync();
        await Expect(officer.Locator("h1")).ToHaveTextAsync("Orto sociale");
        await Expect(officer.Locator("section[aria-labelledby=tax]")).ToContainTextAsync("Lo dice la tipologia sopra");

        await officer.GetByLabel("Welfare aziendale").SelectOptionAsync("F");
        await officer.GetByLabel("IVA, per cento").FillAsync("0");
        await officer.GetByRole(AriaRole.Button, new() { Name = "Scrivi" }).ClickAsync();
        await Expect(officer.Locator(".error-summary a")).ToContainTextAsync("la norma");
        await officer.GetByLabel("Norma o parere").FillAsync("DPR 633/72 art. 10 n. 20");
        await officer.GetByRole(AriaRole.Button, new() { Name = "Scrivi" }).ClickAsync();
        await Expect(officer.Locator(".error-summary a")).ToContainTextAsync("serve la natura");
        await officer.GetByLabel("Natura, se è zero").FillAsync("n4");
        await officer.GetByRole(AriaRole.Button, new() { Name = "Scrivi" }).ClickAsync();
        await Expect(officer.Locator("section[aria-labelledby=tax] tbody tr")).ToContainTextAsync("Senza IVA (N4)");

        await officer.GetByLabel("Nome in italiano").FillAsync("Corso sulla sicurezza");
        await officer.GetByLabel("Ha una scadenza scritta sopra").CheckAsync();
        await officer.GetByRole(AriaRole.Button, new() { Name = "Chiedi questo documento" }).ClickAsync();
        await Expect(officer.Locator("section[aria-labelledby=documents]")).ToContainTextAsync("Corso sulla sicurezza");
        await RunningTown.PhotographAsync(officer, "class");

        var provider = await town.VisitAsync(phone: true, scripts: false);
        await town.EnterAsync(provider, "tradate", Role.Provider);
        await provider.GotoAsync("/tradate/ente/accreditamenti/chiedi?tipologia=orto-sociale");
        await Expect(provider.Locator("main")).ToContainTextAsync("Corso sulla sicurezza");
        await officer.GetByRole(AriaRole.Button, new() { NameRegex = new("^Non chiederlo più") }).ClickAsync();
        await Expect(officer.Locator("section[aria-labelledby=documents]")).ToContainTextAsync("fino al");
    }
}
