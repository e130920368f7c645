using System.Text.RegularExpressions;
using Borsellino.Marketplace;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Borsellino.Tests.Journeys;

/// <summary>Coming to the office (Modello Comuni, C.SE.2.2): from any step to an appointment, without scripts and without saying anything twice.</summary>
public sealed class AppointmentStories(RunningTown town)
{
    private const string Reason = "Vorrei capire il modulo del contributo";

    [Fact]
    public async Task A_family_takes_an_appointment_from_a_service_and_the_desk_calls_it_off()
    {
        var family = await town.VisitAsync(phone: true, scripts: false);
        await town.EnterAsync(family, "tradate", Role.Household);
        await family.GotoAsync("/tradate/servizi");
        await family.Locator("footer [data-element='appointment-booking']").ClickAsync();

        await Expect(family.Locator("[aria-current=step]")).ToHaveTextAsync("1 di 4: Dove");
        await family.Locator("main a.reason").First.ClickAsync();
        await Expect(family.Locator("[aria-current=step]")).ToHaveTextAsync("2 di 4: Quando");
        var first = (await family.Locator("button.slot").First.GetAttributeAsync("value"))!;
        await RunningTown.PhotographAsync(family, "appointment-when");
        await family.Locator("button.slot").First.ClickAsync();

        // Wrong answers come back with what was right; going to another time keeps them all.
        await family.GetByLabel("Due parole per prepararci").FillAsync(Reason);
        await family.GetByLabel("A che numero ti chiamiamo").FillAsync("boh");
        await family.GetByRole(AriaRole.Button, new() { Name = "Continua" }).ClickAsync();
        await Expect(family.Locator(".error-summary")).ToContainTextAsync("Scegli di che cosa vuoi parlare");
        await Expect(family.Locator(".error-summary")).ToContainTextAsync("solo cifre");
        await Expect(family.GetByLabel("Due parole per prepararci")).ToHaveValueAsync(Reason);
        await Expect(family.GetByLabel("Dite all’ufficio che cosa stavo guardando: La ricerca dei servizi")).ToBeCheckedAsync();
        await family.GetByLabel("Chiedere un contributo").CheckAsync(new() { Force = true });
        await family.GetByLabel("A che numero ti chiamiamo").FillAsync("0331 555 444");
        await family.GetByRole(AriaRole.Button, new() { Name = "Continua" }).ClickAsync();
        await Expect(family.Locator("[aria-current=step]")).ToHaveTextAsync("4 di 4: Controlla e conferma");
        await family.GetByRole(AriaRole.Button, new() { Name = "Cambia ora" }).ClickAsync();
        await family.Locator($"button.slot:not([value='{first}'])").First.ClickAsync();
        foreach (var said in new[] { "Chiedere un contributo", Reason, "0331 555 444", "La ricerca dei servizi" }) await Expect(family.Locator("main")).ToContainTextAsync(said);
        await RunningTown.PhotographAsync(family, "appointment-check");
        Assert.DoesNotContain("555", family.Url, StringComparison.Ordinal);
        await family.GetByRole(AriaRole.Button, new() { Name = "Prendi l’appuntamento" }).ClickAsync();
        await Expect(family.Locator("h1")).ToHaveTextAsync("Appuntamento preso");
        await RunningTown.PhotographAsync(family, "appointment-taken");
        var page = new Uri(family.Url).AbsolutePath;
        var file = await (await family.APIRequest.GetAsync($"{page}?handler=Calendar")).TextAsync();
        Assert.Contains("STATUS:CONFIRMED", file, StringComparison.Ordinal);
        Assert.DoesNotContain(Reason, file, StringComparison.Ordinal);
        await family.GotoAsync("/tradate/prenotazioni");
        await Expect(family.Locator($"a[href='{page}']")).ToBeVisibleAsync();

        // Somebody else's is nobody's business.
        using var other = await town.SignedInAsync("tradate", Role.Household, which: 1);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await other.GetAsync(new Uri(page, UriKind.Relative))).StatusCode);

        await family.GotoAsync(page);
        var day = await family.Locator(".answers").InnerTextAsync();
        var desk = await town.VisitAsync();
        await town.EnterAsync(desk, "tradate", Role.SocialPoint);
        await desk.GotoAsync("/tradate/sportello/appuntamenti");
        var mine = desk.Locator("article").Filter(new() { HasText = Reason });
        for (var days = 0; days < OfficeAppointments.DaysAhead && await mine.CountAsync() == 0; days++)
        {
            var before = desk.Url;
            await desk.GetByRole(AriaRole.Link, new() { Name = "Il giorno dopo" }).ClickAsync();
            await Expect(desk).Not.ToHaveURLAsync(before);
        }

        await Expect(mine).ToContainTextAsync("0331 555 444");
        await RunningTown.PhotographAsync(desk, "desk-appointments");
        Assert.Empty(await TestBrowser.AxeAsync(desk));
        await mine.GetByRole(AriaRole.Link, new() { NameRegex = new("^Non possiamo più") }).ClickAsync();
        await mine.GetByRole(AriaRole.Button, new() { Name = "Disdici l’appuntamento" }).ClickAsync();
        await Expect(desk.Locator(".error-summary a")).ToHaveTextAsync(new Regex("da 1 a 300"));
        await mine.GetByLabel("Che cosa deve leggere la famiglia?").FillAsync("Quel giorno l’ufficio è chiuso.");
        await mine.GetByRole(AriaRole.Button, new() { Name = "Disdici l’appuntamento" }).ClickAsync();
        await Expect(mine).ToContainTextAsync("Disdetto da voi");

        await family.GotoAsync("/tradate/messaggi");
        await family.GetByText("L’ufficio ha disdetto l’appuntamento").First.ClickAsync();
        await Expect(family.Locator("main")).ToContainTextAsync("Quel giorno l’ufficio è chiuso.");
        Assert.Contains("Chiedere un contributo", day, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_time_that_somebody_else_took_meanwhile_costs_no_word_that_was_written()
    {
        var slow = await town.VisitAsync(phone: true, scripts: false);
        await town.EnterAsync(slow, "biella", Role.Household);
        await slow.GotoAsync("/biella/appuntamento");
        await slow.Locator("main a.reason").Filter(new() { HasText = "Punto sociale" }).ClickAsync();
        // One desk: who is faster has it.
        var time = (await slow.Locator("button.slot").Last.GetAttributeAsync("value"))!;
        await slow.Locator("button.slot").Last.ClickAsync();
        await AnswerAsync(slow);

        var quick = await town.VisitAsync(phone: true, scripts: false);
        await quick.Context.AddCookiesAsync((await slow.Context.CookiesAsync()).Select(c => new Cookie
        {
            Name = c.Name, Value = c.Value, Domain = c.Domain, Path = c.Path, HttpOnly = c.HttpOnly, SameSite = c.SameSite,
        }));
        await quick.GotoAsync("/biella/appuntamento");
        await quick.Locator("main a.reason").Filter(new() { HasText = "Punto sociale" }).ClickAsync();
        await quick.Locator($"button.slot[value='{time}']").ClickAsync();
        await AnswerAsync(quick);
        await quick.GetByRole(AriaRole.Button, new() { Name = "Prendi l’appuntamento" }).ClickAsync();
        await Expect(quick.Locator("h1")).ToHaveTextAsync("Appuntamento preso");

        await slow.GetByRole(AriaRole.Button, new() { Name = "Prendi l’appuntamento" }).ClickAsync();
        await Expect(slow.Locator(".error-summary")).ToContainTextAsync("Quell’ora non è più libera. Non abbiamo preso niente");
        await Expect(slow.Locator($"button.slot[value='{time}']")).ToHaveCountAsync(0);
        await slow.Locator("button.slot").First.ClickAsync();
        await Expect(slow.Locator("main")).ToContainTextAsync(Reason);
        await slow.GetByRole(AriaRole.Button, new() { Name = "Prendi l’appuntamento" }).ClickAsync();
        await Expect(slow.Locator("h1")).ToHaveTextAsync("Appuntamento preso");

        // What is not needed any more is given back.
        await slow.GetByRole(AriaRole.Link, new() { Name = "Disdici", Exact = true }).ClickAsync();
        await slow.GetByRole(AriaRole.Button, new() { Name = "Sì, disdici" }).ClickAsync();
        await Expect(slow.Locator("main")).ToContainTextAsync("Hai disdetto");

        static async Task AnswerAsync(IPage page)
        {
            await page.GetByLabel("Altro").CheckAsync(new() { Force = true });
            await page.GetByLabel("Due parole per prepararci").FillAsync(Reason);
            await page.GetByLabel("A che numero ti chiamiamo").FillAsync("0331 555 321");
            await page.GetByRole(AriaRole.Button, new() { Name = "Continua" }).ClickAsync();
            await Expect(page.Locator("[aria-current=step]")).ToHaveTextAsync("4 di 4: Controlla e conferma");
        }
    }

    [Fact]
    public async Task An_officer_keeps_the_hours()
    {
        var officer = await town.VisitAsync();
        await town.EnterAsync(officer, "tradate", Role.Officer);
        await officer.GotoAsync("/tradate/comune/sportelli");
        var name = $"Sportello {Random.Shared.Next(1000, 1_000_000)}";
        await officer.GetByLabel("Nome").FillAsync(name);
        await officer.GetByRole(AriaRole.Button, new() { Name = "Aggiungi lo sportello" }).ClickAsync();
        await Expect(officer.Locator(".error-summary a")).ToHaveTextAsync(new Regex("Indirizzo"));
        await officer.GetByLabel("Indirizzo").FillAsync("Via delle Prove 3");
        await officer.GetByRole(AriaRole.Button, new() { Name = "Aggiungi lo sportello" }).ClickAsync();
        var sheet = officer.Locator("section.sheet").Filter(new() { Has = officer.Locator($"h2:text-is('{name}')") });
        await Expect(sheet).ToContainTextAsync("Non riceve ancora");

        await officer.Locator("#Office").SelectOptionAsync(new SelectOptionValue { Label = name });
        await officer.Locator("#Opens").FillAsync("11:45");
        await officer.GetByRole(AriaRole.Button, new() { Name = "Aggiungi l’orario" }).ClickAsync();
        await Expect(officer.Locator(".error-summary a")).ToHaveTextAsync(new Regex("nemmeno un appuntamento"));
        await officer.Locator("#Opens").FillAsync("9.30");
        await officer.GetByRole(AriaRole.Button, new() { Name = "Aggiungi l’orario" }).ClickAsync();
        await Expect(sheet).ToContainTextAsync("lunedì");
        await Expect(sheet).ToContainTextAsync("9:30");
        await RunningTown.PhotographAsync(officer, "officer-offices");
        await sheet.GetByRole(AriaRole.Button, new() { NameRegex = new("^Togli da domani") }).ClickAsync();
        await Expect(sheet).ToContainTextAsync("fino al");
    }
}
