using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Tests.World;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Borsellino.Tests.Finance;

/// <summary>Of what a funder gave, each cent is somewhere: spent at whom, held, with families, not granted, come back.</summary>
public sealed class FunderStatementTests(FinanceSite site) : IClassFixture<FinanceSite>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static async Task<FunderStatement> StatementAsync(FinanceTown town)
    {
        var funder = (await new Funders(town.Db).ListAsync(town.Territory, Cancel))[0];
        return (await new FunderStatements(town.Db).OfAsync(town.Territory, funder.Id, Cancel))!;
    }

    [Fact]
    public async Task Every_cent_is_told_once_and_what_was_spent_is_told_by_its_entries()
    {
        var town = await site.OpenTownAsync();
        var before = await StatementAsync(town);
        var (acero, betulla) = (await town.ProviderAsync("Acero"), await town.ProviderAsync("Betulla"));
        await town.SettleAsync(acero, 2300);
        await town.SettleAsync(acero, 1250);
        await town.SettleAsync(betulla, 700, BookingStatus.CancelledByHousehold);

        var after = await StatementAsync(town);

        Assert.Equal(before.Committed, after.Committed);
        Assert.Equal(new Money(4250), after.Spent - before.Spent);
        Assert.Equal(after.Committed, after.Spent + after.Held + after.Free + after.NotGranted);
        Assert.True(after.Foots);
        Assert.Equal(
            ["Acero 35.50 in 2", "Betulla 7.00 in 1"], after.Payees.Select(p => $"{p.Name} {p.Amount} in {p.Entries}"));

        var statements = new FunderStatements(town.Db);
        var all = await statements.EntriesAsync(town.Territory, after.Funder.Id, cancel: Cancel);
        Assert.Equal(after.Spent, all.Sum(e => e.Amount));
        Assert.Equal(after.Spent, (await statements.EntriesAsync(town.Territory, after.Funder.Id, limit: 2, cancel: Cancel))
            .Concat(await statements.EntriesAsync(town.Territory, after.Funder.Id, limit: 2, offset: 2, cancel: Cancel)).Sum(e => e.Amount));
        Assert.Equal(
            [EntryKinds.CancellationFee],
            (await statements.EntriesAsync(town.Territory, after.Funder.Id, after.Payees[1].Id, cancel: Cancel)).Select(e => e.Kind));
    }

    [Fact]
    public async Task What_a_purse_gives_back_is_with_the_programme_again_and_told_apart()
    {
        var town = await site.OpenTownAsync();
        var before = await StatementAsync(town);
        (await town.DoAsync(tx => town.Ledger.PostAsync(tx, new(
            Id<JournalEntry>.New(), EntryKinds.GrantExpired, "", FinanceTown.Today, "test", "",
            [new(town.GrantAccount, town.ProgrammeAccount, new(1111))])))).OrThrow();

        var after = await StatementAsync(town);

        Assert.Equal(new Money(1111), after.Returned - before.Returned);
        Assert.Equal(new Money(1111), after.NotGranted - before.NotGranted);
        Assert.Equal(before.Spent, after.Spent);
        Assert.True(after.Foots);
    }

    [Fact]
    public async Task Another_territorys_funder_is_not_known_here()
    {
        var (here, there) = (await site.OpenTownAsync(), await FinanceTown.OpenAsync(site.Database));
        var theirs = (await StatementAsync(there)).Funder.Id;
        Assert.Null(await new FunderStatements(here.Db).OfAsync(here.Territory, theirs, Cancel));
        Assert.Empty(await new FunderStatements(here.Db).EntriesAsync(here.Territory, theirs, cancel: Cancel));
    }

    [Fact]
    public async Task From_the_accounts_to_the_funder_to_the_provider_to_the_entry()
    {
        var town = await site.OpenTownAsync();
        var acero = await town.ProviderAsync("Acero");
        await town.SettleAsync(acero, 2300);
        var statement = await StatementAsync(town);
        var anna = await site.SignInAsync(town, "anna");
        await anna.GotoAsync("ragioneria/conti");
        await anna.GetByRole(AriaRole.Link, new() { Name = "Chi finanzia" }).ClickAsync();
        await anna.GetByRole(AriaRole.Link, new() { Name = statement.Funder.Name }).ClickAsync();
        await Expect(anna.Locator("section[aria-labelledby=payees]").First).ToContainTextAsync("quadra con lo speso", new() { UseInnerText = true });
        await anna.GetByRole(AriaRole.Link, new() { Name = "Acero" }).First.ClickAsync();
        await Expect(anna.Locator("#entries").First).ToHaveTextAsync("Scritture di Acero", new() { UseInnerText = true });
        if (Environment.GetEnvironmentVariable("BORSELLINO_SCREENSHOTS") is not null)
        {
            await anna.ScreenshotAsync(new() { Path = "/tmp/finanziatore.1280.png", FullPage = true });
            await anna.SetViewportSizeAsync(390, 844);
            await anna.ScreenshotAsync(new() { Path = "/tmp/finanziatore.390.png", FullPage = true });
        }

        await anna.GetByRole(AriaRole.Link, new() { Name = "Prestazione erogata" }).ClickAsync();
        await Expect(anna.Locator("main").First).ToContainTextAsync("23,00", new() { UseInnerText = true });
    }
}
