using Borsellino.Ledger;
using Borsellino.Marketplace;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Borsellino.Tests.Journeys;

/// <summary>A family books on a phone without scripts, the cooperative answers at a desk, the family changes its mind.</summary>
public sealed class HouseholdStories(RunningTown town)
{
    [Fact]
    public async Task A_family_books_and_the_cooperative_confirms()
    {
        var family = await town.VisitAsync(phone: true, scripts: false);
        await town.EnterAsync(family, "tradate", Role.Household);
        await Expect(family.Locator("h1")).ToContainTextAsync("Puoi spendere");
        await RunningTown.PhotographAsync(family, "household-home");
        var before = await family.Locator(".purse .amount-hero").TextContentAsync();

        var desk = await town.VisitAsync();
        var (household, provider) = (await UserAsync(Role.Household), await UserAsync(Role.Provider));
        await family.GotoAsync($"/tradate/prenota/{await BookableAsync(household.HouseholdId!.Value, provider.ProviderId!.Value)}");
        await Expect(family.Locator("h1")).ToHaveTextAsync("Controlla e conferma");
        await RunningTown.PhotographAsync(family, "household-confirm");
        var twice = await SendTwiceAsync(family);
        Assert.Equal(twice[0], twice[1]);
        await family.GotoAsync(twice[0]);
        await Expect(family.Locator(".outcome h1")).ToHaveTextAsync("Prenotazione inviata");
        await RunningTown.PhotographAsync(family, "household-booked");
        var booking = new Uri(family.Url).AbsolutePath;

        // Back to the summary: it says that this time is booked, and by which booking.
        await family.GoBackAsync();
        await Expect(family.Locator(".notice").First).ToContainTextAsync("hai già una prenotazione");

        await town.EnterAsync(desk, "tradate", Role.Provider);
        await RunningTown.PhotographAsync(desk, "provider-day");
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

    [Fact]
    public async Task The_pages_of_a_purse_are_photographed()
    {
        foreach (var phone in new[] { true, false })
        {
            var family = await town.VisitAsync(phone);
            await town.EnterAsync(family, "tradate", Role.Household);
            await RunningTown.PhotographAsync(family, "household-home");
            foreach (var (path, name) in new[] { ("prenotazioni", "household-bookings"), ("movimenti", "household-movements"), ("estratto/2026-11", "household-statement"), ("estratto/2026-10", "household-statement-before") })
            {
                var answer = await family.GotoAsync($"/tradate/{path}");
                Assert.True(answer!.Status is 200 or 404);
                await RunningTown.PhotographAsync(family, name);
            }

            var desk = await town.VisitAsync(phone);
            await town.EnterAsync(desk, "tradate", Role.Provider);
            await RunningTown.PhotographAsync(desk, "provider-day");
            await desk.GotoAsync("/tradate/ente/crediti");
            await RunningTown.PhotographAsync(desk, "provider-credits");
        }
    }

    [Fact]
    public async Task Too_little_money_says_so_with_the_numbers()
    {
        await town.StartAsync();
        var household = await UserAsync(Role.Household);
        var dear = await DearAsync(household.HouseholdId!.Value);
        Assert.SkipWhen(dear is null, "The town's first family can pay for everything.");
        var family = await town.VisitAsync(phone: true);
        await town.EnterAsync(family, "tradate", Role.Household);
        await family.GotoAsync($"/tradate/prenota/{dear}");
        await Expect(family.Locator(".notice-bad")).ToContainTextAsync("Servono");
        await Expect(family.GetByRole(AriaRole.Button, new() { NameRegex = new("Prenota") })).ToHaveCountAsync(0);
        await RunningTown.PhotographAsync(family, "household-too-little");
    }

    /// <summary>Sends the same form two times, as two quick touches do, and answers where each was led.</summary>
    private static async Task<string[]> SendTwiceAsync(IPage page)
    {
        var form = page.Context.APIRequest.CreateFormData();
        foreach (var name in new[] { "BookingId", "Shown", "__RequestVerificationToken" })
        {
            form.Set(name, await page.Locator($"input[name={name}]").Last.InputValueAsync());
        }

        form.Set("Person", await page.Locator("input[name=Person]:checked").InputValueAsync());
        var led = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            var answer = await page.Context.APIRequest.PostAsync(page.Url, new() { Form = form, MaxRedirects = 0 });
            Assert.Equal(302, answer.Status);
            led.Add(answer.Headers["location"]);
        }

        return [.. led];
    }

    private async Task<RoleGrant> UserAsync(Role role)
    {
        var users = town.Services.GetRequiredService<Users>();
        var territory = await TerritoryAsync();
        var person = (await users.DemoPeopleAsync(territory)).First(p => p.Role == role);
        return (await users.RolesAsync(territory, person.Id)).First(r => r.Role == role);
    }

    /// <summary>A slot of a provider that the family's purse pays for.</summary>
    private async Task<Id<Slot>> BookableAsync(Id<Household> household, Id<Provider> provider) =>
        await FindAsync(household, "o.provider_id = @provider", provider, p => p.Coverage.IsPossible)
        ?? throw new InvalidOperationException("The family cannot pay for anything of this provider.");

    private Task<Id<Slot>?> DearAsync(Id<Household> household) => FindAsync(household, "@provider is not null", Id<Provider>.New(), p => !p.Coverage.IsPossible);

    private async Task<Id<Slot>?> FindAsync(Id<Household> household, string which, Id<Provider> provider, Func<BookingPreview, bool> fits)
    {
        var (db, bookings, territory) = (town.Services.GetRequiredService<Database>(), town.Services.GetRequiredService<Bookings>(), await TerritoryAsync());
        var slots = await db.ListAsync<Id<Slot>>(
            territory,
            $"""
            select distinct on (o.id) s.id from marketplace.slot s
            join marketplace.offer o on o.territory_id = @territory and o.id = s.offer_id
            where s.territory_id = @territory and {which} and s.starts_at > @after and s.taken < s.capacity order by o.id, s.starts_at
            """, new { provider, after = town.Services.GetRequiredService<IClock>().Now + NodaTime.Duration.FromDays(3) });
        foreach (var slot in slots)
        {
            if (!(await bookings.PreviewAsync(territory, household, slot)).IsRefused(out _, out var preview) && fits(preview)) return slot;
        }

        return null;
    }

    private async Task<TerritoryId> TerritoryAsync() => (await town.Services.GetRequiredService<Territories>().FindAsync("tradate"))!.Id;
}
