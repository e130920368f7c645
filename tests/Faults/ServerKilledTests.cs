using System.Diagnostics;
using Borsellino.Tests.Ledger;

namespace Borsellino.Tests.Faults;

/// <summary>The server and all its children are killed while sixteen callers pay. What was acknowledged is there afterwards.</summary>
[Collection(nameof(Harm))]
public sealed class ServerKilledTests(OwnCluster cluster)
{
    private static readonly TimeSpan Back = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Nothing_acknowledged_is_lost_and_payments_go_on_by_themselves()
    {
        var book = await Book.OpenAsync(cluster.Database);
        await using var payers = await Payers.StartAsync(book);
        var reading = payers.ReadAsync();
        var slowest = TimeSpan.Zero;

        var kills = Effort.Times(2, 10);
        for (var i = 0; i < kills; i++)
        {
            await payers.UntilPaidAsync(Effort.Times(300, 1000));
            await cluster.KillServerAsync();
            await cluster.UntilItAnswersAsync();
            var took = await payers.UntilPaidAsync(50);
            Assert.True(took < Back, $"after the server was back it took {took} until fifty were paid");
            slowest = took > slowest ? took : slowest;
        }

        await payers.AssertTheBookIsRightAsync();
        Assert.True(await reading > 0);
        Assert.True(payers.Unanswered > 0, "no question was interrupted: the kills were not felt");
        Effort.Say($"{kills} kills, {payers.Done} paid, {payers.Unanswered} asked again, {slowest.TotalSeconds:0.0} s at most until work went on");
    }

    /// <summary>The bank of the textbooks: money moves at random, and whoever looks always sees the same sum.</summary>
    [Fact]
    public async Task Whoever_looks_always_sees_the_same_sum_whatever_dies_meanwhile()
    {
        Assert.SkipUnless(Effort.Long, "ten minutes: ./test --long");
        var book = await Book.OpenAsync(cluster.Database);
        await using var payers = await Payers.StartAsync(book);
        var readers = Enumerable.Range(0, 4).Select(_ => payers.ReadAsync()).ToList();
        var began = Stopwatch.GetTimestamp();
        var kills = 0;
        for (; Stopwatch.GetElapsedTime(began) < TimeSpan.FromMinutes(10); kills++)
        {
            await payers.UntilPaidAsync(20_000);
            await cluster.KillServerAsync();
            await cluster.UntilItAnswersAsync();
        }

        await payers.AssertTheBookIsRightAsync();
        Effort.Say($"{kills} kills, {payers.Done} paid, {(await Task.WhenAll(readers)).Sum()} reads");
    }
}
