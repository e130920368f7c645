using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;

namespace Borsellino.Web.Demo;

/// <summary>
/// A provider of the town sells swimming lessons and exercises by the package; a family of the cast has bought the lessons for its daughter and
/// asked for the first, another the exercises. Lessons are to cost more from the new year. Every step may be repeated.
/// </summary>
public sealed class TownPackages(Town town)
{
    private const string Place = "tradate";

    private static readonly IReadOnlyList<Sale> Sales =
    [
        new("pianura", "Nuoto per bambini", 10, new("lezioni", "lessons"), "chiara", "Emma", IsBegun: true),
        new("pianura", "Ginnastica dolce sulla sedia", 4, new("incontri", "meetings"), "adele", "Adele", IsBegun: false),
    ];

    private readonly Packages packages = new(town.Db, town.Ledger, town.Bookings, town.Clock);

    /// <summary>In the town that has these services: elsewhere nothing.</summary>
    public async Task SellAsync(FoundedTown founded, CancellationToken cancel)
    {
        if (town.Script.Data != Place) return;
        foreach (var sale in Sales)
        {
            var by = new ProviderUser(DemoCatalogue.ProviderId(Place, sale.Provider), CastUser.IdOf($"enti/{sale.Provider}"));
            var offer = (await town.Offers.FindAsync(town.Territory, DemoCatalogue.OfferId(Place, sale.Provider, sale.Title), cancel))!;
            var sold = offer with { Package = new(sale.Units, offer.Price * sale.Units, sale.Name, 180, 14, ReturnsRest: false) };
            (await town.Offers.ChangeAsync(town.Territory, sold, by, cancel)).OrThrow();
            await BuyAsync(founded, sale, offer.Id, cancel);
            // From the year's first day lessons cost a euro more: who books for January sees it.
            var year = new DatedPrice(new(town.Clock.Today().Year + 1, 1, 1), offer.Price + Money.Euro(1));
            if (sale.IsBegun) (await town.Offers.PlanPriceAsync(town.Territory, offer.Id, year, by, cancel)).OrThrow();
        }
    }

    /// <summary>Nothing where the purse does not reach.</summary>
    private async Task BuyAsync(FoundedTown founded, Sale sale, Id<Offer> offer, CancellationToken cancel)
    {
        var family = founded.FamilyOf(town.Cast.Households.Single(h => h.Key == sale.Buyer).Household);
        var user = new HouseholdUser(family.Household, CastUser.IdOf($"famiglie/{sale.Buyer}"));
        var (package, first) = (Id<Package>.From("demo", town.Script.Slug, sale.Title), Id<Booking>.From("demo", town.Script.Slug, sale.Title));
        var preview = (await packages.PreviewAsync(town.Territory, family.Household, offer, cancel: cancel)).OrThrow();
        var person = preview.People.First(p => p.FirstName == sale.For).Id;
        if ((await packages.BuyAsync(town.Territory, new(package, offer, person, preview.Shown), user, cancel)).IsRefused(out _) || !sale.IsBegun) return;
        var free = await town.Slots.UpcomingAsync(town.Territory, offer, town.Clock.Now + Duration.FromDays(3), 1, cancel);
        if (free is [var slot]) await town.Bookings.TakeUnitAsync(town.Territory, new(first, package, slot.Id), user, cancel);
    }

    /// <param name="For">The first name of whom it is for.</param>
    /// <param name="IsBegun">Whether a first unit is asked for.</param>
    private sealed record Sale(string Provider, string Title, int Units, Words Name, string Buyer, string For, bool IsBegun);
}
