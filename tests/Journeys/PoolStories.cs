using System.Globalization;
using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using NodaTime;
using static Microsoft.Playwright.Assertions;

namespace Borsellino.Tests.Journeys;

/// <summary>Families share a service: on phones without scripts, with the cooperative at a desk and a clock that is moved by hand.</summary>
[Collection(nameof(TownByHand))]
public sealed class PoolStories(TownByHand town)
{
    private readonly Story story = new(town);

    [Fact]
    public async Task Three_families_share_to_the_end_and_one_leaves_before()
    {
        await town.StartAsync();
        var (pool, families, coordinator) = await SharedAsync();
        var phones = new List<IPage>();
        foreach (var family in families)
        {
            var phone = await town.VisitAsync(phone: true, scripts: false);
            await town.EnterAsync(phone, "tradate", Role.Household, family);
            await JoinAsync(phone, pool);
            phones.Add(phone);
        }

        // Before it is decided they see how many they are, and no names. One goes out and comes back.
        await phones[0].GotoAsync($"/tradate/gruppi/{pool}");
        await Expect(phones[0].GetByText("Ci sono 3 famiglie")).ToBeVisibleAsync();
        await Expect(phones[0].Locator("h2#cap")).ToHaveTextAsync("Pagherai al massimo");
        await RunningTown.PhotographAsync(phones[0], "pool-joined");
        await phones[2].GetByRole(AriaRole.Link, new() { NameRegex = new("^Esci gratis") }).ClickAsync();
        await phones[2].GetByRole(AriaRole.Button, new() { Name = "Sì, esco dal gruppo" }).ClickAsync();
        await phones[0].ReloadAsync();
        await Expect(phones[0].GetByText("Ci sono 2 famiglie")).ToBeVisibleAsync();
        await JoinAsync(phones[2], pool);

        var late = await Pools.PreviewAsync(await story.TerritoryAsync(), await NewcomerAsync(families), pool);
        Assert.True(late.IsRefused(out var full) && full is PoolFull);
        var card = await CardAsync(pool);
        await story.MoveAsync(card.Pool.FreezeAt);

        await phones[0].ReloadAsync();
        await Expect(phones[0].Locator(".outcome h2")).ToContainTextAsync("Ci sei: la tua quota è");
        await Expect(phones[0].Locator("section:has(h2#who) li")).ToHaveCountAsync(3);
        await RunningTown.PhotographAsync(phones[0], "pool-confirmed");
        await phones[0].GetByRole(AriaRole.Link, new() { Name = "Vai alla tua prenotazione" }).ClickAsync();
        await Expect(phones[0].Locator(".flag").First).ToHaveTextAsync("Confermata");
        var booking = new Uri(phones[0].Url).AbsolutePath;

        var desk = await town.VisitAsync();
        await town.EnterAsync(desk, "tradate", Role.Provider, coordinator);
        await story.MoveAsync(card.Pool.StartsAt + Duration.FromHours(1));
        await desk.GotoAsync($"/tradate/ente/gruppi/{pool}");
        await Expect(desk.GetByRole(AriaRole.Button, new() { NameRegex = new("^C’era") })).ToHaveCountAsync(3);
        await RunningTown.PhotographAsync(desk, "pool-provider");
        // For the first it took forty minutes; an end before the beginning is told, and marks nobody.
        var begins = card.Pool.StartsAt.InZone(ClockExtensions.Rome).TimeOfDay;
        await SayAsync(begins, begins.PlusMinutes(-5));
        await Expect(desk.Locator(".error-summary")).ToContainTextAsync("a che ora è finito");
        await Expect(desk.GetByRole(AriaRole.Button, new() { NameRegex = new("^C’era") })).ToHaveCountAsync(3);
        var first = new Uri(new Uri(desk.Url), await desk.Locator("article h3 a").First.GetAttributeAsync("href")).AbsolutePath;
        await SayAsync(begins, begins.PlusMinutes(40));
        await Expect(desk.GetByRole(AriaRole.Button, new() { NameRegex = new("^C’era") })).ToHaveCountAsync(2);
        await desk.GotoAsync(first);
        await Expect(desk.Locator("main")).ToContainTextAsync(begins.PlusMinutes(40).ToString("H:mm", CultureInfo.InvariantCulture));
        await desk.GotoAsync($"/tradate/ente/gruppi/{pool}");
        await desk.GetByRole(AriaRole.Button, new() { NameRegex = new("^Assente giustificato") }).Last.ClickAsync();
        await Expect(desk.GetByRole(AriaRole.Button, new() { NameRegex = new("^C’era") })).ToHaveCountAsync(1);

        await phones[0].GotoAsync(booking);
        await phones[0].GetByRole(AriaRole.Button, new() { NameRegex = new("paga|Paga|bene") }).First.ClickAsync();
        await Expect(phones[0].Locator(".flag").First).ToHaveTextAsync("Conclusa");

        async Task SayAsync(LocalTime from, LocalTime to)
        {
            var form = desk.Locator("article form").First;
            await form.Locator("summary").ClickAsync();
            await form.GetByLabel("Cominciato alle").FillAsync(from.ToString("HH:mm", CultureInfo.InvariantCulture));
            await form.GetByLabel("Finito alle").FillAsync(to.ToString("HH:mm", CultureInfo.InvariantCulture));
            await RunningTown.PhotographAsync(desk, "pool-attendance");
            await form.GetByRole(AriaRole.Button, new() { NameRegex = new("^C’era") }).ClickAsync();
        }
    }

    [Fact]
    public async Task A_family_raises_its_limit_and_stays_in_when_a_neighbour_leaves()
    {
        await town.StartAsync();
        var (pool, families, _) = await SharedAsync(min: 2);
        foreach (var family in families.Take(2)) await JoinQuietlyAsync(family, pool);
        var phone = await town.VisitAsync(phone: true, scripts: false);
        await town.EnterAsync(phone, "tradate", Role.Household, families[2]);
        await JoinAsync(phone, pool);
        var card = await CardAsync(pool);

        await phone.GetByRole(AriaRole.Link, new() { Name = "Alza o abbassa il massimo" }).ClickAsync();
        await Expect(phone.GetByRole(AriaRole.Radio)).ToHaveCountAsync(2);
        await phone.GetByRole(AriaRole.Radio).First.CheckAsync();
        await phone.GetByRole(AriaRole.Button, new() { Name = "Guarda che cosa cambia" }).ClickAsync();
        await RunningTown.PhotographAsync(phone, "pool-limit");
        await phone.GetByRole(AriaRole.Button, new() { NameRegex = new("^Il mio massimo diventa") }).ClickAsync();
        await Expect(phone).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("fatto=massimo"));
        await Expect(phone.GetByText("Il tuo massimo è cambiato")).ToBeVisibleAsync();

        await LeaveQuietlyAsync(families[0], pool);
        await story.MoveAsync(card.Pool.FreezeAt);
        await phone.ReloadAsync();
        await Expect(phone.Locator(".outcome h2")).ToContainTextAsync("Ci sei: la tua quota è");
        await Expect(phone.Locator("section:has(h2#who) li")).ToHaveCountAsync(2);
    }

    [Fact]
    public async Task One_leaves_after_the_freeze_and_the_others_dissolve_when_nobody_comes()
    {
        await town.StartAsync();
        var (pool, families, _) = await SharedAsync();
        var territory = await story.TerritoryAsync();
        foreach (var family in families) await JoinQuietlyAsync(family, pool);
        var card = await CardAsync(pool);
        await story.MoveAsync(card.Pool.FreezeAt);

        var phone = await town.VisitAsync(phone: true, scripts: false);
        await town.EnterAsync(phone, "tradate", Role.Household, families[0]);
        await phone.GotoAsync($"/tradate/gruppi/{pool}");
        await phone.GetByRole(AriaRole.Link, new() { Name = "Vai alla tua prenotazione" }).ClickAsync();
        await phone.GetByRole(AriaRole.Link, new() { Name = "Annulla la prenotazione" }).ClickAsync();
        await phone.GetByRole(AriaRole.Button, new() { NameRegex = new("^Sì, annulla") }).ClickAsync();
        await Expect(phone.Locator(".flag").First).ToHaveTextAsync("Annullata da te");

        var other = await town.VisitAsync(phone: true, scripts: false);
        await town.EnterAsync(other, "tradate", Role.Household, families[1]);
        await town.Services.GetRequiredService<Sweeps>().RunAsync(territory, CancellationToken.None);
        await other.GotoAsync($"/tradate/gruppi/{pool}");
        await Expect(other.Locator("section:has(h2#short)")).ToContainTextAsync("Senza il tuo sì non paghi mai di più");
        await other.GetByRole(AriaRole.Link, new() { Name = "Rispondi" }).ClickAsync();
        await other.GetByRole(AriaRole.Button, new() { Name = "No, non pago di più" }).ClickAsync();
        await Expect(other.GetByText("Hai detto che non paghi di più.")).ToBeVisibleAsync();
        await story.MoveAsync((await CardAsync(pool)).Pool.ReplaceBy!.Value);
        await other.ReloadAsync();
        await Expect(other.Locator(".flag").First).ToHaveTextAsync("Sciolto");
    }

    [Fact]
    public async Task One_leaves_after_the_freeze_and_those_who_stay_agree_to_pay_more()
    {
        await town.StartAsync();
        var (pool, families, coordinator) = await SharedAsync();
        var territory = await story.TerritoryAsync();
        foreach (var family in families) await JoinQuietlyAsync(family, pool);
        await story.MoveAsync((await CardAsync(pool)).Pool.FreezeAt);
        var (leaver, left) = await story.WhoAsync(families[0], Role.Household);
        var mine = (await town.Services.GetRequiredService<PoolCards>().FindAsync(territory, left.HouseholdId!.Value, pool))!.Card.Mine!;
        (await town.Services.GetRequiredService<Bookings>().CancelByHouseholdAsync(
            territory, mine.Booking!.Value, new(left.HouseholdId!.Value, leaver), Money.Euro(1000))).OrThrow();
        await town.Services.GetRequiredService<Sweeps>().RunAsync(territory, CancellationToken.None);

        await CoverAsync(pool);

        // One says yes up to its part of two, then no, then yes: an answer may be changed. (Alone, its money may not reach any more.)
        var phone = await town.VisitAsync(phone: true, scripts: false);
        await town.EnterAsync(phone, "tradate", Role.Household, families[1]);
        foreach (var where in new[] { "borsellino", "scadenze" })
        {
            await phone.GotoAsync($"/tradate/{where}");
            await Expect(phone.GetByText("Siete rimasti in pochi, dicci se vuoi continuare").First).ToBeVisibleAsync();
        }

        await phone.GotoAsync("/tradate/messaggi");
        await phone.GetByRole(AriaRole.Link, new() { NameRegex = new("^Siete rimasti in pochi") }).First.ClickAsync();
        await RunningTown.PhotographAsync(phone, "pool-short");
        await phone.GetByRole(AriaRole.Link, new() { Name = "Rispondi" }).ClickAsync();
        await Expect(phone.GetByRole(AriaRole.Radio)).ToHaveCountAsync(2);
        await phone.GetByRole(AriaRole.Radio).Last.CheckAsync();
        await phone.GetByRole(AriaRole.Button, new() { Name = "Guarda che cosa cambia" }).ClickAsync();
        await Expect(phone.GetByRole(AriaRole.Radio).Last).ToBeCheckedAsync();
        await phone.GetByRole(AriaRole.Radio).First.CheckAsync();
        await phone.GetByRole(AriaRole.Button, new() { Name = "Guarda che cosa cambia" }).ClickAsync();
        await phone.GetByRole(AriaRole.Button, new() { NameRegex = new("^Sì, continuo fino a") }).ClickAsync();
        await Expect(phone.Locator("section:has(h2#short)")).ToContainTextAsync("1 su 2");
        await phone.GetByRole(AriaRole.Link, new() { Name = "Cambia risposta" }).ClickAsync();
        await phone.GetByRole(AriaRole.Button, new() { Name = "No, non pago di più" }).ClickAsync();
        await Expect(phone.Locator("section:has(h2#short)")).ToContainTextAsync("0 su 2");
        await phone.GetByRole(AriaRole.Link, new() { Name = "Cambia risposta" }).ClickAsync();
        await phone.GetByRole(AriaRole.Radio).First.CheckAsync();
        await phone.GetByRole(AriaRole.Button, new() { Name = "Guarda che cosa cambia" }).ClickAsync();
        await RunningTown.PhotographAsync(phone, "pool-raise");
        await phone.GetByRole(AriaRole.Button, new() { NameRegex = new("^Sì, continuo fino a") }).ClickAsync();

        var desk = await town.VisitAsync();
        await town.EnterAsync(desk, "tradate", Role.Provider, coordinator);
        await desk.GotoAsync($"/tradate/ente/gruppi/{pool}");
        await Expect(desk.GetByText("1 su 2 hanno detto di sì")).ToBeVisibleAsync();
        await RunningTown.PhotographAsync(desk, "pool-provider-short");

        var other = await town.VisitAsync(phone: true, scripts: false);
        await town.EnterAsync(other, "tradate", Role.Household, families[2]);
        await other.GotoAsync($"/tradate/gruppi/{pool}/resto");
        await other.GetByRole(AriaRole.Button, new() { NameRegex = new("^Sì, continuo fino a") }).ClickAsync();
        await Expect(other.Locator(".flag").First).ToHaveTextAsync("Si fa");
        await Expect(other.Locator(".outcome h2")).ToContainTextAsync("Ci sei: la tua quota è");
        await phone.ReloadAsync();
        await Expect(phone.Locator("section:has(h2#who) li")).ToHaveCountAsync(2);
        await desk.ReloadAsync();
        await Expect(desk.GetByText("Si va avanti con le nuove quote")).ToBeVisibleAsync();
    }

    /// <summary>A funder covers what is missing: an officer prepares the list, another signs, and the families have it.</summary>
    private async Task CoverAsync(Id<Pool> pool)
    {
        var officer = await town.VisitAsync(scripts: false);
        await town.EnterAsync(officer, "tradate", Role.Officer, "Laura Bernasconi");
        await officer.GotoAsync("/tradate/sportello/ricerche");
        await officer.GetByRole(AriaRole.Link, new() { Name = "Gruppi rimasti in pochi" }).ClickAsync();
        await officer.Locator($"a[href$='{pool}']").ClickAsync();
        await Expect(officer.Locator("tbody tr")).ToHaveCountAsync(2);
        await RunningTown.PhotographAsync(officer, "officer-group-short");
        await officer.GetByRole(AriaRole.Button, new() { Name = "Prepara l’elenco" }).ClickAsync();
        await Expect(officer.Locator(".error-summary a")).ToHaveTextAsync("Scegli la misura da cui vengono i soldi.");
        var option = officer.GetByLabel("Misura").Locator("option").Filter(new() { HasText = "Vicini e attivi" });
        await officer.GetByLabel("Misura").SelectOptionAsync(new[] { (await option.GetAttributeAsync("value"))! });
        await officer.GetByRole(AriaRole.Button, new() { Name = "Prepara l’elenco" }).ClickAsync();
        await Story.UntilAsync(officer, "2 righe pronte");
        var list = new Uri(officer.Url).AbsolutePath;
        await officer.GetByRole(AriaRole.Button, new() { NameRegex = new("^Chiedi di approvare") }).ClickAsync();
        var second = await town.VisitAsync(scripts: false);
        await town.EnterAsync(second, "tradate", Role.Officer, "Stefano Riva");
        await second.GotoAsync(list);
        await second.GetByRole(AriaRole.Button, new() { NameRegex = new("^Approva") }).ClickAsync();
        await Story.UntilAsync(second, "2 assegnazioni scritte");
    }

    [Fact]
    public async Task Too_few_come_and_nobody_pays_and_a_cooperative_calls_one_off()
    {
        await town.StartAsync();
        var (lapsing, families, _) = await SharedAsync();
        await JoinQuietlyAsync(families[0], lapsing);
        var phone = await town.VisitAsync(phone: true, scripts: false);
        await town.EnterAsync(phone, "tradate", Role.Household, families[0]);
        await story.MoveAsync((await CardAsync(lapsing)).Pool.FreezeAt);
        await phone.GotoAsync($"/tradate/gruppi/{lapsing}");
        await Expect(phone.Locator(".notice").First).ToContainTextAsync("Non hai pagato niente");

        var (pool, others, by) = await SharedAsync();
        foreach (var family in others) await JoinQuietlyAsync(family, pool);
        var desk = await town.VisitAsync();
        await town.EnterAsync(desk, "tradate", Role.Provider, by);
        await desk.GotoAsync($"/tradate/ente/gruppi/{pool}?passo=annulla");
        await desk.GetByLabel("Il motivo").FillAsync("L’educatrice è malata.");
        await desk.GetByRole(AriaRole.Button, new() { Name = "Annulla il gruppo" }).ClickAsync();
        await Expect(desk.Locator(".flag").First).ToHaveTextAsync("Annullato dall’ente");
    }

    [Fact]
    public async Task A_group_meets_every_week_and_a_family_leaves_one_date_out()
    {
        await town.StartAsync();
        var (slot, families) = await FreeAsync();
        var desk = await town.VisitAsync();
        await town.EnterAsync(desk, "tradate", Role.Provider, slot.Coordinator);
        await desk.GotoAsync("/tradate/ente/gruppi");
        await desk.GetByLabel("Data", new() { Exact = true }).SelectOptionAsync(slot.Id.ToString());
        await desk.GetByLabel("Prezzo in tutto").FillAsync("30,00");
        await desk.GetByLabel("Ripeti ogni settimana").FillAsync("2020-01-01");
        await desk.GetByRole(AriaRole.Button, new() { Name = "Apri il gruppo" }).ClickAsync();
        await Expect(desk.Locator(".error-summary")).ToContainTextAsync("L’ultima data va messa tra");
        var last = slot.StartsAt.InZone(ClockExtensions.Rome).Date.PlusWeeks(4);
        await desk.GetByLabel("Ripeti ogni settimana").FillAsync(last.ToString("uuuu-MM-dd", null));
        await desk.GetByRole(AriaRole.Button, new() { Name = "Apri il gruppo" }).ClickAsync();
        await Expect(desk.GetByRole(AriaRole.Heading, new() { Name = "Ogni settimana" })).ToBeVisibleAsync();
        var pool = new Uri(desk.Url).Segments[^1];

        var phone = await town.VisitAsync(phone: true, scripts: false);
        await town.EnterAsync(phone, "tradate", Role.Household, families[0]);
        await phone.GotoAsync($"/tradate/gruppi/{pool}");
        await phone.GetByRole(AriaRole.Link, new() { Name = "Guarda tutte le date" }).ClickAsync();
        await phone.GetByRole(AriaRole.Link, new() { Name = "Partecipa ogni settimana" }).ClickAsync();
        await RunningTown.PhotographAsync(phone, "pool-series-join");
        await phone.GetByRole(AriaRole.Button, new() { NameRegex = new("^Partecipa a ") }).ClickAsync();
        await Expect(phone.Locator("h2#cap")).ToHaveTextAsync("Ogni volta pagherai al massimo");
        await Expect(phone.Locator(".flag", new() { HasText = "Ci sei" }).First).ToBeVisibleAsync();
        await Expect(phone.Locator(".flag", new() { HasText = "Ci sarai" }).First).ToBeVisibleAsync();
        await RunningTown.PhotographAsync(phone, "pool-series");

        await phone.GetByRole(AriaRole.Link, new() { NameRegex = new("^Salta questa data") }).Last.ClickAsync();
        await phone.GetByRole(AriaRole.Button, new() { Name = "Sì, salto questa data" }).ClickAsync();
        await Expect(phone.Locator(".flag", new() { HasText = "La salti" })).ToHaveCountAsync(1);
        await Expect(phone.GetByRole(AriaRole.Link, new() { NameRegex = new("^Salta questa data") })).ToHaveCountAsync(0);

        await phone.GetByRole(AriaRole.Link, new() { Name = "Esci da tutte le date" }).ClickAsync();
        await phone.GetByRole(AriaRole.Button, new() { Name = "Sì, esco da tutte" }).ClickAsync();
        await Expect(phone.GetByRole(AriaRole.Link, new() { Name = "Partecipa ogni settimana" })).ToBeVisibleAsync();
        await desk.ReloadAsync();
        await desk.GetByRole(AriaRole.Link, new() { Name = "Non si ripete più" }).ClickAsync();
        await desk.GetByLabel("Il motivo").FillAsync("L’educatrice va in maternità.");
        await desk.GetByRole(AriaRole.Button, new() { Name = "Non si ripete più" }).ClickAsync();
        await Expect(desk.Locator(".flag").First).ToHaveTextAsync("Annullato dall’ente");
    }

    private Pools Pools => town.Services.GetRequiredService<Pools>();

    private async Task<PoolCard> CardAsync(Id<Pool> pool)
    {
        var territory = await story.TerritoryAsync();
        var of = (await town.Services.GetRequiredService<Database>().ListAsync<Id<Provider>>(
            territory, "select provider_id from marketplace.pool where territory_id = @territory and id = @pool", new { pool }))[0];
        return (await town.Services.GetRequiredService<PoolCards>().FindAsync(territory, of, pool))!.Card;
    }

    /// <summary>Somebody who is not among the families.</summary>
    private async Task<Id<Household>> NewcomerAsync(IReadOnlyList<string> families)
    {
        var people = await town.Services.GetRequiredService<Users>().DemoPeopleAsync(await story.TerritoryAsync());
        var name = people.First(p => p.Role == Role.Household && !families.Contains(p.DisplayName)).DisplayName;
        return (await story.WhoAsync(name, Role.Household)).Wears.HouseholdId!.Value;
    }

    /// <summary>Reads the pool's page and the summary, and joins.</summary>
    private static async Task JoinAsync(IPage phone, Id<Pool> pool)
    {
        await phone.GotoAsync($"/tradate/gruppi/{pool}");
        await phone.GetByRole(AriaRole.Link, new() { Name = "Unisciti al gruppo" }).ClickAsync();
        await Expect(phone.Locator("h1")).ToHaveTextAsync("Controlla e unisciti");
        await phone.GetByRole(AriaRole.Button, new() { NameRegex = new("^Unisciti e impegna") }).ClickAsync();
        await Expect(phone.Locator("h2#cap")).ToHaveTextAsync("Pagherai al massimo");
    }

    private async Task JoinQuietlyAsync(string family, Id<Pool> pool)
    {
        var (by, household) = await story.WhoAsync(family, Role.Household);
        var seen = (await Pools.PreviewAsync(await story.TerritoryAsync(), household.HouseholdId!.Value, pool)).OrThrow();
        (await Pools.JoinAsync(
            await story.TerritoryAsync(), new(Id<Share>.New(), pool, seen.People[0].Id, 1, seen.Cap, seen.Shown), new(household.HouseholdId!.Value, by))).OrThrow();
    }

    private async Task LeaveQuietlyAsync(string family, Id<Pool> pool)
    {
        var (by, household) = await story.WhoAsync(family, Role.Household);
        var detail = await town.Services.GetRequiredService<PoolCards>().FindAsync(await story.TerritoryAsync(), household.HouseholdId!.Value, pool);
        (await Pools.LeaveAsync(await story.TerritoryAsync(), detail!.Card.Mine!.Id, new(household.HouseholdId!.Value, by))).OrThrow();
    }

    /// <summary>A pool for three, or for so many at least, of a service that each of three families pays with the money of another funder; frozen a day before.</summary>
    private async Task<(Id<Pool> Pool, IReadOnlyList<string> Families, string Coordinator)> SharedAsync(int min = 3)
    {
        var (slot, families) = await FreeAsync();
        var (by, wears) = await story.WhoAsync(slot.Coordinator, Role.Provider);
        var pool = (await Pools.PublishAsync(
            await story.TerritoryAsync(),
            new(Id<Pool>.New(), slot.Id, WeighedBy.Equal, HeadPrices.Flat(min, 3, slot.Price), slot.StartsAt - Duration.FromDays(1)),
            new(wears.ProviderId!.Value, by))).OrThrow();
        return (pool, families, slot.Coordinator);
    }

    /// <summary>A time that nobody has taken, and three families who can pay it, each with the money of another funder.</summary>
    private async Task<(Found Slot, IReadOnlyList<string> Families)> FreeAsync()
    {
        var (db, territory) = (town.Services.GetRequiredService<Database>(), await story.TerritoryAsync());
        var people = await town.Services.GetRequiredService<Users>().DemoPeopleAsync(territory);
        var coordinators = people.Where(p => p.Role == Role.Provider).Select(p => p.Id.Value).ToArray();
        var slot = (await db.ListAsync<Found>(
            territory,
            """
            select s.id, s.starts_at, o.class_code, o.price, u.display_name as coordinator from marketplace.slot s
            join marketplace.offer o on o.territory_id = @territory and o.id = s.offer_id
            join marketplace.role_grant r on r.territory_id = @territory and r.provider_id = o.provider_id and r.user_id = any (@coordinators)
            join marketplace.app_user u on u.territory_id = @territory and u.id = r.user_id
            where s.territory_id = @territory and o.status = 'Published' and o.place = 'AtProvider' and s.starts_at > @after
              and s.taken = 0 and s.pool_id is null and s.withdrawn_at is null
            order by s.starts_at, s.id, u.display_name limit 1
            """, new { coordinators, after = town.Hand.Now + Duration.FromDays(4) }))[0];
        var families = people.Where(p => p.Role == Role.Household).Select(p => p.DisplayName).Distinct(StringComparer.Ordinal).Take(3).ToList();
        var funders = await town.Services.GetRequiredService<Funders>().ListAsync(territory);
        foreach (var (i, family) in families.Index()) await story.FundAsync(family, funders[i], slot.ClassCode, slot.Price);
        return (slot, families);
    }

    private sealed record Found(Id<Slot> Id, Instant StartsAt, string ClassCode, Money Price, string Coordinator);
}
