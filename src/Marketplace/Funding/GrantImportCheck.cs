using Borsellino.Ledger;
using Borsellino.Marketplace.Standards;

namespace Borsellino.Marketplace;

/// <summary>
/// Judges the rows of an uploaded list, a chunk in each transaction. How many rows are done stands on the import, so
/// a crash costs one chunk at most, and a page can show how far it is.
/// </summary>
internal sealed class GrantImportCheck(Database db, Ledger.IClock clock)
{
    internal const int ChunkRows = 2000;

    // The file that was read last, so that thirteen chunks of one list decode it once. Only a saving: any other import
    // replaces it, and a new process starts without.
    private OpenedFile? lastOpened;

    /// <summary>Does one chunk; false if the import is not being checked any more or another worker is at it.</summary>
    public async Task<bool> StepAsync(TerritoryId territory, Id<GrantImport> id, CancellationToken cancel)
    {
        if (await OpenAsync(territory, id, cancel) is not { } file) return false;
        var step = await db.TransactAsync<Step>(territory, async tx =>
        {
            if (await GrantImports.LockIfFreeAsync(tx, id) is not { Status: GrantImportStatus.Checking } import) return Step.NotOurs;
            if (file.Table is not { } table) return await SetUnreadableAsync(tx, id, file.Fault!);
            return await JudgeChunkAsync(tx, import, table);
        }, cancel);
        var outcome = step.OrThrow();
        if (outcome is Step.Last) lastOpened = null;
        return outcome is not Step.NotOurs;
    }

    private async Task<OpenedFile?> OpenAsync(TerritoryId territory, Id<GrantImport> id, CancellationToken cancel)
    {
        if (lastOpened is { } opened && opened.Id == id) return opened;
        var content = (await db.ListAsync<byte[]>(
            territory, "select content from marketplace.grant_import where territory_id = @territory and id = @id and status = 'Checking'",
            new { id }, cancel)).SingleOrDefault();
        if (content is null) return null;
        var isTable = CsvTable.TryOpen(content, GrantColumns.Shape, out var table, out var csvFault);
        var fault = isTable ? null : FileFault(csvFault!);
        if (table is { RowCount: 0 }) (table, fault) = (null, new("csv_no_rows", []));
        return lastOpened = new(id, table, fault);
    }

    private static ReadFault FileFault(CsvFault fault) => new(fault.Code, fault switch
    {
        CsvFault.TooManyBytes f => [GrantRowVerdict.Text(f.Max)],
        CsvFault.MissingColumns f => [string.Join(", ", f.Names)],
        CsvFault.DuplicateColumns f => [string.Join(", ", f.Names)],
        CsvFault.TooManyColumns f => [GrantRowVerdict.Text(f.Row), GrantRowVerdict.Text(f.Max)],
        CsvFault.TooManyRows f => [GrantRowVerdict.Text(f.Max)],
        CsvFault.FieldTooLong f => [GrantRowVerdict.Text(f.Row), GrantRowVerdict.Text(f.Column), GrantRowVerdict.Text(f.Max)],
        CsvFault.UnclosedQuote f => [GrantRowVerdict.Text(f.Row)],
        _ => (IReadOnlyList<string>)[],
    });

    private async Task<Result<Step>> SetUnreadableAsync(Transaction tx, Id<GrantImport> id, ReadFault fault)
    {
        var detail = VerdictDetail.Join(fault.Details);
        await tx.ExecuteAsync(
            """
            update marketplace.grant_import
            set status = 'Unreadable', fault_code = @Code, fault_detail = left(@detail, 300), checked_at = @now
            where territory_id = @territory and id = @id
            """, new { id, fault.Code, detail, now = clock.Now });
        return Step.Last;
    }

    private async Task<Result<Step>> JudgeChunkAsync(Transaction tx, GrantImport import, CsvTable table)
    {
        var programme = (await Programmes.FindAsync(tx, import.ProgrammeId))!;
        var municipalities = await tx.ListAsync<(string Code, string Name)>(
            "select code, name from marketplace.municipality where territory_id = @territory");
        var bands = await tx.ListAsync<ProgrammeBand>(Programmes.SelectBands, new { id = programme.Id });
        var reader = new GrantRowReader(municipalities, bands);
        var rows = table.Rows.Skip(import.RowsDone).Take(ChunkRows).Select(reader.Read).ToList();

        await GrantRowNeighbours.JudgeAsync(tx, import, programme, rows);
        await InsertAsync(tx, import.Id, rows);

        var good = rows.Where(r => r.Verdict is null).ToList();
        var isLast = import.RowsDone + rows.Count >= table.RowCount;
        await tx.ExecuteAsync(
            """
            update marketplace.grant_import
            set rows_total = @total, rows_done = rows_done + @count, rows_good = rows_good + @good, amount_good = amount_good + @amount,
                status = case when @isLast then 'Checked' else status end,
                checked_at = case when @isLast then @now else checked_at end
            where territory_id = @territory and id = @Id
            """,
            new
            {
                import.Id, total = table.RowCount, count = rows.Count, good = good.Count, amount = good.Sum(r => r.Money!.Value), isLast,
                now = clock.Now,
            });
        return isLast ? Step.Last : Step.More;
    }

    private static Task<int> InsertAsync(Transaction tx, Id<GrantImport> import, List<GrantRowReading> rows) =>
        tx.ExecuteAsync(
            """
            insert into marketplace.grant_row
                (territory_id, import_id, row_number, tax_code, last_name, first_name, municipality, isee_band, amount_text,
                 person_code, household_id, amount, municipality_code, band, verdict, verdict_column, verdict_detail)
            select @territory, @import, * from unnest(
                @numbers, @taxCodes, @lastNames, @firstNames, @municipalities, @bands, @amountTexts,
                @people, @households::uuid[], @amounts::bigint[], @municipalityCodes, @bandNumbers::smallint[],
                @verdicts, @columns, @details)
            """,
            new
            {
                import,
                numbers = rows.Select(r => r.Number).ToArray(),
                taxCodes = rows.Select(r => r.TaxCode).ToArray(),
                lastNames = rows.Select(r => r.LastName).ToArray(),
                firstNames = rows.Select(r => r.FirstName).ToArray(),
                municipalities = rows.Select(r => r.Municipality).ToArray(),
                bands = rows.Select(r => r.Band).ToArray(),
                amountTexts = rows.Select(r => r.Amount).ToArray(),
                people = rows.Select(r => r.PersonCode).ToArray(),
                households = rows.Select(r => r.Household?.Value).ToArray(),
                amounts = rows.Select(r => r.Money?.Cents).ToArray(),
                municipalityCodes = rows.Select(r => r.MunicipalityCode).ToArray(),
                bandNumbers = rows.Select(r => r.BandNumber).ToArray(),
                verdicts = rows.Select(r => r.Verdict?.Code).ToArray(),
                columns = rows.Select(r => r.Verdict?.Column).ToArray(),
                details = rows.Select(r => r.Verdict is { } v ? VerdictDetail.Join(v.Details) : null).ToArray(),
            });

    private enum Step
    {
        NotOurs,
        More,
        Last,
    }

    private sealed record ReadFault(string Code, IReadOnlyList<string> Details);

    private sealed record OpenedFile(Id<GrantImport> Id, CsvTable? Table, ReadFault? Fault);
}
