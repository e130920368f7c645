using System.Globalization;
using System.Text;

namespace Borsellino.Web.Papers;

/// <summary>A page of A4 and what is drawn on it. Places are points from the upper left corner; a point is 1/72 of an inch.</summary>
public sealed class PdfPage(int number)
{
    public const double Width = 595.28, Height = 841.89;

    private readonly StringBuilder drawing = new();
    private readonly List<PdfTag> marked = [];

    /// <summary>The number of the page's object.</summary>
    public int Number => number;

    /// <summary>Whose each mark is, in the order of the marks.</summary>
    public IReadOnlyList<PdfTag> Marked => marked;

    /// <summary>What is drawn from here to <see cref="End"/> belongs to an element.</summary>
    public void Begin(PdfTag tag)
    {
        tag.Draw(this, marked.Count);
        Put($"/{tag.Role} <</MCID {marked.Count}>> BDC");
        marked.Add(tag);
    }

    /// <summary>What is drawn from here to <see cref="End"/> says nothing: rules, grounds, what is repeated on each page.</summary>
    public void BeginOrnament() => Put($"/Artifact BMC");

    public void End() => Put($"EMC");

    public void Text(PdfFont font, double size, double x, double y, string drawable, Ink ink, double spacing = 0) =>
        Put($"BT {ink.Code} rg /{font.Name} {size:0.##} Tf {spacing:0.##} Tc 1 0 0 1 {x:0.##} {Height - y:0.##} Tm {font.Encode(drawable)} Tj ET");

    public void Rule(double x, double y, double width, double thickness, Ink ink) => Fill(x, y - (thickness / 2), width, thickness, ink);

    public void Fill(double x, double y, double width, double height, Ink ink) =>
        Put($"{ink.Code} rg {x:0.##} {Height - y - height:0.##} {width:0.##} {height:0.##} re f");

    public void Frame(double x, double y, double width, double height, double thickness, Ink ink) =>
        Put($"{ink.Code} RG {thickness:0.##} w {x:0.##} {Height - y - height:0.##} {width:0.##} {height:0.##} re S");

    /// <summary>A shape told in its own measure, its upper left corner at a place.</summary>
    public void Shape(double x, double y, double scale, string path, Ink ink) =>
        Put($"q {ink.Code} rg {scale:0.####} 0 0 {-scale:0.####} {x:0.##} {Height - y:0.##} cm {path} f Q");

    public byte[] ToBytes() => Encoding.ASCII.GetBytes(drawing.ToString());

    private void Put(FormattableString words) => drawing.AppendFormat(CultureInfo.InvariantCulture, words.Format, words.GetArguments()).Append('\n');
}

/// <summary>A colour, from nothing to all of red, green and blue.</summary>
public sealed record Ink(int Red, int Green, int Blue)
{
    public static readonly Ink Black = new(0, 0, 0);
    public static readonly Ink Soft = new(68, 68, 68);
    public static readonly Ink Line = new(176, 176, 176);
    public static readonly Ink Ground = new(242, 242, 242);

    /// <summary>As a page's drawing names it.</summary>
    public string Code { get; } = string.Create(CultureInfo.InvariantCulture, $"{Red / 255.0:0.###} {Green / 255.0:0.###} {Blue / 255.0:0.###}");
}
