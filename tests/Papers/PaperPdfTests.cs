using System.Globalization;
using System.Text.RegularExpressions;
using Borsellino.Ledger;
using Borsellino.Web;
using Borsellino.Web.Papers;
using QRCoder;

namespace Borsellino.Tests.Papers;

/// <summary>Goal: what a paper says stands in its PDF, all of it, readable by eye, by ear and by programs that are not ours.</summary>
public sealed partial class PaperPdfTests
{
    private const int BytesMax = 120_000;

    public PaperPdfTests() => Language.Speak(english: false);

    public static TheoryData<string> Kinds => [.. Papers.Keys];

    private static Dictionary<string, Func<Paper>> Papers { get; } = new(StringComparer.Ordinal)
    {
        ["receipt"] = () => SomePapers.Receipt(),
        ["voucher"] = () => SomePapers.Voucher(),
        ["statement"] = () => SomePapers.Statement(12),
        ["empty statement"] = () => SomePapers.Statement(0),
        ["payout"] = () => SomePapers.Payout(20),
        ["report"] = () => SomePapers.Report(5),
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Every_word_and_amount_is_there_in_both_languages(string kind)
    {
        foreach (var isEnglish in new[] { false, true })
        {
            Language.Speak(isEnglish);
            var paper = Papers[kind]();
            var pdf = PaperPdf.Of(paper);
            var text = Squeezed(await ReadPdf.StructureAsync(pdf));
            Assert.All(Said(paper), words => Assert.Contains(Squeezed(words), text, StringComparison.Ordinal));
            Assert.Contains(isEnglish ? "Page 1 of" : "Pagina 1 di", await ReadPdf.TextAsync(pdf), StringComparison.Ordinal);
            Assert.Contains(ReadPdf.Streams(pdf), s => s.Contains(isEnglish ? "/Lang(en-GB)" : "/Lang(it-IT)", StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task It_is_small_and_whole_with_its_fonts_and_its_title(string kind)
    {
        var paper = Papers[kind]();
        var pdf = PaperPdf.Of(paper);
        Assert.InRange(pdf.Length, 1, BytesMax);
        var info = await ReadPdf.InfoAsync(pdf);
        Assert.Matches($"Title: +{Regex.Escape(paper.Title)}\n", info);
        Assert.Matches("Author: +Borsellino, Ambito della Valle\n", info);
        Assert.Matches("Tagged: +yes\n", info);
        Assert.Contains("(A4)", info, StringComparison.Ordinal);
        Assert.DoesNotContain("Date", info, StringComparison.Ordinal);
        var fonts = await ReadPdf.FontsAsync(pdf);
        Assert.Equal(2, fonts.Count);
        // Embedded, cut to what is used, and with the letters that its glyphs mean.
        Assert.All(fonts, font => Assert.Matches("^[A-Z]{6}\\+TitilliumWeb-(Regular|SemiBold) +CID TrueType +Identity-H +yes yes yes ", font));
        Assert.Contains(ReadPdf.Streams(pdf), s => s.Contains("/DisplayDocTitle true", StringComparison.Ordinal));
        Assert.Equal(pdf, PaperPdf.Of(paper));
    }

    [Fact]
    public async Task A_long_statement_breaks_over_pages_loses_nothing_and_adds_up()
    {
        const int Movements = 200;
        var month = SomePapers.Month(Movements);
        var pdf = PaperPdf.Of(SomePapers.Statement(Movements));
        Assert.InRange(pdf.Length, 1, BytesMax);
        var pages = (await ReadPdf.TextAsync(pdf)).Split('\f', StringSplitOptions.RemoveEmptyEntries);
        Assert.InRange(pages.Length, 4, 12);
        Assert.All(pages.Index(), p => Assert.Contains($"Pagina {p.Index + 1} di {pages.Length}", p.Item, StringComparison.Ordinal));

        // Read back as a person would: each page with rows has the headings, and every balance follows from the line before.
        var (available, rows) = (month.OpeningAvailable, 0);
        foreach (var page in pages)
        {
            var lines = Row().Matches(page);
            if (lines.Count > 0) Assert.Matches("Giorno +Che cosa +Movimento +Importo", page);
            foreach (Match line in lines)
            {
                var amount = Cents(line.Groups["amount"].Value);
                if (line.Groups["word"].Value is "Ricevuto" or "Tornato da spendere") available += amount;
                if (line.Groups["word"].Value is "Impegnato") available -= amount;
                Assert.Equal(available, Cents(line.Groups["left"].Value));
                rows++;
            }
        }

        Assert.Equal(Movements, rows);
        Assert.Equal(month.ClosingAvailable, available);
        // A heading that only repeats is not read aloud again.
        Assert.Single(Regex.Matches(await ReadPdf.StructureAsync(pdf), "\"Che cosa\"", RegexOptions.None, TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public async Task A_reader_hears_headings_and_which_heading_a_figure_stands_under()
    {
        var heard = await ReadPdf.StructureAsync(PaperPdf.Of(SomePapers.Statement(1)));
        Assert.Equal<string>(["H1", "H2", "H2", "H2"], [.. Regex.Matches(heard, @"^\s*(?<level>H\d) ", RegexOptions.Multiline | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5)).Select(m => m.Groups["level"].Value)]);
        Assert.Matches("""TH:\s+/Scope /Column\s+"Importo""", heard);
        Assert.Matches("""TH:\s+/Scope /Row\s+"1º ottobre"\s+TD\s+"Comune di Vallecorta""", heard);
        Assert.StartsWith("Figura da inquadrare", Alternative(), StringComparison.Ordinal);

        static string Alternative()
        {
            var objects = ReadPdf.Streams(PaperPdf.Of(SomePapers.Voucher())).First(s => s.Contains("/S/Figure", StringComparison.Ordinal));
            var words = Regex.Match(objects, "/Alt <FEFF(?<words>[0-9A-F]+)>", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5)).Groups["words"].Value;
            return System.Text.Encoding.BigEndianUnicode.GetString(Convert.FromHexString(words));
        }
    }

    [Fact]
    public async Task Letters_of_other_alphabets_and_pictograms_break_nothing()
    {
        var paper = SomePapers.Statement(3, "Ginnastica 🤸‍♀️ dolce, l’Étoile d’Łódź: 5 € − Ж\u0007\ud800", "Zoë Þórsdóttir-Nuñez d’Ùßé");
        var text = Squeezed(await ReadPdf.StructureAsync(PaperPdf.Of(paper)));
        Assert.Contains(Squeezed("Ginnastica dolce, l’Étoile d’Łódź: 5 € − ? di giovedì"), text, StringComparison.Ordinal);
        Assert.Contains(Squeezed("Zoë Þórsdóttir-Nuñez d’Ùßé"), text, StringComparison.Ordinal);

        // A word that fits no line is broken, not cut off.
        var endless = SomePapers.Receipt(SomePapers.Card(title: new string('W', 400), first: new string('M', 120)));
        var broken = Squeezed(await ReadPdf.StructureAsync(PaperPdf.Of(endless)));
        Assert.Contains(new string('W', 400), broken, StringComparison.Ordinal);
        Assert.Contains(new string('M', 120), broken, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Twenty_at_once_are_what_one_is()
    {
        var alone = Papers.Values.Select(p => p()).Select(p => (Paper: p, Pdf: PaperPdf.Of(p))).ToList();
        var together = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => PaperPdf.Of(alone[i % alone.Count].Paper))));
        Assert.All(together.Index(), p => Assert.Equal(alone[p.Index % alone.Count].Pdf, p.Item));
    }

    [Fact]
    public void The_vouchers_picture_is_the_code_of_its_address_square_by_square()
    {
        var paper = SomePapers.Voucher();
        var address = paper.Parts.OfType<PaperPart.Key>().Single().Address;
        using var data = QRCodeGenerator.GenerateQrCode(address, QRCodeGenerator.ECCLevel.M);
        var drawing = ReadPdf.Streams(PaperPdf.Of(paper)).Single(s => s.Contains("/Figure <</MCID", StringComparison.Ordinal));
        var bars = Bar().Matches(drawing[drawing.IndexOf("/Figure", StringComparison.Ordinal)..drawing.IndexOf("EMC", drawing.IndexOf("/Figure", StringComparison.Ordinal), StringComparison.Ordinal)])
            .Select(m => m.Groups.Values.Skip(1).Select(g => double.Parse(g.Value, CultureInfo.InvariantCulture)).ToArray()).ToList();
        // QRCoder's own white around it is four squares wide.
        var size = data.ModuleMatrix.Count - 8;
        var (left, right, bottom) = (bars.Min(b => b[0]), bars.Max(b => b[0] + b[2]), bars.Min(b => b[1]));
        var side = (right - left) / size;
        for (var row = 0; row < size; row++)
        {
            for (var column = 0; column < size; column++)
            {
                var (x, y) = (left + ((column + 0.5) * side), bottom + ((size - row - 0.5) * side));
                var isDark = bars.Exists(b => x > b[0] && x < b[0] + b[2] && y > b[1] && y < b[1] + b[3]);
                Assert.Equal(data.ModuleMatrix[row + 4][column + 4], isDark);
            }
        }
    }

    /// <summary>All that a paper says, part by part.</summary>
    private static IEnumerable<string> Said(Paper paper) => [paper.Heading, paper.Under, paper.Reference, .. paper.Beside, paper.State?.Word ?? "", .. paper.Parts.SelectMany(Said)];

    private static IEnumerable<string> Said(PaperPart part) => part switch
    {
        PaperPart.Heading heading => [heading.Words],
        PaperPart.Paragraph paragraph => [paragraph.Strong, paragraph.Text],
        PaperPart.Warning warning => [warning.Text],
        PaperPart.Points points => points.Lines,
        PaperPart.Answers answers => answers.All.SelectMany(a => new[] { a.Label, a.Answer, a.Detail ?? "" }),
        PaperPart.Sums sums => sums.All.SelectMany(s => new[] { s.Label, Display.Money(s.Amount) }),
        PaperPart.Terms terms => terms.Tally.Terms.SelectMany(t => new[] { t.Label, t.Value, t.Note ?? "" }),
        PaperPart.Key key => [key.Number, key.Pin, Display.Money(key.Worth)],
        PaperPart.Rows { Table: var table } =>
        [
            table.Caption, table.Rows.Count == 0 ? table.WhenEmpty : "", .. table.Columns.Select(c => c.Heading),
            .. table.Rows.Append(table.Totals ?? []).SelectMany(r => r).SelectMany(c => new[] { c.Shown, c.Small }),
        ],
        _ => throw new InvalidOperationException($"No words of {part.GetType().Name}."),
    };

    /// <summary>Only the letters: a reader of structure says lines apart that a page shows as one.</summary>
    private static string Squeezed(string text) => Regex.Replace(ReadPdf.Plain(text), "[\\s\"]", "", RegexOptions.None, TimeSpan.FromSeconds(5));

    private static Money Cents(string figure) => new(long.Parse(figure.Replace(".", "", StringComparison.Ordinal).Replace(",", "", StringComparison.Ordinal), CultureInfo.InvariantCulture));

    [GeneratedRegex(@"^\s*\d+º? ottobre +.+? +(?<word>Ricevuto|Impegnato|Speso|Tornato da spendere) +(?<amount>[\d.]+,\d\d) +(?<left>[\d.]+,\d\d)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Row();

    [GeneratedRegex(@"(?<x>[\d.]+) (?<y>[\d.]+) (?<width>[\d.]+) (?<height>[\d.]+) re f", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Bar();
}
