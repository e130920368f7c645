using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Tests.World;

namespace Borsellino.Tests.Finance;

/// <summary>Goal: from any entry a person finds the funder, the family, the booking, the provider and the transfer, with amounts that foot.</summary>
public sealed class MoneyPathTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task A_delivery_shows_where_its_money_came_from_and_where_it_goes()
    {
        var town = await FinanceTown.OpenAsync(database);
        var alfa = await town.ProviderAsync("Alfa");
        var booking = await town.SettleAsync(alfa, 4600);
        await town.SettleAsync(alfa, 400);
        var entry = (await new Statements(town.Db).AboutAsync(town.Territory, booking.ToString())).Single();

        var before = await new MoneyPaths(town.Db).OfAsync(town.Territory, entry.Id);
        await town.AuthorisedAsync();
        var after = await new MoneyPaths(town.Db).OfAsync(town.Territory, entry.Id);

        Assert.Null(before.Payout);
        Assert.Equal(("AD26", "Comune di Vallecorta", 4600L), (after.Programmes[0].Code, after.Programmes[0].Funder, after.Programmes[0].Amount.Cents));
        Assert.Equal((412, 4600L), (after.Grants[0].HouseholdNumber, after.Grants[0].Amount.Cents));
        Assert.Equal((booking, BookingStatus.Paid), (Assert.Single(after.Bookings).Id, after.Bookings[0].Status));
        Assert.Equal(alfa.Id, after.Provider!.Id);
        Assert.Equal(("LIQ-2026-0001-001", 5000L), (after.Payout!.EndToEndId, after.Payout.LineAmount.Cents));
    }

    [Fact]
    public async Task A_transfer_shows_all_bookings_it_pays_and_their_programmes()
    {
        var town = await FinanceTown.OpenAsync(database);
        var alfa = await town.ProviderAsync("Alfa");
        for (var i = 0; i < MoneyPaths.Shown + 3; i++) await town.SettleAsync(alfa, 100 + i);
        var payout = await town.DetailAsync(await town.AuthorisedAsync());

        var path = await new MoneyPaths(town.Db).OfAsync(town.Territory, payout.Lines[0].EntryId!.Value);

        Assert.Equal((MoneyPaths.Shown, MoneyPaths.Shown + 3), (path.Bookings.Count, path.BookingCount));
        Assert.Equal(payout.Payout.Total, path.Programmes.Sum(p => p.Amount));
        Assert.Equal(payout.Payout.Total, path.Grants.Sum(g => g.Amount));
    }

    [Fact]
    public async Task A_budget_and_a_grant_lead_to_their_programme()
    {
        var town = await FinanceTown.OpenAsync(database);
        var paths = new MoneyPaths(town.Db);

        var budget = await paths.OfAsync(town.Territory, town.Commitment);
        var grant = await paths.OfAsync(town.Territory, town.Activation);

        Assert.Equal((town.Programme, 0, null), (budget.Programmes.Single().Id, budget.GrantCount, budget.Provider));
        Assert.Equal((town.Programme, town.Grant), (grant.Programmes.Single().Id, grant.Grants.Single().Id));
        Assert.Equal(grant.Grants[0].Amount, grant.Programmes[0].Amount);
    }

    [Fact]
    public async Task Accounts_have_names_that_people_know()
    {
        var town = await FinanceTown.OpenAsync(database);
        var alfa = await town.ProviderAsync("Alfa");
        await town.SettleAsync(alfa, 100);
        var payout = await town.DetailAsync(await town.AuthorisedAsync());
        var way = payout.Payout.AccountId!.Value;

        var names = await new AccountNames(town.Db).OfAsync(
            town.Territory, [town.GrantAccount, town.ProgrammeAccount, town.Receivable, alfa.Account, way, Id<Account>.New()]);

        Assert.Equal(5, names.Count);
        Assert.Equal(new AccountSubject.OfGrant(town.Grant, 412, "AD26", "Assistenza a casa 2026", "Help at home 2026"), names[town.GrantAccount]);
        Assert.Equal(new AccountSubject.OfProvider(alfa.Id, "Alfa"), names[alfa.Account]);
        Assert.Equal(new AccountSubject.OfPayout(payout.Payout.Id, "LIQ-2026-0001"), names[way]);
        Assert.Equal("Comune di Vallecorta", Assert.IsType<AccountSubject.OfProgramme>(names[town.ProgrammeAccount]).Funder);
        Assert.Equal("AD26", Assert.IsType<AccountSubject.OfReceivable>(names[town.Receivable]).Code);
    }

    [Theory]
    [InlineData("", 3)]
    [InlineData("alf", 1)]
    [InlineData("CITTA verde", 1)]
    [InlineData("verde città", 1)]
    [InlineData("100%", 0)]
    public async Task A_group_is_searched_without_regard_to_accents_and_case(string words, int expected)
    {
        var town = await FinanceTown.OpenAsync(database);
        foreach (var name in new[] { "Alfa", "Città Verde", "Beta" }) await town.SettleAsync(await town.ProviderAsync(name), 100);

        var group = await new AccountNames(town.Db).OfChartAsync(town.Territory, "provider", FinanceTown.Today, words);

        Assert.Equal((expected, 100L * expected), (group.Count, group.Credits.Cents));
    }

    [Fact]
    public async Task A_group_at_a_past_day_foots_with_the_trial_balance()
    {
        var town = await FinanceTown.OpenAsync(database);
        var alfa = await town.ProviderAsync("Alfa");
        await town.SettleAsync(alfa, 100);
        town.Clock.Advance(NodaTime.Duration.FromDays(2));
        await town.SettleAsync(alfa, 50);
        await town.SettleAsync(await town.ProviderAsync("Beta"), 7);

        foreach (var day in new[] { FinanceTown.Today.PlusDays(-1), FinanceTown.Today, FinanceTown.Today.PlusDays(2) })
        {
            var trial = await new TrialBalances(town.Db).AtAsync(town.Territory, day);
            foreach (var line in trial.Lines)
            {
                var group = await new AccountNames(town.Db).OfChartAsync(town.Territory, line.Chart, day);
                Assert.Equal((line.Accounts, line.Debits, line.Credits), (group.Count, group.Debits, group.Credits));
                Assert.Equal(line.CreditBalance - line.DebitBalance, group.Accounts.Sum(a => a.Credits - a.Debits));
            }
        }
    }
}
