using System.Text.Encodings.Web;
using Borsellino.Ledger;
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

    /// <inheritdoc cref="Html(long)"/>
    public static IHtmlContent Html(Money amount) => Html(amount.Cents);
}

/// <summary><c>&lt;money of="purse.Free" size="hero" /&gt;</c>, or <c>cents="41250"</c>; sizes are <c>row</c>, <c>card</c> and <c>hero</c>.</summary>
[HtmlTargetElement("money", TagStructure = TagStructure.WithoutEndTag)]
public sealed class MoneyTagHelper : TagHelper
{
    public Money? Of { get; set; }
    public long Cents { get; set; }
    public string? Size { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "span";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", Size is null ? "amount" : $"amount amount-{Size}");
        output.Content.SetContent(Display.Money(Of?.Cents ?? Cents));
    }
}

/// <summary>
/// A figure in a table cell: <c>&lt;td amount="row.Spent" label="Speso"&gt;</c>, or <c>figure</c> in cents. Zero is in
/// soft ink.
/// </summary>
[HtmlTargetElement("td", Attributes = "figure")]
[HtmlTargetElement("td", Attributes = "amount")]
public sealed class FigureTagHelper : TagHelper
{
    public Money? Amount { get; set; }

    /// <summary>Cents; nothing leaves the cell empty.</summary>
    public long? Figure { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        var figure = Amount?.Cents ?? Figure;
        output.AddClass("digits", HtmlEncoder.Default);
        if (figure is 0) output.AddClass("is-zero", HtmlEncoder.Default);
        if (figure is { } cents) output.Content.SetContent(Display.Figure(cents));
    }
}
