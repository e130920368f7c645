using Borsellino.Ledger;
using Borsellino.Marketplace;

namespace Borsellino.Web;

public static partial class RefusalText
{
    private static string? Catalogue(Refusal refusal) => refusal switch
    {
        TerritorySlugTaken r => Texts.Say("L’indirizzo «{0}» è già di un altro territorio: scegline uno diverso.", r.Slug),
        ServiceClassNotFound r => Texts.Say("La tipologia di servizio «{0}» non c’è in questo territorio.", r.ClassCode),
        ServiceClassCycle r => Texts.Say("La tipologia «{0}» starebbe sotto se stessa: scegli un’altra tipologia superiore.", r.ClassCode),
        MunicipalityNotFound r => Texts.Say("Il comune «{0}» non fa parte di questo territorio.", r.Municipality),
        ProviderNotFound => Texts.Say("Questo ente non c’è più. Torna all’elenco e scegline un altro."),
        ProviderIdReused => Texts.Say("Questo ente è già registrato con un’altra partita IVA."),
        ProviderNameTaken r => Texts.Say("C’è già un ente che si chiama «{0}».", r.Name),
        AccreditationNotFound => Texts.Say("Questo accreditamento non c’è."),
        AccreditationIdReused => Texts.Say("Questo accreditamento è già registrato con altri dati."),
        AccreditationOverlaps r => Texts.Say(
            "L’ente è già accreditato per questa tipologia dal {0} al {1}: scegli giorni diversi.", Display.Day(r.From), Display.Day(r.To)),
        AccreditationIs { Status: AccreditationStatus.Revoked } => Texts.Say("L’accreditamento è revocato: per tornare in vigore ne serve uno nuovo."),
        AccreditationIs => Texts.Say("L’accreditamento non è nello stato giusto per questo passo."),
        NotAccredited r => Texts.Say("L’ente non è accreditato per questa tipologia di servizio il {0}.", Display.Day(r.On)),
        OfferNotFound => Texts.Say("Questo servizio non c’è più. Cercane un altro nel catalogo."),
        OfferIdReused => Texts.Say("Questo servizio è già registrato con altri dati."),
        OfferIs => Texts.Say("Il servizio non è nello stato giusto per questo passo."),
        SlotNotFound => Texts.Say("Questa data non c’è più. Scegline un’altra."),
        SlotInPast => Texts.Say("Questa data è già passata. Scegline un’altra."),
        SlotHasBookings => Texts.Say("In questa data qualcuno ha già prenotato: prima va spostato o annullato."),
        OfferWrong { Field: "title" or "title_en" } => Texts.Say("Scrivi il nome: da {0} a {1} caratteri.", Offers.TitleMin, Offers.TitleMax),
        OfferWrong { Field: "unit" or "unit_en" } => Texts.Say("Scrivi per che cosa è il prezzo, al massimo {0} caratteri.", Offers.UnitMax),
        OfferWrong { Field: "price" } => Texts.Say("Scrivi un prezzo in euro, al massimo {0}.", Display.Money(Offers.PriceMax)),
        OfferWrong { Field: "minutes" } => Texts.Say("Dura da {0} a {1} minuti.", Offers.MinutesMin, Offers.MinutesMax),
        OfferWrong { Field: "cancel_hours" } => Texts.Say("Scrivi quante ore prima: da 0 a {0}.", Offers.CancelHoursMax),
        OfferWrong { Field: "cancel_fee" } => Texts.Say("Scrivi un importo in euro, al massimo il prezzo."),
        OfferWrong { Field: "answer_hours" } => Texts.Say("Scrivi entro quante ore: da 1 a {0}.", Offers.AnswerHoursMax),
        OfferWrong { Field: "address" } => Texts.Say("Scrivi l’indirizzo, al massimo {0} caratteri.", Offers.AddressMax),
        OfferWrong => Texts.Say("Scrivi qualche parola, al massimo {0} caratteri.", Offers.TextMax),
        OfferFixed => Texts.Say("Le famiglie l’hanno già vista così: per cambiare questo scrivete un’altra offerta."),
        OpeningHoursNotFound => Texts.Say("Questo orario non c’è."),
        OpeningHoursWrong { Field: "capacity" } => Texts.Say("Scrivi quanti posti: da 1 a {0}.", Openings.CapacityMax),
        OpeningHoursWrong { Field: "from" or "closed" } => Texts.Say("Scrivi un giorno, oggi o più avanti."),
        OpeningHoursWrong => Texts.Say("Scegli un giorno della settimana."),
        OpeningHoursMeet r => Texts.Say("C’è già un orario che si sovrappone: {0}, {1}.", OfficeWords.Weekday(r.Day), Display.Hours(r.Starts, r.Ends)),
        TooManyOpeningHours r => Texts.Say("Gli orari sono troppi: al massimo {0} per offerta.", r.Max),
        RequestNotFound => Texts.Say("Questa richiesta di accreditamento non c’è."),
        RequestIdReused => Texts.Say("Questa richiesta è già partita. Apri di nuovo la pagina per farne un’altra."),
        RequestIs { Status: RequestStatus.Incomplete } => Texts.Say("L’ente deve prima rispondere a quello che l’ufficio ha chiesto."),
        RequestIs => Texts.Say("La richiesta nel frattempo è stata decisa o ritirata: guarda che cosa è successo."),
        RequestWaits => Texts.Say("Per questa tipologia avete già una richiesta in esame: aggiungete lì quello che serve."),
        AccreditationDaysWrong r => Texts.Say("I giorni non vanno bene: si comincia da oggi o più avanti, e dura al massimo {0} anni.", r.YearsMax),
        DocumentMissing r => Texts.Say("Manca il documento: {0}.", BookingWords.Either(r.NameIt, r.NameEn)),
        DocumentEndWrong => Texts.Say("Scrivi fino a che giorno vale il documento: oggi o più avanti."),
        DocumentTypeUnknown => Texts.Say("Questo file non è un PDF, un JPEG o un PNG. Salvalo in uno di questi formati e riprova."),
        DocumentTooLarge r => Texts.Say("Il documento è vuoto o troppo grande: al massimo {0}.", Display.Size(r.BytesMax)),
        TooManyDocuments r => Texts.Say("I documenti sono troppi: al massimo {0} per richiesta.", r.Max),
        _ => null,
    };
}
