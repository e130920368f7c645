using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc.TagHelpers;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Borsellino.Web.Shared;

/// <summary>An amount on a page, never broken across lines.</summary>
public static class Amount
{
    /// <summary>For a sentence with an amount inside: <c>@T.Html("e {0} impegnati", Amount.Html(cents))</c>.</summary>
    public static IHtmlContent Html(long cents) =>
        new HtmlString($"<span class=\"amount\">{HtmlEncoder.Default.Encode(Display.Money(cents))}</span>");
}

/// <summary><c>&lt;money cents="41250" size="hero" /&gt;</c>; sizes are <c>row</c>, <c>card</c> and <c>hero</c>.</summary>
[HtmlTargetElement("money", TagStructure = TagStructure.WithoutEndTag)]
public sealed class MoneyTagHelper : TagHelper
{
    public long Cents { get; set; }
    public string? Size { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "span";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", Size is null ? "amount" : $"amount amount-{Size}");
        output.Content.SetContent(Display.Money(Cents));
    }
}

/// <summary>A figure in a table cell: <c>&lt;td figure="41250" label="Speso"&gt;</c>. Zero is in soft ink.</summary>
[HtmlTargetElement("td", Attributes = "figure")]
public sealed class FigureTagHelper : TagHelper
{
    /// <summary>Cents; nothing leaves the cell empty.</summary>
    public long? Figure { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.AddClass("digits", HtmlEncoder.Default);
        if (Figure is 0) output.AddClass("is-zero", HtmlEncoder.Default);
        if (Figure is { } cents) output.Content.SetContent(Display.Figure(cents));
    }
}
