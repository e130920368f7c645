using Borsellino.Ledger;
using Borsellino.Marketplace;

namespace Borsellino.Tests;

/// <summary>A <see cref="BookingTown"/> whose cooperative sells a product that is fetched from it.</summary>
public sealed class ProductTown(BookingTown town)
{
    public BookingTown Town { get; } = town;
    public TerritoryId Territory => Town.Territory;
    public Packages Packages { get; } = new(town.Db, town.Ledger, town.Bookings, town.Clock);
    public PackageCards Cards { get; } = new(town.Db, town.Clock);
    public Offers Offers { get; } = new(town.Db, town.Clock);
    public VoucherPins Pins { get; } = new(new byte[VoucherPins.KeyBytes]);
    public Vouchers Vouchers => new(Town.Db, Town.Bookings, Packages, new(Town.Db, Town.Clock), Pins, Town.Clock);
    public Id<Offer> Offer { get; } = Id<Offer>.New();

    /// <summary>Kits of ten euros, fetched within thirty days, called off within a week while untouched; the cooperative is accredited as in its town.</summary>
    public static async Task<ProductTown> BuildAsync(
        TestDatabase database, int? stock = null, Money? price = null, bool returnsRest = false, ServicePlace place = ServicePlace.AtProvider,
        IReadOnlyList<string>? reach = null, Database? pool = null)
    {
        var town = new ProductTown(await BookingTown.BuildAsync(database, pool));
        var offer = new Offer(
            town.Offer, town.Town.Gelso.Id, "home-care", OfferStatus.Draft, new("Kit di prova", "Test kit"), new("Un kit.", "A kit."), new("A tutti.", "All."),
            new("Niente.", "Nothing."), new("Il kit.", "The kit."), new("ogni kit", "each kit"), price ?? Money.Euro(10), 0, place, "via Roma 1", "L319", 45.7, 8.9, 0,
            Money.Zero, 24, reach ?? [], [])
        {
            Product = new(stock, new("kit", "kits"), 30, 7, returnsRest),
        };
        (await town.Offers.DraftAsync(town.Territory, offer, town.Town.Gelso.User)).OrThrow();
        (await town.Offers.PublishAsync(town.Territory, town.Offer)).OrThrow();
        return town;
    }

    public async Task<Result<Id<Package>>> BuyAsync(int pieces, BookingTown.Family? family = null, Id<Package>? id = null)
    {
        var buyer = family ?? Town.Rossi;
        var preview = await Packages.PreviewAsync(Territory, buyer.Id, Offer, pieces);
        if (preview.IsRefused(out var refusal, out var shown)) return refusal;
        return await Packages.BuyAsync(Territory, new(id ?? Id<Package>.New(), Offer, buyer.Child, shown.Shown, pieces), buyer.User);
    }

    public Task<Result<Done>> HandAsync(Id<Package> product, int pieces, Id<HandOver>? id = null, BookingTown.Cooperative? by = null) =>
        Packages.HandOverAsync(Territory, new(id ?? Id<HandOver>.New(), product, pieces, Attendance.List), (by ?? Town.Gelso).User);

    public async Task<PackageCard> CardAsync(Id<Package> id) => (await Cards.FindAsync(Territory, id))!;

    public async Task<int?> StockAsync() => (await Offers.FindAsync(Territory, Offer))!.Product!.Stock;

    /// <summary>The cooperative's right to serve anything ends today.</summary>
    public Task EndAccreditationAsync() => Town.ChangeAsync(
        "update marketplace.accreditation set valid_to = @last where territory_id = @territory and provider_id = @Id",
        new { Town.Gelso.Id, last = Town.Clock.Today().PlusDays(-1) });

    /// <summary>What the marketplace and the book disagree about: nothing.</summary>
    public async Task<IReadOnlyList<Disagreement>> AuditAsync() =>
        [.. await new MarketplaceAudit(Town.Db).RunAsync(Territory), .. await new Audit(Town.Db).RunAsync(Territory)];
}
