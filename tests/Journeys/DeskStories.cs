using Borsellino.Ledger;
using Borsellino.Marketplace;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Borsellino.Tests.Journeys;

/// <summary>A family that cannot or does not want to use the screen books at the desk; it reads by whom and by which consent, and the desk calls it off again.</summary>
[Collection(nameof(AdelesStories))]
public sealed class DeskStories(RunningTown town)
{
    private readonly Story story = new(town);

    [Fact]
    public async Task The_desk_books_for_a_family_that_reads_it_and_calls_it_off()
    {
        await town.StartAsync();
        var payable = await story.PayableAsync("Adele Crespi", "Giorgia Macchi");
        var desk = await town.VisitAsync(scripts: false);
        await town.EnterAsync(desk, "tradate", Role.SocialPoint);
        await desk.GotoAsync($"/tradate/servizi/{payable.Offer}?tutte=true");
        await desk.Locator($"button[formaction$='{payable.Slot}']").ClickAsync();
        await Expect(desk.Locator("h1")).ToHaveTextAsync("Prenota per una famiglia");
        await desk.GetByRole(AriaRole.Button, new() { Name = "Guarda chi paga" }).ClickAsync();
        await Expect(desk.Locator(".error-summary a")).ToHaveCountAsync(3);
        await desk.GetByLabel("Codice fiscale di chi partecipa").FillAsync(Story.TaxCodeOf("adele"));
        await desk.GetByLabel("Come ha detto di sì?").SelectOptionAsync("Paper");
        await desk.GetByLabel("Dove si trova il consenso").FillAsync("modulo 77/2026");
        await desk.GetByRole(AriaRole.Button, new() { Name = "Guarda chi paga" }).ClickAsync();
        await Expect(desk.Locator("main h2").First).ToHaveTextAsync("Leggi ad alta voce");
        await RunningTown.PhotographAsync(desk, "desk-book-for");
        await desk.GetByRole(AriaRole.Button, new() { NameRegex = new("^Dice di sì: prenota") }).ClickAsync();
        await Expect(desk.Locator(".notice").First).ToContainTextAsync("Fatto e scritto");
        await Expect(desk.Locator("tbody tr").Filter(new() { HasText = "Prenotato un servizio" }).First).ToContainTextAsync("modulo 77/2026");

        var phone = await town.VisitAsync(phone: true, scripts: false);
        await town.EnterAsync(phone, "tradate", Role.Household, "Adele Crespi");
        await phone.GotoAsync("/tradate/messaggi");
        await phone.GetByRole(AriaRole.Link, new() { NameRegex = new("ha prenotato per te") }).First.ClickAsync();
        await Expect(phone.Locator("main")).ToContainTextAsync("modulo 77/2026");
        var reference = await phone.Locator(".code").First.InnerTextAsync();
        await RunningTown.PhotographAsync(phone, "desk-booked-for-you");

        await desk.GotoAsync("/tradate/sportello/famiglia");
        await desk.GetByLabel("Codice fiscale di chi partecipa").FillAsync(Story.TaxCodeOf("adele"));
        await desk.GetByLabel("Come ha detto di sì?").SelectOptionAsync("Telephone");
        await desk.GetByLabel("Dove si trova il consenso").FillAsync("registro 78/2026");
        await desk.GetByRole(AriaRole.Button, new() { Name = "Guarda che cosa aspetta" }).ClickAsync();
        await desk.Locator("section").Filter(new() { HasText = reference }).GetByRole(AriaRole.Button, new() { NameRegex = new("^Disdice") }).ClickAsync();
        await Expect(desk.Locator("tbody tr").Filter(new() { HasText = "Disdetta una prenotazione" }).First).ToContainTextAsync("registro 78/2026");
        await phone.ReloadAsync();
        await Expect(phone.Locator("main")).ToContainTextAsync("registro 78/2026");
        await Expect(phone.Locator("main")).ToContainTextAsync("Ritirata da te");
    }

    [Fact]
    public async Task A_family_says_yes_to_a_message_and_only_then_is_it_booked()
    {
        await town.StartAsync();
        var payable = await story.PayableAsync("Adele Crespi", "Giorgia Macchi");
        var desk = await town.VisitAsync(scripts: false);
        await town.EnterAsync(desk, "tradate", Role.SocialPoint);
        await desk.GotoAsync($"/tradate/sportello/prenota/{payable.Slot}");
        await desk.GetByLabel("Codice fiscale di chi partecipa").FillAsync(Story.TaxCodeOf("adele"));
        await Expect(desk.Locator("option[value=Reply]")).ToHaveCountAsync(0);
        await desk.GetByLabel("Come ha detto di sì?").SelectOptionAsync("Telephone");
        await desk.GetByLabel("Dove si trova il consenso").FillAsync("registro 91/2026");
        await desk.GetByRole(AriaRole.Button, new() { Name = "Guarda chi paga" }).ClickAsync();
        await desk.GetByRole(AriaRole.Button, new() { Name = "Chiedi il sì con un messaggio" }).ClickAsync();
        await Expect(desk.Locator(".notice").First).ToContainTextAsync("Finché non dice di sì non succede niente");
        var asked = desk.Locator("section").Filter(new() { HasText = "Chieste con un messaggio" }).Locator("tbody tr").First;
        await Expect(asked).ToContainTextAsync("Aspetta la risposta");
        await RunningTown.PhotographAsync(desk, "desk-asked");

        var phone = await town.VisitAsync(phone: true);
        await town.EnterAsync(phone, "tradate", Role.Household, "Adele Crespi");
        await phone.GotoAsync("/tradate/messaggi");
        await phone.GetByRole(AriaRole.Link, new() { NameRegex = new("chiede se può prenotare per te") }).First.ClickAsync();
        await Expect(phone.Locator("h1")).ToHaveTextAsync("Dici di sì?");
        Assert.Empty(await TestBrowser.AxeAsync(phone));
        await RunningTown.PhotographAsync(phone, "desk-consent");
        var path = new Uri(phone.Url).AbsolutePath;
        using var stranger = await town.SignedInAsync("tradate", Role.Household, which: 1);
        foreach (var address in new[] { path, "/tradate/consensi/x", "/tradate/consensi/consent_00000000000070008000000000000abc" })
            Assert.Equal(System.Net.HttpStatusCode.NotFound, (await stranger.GetAsync(new Uri(address, UriKind.Relative))).StatusCode);

        await phone.GetByRole(AriaRole.Button, new() { NameRegex = new("^Sì, prenota") }).ClickAsync();
        await Expect(phone.Locator(".notice").First).ToContainTextAsync("Hai detto di sì");
        await RunningTown.PhotographAsync(phone, "desk-consent-given");
        await phone.GetByRole(AriaRole.Link, new() { Name = "Apri la prenotazione" }).ClickAsync();
        await Expect(phone.Locator("main")).ToContainTextAsync("risposta alla richiesta dello sportello");
        await desk.ReloadAsync();
        await Expect(asked).ToContainTextAsync("Ha detto di sì: prenotato");
    }

    [Fact]
    public async Task A_family_reads_what_calling_off_costs_and_keeps_or_calls_it_off_itself()
    {
        await town.StartAsync();
        var (kept, _) = await story.ConfirmedAsync("Adele Crespi", "Giorgia Macchi");
        var desk = await town.VisitAsync(scripts: false);
        await town.EnterAsync(desk, "tradate", Role.SocialPoint);
        await AskToCallOffAsync(desk, kept, "registro 92/2026");
        await Expect(desk.Locator(".notice").First).ToContainTextAsync("Finché non dice di sì non succede niente");
        var asked = desk.Locator("section").Filter(new() { HasText = "Chieste con un messaggio" }).Locator("tbody tr").First;
        await Expect(asked).ToContainTextAsync("Da disdire: ");
        await Expect(asked).ToContainTextAsync("Aspetta la risposta");
        await RunningTown.PhotographAsync(desk, "desk-asked-call-off");

        var phone = await town.VisitAsync(phone: true);
        await town.EnterAsync(phone, "tradate", Role.Household, "Adele Crespi");
        await phone.GotoAsync("/tradate/messaggi");
        await phone.GetByRole(AriaRole.Link, new() { NameRegex = new("chiede se può disdire per te") }).First.ClickAsync();
        await Expect(phone.Locator("#costs + p")).ToContainTextAsync("0,00");
        await Expect(phone.Locator("main")).ToContainTextAsync("Disdire adesso è gratis");
        Assert.Empty(await TestBrowser.AxeAsync(phone));
        await RunningTown.PhotographAsync(phone, "desk-call-off");
        using var stranger = await town.SignedInAsync("tradate", Role.Household, which: 1);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await stranger.GetAsync(new Uri(new Uri(phone.Url).AbsolutePath, UriKind.Relative))).StatusCode);
        await phone.GetByRole(AriaRole.Button, new() { Name = "No, tieni la prenotazione" }).ClickAsync();
        await Expect(phone.Locator(".notice").First).ToContainTextAsync("Hai detto di no");
        await phone.GetByRole(AriaRole.Link, new() { Name = "Apri la prenotazione" }).ClickAsync();
        await Expect(phone.Locator("main")).ToContainTextAsync("Confermat");

        // Asked anew, the family calls it off itself meanwhile: there is nothing left to say yes to, and both read so.
        await AskToCallOffAsync(desk, kept, "registro 93/2026");
        await phone.GotoAsync("/tradate/messaggi");
        await phone.GetByRole(AriaRole.Link, new() { NameRegex = new("chiede se può disdire per te") }).First.ClickAsync();
        var (by, household) = await story.WhoAsync("Adele Crespi", Role.Household);
        (await town.Services.GetRequiredService<Bookings>().CancelByHouseholdAsync(
            await story.TerritoryAsync(), kept, new(household.HouseholdId!.Value, by), Money.Zero)).OrThrow();
        await phone.GetByRole(AriaRole.Button, new() { Name = "Sì, disdici gratis" }).ClickAsync();
        await Expect(phone.Locator(".notice").First).ToContainTextAsync("La prenotazione era già finita o disdetta.");
        Assert.Empty(await TestBrowser.AxeAsync(phone));
        await desk.ReloadAsync();
        await Expect(asked).ToContainTextAsync("Ha detto di sì, ma non c’era niente da disdire");
    }

    private static async Task AskToCallOffAsync(IPage desk, Id<Booking> booking, string register)
    {
        await desk.GotoAsync("/tradate/sportello/famiglia");
        await desk.GetByLabel("Codice fiscale di chi partecipa").FillAsync(Story.TaxCodeOf("adele"));
        await desk.GetByLabel("Come ha detto di sì?").SelectOptionAsync("Telephone");
        await desk.GetByLabel("Dove si trova il consenso").FillAsync(register);
        await desk.GetByRole(AriaRole.Button, new() { Name = "Guarda che cosa aspetta" }).ClickAsync();
        await desk.Locator("section").Filter(new() { Has = desk.Locator($"input[value='{booking}']") }).GetByRole(AriaRole.Button, new() { NameRegex = new("^Chiedi il sì con un messaggio") }).ClickAsync();
    }
}
