using Borsellino.Ledger;

namespace Borsellino.Marketplace;

/// <summary>How packages end: used up, given back, or because their last day has passed.</summary>
public sealed partial class Packages
{
    /// <summary>A unit is out with a booking that is not over, or one that was paid for; any other end of the booking puts it back.</summary>
    internal const string IsOut = "(b.status in ('Requested', 'Confirmed', 'Delivered', 'Disputed', 'Accepted', 'Settled', 'Paid') or b.settled > 0)";

    internal const string IsOpen = "b.status in ('Requested', 'Confirmed', 'Delivered', 'Disputed', 'Accepted')";

    /// <summary>
    /// The household gives back what it has not used, and its money goes back to the grants it came from: for nothing while it is untouched and
    /// the days for that last, later where the offer says so, and always where the units can no longer be had. Refused while a unit is booked. Repeatable.
    /// </summary>
    public Task<Result<Done>> ReturnAsync(TerritoryId territory, Id<Package> id, HouseholdUser by, CancellationToken cancel = default) =>
        db.TransactAsync<Done>(territory, async tx =>
        {
            if (await LockAsync(tx, id) is not { } package || package.HouseholdId != by.Household) return new PackageNotFound(id);
            if (package.Status is PackageStatus.Returned) return default(Done);
            if (package.Status is not PackageStatus.Open) return new PackageOver(id, package.Status);
            var units = await UnitsAsync(tx, package);
            if (units.Open > 0) return new PackageHasOpenUnits(id, units.Open);
            var isUntouched = units.Out == 0 && clock.Now < package.ReturnUntil;
            if (!isUntouched && !package.ReturnsRest && await IsOfferedAsync(tx, package)) return new PackageNotReturned(id, package.ReturnUntil);
            await EndAsync(tx, package, PackageStatus.Returned, by.User.ToString());
            return default(Done);
        }, cancel);

    /// <summary>
    /// Ends the packages whose last day has passed and none of whose units is still to be decided: what is left goes back to the grants it came
    /// from. Answers how many. Repeatable.
    /// </summary>
    public async Task<int> LapseDueAsync(TerritoryId territory, CancellationToken cancel = default)
    {
        var due = await db.ListAsync<Id<Package>>(
            territory,
            $"""
            select p.id from marketplace.package p
            where p.territory_id = @territory and p.status = 'Open' and p.last_day < @today
              and not exists (select from marketplace.booking b where b.territory_id = @territory and b.package_id = p.id and {IsOpen})
            order by p.last_day, p.id limit @limit
            """, new { today = clock.Today(), limit = SweepMax }, cancel);
        foreach (var id in due)
        {
            (await db.TransactAsync<Done>(territory, async tx =>
            {
                await EndIfOverAsync(tx, (await LockAsync(tx, id))!);
                return default(Done);
            }, cancel)).OrThrow();
        }

        return due.Count;
    }

    /// <summary>Ends a locked package of which nothing is to come any more.</summary>
    internal async Task EndIfOverAsync(Transaction tx, Package package)
    {
        if (package.Status is not PackageStatus.Open) return;
        var units = await UnitsAsync(tx, package);
        if (units.Open > 0) return;
        if (units.Out == package.Units) await EndAsync(tx, package, PackageStatus.UsedUp, "system");
        else if (clock.Today() > package.LastDay) await EndAsync(tx, package, PackageStatus.Lapsed, "system");
    }

    private async Task EndAsync(Transaction tx, Package package, PackageStatus status, string actor, string note = "")
    {
        // What nobody fetched stands on the shelf again; what is not there cannot be sold again.
        if (package.IsProduct && status is (PackageStatus.Lapsed or PackageStatus.Returned))
        {
            await tx.ExecuteAsync(
                "update marketplace.offer set stock = least(stock + @left, @max) where territory_id = @territory and id = @OfferId and stock is not null",
                new { package.OfferId, left = (await FreeAsync(tx, package, package.Units)).Count, max = ProductTerms.StockMax });
        }

        var voided = await ledger.VoidAsync(tx, new(Id<HoldEvent>.From("void", package.Id), package.HoldId, actor, $"package {package.Reference}"));
        // All of it was paid, or its time is over: nothing is left to give back.
        if (voided.IsRefused(out var refusal) && refusal is not HoldNotOpen) throw new InvalidOperationException($"{package.Id} cannot end: {refusal.Code}.");
        await tx.ExecuteAsync(
            "update marketplace.package set status = @status, ended_at = @now, end_note = @note where territory_id = @territory and id = @Id",
            new { package.Id, status = status.ToString(), note, now = clock.Now });
    }

    /// <summary>Whether the offer can still be had today.</summary>
    private async Task<bool> IsOfferedAsync(Transaction tx, Package package) =>
        await Offers.FindAsync(tx, package.OfferId) is { Status: OfferStatus.Published } offer
        && await Accreditations.InForceAsync(tx, offer.ProviderId, offer.ClassCode, clock.Today()) is not null;

    private static async Task<UnitCounts> UnitsAsync(Transaction tx, Package package) =>
        (await tx.ListAsync<UnitCounts>(
            $"""
            select count(*) filter (where {IsOut})::int as "out", count(*) filter (where {IsOpen})::int as open
            from marketplace.booking b where b.territory_id = @territory and b.package_id = @Id
            """, new { package.Id }))[0];

    /// <summary>How many units are used or booked, and how many of those are still to be decided.</summary>
    private sealed record UnitCounts(int Out, int Open);
}
