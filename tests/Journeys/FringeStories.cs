using Borsellino.Marketplace;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Borsellino.Tests.Journeys;

/// <summary>An employee reads what its company may still give it this year, declares the children that depend on it, and takes that back. Without scripts.</summary>
public sealed class FringeStories(RunningTown town)
{
    [Fact]
    public async Task An_employee_declares_children_and_takes_it_back()
    {
        await town.StartAsync();
        var page = await town.VisitAsync(phone: true, scripts: false);
        await town.EnterAsync(page, "tradate", Role.Household, "Chiara Pozzi");
        await page.GotoAsync("/tradate/profilo");
        await page.GetByRole(AriaRole.Link, new() { Name = "Fringe benefit e figli a carico" }).ClickAsync();
        var company = page.Locator("section").Filter(new() { HasText = "Tessitura Fiordiseta" });
        var most = company.Locator("dd").First;
        await Expect(most).ToContainTextAsync("1.000,00");

        await page.GetByRole(AriaRole.Button, new() { Name = "Dichiaro che sono a mio carico" }).ClickAsync();
        await Expect(page.Locator(".error-summary a")).ToHaveTextAsync("Scegli almeno un figlio a tuo carico.");
        await Expect(most).ToContainTextAsync("1.000,00");
        await RunningTown.PhotographAsync(page, "children-refused");
        await page.GetByLabel("Emma").CheckAsync();
        await page.GetByLabel("Pietro").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Dichiaro che sono a mio carico" }).ClickAsync();
        await Expect(page.Locator("main")).ToContainTextAsync("per quest’anno vale la soglia più alta");
        await Expect(most).ToContainTextAsync("2.000,00");
        await RunningTown.PhotographAsync(page, "children-declared");

        await company.GetByRole(AriaRole.Link, new() { NameRegex = new("^Ritira la dichiarazione") }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "No, resta valida" }).ClickAsync();
        await Expect(most).ToContainTextAsync("2.000,00");
        await company.GetByRole(AriaRole.Link, new() { NameRegex = new("^Ritira la dichiarazione") }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Sì, ritira la dichiarazione" }).ClickAsync();
        await Expect(most).ToContainTextAsync("1.000,00");
        await Expect(company.Locator(".flag")).ToHaveCountAsync(0);
    }
}
