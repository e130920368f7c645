using Borsellino.Marketplace;
using Borsellino.Web.Pages.ForHouseholds;
using NodaTime;

namespace Borsellino.Web.Papers;

/// <summary>One month of a purse on paper: the sum, every movement, and each funder's money.</summary>
public static class StatementPaper
{
    public static Paper Of(Place place, string family, YearMonth month, LocalDate today, PurseStatement statement)
    {
        var first = month.OnDayOfMonth(1);
        // While the month is not over, it is told until today.
        var last = LocalDate.Min(first.PlusMonths(1).PlusDays(-1), today);
        var title = Texts.Say("Estratto conto di {0}", Display.Month(month));
        return new(place, $"{Texts.Say("estratto")}-{MonthAddress.Write(month)}", title, title,
        [
            new PaperPart.Heading(Texts.Say("Il mese in breve"), "short"),
            new PaperPart.Sums([.. Sums(statement, Display.DayMonth(first), Display.DayMonth(last))]),
            new PaperPart.Heading(Texts.Say("Movimenti"), "moves"),
            new PaperPart.Rows(Movements(statement)),
            new PaperPart.Heading(Texts.Say("Ente per ente"), "funders"),
            new PaperPart.Rows(Funders(statement)),
            new PaperPart.Paragraph(Texts.Say("Chiama il {0} e di’ il mese di questo foglio.", place.HelpPhone), Texts.Say("Qualcosa non torna?")),
        ])
        { Beside = [family] };
    }

    private static IEnumerable<PaperSum> Sums(PurseStatement statement, string first, string last)
    {
        yield return new(Texts.Say("Nel borsellino all’inizio, {0}", first), statement.OpeningBalance);
        yield return new(Texts.Say("Più: ricevuto"), statement.Received);
        yield return new(Texts.Say("Meno: speso"), statement.Spent);
        if (statement.TakenBack.IsPositive) yield return new(Texts.Say("Meno: tornato agli enti"), statement.TakenBack);
        yield return new(Texts.Say("Nel borsellino alla fine, {0}", last), statement.ClosingBalance, IsTotal: true);
        yield return new(Texts.Say("di cui impegnato per prenotazioni"), statement.ClosingHeld);
        yield return new(Texts.Say("Puoi spendere"), statement.ClosingAvailable, IsTotal: true);
    }

    private static PaperTable Movements(PurseStatement statement) => new(
        Texts.Say("All’inizio potevi spendere {0}; {1} erano impegnati. Importi in euro.", Display.Money(statement.OpeningAvailable), Display.Money(statement.OpeningHeld)),
        [
            new(Texts.Say("Giorno"), PaperColumnKind.Day), new(Texts.Say("Che cosa")), new(Texts.Say("Movimento")),
            new(Texts.Say("Importo"), PaperColumnKind.Amount), new(Texts.Say("Puoi spendere"), PaperColumnKind.Amount),
        ],
        [.. statement.Movements.Select(move => new PaperCell[]
        {
            Display.DayMonth(Display.DayOf(move.At)), BookingWords.What(move), BookingWords.Word(move.Kind), move.Amount, move.AvailableAfter,
        })],
        WhenEmpty: Texts.Say("In questo mese non si è mosso niente."));

    private static PaperTable Funders(PurseStatement statement) => new(
        Texts.Say("Soldi nel borsellino, compresi quelli impegnati. Importi in euro."),
        [
            new(Texts.Say("Ente e misura"), PaperColumnKind.Subject), new(Texts.Say("All’inizio"), PaperColumnKind.Amount),
            new(Texts.Say("Ricevuto"), PaperColumnKind.Amount), new(Texts.Say("Speso"), PaperColumnKind.Amount),
            new(Texts.Say("Tornato all’ente"), PaperColumnKind.Amount), new(Texts.Say("Alla fine"), PaperColumnKind.Amount),
        ],
        [.. statement.Grants.Select(grant => new PaperCell[]
        {
            new(grant.Funder, Small: BookingWords.Either(grant.ProgrammeIt, grant.ProgrammeEn)),
            grant.Opening, grant.Received, grant.Spent, grant.TakenBack, grant.Closing,
        })],
        Totals:
        [
            Texts.Say("In tutto"), statement.OpeningBalance, statement.Received, statement.Spent, statement.TakenBack, statement.ClosingBalance,
        ]);
}
