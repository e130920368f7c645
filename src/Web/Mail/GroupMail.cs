using Borsellino.Marketplace;

namespace Borsellino.Web.Mail;

/// <summary>What a provider is written when groups wait for one: what, where and when, how many, until when; nobody is named.</summary>
public static class GroupMail
{
    /// <param name="address">Where people reach the program; null where nothing says so, and then the letter has no link.</param>
    public static Letter Write(Place place, GroupLetter letter, Uri? address)
    {
        Language.Speak(english: letter.IsEnglish);
        var lines = letter.Groups.Select(g => "– " + Texts.Say(
            "{0}, {1} famiglie, {2} ({3}), ogni {4}: al massimo {5} in tutto. Aspettano fino a {6}.", BookingWords.Either(g.NameIt, g.NameEn), g.Members,
            g.Place, g.Municipality, NeedWords.Time(g.Weekday, g.Starts, g.Ends), Display.Money(g.Price), BookingWords.DayTime(g.TakeBy)));
        return new(
            letter.Email,
            letter.Groups.Count == 1 ? Texts.Say("Un gruppo di famiglie cerca un ente") : Texts.Say("{0} gruppi di famiglie cercano un ente", letter.Groups.Count),
            string.Join(
                "\n\n",
                Texts.Say("Buongiorno {0},", letter.Name),
                Texts.Say("Si sono messe d’accordo su un servizio per cui siete accreditati:"),
                string.Join('\n', lines),
                Texts.Say("Prende il gruppo il primo ente che lo chiede. Chi sono le famiglie si vede quando il gruppo è deciso."),
                address is null
                    ? Texts.Say("Li trovate entrando nel Borsellino, alla voce Chi vi cerca.")
                    : Texts.Say("Li trovate qui: {0}", $"{address.GetLeftPart(UriPartial.Authority)}/{place.Slug}/ente/ricerche"))
            + "\n");
    }
}
