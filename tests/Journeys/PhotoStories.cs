using System.Net;
using System.Text.RegularExpressions;
using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Tests.Catalogue;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Borsellino.Tests.Journeys;

/// <summary>A cooperative puts a photo on its offer, without scripts; families see it, and nobody does once the offer is withdrawn.</summary>
public sealed class PhotoStories(RunningTown town)
{
    // Not where pages are weighed: there nobody has put a photo.
    private const string Here = "biella", Name = "Merenda in cortile con la foto";

    [Fact]
    public async Task A_cooperative_shows_a_photo_and_takes_it_away()
    {
        await town.StartAsync();
        var offer = await DraftAsync();
        var cooperative = await town.VisitAsync(phone: true, scripts: false);
        await town.EnterAsync(cooperative, Here, Role.Provider);
        await cooperative.GotoAsync($"/{Here}/ente/offerte/{offer}");
        await cooperative.GetByRole(AriaRole.Link, new() { Name = "Aggiungi una foto" }).ClickAsync();
        await cooperative.GetByRole(AriaRole.Button, new() { Name = "Salva la foto" }).ClickAsync();
        await Expect(cooperative.Locator(".error-summary a")).ToHaveTextAsync(new[] { new Regex("Scrivi che cosa si vede"), new Regex("Scrivi che cosa si vede"), new Regex("Scegli la foto") });
        await SendAsync(cooperative, SomePhotos.Svg);
        await Expect(cooperative.Locator(".error-summary a")).ToHaveTextAsync(new Regex("non è una foto JPEG, PNG o WebP"));
        await SendAsync(cooperative, SomePhotos.Claiming(SomePhotos.Quarters(64, 48), 20_000, 20_000));
        await Expect(cooperative.Locator(".error-summary a")).ToHaveTextAsync(new Regex("al massimo 40 milioni"));
        await SendAsync(cooperative, new byte[PhotoFile.BytesMax + 1]);
        await Expect(cooperative.Locator(".error-summary a")).ToHaveTextAsync(new Regex("troppo grande"));
        await SendAsync(cooperative, SomePhotos.WithExif(SomePhotos.Quarters(800, 600), 6));
        var picture = cooperative.GetByAltText("Quattro colori");
        await Expect(picture).ToHaveAttributeAsync("width", "600");
        var address = (await picture.GetAttributeAsync("src"))!;
        Assert.Matches($"^/{Here}/foto/[0-9a-f]{{64}}$", address);
        await RunningTown.PhotographAsync(cooperative, "offer-photo");

        // Until the offer is in the catalogue only its provider sees it, and it is kept nowhere.
        using var family = await town.ClientAsync();
        using var provider = await town.SignedInAsync(Here, Role.Provider);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(family, address)).StatusCode);
        Assert.Equal("no-store", (await GetAsync(provider, address)).Headers.CacheControl!.ToString());
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(provider, address + "/enorme")).StatusCode);

        await cooperative.GotoAsync($"/{Here}/ente/offerte/{offer}");
        await cooperative.GetByRole(AriaRole.Button, new() { Name = "Pubblica" }).ClickAsync();
        using (var shown = await GetAsync(family, address))
        {
            Assert.Equal((HttpStatusCode.OK, "image/jpeg"), (shown.StatusCode, shown.Content.Headers.ContentType!.ToString()));
            Assert.Equal("public, max-age=31536000, immutable", string.Join(", ", shown.Headers.GetValues("Cache-Control")));
            Assert.Equal("nosniff", Assert.Single(shown.Headers.GetValues("X-Content-Type-Options")));
            Assert.False(shown.Headers.Contains("Set-Cookie"));
            Assert.DoesNotContain(SomePhotos.Camera, System.Text.Encoding.Latin1.GetString(await shown.Content.ReadAsByteArrayAsync()), StringComparison.Ordinal);
        }

        var visitor = await town.VisitAsync(language: "en");
        await visitor.GotoAsync($"/{Here}/servizi?cerca={Uri.EscapeDataString(Name)}");
        var small = visitor.Locator($".offer:has(a[href$='{offer}']) img");
        await Expect(small).ToHaveAttributeAsync("alt", "Four colours");
        await Expect(small).ToHaveAttributeAsync("loading", "lazy");
        await small.ScrollIntoViewIfNeededAsync();
        await Expect(small).ToHaveJSPropertyAsync("naturalWidth", PhotoFile.CardWidth);
        await RunningTown.PhotographAsync(visitor, "photo-list");
        await visitor.GotoAsync($"/{Here}/servizi/{offer}");
        await Expect(visitor.GetByAltText("Four colours")).ToHaveJSPropertyAsync("naturalHeight", 800);
        await RunningTown.PhotographAsync(visitor, "photo-service");

        await cooperative.GotoAsync($"/{Here}/ente/offerte/{offer}");
        await cooperative.GetByRole(AriaRole.Button, new() { Name = "Togli dal catalogo" }).ClickAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(family, address)).StatusCode);
        await visitor.GotoAsync($"/{Here}/servizi/{offer}?ritirata=1");
        await Expect(visitor.Locator("main img")).ToHaveCountAsync(0);
        await cooperative.GetByRole(AriaRole.Link, new() { Name = "La foto" }).ClickAsync();
        await cooperative.GetByRole(AriaRole.Button, new() { Name = "Togli la foto" }).ClickAsync();
        await Expect(cooperative.Locator("main")).ToContainTextAsync("Ancora nessuna foto");
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(provider, address)).StatusCode);
    }

    /// <summary>A draft like one of the cooperative's own that families find.</summary>
    private async Task<Id<Offer>> DraftAsync()
    {
        var (users, offers) = (town.Services.GetRequiredService<Users>(), town.Services.GetRequiredService<Offers>());
        var territory = (await town.Services.GetRequiredService<Territories>().FindAsync(Here))!.Id;
        var person = (await users.DemoPeopleAsync(territory)).First(p => p.Role is Role.Provider);
        var provider = (await users.RolesAsync(territory, person.Id)).First(r => r.ProviderId is not null).ProviderId!.Value;
        var like = (await offers.OfProviderAsync(territory, provider)).First(o => o.Status is OfferStatus.Published);
        var draft = like with { Id = Id<Offer>.New(), Title = new(Name, "A snack in the yard with a photo"), Package = null };
        return (await offers.DraftAsync(territory, draft, new(provider, person.Id))).OrThrow();
    }

    private static async Task SendAsync(IPage page, byte[] content)
    {
        await page.GetByLabel("Foto", new() { Exact = true }).SetInputFilesAsync(new FilePayload { Name = "foto.jpg", MimeType = "image/jpeg", Buffer = content });
        await page.GetByLabel("Che cosa si vede, in italiano").FillAsync("Quattro colori");
        await page.GetByLabel("Che cosa si vede, in inglese").FillAsync("Four colours");
        await page.GetByRole(AriaRole.Button, new() { Name = "Salva la foto" }).ClickAsync();
    }

    private static Task<HttpResponseMessage> GetAsync(HttpClient client, string path) => client.GetAsync(new Uri(path, UriKind.Relative));
}
