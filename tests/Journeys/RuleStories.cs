using Borsellino.Marketplace;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Borsellino.Tests.Journeys;

/// <summary>The rules of programmes as people meet them: an officer writes them, a family reads its part, an operator reads aloud why money does not pay.</summary>
public sealed class RuleStories(RunningTown town)
{
    private const string Silvia = "Silvia Gatti";

    private readonly Story story = new(town);
    private readonly string code = $"REGOLE-{Random.Shared.Next(100_000, 999_999)}";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_officer_writes_rules_adds_one_and_ends_it(bool scripts)
    {
        var page = await town.VisitAsync(phone: true, scripts: scripts);
        await town.EnterAsync(page, "tradate", Role.Officer);
        await page.GotoAsync("/tradate/comune/misure/nuova");
        await page.GetByLabel("Codice").FillAsync(code);
        await page.GetByLabel("Nome in italiano").FillAsync("Aiuto con le sue regole");
        await page.GetByLabel("Ente finanziatore").SelectOptionAsync(new SelectOptionValue { Index = 1 });
        await page.GetByLabel("Soldi della famiglia").SelectOptionAsync("Required");
        await page.Locator("#class-assistenza-domiciliare").CheckAsync();
        await page.Locator("#LimitHours_0_").FillAsync("quattro");
        await page.GetByRole(AriaRole.Button, new() { Name = "Apri la misura" }).ClickAsync();
        await Expect(page.Locator(".error-summary a[href='#LimitHours_0_']")).ToHaveCountAsync(1);
        await page.Locator("#LimitHours_0_").FillAsync("4");
        await page.GetByRole(AriaRole.Button, new() { Name = "Apri la misura" }).ClickAsync();
        // What is missing of the part is said all at once.
        foreach (var field in new[] { "ShareLeast", "ShareMost", "ShareIseeFrom", "ShareIseeTo" })
            await Expect(page.Locator($".error-summary a[href='#{field}']")).ToHaveCountAsync(1);
        await page.Locator("#ShareLeast").FillAsync("3,00");
        await page.Locator("#ShareMost").FillAsync("9,00");
        await page.Locator("#ShareIseeFrom").FillAsync("0");
        await page.Locator("#ShareIseeTo").FillAsync("20.000,00");
        await page.GetByRole(AriaRole.Button, new() { Name = "Apri la misura" }).ClickAsync();
        await Expect(page.Locator("main")).ToContainTextAsync("al massimo 4 ore alla settimana");
        await Expect(page.Locator("main")).ToContainTextAsync("9,00 € all’ora");
        await RunningTown.PhotographAsync(page, "officer-programme-rules");

        await page.GetByRole(AriaRole.Link, new() { Name = "Tutte le regole con le loro date" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Aggiungi il limite" }).ClickAsync();
        await Expect(page.Locator(".error-summary a[href='#Hours']")).ToHaveCountAsync(1);
        await page.Locator("#Amount").FillAsync("60,00");
        await page.Locator("#Period").SelectOptionAsync("Month");
        await page.GetByRole(AriaRole.Button, new() { Name = "Aggiungi il limite" }).ClickAsync();
        await Expect(page.Locator("main")).ToContainTextAsync("Scritto: vale da quel giorno");
        await Expect(page.Locator("main")).ToContainTextAsync("al massimo 60,00 € al mese");
        await page.Locator("#Provider").SelectOptionAsync(new SelectOptionValue { Label = "Filo di Lana" });
        await page.GetByRole(AriaRole.Button, new() { Name = "Aggiungi l’ente" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Filo di Lana" })).ToHaveCountAsync(1);
        await page.Locator("#Which").SelectOptionAsync(new SelectOptionValue { Label = "al massimo 60,00 € al mese" });
        await page.GetByRole(AriaRole.Button, new() { Name = "Finisci la regola" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "al massimo 60,00 € al mese" })).ToContainTextAsync(" al ");
        await RunningTown.PhotographAsync(page, "officer-rules");
    }

    [Fact]
    public async Task A_family_reads_its_part_before_it_confirms()
    {
        var page = await town.VisitAsync(phone: true, scripts: false);
        await town.EnterAsync(page, "tradate", Role.Household, Silvia);
        var seen = await story.PayableAsync(Silvia, "Giorgia Macchi");
        Assert.True(seen.Coverage.OwnPart.IsPositive);
        await page.GotoAsync($"/tradate/prenota/{seen.Slot}");
        var own = page.Locator(".payers-you").Filter(new() { HasText = "La tua parte" });
        await Expect(own).ToContainTextAsync("secondo il tuo ISEE, valido fino al 31.12.");
        Assert.Equal(seen.Coverage.OwnPart.Cents, Story.Cents(await own.Locator(".amount").InnerTextAsync()));
        await RunningTown.PhotographAsync(page, "household-own-part");
    }

    [Fact]
    public async Task An_officer_and_an_operator_read_why()
    {
        await town.StartAsync();
        var (_, wears) = await story.WhoAsync(Silvia, Role.Household);
        var offers = await town.Services.GetRequiredService<Explanations>().OffersAsync(await story.TerritoryAsync());
        var offer = offers.First(o => o.ClassCode == "assistenza-domiciliare");

        var officer = await town.VisitAsync();
        await town.EnterAsync(officer, "tradate", Role.Officer);
        await officer.GotoAsync($"/tradate/comune/famiglie/{wears.HouseholdId}");
        await officer.GetByRole(AriaRole.Link, new() { Name = "Perché non si può usare?" }).ClickAsync();
        await officer.GetByRole(AriaRole.Button, new() { Name = "Spiega" }).ClickAsync();
        await Expect(officer.Locator(".error-summary a[href='#What']")).ToHaveCountAsync(1);
        await officer.Locator("#What").SelectOptionAsync(offer.Id.ToString());
        await officer.GetByRole(AriaRole.Button, new() { Name = "Spiega" }).ClickAsync();
        var row = officer.GetByRole(AriaRole.Row).Filter(new() { HasText = "Assistenza a casa con quota ISEE" });
        await Expect(row).ToContainTextAsync("il resto è la tua parte");
        await Expect(row).ToContainTextAsync("valido fino al");
        await RunningTown.PhotographAsync(officer, "officer-why");

        var desk = await town.VisitAsync(phone: true, scripts: false);
        await town.EnterAsync(desk, "tradate", Role.SocialPoint);
        await desk.GotoAsync("/tradate/sportello/perche");
        await desk.GetByRole(AriaRole.Button, new() { Name = "Spiega" }).ClickAsync();
        foreach (var field in new[] { "TaxCode", "Said", "Reference", "What" })
            await Expect(desk.Locator($".error-summary a[href='#{field}']")).ToHaveCountAsync(1);
        await desk.Locator("#TaxCode").FillAsync(Story.TaxCodeOf("silvia"));
        await desk.Locator("#Said").SelectOptionAsync(nameof(ConsentKind.Paper));
        await desk.Locator("#Reference").FillAsync("modulo 12/2026");
        // A class at a price: what it is worth to ask before a provider is found.
        await desk.Locator("#What").SelectOptionAsync("spesa");
        await desk.Locator("#Price").FillAsync("20,00");
        await desk.Locator("#Hours").FillAsync("1");
        await desk.GetByRole(AriaRole.Button, new() { Name = "Spiega" }).ClickAsync();
        await Expect(desk.GetByRole(AriaRole.Row).Filter(new() { HasText = "Assistenza a casa con quota ISEE" })).ToContainTextAsync("vale per altri servizi");
        await RunningTown.PhotographAsync(desk, "desk-why");

        var silvia = await town.VisitAsync(scripts: false);
        await town.EnterAsync(silvia, "tradate", Role.Household, Silvia);
        await silvia.GotoAsync("/tradate/messaggi");
        await Expect(silvia.Locator("main")).ToContainTextAsync("ha letto con te perché i tuoi soldi pagano o no un servizio");
    }

    [Fact]
    public async Task An_officer_writes_an_isee_down()
    {
        var page = await town.VisitAsync(phone: true, scripts: false);
        await town.EnterAsync(page, "tradate", Role.Officer);
        var (_, wears) = await story.WhoAsync("Andreea Radu", Role.Household);
        await page.GotoAsync($"/tradate/comune/famiglie/{wears.HouseholdId}/isee");
        await page.GetByRole(AriaRole.Button, new() { Name = "Scrivi l’ISEE" }).ClickAsync();
        foreach (var field in new[] { "Value", "Dsu", "PresentedOn" })
            await Expect(page.Locator($".error-summary a[href='#{field}']")).ToHaveCountAsync(1);
        await page.Locator("#Value").FillAsync("7.654,32");
        await page.Locator("#Dsu").FillAsync("inps-isee-2026-12345678x-00");
        await page.Locator("#PresentedOn").FillAsync("2026-02-10");
        await page.GetByRole(AriaRole.Button, new() { Name = "Scrivi l’ISEE" }).ClickAsync();
        var row = page.GetByRole(AriaRole.Row).Filter(new() { HasText = "INPS-ISEE-2026-12345678X-00" }).First;
        await Expect(row).ToContainTextAsync("7.654,32");
        await Expect(row).ToContainTextAsync("dal 10.02.2026 al 31.12.2026");
        await RunningTown.PhotographAsync(page, "officer-isee");
    }
}
