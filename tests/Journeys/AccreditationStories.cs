using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Borsellino.Marketplace;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Borsellino.Tests.Journeys;

/// <summary>A cooperative comes to be accredited: it asks, forgets something, answers, and the office decides. Without scripts.</summary>
public sealed class AccreditationStories(RunningTown town)
{
    private const string Kind = "Sport", Act = "Determina 31 del 20.11.2026";

    [Fact]
    public async Task A_cooperative_asks_completes_and_is_accredited_then_suspended()
    {
        var cooperative = await town.VisitAsync(phone: true, scripts: false);
        await town.EnterAsync(cooperative, "tradate", Role.Provider);
        await cooperative.GotoAsync("/tradate/ente/accreditamenti");
        await cooperative.GetByRole(AriaRole.Link, new() { Name = "Chiedi un accreditamento" }).ClickAsync();
        await cooperative.GetByLabel("Per quale tipologia di servizio?").SelectOptionAsync(new[] { "sport" });
        await cooperative.GetByRole(AriaRole.Button, new() { Name = "Avanti" }).ClickAsync();
        await Expect(cooperative.Locator("h2").First).ToHaveTextAsync(new Regex(Kind));

        // What is missing or no document is said at its field, and nothing has been sent.
        await FileAsync(cooperative, "Statuto e atto costitutivo", "statuto.pdf", "%PDF-1.7 statuto");
        await FileAsync(cooperative, "Polizza di responsabilità civile", "polizza.pdf", "non è un PDF");
        await cooperative.GetByLabel("Vale fino al: Regolarità dei contributi").FillAsync("2027-03-01");
        await cooperative.GetByLabel("Vale fino al: Polizza").FillAsync("2027-12-31");
        await cooperative.GetByRole(AriaRole.Button, new() { Name = "Manda la richiesta" }).ClickAsync();
        await Expect(cooperative.Locator(".error-summary")).ToContainTextAsync("Manca il documento: Regolarità dei contributi (DURC).");
        await Expect(cooperative.GetByLabel("Vale fino al: Polizza")).ToHaveValueAsync("2027-12-31");
        await RunningTown.PhotographAsync(cooperative, "accreditation-ask");
        foreach (var (label, content) in new[]
        {
            ("Statuto e atto costitutivo", "%PDF-1.7 statuto"), ("Regolarità dei contributi (DURC)", "%PDF-1.7 durc"),
            ("Polizza di responsabilità civile", "non è un PDF"), ("Certificato penale di chi lavora con i minori", "%PDF-1.7 minori"),
        })
        {
            await FileAsync(cooperative, label, "foglio.pdf", content);
        }

        await cooperative.GetByRole(AriaRole.Button, new() { Name = "Manda la richiesta" }).ClickAsync();
        await Expect(cooperative.Locator(".error-summary a")).ToHaveTextAsync(new Regex("non è un PDF, un JPEG o un PNG"));
        foreach (var label in new[] { "Statuto e atto costitutivo", "Regolarità dei contributi (DURC)", "Polizza di responsabilità civile", "Certificato penale di chi lavora con i minori" })
        {
            await FileAsync(cooperative, label, "foglio.pdf", "%PDF-1.7 " + label[..5]);
        }

        await cooperative.GetByRole(AriaRole.Button, new() { Name = "Manda la richiesta" }).ClickAsync();
        await Expect(cooperative.Locator(".flag").First).ToHaveTextAsync("In esame");
        var request = new Uri(cooperative.Url).AbsolutePath;

        var officer = await town.VisitAsync();
        await town.EnterAsync(officer, "tradate", Role.Officer);
        await officer.GotoAsync("/tradate/comune/accreditamenti");
        await RunningTown.PhotographAsync(officer, "officer-accreditations");
        await officer.Locator($"a[href$='{request[(request.LastIndexOf('/') + 1)..]}']").ClickAsync();
        var paper = officer.Locator("tr").Filter(new() { HasText = "Polizza" }).Locator("a");
        var file = await officer.APIRequest.GetAsync(new Uri(new Uri(officer.Url), await paper.GetAttributeAsync("href")).ToString());
        Assert.Equal("%PDF-1.7 Poliz", Encoding.ASCII.GetString(await file.BodyAsync()));
        Assert.StartsWith("attachment", file.Headers["content-disposition"], StringComparison.Ordinal);
        await officer.GetByRole(AriaRole.Link, new() { Name = "Chiedi altro", Exact = true }).ClickAsync();
        await officer.GetByRole(AriaRole.Button, new() { Name = "Chiedi", Exact = true }).ClickAsync();
        await Expect(officer.Locator(".error-summary a")).ToHaveTextAsync(new Regex("da 1 a 600"));
        await officer.GetByLabel("Che cosa manca?").FillAsync("Manca il massimale.");
        await officer.GetByRole(AriaRole.Button, new() { Name = "Chiedi", Exact = true }).ClickAsync();
        await Expect(officer.Locator(".flag").First).ToHaveTextAsync("Da completare");

        await cooperative.ReloadAsync();
        await Expect(cooperative.Locator("main")).ToContainTextAsync("Manca il massimale.");
        await FileAsync(cooperative, "Polizza di responsabilità civile", "polizza-2.pdf", "%PDF-1.7 intera");
        await cooperative.GetByLabel("Vale fino al: Polizza").FillAsync("2027-12-31");
        await cooperative.GetByLabel("Che cosa volete dire all’ufficio?").FillAsync("Ecco la pagina che mancava.");
        await cooperative.GetByRole(AriaRole.Button, new() { Name = "Manda all’ufficio" }).ClickAsync();
        await Expect(cooperative.Locator(".flag").First).ToHaveTextAsync("In esame");
        await RunningTown.PhotographAsync(cooperative, "accreditation-request");

        await officer.ReloadAsync();
        await Expect(officer.Locator("main")).ToContainTextAsync("Ecco la pagina che mancava.");
        await officer.GetByRole(AriaRole.Link, new() { Name = "Accredita", Exact = true }).ClickAsync();
        await officer.GetByRole(AriaRole.Button, new() { Name = "Accredita", Exact = true }).ClickAsync();
        await Expect(officer.Locator(".error-summary a")).ToHaveTextAsync(new Regex("da 3 a 120"));
        await officer.GetByLabel("Atto", new() { Exact = true }).FillAsync(Act);
        await officer.GetByRole(AriaRole.Button, new() { Name = "Accredita", Exact = true }).ClickAsync();
        await Expect(officer.Locator(".flag").First).ToHaveTextAsync("Accolta");
        Assert.Empty(await TestBrowser.AxeAsync(officer));

        await cooperative.GotoAsync("/tradate/ente/accreditamenti");
        var mine = cooperative.Locator("tr").Filter(new() { HasText = Act });
        await Expect(mine).ToContainTextAsync("Non ancora in vigore");

        await officer.GetByRole(AriaRole.Link, new() { Name = "Vedi l’accreditamento" }).ClickAsync();
        await officer.GetByRole(AriaRole.Link, new() { Name = "Sospendi", Exact = true }).ClickAsync();
        await officer.GetByLabel("Il motivo").FillAsync("La polizza non è stata rinnovata.");
        await officer.GetByRole(AriaRole.Button, new() { Name = "Sospendi" }).ClickAsync();
        await Expect(officer.Locator(".flag").First).ToHaveTextAsync("Sospeso");
        await RunningTown.PhotographAsync(officer, "officer-accreditation");
        await cooperative.ReloadAsync();
        await Expect(mine).ToContainTextAsync("Sospeso");
        await cooperative.GotoAsync(request);
        await Expect(cooperative.Locator(".timeline")).ToContainTextAsync("La polizza non è stata rinnovata.");

        // Another cooperative sees neither the request nor its papers.
        using var other = await town.SignedInAsync("tradate", Role.Provider, which: 1);
        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync(new Uri(request, UriKind.Relative))).StatusCode);
    }

    private static Task FileAsync(IPage page, string label, string name, string content) =>
        page.GetByLabel(label, new() { Exact = true }).SetInputFilesAsync(
            new FilePayload { Name = name, MimeType = "application/pdf", Buffer = Encoding.UTF8.GetBytes(content) });
}
