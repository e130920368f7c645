using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Tests.Finance;
using Borsellino.Tests.Papers;
using Borsellino.Tests.World;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using static Microsoft.Playwright.Assertions;

namespace Borsellino.Tests;

/// <summary>A voucher on its pages: the family's paper, the provider's desk, the office's list.</summary>
public sealed class VoucherPagesTests(FinanceSite site) : IClassFixture<FinanceSite>
{
    [Fact]
    public async Task A_family_shows_number_and_PIN_and_the_provider_uses_them_once()
    {
        var town = await site.OpenTownAsync();
        var provider = await town.ProviderAsync("Cooperativa Robinia");
        await PersonAsync(town, "dario", new(Role.Provider, Provider: provider.Id));
        await PersonAsync(town, "olga", new(Role.Officer));
        var booking = await ConfirmedAsync(town, provider);

        var carla = await site.SignInAsync(town, "carla", phone: true);
        await carla.GotoAsync($"prenotazioni/{booking}");
        await carla.GetByRole(Microsoft.Playwright.AriaRole.Link, new() { Name = "Voucher da mostrare o stampare" }).ClickAsync();
        await Expect(carla.Locator("h1")).ToHaveTextAsync("Voucher");
        var calendar = await carla.Context.APIRequest.GetAsync($"{site.Origin}{town.Slug}/prenotazioni/{booking}/calendario.ics");
        Assert.Equal("text/calendar; charset=utf-8", calendar.Headers["content-type"]);
        Assert.Contains("STATUS:CONFIRMED", await calendar.TextAsync(), StringComparison.Ordinal);
        var codes = await carla.Locator(".voucher-code").AllInnerTextsAsync();
        Assert.Equal(site.Services.GetRequiredService<VoucherPins>().Of(town.Territory, booking), string.Concat(codes[1].Where(char.IsAsciiDigit)));

        await Expect(carla.GetByRole(Microsoft.Playwright.AriaRole.Link, new() { Name = "Scarica il voucher (PDF, " })).ToHaveAttributeAsync("href", $"/{town.Slug}/voucher/{booking}.pdf");
        var paper = await carla.Context.APIRequest.GetAsync($"{site.Origin}{town.Slug}/voucher/{booking}.pdf");
        Assert.Equal("no-store", paper.Headers["cache-control"]);
        var printed = await ReadPdf.TextAsync(await paper.BodyAsync());
        Assert.All(codes, code => Assert.Contains(ReadPdf.Plain(code), printed, StringComparison.Ordinal));
        Assert.Contains("Valore del voucher", printed, StringComparison.Ordinal);

        var dario = await site.SignInAsync(town, "dario", phone: true);
        await UseAsync(codes[0], codes[1] == "000 000" ? "000001" : "000000");
        await Expect(dario.Locator(".error-summary")).ToContainTextAsync("Nessun voucher ha questo numero con questo PIN");
        // As the picture on the paper brings it: the PIN reaches the browser and nobody else.
        var withScript = await site.SignInAsync(town, "dario", phone: true, scripts: true);
        var asked = new List<string>();
        withScript.Request += (_, request) => asked.Add(request.Url);
        var pin = string.Concat(codes[1].Where(char.IsAsciiDigit));
        var titled = await site.SignInAsync(town, "carla", scripts: true);
        await titled.GotoAsync($"voucher/{booking}");
        var address = await TestBrowser.ReadQrAsync(titled.Locator("img.qr"));
        Assert.Equal($"{site.Origin}{town.Slug}/ente/voucher?numero={string.Concat(codes[0].Where(char.IsAsciiLetterOrDigit))}#pin={pin}", address);
        await withScript.GotoAsync(address!);
        await Expect(withScript.Locator("#Pin")).ToHaveValueAsync(pin);
        Assert.DoesNotContain(pin, withScript.Url, StringComparison.Ordinal);
        Assert.DoesNotContain(asked, address => address.Split('#')[0].Contains(pin, StringComparison.Ordinal));
        await UseAsync(codes[0], codes[1]);
        await Expect(dario.Locator(".notice-ok")).ToContainTextAsync("Voucher usato");
        await UseAsync(codes[0], codes[1]);
        await Expect(dario.Locator(".error-summary")).ToContainTextAsync("già stato usato");
        // The paper of a used title shows no PIN any more.
        await carla.GotoAsync($"voucher/{booking}");
        Assert.EndsWith($"/prenotazioni/{booking}", carla.Url, StringComparison.Ordinal);
        var used = await carla.Context.APIRequest.GetAsync($"{site.Origin}{town.Slug}/voucher/{booking}.pdf", new() { MaxRedirects = 0 });
        Assert.Equal(302, used.Status);

        var olga = await site.SignInAsync(town, "olga", language: "en");
        await olga.GotoAsync("comune/voucher");
        await Expect(olga.Locator(".notice-ok")).ToContainTextAsync("It foots");
        await olga.Locator("#numero").FillAsync(codes[0].ToLowerInvariant());
        await olga.Locator("form[role=search] button").ClickAsync();
        await Expect(olga.Locator("main")).ToContainTextAsync("by number and PIN");
        await Expect(olga.Locator(".facts")).Not.ToContainTextAsync("Help at home");
        await olga.GotoAsync("comune/voucher?numero=QQQQQQQQQQQQ");
        await Expect(olga.Locator(".notice-bad")).ToContainTextAsync("No voucher has the number");

        async Task UseAsync(string number, string pin)
        {
            await dario.GotoAsync("ente/voucher");
            await dario.Locator("#Number").FillAsync(number);
            await dario.Locator("#Pin").FillAsync(pin);
            await dario.Locator("main form button[type=submit]").ClickAsync();
        }
    }

    [Fact]
    public async Task The_office_decides_a_dispute_with_a_reason_that_both_sides_read()
    {
        var town = await site.OpenTownAsync();
        var provider = await town.ProviderAsync("Cooperativa Acero");
        await PersonAsync(town, "olga", new(Role.Officer));
        var booking = await ConfirmedAsync(town, provider);
        var bookings = site.Services.GetRequiredService<Bookings>();
        var carla = await FamilyAsync(town);
        (await bookings.DeliverAsync(town.Territory, booking, new(provider.Id, town.Anna))).OrThrow();
        (await bookings.DisputeAsync(town.Territory, booking, carla, "È durato la metà.")).OrThrow();

        var olga = await site.SignInAsync(town, "olga");
        await olga.GotoAsync($"comune/voucher/{booking}");
        await Expect(olga.Locator("main")).ToContainTextAsync("È durato la metà.");
        await olga.GetByRole(Microsoft.Playwright.AriaRole.Link, new() { Name = "Ha ragione la famiglia" }).ClickAsync();
        await olga.Locator("main form button[type=submit]").ClickAsync();
        await Expect(olga.Locator(".error-summary")).ToContainTextAsync("Scrivi il motivo");
        await olga.Locator("#Reason").FillAsync("Il foglio delle ore dice mezz’ora.");
        await olga.Locator("main form button[type=submit]").ClickAsync();
        await Expect(olga.Locator("main")).ToContainTextAsync("Il foglio delle ore dice mezz’ora.");
        Assert.Equal("Reversed", await town.StatusAsync(booking));

        var page = await site.SignInAsync(town, "carla", phone: true);
        await page.GotoAsync($"prenotazioni/{booking}");
        await Expect(page.Locator("main")).ToContainTextAsync("Il foglio delle ore dice mezz’ora.");
    }

    private static async Task PersonAsync(FinanceTown town, string name, NewRole role)
    {
        var hash = await town.Db.FindAsync<string>(
            town.Territory, "select password_hash from marketplace.app_user where territory_id = @territory and email = 'carla@example.org'");
        (await town.DoAsync(tx => Users.CreateAsync(tx, new(Id<User>.New(), $"{name}@example.org", name, hash!, [role]), town.Clock.Now))).OrThrow();
    }

    private static async Task<HouseholdUser> FamilyAsync(FinanceTown town)
    {
        var id = await town.Db.FindAsync<Id<User>>(
            town.Territory, "select id from marketplace.app_user where territory_id = @territory and email = 'carla@example.org'");
        return new(await town.Db.FindAsync<Id<Household>>(town.Territory, "select id from marketplace.household where territory_id = @territory"), id);
    }

    /// <summary>Carla books a service of 18.00 that begins in a minute; the provider confirms it, and it begins.</summary>
    private async Task<Id<Booking>> ConfirmedAsync(FinanceTown town, ProviderInTown provider)
    {
        var (offer, slot, id) = (Id<Offer>.New(), Id<Slot>.New(), Id<Booking>.New());
        var starts = site.Clock.Now + Duration.FromMinutes(1);
        (await town.DoAsync<Done>(async tx =>
        {
            await tx.ExecuteAsync(
                """
                insert into marketplace.offer (territory_id, id, provider_id, class_code, status, title_it, title_en, summary_it, summary_en,
                                               addressed_it, addressed_en, needed_it, needed_en, achieved_it, achieved_en, unit_it, unit_en,
                                               price, minutes, place, municipality_code, latitude, longitude, cancel_hours, cancel_fee)
                values (@territory, @offer, @Id, 'cura', 'Published', 'Aiuto a casa', 'Help at home', '', '', '', '', '', '', '', '', '', '',
                        1800, 60, 'AtHome', 'L319', 45.7, 8.9, 24, 0);
                insert into marketplace.slot (territory_id, id, offer_id, starts_at, ends_at, capacity)
                values (@territory, @slot, @offer, @starts, @until, 1);
                """, new { offer, provider.Id, slot, starts, until = starts + Duration.FromHours(1) });
            return default(Done);
        })).OrThrow();
        var bookings = site.Services.GetRequiredService<Bookings>();
        var family = await FamilyAsync(town);
        var person = await town.Db.FindAsync<Id<Person>>(town.Territory, "select id from marketplace.person where territory_id = @territory");
        var shown = (await bookings.PreviewAsync(town.Territory, family.Household, slot)).OrThrow().Shown;
        (await bookings.RequestAsync(town.Territory, new(id, slot, person, shown), family)).OrThrow();
        (await bookings.ConfirmAsync(town.Territory, id, new(provider.Id, town.Anna))).OrThrow();
        site.Clock.MoveTo(starts);
        return id;
    }
}
