using Borsellino.Marketplace;
using Borsellino.Web.Shared;

namespace Borsellino.Web;

/// <summary>What is booked every week, in words.</summary>
public static class RecurringWords
{
    /// <summary>Why a date is not simply free.</summary>
    public static string Outlook(DateOutlook outlook) => outlook switch
    {
        DateOutlook.Free => "",
        DateOutlook.NotOpenYet => Texts.Say("l’ente non l’ha ancora aperta: la chiediamo quando si avvicina"),
        DateOutlook.Full => Texts.Say("i posti sono già presi"),
        DateOutlook.NoTime => Texts.Say("l’ente non c’è"),
    };

    /// <summary>What became of a date, or what will.</summary>
    public static string Status(RecurringDate date, bool isLiving) => date switch
    {
        { Status: { } status } => BookingWords.Status(status),
        { Outcome: RecurringOutcome.Skipped } => Texts.Say("La salti"),
        { Outcome: RecurringOutcome.Missed } => Texts.Say("Non prenotata"),
        _ => isLiving ? Texts.Say("Non ancora prenotata") : Texts.Say("Non si prenota più"),
    };

    public static Tone ToneOf(RecurringDate date, bool isLiving) => date switch
    {
        { Status: { } status } => BookingWords.ToneOf(status),
        { Outcome: RecurringOutcome.Missed } => Tone.Bad,
        { Outcome: null } when isLiving => Tone.Info,
        _ => Tone.Quiet,
    };

    /// <summary>Why a date was not booked, by the code of the refusal.</summary>
    public static string Missed(string code) => code switch
    {
        "not_enough_in_purse" => Texts.Say("Il borsellino non bastava."),
        "grant_ends_too_soon" => Texts.Say("I soldi valevano solo fino a un giorno prima."),
        "price_changed" => Texts.Say("Il prezzo era salito oltre quello che avevi accettato."),
        "terms_changed" => Texts.Say("Avresti pagato di tasca tua, o per annullare, più di quanto avevi accettato."),
        "slot_full" or "slot_is_shared" => Texts.Say("I posti erano finiti."),
        "time_not_open" or "slot_withdrawn" => Texts.Say("L’ente non aveva quell’orario."),
        "offer_withdrawn" or "provider_not_accredited" => Texts.Say("L’ente non offriva più questo servizio."),
        "already_booked" => Texts.Say("C’era già una prenotazione per quella persona."),
        "service_out_of_reach" => Texts.Say("L’ente non arriva nel tuo comune."),
        _ => Texts.Say("Non è stato possibile."),
    };
}
