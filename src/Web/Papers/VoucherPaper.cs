using Borsellino.Marketplace;

namespace Borsellino.Web.Papers;

/// <summary>The title of a booking on paper: number, PIN and both as a picture, so that nobody needs a telephone.</summary>
public static class VoucherPaper
{
    /// <param name="address">Where the picture leads a provider.</param>
    public static Paper Of(Place place, BookingDetail detail, string pin, string address)
    {
        var card = detail.Card;
        var state = Voucher.StateOf(card.Status);
        var number = Display.Reference(card.Reference);
        return new(place, Paper.Named("voucher", card.Reference), Texts.Say("Voucher {0}", number), Texts.Say("Voucher"),
        [
            .. state is VoucherState.Issued ? [new PaperPart.Warning(Texts.Say("L’ente non ha ancora confermato: il voucher si può usare dopo la conferma."))] : Array.Empty<PaperPart>(),
            new PaperPart.Key(number, VoucherWords.Pin(pin), card.Covered, address),
            new PaperPart.Answers(
            [
                new(Texts.Say("Servizio"), BookingWords.Title(card), card.Provider, null, true),
                new(Texts.Say("Quando"), BookingWords.Day(card.StartsAt), BookingWords.Hours(card)),
                new(Texts.Say("Dove"), BookingWords.Where(card.Place, card.Address)),
            ]),
            new PaperPart.Heading(Texts.Say("Chi paga"), "pays"),
            new PaperPart.Sums([.. Sums(detail)]),
            new PaperPart.Heading(Texts.Say("Come si usa"), "use"),
            new PaperPart.Points(
            [
                Texts.Say("Il giorno del servizio mostra questa pagina, su carta o sul telefono. L’ente inquadra la figura o scrive numero e PIN."),
                Texts.Say("Vale una volta sola, per questo servizio e per la persona scritta sopra. Non si cede e non si cambia in denaro."),
                Texts.Say("Se lo perdi non perdi il servizio: l’ente può segnarti anche dal suo elenco del giorno."),
            ]),
        ])
        {
            Under = Texts.Say("per {0} {1}", card.FirstName, card.LastName),
            State = new(VoucherWords.State(state), VoucherWords.ToneOf(state)),
        };
    }

    private static IEnumerable<PaperSum> Sums(BookingDetail detail)
    {
        foreach (var payer in detail.Payers)
        {
            yield return new($"{payer.Funder}, {BookingWords.Either(payer.ProgrammeIt, payer.ProgrammeEn)}", payer.Amount);
        }

        yield return new(Texts.Say("Valore del voucher"), detail.Card.Covered, IsTotal: true);
        if (detail.Card.Copayment.IsPositive) yield return new(Texts.Say("La tua parte, da pagare all’ente il giorno del servizio"), detail.Card.Copayment);
    }
}
