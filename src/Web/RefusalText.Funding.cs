using Borsellino.Ledger;
using Borsellino.Marketplace;

namespace Borsellino.Web;

public static partial class RefusalText
{
    private static string? Funding(Refusal refusal) => refusal switch
    {
        ProgrammeCodeMalformed => Texts.Say("Il codice della misura ha da 2 a 20 lettere maiuscole, cifre o trattini, per esempio BUONO-2026."),
        ProgrammeCodeTaken r => Texts.Say("Il codice {0} è già di un’altra misura: scegline uno diverso.", r.ProgrammeCode),
        TextLength { Min: 0 } r => Texts.Say("{0}: al massimo {1} caratteri.", FieldName(r.Field), r.Max),
        TextLength r => Texts.Say("{0}: servono da {1} a {2} caratteri.", FieldName(r.Field), r.Min, r.Max),
        ProgrammeDaysReversed r => Texts.Say(
            "L’ultimo giorno ({0}) viene prima del primo ({1}).", Display.DayShort(r.To), Display.DayShort(r.From)),
        ProgrammeOverAlready r => Texts.Say("L’ultimo giorno ({0}) è già passato: nessuno potrebbe spendere.", Display.DayShort(r.To)),
        SettlementDaysOutside r => Texts.Say("I giorni per chiudere i conti vanno da {0} a {1}.", r.Min, r.Max),
        AmountNotPositive r => Texts.Say("{0}: serve un importo maggiore di zero.", FieldName(r.Field)),
        ServiceClassesMissing => Texts.Say("Scegli almeno una tipologia di servizio che la misura paga."),
        ServiceClassUnknown r => Texts.Say("La tipologia di servizio «{0}» non c’è in questo territorio.", r.ClassCode),
        BandOutside r => Texts.Say("La fascia {0} non esiste: le fasce vanno da 1 a 9.", r.Band),
        BandTwice r => Texts.Say("La fascia {0} c’è due volte.", r.Band),
        BandLimitsReversed r => Texts.Say("Fascia {0}: il limite ISEE deve crescere da una fascia alla successiva, e solo l’ultima può non averne.", r.Band),
        FunderUnknown => Texts.Say("Scegli l’ente che mette i soldi."),
        FunderNameTaken r => Texts.Say("L’ente «{0}» c’è già: sceglilo dall’elenco.", r.Name),
        ProgrammeNotFound => Texts.Say("Questa misura non c’è. Torna all’elenco delle misure."),
        ProgrammeClosed => Texts.Say("La misura è chiusa: non riceve più soldi né assegnazioni."),
        ProgrammeEnded r => Texts.Say("La misura è finita il {0}: nessuna famiglia potrebbe più spendere.", Display.DayShort(r.On)),
        ImportNotFound => Texts.Say("Questo elenco non c’è. Torna alle assegnazioni."),
        ImportFileTooLarge r => Texts.Say("Il file è di {0}; al massimo può essere di {1}. Dividilo in due.", Display.Size(r.Bytes), Display.Size(r.Max)),
        ImportStandsElsewhere r => Texts.Say("L’elenco nel frattempo è cambiato: {0}. Guarda come sta adesso.", ImportWords.StatusOf(r.Status)),
        ImportWithoutGoodRows => Texts.Say("Nessuna riga è pronta, quindi non c’è niente da approvare. Correggi il file e caricalo di nuovo."),
        SecondPersonNeeded => Texts.Say("Decide un’altra persona: chi ha caricato o chiesto l’approvazione non può firmare."),
        BudgetTooSmall r => Texts.Say(
            "La misura non basta: restano {0} e ne servono {1}, contando gli elenchi già in attesa. Non è stato scritto niente.",
            Display.Money(r.Left), Display.Money(r.Needed)),
        UndoTooLate r => Texts.Say("Si poteva annullare fino al {0}. Ora puoi revocare le singole assegnazioni.", Display.Moment(r.Until)),
        GrantNotFound => Texts.Say("Questa assegnazione non c’è."),
        GrantStandsElsewhere => Texts.Say("L’assegnazione nel frattempo è cambiata. Guarda come sta adesso."),
        GrantIsHeld r => Texts.Say("{0} sono impegnati per prenotazioni: prima devono finire o essere annullate.", Display.Money(r.Held)),
        LimitOfNothing => Texts.Say("Scrivi quanti soldi o quante ore al massimo."),
        LimitMinutesOutside => Texts.Say("Le ore vanno da 1 minuto a quelle di un anno."),
        LimitOfOtherServices => Texts.Say("La misura non paga questa tipologia: il limite non varrebbe mai."),
        RuleDaysReversed r => Texts.Say("L’ultimo giorno, {0}, viene prima del primo, {1}.", Display.DayShort(r.To), Display.DayShort(r.From)),
        RuleStartsInThePast r => Texts.Say("Può valere dal {0} in poi: quello che è già prenotato resta com’è.", Display.DayShort(r.First)),
        RuleEndsInThePast r => Texts.Say("Può finire il {0} o più tardi.", Display.DayShort(r.First)),
        RuleEnded r => Texts.Say("È già finita il {0}.", Display.DayShort(r.On)),
        RuleNotFound => Texts.Say("Questa regola non c’è."),
        TooManyRules r => Texts.Say("Più di {0} regole di un tipo non si possono scrivere.", r.Max),
        ListedProviderUnknown => Texts.Say("Scegli un ente dall’elenco."),
        ListedMunicipalityUnknown => Texts.Say("Scegli un comune dall’elenco."),
        MunicipalityListedAlready => Texts.Say("Questo comune in quei giorni è già nell’elenco."),
        ProviderListedAlready => Texts.Say("Questo ente in quei giorni è già nell’elenco."),
        ShareRuleMissing => Texts.Say("La famiglia paga una parte: scrivi come si calcola."),
        ShareFiguresWrong => Texts.Say("Il massimo non può essere meno del minimo, né più di tutto il prezzo."),
        ShareLimitsReversed => Texts.Say("Il secondo limite ISEE dev’essere più alto del primo."),
        ShareBandsWrong r => Texts.Say("Servono da una a {0} fasce, con limiti che crescono e quote fra il minimo e il massimo.", r.Max),
        ShareNotAskedFor => Texts.Say("Questa misura non chiede una parte alla famiglia."),
        IseeOutside r => Texts.Say("L’ISEE va da 0 a {0}.", Display.Money(r.Max)),
        DsuNumberMalformed => Texts.Say("Il numero della DSU ha lettere, cifre e trattini, per esempio INPS-ISEE-2026-12345678X-00."),
        DsuInTheFuture r => Texts.Say("La DSU è stata presentata oggi, {0}, o prima.", Display.DayShort(r.Today)),
        DsuDaysWrong r => Texts.Say("Vale fino a un giorno fra il {0} e il {1}.", Display.DayShort(r.From), Display.DayShort(r.To)),
        HouseholdNotFound => Texts.Say("Questa famiglia non c’è."),
        FunderIdReused or RuleIdReused or IseeIdReused or ProgrammeIdReused or CommitmentIdReused or ImportIdReused => Texts.Say(
            "Questo modulo era già stato inviato con altri dati. Riapri la pagina e riprova: non è stato scritto niente di nuovo."),
        NoChildNamed => Texts.Say("Scegli almeno un figlio a tuo carico."),
        NotAChildHere => Texts.Say("Chi hai scelto non è un figlio della tua famiglia. Ricarica la pagina e riprova."),
        CompanyNotFound => Texts.Say("Questa azienda non ti assegna soldi."),
        OwnWordOnly => Texts.Say("La dichiarazione la fa e la ritira solo la famiglia."),
        DeclarationIdReused => Texts.Say("Questo modulo è già servito per un’altra dichiarazione. Ricarica la pagina e ricomincia."),
        _ => null,
    };

    private static string FieldName(string field) => field switch
    {
        "name" => Texts.Say("Nome"),
        "address" => Texts.Say("Indirizzo"),
        "reason" => Texts.Say("Motivo"),
        "name_it" => Texts.Say("Nome in italiano"),
        "name_en" => Texts.Say("Nome in inglese"),
        "purpose_it" => Texts.Say("Scopo in italiano"),
        "purpose_en" => Texts.Say("Scopo in inglese"),
        "act_reference" => Texts.Say("Atto"),
        "amount" => Texts.Say("Importo"),
        "unit_max" => Texts.Say("Massimo per prenotazione"),
        "month_max" => Texts.Say("Massimo al mese"),
        "bands" => Texts.Say("Fasce ISEE"),
        "limits" => Texts.Say("Limiti"),
        "note" => Texts.Say("Motivo"),
        "question" => Texts.Say("Domanda"),
        "answer" => Texts.Say("Risposta"),
        _ => field,
    };
}
