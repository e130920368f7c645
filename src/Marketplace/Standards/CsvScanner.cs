using System.Text;

namespace Borsellino.Marketplace.Standards;

/// <summary>
/// Walks through the records of a CSV text, one at a time. Lines end in CR, LF or both; a field in quotation marks
/// may hold delimiters, line breaks and doubled marks; a mark inside a bare field stands for itself.
/// </summary>
internal sealed class CsvScanner(string text, char delimiter)
{
    private readonly StringBuilder field = new();
    private int position;

    /// <summary>The number of the record just read, blank ones counted: what a spreadsheet shows at its left edge.</summary>
    public int Row { get; private set; }

    /// <summary>Whether the record just read opens a quotation mark that nothing closes.</summary>
    public bool IsUnclosed { get; private set; }

    /// <summary>Reads the next record that has something in it; false at the end.</summary>
    public bool Read(List<string> fields)
    {
        while (position < text.Length)
        {
            fields.Clear();
            Row++;
            while (ReadField(fields))
            {
            }
            if (IsUnclosed || fields.Exists(value => !string.IsNullOrWhiteSpace(value))) return true;
        }
        return false;
    }

    /// <summary>Adds one field; true if the record has another.</summary>
    private bool ReadField(List<string> fields)
    {
        field.Clear();
        if (position < text.Length && text[position] == '"') ReadQuoted();
        while (position < text.Length && text[position] != delimiter && text[position] is not ('\r' or '\n'))
        {
            field.Append(text[position++]);
        }
        fields.Add(CsvFormula.Restore(field.ToString()));

        if (position == text.Length) return false;
        if (text[position] == delimiter)
        {
            position++;
            return true;
        }
        if (text[position] == '\r' && position + 1 < text.Length && text[position + 1] == '\n') position++;
        position++;
        return false;
    }

    private void ReadQuoted()
    {
        for (position++; position < text.Length; position++)
        {
            if (text[position] == '"')
            {
                position++;
                if (position == text.Length || text[position] != '"') return;
            }
            field.Append(text[position]);
        }
        IsUnclosed = true;
    }
}
