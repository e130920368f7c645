using Borsellino.Marketplace;

namespace Borsellino.Web.Mail;

/// <summary>What a provider is written when households ask or call off, and when the office answers; no household is named.</summary>
public static class ProviderMail
{
    /// <param name="address">Where people reach the program; null where nothing says so, and then the letter has no link.</param>
    public static Letter Write(Place place, ProviderLetter letter, Uri? address)
    {
        Language.Speak(english: letter.IsEnglish);
        var door = letter.News.All(n => n.Kind is ProviderNewsKind.Accreditation) ? "ente/accreditamenti" : "ente";
        return new(
            letter.Email,
            letter.News.Count == 1 ? Texts.Say("Una novità per voi dal Borsellino") : Texts.Say("{0} novità per voi dal Borsellino", letter.News.Count),
            string.Join(
                "\n\n",
                Texts.Say("Buongiorno {0},", letter.Name),
                string.Join('\n', letter.News.Select(n => "– " + Line(n))),
                address is null
                    ? Texts.Say("Trovate tutto entrando nel Borsellino.")
                    : Texts.Say("Trovate tutto qui: {0}", $"{address.GetLeftPart(UriPartial.Authority)}/{place.Slug}/{door}"))
            + "\n");
    }

    private static string Line(ProviderNews news)
    {
        var name = BookingWords.Either(news.NameIt, news.NameEn);
        return news.Kind switch
        {
            ProviderNewsKind.Requested => Texts.Say(
                "Una famiglia chiede {0}, {1}: rispondete entro {2}.", name, BookingWords.DayTime(news.On!.Value), BookingWords.DayTime(news.AnswerBy!.Value)),
            ProviderNewsKind.Withdrawn => Texts.Say("Una famiglia ha ritirato la richiesta: {0}, {1}.", name, BookingWords.DayTime(news.On!.Value)),
            ProviderNewsKind.CancelledByHousehold => Texts.Say("Una famiglia ha annullato: {0}, {1}.", name, BookingWords.DayTime(news.On!.Value)),
            ProviderNewsKind.Disputed => Texts.Say("Una famiglia segnala un problema: {0}, {1}. Leggete che cosa dice.", name, BookingWords.DayTime(news.On!.Value)),
            ProviderNewsKind.ProductBought => Texts.Say("Una famiglia ha comprato {0}, pezzi {1}: li trovate tra i prodotti da consegnare.", name, news.Text),
            ProviderNewsKind.ProductCalledOff => Texts.Say("Una famiglia ha disdetto quello che non aveva ritirato: {0}.", name),
            ProviderNewsKind.Accreditation => string.Join(
                ' ', Texts.Say("Accreditamento, {0}: {1}.", name, AccreditationWords.Step(news.Step!.Value)), news.Text).TrimEnd(),
        };
    }
}
