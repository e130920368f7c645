using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>Where a provider's money is on its way to the bank.</summary>
public enum CreditStage
{
    /// <summary>Earned, in no payout yet.</summary>
    Open,

    /// <summary>In a payout that is being prepared or authorised.</summary>
    InPayout,
    Paid,
}

/// <summary>What a provider earned by one booking: the service, or the fee of one that did not take place.</summary>
/// <param name="Product">What it is a piece of, where it was handed over; null for a service.</param>
/// <param name="Payout">The reference of its payout; empty while it is in none. The day is when the bank executes it.</param>
public sealed record Credit(
    Id<Booking> Booking, string Reference, BookingStatus Status, string TitleIt, string TitleEn, Instant StartsAt, int HouseholdNumber,
    Instant EarnedAt, Money Amount, CreditStage Stage, string Payout, LocalDate? PayoutOn, Id<Package>? Product = null);

/// <summary>What a provider earned in all, and where it is. The three parts add up to the whole.</summary>
/// <param name="Rows">The latest credits; the sums are over all of them, also those that are not shown.</param>
public sealed record CreditSheet(
    Money Earned, Money Paid, Money InPayout, Money Open, int OpenCount, int Count, IReadOnlyList<Credit> Rows);

/// <summary>What providers are owed for bookings.</summary>
public sealed class ProviderCredits(Database db)
{
    public const int RowsMax = 500;

    /// <summary>All credits of a provider, the latest first; at most 500 rows, sums over all.</summary>
    public async Task<CreditSheet> OfAsync(TerritoryId territory, Id<Provider> provider, CancellationToken cancel = default)
    {
        var rows = await db.ListAsync<Row>(
            territory,
            """
            with credit as (
                select b.id as booking, b.reference, b.status, o.title_it, o.title_en, b.starts_at, h.number as household_number,
                       case when b.slot_id is null then b.package_id end as product,
                       e.recorded_at as earned_at, b.settled as amount,
                       case when p.status = 'Sent' then 'Paid' when p.status is null or p.status = 'Withdrawn' then 'Open' else 'InPayout' end as stage,
                       case when p.status = 'Withdrawn' then '' else coalesce(p.reference, '') end as payout,
                       case when p.status = 'Withdrawn' then null else p.execution_on end as payout_on
                from marketplace.booking b
                join ledger.journal_entry e on e.territory_id = @territory and e.id = b.settlement_entry_id
                join marketplace.offer o on o.territory_id = @territory and o.id = b.offer_id
                join marketplace.household h on h.territory_id = @territory and h.id = b.household_id
                left join marketplace.payout_booking l on l.territory_id = @territory and l.booking_id = b.id
                left join marketplace.payout p on p.territory_id = @territory and p.id = l.payout_id
                where b.territory_id = @territory and b.provider_id = @provider and b.settled > 0
            )
            select booking, reference, status, title_it, title_en, starts_at, household_number, earned_at, amount, stage, payout, payout_on, product,
                   (sum(amount) over ())::bigint as earned,
                   (coalesce(sum(amount) filter (where stage = 'Paid') over (), 0))::bigint as paid,
                   (coalesce(sum(amount) filter (where stage = 'InPayout') over (), 0))::bigint as in_payout,
                   (coalesce(sum(amount) filter (where stage = 'Open') over (), 0))::bigint as open,
                   (count(*) filter (where stage = 'Open') over ())::int as open_count, (count(*) over ())::int as count
            from credit order by earned_at desc, booking limit @limit
            """, new { provider, limit = RowsMax }, cancel);
        if (rows.Count == 0) return new(Money.Zero, Money.Zero, Money.Zero, Money.Zero, 0, 0, []);
        var all = rows[0];
        return new(all.Earned, all.Paid, all.InPayout, all.Open, all.OpenCount, all.Count, [.. rows.Select(r => r.ToCredit())]);
    }

    private sealed record Row(
        Id<Booking> Booking, string Reference, BookingStatus Status, string TitleIt, string TitleEn, Instant StartsAt, int HouseholdNumber,
        Instant EarnedAt, Money Amount, CreditStage Stage, string Payout, LocalDate? PayoutOn, Id<Package>? Product, Money Earned, Money Paid, Money InPayout,
        Money Open, int OpenCount, int Count)
    {
        public Credit ToCredit() =>
            new(Booking, Reference, Status, TitleIt, TitleEn, StartsAt, HouseholdNumber, EarnedAt, Amount, Stage, Payout, PayoutOn, Product);
    }
}
