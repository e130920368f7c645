using Borsellino.Tests.Ledger;
using Npgsql;

namespace Borsellino.Tests.Faults;

/// <summary>The disk of the cluster runs full under load. When there is room again, payments go on and none is missing.</summary>
public sealed class DiskFullTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_acknowledged_is_lost_and_work_goes_on_when_there_is_room(bool inTheLog)
    {
        await using var disk = await SmallDisk.MakeAsync(megabytes: 400);
        var cluster = new OwnCluster(Path.Combine(disk.Folder, "data"));
        await cluster.InitializeAsync();
        try
        {
            var book = await Book.OpenAsync(cluster.Database);
            await using var payers = await Payers.StartAsync(book);
            for (var i = 0; i < Effort.Times(1, 5); i++)
            {
                await payers.UntilPaidAsync(100);
                var before = payers.Unanswered;
                disk.Fill();
                if (inTheLog) await SwitchLogAsync(cluster);
                await payers.UntilUnansweredAsync(before + Effort.Times(20, 500));
                disk.Free();
                await cluster.UntilItAnswersAsync();
                await payers.UntilPaidAsync(100);
            }

            await payers.AssertTheBookIsRightAsync();
            Effort.Say($"{payers.Done} paid, {payers.Unanswered} asked again: "
                + string.Join(", ", payers.Faults.Select(Code).GroupBy(c => c).Select(g => $"{g.Count()} x {g.Key}")));
        }
        finally
        {
            disk.Free();
            await cluster.DisposeAsync();
        }
    }

    /// <summary>A person needs longer to make room than a server needs to fail twenty times.</summary>
    [Fact]
    public async Task A_server_that_cannot_start_for_long_is_started_until_it_can()
    {
        Assert.SkipUnless(Effort.Long, "half a minute: ./test --long");
        await using var disk = await SmallDisk.MakeAsync(megabytes: 400);
        var cluster = new OwnCluster(Path.Combine(disk.Folder, "data"));
        await cluster.InitializeAsync();
        try
        {
            var book = await Book.OpenAsync(cluster.Database);
            await using var payers = await Payers.StartAsync(book);
            await payers.UntilPaidAsync(100);
            disk.Fill();
            await SwitchLogAsync(cluster);
            await cluster.UntilStartedAsync(40);
            disk.Free();
            await cluster.UntilItAnswersAsync();
            await payers.UntilPaidAsync(100);
            await payers.AssertTheBookIsRightAsync();
        }
        finally
        {
            disk.Free();
            await cluster.DisposeAsync();
        }
    }

    /// <summary>Asks for a new file of the log, which needs room at once: without it the whole server stops.</summary>
    private static async Task SwitchLogAsync(OwnCluster cluster)
    {
        await using var connection = new NpgsqlConnection(cluster.Database.OwnerConnection);
        try
        {
            await connection.OpenAsync(Cancel);
            await using var command = new NpgsqlCommand("select pg_switch_wal()", connection);
            for (var i = 0; i < 200; i++) await command.ExecuteNonQueryAsync(Cancel);
        }
        catch (NpgsqlException)
        {
            // That is what was wanted.
        }
    }

    private static string Code(Exception e) => e switch
    {
        PostgresException p => p.SqlState,
        _ when e.InnerException is { } inner => Code(inner),
        _ => e.GetType().Name,
    };
}
