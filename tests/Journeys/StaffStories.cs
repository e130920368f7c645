using System.Text.RegularExpressions;
using Borsellino.Ledger;
using Borsellino.Marketplace;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using NodaTime;
using static Microsoft.Playwright.Assertions;

namespace Borsellino.Tests.Journeys;

/// <summary>A cooperative says who gives a service; a family books with whoever is free, and reads who comes when somebody else has to. Without scripts.</summary>
[Collection(nameof(AdelesStories))]
public sealed class StaffStories(RunningTown town)
{
    private const string Name = "Due chiacchiere sul pianerottolo";

    [Fact]
    public async Task A_family_reads_who_comes_and_who_comes_instead()
    {
        var cooperative = await town.VisitAsync(scripts: false);
        await town.EnterAsync(cooperative, "tradate", Role.Provider, "Giorgia Macchi");
        var offer = await OfferAsync();
        await cooperative.GotoAsync("/tradate/ente/personale");
        await cooperative.GetByRole(AriaRole.Button, new() { NameRegex = new($"^Serve una persona.*{Name}") }).ClickAsync();
        var family = await town.VisitAsync(phone: true, scripts: false);
        await town.EnterAsync(family, "tradate", Role.Household, "Adele Crespi");
        await family.GotoAsync($"/tradate/servizi/{offer}");
        await Expect(family.Locator(".slot")).ToHaveCountAsync(0);

        var first = await PersonAsync(cooperative, "Nives", "Aldeni");
        await RunningTown.PhotographAsync(cooperative, "staff-person");
        await family.ReloadAsync();
        await family.Locator(".slot").Last.ClickAsync();
        await family.Locator("main form[method=post] button.btn-primary").First.ClickAsync();
        await Expect(family.Locator(".outcome h1")).ToHaveTextAsync("Prenotazione inviata");
        await Expect(family.Locator("main")).Not.ToContainTextAsync("Nives");
        var booking = new Uri(family.Url).AbsolutePath.Split('/')[^1];
        await cooperative.GotoAsync($"/tradate/ente/prenotazioni/{booking}");
        await Expect(cooperative.Locator("main")).ToContainTextAsync("Nives Aldeni");
        await cooperative.GetByRole(AriaRole.Button, new() { Name = "Conferma" }).ClickAsync();
        await family.ReloadAsync();
        await Expect(family.Locator("main")).ToContainTextAsync("Viene Nives.");

        // Away on that day: the page says what it touches before anything is written, and who is free.
        await PersonAsync(cooperative, "Oreste", "Bivani");
        var day = (await CardAsync(booking)).Day;
        await cooperative.GotoAsync(first);
        await cooperative.GetByLabel("Dal giorno", new() { Exact = true }).FillAsync(Iso(day));
        await cooperative.GetByLabel("Al giorno", new() { Exact = true }).FillAsync(Iso(day));
        await cooperative.GetByRole(AriaRole.Button, new() { Name = "Guarda che cosa tocca" }).ClickAsync();
        await Expect(cooperative.Locator("section[aria-labelledby=away]")).ToContainTextAsync("Tocca un servizio");
        await cooperative.GetByRole(AriaRole.Button, new() { Name = "Segna l’assenza" }).ClickAsync();
        var waiting = cooperative.Locator("section[aria-labelledby=waiting] li").Filter(new() { HasText = Name });
        await Expect(waiting).ToHaveCountAsync(1);
        await RunningTown.PhotographAsync(cooperative, "staff-away");
        await waiting.Locator("select").SelectOptionAsync(new SelectOptionValue { Label = "Oreste Bivani" });
        await waiting.GetByRole(AriaRole.Button, new() { NameRegex = new("^Affida") }).ClickAsync();
        await Expect(cooperative.Locator(".notice").First).ToContainTextAsync("il servizio è affidato");
        await family.ReloadAsync();
        await Expect(family.Locator("main")).ToContainTextAsync("Viene Oreste.");
        await family.GotoAsync("/tradate/messaggi");
        await Expect(family.Locator("main")).ToContainTextAsync($"Con te ci sarà Oreste: {Name}");
        await cooperative.GotoAsync($"/tradate/ente?giorno={Iso(day)}");
        await Expect(cooperative.Locator("main")).ToContainTextAsync("Va Oreste Bivani");

        using var other = await town.SignedInAsync("tradate", Role.Provider, which: 1);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await other.GetAsync(new Uri(first, UriKind.Relative))).StatusCode);
    }

    /// <summary>Somebody who works every day from seven to nine in the evening and gives the offer; answers their page.</summary>
    private static async Task<string> PersonAsync(IPage page, string first, string last)
    {
        await page.GotoAsync("/tradate/ente/personale");
        await page.GetByLabel("Nome", new() { Exact = true }).FillAsync(first);
        await page.GetByRole(AriaRole.Button, new() { Name = "Aggiungi la persona" }).ClickAsync();
        await Expect(page.Locator(".error-summary a")).ToHaveTextAsync(new Regex("il nome e il cognome"));
        await page.GetByLabel("Cognome").FillAsync(last);
        await page.GetByRole(AriaRole.Button, new() { Name = "Aggiungi la persona" }).ClickAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync($"{first} {last}");
        await page.GetByLabel(Name).CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Salva", Exact = true }).ClickAsync();
        for (var day = 1; day <= 7; day++)
        {
            await page.GetByLabel("Giorno", new() { Exact = true }).SelectOptionAsync(new[] { $"{day}" });
            await page.GetByLabel("A che ora comincia").FillAsync("7:00");
            await page.GetByLabel("A che ora finisce").FillAsync("21:00");
            await page.GetByRole(AriaRole.Button, new() { Name = "Aggiungi l’orario" }).ClickAsync();
            await Expect(page.Locator("section[aria-labelledby=hours] tbody tr")).ToHaveCountAsync(day);
        }

        return new Uri(page.Url).AbsolutePath;
    }

    /// <summary>A published offer at home, every day at half past nine.</summary>
    private async Task<Id<Offer>> OfferAsync()
    {
        var (services, territory) = (town.Services, await new Story(town).TerritoryAsync());
        var (user, wears) = await new Story(town).WhoAsync("Giorgia Macchi", Role.Provider);
        var by = new ProviderUser(wears.ProviderId!.Value, user);
        var like = (await services.GetRequiredService<Offers>().OfProviderAsync(territory, by.Provider)).First(o => o.ClassCode == "sollievo");
        var offer = like with { Id = Id<Offer>.New(), Title = new(Name, "A chat on the landing"), Price = new(750), CancelFee = Money.Zero, Minutes = 60 };
        (await services.GetRequiredService<Offers>().DraftAsync(territory, offer, by)).OrThrow();
        (await services.GetRequiredService<Offers>().PublishAsync(territory, offer.Id, by.Provider)).OrThrow();
        var today = services.GetRequiredService<IClock>().Today();
        for (var day = 1; day <= 7; day++)
            (await services.GetRequiredService<Openings>().AddAsync(territory, new(Id<OpeningHours>.New(), offer.Id, day, new(9, 30), 60, 1, today, null), by)).OrThrow();
        return offer.Id;
    }

    private async Task<BookingCard> CardAsync(string booking) =>
        (await town.Services.GetRequiredService<BookingCards>().FindAsync(await new Story(town).TerritoryAsync(), Id<Booking>.Parse(booking)))!.Card;

    private static string Iso(LocalDate day) => Borsellino.Web.Days.Iso(day);
}
