using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Marketplace.Standards;

namespace Borsellino.Web;

public static partial class RefusalText
{
    private static string? Finance(Refusal refusal) => refusal switch
    {
        PayoutNotFound => Texts.Say("Questa liquidazione non c’è."),
        PayoutIdReused => Texts.Say("Con questo modulo è già stata preparata un’altra liquidazione. Torna all’elenco e ricomincia."),
        NothingToPay => Texts.Say("Non c’è niente da liquidare: tutto quello che è maturato è già in una distinta."),
        PayablesChanged r => Texts.Say(
            "Nel frattempo il dovuto è cambiato: avevi visto {0}, adesso è {1}. Non abbiamo preparato niente: controlla e conferma di nuovo.",
            Display.Money(r.Seen), Display.Money(r.Now)),
        ExecutionInThePast r => Texts.Say("Il giorno del bonifico, {0}, è passato. Scegli oggi o un giorno che viene.", Display.Day(r.ExecutionOn)),
        ExecutionTooFar r => Texts.Say("Le banche non prendono ordini per un giorno così lontano. L’ultimo possibile è {0}.", Display.Day(r.Latest)),
        NotABankDay r => Texts.Say("{0} le banche non lavorano. Il primo giorno buono è {1}.", Display.Day(r.ExecutionOn), Display.Day(r.Next)),
        ProviderIbanWrong r => Texts.Say(
            "L’IBAN di {0} non va bene: {1} Non abbiamo preparato niente: fallo correggere, o togli {0} da questa liquidazione.", r.Name, Iban(r.Fault)),
        TreasuryIbanWrong r => Texts.Say("L’IBAN della tesoreria non va bene: {0} Chiedi a chi amministra di correggerlo.", Iban(r.Fault)),
        PayoutFileFaulty r => Texts.Say("La banca non accetterebbe questa distinta ({0}). Non abbiamo cambiato niente: chiedi aiuto.", r.Fault.Code),
        PayoutNotReady { Status: PayoutStatus.Locked } => Texts.Say("Questa liquidazione non è ancora firmata da una seconda persona."),
        PayoutNotReady { Status: PayoutStatus.Withdrawn } => Texts.Say("Questa liquidazione è stata ritirata: le sue prestazioni sono di nuovo da liquidare."),
        PayoutNotReady => Texts.Say("Questa liquidazione è già firmata: non si può più cambiare."),
        SecondSignatureNeeded => Texts.Say("L’hai preparata tu: la firma deve metterla un’altra persona."),
        BookingNoLongerOwed r => Texts.Say(
            "La prenotazione {0} non è più dovuta com’era. Nessun bonifico è partito: ritira questa liquidazione e preparane una nuova.",
            Display.Reference(r.Reference)),
        BalanceRulesBroken r => Texts.Say(
            "Il libro non si può chiudere fino al {0}: alcuni saldi non sono come devono essere. Sotto vedi quali.", Display.DayShort(r.Through)),
        PeriodNotClosed { ClosedThrough: null } => Texts.Say("Nessun periodo è chiuso: non c’è niente da riaprire."),
        PeriodNotClosed r => Texts.Say("Quel giorno è già aperto: il libro è chiuso fino al {0}.", Display.DayShort(r.ClosedThrough!.Value)),
        ReopenNotFound or ReopenOutdated => Texts.Say("Questa richiesta non vale più: nel frattempo i periodi sono cambiati. Guardali e chiedi di nuovo."),
        ReopenNeedsAnother => Texts.Say("L’hai chiesto tu: a riaprire deve essere un’altra persona."),
        EntryNotSealed r => Texts.Say("La giornata del {0} non è ancora sigillata: lo sarà quando è passata.", Display.DayShort(r.RecordedOn)),
        PeriodEventIdReused => Texts.Say("Con questo modulo è già stata mandata un’altra richiesta. Torna ai periodi e ricomincia."),
        _ => null,
    };

    /// <summary>What is wrong with an IBAN, as a sentence that ends.</summary>
    internal static string Iban(IbanFault fault) => fault switch
    {
        IbanFault.Empty => Texts.Say("manca."),
        IbanFault.WrongLength { Expected: { } expected } r => Texts.Say("ha {0} caratteri invece di {1}.", r.Found, expected),
        IbanFault.WrongLength r => Texts.Say("ha solo {0} caratteri.", r.Found),
        IbanFault.WrongCharacter r => Texts.Say("al posto {0} c’è «{1}», che lì non può stare.", r.Place, r.Found),
        IbanFault.CountryOutsideSepa r => Texts.Say("il paese {0} non è raggiunto dai bonifici europei.", r.Country),
        IbanFault.WrongCheckDigits => Texts.Say("le cifre di controllo non tornano, di solito per un errore di copiatura."),
        IbanFault.WrongControlLetter r => Texts.Say("la lettera di controllo «{0}» (CIN) non torna con banca, filiale e conto.", r.Found),
        _ => throw new InvalidOperationException($"No text for {fault.Code}."),
    };
}
