using System.Globalization;
using System.Text;

namespace Borsellino.Web.Papers;

/// <summary>
/// One element of a PDF's structure: a heading, a paragraph, a cell. Screen readers follow these, in their order, and not the places
/// of the drawing.
/// </summary>
public sealed class PdfTag(string role)
{
    private readonly List<PdfTag> parts = [];
    private readonly List<(PdfPage Page, int Mark)> drawn = [];

    public string Role => role;

    /// <summary>Further entries, such as the scope of a heading cell or the words for a picture.</summary>
    public string Entries { get; init; } = "";

    /// <summary>The number of its object, once it is written.</summary>
    public int Number { get; private set; }

    public PdfTag Add(PdfTag part)
    {
        parts.Add(part);
        return part;
    }

    public PdfTag Add(string role, string entries = "") => Add(new PdfTag(role) { Entries = entries });

    /// <summary>What is drawn under a mark of a page is this element's.</summary>
    public void Draw(PdfPage page, int mark) => drawn.Add((page, mark));

    /// <summary>Writes the element and what is below it. Elements without anything in them are left out.</summary>
    public void Write(PdfFile file, int parent)
    {
        Number = file.Reserve();
        var kids = new StringBuilder();
        foreach (var (page, mark) in drawn)
        {
            kids.Append(CultureInfo.InvariantCulture, $"<</Type/MCR/Pg {page.Number} 0 R/MCID {mark}>>");
        }

        foreach (var part in parts)
        {
            part.Write(file, Number);
            kids.Append(CultureInfo.InvariantCulture, $"{part.Number} 0 R ");
        }

        file.Set(Number, $"<</Type/StructElem/S/{role}/P {parent} 0 R{Entries}/K[{kids}]>>");
    }
}
