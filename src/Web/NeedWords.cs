using Borsellino.Marketplace;
using Borsellino.Web.Shared;
using NodaTime;

namespace Borsellino.Web;

/// <summary>How pages speak of needs and of what is proposed to them.</summary>
public static class NeedWords
{
    public static string Status(NeedStatus status) => status switch
    {
        NeedStatus.Open => Texts.Say("Cerchiamo"),
        NeedStatus.Asked => Texts.Say("C’è una proposta"),
        NeedStatus.Agreed => Texts.Say("Tutti d’accordo, manca l’ente"),
        NeedStatus.Taken => Texts.Say("Un ente c’è"),
        NeedStatus.Withdrawn => Texts.Say("Chiusa da te"),
        NeedStatus.Expired => Texts.Say("Finita senza gruppo"),
    };

    public static Tone ToneOf(NeedStatus status) => status switch
    {
        NeedStatus.Asked => Tone.Wait,
        NeedStatus.Agreed or NeedStatus.Taken => Tone.Ok,
        NeedStatus.Open => Tone.Info,
        NeedStatus.Withdrawn or NeedStatus.Expired => Tone.Quiet,
    };

    public static string Status(ProposalStatus status) => status switch
    {
        ProposalStatus.Asking => Texts.Say("Aspetta le risposte"),
        ProposalStatus.Agreed => Texts.Say("Cerca un ente"),
        ProposalStatus.Taken => Texts.Say("Presa da un ente"),
        ProposalStatus.Dropped => Texts.Say("Caduta"),
        ProposalStatus.Untaken => Texts.Say("Nessun ente l’ha presa"),
    };

    /// <summary>Why there is no group yet, for the household, and what it could do.</summary>
    public static string Why(WhyUnmatched? why) => why is { } known ? Why(known) : Texts.Say("Ci pensiamo entro domani: più famiglie cercano insieme, migliore è il gruppo.");

    private static string Why(WhyUnmatched why) => why switch
    {
        WhyUnmatched.NoSupply => Texts.Say("Nessun ente fa ancora questo servizio in gruppo con questa durata. Lo diciamo all’ufficio."),
        WhyUnmatched.NoSuchSize => Texts.Say("Gli enti fanno gruppi più grandi o più piccoli di quelli che accetti."),
        WhyUnmatched.CapTooLow => Texts.Say("Anche nel gruppo più grande che accetti la quota supera il tuo massimo."),
        WhyUnmatched.NoPlaceInReach => Texts.Say("Nessun luogo è abbastanza vicino."),
        WhyUnmatched.TimesTooShort => Texts.Say("I tuoi orari sono troppo corti per questo servizio."),
        WhyUnmatched.NobodyNear => Texts.Say("Ancora nessuno vicino cerca lo stesso: appena arriva ti scriviamo."),
        WhyUnmatched.NoCommonTime => Texts.Say("Altre famiglie vicine cercano lo stesso, ma in altri orari."),
        WhyUnmatched.NoCommonTerms => Texts.Say("Altre famiglie ci sono a quell’ora, ma non abbastanza con gli stessi numeri, prezzo e lingua."),
        WhyUnmatched.NotTaken => Texts.Say("Avevate detto tutti di sì, ma nessun ente ha preso il gruppo in tempo. Negli altri tuoi orari un gruppo ancora non c’è: se puoi in altri giorni, apri un’altra ricerca."),
        WhyUnmatched.OthersServed => Texts.Say("Le famiglie con cui andresti bene sono in altri gruppi. Appena cambia ti scriviamo."),
    };

    /// <summary>The same for the office, as a heading of a count.</summary>
    public static string WhyForOffice(WhyUnmatched? why) => why is { } known ? WhyForOffice(known) : Texts.Say("aspettano il prossimo piano");

    private static string WhyForOffice(WhyUnmatched why) => why switch
    {
        WhyUnmatched.NoSupply => Texts.Say("nessun ente lo fa in gruppo"),
        WhyUnmatched.NoSuchSize => Texts.Say("gruppi di altra grandezza"),
        WhyUnmatched.CapTooLow => Texts.Say("prezzo sopra il massimo"),
        WhyUnmatched.NoPlaceInReach => Texts.Say("nessun luogo vicino"),
        WhyUnmatched.TimesTooShort => Texts.Say("orari troppo corti"),
        WhyUnmatched.NobodyNear => Texts.Say("nessuno vicino"),
        WhyUnmatched.NoCommonTime => Texts.Say("orari diversi"),
        WhyUnmatched.NoCommonTerms => Texts.Say("numeri, prezzo o lingua diversi"),
        WhyUnmatched.NotTaken => Texts.Say("nessun ente ha preso il gruppo"),
        WhyUnmatched.OthersServed => Texts.Say("gli altri sono in altri gruppi"),
    };

    /// <summary>How a household may have consented, for an operator to choose: that it replied to a message is not the operator's to say.</summary>
    public static IEnumerable<ConsentKind> Kinds => Enum.GetValues<ConsentKind>().Where(k => k is not ConsentKind.Reply);

    /// <summary>How a household consented, as an answer to "Come ha detto di sì?".</summary>
    public static string Kind(ConsentKind kind) => kind switch
    {
        ConsentKind.Paper => Texts.Say("con un modulo firmato"),
        ConsentKind.Spoken => Texts.Say("a voce, allo sportello"),
        ConsentKind.Telephone => Texts.Say("al telefono"),
        ConsentKind.Pin => Texts.Say("con il PIN della famiglia"),
        ConsentKind.Reply => Texts.Say("con un messaggio"),
    };

    /// <summary>What an operator did for a family, for whom it did it and for the operator.</summary>
    public static string Deed(DeskDeed deed) => deed switch
    {
        DeskDeed.Looked => Texts.Say("Letto che cosa aspetta"),
        DeskDeed.SaidYes => Texts.Say("Risposto di sì a una proposta"),
        DeskDeed.SaidNo => Texts.Say("Risposto di no a una proposta"),
        DeskDeed.Joined => Texts.Say("Unita a un gruppo"),
        DeskDeed.Left => Texts.Say("Uscita da un gruppo"),
        DeskDeed.JoinedWeekly => Texts.Say("Unita a tutte le date"),
        DeskDeed.Booked => Texts.Say("Prenotato un servizio"),
        DeskDeed.Bought => Texts.Say("Comprato un pacchetto o un prodotto"),
        DeskDeed.Delegated => Texts.Say("Data una delega"),
        DeskDeed.CalledOff => Texts.Say("Disdetta una prenotazione"),
        DeskDeed.Explained => Texts.Say("Letto perché i soldi non si possono usare"),
    };

    public static string Kind(MeetingPlaceKind kind) => kind switch
    {
        MeetingPlaceKind.School => Texts.Say("Scuola"),
        MeetingPlaceKind.Room => Texts.Say("Sala comunale"),
        MeetingPlaceKind.Home => Texts.Say("Casa che si offre"),
    };

    /// <summary>"martedì", in the visitor's language.</summary>
    // The days of a week that begins on a Monday: no other is needed to name them.
    public static string Weekday(IsoDayOfWeek day) => Display.Weekday(new LocalDate(2026, 11, 15 + (int)day));

    /// <summary>"martedì 15:00–17:00".</summary>
    public static string Time(IsoDayOfWeek day, LocalTime from, LocalTime to) => $"{Weekday(day)} {Display.Hours(from, to)}";

    /// <summary>"un’ora", "90 minuti".</summary>
    public static string Length(int minutes) => minutes == 60 ? Texts.Say("un’ora") : minutes % 60 == 0 ? Texts.Say("{0} ore", minutes / 60) : Texts.Say("{0} minuti", minutes);

    /// <summary>"600 m", "1,5 km".</summary>
    public static string Metres(int metres) =>
        metres < 1000 ? Texts.Say("{0} m", metres) : Texts.Say("{0} km", (metres / 1000m).ToString("0.#", System.Globalization.CultureInfo.CurrentCulture));

    /// <summary>"da 2 a 4 famiglie".</summary>
    public static string Size(int min, int max) => min == max ? Texts.Say("{0} famiglie", min) : Texts.Say("da {0} a {1} famiglie", min, max);

    public static string LanguageName(string code) => code switch
    {
        "it" => Texts.Say("italiano"),
        "en" => Texts.Say("inglese"),
        "fr" => Texts.Say("francese"),
        "es" => Texts.Say("spagnolo"),
        "ar" => Texts.Say("arabo"),
        "ro" => Texts.Say("rumeno"),
        "sq" => Texts.Say("albanese"),
        "uk" => Texts.Say("ucraino"),
        _ => code,
    };
}
