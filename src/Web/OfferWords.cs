using Borsellino.Marketplace;
using Borsellino.Web.Shared;

namespace Borsellino.Web;

/// <summary>How a provider's pages speak of its offers.</summary>
public static class OfferWords
{
    public static string Status(OfferStatus status) => status switch
    {
        OfferStatus.Draft => Texts.Say("Bozza"),
        OfferStatus.Published => Texts.Say("Pubblicata"),
        OfferStatus.Withdrawn => Texts.Say("Tolta dal catalogo"),
    };

    public static Tone ToneOf(OfferStatus status) => status switch
    {
        OfferStatus.Draft => Tone.Wait,
        OfferStatus.Published => Tone.Ok,
        OfferStatus.Withdrawn => Tone.Quiet,
    };

    public static string Place(ServicePlace place) => place switch
    {
        ServicePlace.AtHome => Texts.Say("A casa della famiglia"),
        ServicePlace.AtProvider => Texts.Say("Da voi"),
        ServicePlace.Online => Texts.Say("A distanza"),
    };

    public static string Title(Offer offer) => BookingWords.Either(offer.Title.It, offer.Title.En);

    /// <summary>For which ages it is, as families read it; empty for all.</summary>
    public static string Ages(Offer offer) => (offer.AgeMin, offer.AgeMax) switch
    {
        (null, null) => "",
        ({ } from, null) => Texts.Say("Da {0} anni in su", from),
        (null, { } to) => Texts.Say("Fino a {0} anni", to),
        ({ } from, { } to) => Texts.Say("Da {0} a {1} anni", from, to),
    };

    /// <summary>What stopping did, in one sentence.</summary>
    public static string Say(Stopped stopped) => stopped.Booked == 0
        ? Texts.Say("Orari liberi tolti: {0}. Nessuno aveva prenotato.", stopped.Withdrawn)
        : Texts.Say("Orari liberi tolti: {0}. Restano {1} orari già prenotati: li trovate nel vostro giorno.", stopped.Withdrawn, stopped.Booked);
}
