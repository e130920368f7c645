using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Borsellino.Tests.Journeys;

/// <summary>Families look for company on phones without scripts, the desk asks for a plan, a cooperative takes the group at a desk.</summary>
[Collection(nameof(TownByHand))]
public sealed class NeedStories(TownByHand town)
{
    private const string Class = "laboratori", Coordinator = "Michele Broggi";

    private readonly Story story = new(town);

    [Fact]
    public async Task Three_families_look_for_a_group_say_yes_and_join_what_a_cooperative_makes_of_it()
    {
        await town.StartAsync();
        await AskPriceAsync(minutes: 60);
        var phones = await LookAsync(minutes: 60, day: "mercoledì");
        await PlanAtTheDeskAsync();

        await phones[0].ReloadAsync();
        await Expect(phones[0].GetByText("3 famiglie, tutte vicine")).ToBeVisibleAsync();
        await RunningTown.PhotographAsync(phones[0], "need-proposal");
        foreach (var phone in phones) await SayYesAsync(phone);
        await phones[0].ReloadAsync();
        await Expect(phones[0].Locator(".flag").First).ToHaveTextAsync("Tutti d’accordo, manca l’ente");

        var desk = await town.VisitAsync();
        await town.EnterAsync(desk, "tradate", Role.Provider, Coordinator);
        await desk.GotoAsync("/tradate/ente/ricerche");
        await RunningTown.PhotographAsync(desk, "need-groups");
        await desk.Locator("article", new() { HasText = "mercoledì" }).GetByRole(AriaRole.Link).ClickAsync();
        await RunningTown.PhotographAsync(desk, "need-take");
        await desk.GetByLabel("Ogni settimana, fino al").FillAsync("");
        await desk.GetByRole(AriaRole.Button, new() { Name = "Prendiamo noi questo gruppo" }).ClickAsync();
        await Expect(desk.Locator(".flag").First).ToHaveTextAsync("Raccoglie adesioni");

        foreach (var phone in phones)
        {
            await phone.ReloadAsync();
            await phone.GetByRole(AriaRole.Link, new() { Name = "Vai al gruppo e unisciti" }).ClickAsync();
            await phone.GetByRole(AriaRole.Link, new() { Name = "Unisciti al gruppo" }).ClickAsync();
            await phone.GetByRole(AriaRole.Button, new() { NameRegex = new("^Unisciti e impegna") }).ClickAsync();
            await Expect(phone.Locator("h2#cap")).ToHaveTextAsync("Pagherai al massimo");
        }

        await Expect(phones[2].GetByText("Siete al completo: paghi 8,00")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_cooperative_takes_a_group_for_every_week_and_the_families_join_all_dates()
    {
        await town.StartAsync();
        await AskPriceAsync(minutes: 120);
        var phones = await LookAsync(minutes: 120, day: "venerdì");
        await PlanAtTheDeskAsync();
        foreach (var phone in phones) await SayYesAsync(phone);
        await phones[0].ReloadAsync();
        await Expect(phones[0].GetByText("Se nessuno lo prende entro")).ToBeVisibleAsync();

        var desk = await town.VisitAsync(scripts: false);
        await town.EnterAsync(desk, "tradate", Role.Provider, Coordinator);
        await desk.GotoAsync("/tradate/ente/ricerche");
        await desk.Locator("article", new() { HasText = "venerdì" }).GetByRole(AriaRole.Link).ClickAsync();
        await desk.GetByLabel("Ogni settimana, fino al").FillAsync("2020-01-01");
        await desk.GetByRole(AriaRole.Button, new() { Name = "Prendiamo noi questo gruppo" }).ClickAsync();
        await Expect(desk.Locator(".error-summary")).ToContainTextAsync("L’ultima data va messa tra");
        await desk.GotoAsync(desk.Url);
        await desk.GetByRole(AriaRole.Button, new() { Name = "Prendiamo noi questo gruppo" }).ClickAsync();
        await Expect(desk.GetByRole(AriaRole.Heading, new() { Name = "Ogni settimana" })).ToBeVisibleAsync();

        await phones[0].ReloadAsync();
        await phones[0].GetByRole(AriaRole.Link, new() { Name = "Guarda tutte le date e unisciti" }).ClickAsync();
        await phones[0].GetByRole(AriaRole.Link, new() { Name = "Partecipa ogni settimana" }).ClickAsync();
        await phones[0].GetByRole(AriaRole.Button, new() { NameRegex = new("^Partecipa a ") }).ClickAsync();
        await Expect(phones[0].Locator("h2#cap")).ToHaveTextAsync("Ogni volta pagherai al massimo");
    }

    [Fact]
    public async Task The_desk_opens_a_need_for_a_family_that_reads_who_did_it_and_closes_it()
    {
        await town.StartAsync();
        var territory = await story.TerritoryAsync();
        var name = (await town.Services.GetRequiredService<Users>().DemoPeopleAsync(territory)).Last(p => p.Role == Role.Household).DisplayName;
        var code = await TaxCodeAsync(name);
        var school = (await town.Services.GetRequiredService<MeetingPlaces>().ListAsync(territory)).First(p => p.Kind is MeetingPlaceKind.School);

        var desk = await town.VisitAsync(scripts: false);
        await town.EnterAsync(desk, "tradate", Role.SocialPoint);
        await desk.GotoAsync("/tradate/sportello/ricerche");
        await desk.GetByRole(AriaRole.Link, new() { Name = "Apri una ricerca per una famiglia" }).ClickAsync();
        await desk.GetByLabel("Codice fiscale di chi partecipa").FillAsync("AAAAAA00A00A000A");
        await desk.GetByRole(AriaRole.Button, new() { Name = "Apri la ricerca per la famiglia" }).ClickAsync();
        await Expect(desk.Locator(".error-summary a[href='#TaxCode']")).ToBeVisibleAsync();
        await Expect(desk.Locator(".error-summary a[href='#Reference']")).ToBeVisibleAsync();

        await desk.GetByLabel("Codice fiscale di chi partecipa").FillAsync(code);
        await desk.GetByLabel("Servizio", new() { Exact = true }).SelectOptionAsync(Class);
        await desk.GetByLabel("Quanto dura ogni volta").SelectOptionAsync("240");
        await desk.GetByLabel("sabato").CheckAsync();
        await desk.GetByLabel("Vicino a").SelectOptionAsync(school.Id.ToString());
        await desk.GetByLabel("Quanto pagheresti al massimo").FillAsync("12,00");
        await desk.GetByLabel("Alle", new() { Exact = true }).SelectOptionAsync("19:00");
        await desk.GetByLabel("Come ha detto di sì?").SelectOptionAsync("Telephone");
        await desk.GetByLabel("Dove si trova il consenso").FillAsync("registro delle telefonate, 12/2026");
        await RunningTown.PhotographAsync(desk, "need-for-a-family");
        await desk.GetByRole(AriaRole.Button, new() { Name = "Apri la ricerca per la famiglia" }).ClickAsync();
        await Expect(desk.Locator(".notice").First).ToContainTextAsync("La ricerca è aperta");

        var phone = await town.VisitAsync(phone: true, scripts: false);
        await town.EnterAsync(phone, "tradate", Role.Household, name);
        await phone.GotoAsync("/tradate/messaggi");
        await phone.GetByRole(AriaRole.Link, new() { NameRegex = new("cerca un gruppo per te") }).First.ClickAsync();
        await Expect(phone.GetByText("registro delle telefonate, 12/2026")).ToBeVisibleAsync();
        await RunningTown.PhotographAsync(phone, "need-opened-for-you");
        await phone.GetByRole(AriaRole.Link, new() { Name = "Chiudi la ricerca" }).ClickAsync();
        await phone.GetByRole(AriaRole.Button, new() { Name = "Sì, chiudi la ricerca" }).ClickAsync();
        await Expect(phone).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/ricerche$"));
    }

    [Fact]
    public async Task The_desk_answers_and_joins_for_a_family_that_reads_it_and_leaves()
    {
        await town.StartAsync();
        await AskPriceAsync(minutes: 180);
        var phones = await LookAsync(minutes: 180, day: "sabato");
        await PlanAtTheDeskAsync();
        var name = (await town.Services.GetRequiredService<Users>().DemoPeopleAsync(await story.TerritoryAsync())).First(p => p.Role == Role.Household).DisplayName;

        var desk = await town.VisitAsync(scripts: false);
        await town.EnterAsync(desk, "tradate", Role.SocialPoint);
        await desk.GotoAsync("/tradate/sportello/ricerche");
        await desk.GetByRole(AriaRole.Link, new() { Name = "Rispondi per una famiglia" }).ClickAsync();
        await desk.GetByRole(AriaRole.Button, new() { Name = "Guarda che cosa aspetta" }).ClickAsync();
        await Expect(desk.Locator(".error-summary a[href='#TaxCode']")).ToBeVisibleAsync();
        await Expect(desk.Locator(".error-summary a[href='#Reference']")).ToBeVisibleAsync();
        await AskAsync(desk, name);
        await RunningTown.PhotographAsync(desk, "desk-for-a-family");
        await desk.Locator("section", new() { HasText = "sabato" }).GetByRole(AriaRole.Button, new() { NameRegex = new("^Dice di sì") }).ClickAsync();
        await Expect(desk.Locator(".notice").First).ToContainTextAsync("Fatto e scritto");
        await Expect(desk.GetByText("Risposto di sì a una proposta").First).ToBeVisibleAsync();
        foreach (var phone in phones.Skip(1)) await SayYesAsync(phone);

        var provider = await town.VisitAsync(scripts: false);
        await town.EnterAsync(provider, "tradate", Role.Provider, Coordinator);
        await provider.GotoAsync("/tradate/ente/ricerche");
        await provider.Locator("article", new() { HasText = "sabato" }).GetByRole(AriaRole.Link).ClickAsync();
        await provider.GetByLabel("Ogni settimana, fino al").FillAsync("");
        await provider.GetByRole(AriaRole.Button, new() { Name = "Prendiamo noi questo gruppo" }).ClickAsync();
        await Expect(provider.GetByRole(AriaRole.Heading, new() { Name = "Il gruppo", Exact = true })).ToBeVisibleAsync();

        await desk.GetByRole(AriaRole.Link, new() { Name = "Rispondi per una famiglia" }).ClickAsync();
        await AskAsync(desk, name);
        await desk.Locator("section", new() { HasText = "sabato" }).GetByRole(AriaRole.Button, new() { NameRegex = new("^Si unisce, fino a") }).ClickAsync();
        await Expect(desk.GetByText("Unita a un gruppo").First).ToBeVisibleAsync();
        await RunningTown.PhotographAsync(desk, "desk-done");

        await phones[0].GotoAsync("/tradate/messaggi");
        await phones[0].GetByRole(AriaRole.Link, new() { NameRegex = new("ti ha unito a un gruppo") }).First.ClickAsync();
        await Expect(phones[0].Locator("section:has(h2#for-you)")).ToContainTextAsync("modulo 12/2026");
        await Expect(phones[0].Locator("h2#cap")).ToHaveTextAsync("Pagherai al massimo");
        await RunningTown.PhotographAsync(phones[0], "done-for-you");
        await phones[0].GetByRole(AriaRole.Link, new() { NameRegex = new("^Esci gratis") }).ClickAsync();
        await phones[0].GetByRole(AriaRole.Button, new() { Name = "Sì, esco dal gruppo" }).ClickAsync();
        await desk.ReloadAsync();
        await Expect(desk.GetByText("Non è più nel gruppo").First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task One_says_no_and_the_rest_is_planned_again()
    {
        await town.StartAsync();
        await AskPriceAsync(minutes: 90);
        var phones = await LookAsync(minutes: 90, day: "domenica");
        await PlanAtTheDeskAsync();
        await phones[0].ReloadAsync();
        await SayYesAsync(phones[0]);
        await phones[2].ReloadAsync();
        await phones[2].GetByText("Così non mi va bene").ClickAsync();
        await phones[2].GetByLabel("Non cerco più").CheckAsync();
        await phones[2].GetByRole(AriaRole.Button, new() { Name = "No, cercate ancora" }).ClickAsync();
        await Expect(phones[2].Locator(".flag").First).ToHaveTextAsync("Chiusa da te");

        await town.Services.GetRequiredService<Sweeps>().RunAsync(await story.TerritoryAsync(), CancellationToken.None);
        await phones[1].ReloadAsync();
        await Expect(phones[1].GetByText("2 famiglie, tutte vicine")).ToBeVisibleAsync();
        await phones[1].GotoAsync("/tradate/messaggi");
        await Expect(phones[1].GetByText("Il gruppo non si fa, ne cerchiamo un altro").First).ToBeVisibleAsync();
    }

    /// <summary>The family at the desk says its tax code and yes to being asked.</summary>
    private async Task AskAsync(IPage desk, string name)
    {
        await desk.GetByLabel("Codice fiscale di chi partecipa").FillAsync(await TaxCodeAsync(name));
        await desk.GetByLabel("Come ha detto di sì?").SelectOptionAsync("Paper");
        await desk.GetByLabel("Dove si trova il consenso").FillAsync("modulo 12/2026");
        await desk.GetByRole(AriaRole.Button, new() { Name = "Guarda che cosa aspetta" }).ClickAsync();
        await Expect(desk.GetByText("Leggi ad alta voce. Premi solo")).ToBeVisibleAsync();
    }

    /// <summary>Of the one for whom a household is registered.</summary>
    private async Task<string> TaxCodeAsync(string name)
    {
        var territory = await story.TerritoryAsync();
        var (_, household) = await story.WhoAsync(name, Role.Household);
        return (await town.Services.GetRequiredService<Database>().ListAsync<string>(
            territory,
            """
            select p.tax_code from marketplace.household h
            join marketplace.person p on p.territory_id = @territory and p.id = h.reference_person_id
            where h.territory_id = @territory and h.id = @HouseholdId
            """, new { household.HouseholdId }))[0];
    }

    /// <summary>The cooperative says what it asks for groups of so long, through its own page.</summary>
    private async Task AskPriceAsync(int minutes)
    {
        var desk = await town.VisitAsync(scripts: false);
        await town.EnterAsync(desk, "tradate", Role.Provider, Coordinator);
        await desk.GotoAsync("/tradate/ente/ricerche");
        await desk.GetByLabel("Servizio", new() { Exact = true }).SelectOptionAsync(Class);
        await desk.GetByLabel("Quanto dura ogni volta").SelectOptionAsync($"{minutes}");
        await desk.GetByLabel("Famiglie, al massimo").FillAsync("3");
        await desk.GetByLabel("Prezzo in tutto").FillAsync("24,00");
        await desk.GetByRole(AriaRole.Button, new() { Name = "Aggiungi il prezzo" }).ClickAsync();
        await Expect(desk.Locator("section:has(h2#prices)")).ToContainTextAsync("in 3: 24,00");
    }

    /// <summary>Three families, each with money for it, say that they look for the same near one school.</summary>
    private async Task<IReadOnlyList<IPage>> LookAsync(int minutes, string day)
    {
        var territory = await story.TerritoryAsync();
        var names = (await town.Services.GetRequiredService<Users>().DemoPeopleAsync(territory))
            .Where(p => p.Role == Role.Household).Select(p => p.DisplayName).Distinct(StringComparer.Ordinal).Take(3).ToList();
        var school = (await town.Services.GetRequiredService<MeetingPlaces>().ListAsync(territory)).First(p => p.Kind is MeetingPlaceKind.School);
        var funders = await town.Services.GetRequiredService<Funders>().ListAsync(territory);
        var phones = new List<IPage>();
        foreach (var (i, name) in names.Index())
        {
            await story.FundAsync(name, funders[i], Class, Money.Euro(40));
            var phone = await town.VisitAsync(phone: true, scripts: false);
            await town.EnterAsync(phone, "tradate", Role.Household, name);
            await phone.GotoAsync($"/tradate/ricerche/nuova?tipo={Class}");
            await phone.GetByLabel("Quanto dura ogni volta").SelectOptionAsync($"{minutes}");
            await phone.GetByLabel(day).CheckAsync();
            await phone.GetByLabel("Vicino a").SelectOptionAsync(school.Id.ToString());
            await phone.GetByRole(AriaRole.Button, new() { Name = "Cercate un gruppo per me" }).ClickAsync();
            // Without what it would pay at most it comes back, and says so at the field.
            await Expect(phone.Locator(".error-summary a[href='#Cap']")).ToBeVisibleAsync();
            await phone.GetByLabel("Quanto pagheresti al massimo").FillAsync("12,00");
            if (i == 0) await RunningTown.PhotographAsync(phone, "need-new");
            await phone.GetByRole(AriaRole.Button, new() { Name = "Cercate un gruppo per me" }).ClickAsync();
            await Expect(phone.Locator(".flag").First).ToHaveTextAsync("Cerchiamo");
            phones.Add(phone);
        }

        return phones;
    }

    private async Task PlanAtTheDeskAsync()
    {
        var desk = await town.VisitAsync();
        await town.EnterAsync(desk, "tradate", Role.SocialPoint);
        await desk.GotoAsync("/tradate/sportello/ricerche");
        await desk.GetByRole(AriaRole.Button, new() { Name = "Cerca i gruppi adesso" }).ClickAsync();
        await Expect(desk.Locator(".notice").First).ToContainTextAsync("Il piano è fatto");
        await RunningTown.PhotographAsync(desk, "need-figures");
    }

    private static async Task SayYesAsync(IPage phone)
    {
        await phone.ReloadAsync();
        await phone.GetByRole(AriaRole.Button, new() { Name = "Sì, mi va bene" }).ClickAsync();
        await Expect(phone.GetByText(new System.Text.RegularExpressions.Regex("Hai detto di sì|Avete detto tutti di sì"))).ToBeVisibleAsync();
    }
}
