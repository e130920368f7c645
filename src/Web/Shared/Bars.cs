using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Borsellino.Web.Shared;

/// <summary>One piece of a bar: its class says the colour, <paramref name="Striped"/> that it is only held.</summary>
public sealed record BarPiece(long Cents, string Class, bool Striped = false);

/// <summary>Bars are one SVG whose widths are attributes: the page's policy allows no inline style.</summary>
public static class Bar
{
    // Stripes lie over the piece's own pale colour: held money is told without telling colours apart.
    private const string Stripe = "M-3 3 3-3M0 12 12 0M9 15 15 9";

    /// <summary>Draws the pieces side by side. With no label the bar is skipped: words beside it say the same.</summary>
    public static IHtmlContent Draw(IEnumerable<BarPiece> pieces, string classes, string? label = null)
    {
        var drawn = pieces.Where(piece => piece.Cents > 0).ToList();
        var total = drawn.Sum(piece => piece.Cents);
        var svg = new StringBuilder($"<svg class=\"{classes}\" focusable=\"false\" ");
        svg.Append(label is null ? "aria-hidden=\"true\">" : $"role=\"img\" aria-label=\"{HtmlEncoder.Default.Encode(label)}\">");
        foreach (var kind in drawn.Where(piece => piece.Striped).Select(piece => piece.Class).Distinct(StringComparer.Ordinal))
            svg.Append(Pattern(kind));
        long before = 0;
        foreach (var piece in drawn)
        {
            var at = Share(before, total);
            svg.Append(Rectangle(piece.Striped ? $"fill=\"url(#held-{piece.Class})\"" : $"class=\"bar-full {piece.Class}\"", at,
                Share(piece.Cents, total)));
            if (before > 0) svg.Append(Rectangle("class=\"bar-gap\"", at, "2"));
            before += piece.Cents;
        }
        return new HtmlString(svg.Append("</svg>").ToString());
    }

    private static string Pattern(string kind) =>
        $"<defs><pattern id=\"held-{kind}\" class=\"{kind}\" width=\"12\" height=\"12\" patternUnits=\"userSpaceOnUse\">"
        + $"<rect class=\"bar-pale\" width=\"12\" height=\"12\"/><path class=\"bar-stripe\" d=\"{Stripe}\"/></pattern></defs>";

    private static string Rectangle(string look, string at, string width) =>
        $"<rect {look} x=\"{at}\" width=\"{width}\" height=\"100%\"/>";

    private static string Share(long part, long whole) =>
        (100m * part / whole).ToString("0.###", CultureInfo.InvariantCulture) + "%";
}

/// <summary>Whose money: <c>&lt;fund-bar shares="Model.Shares" /&gt;</c>. The key in words belongs below it.</summary>
[HtmlTargetElement("fund-bar", TagStructure = TagStructure.WithoutEndTag)]
public sealed class FundBarTagHelper : TagHelper
{
    public IReadOnlyList<FundShare> Shares { get; set; } = [];

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = null;
        output.Content.SetHtmlContent(Bar.Draw(
            Shares.SelectMany<FundShare, BarPiece>(share =>
            [
                new(share.Free.Cents, $"fund-{share.Colour}"),
                new(share.Held.Cents, $"fund-{share.Colour}", Striped: true),
            ]), "bar bar-fund"));
    }
}

/// <summary>How a budget stands, always in this order: spent, held, free in purses, still to be granted.</summary>
[HtmlTargetElement("budget-bar", TagStructure = TagStructure.WithoutEndTag)]
public sealed class BudgetBarTagHelper : TagHelper
{
    public long Spent { get; set; }
    public long Held { get; set; }
    public long Free { get; set; }
    public long Left { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = null;
        output.Content.SetHtmlContent(Bar.Draw(
            [new(Spent, "part-spent"), new(Held, "part-held"), new(Free, "part-free"), new(Left, "part-left")],
            "bar bar-budget"));
    }
}

/// <summary>The little square of a key: <c>&lt;swatch of="fund-2" /&gt;</c>, striped when it is held.</summary>
[HtmlTargetElement("swatch", TagStructure = TagStructure.WithoutEndTag)]
public sealed class SwatchTagHelper : TagHelper
{
    public string Of { get; set; } = "";

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = null;
        output.Content.SetHtmlContent(
            $"<svg class=\"swatch\" aria-hidden=\"true\" focusable=\"false\"><rect class=\"bar-full {Of}\" width=\"100%\" height=\"100%\"/></svg>");
    }
}
