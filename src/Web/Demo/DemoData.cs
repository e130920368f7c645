using System.Text.Json.Serialization;
using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Marketplace.Standards;
using NodaTime;
using NodaTime.Text;

namespace Borsellino.Web.Demo;

// What stands in data/*.json. Two texts in a row are Italian and English.

internal sealed record DemoServices(
    IReadOnlyList<DemoClass> Classes, IReadOnlyDictionary<string, DemoText> Texts, IReadOnlyDictionary<string, IReadOnlyList<DemoHours>> Hours);

internal sealed record DemoClass(string Code, string? Parent, string It, string En, string Icon, string Synonyms)
{
    public ServiceClass ToClass(short position) => new(Code, Parent, It, En, Icon, Synonyms, position);
}

/// <summary>What the cards of all offers of a class say.</summary>
/// <param name="Ages">From how many years to how many; without the second to any, without both for all.</param>
internal sealed record DemoText(
    string[] Addressed, string[] Needed, string[] Achieved, int CancelHours, string[] Topics, string Hours, short Capacity, int[]? Ages = null);

internal sealed record DemoHours(int[] Days, string From)
{
    [JsonIgnore]
    public LocalTime Start => LocalTimePattern.CreateWithInvariantCulture("HH:mm").Parse(From).Value;
}

internal sealed record DemoTerritory(
    DemoPlace Territory, IReadOnlyList<Municipality> Municipalities, List<DemoProvider> Cooperatives, List<DemoProvider> Shops,
    IReadOnlyList<DemoOffer> Offers);

internal sealed record DemoPlace(
    int Id, string Slug, string Name, string ShortName, string OfficeName, string OfficeAddress, string Town, string HelpPhone,
    string HelpHours, string HelpHoursEn, string TreasuryName, string TreasuryIban, string Colour)
{
    public NewTerritory ToTerritory(IReadOnlyList<Municipality> municipalities) => new(
        new(Id), Slug, Name, ShortName, OfficeName, OfficeAddress, Town, HelpPhone, HelpHours, HelpHoursEn, TreasuryName,
        Iban.Parse(TreasuryIban), municipalities, Colour, Demo: true);
}

internal sealed record DemoProvider(
    string Key, string Name, string LegalName, string VatNumber, string Iban, string Municipality, string Address, double Latitude,
    double Longitude, string Phone, string Email, string[] About, string[] Classes, string[]? Languages = null, OfferAccess[]? Access = null)
{
    public NewProvider ToProvider(Id<Provider> id, ProviderKind kind) => new(
        id, kind, Name, LegalName, Marketplace.Standards.VatNumber.Parse(VatNumber), Marketplace.Standards.Iban.Parse(Iban), Municipality,
        Address, Latitude, Longitude, Phone, Email, new(About[0], About[1]));
}

/// <summary>One offer; <paramref name="Price"/> in cents. Without a municipality it is where its provider is.</summary>
internal sealed record DemoOffer(
    string Provider, string Class, string[] Title, string[] Detail, string[] Unit, long Price, int Minutes, string Place,
    string? Municipality = null, string[]? Reach = null)
{
    public Offer ToOffer(
        Id<Offer> id, Id<Provider> provider, DemoProvider host, IReadOnlyDictionary<string, Municipality> places, DemoText text)
    {
        var elsewhere = Municipality is not null && Municipality != host.Municipality ? places[Municipality] : null;
        var place = Enum.Parse<ServicePlace>(Place);
        return new(
            id, provider, Class, OfferStatus.Draft, Both(Title), Both(Detail), Both(text.Addressed), Both(text.Needed), Both(text.Achieved),
            Both(Unit), new(Price), Minutes, place, place is ServicePlace.AtProvider ? Address(host, elsewhere) : "",
            elsewhere?.Code ?? host.Municipality, elsewhere?.Latitude ?? host.Latitude, elsewhere?.Longitude ?? host.Longitude,
            text.CancelHours, Fee(), 24, Reach ?? [], text.Topics)
        {
            AgeMin = text.Ages?[0], AgeMax = text.Ages is [_, var to] ? to : null, Languages = host.Languages ?? ["it"],
            // How its own house is reached is said of what is given there.
            Access = [.. (host.Access ?? []).Where(a => (place is ServicePlace.AtProvider && elsewhere is null) || a is OfferAccess.SignLanguage or OfferAccess.EasyToRead)],
        };
    }

    /// <summary>A quarter of the price, in whole half euros, for those who cancel late.</summary>
    private Money Fee() => new(Price / 4 / 50 * 50);

    private static string Address(DemoProvider host, Municipality? elsewhere) =>
        elsewhere is null ? host.Address : "centro civico, piazza del Comune 1";

    private static Words Both(string[] words) => new(words[0], words[1]);
}
