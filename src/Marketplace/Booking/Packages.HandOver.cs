using Borsellino.Ledger;
using Borsellino.Marketplace.Standards;

namespace Borsellino.Marketplace;

/// <summary>How the pieces of a product come to the household: each that is handed over is paid at once, out of the title's hold.</summary>
public sealed partial class Packages
{
    /// <summary>
    /// The provider hands over so many pieces, and each is paid. Refused: a title that is not its product's, that is over or past its last day, more
    /// pieces than are left, and where the provider is not accredited for the class today. The same hand-over again changes nothing.
    /// </summary>
    public Task<Result<Done>> HandOverAsync(TerritoryId territory, HandOver handOver, ProviderUser by, CancellationToken cancel = default) =>
        db.TransactAsync<Done>(territory, tx => HandOverAsync(tx, handOver, by), cancel);

    private async Task<Result<Done>> HandOverAsync(Transaction tx, HandOver handOver, ProviderUser by)
    {
        if (await LockAsync(tx, handOver.Package) is not { IsProduct: true } product || product.ProviderId != by.Provider) return new PackageNotFound(handOver.Package);
        var known = await tx.ListAsync<Id<Package>>(
            "select package_id from marketplace.booking where territory_id = @territory and id = any(@ids)", new { ids = Pieces(handOver.Id, ProductTerms.PiecesMax) });
        if (known.Count > 0) return known.Count == handOver.Pieces && known.TrueForAll(p => p == product.Id) ? default(Done) : new PackageIdReused(product.Id);
        if (product.Status is not PackageStatus.Open) return new PackageOver(product.Id, product.Status);
        var today = clock.Today();
        if (today > product.LastDay) return new ProductLapsed(product.LastDay);
        if ((await Offers.FindAsync(tx, product.OfferId))!.ClassCode is var code && await Accreditations.InForceAsync(tx, by.Provider, code, today) is null)
            return new NotAccredited(by.Provider, code, today);
        var left = await FreeAsync(tx, product, product.Units);
        if (handOver.Pieces < 1 || handOver.Pieces > left.Count) return new PiecesLeft(product.Id, left.Count);

        var units = left.Take(handOver.Pieces).ToList();
        var ids = Pieces(handOver.Id, handOver.Pieces);
        var entries = new List<Guid>();
        foreach (var (id, unit) in ids.Select(i => new Id<Booking>(i)).Zip(units))
        {
            var entry = Id<JournalEntry>.From("delivered", id);
            var captured = await ledger.CaptureAsync(tx, new(
                entry, product.HoldId, product.CoveredOf(unit), RestOfHold.Keep, "delivered", today, id.ToString(), by.User.ToString(), $"package {product.Reference}"));
            if (captured.IsRefused(out var unpaid)) return unpaid;
            entries.Add(entry.Value);
        }

        // The household's own part is paid where the thing changes hands.
        await tx.ExecuteAsync(
            """
            insert into marketplace.booking
                (territory_id, id, reference, offer_id, provider_id, household_id, person_id, starts_at, ends_at, price, covered, copayment, package_id, package_unit,
                 status, requested_by, requested_at, answer_by, free_until, cancel_fee, settled, settlement_entry_id, attended, copayment_paid_at)
            select @territory, n.id, n.reference, @OfferId, @ProviderId, @HouseholdId, @PersonId, @now, @now, @UnitPrice, n.covered, @UnitPrice - n.covered, @Id, n.unit,
                   'Settled', @User, @now, @now, @now, 0, n.covered, n.entry, @how, case when @UnitPrice > n.covered then @now end
            from unnest(@ids, @references, @units, @covered, @entries) n(id, reference, unit, covered, entry);
            insert into marketplace.booking_event (territory_id, booking_id, sequence, status, at, actor)
            select @territory, id, 1, 'Settled', @now, @actor from unnest(@ids) id;
            """,
            new
            {
                product.Id, product.OfferId, product.ProviderId, product.HouseholdId, product.PersonId, product.UnitPrice, by.User, actor = by.User.ToString(), now = clock.Now,
                how = handOver.How.ToString(), ids, entries = entries.ToArray(), units = units.ToArray(), covered = units.Select(u => product.CoveredOf(u).Cents).ToArray(),
                references = units.Select(_ => ReadableCode.New(Bookings.ReferenceGroups).Value).ToArray(),
            });
        await EndIfOverAsync(tx, product);
        return default(Done);
    }

    /// <summary>
    /// The provider cannot hand over what is left, and says why: it is all free again for the household. Refused for a title that is not its
    /// product's, or is over. Repeatable.
    /// </summary>
    public Task<Result<Done>> MakeUnavailableAsync(TerritoryId territory, Id<Package> id, ProviderUser by, string reason, CancellationToken cancel = default)
    {
        if (reason.Trim().Length is 0 or > Bookings.NoteMax) throw new ArgumentException($"A reason has 1 to {Bookings.NoteMax} characters.", nameof(reason));
        return db.TransactAsync<Done>(territory, async tx =>
        {
            if (await LockAsync(tx, id) is not { IsProduct: true } product || product.ProviderId != by.Provider) return new PackageNotFound(id);
            if (product.Status is PackageStatus.Unavailable) return default(Done);
            if (product.Status is not PackageStatus.Open) return new PackageOver(id, product.Status);
            await EndAsync(tx, product, PackageStatus.Unavailable, by.User.ToString(), reason.Trim());
            return default(Done);
        }, cancel);
    }

    private static Guid[] Pieces(Id<HandOver> handOver, int count) => [.. Enumerable.Range(1, count).Select(n => Id<Booking>.From("piece", handOver, n).Value)];

    /// <summary>The first units that are not out, at most so many.</summary>
    internal static Task<List<int>> FreeAsync(Transaction tx, Package package, int limit) =>
        tx.ListAsync<int>(
            $"""
            select u from generate_series(1, @Units) u
            where not exists (select from marketplace.booking b where b.territory_id = @territory and b.package_id = @Id and b.package_unit = u and {IsOut})
            order by u limit @limit
            """, new { package.Id, package.Units, limit });
}
