using System.Globalization;
using System.Text;
using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Tests.Funding;
using Borsellino.Web.Hosting;
using Npgsql;

namespace Borsellino.Tests.Hosting;

/// <summary>The verbs of <c>./run</c> against real databases: what is printed, what is left in files, the code at the end.</summary>
public sealed class VerbTests(TestDatabase database, TestCluster cluster) : IClassFixture<TestDatabase>, IDisposable
{
    private readonly string data = Directory.CreateTempSubdirectory("borsellino-verbs-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(data, recursive: true);

    [Fact]
    public async Task Migrate_makes_the_schema_once()
    {
        var empty = (await cluster.ServerAsync()).OwnerConnectionString(await cluster.CreateDatabaseAsync());
        var first = await RunProgram.OnAsync(empty, data, "migrate");
        Assert.Equal(0, first.Code);
        Assert.StartsWith("Applied ", first.Words, StringComparison.Ordinal);
        Assert.Equal((0, "The schema was already the newest.\n"), await RunProgram.OnAsync(empty, data, "migrate"));
    }

    [Fact]
    public async Task A_server_that_is_not_there_or_does_not_let_in_is_named_and_its_password_is_not()
    {
        var (code, words) = await RunProgram.OnAsync(
            "Host=127.0.0.1;Port=9;Database=nessuno;Username=io;Password=segreto;Timeout=5", data, "verify");
        Assert.Equal(1, code);
        Assert.StartsWith("The database 'nessuno' on 127.0.0.1, port 9, cannot be had as io: ", words, StringComparison.Ordinal);
        Assert.DoesNotContain("segreto", words, StringComparison.Ordinal);
        Assert.Single(words.TrimEnd().Split('\n'));

        var missing = new NpgsqlConnectionStringBuilder(database.OwnerConnection) { Database = "nessuno" }.ConnectionString;
        (code, words) = await RunProgram.OnAsync(missing, data, "migrate");
        Assert.Equal(1, code);
        Assert.Contains("database \"nessuno\" does not exist", words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_owner_who_may_not_become_the_application_is_told_what_an_administrator_must_do()
    {
        var name = await cluster.CreateDatabaseAsync();
        await database.AsOwnerAsync($"create role padrone login; alter database {PostgresName.Quote(name)} owner to padrone");
        var owner = new NpgsqlConnectionStringBuilder(database.OwnerConnection) { Database = name, Username = "padrone" }.ConnectionString;
        var (code, words) = await RunProgram.OnAsync(owner, data, "migrate");
        Assert.Equal(1, code);
        Assert.Contains("grant borsellino_app to padrone;", words, StringComparison.Ordinal);

        await database.AsOwnerAsync("grant borsellino_app to padrone");
        Assert.Equal((0, "The schema was already the newest.\n"), await RunProgram.OnAsync(owner, data, "migrate"));
        Assert.Equal(0, (await RunProgram.OnAsync(owner, data, "verify")).Code);
    }

    [Fact]
    public async Task A_data_folder_that_cannot_be_is_named()
    {
        var file = Path.Combine(data, "a-file");
        await File.WriteAllTextAsync(file, "", Cancel);
        var (code, words) = await Shell.RunAsync(
            ["dotnet", Path.Combine(AppContext.BaseDirectory, "Borsellino.Web.dll"), "verify", "--data", file], Cancel);
        Assert.Equal((1, $"There can be no folder '{file}': a file stands in the way, or it may not be made there. Choose another with --data.\n"), (code, words));
    }

    [Fact]
    public async Task Import_grants_shows_the_verdicts_leaves_the_refused_rows_and_asks_a_second_person()
    {
        var (town, programme) = await TownWithProgrammeAsync("BUONO-ORA");
        var file = Path.Combine(data, "elenco.csv");
        await File.WriteAllBytesAsync(file, Town.Csv(Town.Row(1), Town.Row(2), Town.Row(3, municipality: "Milano"), Town.Row(1)), Cancel);

        var (code, words) = await ImportAsync(file, "BUONO-ORA");
        Assert.Equal(0, code);
        Assert.Matches("good +2 +200.00\n", words);
        Assert.Matches("refused: Municipality outside the area +1", words);
        Assert.Contains("row 5: ", words, StringComparison.Ordinal);
        Assert.Contains("No money has moved yet.", words, StringComparison.Ordinal);
        Assert.Contains("a second officer must approve", words, StringComparison.Ordinal);
        var refused = (await File.ReadAllTextAsync(Path.Combine(data, "elenco.refused.csv"), Cancel)).TrimEnd().Split("\r\n");
        Assert.Equal(3, refused.Length);
        Assert.EndsWith(";4;Non è uno dei comuni di questo ambito.", refused[1], StringComparison.Ordinal);
        Assert.EndsWith(";5;È la stessa persona della riga 2: vale quella.", refused[2], StringComparison.Ordinal);

        var import = Assert.Single(await town.Imports.ListAsync(town.Territory));
        Assert.Equal(GrantImportStatus.Requested, import.Status);
        Assert.Equal(programme, import.ProgrammeId);
        Assert.Empty(await town.GrantsAsync());

        // The same file again adds nothing and says where the first stands.
        (code, words) = await ImportAsync(file, "BUONO-ORA");
        Assert.Equal(0, code);
        Assert.Contains("nothing is added", words, StringComparison.Ordinal);
        Assert.Contains("to be approved", words, StringComparison.Ordinal);
        Assert.Single(await town.Imports.ListAsync(town.Territory));
    }

    [Fact]
    public async Task Import_grants_refuses_files_and_codes_with_one_sentence()
    {
        await TownWithProgrammeAsync("DOPPIO-1");
        var (second, _) = await TownWithProgrammeAsync("DOPPIO-1");
        var good = Path.Combine(data, "buono.csv");
        await File.WriteAllBytesAsync(good, Town.Csv(Town.Row(1)), Cancel);
        var unreadable = Path.Combine(data, "altro.csv");
        await File.WriteAllTextAsync(unreadable, "a;b\n1;2\n", Cancel);
        var allBad = Path.Combine(data, "sbagliato.csv");
        await File.WriteAllBytesAsync(allBad, Town.Csv(Town.Row(1, municipality: "Milano")), Cancel);
        var slug = (await new Territories(database.Db, new(new SystemClock())).AllAsync(Cancel)).Single(p => p.Id == second.Territory).Slug;

        await AssertRefusedAsync($"There is no file '{data}/manca.csv'.", Path.Combine(data, "manca.csv"), "DOPPIO-1");
        await AssertRefusedAsync($"'{data}' is a folder, not a CSV file.", data, "DOPPIO-1");
        await AssertRefusedAsync("No territory has a programme with the code NESSUNO.", good, "NESSUNO");
        await AssertRefusedAsync("The territory 'altrove' has no programme with the code DOPPIO-1.", good, "altrove/DOPPIO-1");
        await AssertRefusedAsync("Several territories have a programme with the code DOPPIO-1: say --programme ", good, "DOPPIO-1");
        await AssertRefusedAsync("These columns are missing: codice_fiscale", unreadable, $"{slug}/DOPPIO-1");
        await AssertRefusedAsync("No row is good, so there is nothing to approve.", allBad, $"{slug}/DOPPIO-1");
        Assert.Equal(0, (await ImportAsync(good, $"{slug}/DOPPIO-1")).Code);
    }

    [Fact]
    public async Task Demo_plays_days_prints_what_they_cost_and_leaves_its_files()
    {
        // A database of its own: its books are proven by the verb itself, and afterwards by another.
        var connection = (await cluster.ServerAsync()).OwnerConnectionString(await cluster.CreateDatabaseAsync());
        var folder = Path.Combine(data, "mese");
        var (code, words) = await RunProgram.OnAsync(connection, data, "demo", "--days", "12", "--households", "200", "--export", folder);
        Assert.True(code == 0, words);
        Assert.Contains("prova-1: 200 families, 12 days [", words, StringComparison.Ordinal);
        Assert.Matches("service asked for +[0-9]+ +[0-9,]+\\.[0-9]{2} +[0-9.]+ +[0-9.]+", words);
        Assert.Contains("The book proves itself", words, StringComparison.Ordinal);
        Assert.Contains("difference 0.00", words, StringComparison.Ordinal);
        var files = Directory.GetFiles(folder, "*", SearchOption.AllDirectories);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"{files.Length} files in {folder}"), words, StringComparison.Ordinal);
        foreach (var part in (string[])["elenchi", "liquidazioni", "avvisi", "ricevute", "estratti", "bilanci"])
            Assert.Contains(files, f => Path.GetFileName(Path.GetDirectoryName(f)) == part);

        // Reasons are sentences: no bare code with its underscores, and a full stop at the end.
        var rows = files.Where(f => f.EndsWith(".scarti.csv", StringComparison.Ordinal))
            .SelectMany(f => File.ReadAllLines(f, Encoding.UTF8).Skip(1)).ToList();
        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.Matches("^[^_]+[.]\"?$", row));
        Assert.Equal(0, (await RunProgram.OnAsync(connection, data, "verify")).Code);
    }

    [Fact]
    public async Task Verify_names_the_first_disagreement_of_a_book_that_was_tampered_with()
    {
        var connection = (await cluster.ServerAsync()).OwnerConnectionString(await cluster.CreateDatabaseAsync());
        Assert.Equal(0, (await RunProgram.OnAsync(connection, data, "demo", "--days", "2", "--households", "200")).Code);
        var (code, words) = await RunProgram.OnAsync(connection, data, "verify");
        Assert.Equal(0, code);
        Assert.Contains("All agrees", words, StringComparison.Ordinal);

        await using (var owner = new NpgsqlConnection(connection))
        {
            await owner.OpenAsync(Cancel);
            await using var tamper = new NpgsqlCommand(
                """
                set session_replication_role = replica;
                update ledger.posting set debit = debit + 1
                where (entry_id, line) = (select entry_id, line from ledger.posting where debit > 0 order by entry_id limit 1)
                """, owner);
            Assert.Equal(1, await tamper.ExecuteNonQueryAsync(Cancel));
        }

        (code, words) = await RunProgram.OnAsync(connection, data, "verify");
        Assert.Equal(1, code);
        Assert.Matches("DISAGREES \\([a-z_ ]+\\): .+\n", words);
    }

    [Fact]
    public async Task A_book_is_exported_whole_by_its_territory_or_the_territories_are_named()
    {
        var (town, _) = await TownWithProgrammeAsync("ESPORTA-1");
        var slug = (await database.Db.ListSharedAsync<string>(
            "select slug from marketplace.territory where id = @id", new { id = town.Territory.Value }))[0];

        var (code, words) = await RunProgram.OnAsync(database.OwnerConnection, data, "export-journal", "--territory", slug);
        Assert.Equal(0, code);
        Assert.Contains("commodity 1000.00 EUR\n", words, StringComparison.Ordinal);
        Assert.Contains(" * budget_committed", words, StringComparison.Ordinal);
        Assert.Contains("5000.00 EUR", words, StringComparison.Ordinal);

        (code, words) = await RunProgram.OnAsync(database.OwnerConnection, data, "export-journal", "--territory", slug, "--csv");
        Assert.Equal(0, code);
        Assert.StartsWith("entry,effective_on,", words, StringComparison.Ordinal);

        (code, words) = await RunProgram.OnAsync(database.OwnerConnection, data, "export-journal", "--territory", "altrove");
        Assert.Equal((1, true), (code, words.StartsWith("There is no territory 'altrove'; there is ", StringComparison.Ordinal)));
        (code, words) = await RunProgram.OnAsync(database.OwnerConnection, data, "export-journal", "--from", "2026-02-30");
        Assert.Equal(2, code);
        Assert.StartsWith("--from needs a day such as 2026-01-31", words, StringComparison.Ordinal);
    }

    private async Task<(Town Town, Id<Programme> Programme)> TownWithProgrammeAsync(string code)
    {
        var town = await Town.FoundAsync(database);
        // The verb lives by the real clock.
        var today = new SystemClock().Today();
        var programme = town.NewProgramme(code) with { ValidFrom = today.PlusDays(-30), ValidTo = today.PlusDays(200) };
        (await town.Programmes.OpenAsync(town.Territory, programme, town.Anna)).OrThrow();
        await town.CommitAsync(5_000, programme.Id);
        return (town, programme.Id);
    }

    private Task<(int Code, string Words)> ImportAsync(string file, string programme) =>
        RunProgram.OnAsync(database.OwnerConnection, data, "import-grants", file, "--programme", programme);

    private async Task AssertRefusedAsync(string sentence, string file, string programme)
    {
        var (code, words) = await ImportAsync(file, programme);
        Assert.Equal(1, code);
        Assert.Contains(sentence, words, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", words, StringComparison.Ordinal);
    }
}
