using Borsellino.Marketplace;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Borsellino.Tests.Journeys;

/// <summary>A family books the same service every week: it sees each date and where its money ends, leaves one out, and stops. On a phone, without scripts.</summary>
[Collection(nameof(AdelesStories))]
public sealed class RecurringStories(RunningTown town)
{
    [Fact]
    public async Task A_family_books_every_week_leaves_a_date_out_and_stops()
    {
        await town.StartAsync();
        var payable = await new Story(town).PayableAsync("Adele Crespi", "Giorgia Macchi");
        var phone = await town.VisitAsync(phone: true, scripts: false);
        await town.EnterAsync(phone, "tradate", Role.Household, "Adele Crespi");
        await phone.GotoAsync($"/tradate/prenota/{payable.Slot}");
        await phone.GetByRole(AriaRole.Link, new() { NameRegex = new("^Ti serve ogni settimana") }).ClickAsync();
        await phone.GetByLabel("Per quante settimane").SelectOptionAsync("4");
        await phone.GetByRole(AriaRole.Button, new() { Name = "Mostra le date" }).ClickAsync();
        var rows = phone.Locator("section[aria-labelledby=dates] tbody tr");
        await Expect(rows).ToHaveCountAsync(4);
        foreach (var box in await phone.Locator("input[name=Without]").AllAsync()) await box.CheckAsync();
        await phone.GetByRole(AriaRole.Button, new() { Name = "Prenota ogni settimana" }).ClickAsync();
        await Expect(phone.Locator(".error-summary a")).ToContainTextAsync("lasciane almeno una");

        // What was chosen is still chosen.
        await Expect(phone.Locator("input[name=Without]:checked")).ToHaveCountAsync(4);
        for (var i = 1; i < 4; i++) await phone.Locator("input[name=Without]").Nth(i).UncheckAsync();
        await RunningTown.PhotographAsync(phone, "every-week");
        await phone.GetByRole(AriaRole.Button, new() { Name = "Prenota ogni settimana" }).ClickAsync();
        await Expect(phone.Locator(".notice").First).ToContainTextAsync("prenoti ogni settimana");
        var dates = phone.Locator("section[aria-labelledby=dates] article");
        await Expect(dates).ToHaveCountAsync(4);
        await Expect(dates.First.Locator(".flag")).ToHaveTextAsync("La salti");
        await dates.Last.GetByRole(AriaRole.Button, new() { NameRegex = new("^Salta questa data") }).ClickAsync();
        await Expect(dates.Last.Locator(".flag")).ToHaveTextAsync("La salti");
        await RunningTown.PhotographAsync(phone, "every-week-dates");

        await phone.GotoAsync("/tradate/prenotazioni");
        await phone.Locator("section[aria-labelledby=weekly] a").First.ClickAsync();
        await phone.GetByRole(AriaRole.Link, new() { Name = "Non prenotare più le prossime" }).ClickAsync();
        await phone.GetByRole(AriaRole.Button, new() { Name = "Sì, ferma" }).ClickAsync();
        await Expect(phone.Locator(".flag").First).ToHaveTextAsync("Non si ripete più");
    }
}
