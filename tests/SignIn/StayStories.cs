using Borsellino.Marketplace;
using Borsellino.Tests.Finance;
using Borsellino.Tests.World;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using static Microsoft.Playwright.Assertions;

namespace Borsellino.Tests.SignIn;

/// <summary>Nobody is signed out without being asked first, and nothing that was written is lost by it (WCAG 2.2.1).</summary>
public sealed class StayStories(FinanceSite site) : IClassFixture<FinanceSite>
{
    [Fact]
    public async Task Who_is_still_there_is_asked_in_time_and_stays_or_signs_in_beside_what_was_written()
    {
        var town = await site.OpenTownAsync();
        var idle = site.Services.GetRequiredService<SessionLimits>().Idle;
        var page = await site.SignInAsync(town, "carla", phone: true, scripts: true);
        // From here on the browser's clock is moved by hand; the program's is one that only hands move.
        await page.Clock.InstallAsync();
        await page.GotoAsync("aiuto/richiamatemi");
        await page.Locator("#Question").FillAsync("Una domanda lunga");
        await PassAsync(idle - Duration.FromMinutes(16));
        await Expect(page.Locator("#stay")).ToBeHiddenAsync();
        await PassAsync(Duration.FromMinutes(2));
        await Expect(page.Locator("#stay")).ToContainTextAsync("Sei ancora qui?");
        Assert.Empty(await TestBrowser.AxeAsync(page));

        await page.Locator("#stay button").ClickAsync();
        await Expect(page.Locator("#stay")).ToBeHiddenAsync();
        await PassAsync(idle - Duration.FromMinutes(14));
        await Expect(page.Locator("#stay")).ToBeVisibleAsync();

        // Who comes back too late signs in beside the page, and sends what stands on it.
        await PassAsync(idle);
        await page.Locator("#stay button").ClickAsync();
        await Expect(page.Locator("#stay")).ToContainTextAsync("Quello che hai scritto è ancora qui");
        var beside = await page.Context.RunAndWaitForPageAsync(() => page.Locator("#stay a").ClickAsync());
        await beside.Locator("#Email").FillAsync("carla@example.org");
        await beside.Locator("#Password").FillAsync(FinanceTown.Password);
        await beside.Locator("main button[type=submit]").ClickAsync();
        await Expect(beside).Not.ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/entra$"));
        await page.Locator("#Phone").FillAsync("0331 555 222");
        await page.Locator("main form button[type=submit]").ClickAsync();
        await Expect(page.Locator("main")).ToContainTextAsync("Ti richiamiamo al 0331 555 222");
        await Expect(page.Locator("main")).ToContainTextAsync("Una domanda lunga");

        async Task PassAsync(Duration time)
        {
            site.Clock.Advance(time);
            await page.Clock.RunForAsync((long)time.TotalMilliseconds);
        }
    }
}
