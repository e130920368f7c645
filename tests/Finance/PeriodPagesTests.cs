using Borsellino.Ledger;
using Borsellino.Tests.World;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Borsellino.Tests.Finance;

/// <summary>Goal: in a browser one person closes the book and two open it again; what stands in the way is named.</summary>
public sealed class PeriodPagesTests(FinanceSite site) : IClassFixture<FinanceSite>
{
    [Fact]
    public async Task One_closes_and_two_open_again()
    {
        var town = await site.OpenTownAsync();
        var anna = await site.SignInAsync(town, "anna");
        await anna.GetByRole(AriaRole.Link, new() { Name = "Bilancio di verifica", Exact = true }).ClickAsync();
        await anna.GetByRole(AriaRole.Link, new() { Name = "Periodi chiusi" }).ClickAsync();
        Assert.Equal("2026-10-31", await anna.Locator("#Through").InputValueAsync());
        await anna.Locator("#Through").FillAsync("2026-11-16");
        await anna.GetByRole(AriaRole.Button, new() { Name = "Chiudi il libro" }).ClickAsync();
        await Expect(anna.Locator("#Through-error").First).ToContainTextAsync("già passato", new() { UseInnerText = true });
        await anna.Locator("#Through").FillAsync("2026-10-31");
        await anna.GetByRole(AriaRole.Button, new() { Name = "Chiudi il libro" }).ClickAsync();
        await Expect(anna.Locator("h1 + p").First).ToContainTextAsync("chiuso fino al sabato 31 ottobre 2026", new() { UseInnerText = true });

        await anna.Locator("#From").FillAsync("2026-11-02");
        await anna.Locator("#Reason").FillAsync("manca una fattura");
        await anna.GetByRole(AriaRole.Button, new() { Name = "Chiedi la riapertura" }).ClickAsync();
        await Expect(anna.Locator("#From-error").First).ToContainTextAsync("è già aperto", new() { UseInnerText = true });
        await anna.Locator("#From").FillAsync("2026-10-15");
        await anna.GetByRole(AriaRole.Button, new() { Name = "Chiedi la riapertura" }).ClickAsync();
        await Expect(anna.Locator("main").First).ToContainTextAsync("Può riaprire: Bruno Secondo.", new() { UseInnerText = true });
        Assert.Equal(0, await anna.GetByRole(AriaRole.Button, new() { Name = "Riapri dal" }).CountAsync());

        var bruno = await site.SignInAsync(town, "bruno");
        await bruno.GotoAsync("ragioneria/periodi");
        await Expect(bruno.Locator("main").First).ToContainTextAsync("Motivo: manca una fattura", new() { UseInnerText = true });
        await bruno.GetByRole(AriaRole.Button, new() { Name = "Riapri dal 15.10.2026" }).ClickAsync();
        await Expect(bruno.Locator("h1 + p").First).ToContainTextAsync("chiuso fino al mercoledì 14 ottobre 2026", new() { UseInnerText = true });
        Assert.Equal(3, await bruno.Locator(".timeline > li").CountAsync());
        if (Environment.GetEnvironmentVariable("BORSELLINO_SCREENSHOTS") is not null)
        {
            await bruno.ScreenshotAsync(new() { Path = "/tmp/periodi.1280.png", FullPage = true });
            await anna.SetViewportSizeAsync(390, 844);
            await anna.ScreenshotAsync(new() { Path = "/tmp/periodi.390.png", FullPage = true });
        }
    }

    [Fact]
    public async Task The_newest_seal_can_be_copied_from_the_page()
    {
        var town = await site.OpenTownAsync();
        var seals = new Seals(town.Db, new HandClock(FinanceTown.Monday + NodaTime.Duration.FromDays(1)));
        await seals.SealDueAsync(town.Territory, TestContext.Current.CancellationToken);
        var seal = await seals.LastAsync(town.Territory, TestContext.Current.CancellationToken);

        var anna = await site.SignInAsync(town, "anna");
        await anna.GotoAsync("ragioneria/periodi");
        var shown = await anna.InnerTextAsync("section[aria-labelledby=seal]");
        Assert.Contains("16.11.2026", shown, StringComparison.Ordinal);
        Assert.Contains(Convert.ToHexStringLower(seal!.Chain), shown.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sum_nobody_understands_stands_in_the_way_by_name()
    {
        var town = await site.OpenTownAsync();
        var suspense = Id<Account>.New();
        (await town.DoAsync<Done>(async tx =>
        {
            (await town.Ledger.OpenAsync(tx, new NewAccount(suspense, "suspense", "suspense:test"))).OrThrow();
            return (await town.Ledger.PostAsync(tx, new(
                Id<JournalEntry>.New(), "test", "", new(2026, 10, 20), "test", "", [new(town.Receivable, suspense, new(1234))]))).IsRefused(out var refusal)
                ? refusal
                : default(Done);
        })).OrThrow();
        var anna = await site.SignInAsync(town, "anna");
        await anna.GotoAsync("ragioneria/periodi");
        await anna.GetByRole(AriaRole.Button, new() { Name = "Chiudi il libro" }).ClickAsync();

        await Expect(anna.Locator(".error-summary").First).ToContainTextAsync("alcuni saldi non sono come devono essere", new() { UseInnerText = true });
        var row = await anna.InnerTextAsync("table tbody tr");
        Assert.All(new[] { "suspense:test", "a zero", "12,34" }, text => Assert.Contains(text, row, StringComparison.Ordinal));
        await Expect(anna.Locator("h1 + p").First).ToContainTextAsync("Nessun periodo è ancora chiuso", new() { UseInnerText = true });
    }

    [Fact]
    public async Task A_balance_is_told_as_it_is_known_now_and_as_it_was_known_then()
    {
        var town = await site.OpenTownAsync();
        (await town.DoAsync(tx => town.Ledger.PostAsync(tx, new(
            Id<JournalEntry>.New(), "budget_committed", town.Programme.ToString(), new(2026, 11, 12), "test", "",
            [new(town.Receivable, town.ProgrammeAccount, Money.Euro(250))])))).OrThrow();
        var anna = await site.SignInAsync(town, "anna");

        await anna.GotoAsync($"ragioneria/conto/{town.Receivable}");
        await anna.GetByRole(AriaRole.Link, new() { Name = "Saldi nel tempo" }).ClickAsync();
        await anna.Locator("#giorno").FillAsync("2026-11-13");
        await anna.Locator("#noto").FillAsync("2026-11-15");
        await anna.GetByRole(AriaRole.Button, new() { Name = "Mostra" }).ClickAsync();

        // Entered on Monday 16 for Thursday 12: nobody knew of it on Sunday.
        var told = await anna.InnerTextAsync("section[aria-labelledby=day]");
        Assert.Matches(@"il 15\.11\.2026\s+0,00", told);
        Assert.Matches(@"più tardi\s+(\+\s*)?250,00", told);
        Assert.Matches(@"oggi\s+(=\s*)?250,00", told);
        await Expect(anna.Locator("section[aria-labelledby=months] tbody tr:first-child").First).ToContainTextAsync("10.000.250,00", new() { UseInnerText = true });

        if (Environment.GetEnvironmentVariable("BORSELLINO_SCREENSHOTS") is not null)
        {
            await anna.ScreenshotAsync(new() { Path = "/tmp/saldi.1280.png", FullPage = true });
            await anna.SetViewportSizeAsync(390, 844);
            await anna.ScreenshotAsync(new() { Path = "/tmp/saldi.390.png", FullPage = true });
        }

        await anna.GotoAsync($"ragioneria/conto/{town.Receivable}/saldi?giorno=mai&noto=2026-11-15");
        await Expect(anna.Locator(".error-summary").First).ToContainTextAsync("Scrivi il giorno come", new() { UseInnerText = true });
    }
}
