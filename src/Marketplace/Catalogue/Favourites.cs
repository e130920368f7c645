using Borsellino.Ledger;

namespace Borsellino.Marketplace;

/// <summary>An offer that a household has marked, as the list shows it.</summary>
/// <param name="IsPublished">False once its provider has withdrawn it.</param>
public sealed record Favourite(OfferCard Card, bool IsPublished);

/// <summary>The offers that a household wants to find again.</summary>
public sealed class Favourites(Database db, CatalogueSearch search, IClock clock)
{
    /// <summary>So many offers a household may have marked at a time.</summary>
    public const int Max = 50;

    /// <summary>Marks an offer. Again changes nothing. Refused: an offer that nobody may see, more than <see cref="Max"/>.</summary>
    public Task<Result<Done>> MarkAsync(TerritoryId territory, Id<Offer> offer, HouseholdUser by, CancellationToken cancel = default) =>
        db.TransactAsync<Done>(territory, async tx =>
        {
            await Households.LockAsync(tx, by.Household);
            if (await Offers.FindAsync(tx, offer) is not { Status: not OfferStatus.Draft }) return new OfferNotFound(offer);
            var marked = await tx.ListAsync<Id<Offer>>(
                "select offer_id from marketplace.favourite where territory_id = @territory and household_id = @Household", new { by.Household });
            if (marked.Contains(offer)) return default(Done);
            if (marked.Count >= Max) return new TooManyFavourites(Max);
            await tx.ExecuteAsync(
                "insert into marketplace.favourite (territory_id, household_id, offer_id, marked_at) values (@territory, @Household, @offer, @now)",
                new { by.Household, offer, now = clock.Now });
            return default(Done);
        }, cancel);

    /// <summary>Takes the mark off. What is not marked stays so. Refused: an offer that is none.</summary>
    public Task<Result<Done>> UnmarkAsync(TerritoryId territory, Id<Offer> offer, HouseholdUser by, CancellationToken cancel = default) =>
        db.TransactAsync<Done>(territory, async tx =>
        {
            if (await Offers.FindAsync(tx, offer) is null) return new OfferNotFound(offer);
            await tx.ExecuteAsync(
                "delete from marketplace.favourite where territory_id = @territory and household_id = @Household and offer_id = @offer", new { by.Household, offer });
            return default(Done);
        }, cancel);

    public async Task<bool> IsMarkedAsync(TerritoryId territory, Id<Household> household, Id<Offer> offer, CancellationToken cancel = default) =>
        (await db.ListByKeyAsync<bool>(
            territory, "select true from marketplace.favourite where territory_id = @territory and household_id = @household and offer_id = @offer",
            new { household, offer }, cancel)).Count > 0;

    /// <summary>All that the household has marked, the latest first; what was withdrawn since is among them.</summary>
    public async Task<IReadOnlyList<Favourite>> OfAsync(TerritoryId territory, Id<Household> household, CancellationToken cancel = default)
    {
        var marked = await db.ListAsync<Marked>(
            territory,
            """
            select f.offer_id, o.status from marketplace.favourite f
            join marketplace.offer o on o.territory_id = @territory and o.id = f.offer_id
            where f.territory_id = @territory and f.household_id = @household order by f.marked_at desc, f.offer_id
            """, new { household }, cancel);
        if (marked.Count == 0) return [];
        var cards = await search.CardsAsync(territory, [.. marked.Select(m => m.OfferId)], cancel);
        return [.. cards.Zip(marked, (card, mark) => new Favourite(card, mark.Status is OfferStatus.Published))];
    }

    private sealed record Marked(Id<Offer> OfferId, OfferStatus Status);
}
