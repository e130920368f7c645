using Borsellino.Ledger;
using Borsellino.Marketplace;

namespace Borsellino.Web;

/// <summary>
/// What a visitor reads when an operation is refused: what happened, that nothing was taken, what they can do. Each
/// area has its own part; a test demands a sentence for every refusal.
/// </summary>
public static partial class RefusalText
{
    public static string For(Refusal refusal) =>
        Of(refusal) ?? throw new InvalidOperationException($"No text for the refusal {refusal.Code}.");

    /// <summary>The sentence, or null if there is none yet: a test looks for those.</summary>
    public static string? Of(Refusal refusal) =>
        General(refusal) ?? Funding(refusal) ?? Catalogue(refusal) ?? Booking(refusal) ?? Pools(refusal) ?? Finance(refusal) ?? SignIn(refusal) ?? Care(refusal) ?? Needs(refusal);

    private static string? General(Refusal refusal) => refusal switch
    {
        InsufficientFunds r => Texts.Say(
            "Non bastano i soldi: ci sono {0} e ne servono {1}. Non abbiamo preso niente.", Display.Money(r.Available), Display.Money(r.Needed)),
        PeriodClosed r => Texts.Say(
            "Il periodo fino al {0} è chiuso: registra l’operazione con una data del periodo aperto.", Display.DayShort(r.ClosedThrough)),
        HoldExpired => Texts.Say("Il tempo per usare questi soldi impegnati è finito. Sono tornati da spendere."),
        HoldNotOpen => Texts.Say("Questi soldi non sono più impegnati: l’operazione è già stata fatta o annullata."),
        EmailTaken => Texts.Say("C’è già una persona con questo indirizzo e-mail."),
        GroupRefused r => For(r.Because),
        AccountNotFound or AccountClosed or AccountIdReused or AccountNotEmpty or EntryIdReused or EntryNotFound or EntryOutsideChart or HoldNotFound
            or HoldIdReused or EventIdReused or HoldNotExpired or HoldOutlivesAccount or HoldAlreadyOver or AccountHoldsNothing or ExceedsHold =>
            Texts.Say("Non è stato possibile ({0}). Non abbiamo spostato niente: riprova o chiedi aiuto.", refusal.Code),
        _ => null,
    };
}
