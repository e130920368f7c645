using Borsellino.Ledger;
using Borsellino.Marketplace;

namespace Borsellino.Web;

public static partial class RefusalText
{
    private static string? Pools(Refusal refusal) => refusal switch
    {
        PriceWouldRise r => Texts.Say(
            "Per {0} famiglie il prezzo può essere al massimo {1}: con {2} qualcuno pagherebbe di più quando un altro si unisce.",
            r.Heads, Display.Money(r.Most), Display.Money(r.Price)),
        NothingToCover => Texts.Say("Il gruppo non ha più bisogno: non manca niente, o si è sciolto. Non abbiamo scritto niente."),
        SlotIsShared => Texts.Say("Questo orario è di un gruppo: si prenota unendosi al gruppo. Non abbiamo preso niente."),
        FreezeOutsideTime r => Texts.Say("La data in cui il gruppo si decide va messa dopo adesso e non oltre l’inizio, {0}.", BookingWords.DayTime(r.To)),
        PoolNotFound => Texts.Say("Questo gruppo non c’è."),
        PoolIdReused => Texts.Say("Questo modulo è già servito per un altro gruppo. Torna alla pagina e ricomincia."),
        PoolFull => Texts.Say("Il gruppo è al completo. Non abbiamo preso niente: guarda gli altri gruppi o prenota da solo."),
        PoolFrozen r => Texts.Say("Il gruppo si è deciso {0}: non si entra e non si esce più gratis. Non abbiamo spostato niente.", BookingWords.DayTime(r.FrozenAt)),
        PoolNotReady r => Texts.Say("Non si può più fare: il gruppo è «{0}». Non abbiamo spostato niente.", PoolWords.Status(r.Status)),
        WeightNotAllowed r => Texts.Say("In questo gruppo una famiglia conta da 1 a {0}. Non abbiamo preso niente.", r.Most),
        AlreadyInPool => Texts.Say("Sei già in questo gruppo. Non abbiamo preso altro."),
        CapTooLow r => Texts.Say(
            "Con al massimo {0} non si parte mai: anche al completo la tua quota è {1}. Non abbiamo preso niente.", Display.Money(r.Cap), Display.Money(r.Least)),
        CapUnchanged r => Texts.Say("Il tuo massimo è già {0}: non abbiamo spostato niente.", Display.Money(r.Cap)),
        NothingMissing => Texts.Say("Non serve più: quello che pagate basta già. Non abbiamo preso altro."),
        RaiseTooLate r => Texts.Say("Si poteva rispondere fino a {0}. Non abbiamo preso altro.", BookingWords.DayTime(r.Until)),
        RaiseTooLow r => Texts.Say(
            "Con al massimo {0} non basta: anche se dite di sì tutti, la tua quota è {1}. Non abbiamo preso altro.", Display.Money(r.Cap), Display.Money(r.Least)),
        RaiseIdReused => Texts.Say("Questo modulo è già servito per un’altra risposta. Torna al gruppo e ricomincia: non abbiamo preso altro."),
        ShareNotFound => Texts.Say("Questa quota non c’è."),
        ShareIdReused => Texts.Say("Questo modulo è già servito per un’altra quota. Torna al gruppo e ricomincia: non abbiamo preso niente."),
        ShareNotReady => Texts.Say("La tua quota non aspetta più: il gruppo si è già deciso o non c’è più. Non abbiamo spostato niente."),
        SeriesNotFound => Texts.Say("Questo gruppo settimanale non c’è."),
        SeriesIdReused => Texts.Say("Questo modulo è già servito per un altro gruppo. Torna alla pagina e ricomincia."),
        SeriesOutsideTime r => Texts.Say("L’ultima data va messa tra {0} e {1}.", Display.Day(r.From), Display.Day(r.To)),
        SeriesEnded => Texts.Say("Questo gruppo non si ripete più. Non abbiamo preso niente."),
        SeriesFull r => Texts.Say("A tutte le date partecipano già {0} famiglie. Non abbiamo preso niente: puoi unirti a una data sola.", r.Places),
        AlreadyInSeries => Texts.Say("Partecipi già a tutte le date. Non abbiamo preso altro."),
        MemberNotFound => Texts.Say("Non partecipi a tutte le date di questo gruppo."),
        MemberIdReused => Texts.Say("Questo modulo è già servito per un altro gruppo. Torna alla pagina e ricomincia."),
        ShareOfSeries => Texts.Say("Partecipi a tutte le date: puoi saltare questa, o uscire da tutte. Non abbiamo spostato niente."),
        NoSkipLeft { Skips: 0 } => Texts.Say("In questo gruppo non si saltano date: puoi uscire da tutte. Non abbiamo spostato niente."),
        NoSkipLeft { Skips: 1 } => Texts.Say("Una data l’hai già saltata, e di più non si può: puoi uscire da tutte. Non abbiamo spostato niente."),
        NoSkipLeft r => Texts.Say("Hai già saltato {0} date, e di più non si può: puoi uscire da tutte. Non abbiamo spostato niente.", r.Skips),
        _ => null,
    };
}
