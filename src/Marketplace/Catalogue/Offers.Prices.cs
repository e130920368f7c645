using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>What an offer costs from a day on.</summary>
public sealed record DatedPrice(LocalDate From, Money Price);

/// <summary>
/// What offers cost on which day. A service costs what is in force on its day; what is booked keeps its price. The offer's row carries the
/// price of today, so that whoever lists many reads one table.
/// </summary>
public sealed partial class Offers
{
    /// <summary>So far ahead a price may be planned.</summary>
    public static readonly Period PlannedWithin = Period.FromYears(2);

    /// <summary>So many changes may lie ahead.</summary>
    public const int PlannedMax = 12;

    /// <summary>In SQL: what offer <c>o</c> costs on a day. Only where a change lies between now and then is the list asked.</summary>
    internal static string PriceOn(string day) =>
        $"""
        case when o.price_changes_on <= {day} then (
            select p.price from marketplace.offer_price p
            where p.territory_id = @territory and p.offer_id = o.id and p.valid_from <= {day} order by p.valid_from desc limit 1) else o.price end
        """;

    /// <summary>In SQL: the changes of price that lie ahead of an offer, as cells of JSON, the soonest first.</summary>
    internal static string ComingOf(string offer) =>
        $"""
        (select json_agg(json_build_array(to_char(p.valid_from, 'YYYY-MM-DD'), p.price) order by p.valid_from)::text
                from marketplace.offer_price p
                where p.territory_id = @territory and p.offer_id = {offer}.id and p.valid_from >= {offer}.price_changes_on)
        """;

    internal static IReadOnlyList<DatedPrice> ReadComing(string? cells) => RuleRows.Each(cells, p => new DatedPrice(RuleRows.Day(p[0]), new(p[1].GetInt64())));

    /// <summary>
    /// A provider says what its offer costs from a day on, tomorrow or later; for a day that was planned already, anew. Refused: an offer that is
    /// not its own, a day that is over or far, a price that is none or below what cancelling late costs, too many changes ahead.
    /// </summary>
    public Task<Result<Done>> PlanPriceAsync(TerritoryId territory, Id<Offer> id, DatedPrice planned, ProviderUser by, CancellationToken cancel = default) =>
        db.TransactAsync<Done>(territory, async tx =>
        {
            if (await LockAsync(tx, id) is not { } offer || offer.ProviderId != by.Provider) return new OfferNotFound(id);
            if (Faults(offer, planned).FirstOrDefault() is { } wrong) return wrong;
            var ahead = await tx.ListAsync<LocalDate>(
                "select valid_from from marketplace.offer_price where territory_id = @territory and offer_id = @id and valid_from > @today", new { id, today = clock.Today() });
            if (ahead.Count >= PlannedMax && !ahead.Contains(planned.From)) return new TooManyPrices(PlannedMax);
            await PutPriceAsync(tx, id, planned);
            await CarryAsync(tx, id);
            return default(Done);
        }, cancel);

    /// <summary>All that is wrong with a planned price, by its fields.</summary>
    public IEnumerable<OfferWrong> Faults(Offer offer, DatedPrice planned)
    {
        if (planned.From <= clock.Today() || planned.From > clock.Today() + PlannedWithin) yield return new("planned_from");
        if (!planned.Price.IsPositive || planned.Price > PriceMax || planned.Price < offer.CancelFee) yield return new("planned_price");
    }

    /// <summary>A provider takes a planned price back. One that is not there is taken back already; one in force is refused. What is booked stays.</summary>
    public Task<Result<Done>> UnplanPriceAsync(TerritoryId territory, Id<Offer> id, LocalDate from, ProviderUser by, CancellationToken cancel = default) =>
        db.TransactAsync<Done>(territory, async tx =>
        {
            if (await LockAsync(tx, id) is not { } offer || offer.ProviderId != by.Provider) return new OfferNotFound(id);
            if (from <= clock.Today()) return new OfferWrong("planned_from");
            await tx.ExecuteAsync("delete from marketplace.offer_price where territory_id = @territory and offer_id = @id and valid_from = @from", new { id, from });
            await CarryAsync(tx, id);
            return default(Done);
        }, cancel);

    /// <summary>Carries the prices whose day has come over to their offers, and answers how many. Repeatable.</summary>
    public async Task<int> CarryPricesAsync(TerritoryId territory, CancellationToken cancel = default)
    {
        var due = await db.ListAsync<Id<Offer>>(
            territory, "select id from marketplace.offer where territory_id = @territory and price_changes_on <= @today order by id limit 1000", new { today = clock.Today() }, cancel);
        foreach (var id in due)
        {
            (await db.TransactAsync<Done>(territory, async tx =>
            {
                await LockAsync(tx, id);
                await CarryAsync(tx, id);
                return default(Done);
            }, cancel)).OrThrow();
        }

        return due.Count;
    }

    /// <summary>The price in force and the day of the next change, as the list has them, onto a locked offer.</summary>
    private Task<int> CarryAsync(Transaction tx, Id<Offer> id) =>
        tx.ExecuteAsync(
            """
            update marketplace.offer o
            set price = coalesce((
                    select p.price from marketplace.offer_price p
                    where p.territory_id = @territory and p.offer_id = @id and p.valid_from <= @today order by p.valid_from desc limit 1), o.price),
                price_changes_on = (
                    select min(p.valid_from) from marketplace.offer_price p where p.territory_id = @territory and p.offer_id = @id and p.valid_from > @today)
            where o.territory_id = @territory and o.id = @id
            """, new { id, today = clock.Today() });

    private Task<int> PutPriceAsync(Transaction tx, Id<Offer> id, DatedPrice price) =>
        tx.ExecuteAsync(
            """
            insert into marketplace.offer_price (territory_id, offer_id, valid_from, price, set_at) values (@territory, @id, @From, @Price, @now)
            on conflict (territory_id, offer_id, valid_from) do update set price = excluded.price, set_at = excluded.set_at
            """, new { id, price.From, price.Price, now = clock.Now });
}
