using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Shared;
using NodaTime;

namespace Borsellino.Web.Papers;

/// <summary>A funder's statement: of what it gave, where each cent is. The entries, which may be thousands, are a table of their own.</summary>
public static class FunderReportPaper
{
    public static Paper Of(Place place, FunderStatement statement, LocalDate today) =>
        new(place, $"{Texts.Say("rendiconto")}-{Days.Iso(today)}", $"{statement.Funder.Name}, {Display.DayShort(today)}", statement.Funder.Name,
        [
            new PaperPart.Paragraph(Summary(today)),
            new PaperPart.Terms(Terms(statement)),
            .. statement.Foots ? Array.Empty<PaperPart>() : [new PaperPart.Warning(
                $"{Texts.Say("Il rendiconto non quadra")}. {Texts.Say("Quello che manca dai borsellini non è quello che gli enti hanno ricevuto. Chiama subito chi amministra il sistema.")}")],
            new PaperPart.Heading(Heading(statement), "programmes"),
            new PaperPart.Rows(Programmes(statement)),
            .. statement.Payees.Count == 0 ? Array.Empty<PaperPart>() :
            [
                new PaperPart.Heading(Texts.Say("Speso presso"), "payees"),
                new PaperPart.Rows(Payees(statement) with { Caption = Texts.Say("Importi in euro.") }),
                new PaperPart.Paragraph(Texts.Say("Le scritture, una per una, sono nel file CSV di questo rendiconto."), Fine: true),
            ],
        ]);

    public static string Summary(LocalDate today) => Texts.Say("Rendiconto di oggi, {0}: di quello che ha dato, dove è ogni centesimo.", Display.DayShort(today));

    public static string Heading(FunderStatement statement) =>
        statement.Programmes.Count == 1 ? Texts.Say("Una misura") : Texts.Say("{0} misure", Display.Number(statement.Programmes.Count));

    public static Tally Terms(FunderStatement statement) => new(
    [
        new(Texts.Say("Stanziato"), Display.Money(statement.Committed), Strong: true),
        new(Texts.Say("Speso"), Display.Money(statement.Spent), "="),
        new(Texts.Say("Impegnato"), Display.Money(statement.Held), "+", Note: Texts.Say("per prenotazioni")),
        new(Texts.Say("Libero"), Display.Money(statement.Free), "+", Note: Texts.Say("nei borsellini")),
        new(Texts.Say("Da assegnare"), Display.Money(statement.NotGranted), "+",
            Note: statement.Returned.IsPositive ? Texts.Say("di cui tornati {0}", Display.Money(statement.Returned)) : ""),
    ]);

    public static PaperTable Programmes(FunderStatement statement) => new(
        Texts.Say("Importi in euro. Stanziato = speso + impegnato + libero + da assegnare."),
        [
            new(Texts.Say("Misura"), PaperColumnKind.Subject), new(Texts.Say("Stanziato"), PaperColumnKind.Amount), new(Texts.Say("Speso"), PaperColumnKind.Amount),
            new(Texts.Say("Impegnato"), PaperColumnKind.Amount), new(Texts.Say("Libero"), PaperColumnKind.Amount),
            new(Texts.Say("Da assegnare"), PaperColumnKind.Amount), new(Texts.Say("di cui tornati"), PaperColumnKind.Amount),
        ],
        [.. statement.Programmes.Select(programme => new PaperCell[]
        {
            new(BookingWords.Either(programme.Figures.NameIt, programme.Figures.NameEn), Small: programme.Figures.Code, Href: $"~/ragioneria/conto/{programme.AccountId}"),
            programme.Figures.Committed, programme.Figures.Spent, programme.Figures.Held, programme.Figures.Free, programme.Figures.Left, programme.Returned,
        })],
        Totals:
        [
            Texts.Say("Totale"), statement.Committed, statement.Spent, statement.Held, statement.Free, statement.NotGranted, statement.Returned,
        ],
        WhenEmpty: Texts.Say("Il rendiconto comincia con il primo stanziamento."));

    /// <summary>Who got it; on the page each opens on its entries.</summary>
    public static PaperTable Payees(FunderStatement statement) => new(
        Texts.Say("Importi in euro. Ogni ente apre le sue scritture."),
        [new(Texts.Say("Ente"), PaperColumnKind.Subject), new(Texts.Say("Scritture"), PaperColumnKind.Number), new(Texts.Say("Importo"), PaperColumnKind.Amount)],
        [.. statement.Payees.Select(payee => new PaperCell[]
        {
            new(payee.Name, Href: $"~/ragioneria/finanziatori/{statement.Funder.Id}?ente={payee.Id}#entries"), Display.Number(payee.Entries), payee.Amount,
        })],
        Totals: [Texts.Say("Totale"), Display.Number(statement.Payees.Sum(p => p.Entries)), statement.Payees.Sum(p => p.Amount)]);
}
