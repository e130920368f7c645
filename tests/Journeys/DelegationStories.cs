using Borsellino.Ledger;
using Borsellino.Marketplace;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Borsellino.Tests.Journeys;

/// <summary>A family gives a delegation; a relative with a sign-in of its own takes it up, books for the family, and is stopped. Without scripts.</summary>
[Collection(nameof(AdelesStories))]
public sealed class DelegationStories(RunningTown town)
{
    [Fact]
    public async Task A_relative_takes_up_a_delegation_books_and_is_stopped()
    {
        await town.StartAsync();
        var payable = await new Story(town).PayableAsync("Adele Crespi", "Giorgia Macchi");
        var family = await town.VisitAsync(phone: true, scripts: false);
        await town.EnterAsync(family, "tradate", Role.Household, "Adele Crespi");
        await family.GotoAsync("/tradate/profilo");
        await family.GetByRole(AriaRole.Link, new() { Name = "Chi può agire per te" }).ClickAsync();
        await family.GetByLabel("Fino a quando").FillAsync("");
        await family.GetByRole(AriaRole.Button, new() { Name = "Crea il codice" }).ClickAsync();
        await Expect(family.Locator(".error-summary a")).ToHaveCountAsync(2);
        await family.GetByLabel("Chi è per te").FillAsync("mia nipote");
        await family.GetByLabel("Fino a quando").FillAsync(town.Services.GetRequiredService<IClock>().Today().PlusMonths(3).ToString("uuuu-MM-dd", null));
        await family.GetByRole(AriaRole.Button, new() { Name = "Crea il codice" }).ClickAsync();
        var code = await family.Locator(".outcome .code").InnerTextAsync();
        await RunningTown.PhotographAsync(family, "delegation-given");

        // Somebody with another role here, who puts on this one as well.
        var niece = await town.VisitAsync(phone: true, scripts: false);
        await town.EnterAsync(niece, "tradate", Role.Administrator);
        await niece.GotoAsync("/tradate/profilo/delega");
        await niece.GetByLabel("Codice della delega").FillAsync("2222-2222-2222");
        await niece.GetByRole(AriaRole.Button, new() { Name = "Usa la delega" }).ClickAsync();
        await Expect(niece.Locator(".error-summary a")).ToContainTextAsync("Questo codice non va bene");
        await niece.GetByLabel("Codice della delega").FillAsync(code.ToLowerInvariant());
        await niece.GetByRole(AriaRole.Button, new() { Name = "Usa la delega" }).ClickAsync();
        await Expect(niece.Locator(".acting")).ToContainTextAsync("con una delega");
        await RunningTown.PhotographAsync(niece, "delegation-acting");
        // Who wears two hats has the most to say in the header; it fits the narrowest phone, with either hat on.
        await niece.SetViewportSizeAsync(320, 640);
        Assert.Equal(0, await TooWideAsync(niece));
        await PutOnAsync("/amministrazione");
        Assert.Equal(0, await TooWideAsync(niece));
        await niece.GotoAsync("/tradate/profilo");
        Assert.Equal(0, await TooWideAsync(niece));
        await PutOnAsync("/borsellino");
        await niece.GotoAsync($"/tradate/prenota/{payable.Slot}");
        await niece.Locator("main form[method=post] button.btn-primary").First.ClickAsync();
        await Expect(niece.Locator(".outcome h1")).ToHaveTextAsync("Prenotazione inviata");
        await niece.GotoAsync("/tradate/deleghe");
        await Expect(niece.GetByRole(AriaRole.Button, new() { Name = "Crea il codice" })).ToHaveCountAsync(0);

        await family.GotoAsync("/tradate/messaggi");
        await Expect(family.Locator("main")).ToContainTextAsync("con la tua delega, ha prenotato");
        await family.GotoAsync("/tradate/deleghe");
        var given = family.Locator("section").Filter(new() { HasText = "mia nipote" });
        await Expect(given).ToContainTextAsync("Che cosa ha fatto");
        await given.GetByRole(AriaRole.Link, new() { NameRegex = new("^Termina la delega") }).ClickAsync();
        await family.GetByRole(AriaRole.Button, new() { Name = "Sì, termina la delega" }).ClickAsync();
        await Expect(given.Locator(".flag")).ToHaveTextAsync("Terminata");
        await niece.GotoAsync("/tradate/prenotazioni");
        await Expect(niece).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/entra"));

        async Task PutOnAsync(string home)
        {
            await niece.Locator(".hats summary").ClickAsync();
            await niece.Locator(".hats button").ClickAsync();
            await Expect(niece).ToHaveURLAsync(new System.Text.RegularExpressions.Regex(home));
        }
    }

    private static Task<int> TooWideAsync(IPage page) => page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
}
