using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Shared;

namespace Borsellino.Web.Papers;

/// <summary>The paper for something paid: what, for whom, and which funder paid how much of it.</summary>
public static class ReceiptPaper
{
    public static Paper Of(Place place, BookingDetail detail)
    {
        var card = detail.Card;
        var reference = Display.Reference(card.Reference);
        var paidAt = detail.At(BookingStatus.Settled) ?? detail.Events[^1].At;
        return new(place, Paper.Named(Texts.Say("ricevuta"), card.Reference), Texts.Say("Ricevuta {0}", reference), Texts.Say("Ricevuta"),
        [
            new PaperPart.Answers(
            [
                new(Texts.Say("Servizio"), BookingWords.Title(card), card.Provider, null, true),
                new(Texts.Say("Quando"), BookingWords.Day(card.StartsAt), BookingWords.Hours(card)),
                .. BookingWords.RealHours(card) is { Length: > 0 } real ? [new(Texts.Say("Orario vero"), real)] : Array.Empty<CheckAnswer>(),
                new(Texts.Say("Come è finita"), BookingWords.Status(card.Status)),
                new(Texts.Say("Pagato il"), BookingWords.Day(paidAt)),
            ]),
            new PaperPart.Heading(Texts.Say("Chi ha pagato"), "paid"),
            new PaperPart.Sums([.. Sums(detail)]),
            new PaperPart.Paragraph(Texts.Say("Questa ricevuta dice che cosa ha pagato il tuo borsellino. La fattura, se serve, la fa l’ente."), Fine: true),
        ])
        {
            Under = Texts.Say("Numero di riferimento"),
            Reference = reference,
            Beside = [$"{card.FirstName} {card.LastName}", card.Municipality],
        };
    }

    private static IEnumerable<PaperSum> Sums(BookingDetail detail)
    {
        var card = detail.Card;
        foreach (var (payer, paid) in PartsOf(detail))
        {
            yield return new($"{payer.Funder}, {BookingWords.Either(payer.ProgrammeIt, payer.ProgrammeEn)}", paid);
        }

        yield return new(Texts.Say("Pagato dal borsellino a {0}", card.Provider), card.Settled, IsTotal: true);
        if (!card.Copayment.IsPositive || card.Status is not (BookingStatus.Settled or BookingStatus.Paid)) yield break;
        yield return new(
            card.CopaymentPaidAt is { } paidAt
                ? Texts.Say("La tua parte, pagata direttamente all’ente il {0}", Display.Moment(paidAt))
                : Texts.Say("La tua parte, da pagare all’ente: non l’ha ancora segnata come pagata"),
            card.Copayment);
    }

    /// <summary>A hold is paid from its lines in order, so a fee may leave the later ones untouched.</summary>
    private static List<(BookingPayer, Money)> PartsOf(BookingDetail detail)
    {
        var left = detail.Card.Settled;
        var parts = new List<(BookingPayer, Money)>();
        foreach (var payer in detail.Payers)
        {
            var paid = Money.Min(left, payer.Amount);
            left -= paid;
            if (paid.IsPositive) parts.Add((payer, paid));
        }

        return parts;
    }
}
