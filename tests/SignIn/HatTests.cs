using System.Text.RegularExpressions;
using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Tests.Finance;
using static Microsoft.Playwright.Assertions;

namespace Borsellino.Tests.SignIn;

/// <summary>One person with two roles: which one is on stands in the header, and the other is a press away.</summary>
public sealed class HatTests(FinanceSite site) : IClassFixture<FinanceSite>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_header_says_which_hat_is_on_and_changes_it(bool phone)
    {
        var town = await site.OpenTownAsync();
        (await town.DoAsync<Done>(async tx =>
        {
            await Users.GrantAsync(tx, town.Anna, new(Role.Officer));
            return default(Done);
        })).OrThrow();
        var page = await site.SignInAsync(town, "anna", phone);
        await Expect(page).ToHaveURLAsync(new Regex("/comune$"));
        var hats = page.Locator("header details.hats");
        Assert.Contains("Ufficio di Piano", await hats.Locator("summary").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal(403, (await page.GotoAsync("ragioneria"))!.Status);

        await page.GotoAsync("comune");
        await hats.Locator("summary").ClickAsync();
        await hats.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Passa a: Ragioneria" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/ragioneria$"));
        Assert.Contains("Ragioneria", await hats.Locator("summary").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal(403, (await page.GotoAsync("comune"))!.Status);
        Assert.Equal(0, await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth"));
    }

    [Fact]
    public async Task Who_has_one_hat_sees_no_switch()
    {
        var town = await site.OpenTownAsync();
        var page = await site.SignInAsync(town, "bruno");
        Assert.Equal(0, await page.Locator("details.hats").CountAsync());
    }
}
