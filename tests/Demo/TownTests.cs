using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Demo;
using Borsellino.Web.Hosting.Verbs;
using NodaTime;

namespace Borsellino.Tests.Demo;

/// <summary>
/// Small towns are founded and live some days. What is asserted is what a visitor relies on: the book proves itself, no
/// cent is lost, a town that was interrupted is finished, one that is finished is left alone.
/// </summary>
public sealed class TownTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    /// <summary>A Thursday at half past five in the afternoon, in Italy.</summary>
    private static readonly Instant Present = Instant.FromUtc(2026, 11, 19, 16, 30);

    private int towns;

    [Fact]
    public async Task A_town_of_200_families_lives_and_everybody_finds_something_to_do()
    {
        var town = (await PlayAsync(Script("tradate", 200), 20))!;
        await AssertProvedAsync(town);

        var people = await town.Users.DemoPeopleAsync(town.Territory);
        Assert.Equal(town.Cast.Users.Count(u => u.Note is not null), people.Count);
        var imports = await town.Imports.ListAsync(town.Territory);
        Assert.Contains(imports, i => i.Status is GrantImportStatus.Requested);
        Assert.Contains(imports, i => i.Status is GrantImportStatus.Checked && i.RowsBad == 3);
        Assert.Contains(await town.Payouts.ListAsync(town.Territory, PayoutStatus.Locked), p => p.Total.IsPositive);
        Assert.NotEmpty(await town.Payouts.ListAsync(town.Territory, PayoutStatus.Sent));

        var roles = await town.Users.RolesAsync(town.Territory, CastUser.IdOf("famiglie/adele"));
        var adele = roles.Single().HouseholdId!.Value;
        var bookings = await town.Cards.OfHouseholdAsync(town.Territory, adele);
        Assert.Contains(bookings, b => b.Status is BookingStatus.Delivered);
        Assert.Contains(bookings, b => b.Status is BookingStatus.Confirmed && b.StartsAt > Present);
        Assert.Equal(3, (await town.Grants.OfHouseholdAsync(town.Territory, adele)).Select(g => g.Funder).Distinct(StringComparer.Ordinal).Count());
        Assert.NotEmpty(await town.Cards.RequestsAsync(town.Territory, DemoCatalogue.ProviderId("tradate", "filo")));
    }

    [Fact]
    public async Task Nothing_of_a_town_lies_in_its_future()
    {
        var town = (await PlayAsync(Script("biella", 40), 10))!;
        await AssertProvedAsync(town);
        Assert.True(await new PlayedTime(database.Db).LatestAsync(town.Territory) <= Present);
        var now = await town.TrialBalances.AtAsync(town.Territory, town.Clock.Today());
        var ever = await town.TrialBalances.AtAsync(town.Territory, town.Clock.Today().PlusYears(1));
        Assert.Equal(ever.Entries, now.Entries);
    }

    [Fact]
    public async Task A_finished_town_is_left_as_it_is()
    {
        var script = Script("biella", 40);
        var town = (await PlayAsync(script, 6))!;
        var before = await FiguresAsync(town);
        Assert.Null(await PlayAsync(script, 6));
        Assert.Equal(before, await FiguresAsync(town));
    }

    [Fact]
    public async Task A_town_whose_making_was_interrupted_is_finished()
    {
        var script = Script("biella", 40);
        using var interruption = new CancellationTokenSource();
        var play = new TownPlay(database.Db).PlayAsync(
            script, 8, Present, new(null), done => { if (done > 0.5) interruption.Cancel(); }, interruption.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => play);

        var town = (await PlayAsync(script, 8))!;
        await AssertProvedAsync(town);
        Assert.Equal(
            town.Funding.Programmes.Count, (await town.Imports.ListAsync(town.Territory)).Count(i => i.Status is GrantImportStatus.Posted));
        Assert.Null(await PlayAsync(script, 8));
    }

    [Fact]
    public async Task Five_days_of_a_rehearsal_conserve_every_cent_and_leave_their_files()
    {
        var folder = Directory.CreateTempSubdirectory("borsellino-demo-");
        try
        {
            var script = Script("tradate", 200) with { Slug = "prova-1", BookingsADay = 12 };
            var export = new DemoExport(folder.FullName);
            var town = (await new TownPlay(database.Db).PlayAsync(script, 5, Present, export, _ => { }, default))!;
            await export.MonthAsync(town, town.Clock.Today(), default);
            await AssertProvedAsync(town);

            // What was committed is what programmes, families, providers and payouts have together.
            var committed = town.Chronicle.Amount("budget committed");
            var balance = await town.TrialBalances.AtAsync(town.Territory, town.Clock.Today());
            Assert.Equal(committed, balance.DebitBalances);
            Assert.Equal(committed, balance.CreditBalances);
            Assert.True(town.Chronicle.Count("service delivered") > 5);
            // The books closed every night, and the last one is that of yesterday.
            var yesterday = town.Clock.Today().PlusDays(-1);
            Assert.Equal(5, town.Chronicle.Count("day closed"));
            Assert.Equal(yesterday, await new PeriodHistory(database.Db).ClosedThroughAsync(town.Territory));
            Assert.Equal(yesterday, (await town.Seals.LastAsync(town.Territory))!.Day);
            Assert.Equal(export.Files, folder.EnumerateFiles("*", SearchOption.AllDirectories).Count());
            Assert.NotEmpty(folder.EnumerateFiles("*.scarti.csv", SearchOption.AllDirectories));
            Assert.Contains(folder.EnumerateFiles("*.csv", SearchOption.AllDirectories), f => f.Directory!.Name == "bilanci");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task The_same_script_has_the_same_life()
    {
        var one = (await PlayAsync(Script("biella", 40), 6))!;
        var other = (await PlayAsync(Script("biella", 40), 6))!;
        Assert.Equal(
            one.Chronicle.Lines.Select(l => (l.What, l.Count, l.Amount)), other.Chronicle.Lines.Select(l => (l.What, l.Count, l.Amount)));
    }

    [Fact]
    public async Task The_list_in_the_documents_fits_every_town()
    {
        var file = Path.Combine(TestDatabase.Migrations, "../../docs/demo", DemoFiles.ListName);
        var list = DemoFiles.List(DemoTown.Seed);
        if (Environment.GetEnvironmentVariable("BORSELLINO_DEMO_FILES") is not null) await File.WriteAllBytesAsync(file, list);
        Assert.Equal(list, await File.ReadAllBytesAsync(file));

        var town = (await PlayAsync(Script("tradate", 260), 4))!;
        var programme = town.Funding.Programmes.Single(p => p.Key == DemoFiles.ListProgramme);
        var officer = CastUser.IdOf(TownCast.Uploads);
        var uploaded = (await town.Imports.UploadAsync(town.Territory, Id<GrantImport>.New(), programme.Id, DemoFiles.ListName, list, officer)).OrThrow();
        await town.Imports.WorkThroughAsync(town.Territory);
        var import = (await town.Imports.FindAsync(town.Territory, uploaded.Id))!;
        Assert.Equal((12, 3), (import.RowsGood, import.RowsBad));
        (await town.Imports.RequestApprovalAsync(town.Territory, import.Id, officer)).OrThrow();
    }

    private Task<Town?> PlayAsync(TownScript script, int days) =>
        new TownPlay(database.Db).PlayAsync(script, days, Present, new(null), _ => { }, CancellationToken.None);

    /// <summary>Each town in a territory and under a name of its own.</summary>
    private TownScript Script(string data, int households) =>
        new(data, $"{data}-{Interlocked.Increment(ref towns)}-{database.NewTerritory().Value}", database.NewTerritory(), 1, households, 4);

    private async Task AssertProvedAsync(Town town)
    {
        Assert.Empty(await new Audit(database.Db).RunAsync(town.Territory));
        Assert.Empty(await new MarketplaceAudit(database.Db).RunAsync(town.Territory));
        Assert.True((await town.TrialBalances.AtAsync(town.Territory, town.Clock.Today())).Balances);
    }

    private static async Task<(long Entries, long Postings, int Imports, Instant? Latest)> FiguresAsync(Town town)
    {
        var balance = await town.TrialBalances.AtAsync(town.Territory, town.Clock.Today().PlusYears(1));
        return (balance.Entries, balance.Postings, (await town.Imports.ListAsync(town.Territory)).Count,
            await new PlayedTime(town.Db).LatestAsync(town.Territory));
    }
}
