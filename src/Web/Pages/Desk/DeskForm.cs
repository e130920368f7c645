using Borsellino.Ledger;
using Borsellino.Marketplace;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Borsellino.Web.Pages.Desk;

/// <summary>For whom an operator acts, and by which consent, as its forms bring it: <c>TaxCode</c>, <c>Said</c>, <c>Reference</c>.</summary>
internal static class DeskForm
{
    /// <summary>Null with everything that is wrong in the model state.</summary>
    public static DeskFor? Read(ModelStateDictionary state, string? taxCode, string? kind, string? reference, Id<User> by)
    {
        if (!Marketplace.Standards.TaxCode.TryParse(taxCode, null, out var code))
            state.AddModelError("TaxCode", Texts.Say("Questo non è un codice fiscale: controlla lettere e numeri."));
        if (!Enum.TryParse<ConsentKind>(kind, out var said) || !Enum.IsDefined(said))
            state.AddModelError("Said", Texts.Say("Scegli come ha detto di sì."));
        if ((reference ?? "").Trim().Length is < Consent.ReferenceMin or > Consent.ReferenceMax)
            state.AddModelError("Reference", RefusalText.For(new ConsentMissing(Consent.ReferenceMin, Consent.ReferenceMax)));
        return state.IsValid ? new(code.Value, new(said, reference!), by) : null;
    }

    /// <summary>The control that a refusal is about.</summary>
    public static string ControlOf(Refusal refusal) =>
        refusal is FieldRefusal field ? field.Field switch { "tax_code" => "TaxCode", "consent" => "Reference", _ => "" } : "";
}
