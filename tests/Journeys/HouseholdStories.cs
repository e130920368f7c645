using Borsellino.Ledger;
using Borsellino.Marketplace;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Borsellino.Tests.Journeys;

/// <summary>A family books on a phone without scripts, the cooperative answers at a desk, the family changes its mind.</summary>
[Collection(nameof(AdelesStories))]
public sealed class HouseholdStories(RunningTown town)
{
    private const string Family = "Adele Crespi", Coordinator = "Giorgia Macchi";

    [Fact]
    public async Task A_family_books_and_the_cooperative_confirms()
    {
        var family = await town.VisitAsync(phone: true, scripts: false);
        await town.EnterAsync(family, "tradate", Role.Household, Family);
        await Expect(family.Locator("h1")).ToContainTextAsync("Puoi spendere");
        var before = await family.Locator(".purse .amount-hero").TextContentAsync();

        var desk = await town.VisitAsync();
        await family.GotoAsync($"/tradate/prenota/{(await new Story(town).PayableAsync(Family, Coordinator)).Slot}");
        await Expect(family.Locator("h1")).ToHaveTextAsync("Controlla e conferma");
        var twice = await SendTwiceAsync(family);
        Assert.Equal(twice[0], twice[1]);
        await family.GotoAsync(twice[0]);
        await Expect(family.Locator(".outcome h1")).ToHaveTextAsync("Prenotazione inviata");
        await RunningTown.PhotographAsync(family, "household-booked");
        var booking = new Uri(family.Url).AbsolutePath;

        // Back to the summary: it says that this time is booked, and by which booking.
        await family.GoBackAsync();
        await Expect(family.Locator(".notice").First).ToContainTextAsync("hai già una prenotazione");

        await town.EnterAsync(desk, "tradate", Role.Provider, Coordinator);
        await desk.GotoAsync(booking.Replace("/prenotazioni/", "/ente/prenotazioni/", StringComparison.Ordinal));
        await Expect(desk.Locator(".flag").First).ToHaveTextAsync("Da confermare");
        var id = booking[(booking.LastIndexOf('/') + 1)..];
        await desk.GotoAsync("/tradate/ente");
        await desk.Locator($"form:has(input[value='{id}']) button").ClickAsync();
        await Expect(desk.Locator($"form:has(input[value='{id}'])")).ToHaveCountAsync(0);

        await family.GotoAsync(booking);
        await Expect(family.Locator(".flag").First).ToHaveTextAsync("Confermata");
        await family.GetByRole(AriaRole.Link, new() { Name = "Annulla la prenotazione" }).ClickAsync();
        await family.GetByRole(AriaRole.Button, new() { NameRegex = new("^Sì, annulla") }).ClickAsync();
        await Expect(family.Locator(".flag").First).ToHaveTextAsync("Annullata da te");
        await family.GotoAsync("/tradate/borsellino");
        await Expect(family.Locator(".purse .amount-hero")).ToHaveTextAsync(before!);
    }

    /// <summary>What trembling hands and impatience do: two touches, the page again, back, forward, and the old page sent once more.</summary>
    [Fact]
    public async Task Two_touches_and_going_back_make_one_booking()
    {
        var family = await town.VisitAsync(phone: true);
        await town.EnterAsync(family, "tradate", Role.Household, Family);
        var slot = (await new Story(town).PayableAsync(Family, Coordinator)).Slot;
        await family.GotoAsync($"/tradate/prenota/{slot}");
        var form = await FormOfAsync(family);
        var before = await BookingsAsync(slot);

        await family.GetByRole(AriaRole.Button, new() { NameRegex = new("^Prenota e impegna") }).DblClickAsync();
        await Expect(family.Locator(".outcome h1")).ToHaveTextAsync("Prenotazione inviata");
        var booking = family.Url;
        var code = await family.Locator(".outcome .code").InnerTextAsync();

        await family.ReloadAsync();
        await Expect(family.Locator(".outcome .code")).ToHaveTextAsync(code);
        await family.GoBackAsync();
        await Expect(family.Locator(".notice").First).ToContainTextAsync("hai già una prenotazione");
        await family.GoForwardAsync();
        await Expect(family.Locator(".outcome .code")).ToHaveTextAsync(code);
        Assert.Equal(booking, family.Url);

        // The page as it was before, still open somewhere: it leads to the booking that it made.
        var again = await family.Context.APIRequest.PostAsync($"/tradate/prenota/{slot}", new() { Form = form, MaxRedirects = 0 });
        Assert.Equal(302, again.Status);
        Assert.EndsWith(again.Headers["location"], booking, StringComparison.Ordinal);
        Assert.Equal(before + 1, await BookingsAsync(slot));
    }

    private async Task<long> BookingsAsync(Id<Slot> slot) => await town.Services.GetRequiredService<Database>().FindAsync<long>(
        await new Story(town).TerritoryAsync(), "select count(*) from marketplace.booking where territory_id = @territory and slot_id = @slot", new { slot });

    /// <summary>Sends the same form two times, as two quick touches do, and answers where each was led.</summary>
    private static async Task<string[]> SendTwiceAsync(IPage page)
    {
        var form = await FormOfAsync(page);
        var led = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            var answer = await page.Context.APIRequest.PostAsync(page.Url, new() { Form = form, MaxRedirects = 0 });
            Assert.Equal(302, answer.Status);
            led.Add(answer.Headers["location"]);
        }

        return [.. led];
    }

    /// <summary>The booking's form as the page would send it.</summary>
    private static async Task<IFormData> FormOfAsync(IPage page)
    {
        var form = page.Context.APIRequest.CreateFormData();
        foreach (var name in new[] { "BookingId", "Shown", "__RequestVerificationToken" })
        {
            form.Set(name, await page.Locator($"input[name={name}]").Last.InputValueAsync());
        }

        form.Set("Person", await page.Locator("input[name=Person]:checked").InputValueAsync());
        return form;
    }
}
