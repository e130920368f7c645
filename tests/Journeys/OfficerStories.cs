using Borsellino.Ledger;
using Borsellino.Marketplace;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;
using Town = Borsellino.Tests.Funding.Town;

namespace Borsellino.Tests.Journeys;

/// <summary>Two officers bring a programme's money to families: one prepares, the other signs.</summary>
public sealed class OfficerStories(RunningTown town) : IAsyncLifetime
{
    private const string Preparer = "Marta Prova";
    private const string Signer = "Dario Prova";
    private readonly int people = Random.Shared.Next(100_000, 400_000);
    private readonly string code = $"PROVA-{Random.Shared.Next(100_000, 999_999)}";

    public async ValueTask InitializeAsync()
    {
        await town.StartAsync();
        var clock = town.Services.GetRequiredService<IClock>();
        var place = (await town.Services.GetRequiredService<Territories>().FindAsync("tradate"))!;
        foreach (var name in new[] { Preparer, Signer })
        {
            var email = name.Replace(' ', '.').ToLowerInvariant() + "@ambito.example";
            var user = new NewUser(Id<User>.From(email), email, name, "", [new(Role.Officer)], "Prova", 99);
            (await town.Services.GetRequiredService<Database>().TransactAsync(place.Id, tx => Users.CreateAsync(tx, user, clock.Now))).OrThrow();
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_list_goes_from_the_file_to_the_purses_under_two_pairs_of_eyes(bool scripts)
    {
        var marta = await town.VisitAsync(scripts: scripts);
        await town.EnterAsync(marta, "tradate", Role.Officer, Preparer);
        await OpenProgrammeAsync(marta);
        await CommitAsync(marta, "1.000,00");

        await marta.GotoAsync("/tradate/comune/assegnazioni/carica");
        await marta.GetByRole(AriaRole.Button, new() { Name = "Carica e controlla" }).ClickAsync();
        await Expect(marta.Locator(".error-summary a")).ToHaveCountAsync(2);
        await PhotographAsync(marta, "officer-upload");

        var address = await UploadAsync(marta, File(), expectCheck: true);
        await Expect(marta.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("2 righe pronte, 3 da correggere");
        await Expect(marta.Locator("td.wrong").First).ToContainTextAsync("dovrebbe finire con");
        await Expect(marta.Locator("main")).ToContainTextAsync("Non è stato scritto ancora niente");
        var download = await marta.RunAndWaitForDownloadAsync(() => marta.GetByRole(AriaRole.Link, new() { Name = "Scarica le 3 righe da correggere (CSV)" }).ClickAsync());
        Assert.Equal("elenco-scarti.csv", download.SuggestedFilename);
        Assert.Equal(4, (await System.IO.File.ReadAllLinesAsync((await download.PathAsync())!)).Length);
        await marta.GetByRole(AriaRole.Button, new() { Name = "Chiedi di approvare" }).ClickAsync();
        await Expect(marta.GetByRole(AriaRole.Heading, new() { Name = "In attesa di una firma" })).ToBeVisibleAsync();
        await Expect(marta.GetByRole(AriaRole.Button, new() { Name = "Approva" })).ToHaveCountAsync(0);

        var dario = await town.VisitAsync(scripts: scripts);
        await town.EnterAsync(dario, "tradate", Role.Officer, Signer);
        await Expect(dario.Locator(".work")).ToContainTextAsync("Serve la tua firma");
        await PhotographAsync(dario, "officer-home");
        await dario.GotoAsync(address);
        await PhotographAsync(dario, "officer-import-decide");
        await dario.GetByRole(AriaRole.Button, new() { Name = "Approva 220,00" }).ClickAsync();
        await Story.UntilAsync(dario, "2 assegnazioni scritte");
        await Expect(dario.Locator("main")).ToContainTextAsync("sono nei borsellini di 2 famiglie");

        await dario.GotoAsync("/tradate/comune");
        var row = dario.GetByRole(AriaRole.Row).Filter(new() { HasText = code });
        await Expect(row.Locator("td[data-label=Assegnato]")).ToHaveTextAsync("220,00");
        await Expect(row.Locator("td[data-label=Residuo]")).ToHaveTextAsync("780,00");
        await FootsAsync(dario);
        await FindFamilyAsync(dario);

        await UploadAsync(marta, File(), expectCheck: false);
        await Expect(marta.Locator(".notice").First).ToContainTextAsync("Questo file c’era già");
        await Expect(marta.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("2 assegnazioni scritte");
    }

    [Fact]
    public async Task What_cannot_be_taken_names_its_field()
    {
        var page = await town.VisitAsync();
        await town.EnterAsync(page, "tradate", Role.Officer, Preparer);
        await page.GotoAsync("/tradate/comune/misure/nuova");
        await page.GetByRole(AriaRole.Button, new() { Name = "Apri la misura" }).ClickAsync();
        await Expect(page.Locator(".error-summary a").First).ToHaveAttributeAsync("href", "#Funder");
        await page.GetByLabel("Oppure un ente nuovo").FillAsync("Ente " + code);
        await page.GetByLabel("Codice", new() { Exact = true }).FillAsync("x");
        await page.GetByLabel("Massimo al mese").FillAsync("3O0");
        await page.GetByRole(AriaRole.Button, new() { Name = "Apri la misura" }).ClickAsync();
        await Expect(page.Locator(".error-summary")).ToContainTextAsync("C’è la lettera O al posto della cifra 0");
        await page.GetByLabel("Massimo al mese").FillAsync("300");
        await page.GetByRole(AriaRole.Button, new() { Name = "Apri la misura" }).ClickAsync();
        await Expect(page.Locator(".error-summary a").First).ToHaveAttributeAsync("href", "#Code");
        await PhotographAsync(page, "officer-open-programme");
    }

    private async Task OpenProgrammeAsync(IPage page)
    {
        await page.GotoAsync("/tradate/comune/misure/nuova");
        await page.GetByLabel("Codice", new() { Exact = true }).FillAsync(code);
        await page.GetByLabel("Nome in italiano").FillAsync("Misura " + code);
        await page.GetByLabel("Oppure un ente nuovo").FillAsync("Ente " + code);
        await page.Locator("#Classes label").First.ClickAsync();
        await page.GetByLabel("Fascia 1: ISEE fino a").FillAsync("8.000");
        await page.GetByLabel("Fascia 1: al massimo").FillAsync("200");
        await page.GetByLabel("Fascia 2: al massimo").FillAsync("150");
        await page.GetByRole(AriaRole.Button, new() { Name = "Apri la misura" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Misura " + code);
    }

    private static async Task CommitAsync(IPage page, string amount)
    {
        await page.GetByLabel("Importo").FillAsync(amount);
        await page.GetByLabel("Atto").FillAsync("Determina 7 del 2.11.2026");
        await page.GetByRole(AriaRole.Button, new() { Name = "Registra l’impegno di spesa" }).ClickAsync();
        await Expect(page.Locator(".notice").First).ToContainTextAsync("Stanziati 1.000,00");
    }

    private async Task<string> UploadAsync(IPage page, byte[] file, bool expectCheck)
    {
        await page.GotoAsync("/tradate/comune/assegnazioni/carica");
        var option = await page.Locator("#Programme option").Filter(new() { HasText = code }).GetAttributeAsync("value");
        await page.GetByLabel("Misura").SelectOptionAsync(option!);
        await page.Locator("input[type=file]").SetInputFilesAsync(new FilePayload { Name = "elenco.csv", MimeType = "text/csv", Buffer = file });
        await page.GetByRole(AriaRole.Button, new() { Name = "Carica e controlla" }).ClickAsync();
        if (expectCheck) await Story.UntilAsync(page, "righe pronte");
        return new Uri(page.Url).AbsolutePath;
    }

    /// <summary>A family that the list brought is found by its tax code, with the money of this programme and of no other.</summary>
    private async Task FindFamilyAsync(IPage page)
    {
        await page.GotoAsync("/tradate/comune/famiglie?cerca=nessuno+si+chiama+cosi");
        await Expect(page.Locator(".empty-state")).ToContainTextAsync("Nessuna famiglia con queste parole");
        await page.GetByLabel("Nome, codice fiscale, comune o numero").FillAsync(Town.TaxCodeOf(people).ToLowerInvariant());
        await page.GetByRole(AriaRole.Button, new() { Name = "Cerca" }).ClickAsync();
        var row = page.Locator("tbody tr");
        await Expect(row).ToHaveCountAsync(1);
        await Expect(row.Locator("td[data-label=Libero]")).ToHaveTextAsync("120,00");
        await PhotographAsync(page, "officer-families");
        await row.GetByRole(AriaRole.Link).ClickAsync();
        await Expect(page.Locator("tbody tr")).ToContainTextAsync("Misura " + code);
        await Expect(page.Locator("tbody tr td[data-label=Stato]")).ToHaveTextAsync("Attiva");
    }

    /// <summary>Adds the visible rows of the table up and compares them with its total.</summary>
    private static async Task FootsAsync(IPage page)
    {
        foreach (var column in new[] { "Stanziato", "Assegnato", "Speso", "Impegnato", "Libero", "Residuo" })
        {
            var rows = await page.Locator($"tbody td[data-label='{column}']").AllInnerTextsAsync();
            var total = await page.Locator($"tfoot td[data-label='{column}']").InnerTextAsync();
            Assert.Equal(Story.Cents(total), rows.Sum(Story.Cents));
        }
    }

    /// <summary>Two good rows of 220 euro in all, and three that are not: a wrong last letter, another town, a letter for a digit.</summary>
    private byte[] File()
    {
        var wrong = Town.TaxCodeOf(people + 4);
        return Town.Csv(
            Town.Row(people, "120,00"), Town.Row(people + 1, "100"),
            Town.Row(people + 4).Replace(wrong, wrong[..15] + (wrong[15] == 'A' ? 'B' : 'A'), StringComparison.Ordinal),
            Town.Row(people + 2, municipality: "Varese"), Town.Row(people + 3, "24O,00"));
    }

    /// <summary>At a desk and on a phone.</summary>
    private static async Task PhotographAsync(IPage page, string name)
    {
        await RunningTown.PhotographAsync(page, name);
        await page.SetViewportSizeAsync(390, 844);
        await RunningTown.PhotographAsync(page, name);
        await page.SetViewportSizeAsync(1280, 900);
    }
}
