using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.Desk;

/// <summary>
/// What every form by which the desk acts for a family asks: whose tax code was told, and by which consent. Both travel in forms and in no
/// address, and each deed has an id of its own, so that sending it twice does it once.
/// </summary>
public abstract class ForFamilyForm(SignedIn visitor) : PageModel
{
    /// <summary>Where one reads what was done.</summary>
    protected const string Written = "~/sportello/fatto?fatto=scritto";

    [BindProperty] public Id<DeskAct> ActId { get; set; }
    [BindProperty] public string? TaxCode { get; set; }

    /// <summary>How the household consented.</summary>
    [BindProperty] public string? Said { get; set; }

    /// <summary>Where that can be found.</summary>
    [BindProperty] public string? Reference { get; set; }

    /// <summary>The next form's id.</summary>
    public static Id<DeskAct> NextId => Id<DeskAct>.New();

    protected PageResult Refuse(Refusal refusal)
    {
        ModelState.AddModelError(
            refusal is FieldRefusal field ? field.Field switch { "tax_code" => nameof(TaxCode), "consent" => nameof(Reference), _ => "" } : "", RefusalText.For(refusal));
        return Page();
    }

    /// <summary>For whom and by which consent; null with what is wrong in the model state.</summary>
    protected DeskFor? Read()
    {
        if (!Marketplace.Standards.TaxCode.TryParse(TaxCode, null, out var code))
            ModelState.AddModelError(nameof(TaxCode), Texts.Say("Questo non è un codice fiscale: controlla lettere e numeri."));
        if (!Enum.TryParse<ConsentKind>(Said, out var said) || !Enum.IsDefined(said))
            ModelState.AddModelError(nameof(Said), Texts.Say("Scegli come ha detto di sì."));
        if ((Reference ?? "").Trim().Length is < Consent.ReferenceMin or > Consent.ReferenceMax)
            ModelState.AddModelError(nameof(Reference), RefusalText.For(new ConsentMissing(Consent.ReferenceMin, Consent.ReferenceMax)));
        return ModelState.IsValid ? new(code.Value, new(said, Reference!), visitor.UserId) : null;
    }
}
