using Borsellino.Marketplace;
using Microsoft.Playwright;
using NodaTime;
using static Microsoft.Playwright.Assertions;

namespace Borsellino.Tests.Journeys;

/// <summary>
/// The desk asks whether to call off a booking; the family reads that it is free, puts the telephone down, and says yes once it costs. It is asked again
/// with the sum, and pays that. Without scripts.
/// </summary>
[Collection(nameof(TownByHand))]
public sealed class CallOffStory(TownByHand town)
{
    [Fact]
    public async Task A_yes_to_a_sum_that_is_over_is_asked_again_and_the_new_one_is_paid()
    {
        await town.StartAsync();
        var story = new Story(town);
        var (id, seen) = await story.ConfirmedAsync("Adele Crespi", "Giorgia Macchi", withFee: true);
        await story.MoveAsync(seen.FreeUntil - Duration.FromHours(1));
        var desk = await town.VisitAsync(scripts: false);
        await town.EnterAsync(desk, "tradate", Role.SocialPoint);
        await desk.GotoAsync("/tradate/sportello/famiglia");
        await desk.GetByLabel("Codice fiscale di chi partecipa").FillAsync(Story.TaxCodeOf("adele"));
        await desk.GetByLabel("Come ha detto di sì?").SelectOptionAsync("Spoken");
        await desk.GetByLabel("Dove si trova il consenso").FillAsync("registro 5/2027");
        await desk.GetByRole(AriaRole.Button, new() { Name = "Guarda che cosa aspetta" }).ClickAsync();
        await desk.Locator("section").Filter(new() { Has = desk.Locator($"input[value='{id}']") }).GetByRole(AriaRole.Button, new() { NameRegex = new("^Chiedi il sì con un messaggio") }).ClickAsync();

        var phone = await town.VisitAsync(phone: true, scripts: false);
        await town.EnterAsync(phone, "tradate", Role.Household, "Adele Crespi");
        await phone.GotoAsync("/tradate/messaggi");
        await phone.GetByRole(AriaRole.Link, new() { NameRegex = new("chiede se può disdire per te") }).First.ClickAsync();
        await Expect(phone.GetByRole(AriaRole.Button, new() { Name = "Sì, disdici gratis" })).ToBeVisibleAsync();

        await story.MoveAsync(seen.FreeUntil);
        await phone.GetByRole(AriaRole.Button, new() { Name = "Sì, disdici gratis" }).ClickAsync();
        var fee = Borsellino.Marketplace.Standards.ItalianAmount.Format(seen.FeeFromPurse);
        await Expect(phone.Locator(".error-summary")).ToContainTextAsync(fee);
        await RunningTown.PhotographAsync(phone, "desk-call-off-fee");
        await phone.GetByRole(AriaRole.Button, new() { NameRegex = new($"^Sì, disdici e paga {fee}") }).ClickAsync();
        await Expect(phone.Locator(".notice").First).ToContainTextAsync($"È costato {fee}");
        await phone.GetByRole(AriaRole.Link, new() { Name = "Apri la prenotazione" }).ClickAsync();
        await Expect(phone.Locator("main")).ToContainTextAsync("risposta alla richiesta dello sportello");
        await phone.GotoAsync($"/tradate/ricevuta/{id}");
        Assert.Equal(seen.FeeFromPurse.Cents, Story.Cents(await phone.Locator(".sums-total dd").InnerTextAsync()));
        await desk.ReloadAsync();
        await Expect(desk.Locator("main")).ToContainTextAsync("Ha detto di sì: disdetto");
    }
}
