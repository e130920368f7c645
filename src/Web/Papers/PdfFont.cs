using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Borsellino.Web.Papers;

/// <summary>One font in one PDF: it remembers which letters were drawn, and is embedded with those alone.</summary>
public sealed class PdfFont(TrueTypeFont font, string name)
{
    private const int LettersPerBlock = 100;

    /// <summary>Letters our font may lack, and what stands for them.</summary>
    private static readonly Dictionary<char, string> InPlace = new()
    {
        ['\u00A0'] = " ", ['\u2009'] = " ", ['\u202F'] = " ", ['\u2060'] = "", ['\u200B'] = "", ['\u200D'] = "", ['\u00AD'] = "", ['\uFE0F'] = "",
        ['\u2011'] = "-", ['\u2212'] = "–", ['\n'] = " ", ['\r'] = "", ['\t'] = " ",
    };

    private readonly SortedDictionary<int, int> letters = [];

    /// <summary>What the font is called in a page's drawing.</summary>
    public string Name => name;

    public TrueTypeFont Face => font;

    /// <summary>
    /// What can be drawn of a text: a letter we have no drawing for loses its accents or becomes a question mark, a pictogram is left out.
    /// </summary>
    public string Drawable(string text)
    {
        if (text.All(c => font.GlyphOf(c) != 0)) return text;
        var drawable = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.IsBmp && font.GlyphOf((char)rune.Value) != 0) drawable.Append(rune);
            else if (rune.IsBmp && InPlace.TryGetValue((char)rune.Value, out var other)) drawable.Append(other);
            else if (Rune.IsLetterOrDigit(rune)) drawable.Append(rune.ToString().Normalize(NormalizationForm.FormD).FirstOrDefault(c => font.GlyphOf(c) != 0, '?'));
        }

        return drawable.ToString();
    }

    public double WidthOf(ReadOnlySpan<char> drawable, double size)
    {
        var width = 0;
        foreach (var letter in drawable) width += font.WidthOf(font.GlyphOf(letter));
        return width * size / 1000;
    }

    /// <summary>The text as a page's drawing names it, glyph by glyph.</summary>
    public string Encode(string drawable)
    {
        var code = new StringBuilder("<", (4 * drawable.Length) + 2);
        foreach (var letter in drawable)
        {
            var glyph = font.GlyphOf(letter);
            // Two letters may share a drawing; the first of the alphabet is the one that is read aloud.
            if (!letters.TryGetValue(glyph, out var first) || letter < first) letters[glyph] = letter;
            code.Append(CultureInfo.InvariantCulture, $"{glyph:X4}");
        }

        return code.Append('>').ToString();
    }

    /// <summary>Writes the font into the file; the number of the object that pages point to.</summary>
    public int Embed(PdfFile file)
    {
        var cut = font.With(letters.Keys);
        var called = $"{Tag(cut)}+{font.Name}";
        var content = file.AddStream($"/Length1 {cut.Length}", cut);
        var descriptor = file.Add(
            $"<</Type/FontDescriptor/FontName/{called}/Flags 32/FontBBox[{string.Join(' ', font.Box)}]/ItalicAngle 0/Ascent {font.Ascent}"
            + $"/Descent {font.Descent}/CapHeight {font.CapHeight}/StemV 80/FontFile2 {content} 0 R>>");
        var widths = string.Join(' ', letters.Keys.Select(g => $"{g}[{font.WidthOf(g)}]"));
        var descendant = file.Add(
            $"<</Type/Font/Subtype/CIDFontType2/BaseFont/{called}/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
            + $"/FontDescriptor {descriptor} 0 R/CIDToGIDMap/Identity/DW 500/W[{widths}]>>");
        var meaning = file.AddStream("", Encoding.ASCII.GetBytes(Meaning()));
        return file.Add(
            $"<</Type/Font/Subtype/Type0/BaseFont/{called}/Encoding/Identity-H/DescendantFonts[{descendant} 0 R]/ToUnicode {meaning} 0 R>>");
    }

    /// <summary>Which letter each glyph is, for those who search, copy or listen.</summary>
    private string Meaning()
    {
        var blocks = letters.Chunk(LettersPerBlock).Select(block =>
            $"{block.Length} beginbfchar\n{string.Join('\n', block.Select(l => $"<{l.Key:X4}><{l.Value:X4}>"))}\nendbfchar\n");
        return $"""
            /CIDInit /ProcSet findresource begin
            12 dict begin
            begincmap
            /CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
            /CMapName /Adobe-Identity-UCS def
            /CMapType 2 def
            1 begincodespacerange
            <0000><FFFF>
            endcodespacerange
            {string.Concat(blocks)}endcmap
            CMapName currentdict /CMap defineresource pop
            end
            end
            """;
    }

    /// <summary>Six letters that tell this cut of the font from others, as PDF asks for them.</summary>
    private static string Tag(byte[] cut) => string.Concat(SHA256.HashData(cut)[..6].Select(b => (char)('A' + (b % 26))));
}
