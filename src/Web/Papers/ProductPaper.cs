using Borsellino.Marketplace;

namespace Borsellino.Web.Papers;

/// <summary>The title of a product on paper: number, PIN and both as a picture, what is to be fetched, where and until when.</summary>
public static class ProductPaper
{
    /// <param name="address">Where the picture leads a provider.</param>
    public static Paper Of(Place place, PackageCard card, IReadOnlyList<BookingPayer> payers, string pin, string address)
    {
        var number = Display.Reference(card.Reference);
        var isBrought = card.Place is ServicePlace.AtHome;
        return new(place, Paper.Named("voucher", card.Reference), Texts.Say("Voucher {0}", number), Texts.Say("Voucher"),
        [
            new PaperPart.Key(number, VoucherWords.Pin(pin), card.Covered, address),
            new PaperPart.Answers(
            [
                new(Texts.Say("Prodotto"), PackageWords.Title(card), card.Provider, null, true),
                new(Texts.Say("Quanti"), ProductWords.Pieces(card), Texts.Say("{0} ciascuno", Display.Money(card.UnitPrice))),
                new(isBrought ? Texts.Say("Te lo portano a") : Texts.Say("Si ritira"), card.Where),
                new(isBrought ? Texts.Say("Te lo portano entro") : Texts.Say("Da ritirare entro"), Display.Day(card.LastDay)),
            ]),
            new PaperPart.Heading(Texts.Say("Chi paga"), "pays"),
            new PaperPart.Sums([.. Sums(card, payers)]),
            new PaperPart.Heading(Texts.Say("Come si usa"), "use"),
            new PaperPart.Points(
            [
                Texts.Say("Mostra questa pagina a chi consegna, su carta o sul telefono. L’ente inquadra la figura o scrive numero e PIN, e quanti pezzi ti dà."),
                Texts.Say("Vale per questi pezzi e per la persona scritta sopra, anche in più volte. Non si cede e non si cambia in denaro."),
                Texts.Say("Se lo perdi non perdi niente: l’ente può segnare la consegna anche dal suo elenco."),
            ]),
        ])
        {
            Under = Texts.Say("per {0} {1}", card.FirstName, card.LastName),
            State = new(ProductWords.Status(card.Status), ProductWords.ToneOf(card.Status)),
        };
    }

    private static IEnumerable<PaperSum> Sums(PackageCard card, IReadOnlyList<BookingPayer> payers)
    {
        foreach (var payer in payers) yield return new($"{payer.Funder}, {BookingWords.Either(payer.ProgrammeIt, payer.ProgrammeEn)}", payer.Amount);
        yield return new(Texts.Say("Valore del voucher"), card.Covered, IsTotal: true);
        if (card.Copayment.IsPositive) yield return new(Texts.Say("La tua parte, da pagare all’ente quando consegna"), card.Copayment);
    }
}
