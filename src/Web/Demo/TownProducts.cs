using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;

namespace Borsellino.Web.Demo;

/// <summary>
/// A cooperative of the town sells kits of school books; a family of the cast has bought two for its daughter and fetched one. Every step may be
/// repeated.
/// </summary>
public sealed class TownProducts(Town town)
{
    private const string Place = "tradate", Provider = "sasso", ClassCode = "scuola-e-libri", Title = "Kit di libri e quaderni per la scuola";

    public static Id<Offer> Sold { get; } = DemoCatalogue.OfferId(Place, Provider, Title);

    /// <summary>What the family bought, in a town of this name.</summary>
    public static Id<Package> BoughtIn(string slug) => Id<Package>.From("demo", slug, Title);

    private readonly Packages packages = new(town.Db, town.Ledger, town.Bookings, town.Clock);

    /// <summary>In the town that has these people: elsewhere nothing.</summary>
    public async Task SellAsync(FoundedTown founded, CancellationToken cancel)
    {
        if (town.Script.Data != Place) return;
        var provider = DemoCatalogue.ProviderId(Place, Provider);
        var by = new ProviderUser(provider, CastUser.IdOf($"enti/{Provider}"));
        var accreditation = Id<Accreditation>.From("demo", provider, ClassCode);
        var since = new LocalDate(town.Clock.Today().Year - 1, 3, 1);
        if ((await town.Accreditations.OfAsync(town.Territory, provider, cancel)).All(a => a.Id != accreditation))
            (await town.Accreditations.GrantAsync(town.Territory, accreditation, provider, ClassCode, since, since.PlusYears(3).PlusDays(-1), "Determina n. 214", cancel)).OrThrow();

        var offer = await OfferAsync(provider, by, cancel);
        await BuyAsync(founded, offer, by, cancel);
    }

    private async Task<Id<Offer>> OfferAsync(Id<Provider> provider, ProviderUser by, CancellationToken cancel)
    {
        if (await town.Offers.FindAsync(town.Territory, Sold, cancel) is not null) return Sold;
        // Where its other services are given.
        var near = (await town.Offers.OfProviderAsync(town.Territory, provider, cancel)).First(o => o.Place is ServicePlace.AtProvider);
        var offer = new Offer(
            Sold, provider, ClassCode, OfferStatus.Draft, new(Title, "Kit of school books and exercise books"),
            new("I libri dell’anno, con quaderni, penne e una cartelletta: tutto in una borsa.", "The year’s books, with exercise books, pens and a folder: all in one bag."),
            new("A chi va alla primaria o alla media.", "For pupils of primary and middle school."),
            new("L’elenco dei libri della scuola\nIl voucher, sul telefono o su carta", "The school’s list of books\nThe voucher, on the phone or on paper"),
            new("Una borsa con il tuo nome, pronta da portare a casa.", "A bag with your name on it, ready to take home."), new("ogni kit", "each kit"), new(1850), 0,
            ServicePlace.AtProvider, near.Address, near.MunicipalityCode, near.Latitude, near.Longitude, 0, Money.Zero, 24, [], ["scuola"])
        {
            AgeMin = 6, AgeMax = 14, Product = new(40, new("kit", "kits"), 45, 14, ReturnsRest: true),
        };
        (await town.Offers.DraftAsync(town.Territory, offer, by, cancel)).OrThrow();
        (await town.Offers.PublishAsync(town.Territory, Sold, provider, cancel)).OrThrow();
        return Sold;
    }

    /// <summary>Nothing where the purse does not reach.</summary>
    private async Task BuyAsync(FoundedTown founded, Id<Offer> offer, ProviderUser by, CancellationToken cancel)
    {
        var family = founded.FamilyOf(town.Cast.Households.Single(h => h.Key == "chiara").Household);
        var (product, handOver) = (BoughtIn(town.Script.Slug), Id<HandOver>.From("demo", town.Script.Slug, Title));
        if ((await packages.PreviewAsync(town.Territory, family.Household, offer, 2, cancel)).IsRefused(out _, out var preview)) return;
        var emma = preview.People.First(p => p.FirstName == "Emma").Id;
        var user = new HouseholdUser(family.Household, CastUser.IdOf("famiglie/chiara"));
        if ((await packages.BuyAsync(town.Territory, new(product, offer, emma, preview.Shown, 2), user, cancel)).IsRefused(out _)) return;
        (await packages.HandOverAsync(town.Territory, new(handOver, product, 1, Attendance.List), by, cancel)).OrThrow();
    }
}
