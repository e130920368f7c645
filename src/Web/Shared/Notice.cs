using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Borsellino.Web.Shared;

/// <summary>A sentence that must not be missed. <c>announce</c> reads it aloud after an act.</summary>
[HtmlTargetElement("notice")]
public sealed class NoticeTagHelper(Icons icons) : TagHelper
{
    public Tone Tone { get; set; } = Tone.Info;
    public string? Heading { get; set; }
    public string? Icon { get; set; }
    public bool Announce { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "div";
        output.Attributes.SetAttribute("class", $"notice notice-{Tone.Suffix()}");
        if (Announce) output.Attributes.SetAttribute("role", Tone == Tone.Bad ? "alert" : "status");
        var before = output.PreContent;
        before.AppendHtml(icons.Draw(string.IsNullOrEmpty(Icon) ? Tone.Icon() : Icon)).AppendHtml("<div class=\"notice-text\">");
        if (Heading is not null)
            before.AppendHtml("<p class=\"notice-heading\">").Append(Heading).AppendHtml("</p>");
        output.PostContent.SetHtmlContent("</div>");
    }
}

/// <summary>What a list says when it is empty: why, and what to do now.</summary>
[HtmlTargetElement("empty-state")]
public sealed class EmptyStateTagHelper(Icons icons) : TagHelper
{
    public string Icon { get; set; } = "it-inbox";
    public string Heading { get; set; } = "";

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "div";
        output.Attributes.SetAttribute("class", "empty-state");
        output.PreContent.AppendHtml(icons.Draw(Icon)).AppendHtml("<p class=\"empty-heading\">")
            .AppendHtml(HtmlEncoder.Default.Encode(Heading)).AppendHtml("</p>");
    }
}
