using Borsellino.Marketplace;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Borsellino.Tests.Journeys;

/// <summary>A family moves a booking on a phone without scripts: it sees what changes, changes its mind once, and finds both again.</summary>
[Collection(nameof(AdelesStories))]
public sealed class MoveStories(RunningTown town)
{
    [Fact]
    public async Task A_family_moves_what_it_booked_and_the_cooperative_is_asked_again()
    {
        var family = await town.VisitAsync(phone: true, scripts: false);
        await town.EnterAsync(family, "tradate", Role.Household, "Adele Crespi");
        await family.GotoAsync($"/tradate/prenota/{(await new Story(town).PayableAsync("Adele Crespi", "Giorgia Macchi")).Slot}");
        await family.Locator("main form[method=post] button.btn-primary").First.ClickAsync();
        await Expect(family.Locator(".outcome h1")).ToHaveTextAsync("Prenotazione inviata");
        var booking = new Uri(family.Url).AbsolutePath;

        await family.GetByRole(AriaRole.Link, new() { Name = "Sposta a un’altra data" }).ClickAsync();
        await Expect(family.Locator("h1")).ToHaveTextAsync("A quando la sposti?");
        await RunningTown.PhotographAsync(family, "move-when");
        await family.Locator(".slot").First.ClickAsync();
        await Expect(family.Locator("h1")).ToHaveTextAsync("Controlla e sposta");
        await RunningTown.PhotographAsync(family, "move-check");
        await family.GetByRole(AriaRole.Link, new() { Name = "No, lascia com’è" }).ClickAsync();
        await Expect(family).ToHaveURLAsync(new System.Text.RegularExpressions.Regex(booking + "$"));
        await family.GotoAsync(booking + "/sposta");
        await family.Locator(".slot").First.ClickAsync();
        await family.GetByRole(AriaRole.Button, new() { NameRegex = new("^Sposta a ") }).ClickAsync();
        await Expect(family.Locator(".outcome h1")).ToHaveTextAsync("Prenotazione inviata");
        await Expect(family.Locator(".notice").First).ToContainTextAsync("L’hai spostata qui da un’altra data.");
        Assert.NotEqual(booking, new Uri(family.Url).AbsolutePath);
        await family.GetByRole(AriaRole.Link, new() { Name = "Guarda com’era" }).ClickAsync();
        await Expect(family.Locator(".notice").First).ToContainTextAsync("L’hai spostata.");

        // An old page sent again moves nothing more.
        await family.GotoAsync(booking + "/sposta");
        await family.Locator(".slot").First.ClickAsync();
        await Expect(family.Locator(".notice").First).ToContainTextAsync("Non abbiamo spostato niente");
        using var other = await town.SignedInAsync("tradate", Role.Household, which: 1);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await other.GetAsync(new Uri(booking + "/sposta", UriKind.Relative))).StatusCode);
    }
}
