using Borsellino.Ledger;
using Borsellino.Marketplace;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Borsellino.Web.Pages.Desk;

/// <summary>
/// For whom an operator acts, and by which consent, as its forms bring it: <c>TaxCode</c>, <c>Said</c>, <c>Reference</c>, and the <c>Pin</c> that the family types
/// anew for each thing and that is never sent back to the page.
/// </summary>
internal static class DeskForm
{
    /// <summary>Null with everything that is wrong in the model state.</summary>
    public static async Task<DeskFor?> ReadAsync(
        ModelStateDictionary state, IWhom form, Id<User> by, TerritoryId territory, HouseholdPins pins, CancellationToken cancel)
    {
        var (code, consent) = Read(state, form);
        if (!state.IsValid) return null;
        if (consent is not null) return new(code, consent, by);
        if (!(await pins.ConsentAsync(territory, code, form.Pin!, cancel)).IsRefused(out var refusal, out var typed)) return new(code, typed, by);
        state.AddModelError(ControlOf(refusal), RefusalText.For(refusal));
        return null;
    }

    /// <summary>The tax code and the consent; no consent where a PIN is still to be judged.</summary>
    public static (string TaxCode, Consent? Consent) Read(ModelStateDictionary state, IWhom form)
    {
        if (!Marketplace.Standards.TaxCode.TryParse(form.TaxCode, null, out var code))
            state.AddModelError("TaxCode", Texts.Say("Questo non è un codice fiscale: controlla lettere e numeri."));
        return (code.Value, ReadConsent(state, form));
    }

    /// <summary>The consent alone; null where a PIN is still to be judged, or something is wrong.</summary>
    public static Consent? ReadConsent(ModelStateDictionary state, IWhom form)
    {
        var (kind, reference) = (form.Said, form.Reference);
        if (!Enum.TryParse<ConsentKind>(kind, out var said) || !NeedWords.Kinds.Contains(said))
            state.AddModelError("Said", Texts.Say("Scegli come ha detto di sì."));
        var isPin = said is ConsentKind.Pin;
        if (!isPin && (reference ?? "").Trim().Length is < Consent.ReferenceMin or > Consent.ReferenceMax)
            state.AddModelError("Reference", RefusalText.For(new ConsentMissing(Consent.ReferenceMin, Consent.ReferenceMax)));
        if (!HouseholdPins.IsPin(form.Pin) && (isPin || !string.IsNullOrEmpty(form.Pin)))
            state.AddModelError("Pin", Texts.Say("Il PIN ha {0} cifre: lo digita la persona.", HouseholdPins.Digits));
        return isPin || !state.IsValid ? null : new(said, reference!);
    }

    /// <summary>The control that a refusal is about.</summary>
    public static string ControlOf(Refusal refusal) =>
        refusal is FieldRefusal field ? field.Field switch { "tax_code" => "TaxCode", "consent" => "Reference", "pin" => "Pin", _ => "" } : "";
}
