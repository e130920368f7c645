namespace Borsellino.Marketplace.Standards;

/// <summary>The columns an upload must and may have, and how large it may be.</summary>
public sealed record CsvShape(params IReadOnlyList<string> Required)
{
    public IReadOnlyList<string> Optional { get; init; } = [];
    public int BytesMax { get; init; } = 10 * 1024 * 1024;

    /// <summary>Rows with something in them, the header not counted.</summary>
    public int RowsMax { get; init; } = 50_000;

    public int ColumnsMax { get; init; } = 200;
    public int FieldLengthMax { get; init; } = 2_000;
}

/// <summary>Why a file cannot be read as the table that was asked for. Rows count from 1, the header included.</summary>
public abstract record CsvFault : Fault
{
    private CsvFault(string code) : base(code)
    {
    }

    public sealed record Empty() : CsvFault("csv_empty");
    public sealed record TooManyBytes(int Found, int Max) : CsvFault("csv_too_many_bytes");

    /// <summary>A spreadsheet's own format, which must first be saved as CSV.</summary>
    public sealed record Workbook() : CsvFault("csv_workbook");

    public sealed record NotText() : CsvFault("csv_not_text");
    public sealed record MissingColumns(IReadOnlyList<string> Names) : CsvFault("csv_missing_columns");
    public sealed record DuplicateColumns(IReadOnlyList<string> Names) : CsvFault("csv_duplicate_columns");
    public sealed record TooManyColumns(int Row, int Max) : CsvFault("csv_too_many_columns");
    public sealed record TooManyRows(int Max) : CsvFault("csv_too_many_rows");
    public sealed record FieldTooLong(int Row, int Column, int Max) : CsvFault("csv_field_too_long");

    /// <summary>A quotation mark opened in this row is never closed.</summary>
    public sealed record UnclosedQuote(int Row) : CsvFault("csv_unclosed_quote");
}
