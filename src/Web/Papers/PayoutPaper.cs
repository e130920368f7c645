using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Marketplace.Standards;
using Borsellino.Web.Shared;

namespace Borsellino.Web.Papers;

/// <summary>A payout for the folder of whoever signs it: each transfer, what it leaves from, and who did what.</summary>
public static class PayoutPaper
{
    public static Paper Of(Place place, PayoutDetail detail)
    {
        var payout = detail.Payout;
        return new(place, $"{Texts.Say("distinta")}-{payout.Reference}", payout.Reference, payout.Reference,
        [
            new PaperPart.Paragraph(Summary(detail)),
            new PaperPart.Heading(Heading(detail), "lines"),
            new PaperPart.Rows(Lines(detail) with { Caption = Texts.Say("Importi in euro.") }),
            new PaperPart.Paragraph(DebtorOf(payout)),
            new PaperPart.Heading(Texts.Say("Chi e quando"), "story"),
            new PaperPart.Answers([.. Story(detail)]),
            .. payout.FileSha256 is { } print ? [new PaperPart.Paragraph($"{Texts.Say("Formato pain.001.001.09. Impronta SHA-256:")} {InGroups(print)}", Fine: true)] : Array.Empty<PaperPart>(),
        ])
        { State = new(BookWords.Status(payout.Status), BookWords.Tone(payout.Status)) };
    }

    public static string Summary(PayoutDetail detail) => Texts.Say(
        "Paga {0} per {1}, {2}.", BookWords.Providers(detail.Lines.Count), BookWords.Services(detail.Bookings), Display.Day(detail.Payout.ExecutionOn));

    public static string Heading(PayoutDetail detail) =>
        detail.Lines.Count == 1 ? Texts.Say("Un bonifico") : Texts.Say("{0} bonifici", Display.Number(detail.Lines.Count));

    public static string DebtorOf(Payout payout) => Texts.Say("Parte da {0}, IBAN {1}.", payout.DebtorName, Iban.Parse(payout.DebtorIban).Printed);

    /// <summary>A fingerprint in groups of eight, so that two of them can be compared by eye.</summary>
    public static string InGroups(string fingerprint) => string.Join(" ", fingerprint.Chunk(8).Select(c => new string(c)));

    /// <summary>The transfers; on the page each opens on what it pays.</summary>
    public static PaperTable Lines(PayoutDetail detail) => new(
        Texts.Say("Importi in euro. Ogni bonifico si apre sulle prestazioni che paga."),
        [
            new(Texts.Say("Riga")), new(Texts.Say("A chi"), PaperColumnKind.Subject), new(Texts.Say("IBAN")),
            new(Texts.Say("Prestazioni"), PaperColumnKind.Number), new(Texts.Say("Importo"), PaperColumnKind.Amount),
        ],
        [.. detail.Lines.Select(line => new PaperCell[]
        {
            Display.Number(line.Line),
            new(line.CreditorName, Small: line.EndToEndId, IsCode: true, Href: $"~/ragioneria/liquidazioni/{detail.Payout.Id}/{line.Line}"),
            Iban.Parse(line.CreditorIban).Printed, Display.Number(line.Bookings), line.Amount,
        })],
        Totals: ["", Texts.Say("Totale"), "", Display.Number(detail.Bookings), detail.Lines.Sum(l => l.Amount)]);

    private static IEnumerable<CheckAnswer> Story(PayoutDetail detail)
    {
        var payout = detail.Payout;
        yield return new(Texts.Say("Preparata"), Display.Moment(payout.PreparedAt), Name(payout.PreparedBy));
        if (payout.WithdrawnAt is { } withdrawn)
        {
            yield return new(Texts.Say("Ritirata"), Display.Moment(withdrawn), Name(payout.WithdrawnBy));
            yield break;
        }

        if (payout.AuthorisedAt is { } signed) yield return new(Texts.Say("Firmata"), Display.Moment(signed), Name(payout.AuthorisedBy));
        if (payout.SentAt is { } sent) yield return new(Texts.Say("File per la banca"), Display.Moment(sent), Name(payout.SentBy));
        yield return new(Texts.Say("Bonifici agli enti"), Display.DayShort(payout.ExecutionOn));

        string? Name(Id<User>? user) => user is { } id ? detail.Names.GetValueOrDefault(id) : null;
    }
}
