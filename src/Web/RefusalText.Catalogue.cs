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
        _ => null,
    };
}
