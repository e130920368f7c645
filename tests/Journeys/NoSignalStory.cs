using Borsellino.Ledger;
using Borsellino.Marketplace;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using NodaTime;
using static Microsoft.Playwright.Assertions;

namespace Borsellino.Tests.Journeys;

/// <summary>A home carer in a valley without signal opens today's list, marks a service as done, and it arrives once when the signal is back.</summary>
[Collection(nameof(TownByHand))]
public sealed class NoSignalStory(TownByHand town)
{
    private readonly Story story = new(town);

    [Fact]
    public async Task What_is_marked_without_a_signal_is_kept_and_sent_once()
    {
        await town.StartAsync();
        var (id, seen) = await story.ConfirmedAsync("Adele Crespi", "Giorgia Macchi");
        await story.MoveAsync(seen.StartsAt + Duration.FromMinutes(30));
        var phone = await town.VisitAsync(phone: true);
        await town.EnterAsync(phone, "tradate", Role.Provider, "Giorgia Macchi");
        await phone.GotoAsync("/tradate/ente");
        await phone.GetByRole(AriaRole.Button, new() { Name = "Tieni la giornata su questo telefono" }).ClickAsync();
        await Expect(phone.GetByRole(AriaRole.Button, new() { Name = "Toglila da questo telefono" })).ToBeVisibleAsync();
        // Once more through the worker, which then has the page and its parts.
        await phone.ReloadAsync();

        var round = phone.Locator($"article[aria-labelledby='a-{id}']");
        await phone.Context.SetOfflineAsync(true);
        await phone.ReloadAsync();
        await Expect(round.GetByRole(AriaRole.Button, new() { NameRegex = new("^Segna come svolto") })).ToBeVisibleAsync();
        await round.GetByRole(AriaRole.Button, new() { NameRegex = new("^Segna come svolto") }).ClickAsync();
        await Expect(phone.Locator("[data-kept]")).ToContainTextAsync("1 da mandare");
        await RunningTown.PhotographAsync(phone, "no-signal");

        // Taken back, and marked again; the telephone is put away and opened anew.
        await round.GetByRole(AriaRole.Button, new() { Name = "Annulla" }).ClickAsync();
        await Expect(phone.Locator("[data-kept]")).ToBeHiddenAsync();
        await SignAsync(phone, round);
        await round.GetByLabel("Cominciato alle").FillAsync($"{seen.StartsAt.InZone(ClockExtensions.Rome):HH:mm}");
        await round.GetByLabel("Finito alle").FillAsync($"{(seen.StartsAt + Duration.FromMinutes(20)).InZone(ClockExtensions.Rome):HH:mm}");
        await RunningTown.PhotographAsync(phone, "signature");
        await round.GetByRole(AriaRole.Button, new() { NameRegex = new("^Segna come svolto") }).ClickAsync();
        await phone.ReloadAsync();
        await Expect(phone.Locator("[data-kept]")).ToContainTextAsync("1 da mandare");
        Assert.DoesNotContain("Crespi", await phone.EvaluateAsync<string>("JSON.stringify(localStorage)"), StringComparison.Ordinal);
        Assert.Equal(BookingStatus.Confirmed, (await CardAsync(id)).Status);

        await phone.Context.SetOfflineAsync(false);
        await Expect(round.Locator(".flag")).ToHaveTextAsync("Svolto, la famiglia risponde");
        await Expect(phone.Locator("[data-kept]")).ToBeHiddenAsync();
        var arrived = (await town.Services.GetRequiredService<BookingCards>().FindAsync(await story.TerritoryAsync(), id))!;
        Assert.Single(arrived.Events, e => e.Status is BookingStatus.Delivered);
        // With what was typed and drawn where there was no signal.
        Assert.Equal((20, Attendance.Signature), (arrived.Card.Took, arrived.Card.Attended));
        Assert.Matches("^M[0-9]+ [0-9]+(L[0-9]+ [0-9]+)+$", arrived.Signature);
        var family = await town.VisitAsync(phone: true);
        await town.EnterAsync(family, "tradate", Role.Household, "Adele Crespi");
        await family.GotoAsync($"/tradate/prenotazioni/{id}");
        await Expect(family.Locator(".asks")).ToContainTextAsync("È durato 20 minuti invece di");
        await Expect(family.Locator("svg.signature")).ToBeVisibleAsync();
        await RunningTown.PhotographAsync(family, "shorter");

        // Signed out, the telephone has nothing any more.
        await phone.GotoAsync("/tradate/profilo");
        await phone.Locator("main form[action$='/esci'] button").ClickAsync();
        await Expect(phone).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/tradate/$"));
        await phone.WaitForFunctionAsync("async () => !(await caches.has('day'))");
    }

    /// <summary>A finger draws a line on the field for signatures.</summary>
    private static async Task SignAsync(IPage phone, ILocator round)
    {
        await round.GetByText("Orario vero e firma").ClickAsync();
        await round.GetByRole(AriaRole.Button, new() { Name = "Fai firmare sul telefono" }).ClickAsync();
        var canvas = round.Locator("canvas");
        await canvas.ScrollIntoViewIfNeededAsync();
        var box = (await canvas.BoundingBoxAsync())!;
        await phone.Mouse.MoveAsync(box.X + (box.Width / 4), box.Y + (box.Height / 2));
        await phone.Mouse.DownAsync();
        for (var step = 1; step <= 8; step++) await phone.Mouse.MoveAsync(box.X + (box.Width * (2 + step) / 12), box.Y + (box.Height * (step % 2 == 0 ? 2 : 3) / 5));
        await phone.Mouse.UpAsync();
    }

    private async Task<BookingCard> CardAsync(Id<Booking> id) =>
        (await town.Services.GetRequiredService<BookingCards>().FindAsync(await story.TerritoryAsync(), id))!.Card;
}
