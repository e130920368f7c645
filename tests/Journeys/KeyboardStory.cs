using System.Text.RegularExpressions;
using Borsellino.Ledger;
using Borsellino.Marketplace;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using static Microsoft.Playwright.Assertions;

namespace Borsellino.Tests.Journeys;

/// <summary>A family goes from its purse to a booking and to its receipt with a keyboard and nothing else, on a phone and at a desk.</summary>
[Collection(nameof(TownByHand))]
public sealed class KeyboardStory(TownByHand town)
{
    private const string Family = "Adele Crespi", Coordinator = "Giorgia Macchi";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_family_books_answers_and_takes_its_receipt(bool phone)
    {
        var story = new Story(town);
        var page = await town.VisitAsync(phone);
        await town.EnterAsync(page, "tradate", Role.Household, Family);
        var seen = await story.PayableAsync(Family, Coordinator);
        var keys = new Keyboard(page);

        // The first stop of a page leads past what is the same on all of them.
        await page.GotoAsync("/tradate/borsellino");
        await keys.GoToAsync("Vai al contenuto");
        await page.Keyboard.PressAsync("Enter");
        await keys.GoToAsync("Prenota un servizio");
        await keys.FollowAsync("Enter");

        await keys.GoToAsync("Che cosa cerchi");
        await keys.TypeAsync(seen.TitleIt);
        // The results change in place, and the address with them.
        await page.Keyboard.PressAsync("Enter");
        await Expect(page).ToHaveURLAsync(new Regex(@"/servizi\?.*cerca=."));
        await Expect(page.Locator(".offer a").First).ToHaveTextAsync(seen.TitleIt);
        await keys.GoToAsync(seen.TitleIt);
        await keys.FollowAsync("Enter");
        await Expect(page.Locator("h1")).ToHaveTextAsync(seen.TitleIt);
        await keys.GoToAsync(Regex.Replace(await page.Locator(".slot").First.InnerTextAsync(), @"\s+", " ", RegexOptions.None, TimeSpan.FromSeconds(1)));
        await keys.FollowAsync("Enter");

        await Expect(page.Locator("h1")).ToHaveTextAsync("Controlla e conferma");
        await keys.GoToAsync("Prenota e impegna");
        await keys.FollowAsync("Space");
        await Expect(page.Locator(".outcome h1")).ToHaveTextAsync("Prenotazione inviata");

        var id = Id<Booking>.Parse(page.Url[(page.Url.LastIndexOf('/') + 1)..]);
        await DeliverAsync(story, id);
        await page.ReloadAsync();
        await keys.GoToAsync("Sì, tutto bene");
        await keys.FollowAsync("Space");

        // Of five stars one has the focus; the arrows choose.
        await keys.GoToAsync("1 stelle su 5");
        foreach (var _ in Enumerable.Range(0, 4)) await keys.PressAsync("ArrowRight");
        await keys.GoToAsync("Manda il voto");
        await keys.FollowAsync("Enter");
        await Expect(page.Locator("#rating")).ToHaveTextAsync("Quali sono stati gli aspetti che hai preferito?");
        await page.GotoAsync($"/tradate/prenotazioni/{id}");
        await Expect(page.GetByText("Prenota di nuovo")).ToHaveAttributeAsync("href", new Regex("/tradate/servizi/offer_"));
        await keys.GoToAsync("Ricevuta da stampare");
        await keys.FollowAsync("Enter");
        await Expect(page.Locator(".paper")).ToContainTextAsync(seen.TitleIt);
        Assert.True(keys.Wrong.Count == 0, string.Join('\n', keys.Wrong));
    }

    private async Task DeliverAsync(Story story, Id<Booking> id)
    {
        var (by, provider) = await story.WhoAsync(Coordinator, Role.Provider);
        var (bookings, territory) = (town.Services.GetRequiredService<Bookings>(), await story.TerritoryAsync());
        var detail = (await town.Services.GetRequiredService<BookingCards>().FindAsync(territory, provider.ProviderId!.Value, id))!;
        (await bookings.ConfirmAsync(territory, id, new(provider.ProviderId!.Value, by))).OrThrow();
        await story.MoveAsync(detail.Card.StartsAt + Duration.FromHours(1));
        (await bookings.DeliverAsync(territory, id, new(provider.ProviderId!.Value, by))).OrThrow();
    }
}
