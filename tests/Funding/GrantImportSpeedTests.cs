using System.Diagnostics;

namespace Borsellino.Tests.Funding;

/// <summary>A list of the largest size must be checked and posted while the officer has a coffee.</summary>
[Collection(nameof(Alone))]
public sealed class GrantImportSpeedTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task Twenty_five_thousand_rows_take_less_than_twenty_seconds()
    {
        var town = await Town.FoundAsync(database, budget: 1_000_000);
        var file = Town.Csv(Enumerable.Range(1, 25_000).Select(i => Town.Row(i, "10,00")));

        var watch = Stopwatch.StartNew();
        var import = await town.UploadAsync(file);
        await town.Imports.WorkThroughAsync(town.Territory);
        var checkedAfter = watch.Elapsed;
        (await town.Imports.RequestApprovalAsync(town.Territory, import, town.Anna)).OrThrow();
        (await town.Imports.ApproveAsync(town.Territory, import, town.Bruno)).OrThrow();
        watch.Restart();
        await town.Imports.WorkThroughAsync(town.Territory);
        var posted = watch.Elapsed;

        Assert.Equal(25_000, await town.CountAsync("marketplace.welfare_grant"));
        TestContext.Current.SendDiagnosticMessage(
            $"25,000 rows: checked in {checkedAfter.TotalSeconds:0.0} s, posted in {posted.TotalSeconds:0.0} s");
        Assert.True(checkedAfter + posted < TimeSpan.FromSeconds(20), $"checked {checkedAfter}, posted {posted}");
    }
}
