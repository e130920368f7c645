using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;

namespace Borsellino.Tests;

/// <summary>A <see cref="BookingTown"/> whose cooperative sells packages of one offer, with times on all days.</summary>
public sealed class PackageTown(BookingTown town)
{
    public BookingTown Town { get; } = town;
    public TerritoryId Territory => Town.Territory;
    public Packages Packages { get; } = new(town.Db, town.Ledger, town.Bookings, town.Clock);
    public PackageCards Cards { get; } = new(town.Db, town.Clock);
    public Id<Offer> Offer { get; private set; }

    /// <summary>Three lessons of ten euros within sixty days, back within a week while untouched; called off for nothing a day before.</summary>
    public static async Task<PackageTown> BuildAsync(
        TestDatabase database, int units = 3, Money? price = null, Money? cancelFee = null, bool returnsRest = false, Database? pool = null)
    {
        var town = new PackageTown(await BookingTown.BuildAsync(database, pool));
        var slot = await town.Town.SlotAsync(price ?? Money.Euro(10), places: 3, cancelFee: cancelFee);
        town.Offer = (await town.Town.Db.ListAsync<Id<Offer>>(
            town.Territory, "select offer_id from marketplace.slot where territory_id = @territory and id = @slot", new { slot }))[0];
        await town.Town.ChangeAsync(
            """
            update marketplace.offer set package_units = @units, package_name_it = 'lezioni', package_name_en = 'lessons', package_days = 60,
                package_return_days = 7, package_returns_rest = @returnsRest
            where territory_id = @territory and id = @Offer
            """, new { town.Offer, units, returnsRest });
        return town;
    }

    /// <summary>One more time of the offer.</summary>
    public async Task<Id<Slot>> SlotAsync(Instant starts, int places = 3)
    {
        var slot = Id<Slot>.New();
        await Town.ChangeAsync(
            """
            insert into marketplace.slot (territory_id, id, offer_id, starts_at, ends_at, capacity) values (@territory, @slot, @Offer, @starts, @ends, @places)
            """, new { slot, Offer, starts, ends = starts + Duration.FromHours(1), places });
        return slot;
    }

    public async Task<Result<Id<Package>>> BuyAsync(BookingTown.Family? family = null, Id<Package>? id = null)
    {
        var buyer = family ?? Town.Rossi;
        var preview = await Packages.PreviewAsync(Territory, buyer.Id, Offer);
        if (preview.IsRefused(out var refusal, out var shown)) return refusal;
        return await Packages.BuyAsync(Territory, new(id ?? Id<Package>.New(), Offer, buyer.Child, shown.Shown), buyer.User);
    }

    public Task<Result<Id<Booking>>> TakeAsync(Id<Package> package, Id<Slot> slot, Id<Booking>? id = null) =>
        Town.Bookings.TakeUnitAsync(Territory, new(id ?? Id<Booking>.New(), package, slot), Town.Rossi.User);

    /// <summary>A unit taken at a time, and confirmed.</summary>
    public async Task<Id<Booking>> ConfirmedAsync(Id<Package> package, Instant starts)
    {
        var id = (await TakeAsync(package, await SlotAsync(starts))).OrThrow();
        (await Town.Bookings.ConfirmAsync(Territory, id, Town.Gelso.User)).OrThrow();
        return id;
    }

    /// <summary>A unit given and paid for, an hour after it began.</summary>
    public async Task<Id<Booking>> GivenAsync(Id<Package> package, Instant starts)
    {
        var id = await ConfirmedAsync(package, starts);
        Town.Clock.MoveTo(starts + Duration.FromHours(1));
        (await Town.Bookings.DeliverAsync(Territory, id, Town.Gelso.User)).OrThrow();
        (await Town.Bookings.AcceptAsync(Territory, id, Town.Rossi.User)).OrThrow();
        return id;
    }

    public async Task<PackageCard> CardAsync(Id<Package> id) => (await Cards.FindAsync(Territory, Town.Rossi.Id, id))!;

    /// <summary>What the marketplace and the book disagree about: nothing.</summary>
    public async Task<IReadOnlyList<Disagreement>> AuditAsync() =>
        [.. await new MarketplaceAudit(Town.Db).RunAsync(Territory), .. await new Audit(Town.Db).RunAsync(Territory)];
}
