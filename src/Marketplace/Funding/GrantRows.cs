using Borsellino.Ledger;
using Borsellino.Marketplace.Standards;

namespace Borsellino.Marketplace;

/// <summary>One row of a list as pages show it: the cells as they came, what was understood, the verdict.</summary>
public sealed record GrantRow(
    int RowNumber, string TaxCode, string LastName, string FirstName, string Municipality, string IseeBand, string AmountText,
    Money? Amount, string? VerdictCode, string? VerdictColumn, string? VerdictDetail, Id<Grant>? GrantId)
{
    public GrantRowVerdict? Verdict =>
        VerdictCode is null ? null : new(VerdictCode, VerdictColumn, Marketplace.VerdictDetail.Split(VerdictDetail));
}

/// <summary>Which rows a page wants.</summary>
public enum GrantRowFilter
{
    Bad,
    Good,
    All,
}

/// <summary>How many rows got a verdict, and the sum of their amounts as far as they are readable.</summary>
public sealed record VerdictCount(string Code, int Rows, Money Amount)
{
    public VerdictGroup Group => GrantRowVerdict.GroupOf(Code);
}

/// <summary>The good rows of one band with one amount.</summary>
public sealed record BandCount(short? Band, Money Amount, int Rows)
{
    public Money Sum => Amount * Rows;
}

/// <summary>Reading the rows of lists.</summary>
public sealed class GrantRows(Database db)
{
    public const int PageRows = 20;

    private const string Where =
        """
        where territory_id = @territory and import_id = @import
          and (@filter = 'All' or (@filter = 'Bad') = (verdict is not null))
          and (@codes::text[] is null or verdict = any(@codes))
          and (@search = '' or row_number::text = @search
               -- Digits alone are a row's number: they also stand in everybody's tax code.
               or @search !~ '^[0-9]+$' and (tax_code ilike @like
               or marketplace.plain(first_name || ' ' || last_name || ' ' || first_name) like marketplace.plain(@like)))
        """;

    /// <summary>
    /// One page of rows in file order, and how many there are in all. <paramref name="search"/> is a row number, part
    /// of a tax code or part of a name.
    /// </summary>
    public async Task<(IReadOnlyList<GrantRow> Rows, int Count)> PageAsync(
        TerritoryId territory, Id<GrantImport> import, GrantRowFilter filter, VerdictGroup? group, string search, int page,
        CancellationToken cancel = default)
    {
        var text = search.Trim();
        var parameters = new
        {
            import,
            filter = filter.ToString(),
            codes = group is { } g ? GrantRowVerdict.Codes.Where(c => GrantRowVerdict.GroupOf(c) == g).ToArray() : null,
            search = text,
            like = LikePattern.Containing(text),
            PageRows,
            offset = (Math.Max(page, 1) - 1) * PageRows,
        };
        var count = (await db.ListAsync<int>(territory, $"select count(*)::int from marketplace.grant_row {Where}", parameters, cancel))[0];
        var rows = await db.ListAsync<GrantRow>(
            territory,
            $"""
            select row_number, tax_code, last_name, first_name, municipality, isee_band, amount_text, amount,
                   verdict as verdict_code, verdict_column, verdict_detail, grant_id
            from marketplace.grant_row {Where} order by row_number limit @PageRows offset @offset
            """, parameters, cancel);
        return (rows, count);
    }

    /// <summary>How many rows got each verdict, the most frequent first.</summary>
    public Task<List<VerdictCount>> VerdictsAsync(TerritoryId territory, Id<GrantImport> import, CancellationToken cancel = default) =>
        db.ListAsync<VerdictCount>(
            territory,
            """
            select verdict as code, count(*)::int as rows, coalesce(sum(amount), 0)::bigint as amount
            from marketplace.grant_row where territory_id = @territory and import_id = @import and verdict is not null
            group by verdict order by 2 desc, 1
            """, new { import }, cancel);

    /// <summary>The good rows by band and amount, as the office's act lists them.</summary>
    public Task<List<BandCount>> BandsAsync(TerritoryId territory, Id<GrantImport> import, CancellationToken cancel = default) =>
        db.ListAsync<BandCount>(
            territory,
            """
            select band, amount, count(*)::int as rows from marketplace.grant_row
            where territory_id = @territory and import_id = @import and verdict is null
            group by band, amount order by band, amount desc
            """, new { import }, cancel);

    /// <summary>
    /// The refused rows as a file: the cells as they came, then the number of the row and the reason as
    /// <paramref name="sentence"/> says it. Null for an unknown import, or a file that is no table.
    /// </summary>
    public async Task<byte[]?> RejectedCsvAsync(
        TerritoryId territory, Id<GrantImport> import, string rowHeader, string reasonHeader, Func<GrantRowVerdict, string> sentence,
        CancellationToken cancel = default)
    {
        var content = (await db.ListAsync<byte[]>(
            territory, "select content from marketplace.grant_import where territory_id = @territory and id = @import",
            new { import }, cancel)).SingleOrDefault();
        if (content is null || !CsvTable.TryOpen(content, GrantColumns.Shape, out var table, out _)) return null;
        var refused = (await db.ListAsync<RefusedRow>(
            territory,
            """
            select row_number, verdict, verdict_column, verdict_detail from marketplace.grant_row
            where territory_id = @territory and import_id = @import and verdict is not null
            """, new { import }, cancel)).ToDictionary(r => r.RowNumber);

        var width = table.Header.Count;
        return CsvWriter.File(table.Rows
            .Where(row => refused.ContainsKey(row.Number))
            .Select(row => (IReadOnlyList<string>)[
                .. row.Fields.Concat(Enumerable.Repeat("", Math.Max(0, width - row.Fields.Count))),
                GrantRowVerdict.Text(row.Number), sentence(refused[row.Number].ToVerdict())])
            .Prepend([.. table.Header, rowHeader, reasonHeader]));
    }

    private sealed record RefusedRow(int RowNumber, string Verdict, string? VerdictColumn, string? VerdictDetail)
    {
        public GrantRowVerdict ToVerdict() => new(Verdict, VerdictColumn, Marketplace.VerdictDetail.Split(VerdictDetail));
    }
}
