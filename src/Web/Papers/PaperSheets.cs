using System.Text;

namespace Borsellino.Web.Papers;

/// <summary>
/// The pages of one PDF while it is written: where the next line goes, when a page is full, and at the end what holds all of it
/// together: structure, fonts, title and language.
/// </summary>
public sealed class PaperSheets
{
    /// <summary>18 mm.</summary>
    public const double Margin = 51.02;

    public const double Left = Margin, Lane = PdfPage.Width - (2 * Margin), Right = PdfPage.Width - Margin;
    private const double Bottom = PdfPage.Height - Margin - 16;
    private const double FootSize = 8.5;

    private readonly PdfFile file = new();
    private readonly PdfTag document = new("Document");
    private readonly List<PdfPage> pages = [];
    private readonly PaperColours colours;

    public PaperSheets(PaperColours colours)
    {
        this.colours = colours;
        Turn();
    }

    public PdfFont Regular { get; } = new(PaperFonts.Regular, "R");
    public PdfFont Strong { get; } = new(PaperFonts.Strong, "S");
    public PdfPage Page => pages[^1];
    public PdfTag Document => document;

    /// <summary>Where the next line begins.</summary>
    public double Y { get; set; }

    public bool IsFull(double height) => Y + height > Bottom;

    /// <summary>Room for something that must not be torn apart: a new page if this one has not enough left.</summary>
    public bool Need(double height)
    {
        if (!IsFull(height) || Y <= Margin + 20) return false;
        Turn();
        return true;
    }

    public void Turn()
    {
        pages.Add(new(file.Reserve()));
        Y = Margin;
        if (pages.Count == 1) return;
        Page.BeginOrnament();
        Page.Rule(Left, Y, Lane, 2, colours.Deep);
        Page.End();
        Y += 16;
    }

    public void Ornament(Action<PdfPage> draw)
    {
        Page.BeginOrnament();
        draw(Page);
        Page.End();
    }

    /// <summary>Words that are one element's, line below line; afterwards the next line is below them.</summary>
    public void Write(PdfTag tag, PdfFont font, double size, string words, double x, double width, Ink ink, double leading = 1.4)
    {
        var lines = Lines(font, size, words, width);
        for (var at = 0; at < lines.Count;)
        {
            Need(size * leading);
            Page.Begin(tag);
            for (; at < lines.Count && (!IsFull(size * leading) || Y <= Margin + 20); at++, Y += size * leading)
            {
                Page.Text(font, size, x, Baseline(font, size, Y, leading), lines[at], ink);
            }

            Page.End();
        }
    }

    /// <summary>Where letters stand in a line that begins at a height: their middle is the line's.</summary>
    public static double Baseline(PdfFont font, double size, double top, double leading = 1.4) =>
        top + (size * leading / 2) + (font.Face.CapHeight * size / 2000);

    /// <summary>The lines that words fill. A word that is wider than all of a line is broken where it must be.</summary>
    public static List<string> Lines(PdfFont font, double size, string words, double width)
    {
        var (lines, line, used) = (new List<string>(), new StringBuilder(), 0.0);
        var space = font.WidthOf(" ", size);
        // Split where lines may break: at spaces, but not at those that hold a number and its unit together.
        foreach (var written in words.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var word = font.Drawable(written);
            var wide = font.WidthOf(word, size);
            if (line.Length > 0 && used + space + wide > width)
            {
                // The space stays at the end of the line, so that two words are not read as one.
                lines.Add(line.Append(' ').ToString());
                line.Clear();
                used = 0;
            }

            while (wide > width && word.Length > 1)
            {
                var fits = Math.Max(1, Enumerable.Range(1, word.Length).TakeWhile(n => font.WidthOf(word.AsSpan(0, n), size) <= width).LastOrDefault());
                lines.Add(word[..fits]);
                word = word[fits..];
                wide = font.WidthOf(word, size);
            }

            if (word.Length == 0) continue;
            used += (line.Length > 0 ? space : 0) + wide;
            line.Append(line.Length > 0 ? " " : "").Append(word);
        }

        if (line.Length > 0) lines.Add(line.ToString());
        return lines;
    }

    /// <summary>The finished file. Each page says at its foot what it belongs to and how many there are.</summary>
    public byte[] ToBytes(Paper paper)
    {
        foreach (var (page, number) in pages.Select((p, i) => (p, i + 1))) Foot(page, paper, Texts.Say("Pagina {0} di {1}", number, pages.Count));
        var fonts = $"<</R {Regular.Embed(file)} 0 R/S {Strong.Embed(file)} 0 R>>";
        var tree = file.Reserve();
        var all = file.Reserve();
        document.Write(file, tree);
        var parents = new StringBuilder();
        foreach (var (page, key) in pages.Select((p, i) => (p, i)))
        {
            var drawing = file.AddStream("", page.ToBytes());
            file.Set(page.Number, FormattableString.Invariant(
                $"<</Type/Page/Parent {all} 0 R/MediaBox[0 0 {PdfPage.Width} {PdfPage.Height}]/Resources<</Font{fonts}>>/Contents {drawing} 0 R/StructParents {key}/Tabs/S>>"));
            parents.Append(FormattableString.Invariant($"{key}[{string.Join(' ', page.Marked.Select(t => $"{t.Number} 0 R"))}]"));
        }

        file.Set(tree, $"<</Type/StructTreeRoot/K {document.Number} 0 R/ParentTree<</Nums[{parents}]>>/ParentTreeNextKey {pages.Count}>>");
        file.Set(all, $"<</Type/Pages/Count {pages.Count}/Kids[{string.Join(' ', pages.Select(p => $"{p.Number} 0 R"))}]>>");
        var catalog = file.Add(
            $"<</Type/Catalog/Pages {all} 0 R/Lang({Language.Code}-{(Language.IsEnglish ? "GB" : "IT")})/MarkInfo<</Marked true>>/StructTreeRoot {tree} 0 R"
            + "/ViewerPreferences<</DisplayDocTitle true>>>>");
        return file.ToBytes(catalog, file.Add($"<</Title {PdfFile.Text(paper.Title)}/Author {PdfFile.Text(paper.From)}/Creator {PdfFile.Text("Borsellino")}>>"));
    }

    private void Foot(PdfPage page, Paper paper, string number)
    {
        var y = PdfPage.Height - Margin;
        var left = Lines(Regular, FootSize, $"{paper.From} · {paper.Title}", Lane - 60)[0];
        var right = Regular.Drawable(number);
        page.BeginOrnament();
        page.Rule(Left, y - 12, Lane, 0.5, Ink.Line);
        page.Text(Regular, FootSize, Left, y, left, Ink.Soft);
        page.Text(Regular, FootSize, Right - Regular.WidthOf(right, FootSize), y, right, Ink.Soft);
        page.End();
    }
}

/// <summary>A territory's colours on paper: dark enough to stay dark in grey.</summary>
public sealed record PaperColours(Ink Deep, Ink Lively, Ink Coin)
{
    public static PaperColours Of(string colour) => colour switch
    {
        "plum" => new(new(0x2b, 0x1d, 0x3f), new(0x7a, 0x55, 0xad), new(0xdb, 0xa3, 0x40)),
        _ => new(new(0x07, 0x33, 0x3b), new(0x0e, 0x7a, 0x85), new(0xdb, 0xa3, 0x40)),
    };
}
