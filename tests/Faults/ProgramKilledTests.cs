using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Tests.Funding;
using Dapper;
using Npgsql;

namespace Borsellino.Tests.Faults;

/// <summary>
/// The program is killed in the middle of a long allocation, or asked to end while it answers. The next one goes on where
/// the last commit was.
/// </summary>
[Collection(nameof(Alone))]
public sealed class ProgramKilledTests(TestDatabase database) : IClassFixture<TestDatabase>, IDisposable
{
    private readonly string data = Directory.CreateTempSubdirectory("borsellino-killed-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(data, recursive: true);

    [Fact]
    public async Task A_long_allocation_is_finished_by_the_next_program_and_every_family_has_its_money_once()
    {
        var (rows, kills) = (Effort.Times(4_000, 50_000), Effort.Times(1, 10));
        var town = await Town.FoundAsync(database, budget: 0);
        town.Clock.MoveTo(new SystemClock().Now);
        var today = town.Clock.Today();
        var wanted = town.NewProgramme("A-LUNGO") with { ValidFrom = today.PlusDays(-1), ValidTo = today.PlusYears(1) };
        var programme = (await town.Programmes.OpenAsync(town.Territory, wanted, town.Anna)).OrThrow();
        await town.CommitAsync(rows * 10L, programme);
        var import = await town.UploadAsync(Town.Csv(Enumerable.Range(1, rows).Select(i => Town.Row(i, "10,00"))), programme);
        await town.Imports.WorkThroughAsync(town.Territory, Cancel);
        (await town.Imports.RequestApprovalAsync(town.Territory, import, town.Anna, Cancel)).OrThrow();
        (await town.Imports.ApproveAsync(town.Territory, import, town.Bruno, Cancel)).OrThrow();

        var seen = new List<int>();
        for (var i = 0; i < kills; i++)
        {
            await using var program = await ServedProgram.StartAsync(database.OwnerConnection, data);
            seen.Add(await UntilDoneAsync(town, import, rows * (i + 1) / (kills + 1)));
            await program.KillAsync();
        }

        await using (await ServedProgram.StartAsync(database.OwnerConnection, data)) await UntilDoneAsync(town, import, rows);

        // A kill may cost the chunk that was being posted and no more: what was once seen as done stayed so.
        Assert.Equal(seen.Order(), seen);
        Assert.Contains(seen, s => s < rows);
        var posted = await town.ImportAsync(import);
        Assert.Equal((GrantImportStatus.Posted, rows, Money.Euro(rows * 10L)), (posted.Status, posted.RowsDone, posted.AmountPosted));
        Assert.Equal((rows, rows), (await town.CountAsync("marketplace.welfare_grant"), await town.CountAsync("marketplace.household")));
        Assert.Equal((Money.Zero, rows), (await LeftAsync(town, programme), await EntriesAsync(town)));
        Assert.Empty(await new Audit(town.Db).RunAsync(town.Territory, Cancel));
        Assert.Empty(await new MarketplaceAudit(town.Db).RunAsync(town.Territory, Cancel));
        Effort.Say($"{rows} rows, killed after {string.Join(", ", seen)}");
    }

    [Fact]
    public async Task Asked_to_end_it_finishes_what_it_was_asked_and_takes_nothing_new()
    {
        var town = await Town.FoundAsync(database, budget: 0);
        await using var program = await ServedProgram.StartAsync(database.OwnerConnection, data);
        using var visitor = new HttpClient { BaseAddress = program.Origin };
        var page = $"/t{town.Territory}x/servizi";
        using (var answer = await visitor.GetAsync(page, Cancel)) answer.EnsureSuccessStatusCode();

        Task<HttpResponseMessage> asked;
        await using (var locker = new NpgsqlConnection(database.OwnerConnection))
        {
            // Nobody can read the offers until this connection ends.
            await locker.OpenAsync(Cancel);
            await locker.ExecuteAsync("begin; lock table marketplace.offer in access exclusive mode");
            // Not the page of a moment ago, which is kept: one that has to be read.
            asked = visitor.GetAsync(page + "?ordine=prezzo", Cancel);
            await UntilAsync(async () => await locker.ExecuteScalarAsync<bool>(
                "select exists (select from pg_locks where not granted and relation = 'marketplace.offer'::regclass)"));
            await program.TerminateAsync();
            await UntilAsync(async () => !await IsReadyAsync(program));
            Assert.False(asked.IsCompleted);
        }

        using (var answer = await asked!) Assert.Equal(System.Net.HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(0, await program.EndAsync());
    }

    /// <summary>Asks, for two minutes at most, until so many rows are posted; answers how many are.</summary>
    private static async Task<int> UntilDoneAsync(Town town, Id<GrantImport> id, int rows)
    {
        GrantImport? import = null;
        await UntilAsync(async () =>
        {
            import = await town.ImportAsync(id);
            return import.RowsDone >= rows && (rows < import.RowsGood || import.Status is GrantImportStatus.Posted);
        });
        return import!.RowsDone;
    }

    private static async Task<bool> IsReadyAsync(ServedProgram program)
    {
        using var client = new HttpClient { BaseAddress = program.Origin };
        try
        {
            using var answer = await client.GetAsync("/health/ready", Cancel);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>Looks again and again, for two minutes at most.</summary>
    private static async Task UntilAsync(Func<Task<bool>> happened)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromMinutes(2));
        while (!await happened()) await Task.Delay(2, limit.Token);
    }

    private static async Task<Money> LeftAsync(Town town, Id<Programme> programme) => (await town.Db.ListAsync<Money>(
        town.Territory,
        """
        select a.credits - a.debits from marketplace.programme p
        join ledger.account a on a.territory_id = @territory and a.id = p.account_id
        where p.territory_id = @territory and p.id = @programme
        """, new { programme }, Cancel))[0];

    private static async Task<int> EntriesAsync(Town town) => (await town.Db.ListAsync<int>(
        town.Territory, "select count(*)::int from ledger.journal_entry where territory_id = @territory and kind = 'grant_activated'", cancel: Cancel))[0];
}
