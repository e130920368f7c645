using System.Globalization;
using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Shared;

namespace Borsellino.Web;

/// <summary>How pages speak of packages and their units.</summary>
public static class PackageWords
{
    /// <summary>"10 lezioni, 90,00 €, 9,00 € a lezione".</summary>
    public static string Line(PackageTerms terms, Money unitPrice, string unitIt, string unitEn) => Texts.Say(
        "{0} {1}, {2}, {3} {4}", terms.Units, BookingWords.Either(terms.Name.It, terms.Name.En), Display.Money(terms.Price), Display.Money(unitPrice),
        BookingWords.Either(unitIt, unitEn));

    public static string Title(PackageCard card) => BookingWords.Either(card.TitleIt, card.TitleEn);

    /// <summary>"10 lezioni".</summary>
    public static string Units(PackageCard card) => string.Create(CultureInfo.CurrentCulture, $"{card.Units} {BookingWords.Either(card.NameIt, card.NameEn)}");

    /// <summary>"3 di 10"; empty for a booking that is no unit.</summary>
    public static string Unit(BookingCard card) => card.PackageId is null ? "" : Texts.Say("{0} di {1} del pacchetto", card.PackageUnit!, card.PackageUnits!);

    public static string Status(PackageStatus status) => status switch
    {
        PackageStatus.Open => Texts.Say("Da usare"),
        PackageStatus.UsedUp => Texts.Say("Usato tutto"),
        PackageStatus.Lapsed => Texts.Say("Scaduto"),
        PackageStatus.Returned => Texts.Say("Reso"),
        PackageStatus.Unavailable => Texts.Say("Non disponibile"),
    };

    public static Tone ToneOf(PackageStatus status) => status is PackageStatus.Open ? Tone.Ok : Tone.Quiet;

    /// <summary>"Ne restano 7 su 10, da usare entro il 30 giugno 2027".</summary>
    public static string Left(PackageCard card) => Texts.Say("Ne restano {0} su {1}, da usare entro il {2}", card.Left, card.Units, Display.Day(card.LastDay));

    /// <summary>What an event of a unit means to its household, where that is not what it means for a service of its own; null for the others.</summary>
    public static string? Event(BookingStatus status, BookingCard card) => card.PackageId is null ? null : status switch
    {
        BookingStatus.Requested => Texts.Say("L’hai presa dal pacchetto, che è già impegnato: non paghi altro."),
        BookingStatus.Declined => Texts.Say("{0} non può. Torna nel pacchetto.", card.Provider),
        BookingStatus.Expired => Texts.Say("Il tempo è passato senza risposta. Torna nel pacchetto."),
        BookingStatus.Withdrawn => Texts.Say("Hai ritirato la richiesta. Torna nel pacchetto."),
        BookingStatus.CancelledByHousehold when card.Settled.IsPositive => Texts.Say(
            "Hai annullato tardi: {0} sono andati all’ente. Il resto torna da spendere quando il pacchetto finisce.", Display.Money(card.Settled)),
        BookingStatus.CancelledByHousehold => Texts.Say("Hai annullato in tempo. Torna nel pacchetto."),
        BookingStatus.CancelledByProvider => Texts.Say("{0} ha annullato. Torna nel pacchetto.", card.Provider),
        BookingStatus.CancelledByOperator => Texts.Say("L’ufficio ha annullato. Torna nel pacchetto."),
        BookingStatus.NoShow when card.Settled.IsPositive => Texts.Say(
            "L’ente dice che non c’era nessuno: {0} sono andati all’ente. Il resto torna da spendere quando il pacchetto finisce.", Display.Money(card.Settled)),
        BookingStatus.NoShow => Texts.Say("L’ente dice che non c’era nessuno. Torna nel pacchetto."),
        BookingStatus.Reversed => Texts.Say("Il problema è risolto a tuo favore. Torna nel pacchetto."),
        _ => null,
    };
}
