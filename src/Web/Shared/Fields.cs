using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Mvc.TagHelpers;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Borsellino.Web.Shared;

/// <summary>
/// A question of a form: label, hint, what is wrong with the answer, and the control inside it.
/// The control carries <c>id</c> = <see cref="IdOf"/> and <c>aria-describedby</c> by way of <c>&lt;input field-for&gt;</c>.
/// </summary>
[HtmlTargetElement("field")]
public sealed class FieldTagHelper(Icons icons) : TagHelper
{
    public ModelExpression For { get; set; } = null!;
    public string Label { get; set; } = "";
    public string? Hint { get; set; }

    [ViewContext, HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = null!;

    /// <summary>The id of a control, from the name its value is bound by.</summary>
    public static string IdOf(string name) => TagBuilder.CreateSanitizedId(name, "_");

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        var id = IdOf(For.Name);
        var error = FirstError(ViewContext.ModelState, For.Name);
        output.TagName = "div";
        output.AddClass("field", HtmlEncoder.Default);
        if (error is not null) output.AddClass("is-wrong", HtmlEncoder.Default);
        var before = output.PreContent;
        before.AppendHtml($"<label for=\"{id}\">").Append(Label).AppendHtml("</label>");
        if (Hint is not null) before.AppendHtml($"<p class=\"field-hint\" id=\"{id}-hint\">").Append(Hint).AppendHtml("</p>");
        if (error is not null)
        {
            before.AppendHtml($"<p class=\"field-error\" id=\"{id}-error\">").AppendHtml(icons.Draw("it-error"))
                .Append(error).AppendHtml("</p>");
        }
        context.Items[typeof(FieldTagHelper)] = string.Join(' ',
            new[] { Hint is null ? null : $"{id}-hint", error is null ? null : $"{id}-error" }.OfType<string>());
        output.Content.SetHtmlContent(await output.GetChildContentAsync());
    }

    /// <summary>The first thing wrong with a field, or nothing.</summary>
    public static string? FirstError(ModelStateDictionary state, string name) =>
        state.TryGetValue(name, out var entry) && entry.Errors.Count > 0 ? entry.Errors[0].ErrorMessage : null;
}

/// <summary>Inside a <c>&lt;field&gt;</c>, ties the control to its hint and to its error.</summary>
[HtmlTargetElement("input", Attributes = "asp-for")]
[HtmlTargetElement("select", Attributes = "asp-for")]
[HtmlTargetElement("textarea", Attributes = "asp-for")]
public sealed class DescribedControlTagHelper : TagHelper
{
    [HtmlAttributeName("asp-for")]
    public ModelExpression For { get; set; } = null!;

    [ViewContext, HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = null!;

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        if (context.Items.TryGetValue(typeof(FieldTagHelper), out var ids) && ids is string { Length: > 0 } described)
            output.Attributes.SetAttribute("aria-describedby", described);
        if (FieldTagHelper.FirstError(ViewContext.ModelState, For.Name) is not null)
            output.Attributes.SetAttribute("aria-invalid", "true");
    }
}

/// <summary>A file to choose, with what may be in it: <c>&lt;file-field for="Upload" label="…" accept=".csv" /&gt;</c></summary>
[HtmlTargetElement("file-field", TagStructure = TagStructure.WithoutEndTag)]
public sealed class FileFieldTagHelper(Icons icons) : TagHelper
{
    public ModelExpression For { get; set; } = null!;
    public string Label { get; set; } = "";
    public string? Hint { get; set; }
    public string? Accept { get; set; }

    [ViewContext, HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = null!;

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        var id = FieldTagHelper.IdOf(For.Name);
        var error = FieldTagHelper.FirstError(ViewContext.ModelState, For.Name);
        output.TagName = "div";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", error is null ? "field file-field" : "field file-field is-wrong");
        var content = output.Content;
        content.AppendHtml($"<label for=\"{id}\">").AppendHtml(icons.Draw("it-upload")).Append(Label).AppendHtml("</label>");
        if (Hint is not null) content.AppendHtml($"<p class=\"field-hint\" id=\"{id}-hint\">").Append(Hint).AppendHtml("</p>");
        if (error is not null)
        {
            content.AppendHtml($"<p class=\"field-error\" id=\"{id}-error\">").AppendHtml(icons.Draw("it-error"))
                .Append(error).AppendHtml("</p>");
        }
        var input = new TagBuilder("input") { TagRenderMode = TagRenderMode.SelfClosing };
        input.Attributes["type"] = "file";
        input.Attributes["id"] = id;
        input.Attributes["name"] = For.Name;
        input.Attributes["required"] = "";
        if (Accept is not null) input.Attributes["accept"] = Accept;
        if (Hint is not null || error is not null)
            input.Attributes["aria-describedby"] = error is null ? $"{id}-hint" : Hint is null ? $"{id}-error" : $"{id}-hint {id}-error";
        if (error is not null) input.Attributes["aria-invalid"] = "true";
        content.AppendHtml(input);
    }
}

/// <summary>On top of a form that came back: everything that is wrong, each a link to its field.</summary>
[HtmlTargetElement("error-summary", TagStructure = TagStructure.WithoutEndTag)]
public sealed class ErrorSummaryTagHelper(Icons icons, Texts texts) : TagHelper
{
    [ViewContext, HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = null!;

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        var errors = ViewContext.ModelState
            .SelectMany(pair => pair.Value!.Errors.Select(error => (Name: pair.Key, Text: error.ErrorMessage))).ToList();
        if (errors.Count == 0)
        {
            output.SuppressOutput();
            return;
        }
        output.TagName = "section";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "error-summary");
        output.Attributes.SetAttribute("role", "alert");
        output.Attributes.SetAttribute("aria-labelledby", "error-summary");
        output.Attributes.SetAttribute("tabindex", "-1");
        var content = output.Content;
        content.AppendHtml("<h2 id=\"error-summary\">").AppendHtml(icons.Draw("it-error"))
            .Append(texts.Count(errors.Count, "C’è una cosa da correggere", "Ci sono {0} cose da correggere"))
            .AppendHtml("</h2><ul>");
        foreach (var (name, text) in errors)
        {
            content.AppendHtml("<li>");
            if (name.Length == 0) content.Append(text);
            else content.AppendHtml($"<a href=\"#{FieldTagHelper.IdOf(name)}\">").Append(text).AppendHtml("</a>");
            content.AppendHtml("</li>");
        }
        content.AppendHtml("</ul>");
    }
}
