using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.Officers;

/// <summary>Adds a service class, or changes its names, its words and where it stands. The code is chosen once.</summary>
public sealed class WriteClassModel(ServiceClasses classes, CurrentPlace place) : PageModel
{
    /// <summary>The code of the class that is changed; empty for a new one.</summary>
    [BindProperty(SupportsGet = true, Name = "codice")]
    public string? Known { get; set; }

    [BindProperty] public string? Code { get; set; }
    [BindProperty] public string? NameIt { get; set; }
    [BindProperty] public string? NameEn { get; set; }
    [BindProperty] public string? Parent { get; set; }
    [BindProperty] public string? Synonyms { get; set; }
    [BindProperty] public string? Icon { get; set; }
    [BindProperty] public string? Position { get; set; } = "100";

    public ClassTree Tree { get; private set; } = new([]);

    /// <summary>Where it may stand: not below itself.</summary>
    public IEnumerable<ServiceClass> Parents => IsNew ? Tree.All : Tree.All.Where(c => !Tree.Within(Known!).Contains(c.Code, StringComparer.Ordinal));

    public IEnumerable<string> Icons => Tree.All.Select(c => c.Icon).Append("it-box").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    public bool IsNew => string.IsNullOrEmpty(Known);

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        Tree = await classes.TreeAsync(place.Territory, cancel);
        if (IsNew) return Page();
        if (Tree.Find(Known) is not { } known) return NotFound();
        (Code, NameIt, NameEn, Parent, Synonyms, Icon, Position) = (known.Code, known.NameIt, known.NameEn, known.ParentCode, known.Synonyms, known.Icon, $"{known.Position}");
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        Tree = await classes.TreeAsync(place.Territory, cancel);
        if (!IsNew && Tree.Find(Known) is null) return NotFound();
        var it = (NameIt ?? "").Trim();
        var written = new ServiceClass(
            IsNew ? (Code ?? "").Trim() : Known!, string.IsNullOrEmpty(Parent) ? null : Parent, it, (NameEn ?? "").Trim() is { Length: > 0 } en ? en : it,
            Icons.Contains(Icon, StringComparer.Ordinal) ? Icon! : "it-box", (Synonyms ?? "").Trim(), (short)(Typed.Whole(Position) is { } p and >= 0 and <= ServiceClasses.PositionMax ? p : -1));
        foreach (var fault in ServiceClasses.Faults(written)) ModelState.AddModelError(FieldOf(fault), RefusalText.For(fault));
        if (!ModelState.IsValid) return Page();
        if (!(await classes.WriteAsync(place.Territory, written, IsNew, cancel)).IsRefused(out var refusal)) return LocalRedirect($"~/comune/tipologie/{written.Code}?fatto=scritta");
        ModelState.AddModelError(FieldOf(refusal), RefusalText.For(refusal));
        return Page();
    }

    private static string FieldOf(Refusal refusal) => refusal switch
    {
        FieldRefusal { Field: "code" } => nameof(Code),
        FieldRefusal { Field: "name_it" } => nameof(NameIt),
        FieldRefusal { Field: "name_en" } => nameof(NameEn),
        FieldRefusal { Field: "synonyms" } => nameof(Synonyms),
        FieldRefusal { Field: "position" } => nameof(Position),
        ServiceClassNotFound or ServiceClassCycle => nameof(Parent),
        _ => "",
    };
}
