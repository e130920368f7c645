using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Marketplace.Standards;
using Borsellino.Web.Shared;

namespace Borsellino.Web;

/// <summary>The words of the books for people: kinds of entries, groups of accounts, accounts, states of a payout.</summary>
public static class BookWords
{
    /// <summary>What happened, in a few words: "Prestazione erogata". A kind without words is shown as it is.</summary>
    public static string Kind(string kind) => kind switch
    {
        EntryKinds.BudgetCommitted => Texts.Say("Stanziamento di una misura"),
        EntryKinds.GrantActivated => Texts.Say("Assegnazione a una famiglia"),
        EntryKinds.GrantExpired => Texts.Say("Resto di un’assegnazione scaduta"),
        EntryKinds.GrantRevoked => Texts.Say("Resto di un’assegnazione revocata"),
        EntryKinds.GrantUndone => Texts.Say("Assegnazione annullata"),
        EntryKinds.Delivered => Texts.Say("Prestazione erogata"),
        EntryKinds.CancellationFee => Texts.Say("Penale per disdetta tardiva"),
        EntryKinds.NoShowFee => Texts.Say("Penale per assenza"),
        EntryKinds.PayoutSent => Texts.Say("Bonifico disposto"),
        EntryKinds.Correction => Texts.Say("Rettifica"),
        _ => kind.Replace('_', ' '),
    };

    /// <summary>A group of accounts: "Enti erogatori".</summary>
    public static string Chart(string chart) => chart switch
    {
        "bank" => Texts.Say("Tesoreria"),
        "stripe" => Texts.Say("Incassi con carta"),
        "receivable" => Texts.Say("Crediti verso gli enti finanziatori"),
        "programme" => Texts.Say("Misure, da assegnare"),
        "grant" => Texts.Say("Assegnazioni alle famiglie"),
        "provider" => Texts.Say("Enti erogatori"),
        "shop" => Texts.Say("Negozi"),
        "payout" => Texts.Say("Liquidazioni in viaggio"),
        "suspense" => Texts.Say("Somme da capire"),
        "project" => Texts.Say("Progetti locali"),
        "platform_fee" => Texts.Say("Ricavi della piattaforma"),
        "fees" => Texts.Say("Commissioni"),
        "guarantee_loss" => Texts.Say("Perdite su garanzie"),
        _ => chart.Replace('_', ' '),
    };

    /// <summary>What the accounts of a group are for, in one sentence.</summary>
    public static string ChartPurpose(string chart) => chart switch
    {
        "bank" => Texts.Say("Il denaro che vediamo in banca."),
        "receivable" => Texts.Say("Promesso con un atto e non ancora arrivato."),
        "programme" => Texts.Say("Stanziato e non ancora assegnato a una famiglia."),
        "grant" => Texts.Say("Quello che le famiglie possono ancora spendere."),
        "provider" => Texts.Say("Maturato con le prestazioni e non ancora bonificato."),
        "shop" => Texts.Say("Incassato dai negozi e non ancora bonificato."),
        "payout" => Texts.Say("Disposto con una distinta e non ancora visto in banca."),
        "suspense" => Texts.Say("Arrivato in banca senza sapere per che cosa."),
        _ => "",
    };

    /// <summary>What sort of body a funder is.</summary>
    public static string Nature(FunderKind kind) => kind switch
    {
        FunderKind.Municipality => Texts.Say("Comune"),
        FunderKind.Region => Texts.Say("Regione"),
        FunderKind.State => Texts.Say("Stato"),
        FunderKind.Company => Texts.Say("Azienda"),
        FunderKind.Foundation => Texts.Say("Fondazione"),
    };

    /// <summary>How the balances of a group must be when a period closes.</summary>
    public static string Must(BalanceMust must) => must switch
    {
        BalanceMust.Zero => Texts.Say("a zero"),
        BalanceMust.NotOverdrawn => Texts.Say("mai sotto zero"),
    };

    /// <summary>What happened to the periods, as a sentence without its subject.</summary>
    public static string What(PeriodEvent happened) => happened.Kind switch
    {
        PeriodEventKind.Closed => Texts.Say("Chiuso fino al {0}", Display.DayShort(happened.Through)),
        PeriodEventKind.ReopenAsked => Texts.Say("Chiesta la riapertura dal {0}", Display.DayShort(happened.Through.PlusDays(1))),
        PeriodEventKind.Reopened => Texts.Say("Riaperto dal {0}", Display.DayShort(happened.Through.PlusDays(1))),
    };

    /// <summary>The heading of a part of the trial balance.</summary>
    public static string Part(AccountKind kind) => kind switch
    {
        AccountKind.Asset => Texts.Say("Attivo"),
        AccountKind.Liability => Texts.Say("Passivo"),
        AccountKind.Income => Texts.Say("Ricavi"),
        AccountKind.Expense => Texts.Say("Costi"),
    };

    /// <summary>The last line of a part of the trial balance.</summary>
    public static string PartTotal(AccountKind kind) => kind switch
    {
        AccountKind.Asset => Texts.Say("Totale attivo"),
        AccountKind.Liability => Texts.Say("Totale passivo"),
        AccountKind.Income => Texts.Say("Totale ricavi"),
        AccountKind.Expense => Texts.Say("Totale costi"),
    };

    /// <summary>The name of an account: "Assegnazione famiglia 0412 · AD26".</summary>
    public static string Name(AccountSubject subject) => subject switch
    {
        AccountSubject.OfGrant s => Texts.Say("Assegnazione famiglia {0} · {1}", Family(s.HouseholdNumber), s.ProgrammeCode),
        AccountSubject.OfProgramme s => In(s.NameIt, s.NameEn),
        AccountSubject.OfReceivable s => Texts.Say("Credito verso {0} · {1}", s.Funder, s.Code),
        AccountSubject.OfProvider s => s.Name,
        AccountSubject.OfPayout s => s.Reference,
        AccountSubject.OfTreasury s => s.Name,
        AccountSubject.Unnamed s => s.LedgerName,
        _ => throw new InvalidOperationException($"No name for {subject.GetType().Name}."),
    };

    /// <summary>A second line below an account's name; empty for none.</summary>
    public static string Detail(AccountSubject subject) => subject switch
    {
        AccountSubject.OfGrant s => In(s.ProgrammeIt, s.ProgrammeEn),
        AccountSubject.OfProgramme s => Texts.Say("{0}, {1}", s.Code, s.Funder),
        AccountSubject.OfReceivable s => In(s.NameIt, s.NameEn),
        AccountSubject.OfTreasury s => Iban.Parse(s.Iban).Masked,
        AccountSubject.OfProvider or AccountSubject.OfPayout or AccountSubject.Unnamed => "",
        _ => throw new InvalidOperationException($"No detail for {subject.GetType().Name}."),
    };

    /// <summary>What an entry is about, short enough for a cell: a reference people know.</summary>
    public static string Reference(EntrySubject subject) => subject switch
    {
        EntrySubject.OfBooking s => Display.Reference(s.Reference),
        EntrySubject.OfPayout s => s.Reference,
        EntrySubject.OfGrant s => Texts.Say("Famiglia {0} · {1}", Family(s.HouseholdNumber), s.ProgrammeCode),
        EntrySubject.OfProgramme s => s.Code,
        _ => throw new InvalidOperationException($"No reference for {subject.GetType().Name}."),
    };

    /// <summary>What an entry is about, as a title: the service, the programme.</summary>
    public static string? Title(EntrySubject subject) => subject switch
    {
        EntrySubject.OfBooking s => In(s.TitleIt, s.TitleEn),
        EntrySubject.OfProgramme s => In(s.NameIt, s.NameEn),
        EntrySubject.OfPayout or EntrySubject.OfGrant => null,
        _ => throw new InvalidOperationException($"No title for {subject.GetType().Name}."),
    };

    public static string Status(PayoutStatus status) => status switch
    {
        PayoutStatus.Locked => Texts.Say("da firmare"),
        PayoutStatus.Authorised => Texts.Say("firmata, da inviare"),
        PayoutStatus.Sent => Texts.Say("in viaggio"),
        PayoutStatus.Withdrawn => Texts.Say("ritirata"),
    };

    public static Tone Tone(PayoutStatus status) => status switch
    {
        PayoutStatus.Locked => Shared.Tone.Wait,
        PayoutStatus.Authorised => Shared.Tone.Info,
        PayoutStatus.Sent => Shared.Tone.Ok,
        PayoutStatus.Withdrawn => Shared.Tone.Quiet,
    };

    /// <summary>Where a booking stands, for whoever pays providers.</summary>
    public static string Booking(BookingStatus status) => status switch
    {
        BookingStatus.Settled => Texts.Say("accettata"),
        BookingStatus.Paid => Texts.Say("in liquidazione"),
        BookingStatus.NoShow => Texts.Say("assenza"),
        BookingStatus.CancelledByHousehold => Texts.Say("disdetta tardi"),
        BookingStatus.Requested or BookingStatus.Confirmed or BookingStatus.Delivered or BookingStatus.Accepted or BookingStatus.Declined
            or BookingStatus.Expired or BookingStatus.Withdrawn or BookingStatus.CancelledByProvider or BookingStatus.CancelledByOperator or BookingStatus.Replaced
            or BookingStatus.Disputed or BookingStatus.Reversed => Texts.Say("da controllare"),
    };

    /// <summary>How many providers: "un ente", "14 enti".</summary>
    public static string Providers(int count) => count == 1 ? Texts.Say("un ente") : Texts.Say("{0} enti", Display.Number(count));

    /// <summary>How many services: "una prestazione", "31 prestazioni".</summary>
    public static string Services(int count) => count == 1 ? Texts.Say("una prestazione") : Texts.Say("{0} prestazioni", Display.Number(count));

    /// <summary>A family's number as people write it: "0412".</summary>
    public static string Family(int number) => number.ToString("0000", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The words in the visitor's language.</summary>
    public static string In(string italian, string english) => Language.IsEnglish ? english : italian;
}
