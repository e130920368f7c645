using Borsellino.Marketplace;
using Borsellino.Web.Shared;

namespace Borsellino.Web;

/// <summary>A yes that the desk asked for by a message, in words that are right for the family and for the operator.</summary>
public static class ConsentWords
{
    /// <param name="callsOff">Whether a booking was to be called off.</param>
    public static string Status(ConsentStatus status, bool callsOff) => status switch
    {
        ConsentStatus.Waiting => Texts.Say("Aspetta la risposta"),
        ConsentStatus.Accepted => callsOff ? Texts.Say("Ha detto di sì: disdetto") : Texts.Say("Ha detto di sì: prenotato"),
        ConsentStatus.Overtaken => callsOff ? Texts.Say("Ha detto di sì, ma non c’era niente da disdire") : Texts.Say("Ha detto di sì, ma non è prenotato"),
        ConsentStatus.Refused => Texts.Say("Ha detto di no"),
        ConsentStatus.Expired => Texts.Say("Senza risposta in tempo"),
    };

    public static Tone ToneOf(ConsentStatus status) => status switch
    {
        ConsentStatus.Waiting => Tone.Wait,
        ConsentStatus.Accepted => Tone.Ok,
        ConsentStatus.Overtaken => Tone.Bad,
        ConsentStatus.Refused or ConsentStatus.Expired => Tone.Quiet,
    };

    /// <summary>Why a yes did nothing, by the code of the refusal.</summary>
    public static string Why(string code) => code switch
    {
        "price_changed" => Texts.Say("Il prezzo è cambiato dopo la richiesta."),
        "terms_changed" => Texts.Say("Chi paga, o le regole per annullare, sono cambiati dopo la richiesta."),
        "not_enough_in_purse" => Texts.Say("Il borsellino non bastava."),
        "slot_full" or "slot_is_shared" or "slot_nobody_free" => Texts.Say("I posti erano finiti."),
        "slot_withdrawn" => Texts.Say("L’ente non aveva quell’orario."),
        "offer_withdrawn" or "provider_not_accredited" => Texts.Say("L’ente non offriva più questo servizio."),
        "already_booked" => Texts.Say("C’era già una prenotazione per quella persona."),
        "booking_not_ready" => Texts.Say("La prenotazione era già finita o disdetta."),
        "service_started" => Texts.Say("Il servizio era già cominciato."),
        _ => Texts.Say("Non è stato possibile."),
    };
}
