using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Borsellino.Web.Shared;

/// <summary>A state in one to four words, its icon first: <c>&lt;chip tone="Ok"&gt;quadra&lt;/chip&gt;</c></summary>
[HtmlTargetElement("chip")]
public sealed class ChipTagHelper(Icons icons) : TagHelper
{
    public Tone Tone { get; set; }

    /// <summary>Another icon than the tone's own.</summary>
    public string? Icon { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "span";
        output.Attributes.SetAttribute("class", $"flag flag-{Tone.Suffix()}");
        output.PreContent.SetHtmlContent(icons.Draw(string.IsNullOrEmpty(Icon) ? Tone.Icon() : Icon));
    }
}
