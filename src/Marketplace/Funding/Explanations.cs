using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>An offer as one chooses it in a list: what it is and what it costs.</summary>
/// <param name="Coming">Its changes of price, as cells.</param>
public sealed record OfferChoice(
    Id<Offer> Id, Id<Provider> ProviderId, string Provider, string ClassCode, string TitleIt, string TitleEn, Money Price, int Minutes,
    ServicePlace Place, string MunicipalityCode, string? Coming)
{
    /// <summary>What it costs on a day, today or later.</summary>
    public Money PriceOn(LocalDate day) => Offers.ReadComing(Coming).LastOrDefault(p => p.From <= day)?.Price ?? Price;

    /// <summary>What is to be paid for when it is had on a day, today or later.</summary>
    public Purchase On(LocalDate day) => new(ClassCode, day, PriceOn(day), Minutes, ProviderId, Purchase.PlaceOf(Place, MunicipalityCode));
}

/// <summary>Why a household's money pays for something or does not, for whoever is asked at an office. Nothing is written or held by asking.</summary>
public sealed class Explanations(Database db, IClock clock)
{
    private const int OffersMax = 1_000;

    private readonly Purses purses = new(db, clock);

    /// <summary>What can be asked about: everything published, by class and title.</summary>
    public Task<List<OfferChoice>> OffersAsync(TerritoryId territory, CancellationToken cancel = default) =>
        db.ListAsync<OfferChoice>(
            territory,
            $"""
            select o.id, o.provider_id, p.name as provider, o.class_code, o.title_it, o.title_en, o.price, o.minutes::int as minutes, o.place, o.municipality_code,
                   {Offers.ComingOf("o")} as coming
            from marketplace.offer o
            join marketplace.provider p on p.territory_id = @territory and p.id = o.provider_id
            where o.territory_id = @territory and o.status = 'Published'
            order by o.class_code, o.title_it, p.name, o.id limit {OffersMax}
            """, cancel: cancel);

    /// <summary>Grant by grant, what would be paid now.</summary>
    public async Task<Coverage> OfAsync(TerritoryId territory, Id<Household> household, Purchase purchase, CancellationToken cancel = default) =>
        Waterfall.Choose(await purses.GrantsAsync(territory, household, purchase.On, cancel), purchase);
}
