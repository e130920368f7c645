using Microsoft.AspNetCore.Razor.TagHelpers;
using NodaTime;

namespace Borsellino.Web.Shared;

/// <summary>A leaf of the calendar: <c>&lt;calendar-leaf day="visit.Day" /&gt;</c></summary>
[HtmlTargetElement("calendar-leaf", TagStructure = TagStructure.WithoutEndTag)]
public sealed class LeafTagHelper : TagHelper
{
    public LocalDate Day { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "time";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "leaf");
        output.Attributes.SetAttribute("datetime", Day.ToString("uuuu-MM-dd", null));
        output.Content.AppendHtml("<span class=\"leaf-weekday\">").Append(Display.Weekday(Day))
            .AppendHtml("</span> <span class=\"leaf-day\">").Append(Day.Day.ToString(System.Globalization.CultureInfo.InvariantCulture))
            .AppendHtml("</span> <span class=\"leaf-month\">").Append(Display.MonthName(Day)).AppendHtml("</span>");
    }
}
