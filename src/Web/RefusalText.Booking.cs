using Borsellino.Ledger;
using Borsellino.Marketplace;

namespace Borsellino.Web;

public static partial class RefusalText
{
    private static string? Booking(Refusal refusal) => refusal switch
    {
        SlotWithdrawn => Texts.Say("Questo orario non c’è più. Non abbiamo preso niente: scegli un’altra data."),
        SlotOver r => Texts.Say("Questo orario è già passato ({0}). Non abbiamo preso niente: scegli un’altra data.", BookingWords.DayTime(r.StartsAt)),
        SlotFull => Texts.Say("I posti di questo orario sono finiti adesso. Non abbiamo preso niente: scegli un’altra data."),
        SlotNobodyFree => Texts.Say("A quest’ora nessuno dell’ente è più libero. Non abbiamo preso niente: scegli un’altra data."),
        SlotTooNear r => Texts.Say("Questo orario si chiede entro il {0}, e il termine è passato. Non abbiamo preso niente: scegli un’altra data.", Display.Moment(r.AskBy)),
        OfferWithdrawn => Texts.Say("Questo servizio non è più offerto. Non abbiamo preso niente: cercane un altro."),
        ProviderNotAccredited r => Texts.Say(
            "Il {0} l’ente non è accreditato per questo servizio. Non abbiamo spostato niente.", Display.DayShort(r.On)),
        ServiceOutOfReach r => Texts.Say("L’ente non viene a domicilio a {0}. Non abbiamo preso niente: cerca chi ci arriva.", r.Municipality),
        PersonNotInHousehold => Texts.Say("Questa persona non fa parte della tua famiglia. Scegli per chi prenoti."),
        AlreadyBooked r => Texts.Say(
            "Per questa persona c’è già una prenotazione in questo orario, la {0}. Non ne abbiamo fatta un’altra.", Display.Reference(r.Reference)),
        NotEnoughInPurse r => Texts.Say(
            "Il borsellino non basta: servono {0}, per questo servizio ci sono {1}. Non abbiamo preso niente.",
            Display.Money(r.Needed), Display.Money(r.Available)),
        PriceChanged r => Texts.Say(
            "Il prezzo è cambiato mentre leggevi: era {0}, ora è {1}. Non abbiamo prenotato: controlla e decidi.",
            Display.Money(r.Shown), Display.Money(r.Now)),
        TermsChanged => Texts.Say("Qualcosa è cambiato mentre leggevi: chi paga, o le regole per annullare. Non abbiamo prenotato: controlla e decidi."),
        GrantEndsTooSoon r => Texts.Say(
            "I soldi che pagherebbero valgono fino al {0}, e il servizio finisce dopo. Non abbiamo preso niente: scegli una data prima.",
            Display.Moment(r.Until)),
        BookingNotFound => Texts.Say("Questa prenotazione non c’è."),
        BookingIdReused => Texts.Say("Questo modulo è già servito per un’altra prenotazione. Torna al servizio e ricomincia: non abbiamo preso niente."),
        BookingNotReady r => Texts.Say("Non si può più fare: la prenotazione è «{0}». Non abbiamo spostato niente.", BookingWords.Status(r.Status)),
        AnswerTooLate r => Texts.Say(
            "Il tempo per rispondere è finito il {0}. La famiglia ha riavuto i soldi e può scegliere altri.", Display.Moment(r.AnswerBy)),
        ServiceStarted r => Texts.Say("Il servizio è cominciato il {0}: non si può più annullare. Se c’è un problema, chiamaci.", Display.Moment(r.StartsAt)),
        ServiceNotStarted r => Texts.Say("Il servizio comincia il {0}: potrai segnarlo da quel momento.", Display.Moment(r.StartsAt)),
        GroupUndecided => Texts.Say("Il gruppo aspetta ancora di sapere se va avanti: premi «Andiamo avanti con chi c’è», poi segna chi c’era. Non abbiamo spostato niente."),
        MoveTooLate r => Texts.Say("Il termine per cambiare gratis è passato {0}. Puoi annullare, oppure chiama l’ente. Non abbiamo spostato niente.", BookingWords.DayTime(r.FreeUntil)),
        MoveElsewhere => Texts.Say("Una prenotazione si sposta solo a un’altra data dello stesso servizio."),
        CancelFeeChanged r => Texts.Say(
            "Mentre leggevi è passato il termine per annullare: prima costava {0}, ora costa {1}. Non abbiamo annullato: decidi tu.",
            Display.Money(r.Shown), Display.Money(r.Now)),
        DeliveredTooLate r => Texts.Say(
            "I soldi erano impegnati fino al {0} e sono tornati alla famiglia. Chiama l’ufficio.", Display.Moment(r.HeldUntil)),
        EvidenceWrong { Field: "began" } => Texts.Say("Scrivete a che ora è cominciato, come 9:30: quel giorno, e non più tardi di adesso. Non abbiamo segnato niente."),
        EvidenceWrong { Field: "finished" } => Texts.Say("Scrivete a che ora è finito, come 10:30: dopo l’inizio, e non più tardi di adesso. Non abbiamo segnato niente."),
        EvidenceWrong => Texts.Say("La firma non si legge: cancellatela e firmate di nuovo. Non abbiamo segnato niente."),
        CopaymentNotDue => Texts.Say("Per questa prenotazione non c’è una parte che la famiglia paga. Non abbiamo scritto niente."),
        CopaymentUndoOver r => Texts.Say("Si poteva correggere fino al {0}. Non abbiamo cambiato niente: chiama l’ufficio.", Display.Moment(r.Until)),
        VoucherNotRecognised => Texts.Say("Nessun voucher ha questo numero con questo PIN. Controlla tutti e due; dopo dieci errori si aspetta un quarto d’ora."),
        VoucherTriedTooOften => Texts.Say("Il PIN di questo voucher è stato provato troppe volte. Riprova tra un quarto d’ora, o segna il servizio dall’elenco del giorno."),
        VoucherOfAnotherProvider => Texts.Say("Questo voucher è di un altro ente: qui non si può usare. Non abbiamo segnato niente."),
        VoucherOfAnotherDay r => Texts.Say("Questo voucher vale per un altro giorno: {0}. Non abbiamo segnato niente.", Display.Day(r.On)),
        VoucherNotActive r => Texts.Say(
            "Questa prenotazione non è ancora confermata: rispondi alla richiesta entro il {0}, poi il voucher si può usare.", Display.Moment(r.AnswerBy)),
        VoucherOfPieces => Texts.Say("Questo voucher è di un prodotto: scrivete quanti pezzi consegnate."),
        VoucherUsed r => Texts.Say("Questo voucher è già stato usato: il servizio è segnato dal {0}. Vale una volta sola.", Display.Moment(r.At)),
        VoucherCancelled r => Texts.Say("Questo voucher non vale più: la prenotazione si è chiusa il {0}. Non abbiamo segnato niente.", Display.Moment(r.At)),
        VoucherExpired r => Texts.Say("Questo voucher è scaduto il {0}: i soldi sono tornati alla famiglia. Non abbiamo segnato niente.", Display.Moment(r.At)),
        AlreadyRecurring => Texts.Say("Questo servizio in questo orario lo prenoti già ogni settimana: lo trovi tra le tue prenotazioni."),
        RecurringNotFound => Texts.Say("Questa prenotazione di ogni settimana non c’è."),
        RecurringIdReused => Texts.Say("Questo modulo è già servito per altre date. Torna al servizio e ricomincia: non abbiamo preso niente."),
        RecurringTimesOutside r => Texts.Say("Scegli da {0} a {1} settimane.", r.Min, r.Max),
        NothingRecurring => Texts.Say("Hai saltato tutte le date: lasciane almeno una."),
        DateNotFound => Texts.Say("Questa data non c’è, o è passata."),
        DateBooked => Texts.Say("Questa data è già prenotata: aprila per annullarla o spostarla."),
        TimeNotOpen r => Texts.Say("L’ente non ha questo orario il {0}.", Display.DayShort(r.Day)),
        NoPackageOffered => Texts.Say("Questo servizio non si compra a pacchetto. Non abbiamo preso niente."),
        PackageNotFound => Texts.Say("Questo pacchetto non c’è."),
        PackageIdReused => Texts.Say("Questo modulo è già servito per un altro pacchetto. Torna al servizio e ricomincia: non abbiamo preso niente."),
        PackageOver => Texts.Say("Questo pacchetto è finito: non abbiamo spostato niente."),
        NoUnitLeft => Texts.Say("Nel pacchetto non resta niente da prenotare. Se te ne serve ancora, prenota una data da sola o compra un altro pacchetto."),
        PackageEndsBefore r => Texts.Say("Il pacchetto si usa entro il {0}: scegli una data prima.", Display.DayShort(r.LastDay)),
        PackageHasOpenUnits r => Texts.Say("Del pacchetto ci sono ancora {0} prenotazioni da concludere: annullale prima, o aspetta che siano concluse. Non abbiamo spostato niente.", r.Open),
        PackageNotReturned r => Texts.Say("Il pacchetto si poteva rendere, senza averlo usato, fino al {0}. Quello che non usi torna alla fine. Non abbiamo spostato niente.", Display.Moment(r.Until)),
        PiecesOutside r => Texts.Say("Scegli quanti pezzi: da 1 a {0}. Non abbiamo preso niente.", r.Max),
        ProductSoldOut { Left: 0 } => Texts.Say("È finito adesso: non ne resta nessuno. Non abbiamo preso niente."),
        ProductSoldOut r => Texts.Say("Ne restano solo {0}: scegline di meno. Non abbiamo preso niente.", r.Left),
        PiecesLeft { Left: 0 } => Texts.Say("È già stato consegnato tutto. Non abbiamo segnato niente."),
        PiecesLeft r => Texts.Say("Scrivete quanti ne consegnate: da 1 a {0}. Non abbiamo segnato niente.", r.Left),
        ProductLapsed r => Texts.Say("Si poteva ritirare fino al {0}: i soldi tornano alla famiglia. Non abbiamo segnato niente.", Display.Day(r.LastDay)),
        UnitDoesNotMove => Texts.Say("Questa data è di un pacchetto: annullala e prenotane un’altra dal pacchetto."),
        NotYetDue r => Texts.Say("È presto: si potrà fare dal {0}.", Display.Moment(r.DueAt)),
        _ => null,
    };
}
