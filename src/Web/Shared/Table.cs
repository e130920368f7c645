using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Borsellino.Web.Shared;

/// <summary>
/// Gives every part of a table its role in words: on a phone the style sheet turns rows into cards, and browsers
/// then forget that it was a table. <c>label</c> on a cell is the heading it shows in its card.
/// </summary>
[HtmlTargetElement("table")]
[HtmlTargetElement("thead")]
[HtmlTargetElement("tbody")]
[HtmlTargetElement("tfoot")]
[HtmlTargetElement("tr")]
[HtmlTargetElement("th")]
[HtmlTargetElement("td")]
public sealed class TableTagHelper : TagHelper
{
    public string? Label { get; set; }

    // After FigureTagHelper, so that an empty figure is seen as such.
    public override int Order => 10;

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        if (Label is not null) output.Attributes.SetAttribute("data-label", Label);
        if (output.Attributes.ContainsName("role")) return;
        output.Attributes.SetAttribute("role", output.TagName switch
        {
            "table" => "table",
            "thead" or "tbody" or "tfoot" => "rowgroup",
            "tr" => "row",
            "td" => "cell",
            _ => HeadsARow(output) ? "rowheader" : "columnheader",
        });
    }

    private static bool HeadsARow(TagHelperOutput output) =>
        output.Attributes.TryGetAttribute("scope", out var scope) && scope.Value?.ToString() is "row" or "rowgroup";
}
