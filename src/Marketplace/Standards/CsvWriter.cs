using System.Text;

namespace Borsellino.Marketplace.Standards;

/// <summary>
/// Writes rows as RFC 4180 asks, with the semicolon that an Italian Excel expects, and without letting a cell become
/// a formula. <see cref="CsvTable"/> reads the rows back exactly as they were,
/// save for rows with nothing in them.
/// </summary>
public sealed class CsvWriter(TextWriter output, char delimiter = ';')
{
    /// <summary>A whole file in UTF-8. Excel needs the byte order mark to see accents; other software may mind it.</summary>
    public static byte[] File(
        IEnumerable<IReadOnlyList<string>> rows, char delimiter = ';', bool withByteOrderMark = true)
    {
        using var bytes = new MemoryStream();
        using (var text = new StreamWriter(bytes, new UTF8Encoding(withByteOrderMark), leaveOpen: true))
        {
            var csv = new CsvWriter(text, delimiter);
            foreach (var row in rows) csv.Write([.. row]);
        }
        return bytes.ToArray();
    }

    /// <summary>Writes one row, ended by CR and LF; null is an empty cell.</summary>
    public void Write(params ReadOnlySpan<string?> cells)
    {
        for (var i = 0; i < cells.Length; i++)
        {
            if (i > 0) output.Write(delimiter);
            WriteCell(CsvFormula.Defuse(cells[i] ?? ""));
        }
        output.Write("\r\n");
    }

    private void WriteCell(string cell)
    {
        if (!NeedsQuotes(cell))
        {
            output.Write(cell);
            return;
        }
        output.Write('"');
        output.Write(cell.Replace("\"", "\"\"", StringComparison.Ordinal));
        output.Write('"');
    }

    private bool NeedsQuotes(string cell) =>
        cell.AsSpan().ContainsAny("\"\r\n") || cell.Contains(delimiter, StringComparison.Ordinal)
        || (cell.Length > 0 && (char.IsWhiteSpace(cell[0]) || char.IsWhiteSpace(cell[^1])));
}
