using System.Text.RegularExpressions;
using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.SignIn;

namespace Borsellino.Web;

/// <summary>Tells in words which page of this territory somebody left to ask for help, as far as that page is theirs to see.</summary>
public sealed partial class HelpContext(CurrentPlace place, SignedIn visitor, Offers offers, Bookings bookings, BookingCards cards)
{
    private const int PathMax = 200;

    /// <summary>The address below the territory's of the page before this one, without its query; null for none of ours.</summary>
    public static string? PageBefore(HttpRequest request, string slug)
    {
        if (!Uri.TryCreate(request.Headers.Referer.ToString(), UriKind.Absolute, out var before) || before.Authority != request.Host.Value) return null;
        var path = before.AbsolutePath;
        var isOurs = path.StartsWith($"/{slug}/", StringComparison.Ordinal) && path.Length <= PathMax && path != $"/{slug}/aiuto";
        return isOurs ? path[(slug.Length + 1)..] : null;
    }

    /// <summary>What stood there, such as "Prenotazione AB12 …: Doposcuola"; empty for a page that says nothing about the question.</summary>
    public async Task<string> WordsAsync(string? path, CancellationToken cancel)
    {
        if (path is null || Address().Match(path) is not { Success: true } address) return "";
        var id = address.Groups["id"].Value;
        switch (address.Groups["page"].Value)
        {
            case "servizi" when Id<Offer>.TryParse(id, null, out var offer):
                return await offers.FindAsync(place.Territory, offer, cancel) is { } found
                    ? Texts.Say("Il servizio «{0}»", found.Title.In(Language.IsEnglish)) : "";
            case "prenota" when Id<Slot>.TryParse(id, null, out var slot):
                return !(await bookings.PreviewAsync(place.Territory, visitor.Household, slot, cancel)).IsRefused(out _, out var seen)
                    ? Texts.Say("Prenotare «{0}», {1}", BookingWords.Either(seen.TitleIt, seen.TitleEn), BookingWords.DayTime(seen.StartsAt)) : "";
            case "prenotazioni" when Id<Booking>.TryParse(id, null, out var booking):
                return await cards.FindAsync(place.Territory, visitor.Household, booking, cancel) is { Card: var card }
                    ? Texts.Say("La prenotazione {0}: «{1}», {2}", Display.Reference(card.Reference), BookingWords.Title(card), BookingWords.Day(card.StartsAt)) : "";
            case "borsellino" or "movimenti" or "estratto" or "documenti":
                return Texts.Say("I soldi del borsellino");
            case "servizi":
                return Texts.Say("La ricerca dei servizi");
            case "prenotazioni":
                return Texts.Say("L’elenco delle prenotazioni");
            default:
                return "";
        }
    }

    [GeneratedRegex("^/(?<page>[a-z]+)(/(?<id>[^/]+))?", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Address();
}
