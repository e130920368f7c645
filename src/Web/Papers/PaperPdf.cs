using Borsellino.Web.Shared;

namespace Borsellino.Web.Papers;

/// <summary>
/// A paper as a PDF: A4, black on white, the same bytes for the same paper. Its structure is tagged, so that a screen reader goes
/// from heading to heading and hears which heading a figure stands under.
/// </summary>
public sealed class PaperPdf
{
    public const string ContentType = "application/pdf";
    private const double Body = 11, Fine = 9.5, Code = 20, Picture = 119;

    private readonly Paper paper;
    private readonly PaperColours colours;
    private readonly PaperSheets sheets;

    private PaperPdf(Paper paper)
    {
        this.paper = paper;
        colours = PaperColours.Of(paper.Place.Colour);
        sheets = new(colours);
    }

    public static byte[] Of(Paper paper) => new PaperPdf(paper).Write();

    private byte[] Write()
    {
        Head();
        foreach (var (part, next) in paper.Parts.Zip(paper.Parts.Skip(1).Append(null))) Draw(part, next);
        return sheets.ToBytes(paper);
    }

    private void Head()
    {
        var top = sheets.Y;
        sheets.Ornament(page => Mark(page, PaperSheets.Left, top));
        var from = sheets.Document.Add("P");
        sheets.Page.Begin(from);
        var (name, place) = (sheets.Strong.Drawable("Borsellino"), sheets.Regular.Drawable(paper.Place.Name));
        sheets.Page.Text(sheets.Strong, 14, PaperSheets.Left + 36, top + 14, name + " ", colours.Deep);
        sheets.Page.Text(sheets.Regular, 9.5, PaperSheets.Left + 36, top + 27, place, Ink.Soft);
        sheets.Page.End();
        sheets.Y = top + 40;
        sheets.Ornament(page => page.Rule(PaperSheets.Left, sheets.Y, PaperSheets.Lane, 2, colours.Deep));
        sheets.Y += 16;

        // Who it is for stands at the right, as in a letter, and is read after the heading.
        var (line, beside) = (sheets.Y, paper.Beside.Append(paper.State?.Word ?? "").Where(b => b.Length > 0).ToList());
        var room = beside.Count == 0 ? 0 : Math.Min(190, beside.Max(b => sheets.Strong.WidthOf(sheets.Strong.Drawable(b), Body)) + 20);
        sheets.Write(sheets.Document.Add("H1"), sheets.Strong, 23, paper.Heading, PaperSheets.Left, PaperSheets.Lane - room, Ink.Black, 1.25);
        if (paper.Under.Length > 0 || paper.Reference.Length > 0)
        {
            sheets.Write(sheets.Document.Add("P"), sheets.Regular, Body + 1, $"{paper.Under} {paper.Reference}", PaperSheets.Left, PaperSheets.Lane - room, Ink.Black);
        }

        var under = sheets.Y;
        if (beside.Count > 0) Beside(beside, line + 4, room);
        sheets.Y = Math.Max(under, sheets.Y) + 14;
    }

    private void Beside(List<string> lines, double y, double room)
    {
        sheets.Y = y;
        var tag = sheets.Document.Add("P");
        foreach (var (words, i) in lines.Select((w, i) => (w, i)))
        {
            var font = i == 0 ? sheets.Strong : sheets.Regular;
            foreach (var line in PaperSheets.Lines(font, Body, words, room))
            {
                sheets.Page.Begin(tag);
                sheets.Page.Text(font, Body, PaperSheets.Right - font.WidthOf(line.TrimEnd(), Body), PaperSheets.Baseline(font, Body, sheets.Y), line.TrimEnd() + " ", Ink.Black);
                sheets.Page.End();
                sheets.Y += Body * 1.4;
            }
        }
    }

    /// <summary>The house's mark, a purse with its coin: <c>wwwroot/img/mark.svg</c> told with curves that PDF has.</summary>
    private void Mark(PdfPage page, double x, double y)
    {
        const double Scale = 28.0 / 48;
        page.Shape(x, y, Scale, "32 9.5 m 32 13.92 28.42 17.5 24 17.5 c 19.58 17.5 16 13.92 16 9.5 c 16 5.08 19.58 1.5 24 1.5 c 28.42 1.5 32 5.08 32 9.5 c", colours.Coin);
        page.Shape(x, y, Scale, "11 11.5 m 14.5 14.8 19 16.2 24 16.2 c 29 16.2 33.5 14.8 37 11.5 c 33 22 l 15 22 l h", colours.Deep);
        page.Shape(x, y, Scale, "14 24.5 m 7.5 27.5 3.5 32 3.5 37 c 3.5 43.5 10.5 46.5 24 46.5 c 37.5 46.5 44.5 43.5 44.5 37 c 44.5 32 40.5 28 34 24.5 c h", colours.Deep);
        page.Shape(x, y, Scale, "14.75 20 m 33.25 20 l 34.77 20 36 21.23 36 22.75 c 36 24.27 34.77 25.5 33.25 25.5 c 14.75 25.5 l 13.23 25.5 12 24.27 12 22.75 c 12 21.23 13.23 20 14.75 20 c h", colours.Lively);
    }

    private void Draw(PaperPart part, PaperPart? next)
    {
        switch (part)
        {
            case PaperPart.Heading heading:
                // Never alone at the foot of a page.
                sheets.Need(next is PaperPart.Rows ? 110 : 75);
                sheets.Y += 12;
                sheets.Write(sheets.Document.Add("H2"), sheets.Strong, 13.5, heading.Words, PaperSheets.Left, PaperSheets.Lane, Ink.Black);
                sheets.Y += 3;
                break;
            case PaperPart.Paragraph words:
                sheets.Y += 6;
                Words(words);
                break;
            case PaperPart.Warning warning:
                Warning(warning.Text);
                break;
            case PaperPart.Points points:
                Points(points.Lines);
                break;
            case PaperPart.Answers answers:
                Answers(answers.All);
                break;
            case PaperPart.Sums sums:
                Sums(sums.All);
                break;
            case PaperPart.Terms terms:
                Terms(terms.Tally.Terms);
                break;
            case PaperPart.Rows rows:
                new PaperGrid(sheets, rows.Table).Draw(sheets.Document);
                sheets.Y += 8;
                break;
            case PaperPart.Key key:
                Key(key);
                break;
            default:
                throw new InvalidOperationException($"No drawing for {part.GetType().Name}.");
        }
    }

    private void Words(PaperPart.Paragraph words)
    {
        var (size, ink) = words.Fine ? (Fine, Ink.Soft) : (Body, Ink.Black);
        var tag = sheets.Document.Add("P");
        var (strong, text) = (sheets.Strong.Drawable(words.Strong), sheets.Regular.Drawable(words.Text));
        var (before, after) = (sheets.Strong.WidthOf(strong + " ", size), sheets.Regular.WidthOf(text, size));
        if (strong.Length > 0 && text.Length > 0 && before + after <= PaperSheets.Lane)
        {
            sheets.Need(size * 1.4);
            sheets.Page.Begin(tag);
            sheets.Page.Text(sheets.Strong, size, PaperSheets.Left, PaperSheets.Baseline(sheets.Strong, size, sheets.Y), strong + " ", ink);
            sheets.Page.Text(sheets.Regular, size, PaperSheets.Left + before, PaperSheets.Baseline(sheets.Strong, size, sheets.Y), text, ink);
            sheets.Page.End();
            sheets.Y += size * 1.4;
            return;
        }

        if (strong.Length > 0) sheets.Write(tag, sheets.Strong, size, strong + " ", PaperSheets.Left, PaperSheets.Lane, ink);
        sheets.Write(tag, sheets.Regular, size, text, PaperSheets.Left, PaperSheets.Lane, ink);
    }

    private void Warning(string words)
    {
        const double Inset = 10;
        var lines = PaperSheets.Lines(sheets.Regular, Body, words, PaperSheets.Lane - (2 * Inset));
        var height = (lines.Count * Body * 1.4) + 12;
        sheets.Need(height);
        sheets.Ornament(page =>
        {
            page.Fill(PaperSheets.Left, sheets.Y, PaperSheets.Lane, height, Ink.Ground);
            page.Fill(PaperSheets.Left, sheets.Y, 3, height, colours.Deep);
        });
        sheets.Y += 6;
        sheets.Write(sheets.Document.Add("P"), sheets.Regular, Body, words, PaperSheets.Left + Inset, PaperSheets.Lane - (2 * Inset), Ink.Black);
        sheets.Y += 14;
    }

    private void Points(IReadOnlyList<string> lines)
    {
        var list = sheets.Document.Add("L");
        foreach (var line in lines)
        {
            var item = list.Add("LI");
            sheets.Need(PaperSheets.Lines(sheets.Regular, Body, line, PaperSheets.Lane - 14).Count * Body * 1.4);
            var label = item.Add("Lbl");
            sheets.Page.Begin(label);
            sheets.Page.Text(sheets.Regular, Body, PaperSheets.Left, PaperSheets.Baseline(sheets.Regular, Body, sheets.Y), sheets.Regular.Drawable("•") + " ", Ink.Black);
            sheets.Page.End();
            sheets.Write(item.Add("LBody"), sheets.Regular, Body, line, PaperSheets.Left + 14, PaperSheets.Lane - 14, Ink.Black);
            sheets.Y += 3;
        }
    }

    /// <summary>What, when, where: the question softly at the left, the answer beside it.</summary>
    private void Answers(IReadOnlyList<CheckAnswer> answers)
    {
        const double Question = 130;
        var table = sheets.Document.Add("Table");
        foreach (var answer in answers)
        {
            var (row, font) = (table.Add("TR"), answer.Strong ? sheets.Strong : sheets.Regular);
            var width = PaperSheets.Lane - Question;
            var height = 10 + (PaperSheets.Lines(font, Body, answer.Answer, width).Count * Body * 1.4)
                + (PaperSheets.Lines(sheets.Regular, Fine, answer.Detail ?? "", width).Count * Fine * 1.4);
            sheets.Need(height);
            var top = sheets.Y;
            sheets.Y += 5;
            sheets.Write(row.Add("TH", "/A<</O/Table/Scope/Row>>"), sheets.Regular, Body, answer.Label, PaperSheets.Left, Question - 10, Ink.Soft);
            sheets.Y = top + 5;
            var cell = row.Add("TD");
            sheets.Write(cell, font, Body, answer.Answer, PaperSheets.Left + Question, width, Ink.Black);
            if (answer.Detail is { } detail) sheets.Write(cell, sheets.Regular, Fine, detail, PaperSheets.Left + Question, width, Ink.Soft);
            sheets.Y = top + height;
            sheets.Ornament(page => page.Rule(PaperSheets.Left, sheets.Y, PaperSheets.Lane, 0.5, Ink.Line));
        }

        sheets.Y += 8;
    }

    private void Sums(IReadOnlyList<PaperSum> sums)
    {
        const double For = PaperSheets.Lane - 110;
        var table = sheets.Document.Add("Table");
        foreach (var sum in sums)
        {
            var (row, font) = (table.Add("TR"), sum.IsTotal ? sheets.Strong : sheets.Regular);
            var (inset, amount) = (sum.IsTotal ? 6 : 0, font.Drawable(Display.Money(sum.Amount)));
            var height = 9 + (PaperSheets.Lines(font, Body, sum.Label, For).Count * Body * 1.4);
            sheets.Need(height);
            var top = sheets.Y;
            sheets.Ornament(page =>
            {
                if (sum.IsTotal) page.Fill(PaperSheets.Left, top, PaperSheets.Lane, height, Ink.Ground);
                page.Rule(PaperSheets.Left, sum.IsTotal ? top : top + height, PaperSheets.Lane, sum.IsTotal ? 1 : 0.5, sum.IsTotal ? Ink.Black : Ink.Line);
            });
            sheets.Y += 4.5;
            sheets.Write(row.Add("TH", "/A<</O/Table/Scope/Row>>"), font, Body, sum.Label, PaperSheets.Left + inset, For, Ink.Black);
            sheets.Page.Begin(row.Add("TD"));
            sheets.Page.Text(font, Body, PaperSheets.Right - inset - font.WidthOf(amount, Body), PaperSheets.Baseline(font, Body, top + 4.5), amount, Ink.Black);
            sheets.Page.End();
            sheets.Y = top + height;
        }

        sheets.Y += 8;
    }

    /// <summary>A total and its parts side by side.</summary>
    private void Terms(IReadOnlyList<TallyTerm> terms)
    {
        const double Height = 52, Inset = 7;
        sheets.Need(Height + 16);
        sheets.Y += 8;
        var width = PaperSheets.Lane / terms.Count;
        var table = sheets.Document.Add("Table");
        var (labels, figures) = (table.Add("TR"), table.Add("TR"));
        foreach (var (term, i) in terms.Select((t, i) => (t, i)))
        {
            var (x, top, font) = (PaperSheets.Left + (i * width), sheets.Y, term.Strong ? sheets.Strong : sheets.Regular);
            sheets.Ornament(page =>
            {
                if (term.Strong) page.Fill(x, top, width, Height, Ink.Ground);
                page.Frame(x, top, width, Height, 0.5, Ink.Line);
            });
            var label = PaperSheets.Lines(sheets.Regular, 8, $"{term.Sign} {term.Label}".Trim(), width - (2 * Inset));
            Cell(labels.Add("TH", "/A<</O/Table/Scope/Column>>"), sheets.Regular, 8, label, top + 5);
            var cell = figures.Add("TD");
            Cell(cell, font, 11.5, PaperSheets.Lines(font, 11.5, term.Value, width - (2 * Inset)), top + 18);
            Cell(cell, sheets.Regular, 7.5, PaperSheets.Lines(sheets.Regular, 7.5, term.Note ?? "", width - (2 * Inset)), top + 35);

            void Cell(PdfTag tag, PdfFont face, double size, List<string> lines, double y)
            {
                if (lines.Count == 0) return;
                sheets.Page.Begin(tag);
                foreach (var (line, n) in lines.Select((l, n) => (l, n)))
                {
                    sheets.Page.Text(face, size, x + Inset, PaperSheets.Baseline(face, size, y + (n * size * 1.3), 1.3), line, Ink.Black);
                }

                sheets.Page.End();
            }
        }

        sheets.Y += Height + 6;
    }

    /// <summary>Number, PIN and worth in large letters; at the right the picture, drawn square by square.</summary>
    private void Key(PaperPart.Key key)
    {
        sheets.Need(Picture + 20);
        var top = sheets.Y;
        Large(Texts.Say("Numero"), key.Number, 1.2);
        Large("PIN", key.Pin, 1.2);
        Large(Texts.Say("Vale"), Display.Money(key.Worth), 0);

        var modules = QrPicture.Modules(key.Address);
        var (side, x) = (Picture / modules.Count, PaperSheets.Right - Picture);
        var words = PdfFile.Text(Texts.Say("Figura da inquadrare: contiene il numero e il PIN scritti accanto."));
        var box = FormattableString.Invariant($"{x:0.##} {PdfPage.Height - top - Picture:0.##} {PaperSheets.Right:0.##} {PdfPage.Height - top:0.##}");
        sheets.Page.Begin(sheets.Document.Add("Figure", $"/Alt {words}/A<</O/Layout/BBox[{box}]>>"));
        for (var row = 0; row < modules.Count; row++)
        {
            // Neighbours in a row are one bar: no fine white line between them on paper.
            for (var from = 0; from < modules.Count; from++)
            {
                var length = Enumerable.Range(from, modules.Count - from).TakeWhile(c => modules[row][c]).Count();
                if (length > 0) sheets.Page.Fill(x + (from * side), top + (row * side), length * side, side, Ink.Black);
                from += length;
            }
        }

        sheets.Page.End();
        sheets.Y = Math.Max(sheets.Y, top + Picture) + 14;

        void Large(string label, string value, double spacing)
        {
            var tag = sheets.Document.Add("P");
            sheets.Write(tag, sheets.Regular, Fine, label + " ", PaperSheets.Left, 300, Ink.Soft, 1.2);
            sheets.Page.Begin(tag);
            sheets.Page.Text(sheets.Strong, Code, PaperSheets.Left, PaperSheets.Baseline(sheets.Strong, Code, sheets.Y), sheets.Strong.Drawable(value), Ink.Black, spacing);
            sheets.Page.End();
            sheets.Y += (Code * 1.4) + 4;
        }
    }
}
