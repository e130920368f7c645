using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Borsellino.Marketplace.Standards;

/// <summary>
/// An uploaded table: any of the encodings and delimiters that Italian offices produce, columns in any order. It is
/// checked as a whole before it is handed out, so reading its rows cannot fail.
/// </summary>
/// <remarks>
/// Column names match without regard to case, accents, spaces, underscores and other marks: "Codice Fiscale" is
/// <c>codice_fiscale</c>. Columns that nobody asked for are kept and can be written back.
/// </remarks>
public sealed class CsvTable
{
    private static readonly char[] Delimiters = [';', ',', '\t'];

    private readonly string text;
    private readonly Dictionary<string, int> indexOf;
    private readonly Dictionary<string, int> indexOfAskedFor = new(StringComparer.Ordinal);

    private CsvTable(string text, char delimiter, IReadOnlyList<string> header, CsvShape shape)
    {
        (this.text, Delimiter, Header) = (text, delimiter, header);
        indexOf = new(StringComparer.Ordinal);
        for (var i = 0; i < header.Count; i++) indexOf.TryAdd(Key(header[i]), i);
        // Names are folded once, not again for every field of fifty thousand rows.
        foreach (var name in shape.Required.Concat(shape.Optional)) indexOfAskedFor[name] = IndexOf(name);
    }

    /// <summary>The column names as they stand in the file.</summary>
    public IReadOnlyList<string> Header { get; }

    public char Delimiter { get; }

    /// <summary>How many rows have something in them, the header not counted.</summary>
    public int RowCount { get; private set; }

    /// <summary>Whether the file has a column of this name, written in any of the accepted ways.</summary>
    public bool Has(string column) => indexOf.ContainsKey(Key(column));

    /// <summary>
    /// The rows from top to bottom, read from the text as they are asked for. Blank ones are left out but counted in
    /// the numbers, so that a number is the one a spreadsheet shows.
    /// </summary>
    public IEnumerable<CsvRow> Rows
    {
        get
        {
            var scanner = new CsvScanner(text, Delimiter);
            var fields = new List<string>();
            scanner.Read(fields);
            while (scanner.Read(fields)) yield return new(this, scanner.Row, [.. fields]);
        }
    }

    /// <summary>Checks a file from its first byte to its last: the table, or the first thing that is wrong.</summary>
    public static bool TryOpen(
        ReadOnlySpan<byte> file, CsvShape shape,
        [NotNullWhen(true)] out CsvTable? table, [NotNullWhen(false)] out CsvFault? fault)
    {
        table = null;
        fault = Open(file, shape, out var opened);
        if (fault is null) table = opened;
        return fault is null;
    }

    internal int IndexOf(string column) =>
        indexOfAskedFor.TryGetValue(column, out var index) ? index : indexOf.GetValueOrDefault(Key(column), -1);

    private static CsvFault? Open(ReadOnlySpan<byte> file, CsvShape shape, out CsvTable? table)
    {
        table = null;
        if (file.Length > shape.BytesMax) return new CsvFault.TooManyBytes(file.Length, shape.BytesMax);
        if (CsvText.Decode(file, out var text) is { } decodeFault) return decodeFault;

        var delimiter = DelimiterOf(text);
        var scanner = new CsvScanner(text, delimiter);
        var fields = new List<string>();
        if (!scanner.Read(fields)) return new CsvFault.Empty();
        if (RecordFaultOf(scanner, fields, shape) is { } headerFault) return headerFault;
        table = new(text, delimiter, [.. fields.Select(name => name.Trim())], shape);
        if (ColumnFaultOf(table, shape) is { } columnFault) return columnFault;

        while (scanner.Read(fields))
        {
            if (++table.RowCount > shape.RowsMax) return new CsvFault.TooManyRows(shape.RowsMax);
            if (RecordFaultOf(scanner, fields, shape) is { } recordFault) return recordFault;
        }
        return null;
    }

    private static CsvFault? RecordFaultOf(CsvScanner scanner, List<string> fields, CsvShape shape)
    {
        if (scanner.IsUnclosed) return new CsvFault.UnclosedQuote(scanner.Row);
        if (fields.Count > shape.ColumnsMax) return new CsvFault.TooManyColumns(scanner.Row, shape.ColumnsMax);
        var tooLong = fields.FindIndex(value => value.Length > shape.FieldLengthMax);
        return tooLong < 0 ? null : new CsvFault.FieldTooLong(scanner.Row, tooLong + 1, shape.FieldLengthMax);
    }

    private static CsvFault? ColumnFaultOf(CsvTable table, CsvShape shape)
    {
        var missing = shape.Required.Where(name => !table.Has(name)).ToList();
        if (missing.Count > 0) return new CsvFault.MissingColumns(missing);

        // Nameless columns may repeat: spreadsheets leave them behind at the right edge.
        var duplicates = table.Header.GroupBy(Key, StringComparer.Ordinal)
            .Where(names => names.Key.Length > 0 && names.Skip(1).Any())
            .Select(names => names.First())
            .ToList();
        return duplicates.Count > 0 ? new CsvFault.DuplicateColumns(duplicates) : null;
    }

    /// <summary>The most frequent of the three in the header, outside quotation marks; a semicolon if none occurs.</summary>
    private static char DelimiterOf(string text)
    {
        Span<int> counts = stackalloc int[Delimiters.Length];
        var quoted = false;
        foreach (var c in text.AsSpan().TrimStart("\r\n"))
        {
            if (c == '"') quoted = !quoted;
            if (quoted) continue;
            if (c is '\r' or '\n') break;
            var which = Array.IndexOf(Delimiters, c);
            if (which >= 0) counts[which]++;
        }
        var best = 0;
        for (var i = 1; i < counts.Length; i++)
        {
            if (counts[i] > counts[best]) best = i;
        }
        return Delimiters[best];
    }

    private static string Key(string name)
    {
        var key = new StringBuilder(name.Length);
        foreach (var rune in CodeText.WithoutAccents(name).EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune)) key.Append(Rune.ToLowerInvariant(rune).ToString());
        }
        return key.ToString();
    }
}

/// <summary>One row of a table, under the number that a spreadsheet shows for it (the header is usually row 1).</summary>
public sealed class CsvRow
{
    private readonly CsvTable table;

    internal CsvRow(CsvTable table, int number, IReadOnlyList<string> fields) =>
        (this.table, Number, Fields) = (table, number, fields);

    public int Number { get; }

    /// <summary>The fields as they stand, not trimmed, for writing the row back.</summary>
    public IReadOnlyList<string> Fields { get; }

    /// <summary>More filled fields than the header has names: usually a delimiter inside a text without quotes.</summary>
    public bool IsTooWide => Fields.Skip(table.Header.Count).Any(value => !string.IsNullOrWhiteSpace(value));

    /// <summary>
    /// The trimmed text under a column name; empty where the row is shorter than the header or the file does not
    /// have that column.
    /// </summary>
    public string this[string column]
    {
        get
        {
            var index = table.IndexOf(column);
            return index < 0 || index >= Fields.Count ? "" : Fields[index].Trim();
        }
    }
}
