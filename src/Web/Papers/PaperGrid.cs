namespace Borsellino.Web.Papers;

/// <summary>Draws a table: as wide as its words want, its headings again on each page, no row torn apart.</summary>
public sealed class PaperGrid(PaperSheets sheets, PaperTable table)
{
    private const double Size = 9.5, HeadSize = 8.5, SmallSize = 8.5, Gap = 10, Leading = 1.35, Pad = 3.2;

    private readonly double[] widths = Widths(sheets, table);

    public void Draw(PdfTag parent)
    {
        var tag = parent.Add("Table");
        var caption = tag.Add("Caption");
        // A heading at the foot of a page without a row below it heads nothing.
        sheets.Need((Leading * (HeadSize + SmallSize + Size)) + (6 * Pad));
        sheets.Write(caption, sheets.Regular, SmallSize, table.Caption, PaperSheets.Left, PaperSheets.Lane, Ink.Soft);
        sheets.Y += Pad;
        var head = tag.Add("THead").Add("TR");
        DrawHead([.. table.Columns.Select(c => head.Add("TH", "/A<</O/Table/Scope/Column>>"))]);
        var body = tag.Add("TBody");
        foreach (var row in table.Rows) DrawRow(body, row, sheets.Regular, isLast: false);
        if (table.Rows.Count == 0 && table.WhenEmpty.Length > 0)
        {
            var cell = body.Add("TR").Add("TD", $"/A<</O/Table/ColSpan {table.Columns.Count}>>");
            sheets.Y += Pad;
            sheets.Write(cell, sheets.Regular, Size, table.WhenEmpty, PaperSheets.Left, PaperSheets.Lane, Ink.Black);
            sheets.Y += Pad;
        }

        if (table.Totals is { } totals) DrawRow(tag.Add("TFoot"), totals, sheets.Strong, isLast: true);
    }

    /// <summary>The headings; as an ornament where they only repeat.</summary>
    private void DrawHead(IReadOnlyList<PdfTag>? tags)
    {
        var lines = table.Columns.Select((c, i) => PaperSheets.Lines(sheets.Strong, HeadSize, c.Heading, widths[i])).ToList();
        var height = lines.Max(l => l.Count) * HeadSize * Leading;
        var x = PaperSheets.Left;
        for (var i = 0; i < lines.Count; i++, x += widths[i - 1] + Gap)
        {
            if (tags is not null) sheets.Page.Begin(tags[i]);
            else sheets.Page.BeginOrnament();
            var y = sheets.Y + height - (lines[i].Count * HeadSize * Leading);
            foreach (var line in lines[i])
            {
                Put(sheets.Strong, HeadSize, line, x, i, y);
                y += HeadSize * Leading;
            }

            sheets.Page.End();
        }

        sheets.Y += height + Pad;
        sheets.Ornament(page => page.Rule(PaperSheets.Left, sheets.Y, PaperSheets.Lane, 1, Ink.Black));
        sheets.Y += 1;
    }

    private void DrawRow(PdfTag parent, IReadOnlyList<PaperCell> row, PdfFont font, bool isLast)
    {
        var lines = row.Select((c, i) => PaperSheets.Lines(font, Size, c.Shown, widths[i])).ToList();
        var small = row.Select((c, i) => PaperSheets.Lines(sheets.Regular, SmallSize, c.Small, widths[i])).ToList();
        var height = Enumerable.Range(0, row.Count).Max(i => (lines[i].Count * Size * Leading) + (small[i].Count * SmallSize * Leading)) + (2 * Pad);
        if (sheets.Need(height)) DrawHead(null);
        if (isLast) sheets.Ornament(page => page.Rule(PaperSheets.Left, sheets.Y, PaperSheets.Lane, 1, Ink.Black));
        var tag = parent.Add("TR");
        var x = PaperSheets.Left;
        for (var i = 0; i < row.Count; i++, x += widths[i - 1] + Gap)
        {
            var cell = table.Columns[i].IsSubject ? tag.Add("TH", "/A<</O/Table/Scope/Row>>") : tag.Add("TD");
            if (lines[i].Count == 0) continue;
            sheets.Page.Begin(cell);
            var y = sheets.Y + Pad;
            foreach (var line in lines[i])
            {
                Put(font, Size, line, x, i, y);
                y += Size * Leading;
            }

            foreach (var line in small[i])
            {
                Put(sheets.Regular, SmallSize, line, x, i, y);
                y += SmallSize * Leading;
            }

            sheets.Page.End();
        }

        sheets.Y += height;
        if (!isLast) sheets.Ornament(page => page.Rule(PaperSheets.Left, sheets.Y, PaperSheets.Lane, 0.4, Ink.Line));
    }

    private void Put(PdfFont font, double size, string line, double x, int column, double y)
    {
        var shift = table.Columns[column].IsFigure ? widths[column] - font.WidthOf(line.AsSpan().TrimEnd(), size) : 0;
        sheets.Page.Text(font, size, x + shift, PaperSheets.Baseline(font, size, y, Leading), line, Ink.Black);
    }

    /// <summary>Figures and days never break; what is left is for words, in the measure of their length.</summary>
    private static double[] Widths(PaperSheets sheets, PaperTable table)
    {
        var count = table.Columns.Count;
        var (whole, least) = (new double[count], new double[count]);
        foreach (var (column, i) in table.Columns.Select((c, i) => (c, i)))
        {
            var cells = table.Rows.Append(table.Totals ?? []).Where(r => r.Count > i).Select(r => r[i]).ToList();
            least[i] = Longest(column.Heading, sheets.Strong, HeadSize);
            foreach (var cell in cells)
            {
                whole[i] = Math.Max(whole[i], Math.Max(Measure(cell.Shown, sheets.Strong, Size), Measure(cell.Small, sheets.Regular, SmallSize)));
                least[i] = Math.Max(least[i], Longest(cell.Shown, sheets.Strong, Size));
            }

            if (column.IsFigure || column.Kind is PaperColumnKind.Day) least[i] = Math.Max(least[i], whole[i]);
            // Above figures a heading may take two lines, above words it wants one.
            var heading = Measure(column.Heading, sheets.Strong, HeadSize);
            whole[i] = Math.Max(Math.Max(whole[i], least[i]), column.IsFigure ? 0.6 * heading : heading);
        }

        var left = PaperSheets.Lane - (Gap * (count - 1)) - least.Sum();
        var wish = whole.Zip(least, (w, l) => w - l).ToArray();
        if (left < 0) return [.. least.Select(l => l * (least.Sum() + left) / least.Sum())];
        if (wish.Sum() > left) return [.. least.Select((l, i) => l + (left * wish[i] / wish.Sum()))];
        // All fit: what is over goes behind the subject, so that figures stand at the right edge.
        var over = left - wish.Sum();
        var wide = Math.Max(0, table.Columns.ToList().FindLastIndex(c => c.Kind is PaperColumnKind.Subject or PaperColumnKind.Text));
        return [.. whole.Select((w, i) => i == wide ? w + over : w)];
    }

    private static double Longest(string words, PdfFont font, double size) =>
        words.Split(' ').Max(w => Math.Min(Measure(w, font, size), PaperSheets.Lane / 4));

    private static double Measure(string words, PdfFont font, double size) => font.WidthOf(font.Drawable(words), size) + 0.5;
}
