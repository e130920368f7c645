using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>In which order offers are listed.</summary>
public enum SearchOrder
{
    /// <summary>What fits the words best. Among equals the order turns every day, so that no provider is always first.</summary>
    Fit,
    Price,
    Distance,
}

/// <summary>Whether a service is to be shared with other families.</summary>
public enum Sharing
{
    Either,

    /// <summary>A group of its offer still takes families in.</summary>
    Shared,

    /// <summary>None does.</summary>
    Alone,
}

/// <summary>What there must be for somebody who moves, hears or reads otherwise: all of it. The same things are equal, in whatever order they were said.</summary>
public readonly record struct AccessNeeds
{
    private readonly int bits;

    public AccessNeeds(IEnumerable<OfferAccess> needed) => bits = needed.Aggregate(0, (all, one) => all | (1 << (int)one));

    public bool IsNone => bits == 0;

    public IEnumerable<OfferAccess> Each
    {
        get
        {
            var all = bits;
            return Enum.GetValues<OfferAccess>().Where(a => (all >> (int)a & 1) == 1);
        }
    }

    public bool Has(OfferAccess access) => Each.Contains(access);

    /// <summary>As the database names them.</summary>
    internal string[] ToNames() => [.. Each.Select(a => a.ToString())];

    internal static AccessNeeds Parse(IEnumerable<string> names) => new(names.Select(Enum.Parse<OfferAccess>));
}

/// <summary>What is asked of the catalogue. Everything left out is not asked.</summary>
/// <param name="ClassCode">Offers of the class or of one below it.</param>
/// <param name="MunicipalityCode">Offers that can be had there: given there, coming home there, or online.</param>
/// <param name="WithinKm">With a municipality: offers given at most so far from its centre count too.</param>
/// <param name="From">Offers with a free time on this day or later.</param>
/// <param name="PriceMax">The most it may cost; with <paramref name="AfterPurse"/>, the most that the purse may leave to pay.</param>
/// <param name="AfterPurse">Prices are limited and ordered by what the purse of who looks would leave to pay; without a purse it is the price.</param>
/// <param name="Age">Of whoever is to use it: offers for other ages are left out.</param>
/// <param name="Language">Offers that are given in it, as ISO 639-1 names it.</param>
/// <param name="Access">Offers that say they have all of it.</param>
/// <param name="Page">From 1.</param>
public sealed record SearchCriteria(
    string Text = "", string? ClassCode = null, string? MunicipalityCode = null, int? WithinKm = null, LocalDate? From = null,
    Money? PriceMax = null, SearchOrder Order = SearchOrder.Fit, int Page = 1, int PageSize = 20,
    bool AfterPurse = false, int? Age = null, Sharing Sharing = Sharing.Either,
    string? Language = null, AccessNeeds Access = default)
{
    public const int PageSizeMax = 100;
    public const int PageMax = 1000;

    /// <summary>Whether nothing but the order and the page is asked.</summary>
    public bool IsOpen => Text.Length == 0 && ClassCode is null && MunicipalityCode is null && From is null && PriceMax is null && Age is null
        && Sharing is Sharing.Either && Language is null && Access.IsNone;
}

/// <summary>An offer as the list shows it.</summary>
/// <param name="NextFree">When its next free time starts; null: none is planned.</param>
/// <param name="OpenPools">How many of its times families share and may still join.</param>
public sealed record OfferCard(
    Id<Offer> Id, string ClassCode, Words Title, Words Summary, Words Unit, Money Price, ServicePlace Place, string MunicipalityCode,
    double Latitude, double Longitude, Id<Provider> ProviderId, string ProviderName, Instant? NextFree,
    int OpenPools = 0, int Minutes = 60)
{
    public bool IsProduct { get; init; }

    /// <summary>How many pieces of a product can still be bought; null where nobody counts, and for a service.</summary>
    public int? Stock { get; init; }

    /// <summary>What the purse of who looks would leave to pay; null where nobody's purse was asked.</summary>
    public Money? Left { get; init; }

    /// <summary>Null for none, and once the offer is withdrawn.</summary>
    public OfferPhoto? Photo { get; init; }
}

/// <summary>How the words of the search were taken.</summary>
public enum SearchReading
{
    /// <summary>Every word was found as it is typed.</summary>
    AsTyped,

    /// <summary>Nothing was found so, and something once the spelling was corrected.</summary>
    Corrected,

    /// <summary>Nothing has all the words; these have some of them.</summary>
    SomeWords,
}

/// <summary>One page of what was found, and how much the filters would find.</summary>
/// <param name="Searched">The words that were looked for: the typed ones, or the corrected ones.</param>
/// <param name="ByClass">How many offers each class has, those below it included, with all filters but the class. None: not listed.</param>
/// <param name="ByMunicipality">How many can be had in each municipality, with all filters but that one.</param>
/// <param name="Related">When nothing was found: classes whose names come near the words.</param>
public sealed record SearchPage(
    SearchCriteria Criteria, int Total, IReadOnlyList<OfferCard> Cards, SearchReading Reading, string Searched,
    IReadOnlyDictionary<string, int> ByClass, IReadOnlyDictionary<string, int> ByMunicipality, IReadOnlyList<ServiceClass> Related)
{
    /// <summary>How many offers there are with all filters but the class, and with all but the municipality.</summary>
    public int TotalOfAllClasses { get; init; }

    public int TotalOfAllMunicipalities { get; init; }

    public int Pages => (Total + Criteria.PageSize - 1) / Criteria.PageSize;
}
