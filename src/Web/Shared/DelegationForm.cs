using Borsellino.Ledger;
using Borsellino.Marketplace;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Borsellino.Web.Shared;

/// <summary>What the forms by which a delegation is given ask alike, a family's own and the desk's.</summary>
public static class DelegationForm
{
    /// <summary>Says all that is wrong with what was typed, each at its field.</summary>
    public static void Check(ModelStateDictionary state, string? label, string? until, string labelField, string untilField)
    {
        if ((label ?? "").Trim().Length is 0 or > Delegation.LabelMax)
            state.AddModelError(labelField, Texts.Say("Scrivi chi è, in non più di {0} caratteri.", Delegation.LabelMax));
        if (Days.Read(until) is null) state.AddModelError(untilField, Texts.Say("Scrivi un giorno che esiste, per esempio {0}.", "31.12.2027"));
    }

    /// <summary>The field that a refusal is about; empty for none.</summary>
    public static string FieldOf(Refusal refusal, string labelField, string untilField) => refusal switch
    {
        TextLength => labelField,
        DelegationUntilOutside => untilField,
        _ => "",
    };
}
