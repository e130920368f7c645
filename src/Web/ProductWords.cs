using System.Globalization;
using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Shared;

namespace Borsellino.Web;

/// <summary>How pages speak of products, their pieces and their titles.</summary>
public static class ProductWords
{
    /// <summary>"3 kit"; what it is called is written in the plural.</summary>
    public static string Pieces(int count, string nameIt, string nameEn) =>
        count == 1 ? Texts.Say("un pezzo") : string.Create(CultureInfo.CurrentCulture, $"{count} {BookingWords.Either(nameIt, nameEn)}");

    public static string Pieces(PackageCard card) => Pieces(card.Units, card.NameIt, card.NameEn);

    public static string Status(PackageStatus status) => status switch
    {
        PackageStatus.Open => Texts.Say("Da ritirare"),
        PackageStatus.UsedUp => Texts.Say("Consegnato"),
        PackageStatus.Lapsed => Texts.Say("Scaduto"),
        PackageStatus.Returned => Texts.Say("Disdetto"),
        PackageStatus.Unavailable => Texts.Say("Non disponibile"),
    };

    public static Tone ToneOf(PackageStatus status) => status switch
    {
        PackageStatus.Open => Tone.Wait,
        PackageStatus.UsedUp => Tone.Ok,
        PackageStatus.Lapsed or PackageStatus.Returned => Tone.Quiet,
        PackageStatus.Unavailable => Tone.Bad,
    };

    /// <summary>"Ne restano 2 su 5, da ritirare entro il 30 giugno 2027"; for what is brought home, until when it comes.</summary>
    public static string Left(PackageCard card) => card.Place is ServicePlace.AtHome
        ? Texts.Say("Ne restano {0} su {1}, te li portano entro il {2}", card.Left, card.Units, Display.Day(card.LastDay))
        : Texts.Say("Ne restano {0} su {1}, da ritirare entro il {2}", card.Left, card.Units, Display.Day(card.LastDay));

    public static string How(Attendance how) => how is Attendance.Voucher ? Texts.Say("con numero e PIN") : Texts.Say("dall’elenco dell’ente, senza il tuo PIN");

    /// <summary>How many can still be bought, as its card says; empty where nobody counts.</summary>
    public static string Stock(int? stock) => stock switch
    {
        null => "",
        0 => Texts.Say("Esaurito"),
        1 => Texts.Say("Ne resta uno"),
        { } left => Texts.Say("Ne restano {0}", left),
    };

    /// <summary>Why something about a product was not done, where a package is spoken of otherwise.</summary>
    public static string For(Refusal refusal) => refusal switch
    {
        PackageNotFound => Texts.Say("Questo acquisto non c’è."),
        PackageIdReused => Texts.Say("Questo modulo è già servito. Apri di nuovo la pagina: non abbiamo spostato niente."),
        PackageOver r => Texts.Say("Questo acquisto è «{0}»: non abbiamo spostato niente.", Status(r.Status)),
        PackageNotReturned r => Texts.Say("Si poteva disdire fino al {0}, prima di ritirare qualcosa. Quello che non ritiri torna alla fine. Non abbiamo spostato niente.", Display.Moment(r.Until)),
        NoPackageOffered => Texts.Say("Questo servizio si prenota, non si compra a pezzi. Non abbiamo preso niente."),
        ServiceOutOfReach r => Texts.Say("L’ente non lo porta a {0}. Non abbiamo preso niente: cerca chi ci arriva.", r.Municipality),
        NotAccredited r => Texts.Say("Il {0} l’ente non è accreditato per questo tipo di prodotto: non può consegnarlo con un voucher. Non abbiamo spostato niente.", Display.Day(r.On)),
        ProviderNotAccredited r => Texts.Say("Il {0} l’ente non è accreditato per questo tipo di prodotto. Non abbiamo preso niente.", Display.Day(r.On)),
        _ => RefusalText.For(refusal),
    };
}
