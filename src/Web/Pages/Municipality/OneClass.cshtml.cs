using System.Text;
using System.Text.RegularExpressions;
using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Borsellino.Web.Pages.Officers;

/// <summary>One service class: how it is taxed from which day, and which documents providers show for it. Nothing said is rewritten; it ends.</summary>
public sealed partial class OneClassModel(ServiceClasses classes, ClassTaxes taxes, RequiredDocuments documents, CurrentPlace place, SignedIn visitor, IClock clock) : PageModel
{
    public ServiceClass Class { get; private set; } = null!;
    public IReadOnlyList<ServiceClass> Path { get; private set; } = [];

    /// <summary>What holds today, perhaps said of a class above; null where nothing is said.</summary>
    public ClassTax? Now { get; private set; }

    public IReadOnlyList<ClassTax> Said { get; private set; } = [];
    public IReadOnlyList<RequiredDocument> Required { get; private set; } = [];
    public LocalDate Today => clock.Today();

    [BindProperty] public Id<ClassTax> TaxId { get; set; }
    [BindProperty] public string? Letter { get; set; }
    [BindProperty] public string? Vat { get; set; }
    [BindProperty] public string? Nature { get; set; }
    [BindProperty] public string? Reference { get; set; }
    [BindProperty] public string? TaxFrom { get; set; }

    [BindProperty] public Id<RequiredDocument> DocumentId { get; set; }
    [BindProperty] public string? NameIt { get; set; }
    [BindProperty] public string? NameEn { get; set; }
    [BindProperty] public bool Ends { get; set; }
    [BindProperty] public string? DocumentFrom { get; set; }

    /// <summary>What has just been done, as the address says it: <c>scritta</c>.</summary>
    [BindProperty(SupportsGet = true, Name = "fatto")]
    public string? Done { get; set; }

    public async Task<IActionResult> OnGetAsync(string code, CancellationToken cancel)
    {
        if (!await ReadAsync(code, cancel)) return NotFound();
        (TaxId, DocumentId, TaxFrom, DocumentFrom) = (Id<ClassTax>.New(), Id<RequiredDocument>.New(), Days.Iso(Today), Days.Iso(Today));
        return Page();
    }

    public async Task<IActionResult> OnPostTaxAsync(string code, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        if (!await ReadAsync(code, cancel)) return NotFound();
        WelfareLetter? letter = Enum.TryParse<WelfareLetter>(Letter, out var known) && Enum.IsDefined(known) ? known : null;
        if (Days.Read(TaxFrom) is not { } from || from < Today) ModelState.AddModelError(nameof(TaxFrom), RefusalText.For(new ClassTaxWrong("from")));
        if (Typed.Percent(Vat) is null) ModelState.AddModelError(nameof(Vat), RefusalText.For(new ClassTaxWrong("vat")));
        if ((Reference ?? "").Trim().Length is < ClassTaxes.ReferenceMin or > ClassTaxes.ReferenceMax)
            ModelState.AddModelError(nameof(Reference), RefusalText.For(new ClassTaxWrong("reference")));
        if (!ModelState.IsValid || Typed.Percent(Vat) is not { } vat) return Page();
        var tax = new ClassTax(TaxId, code, letter, vat, (Nature ?? "").Trim().ToUpperInvariant(), Reference!, Days.Read(TaxFrom)!.Value, null);
        return Answer(await taxes.SetAsync(place.Territory, tax, visitor.UserId, cancel), code);
    }

    public async Task<IActionResult> OnPostDocumentAsync(string code, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        if (!await ReadAsync(code, cancel)) return NotFound();
        var it = (NameIt ?? "").Trim();
        var en = (NameEn ?? "").Trim() is { Length: > 0 } english ? english : it;
        if (it.Length is < 3 or > 120) ModelState.AddModelError(nameof(NameIt), RefusalText.For(new TextLength("name_it", 3, 120)));
        if (en.Length > 120) ModelState.AddModelError(nameof(NameEn), RefusalText.For(new TextLength("name_en", 3, 120)));
        if (Days.Read(DocumentFrom) is not { } from || from < Today) ModelState.AddModelError(nameof(DocumentFrom), RefusalText.For(new ClassTaxWrong("from")));
        if (!ModelState.IsValid) return Page();
        var document = new RequiredDocument(DocumentId, Slug(it), code, it, en, Ends, Days.Read(DocumentFrom)!.Value, null);
        return Answer(await documents.PutAsync(place.Territory, document, cancel), code);
    }

    public async Task<IActionResult> OnPostEndAsync(string code, Id<RequiredDocument> document, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        if (!await ReadAsync(code, cancel) || (await documents.EndAsync(place.Territory, document, Today, cancel)).IsRefused(out _)) return NotFound();
        return LocalRedirect($"~/comune/tipologie/{code}");
    }

    private IActionResult Answer(Result<Done> result, string code)
    {
        if (!result.IsRefused(out var refusal)) return LocalRedirect($"~/comune/tipologie/{code}");
        ModelState.AddModelError(
            refusal is FieldRefusal field ? field.Field switch { "from" => nameof(TaxFrom), "nature" => nameof(Nature), "vat" => nameof(Vat), _ => nameof(Reference) } : "",
            RefusalText.For(refusal));
        return Page();
    }

    private async Task<bool> ReadAsync(string code, CancellationToken cancel)
    {
        var tree = await classes.TreeAsync(place.Territory, cancel);
        if (tree.Find(code) is not { } found) return false;
        (Class, Path) = (found, tree.PathTo(code));
        Now = await taxes.OnAsync(place.Territory, Path, Today, cancel);
        Said = await taxes.OfClassAsync(place.Territory, code, cancel);
        Required = await documents.OfClassAsync(place.Territory, code, Today, cancel);
        return true;
    }

    /// <summary>The code of a document, from its name: "Polizza RC" is <c>polizza-rc</c>.</summary>
    private static string Slug(string name)
    {
        var plain = string.Concat(name.Normalize(NormalizationForm.FormD).ToLowerInvariant().Where(char.IsAscii));
        var slug = NotInSlugs().Replace(plain, "-").Trim('-');
        return slug.Length < 2 ? "documento" : slug[..Math.Min(40, slug.Length)].TrimEnd('-');
    }

    [GeneratedRegex("[^a-z0-9]+", RegexOptions.CultureInvariant, 1_000)]
    private static partial Regex NotInSlugs();
}
