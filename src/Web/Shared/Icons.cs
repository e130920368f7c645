using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Borsellino.Web.Shared;

/// <summary>Draws from Bootstrap Italia's sprite. An icon always stands beside a word, so readers skip it.</summary>
public sealed class Icons(IFileVersionProvider versions, IHttpContextAccessor accessor)
{
    private const string Sprite = "/lib/bootstrap-italia/svg/sprites.svg";
    private string? address;

    /// <param name="name">The symbol's name in the sprite: <c>it-search</c>.</param>
    /// <param name="classes">Further classes of the drawing.</param>
    public IHtmlContent Draw(string name, string? classes = null)
    {
        var pathBase = accessor.HttpContext?.Request.PathBase ?? PathString.Empty;
        address ??= versions.AddFileVersionToPath(pathBase, pathBase + Sprite);
        var encode = HtmlEncoder.Default;
        return new HtmlString(
            $"""<svg class="icon {encode.Encode(classes ?? "")}" aria-hidden="true" focusable="false"><use href="{encode.Encode(address)}#{encode.Encode(name)}"></use></svg>""");
    }
}

/// <summary><c>&lt;icon name="it-search" /&gt;</c></summary>
[HtmlTargetElement("icon", TagStructure = TagStructure.WithoutEndTag)]
public sealed class IconTagHelper(Icons icons) : TagHelper
{
    public string Name { get; set; } = "";
    public string? Class { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = null;
        output.Content.SetHtmlContent(icons.Draw(Name, Class));
        output.TagMode = TagMode.StartTagAndEndTag;
    }
}
