using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Marketplace.Standards;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using NodaTime;
using NodaTime.Text;
using static Microsoft.Playwright.Assertions;
using Town = Borsellino.Tests.Funding.Town;

namespace Borsellino.Tests.Journeys;

/// <summary>
/// One story from the municipality's act to the bank's file: two officers, a family, a cooperative and two people of finance, each at
/// their own screen. Families and cooperatives use a phone without scripts.
/// </summary>
[Collection(nameof(TownByHand))]
public sealed class WholePath(TownByHand town)
{
    private const string Family = "Adele Crespi", Coordinator = "Giorgia Macchi";
    private const string Prepares = "Paola Mariani", Signs = "Roberto Tosi";

    // The town is this story's own: the names it gives stay free until it is told.
    private const string Code = "MESE-IN-PIU", Programme = "Un mese in più a casa", Funder = "Fondazione Casa Serena";

    private static readonly CultureInfo Italian = CultureInfo.GetCultureInfo("it-IT");

    private readonly Story story = new(town);

    [Fact]
    public async Task Money_goes_from_the_budget_to_the_bank_and_every_figure_opens()
    {
        await town.StartAsync();
        var offer = await OfferAsync();
        var marta = await EnterAsync(Role.Officer, "Laura Bernasconi");
        await OpenProgrammeAsync(marta, offer.ClassCode);
        await GrantAsync(marta);

        var adele = await EnterAsync(Role.Household, Family, phone: true);
        var before = await PurseAsync(adele);
        await Expect(adele.Locator(".grant").Filter(new() { HasText = Funder })).ToContainTextAsync("250,00");
        var booking = await BookAsync(adele, offer);

        Assert.Equal(before - offer.Price.Cents, await PurseAsync(adele));

        var giorgia = await EnterAsync(Role.Provider, Coordinator, phone: true);
        var day = await DeliverAsync(giorgia, booking);
        var held = await PurseAsync(adele);
        await RunningTown.PhotographAsync(adele, "household-home");
        await adele.SetViewportSizeAsync(1280, 900);
        await RunningTown.PhotographAsync(adele, "household-home");
        await adele.SetViewportSizeAsync(390, 844);
        var paid = await AcceptAsync(adele, booking);
        Assert.Equal(offer.Price, paid);
        // What was held is spent: what is free stays as it was.
        Assert.Equal(held, await PurseAsync(adele));
        await ReadStatementAsync(adele, offer, day, held);

        var payout = await PayAsync();
        await ProveAsync(offer, paid, payout);
    }

    private async Task OpenProgrammeAsync(IPage officer, string classCode)
    {
        var today = town.Hand.Today();
        await officer.GotoAsync("/tradate/comune/misure/nuova");
        await officer.GetByLabel("Codice", new() { Exact = true }).FillAsync(Code);
        await officer.GetByLabel("Nome in italiano").FillAsync(Programme);
        await officer.GetByLabel("Scopo in italiano").FillAsync("Per restare a casa propria ancora un mese.");
        await officer.GetByLabel("Oppure un ente nuovo").FillAsync(Funder);
        // The soonest to expire: the waterfall takes it before everything else that the family has.
        await officer.GetByLabel("Primo giorno").FillAsync(LocalDatePattern.Iso.Format(today));
        await officer.GetByLabel("Ultimo giorno").FillAsync(LocalDatePattern.Iso.Format(today.PlusDays(20)));
        await officer.Locator($"label[for='class-{classCode}']").ClickAsync();
        await officer.GetByRole(AriaRole.Button, new() { Name = "Apri la misura" }).ClickAsync();
        await officer.GetByLabel("Importo").FillAsync("1.000,00");
        await officer.GetByLabel("Atto").FillAsync("Determina 7 del 2.11.2026");
        await officer.GetByRole(AriaRole.Button, new() { Name = "Registra l’impegno di spesa" }).ClickAsync();
        await Expect(officer.Locator(".notice").First).ToContainTextAsync("Stanziati 1.000,00");
        await RunningTown.PhotographAsync(officer, "officer-programme");
    }

    /// <summary>A list with the family, somebody new, and a row that is wrong; a second officer signs.</summary>
    private async Task GrantAsync(IPage officer)
    {
        var number = Random.Shared.Next(100_000, 400_000);
        var wrong = Town.TaxCodeOf(number + 1);
        var file = Town.Csv(
            $"{Story.TaxCodeOf("adele")};Adele;Crespi;Tradate;;250,00", Town.Row(number, "50"),
            Town.Row(number + 1).Replace(wrong, wrong[..15] + (wrong[15] == 'A' ? 'B' : 'A'), StringComparison.Ordinal));
        await officer.GetByRole(AriaRole.Link, new() { Name = "Carica assegnazioni" }).First.ClickAsync();
        await officer.Locator("input[type=file]").SetInputFilesAsync(new FilePayload { Name = "elenco.csv", MimeType = "text/csv", Buffer = file });
        await officer.GetByRole(AriaRole.Button, new() { Name = "Carica e controlla" }).ClickAsync();
        await Story.UntilAsync(officer, "2 righe pronte, 1 da correggere");
        await Expect(officer.Locator("td.wrong").First).ToContainTextAsync("dovrebbe finire con");
        await RunningTown.PhotographAsync(officer, "import-verdicts");
        var list = new Uri(officer.Url).AbsolutePath;
        await officer.GetByRole(AriaRole.Button, new() { Name = "Chiedi di approvare 300,00" }).ClickAsync();
        await Expect(officer.GetByRole(AriaRole.Button, new() { Name = "Approva" })).ToHaveCountAsync(0);

        var second = await EnterAsync(Role.Officer, "Stefano Riva");
        await second.GotoAsync(list);
        await second.GetByRole(AriaRole.Button, new() { Name = "Approva 300,00" }).ClickAsync();
        await Story.UntilAsync(second, "2 assegnazioni scritte");
    }

    /// <summary>From the search to the summary; the whole price is on the new programme. Answers the booking's address.</summary>
    private async Task<string> BookAsync(IPage family, Chosen offer)
    {
        await family.GotoAsync("/tradate/");
        await family.GetByLabel("Cerca un servizio").FillAsync(offer.Title);
        await family.GetByRole(AriaRole.Button, new() { Name = "Cerca" }).First.ClickAsync();
        await family.Locator($".offer a[href$='{offer.Id}']").First.ClickAsync();
        await Expect(family.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(offer.Title);
        await Expect(family.Locator(".payers").First).ToContainTextAsync(Funder);
        await RunningTown.PhotographAsync(family, "service-card");
        await family.Locator(".slot").First.ClickAsync();
        await Expect(family.Locator("h1")).ToHaveTextAsync("Controlla e conferma");
        await Expect(family.Locator(".payers").First).ToContainTextAsync(Funder);
        await RunningTown.PhotographAsync(family, "household-confirm");
        await family.GetByRole(AriaRole.Button, new() { Name = $"Prenota e impegna {Shown(offer.Price)}" }).ClickAsync();
        await Expect(family.Locator(".outcome h1")).ToHaveTextAsync("Prenotazione inviata");
        return new Uri(family.Url).AbsolutePath;
    }

    /// <summary>Answers the day on which it was.</summary>
    private async Task<LocalDate> DeliverAsync(IPage coordinator, string booking)
    {
        var id = Id<Booking>.Parse(booking[(booking.LastIndexOf('/') + 1)..]);
        var about = coordinator.Locator($"form:has(input[value='{id}']) button[type=submit]");
        await coordinator.GotoAsync("/tradate/ente");
        await about.ClickAsync();
        await Expect(about).ToHaveCountAsync(0);

        var (_, wears) = await story.WhoAsync(Coordinator, Role.Provider);
        var detail = await town.Services.GetRequiredService<BookingCards>().FindAsync(await story.TerritoryAsync(), wears.ProviderId!.Value, id);
        await coordinator.GotoAsync($"/tradate/ente?giorno={LocalDatePattern.Iso.Format(detail!.Card.Day)}");
        await Expect(coordinator.Locator($"#a-{id}")).ToBeVisibleAsync();
        await Expect(about).ToHaveCountAsync(0);
        await story.MoveAsync(detail.Card.StartsAt + Duration.FromHours(1));
        await coordinator.ReloadAsync();
        await RunningTown.PhotographAsync(coordinator, "provider-day");
        await about.ClickAsync();
        await Expect(coordinator.Locator($"article:has(#a-{id})")).ToContainTextAsync("La famiglia risponde entro");
        return detail.Card.Day;
    }

    /// <summary>The family agrees and gets its receipt. Answers what the receipt says was paid.</summary>
    private async Task<Money> AcceptAsync(IPage family, string booking)
    {
        await family.Locator($"form[action^='{booking}'] button").First.ClickAsync();
        await Expect(family).ToHaveURLAsync(new Regex(Regex.Escape(booking) + "$"));
        await family.GetByRole(AriaRole.Link, new() { Name = "Ricevuta da stampare" }).ClickAsync();
        await Expect(family.Locator(".paper")).ToContainTextAsync(Funder);
        await RunningTown.PhotographAsync(family, "receipt");
        return new(Story.Cents(await family.Locator(".sums-total dd").InnerTextAsync()));
    }

    /// <summary>The month's statement: what each row leaves is what the row before left, more or less its own amount.</summary>
    private async Task ReadStatementAsync(IPage family, Chosen offer, LocalDate day, long left)
    {
        var today = town.Hand.Today();
        await family.GotoAsync($"/tradate/estratto/{today.Year:0000}-{today.Month:00}");
        // The family may have the same service on another day, and the clock has moved: that one may have ended meanwhile.
        var last = family.Locator("tbody tr").Filter(new() { HasText = $"{offer.Title} di {day.ToString("dddd", Italian)} {(day.Day == 1 ? "1º" : day.Day)} {day.ToString("MMMM", Italian)}" }).Last;
        await Expect(last).ToContainTextAsync("Speso");
        Assert.Equal(left, Story.Cents(await family.Locator("section[aria-labelledby=moves] tbody tr").Last.Locator("td[data-label='Puoi spendere']").InnerTextAsync()));
        await RunningTown.PhotographAsync(family, "household-statement");
    }

    /// <summary>One person prepares, the other signs and takes the file. Answers the payout's reference.</summary>
    private async Task<string> PayAsync()
    {
        var paola = await EnterAsync(Role.Finance, Prepares);
        await RunningTown.PhotographAsync(paola, "finance-home");
        await paola.GotoAsync("/tradate/ragioneria/liquidazioni");
        await paola.GetByRole(AriaRole.Button, new() { Name = "Guarda la distinta" }).ClickAsync();
        await Expect(paola.Locator("main")).ToContainTextAsync("Non è stato scritto ancora niente");
        await paola.GetByRole(AriaRole.Button, new() { Name = "Prepara la distinta da" }).ClickAsync();
        var address = new Uri(paola.Url).AbsolutePath;
        await Expect(paola.GetByRole(AriaRole.Button, new() { Name = "Firma" })).ToHaveCountAsync(0);

        var roberto = await EnterAsync(Role.Finance, Signs);
        await roberto.GotoAsync(address);
        var total = Story.Cents(await roberto.Locator("tfoot td[data-label=Importo]").InnerTextAsync());
        await RunningTown.PhotographAsync(roberto, "payout");
        await roberto.GetByRole(AriaRole.Button, new() { NameRegex = new("^Firma") }).ClickAsync();
        var download = await roberto.RunAndWaitForDownloadAsync(() => roberto.GetByRole(AriaRole.Button, new() { NameRegex = new("^Scarica .*xml") }).ClickAsync());
        var xml = XDocument.Load((await download.PathAsync())!);
        var sum = xml.Descendants(XName.Get("CtrlSum", Pain001.Namespace)).First().Value;
        Assert.Equal(total, (long)(decimal.Parse(sum, CultureInfo.InvariantCulture) * 100));
        return Path.GetFileNameWithoutExtension(download.SuggestedFilename);
    }

    /// <summary>The trial balance is zero, and leads by its links to the booking and the payout behind the family's account.</summary>
    private async Task ProveAsync(Chosen offer, Money paid, string payout)
    {
        var paola = await EnterAsync(Role.Finance, Prepares);
        await paola.GotoAsync("/tradate/ragioneria/conti");
        var sides = await Task.WhenAll(
            paola.Locator("tfoot td[data-label='Saldo dare']").InnerTextAsync(), paola.Locator("tfoot td[data-label='Saldo avere']").InnerTextAsync());
        Assert.Equal(sides[0], sides[1]);
        await RunningTown.PhotographAsync(paola, "trial-balance");
        await paola.GetByRole(AriaRole.Link, new() { Name = "Assegnazioni alle famiglie" }).First.ClickAsync();
        await paola.GetByLabel("Nome, codice o numero di famiglia").FillAsync(Code);
        await paola.GetByRole(AriaRole.Button, new() { Name = "Mostra" }).ClickAsync();
        var account = paola.Locator("tbody tr").Filter(new() { HasText = Shown(paid)[..^2] });
        await account.Locator("a").First.ClickAsync();
        await Expect(paola.Locator("tfoot td[data-label=Saldo]").Last).ToHaveTextAsync(ItalianAmount.Format(new Money(25_000) - paid));
        await paola.Locator("tbody tr").Last.Locator("a").ClickAsync();
        await Expect(paola.Locator("h1")).ToHaveTextAsync("Prestazione erogata");
        foreach (var stop in new[] { Funder, Programme, offer.Title, offer.Provider, payout })
        {
            await Expect(paola.Locator(".path")).ToContainTextAsync(stop);
        }

        await Expect(paola.Locator("main")).Not.ToContainTextAsync("Crespi");
        await RunningTown.PhotographAsync(paola, "entry");
    }

    /// <summary>What the purse says can be spent, in cents.</summary>
    private static async Task<long> PurseAsync(IPage family)
    {
        await family.GotoAsync("/tradate/borsellino");
        return Story.Cents(await family.Locator(".purse .amount-hero").InnerTextAsync());
    }

    private async Task<IPage> EnterAsync(Role role, string name, bool phone = false)
    {
        var page = await town.VisitAsync(phone, scripts: false);
        await town.EnterAsync(page, "tradate", role, name);
        return page;
    }

    private async Task<Chosen> OfferAsync()
    {
        var seen = await story.PayableAsync(Family, Coordinator);
        var offer = (await town.Services.GetRequiredService<Offers>().FindAsync(await story.TerritoryAsync(), seen.Offer))!;
        return new(offer.Id, seen.TitleIt, offer.ClassCode, seen.Provider, seen.Coverage.Price);
    }

    private static string Shown(Money amount) => ItalianAmount.Format(amount) + "\u00a0€";

    private sealed record Chosen(Id<Offer> Id, string Title, string ClassCode, string Provider, Money Price);
}
