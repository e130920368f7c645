using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Mvc.TagHelpers;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Borsellino.Web.Shared;

/// <summary>What happened and what comes next, as a list of <c>&lt;moment&gt;</c>.</summary>
[HtmlTargetElement("timeline")]
public sealed class TimelineTagHelper : TagHelper
{
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "ol";
        output.Attributes.SetAttribute("class", "timeline");
    }
}

/// <summary>One moment of a timeline; <c>done</c> fills its dot.</summary>
[HtmlTargetElement("moment", ParentTag = "timeline")]
public sealed class MomentTagHelper : TagHelper
{
    public string When { get; set; } = "";
    public bool Done { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "li";
        if (Done) output.AddClass("is-done", HtmlEncoder.Default);
        output.PreContent.AppendHtml("<span class=\"timeline-when\">").Append(When).AppendHtml("</span><div>");
        output.PostContent.SetHtmlContent("</div>");
    }
}
