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

    /// <summary>In which languages it is given, where that is not Italian alone; empty for that.</summary>
    public static string Languages(Offer offer) => offer.Languages is ["it"] ? "" : Texts.Say("Lingue: {0}", string.Join(", ", offer.Languages.Select(NeedWords.LanguageName)));

    public static string Access(OfferAccess access) => access switch
    {
        OfferAccess.StepFree => Texts.Say("senza gradini"),
        OfferAccess.Lift => Texts.Say("ascensore"),
        OfferAccess.AdaptedToilet => Texts.Say("bagno accessibile"),
        OfferAccess.ReservedParking => Texts.Say("parcheggio riservato a chi ha il contrassegno"),
        OfferAccess.SignLanguage => Texts.Say("lingua dei segni (LIS)"),
        OfferAccess.HearingLoop => Texts.Say("impianto a induzione per apparecchi acustici"),
        OfferAccess.EasyToRead => Texts.Say("testi facili da leggere"),
    };

    /// <summary>"Accessibilità: senza gradini, ascensore"; empty where nothing is said.</summary>
    public static string Access(Offer offer) =>
        offer.Access.Count == 0 ? "" : Texts.Say("Accessibilità: {0}", string.Join(", ", offer.Access.Select(Access)));

    /// <summary>Until when one must ask; empty for until it starts.</summary>
    public static string Notice(Offer offer) => offer.NoticeHours == 0 ? "" : Texts.Say("Si prenota almeno {0} prima", Display.Length(offer.NoticeHours * 60));

    /// <summary>What stopping did, in one sentence.</summary>
    public static string Say(Stopped stopped) => stopped.Booked == 0
        ? Texts.Say("Orari liberi tolti: {0}. Nessuno aveva prenotato.", stopped.Withdrawn)
        : Texts.Say("Orari liberi tolti: {0}. Restano {1} orari già prenotati: li trovate nel vostro giorno.", stopped.Withdrawn, stopped.Booked);
}
