using Borsellino.Marketplace;
using Borsellino.Web.Shared;
using NodaTime;

namespace Borsellino.Web;

/// <summary>How pages speak of bookings and of the money of a purse.</summary>
public static class BookingWords
{
    /// <summary>The one of two texts that is in the visitor's language.</summary>
    public static string Either(string italian, string english) => Language.IsEnglish && english.Length > 0 ? english : italian;

    public static string Title(BookingCard card) => Either(card.TitleIt, card.TitleEn);

    /// <summary>"giovedì 8 ottobre 2026".</summary>
    public static string Day(Instant at) => Display.Day(Display.DayOf(at));

    /// <summary>"giovedì 8 ottobre 2026, 9:00".</summary>
    public static string DayTime(Instant at) => $"{Day(at)}, {Display.Time(Display.TimeOf(at))}";

    /// <summary>"giovedì 8 ottobre", inside a sentence.</summary>
    public static string WeekdayDay(LocalDate day) => $"{Display.Weekday(day)} {Display.DayMonth(day)}";

    /// <summary>From when to when it really was; empty where it was as planned.</summary>
    public static string RealHours(BookingCard card) =>
        card is { BeganAt: { } began, FinishedAt: { } finished } ? Display.Hours(Display.TimeOf(began), Display.TimeOf(finished)) : "";

    public static string Hours(BookingCard card) => Display.Hours(Display.TimeOf(card.StartsAt), Display.TimeOf(card.EndsAt));

    /// <summary>Where it takes place, as the household reads it.</summary>
    public static string Where(string place, string address) => place switch
    {
        "AtHome" => Texts.Say("Da te, {0}", address),
        "Online" => Texts.Say("A distanza, con telefono o computer"),
        _ => address,
    };

    public static string Status(BookingStatus status) => status switch
    {
        BookingStatus.Requested => Texts.Say("In attesa di risposta"),
        BookingStatus.Confirmed => Texts.Say("Confermata"),
        BookingStatus.Delivered => Texts.Say("Svolta, tocca a te"),
        BookingStatus.Accepted or BookingStatus.Settled or BookingStatus.Paid => Texts.Say("Conclusa"),
        BookingStatus.Declined => Texts.Say("Non accettata dall’ente"),
        BookingStatus.Expired => Texts.Say("Scaduta"),
        BookingStatus.Withdrawn => Texts.Say("Ritirata da te"),
        BookingStatus.CancelledByHousehold => Texts.Say("Annullata da te"),
        BookingStatus.CancelledByProvider => Texts.Say("Annullata dall’ente"),
        BookingStatus.CancelledByOperator => Texts.Say("Annullata dall’ufficio"),
        BookingStatus.Replaced => Texts.Say("Sostituita"),
        BookingStatus.NoShow => Texts.Say("Nessuno si è presentato"),
        BookingStatus.Disputed => Texts.Say("Problema segnalato"),
        BookingStatus.Reversed => Texts.Say("Problema risolto, soldi tornati"),
    };

    /// <summary>The same states as the provider reads them.</summary>
    public static string StatusForProvider(BookingStatus status) => status switch
    {
        BookingStatus.Requested => Texts.Say("Da confermare"),
        BookingStatus.Confirmed => Texts.Say("Confermato"),
        BookingStatus.Delivered => Texts.Say("Svolto, la famiglia risponde"),
        BookingStatus.Accepted or BookingStatus.Settled => Texts.Say("Accettato, da pagare"),
        BookingStatus.Paid => Texts.Say("Pagato"),
        BookingStatus.Declined => Texts.Say("Non accettato"),
        BookingStatus.Expired => Texts.Say("Scaduto"),
        BookingStatus.Withdrawn => Texts.Say("Ritirato dalla famiglia"),
        BookingStatus.CancelledByHousehold => Texts.Say("Annullato dalla famiglia"),
        BookingStatus.CancelledByProvider => Texts.Say("Annullato da voi"),
        BookingStatus.CancelledByOperator => Texts.Say("Annullato dall’ufficio"),
        BookingStatus.Replaced => Texts.Say("Sostituito"),
        BookingStatus.NoShow => Texts.Say("Assente"),
        BookingStatus.Disputed => Texts.Say("La famiglia segnala un problema"),
        BookingStatus.Reversed => Texts.Say("Restituito alla famiglia"),
    };

    /// <summary>The same states as the office reads them, which is neither of the two sides.</summary>
    public static string StatusForOffice(BookingStatus status) => status switch
    {
        BookingStatus.Requested => Texts.Say("Chiesto dalla famiglia"),
        BookingStatus.Confirmed => Texts.Say("Confermato dall’ente"),
        BookingStatus.Delivered => Texts.Say("Svolto"),
        BookingStatus.Accepted or BookingStatus.Settled => Texts.Say("Accettato, da pagare"),
        BookingStatus.Paid => Texts.Say("Pagato"),
        BookingStatus.Declined => Texts.Say("Non accettato dall’ente"),
        BookingStatus.Expired => Texts.Say("Scaduto"),
        BookingStatus.Withdrawn => Texts.Say("Ritirato dalla famiglia"),
        BookingStatus.CancelledByHousehold => Texts.Say("Annullato dalla famiglia"),
        BookingStatus.CancelledByProvider => Texts.Say("Annullato dall’ente"),
        BookingStatus.CancelledByOperator => Texts.Say("Annullato dall’ufficio"),
        BookingStatus.Replaced => Texts.Say("Sostituito"),
        BookingStatus.NoShow => Texts.Say("Assente"),
        BookingStatus.Disputed => Texts.Say("La famiglia segnala un problema"),
        BookingStatus.Reversed => Texts.Say("Restituito alla famiglia"),
    };

    public static Tone ToneOf(BookingStatus status) => status switch
    {
        BookingStatus.Requested or BookingStatus.Delivered or BookingStatus.Disputed => Tone.Wait,
        BookingStatus.Confirmed or BookingStatus.Accepted or BookingStatus.Settled or BookingStatus.Paid => Tone.Ok,
        BookingStatus.Declined or BookingStatus.CancelledByProvider or BookingStatus.CancelledByOperator or BookingStatus.NoShow => Tone.Bad,
        BookingStatus.Expired or BookingStatus.Withdrawn or BookingStatus.CancelledByHousehold or BookingStatus.Replaced or BookingStatus.Reversed => Tone.Quiet,
    };

    /// <summary>Whether a booking in this state came to nothing, so that its time may be taken again.</summary>
    public static bool IsOver(BookingStatus status) => status is BookingStatus.Declined or BookingStatus.Expired or BookingStatus.Withdrawn
        or BookingStatus.CancelledByHousehold or BookingStatus.CancelledByProvider or BookingStatus.CancelledByOperator or BookingStatus.Replaced;

    /// <summary>One event of a booking's life as a sentence for the household.</summary>
    public static string Event(BookingStatus status, BookingCard card) => PackageWords.Event(status, card) ?? status switch
    {
        BookingStatus.Requested => Texts.Say("Hai prenotato: abbiamo impegnato {0}. Nessuno li ha ancora incassati.", Display.Money(card.Covered)),
        BookingStatus.Confirmed => Texts.Say("{0} ha confermato.", card.Provider),
        BookingStatus.Delivered => Texts.Say("{0} dice che il servizio è stato svolto.", card.Provider),
        BookingStatus.Accepted => Texts.Say("Il servizio è accettato."),
        BookingStatus.Settled => Texts.Say("Abbiamo pagato {0} a {1}.", Display.Money(card.Settled), card.Provider),
        BookingStatus.Paid => Texts.Say("Il bonifico a {0} è partito.", card.Provider),
        BookingStatus.Declined => Texts.Say("{0} non può. I soldi sono tornati da spendere.", card.Provider),
        BookingStatus.Expired => Texts.Say("Il tempo è passato senza risposta. I soldi sono tornati da spendere."),
        BookingStatus.Withdrawn => Texts.Say("Hai ritirato la richiesta. I soldi sono tornati da spendere."),
        BookingStatus.CancelledByHousehold when card.Settled.IsPositive =>
            Texts.Say("Hai annullato: {0} sono andati all’ente, il resto è tornato da spendere.", Display.Money(card.Settled)),
        BookingStatus.CancelledByHousehold => Texts.Say("Hai annullato in tempo. I soldi sono tornati da spendere."),
        BookingStatus.CancelledByProvider => Texts.Say("{0} ha annullato. I soldi sono tornati da spendere.", card.Provider),
        BookingStatus.CancelledByOperator => Texts.Say("L’ufficio ha annullato. I soldi sono tornati da spendere."),
        BookingStatus.Replaced => Texts.Say("Il gruppo continua con la quota che hai accettato: al posto di questa c’è un’altra prenotazione."),
        BookingStatus.NoShow when card.Settled.IsPositive =>
            Texts.Say("L’ente dice che non c’era nessuno: {0} sono andati all’ente, il resto è tornato da spendere.", Display.Money(card.Settled)),
        BookingStatus.NoShow => Texts.Say("L’ente dice che non c’era nessuno. I soldi sono tornati da spendere."),
        BookingStatus.Disputed => Texts.Say("Hai segnalato un problema. I soldi restano impegnati finché non è risolto."),
        BookingStatus.Reversed => Texts.Say("Il problema è risolto a tuo favore. I soldi sono tornati da spendere."),
    };

    public static string Word(MovementKind kind) => kind switch
    {
        MovementKind.Received => Texts.Say("Ricevuto"),
        MovementKind.Held => Texts.Say("Impegnato"),
        MovementKind.Spent => Texts.Say("Speso"),
        MovementKind.Returned => Texts.Say("Tornato da spendere"),
        MovementKind.TakenBack => Texts.Say("Tornato all’ente"),
    };

    public static string WordClass(MovementKind kind) => kind switch
    {
        MovementKind.Received => "word-in",
        MovementKind.Held => "word-held",
        MovementKind.Spent or MovementKind.TakenBack => "word-out",
        MovementKind.Returned => "word-back",
    };

    /// <summary>What a movement is about: "Aiuto in casa di giovedì 8 ottobre".</summary>
    public static string What(PurseMovement movement)
    {
        if (movement.About is not { } about)
        {
            return string.Join("; ", movement.Funders.Select(f => $"{f.Funder}, {Either(f.ProgrammeIt, f.ProgrammeEn)}").Distinct(StringComparer.Ordinal));
        }

        var title = Either(about.TitleIt, about.TitleEn);
        var day = WeekdayDay(Display.DayOf(about.StartsAt));
        return movement.EntryKind switch
        {
            _ when about.IsProduct && movement.Kind is MovementKind.Spent => Texts.Say("{0}, prodotto consegnato", title),
            _ when about.IsProduct => Texts.Say("{0}, prodotto", title),
            _ when about.Package is not null => Texts.Say("{0}, pacchetto", title),
            _ when about.Booking is null => Texts.Say("{0} di {1}, quota del gruppo", title, day),
            EntryKinds.CancellationFee when movement.Kind is MovementKind.Spent => Texts.Say("{0} di {1}, annullato tardi", title, day),
            EntryKinds.NoShowFee when movement.Kind is MovementKind.Spent => Texts.Say("{0} di {1}, nessuno presente", title, day),
            _ => Texts.Say("{0} di {1}", title, day),
        };
    }
}

/// <summary>Which colour stands for which funder: the same on every page of one household.</summary>
public sealed class FundColours(IEnumerable<string> funders)
{
    private const int Colours = 5;

    private readonly List<string> names = [.. funders.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    public int Of(string funder) => Math.Max(0, names.IndexOf(funder)) % Colours + 1;
}
