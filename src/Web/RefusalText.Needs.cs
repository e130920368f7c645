using Borsellino.Ledger;
using Borsellino.Marketplace;

namespace Borsellino.Web;

public static partial class RefusalText
{
    private static string? Needs(Refusal refusal) => refusal switch
    {
        NeedNotFound => Texts.Say("Questa ricerca non c’è."),
        NeedIdReused => Texts.Say("Questo modulo è già servito per un’altra ricerca. Torna alla pagina e ricomincia."),
        NeedNotReady r => Texts.Say("Non si può più fare: la ricerca è «{0}».", NeedWords.Status(r.Status)),
        TooManyNeeds r => Texts.Say("Hai già {0} ricerche aperte: chiudine una prima di aprirne un’altra.", r.Max),
        NeedClassUnknown => Texts.Say("Scegli un servizio dall’elenco."),
        NeedLengthOutside r => Texts.Say("La durata va da {0} a {1} minuti.", r.Min, r.Max),
        NeedSizesOutside r => Texts.Say("Il numero di famiglie va da {0} a {1}, e il massimo non è meno del minimo.", r.Min, r.Max),
        NeedReachOutside r => Texts.Say("La distanza va da 0 a {0} chilometri.", r.Max / 1000),
        NeedLanguageUnknown => Texts.Say("Scegli almeno una lingua dall’elenco."),
        NeedTimesWrong r => Texts.Say("Scegli almeno un giorno, e un’ora di fine dopo quella di inizio; al massimo {0} orari.", r.Max),
        NeedTimesTooShort r => Texts.Say("Nessuno degli orari dura almeno {0} minuti, contando dall’ora o dalla mezz’ora.", r.Minutes),
        NobodyOfTaxCode => Texts.Say("Nessuno con questo codice fiscale ha un borsellino qui. Controllalo con la persona: non abbiamo scritto niente."),
        PinTooPlain => Texts.Say("Scegli sei cifre che non siano tutte uguali né in fila."),
        PinNotRight => Texts.Say("Il PIN non è giusto, o la famiglia non ne ha uno. Lo sceglie lei nel suo profilo."),
        PinTriedTooOften => Texts.Say("Il PIN è stato provato troppe volte. Riprovate tra un quarto d’ora, o scegliete un altro modo di dire di sì."),
        ConsentMissing r => Texts.Say("Scrivi dove si trova il consenso, da {0} a {1} caratteri: la famiglia lo legge.", r.Min, r.Max),
        ConsentRequestNotFound => Texts.Say("Questa richiesta non c’è."),
        ConsentRequestIdReused => Texts.Say("Questo modulo è già servito per un’altra richiesta. Torna alla pagina e ricomincia."),
        ConsentTooLate r => Texts.Say("Il servizio comincia {0}: non c’è tempo per un messaggio. Chiedi il sì a voce, al telefono o con il PIN.", BookingWords.DayTime(r.StartsAt)),
        ConsentAlreadyAsked r => Texts.Say("La famiglia ha già questa domanda tra i messaggi e può rispondere fino a {0}.", BookingWords.DayTime(r.ValidUntil)),
        ConsentRequestOver r => Texts.Say("Il tempo per rispondere è finito {0}.", BookingWords.DayTime(r.ValidUntil)),
        ConsentAnswered => Texts.Say("C’è già una risposta, e resta quella. Leggi qui sotto com’è andata."),
        DeskActIdReused => Texts.Say("Questo modulo è già servito per un’altra cosa. Ricomincia dal codice fiscale: non abbiamo scritto niente."),
        MeetingPlaceNotFound => Texts.Say("Scegli un luogo dall’elenco."),
        MeetingPlaceIdReused => Texts.Say("Questo modulo è già servito per un altro luogo. Torna alla pagina e ricomincia."),
        MeetingPlaceNameTaken r => Texts.Say("In questo comune c’è già un luogo che si chiama «{0}».", r.Name),
        MeetingPlaceRoomsOutside r => Texts.Say("Le stanze vanno da 1 a {0}.", r.Max),
        MeetingPlacePointWrong => Texts.Say("Scrivi latitudine e longitudine in gradi, per esempio 45,7094 e 8,9072."),
        MeetingPlaceFarAway r => Texts.Say("Questo punto è a più di {0} chilometri dal comune: controlla i gradi.", r.KilometresMax),
        TooManyMeetingPlaces r => Texts.Say("Ci sono già {0} luoghi: togline uno prima di aggiungerne un altro.", r.Max),
        ProposalNotFound => Texts.Say("Questa proposta non c’è."),
        ProposalNotReady r => Texts.Say("Non si può più fare: la proposta è «{0}».", NeedWords.Status(r.Status)),
        ProposalOver r => Texts.Say("Il tempo per rispondere è finito {0}.", BookingWords.DayTime(r.AnswerBy)),
        GroupOver r => Texts.Say("Questo gruppo ha aspettato un ente fino a {0}: le famiglie cercano di nuovo.", BookingWords.DayTime(r.TakeBy)),
        GroupPriceNotFound => Texts.Say("Questo prezzo non c’è."),
        GroupPriceIdReused => Texts.Say("Questo modulo è già servito per un altro prezzo. Torna alla pagina e ricomincia."),
        GroupPriceInForce => Texts.Say("Per questo servizio e questa durata avete già un prezzo: chiudetelo prima di metterne un altro."),
        GroupPriceMissing r => Texts.Say("Il {1} non avete un prezzo per un gruppo di {0} famiglie: aggiungetelo prima.", r.Heads, Display.DayShort(r.On)),
        GroupPriceAboveAgreed r => Texts.Say("Le famiglie hanno detto di sì a {0} in tutto, e il vostro prezzo è {1}.", Display.Money(r.Agreed), Display.Money(r.Asked)),
        OfferOfAnotherClass => Texts.Say("Scegliete un vostro servizio dello stesso tipo."),
        NotTheAgreedWeekday r => Texts.Say("Le famiglie hanno detto di sì per un altro giorno: {0}.", NeedWords.Weekday(r.Agreed)),
        FirstDayOutside r => Texts.Say("La prima volta va dal {0} al {1}: le famiglie devono avere il tempo di unirsi.", Display.DayShort(r.From), Display.DayShort(r.To)),
        TimeOfferedOtherwise r => Texts.Say("Per {0} il vostro servizio ha già un orario che finisce in un altro momento.", BookingWords.DayTime(r.Starts)),
        PoolIsKept => Texts.Say("I posti di questo gruppo sono tenuti per le famiglie che lo hanno cercato. Non abbiamo preso niente."),
        _ => null,
    };
}
