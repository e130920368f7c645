using Borsellino.Ledger;
using Borsellino.Marketplace;
using Microsoft.Playwright;
using NodaTime;
using static Microsoft.Playwright.Assertions;

namespace Borsellino.Tests.Journeys;

/// <summary>
/// What families and cooperatives answer each other before and after a service, each at a phone without scripts, and what every
/// answer does to the purse.
/// </summary>
[Collection(nameof(TownByHand))]
public sealed class AnswerStories(TownByHand town) : IAsyncLifetime
{
    private const string Family = "Adele Crespi", Coordinator = "Giorgia Macchi";

    private readonly Story story = new(town);
    private IPage adele = null!;
    private IPage giorgia = null!;

    public async ValueTask InitializeAsync()
    {
        adele = await town.VisitAsync(phone: true, scripts: false);
        giorgia = await town.VisitAsync(phone: true, scripts: false);
        await town.EnterAsync(adele, "tradate", Role.Household, Family);
        await town.EnterAsync(giorgia, "tradate", Role.Provider, Coordinator);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_family_complains_and_the_cooperative_gives_the_money_back()
    {
        var (id, seen) = await story.DeliveredAsync(Family, Coordinator);
        var held = await PurseAsync();
        await adele.GotoAsync($"/tradate/prenotazioni/{id}");
        await adele.GetByRole(AriaRole.Link, new() { Name = "C’è un problema" }).ClickAsync();
        await adele.GetByRole(AriaRole.Button, new() { Name = "Segnala il problema" }).ClickAsync();
        await Expect(adele.Locator(".error-summary a")).ToHaveAttributeAsync("href", "#Note");
        await adele.GetByLabel("Racconta in poche parole").FillAsync("È venuta mezz’ora dopo.");
        await adele.GetByRole(AriaRole.Button, new() { Name = "Segnala il problema" }).ClickAsync();
        await Expect(adele.Locator("#dispute")).ToHaveTextAsync("Hai segnalato un problema");
        await RunningTown.PhotographAsync(adele, "household-dispute");
        Assert.Equal(held, await PurseAsync());

        await giorgia.GotoAsync($"/tradate/ente/prenotazioni/{id}");
        await Expect(giorgia.Locator("main")).ToContainTextAsync("«È venuta mezz’ora dopo.»");
        await RunningTown.PhotographAsync(giorgia, "provider-dispute");
        await giorgia.GetByRole(AriaRole.Link, new() { Name = "Ha ragione: restituite i soldi" }).ClickAsync();
        await giorgia.GetByRole(AriaRole.Button, new() { NameRegex = new("^Sì, restituiamo") }).ClickAsync();
        Assert.Equal(held + seen.Coverage.Covered.Cents, await PurseAsync());
        await adele.GotoAsync($"/tradate/prenotazioni/{id}");
        await Expect(adele.GetByRole(AriaRole.Link, new() { Name = "Ricevuta" })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_family_that_has_made_up_pays_after_all()
    {
        var (id, seen) = await story.DeliveredAsync(Family, Coordinator);
        var held = await PurseAsync();
        await adele.GotoAsync($"/tradate/prenotazioni/{id}?passo=problema");
        await adele.GetByLabel("Racconta in poche parole").FillAsync("Non ho capito l’orario.");
        await adele.GetByRole(AriaRole.Button, new() { Name = "Segnala il problema" }).ClickAsync();
        await adele.GetByRole(AriaRole.Button, new() { NameRegex = new("^Ci siamo chiariti") }).ClickAsync();
        await Expect(adele.GetByRole(AriaRole.Link, new() { Name = "Ricevuta da stampare" })).ToBeVisibleAsync();
        Assert.Equal(held, await PurseAsync());
        Assert.Equal(seen.Coverage.Covered.Cents, await PaidAsync(id));
    }

    [Theory]
    [InlineData(3, "Dove hai incontrato le maggiori difficoltà?", "A volte le indicazioni non erano chiare")]
    [InlineData(5, "Quali sono stati gli aspetti che hai preferito?", "Le indicazioni erano chiare")]
    public async Task A_family_says_how_easy_it_was(int stars, string question, string answer)
    {
        var (id, _) = await story.RequestedAsync(Family, Coordinator);
        await adele.GotoAsync($"/tradate/prenotazioni/{id}");
        await adele.GetByRole(AriaRole.Button, new() { Name = "Manda il voto" }).ClickAsync();
        await Expect(adele.Locator(".error-summary")).ToContainTextAsync("Scegli un voto da 1 a 5");
        await adele.GetByLabel($"{stars} stelle su 5").CheckAsync(new() { Force = true });
        await adele.GetByRole(AriaRole.Button, new() { Name = "Manda il voto" }).ClickAsync();
        await Expect(adele.Locator("#rating")).ToHaveTextAsync(question);
        await adele.GetByLabel(answer).CheckAsync();
        await adele.GetByRole(AriaRole.Button, new() { Name = "Manda" }).ClickAsync();
        await Expect(adele.Locator("#voto")).ToContainTextAsync($"Hai dato {stars} su 5");
    }

    [Fact]
    public async Task A_cooperative_that_cannot_come_says_why_and_the_money_is_back()
    {
        var before = await PurseAsync();
        var (id, _) = await story.RequestedAsync(Family, Coordinator);
        await giorgia.GotoAsync("/tradate/ente");
        await giorgia.Locator($"a[href$='{id}?passo=rifiuta']").ClickAsync();
        await giorgia.GetByRole(AriaRole.Button, new() { Name = "Non accettare questa richiesta" }).ClickAsync();
        await Expect(giorgia.Locator(".error-summary a")).ToHaveAttributeAsync("href", "#Reason");
        await giorgia.GetByLabel("Il motivo").FillAsync("Quel giorno siamo al completo.");
        await giorgia.GetByRole(AriaRole.Button, new() { Name = "Non accettare questa richiesta" }).ClickAsync();
        await Expect(giorgia.Locator(".flag").First).ToHaveTextAsync("Non accettato");

        await adele.GotoAsync($"/tradate/prenotazioni/{id}");
        await Expect(adele.Locator("main")).ToContainTextAsync("«Quel giorno siamo al completo.»");
        await RunningTown.PhotographAsync(adele, "household-declined");
        Assert.Equal(before, await PurseAsync());
    }

    [Fact]
    public async Task Nobody_at_the_door_costs_the_fee_and_no_more()
    {
        var (id, seen) = await story.ConfirmedAsync(Family, Coordinator, withFee: true);
        await story.MoveAsync(seen.StartsAt + Duration.FromMinutes(20));
        var held = await PurseAsync();
        await giorgia.GotoAsync("/tradate/ente");
        await giorgia.Locator($"a[href$='{id}?passo=assente']").ClickAsync();
        await Expect(giorgia.Locator("main")).ToContainTextAsync("come per chi annulla tardi");
        await giorgia.GetByRole(AriaRole.Button, new() { Name = "Segna l’assenza" }).ClickAsync();
        await Expect(giorgia.Locator(".flag").First).ToHaveTextAsync("Assente");
        Assert.Equal(held + (seen.Coverage.Covered - seen.FeeFromPurse).Cents, await PurseAsync());
        Assert.Equal(seen.FeeFromPurse.Cents, await PaidAsync(id));
    }

    [Fact]
    public async Task Too_little_money_says_how_much_is_needed_and_how_much_there_is()
    {
        var dear = await story.TooDearAsync("Andreea Radu");
        var andreea = await town.VisitAsync(phone: true, scripts: false);
        await town.EnterAsync(andreea, "tradate", Role.Household, "Andreea Radu");
        await andreea.GotoAsync($"/tradate/prenota/{dear.Slot}");
        var said = (await andreea.Locator(".notice-bad").First.InnerTextAsync()).Replace('\u00a0', ' ');
        Assert.Contains($"Servono {Euro(dear.Coverage.Price)}", said, StringComparison.Ordinal);
        Assert.Contains($"ci sono {Euro(dear.Coverage.Payable)}", said, StringComparison.Ordinal);
        await Expect(andreea.GetByRole(AriaRole.Button, new() { NameRegex = new("Prenota") })).ToHaveCountAsync(0);
        await RunningTown.PhotographAsync(andreea, "household-too-little");
    }

    private async Task<long> PurseAsync()
    {
        await adele.GotoAsync("/tradate/borsellino");
        return Story.Cents(await adele.Locator(".purse .amount-hero").InnerTextAsync());
    }

    /// <summary>What the receipt of a booking says was paid from the purse.</summary>
    private async Task<long> PaidAsync(Id<Booking> id)
    {
        await adele.GotoAsync($"/tradate/ricevuta/{id}");
        return Story.Cents(await adele.Locator(".sums-total dd").InnerTextAsync());
    }

    private static string Euro(Money amount) => Borsellino.Marketplace.Standards.ItalianAmount.Format(amount) + " €";
}
