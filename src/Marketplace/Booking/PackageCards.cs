using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>A package as its household reads it: what, for whom, how many are left, and until when.</summary>
/// <param name="Out">Units that are used or booked; of these, <paramref name="Open"/> are still to be decided and <paramref name="Given"/> were given and paid.</param>
/// <param name="Paid">What the provider earned of it: units given, and fees.</param>
/// <param name="Where">Where a product is fetched, or brought to. EndNote: why its provider could not hand it over; empty otherwise.</param>
/// <param name="IsOffered">Whether the units can still be had: the offer published and its provider accredited today.</param>
public sealed record PackageCard(
    Id<Package> Id, string Reference, PackageStatus Status, Id<Offer> OfferId, string TitleIt, string TitleEn, string Provider, string FirstName, string LastName,
    int Units, string NameIt, string NameEn, Money UnitPrice, Money Price, Money Covered, Money Copayment, Instant BoughtAt, LocalDate LastDay, Instant ReturnUntil,
    bool ReturnsRest, int CancelHours, Money CancelFee, Instant? EndedAt, int Out, int Open, int Given, Money Paid, bool IsOffered, bool IsProduct,
    string ProviderPhone, ServicePlace Place, string Where, int HouseholdNumber, string Phone, string EndNote)
{
    public int Left => Status is PackageStatus.Open ? Units - Out : 0;

    /// <summary>What of the household's own goes to the provider for one more.</summary>
    public Money OwnOfOne => UnitPrice - new Money(Covered.Cents / Units);

    /// <summary>What is still held for it.</summary>
    public Money Held => Status is PackageStatus.Open ? Covered - Paid : Money.Zero;

    /// <summary>Whether the household may give back at an instant what it has not used.</summary>
    public bool IsReturnable(Instant now) => Left > 0 && Open == 0 && (ReturnsRest || !IsOffered || (Out == 0 && now < ReturnUntil));
}

/// <summary>Pieces that were handed over at once.</summary>
public sealed record HandedOver(Instant At, int Pieces, Attendance How, Money Paid, Money Own);

/// <summary>Reading packages and products, for the household that bought them, the provider that sold them and the office.</summary>
public sealed class PackageCards(Database db, IClock clock)
{
    public const int RowsMax = 100;

    private const string OpenFirst = "order by p.status <> 'Open', case p.status when 'Open' then p.last_day end, p.ended_at desc, p.id";

    private static readonly string Select =
        $"""
        select p.id, p.reference, p.status, p.offer_id, o.title_it, o.title_en, v.name as provider, who.first_name, who.last_name, p.units::int as units,
               p.name_it, p.name_en, p.unit_price, p.price, p.covered, p.copayment, p.bought_at, p.last_day, p.return_until, p.returns_rest,
               p.cancel_hours::int as cancel_hours, p.cancel_fee, p.ended_at, u."out", u.open, u.given, u.paid,
               o.status = 'Published' and (
                   with recursive {Accreditations.ClassesAbove(
                       "select c.code, c.parent_code from marketplace.service_class c where c.territory_id = @territory and c.code = o.class_code")}
                   select {Accreditations.IsInForce("p.provider_id", "@today")}) as is_offered,
               o.kind = 'Product' as is_product, v.phone as provider_phone, o.place,
               case o.place when 'AtHome' then concat_ws(', ', nullif(home.address, ''), town.name)
                            when 'AtProvider' then concat_ws(', ', nullif(o.address, ''), there.name) else '' end as "where",
               h.number as household_number, coalesce(nullif(who.phone, ''), home.phone) as phone, p.end_note
        from marketplace.package p
        join marketplace.offer o on o.territory_id = @territory and o.id = p.offer_id
        join marketplace.provider v on v.territory_id = @territory and v.id = p.provider_id
        join marketplace.person who on who.territory_id = @territory and who.id = p.person_id
        join marketplace.household h on h.territory_id = @territory and h.id = p.household_id
        join marketplace.person home on home.territory_id = @territory and home.id = h.reference_person_id
        join marketplace.municipality town on town.territory_id = @territory and town.code = home.municipality_code
        join marketplace.municipality there on there.territory_id = @territory and there.code = o.municipality_code
        cross join lateral (
            select count(*) filter (where {Packages.IsOut})::int as "out", count(*) filter (where {Packages.IsOpen})::int as open,
                   count(*) filter (where b.status in ('Settled', 'Paid'))::int as given, coalesce(sum(b.settled), 0)::bigint as paid
            from marketplace.booking b where b.territory_id = @territory and b.package_id = p.id) u
        where p.territory_id = @territory
        """;

    /// <summary>
    /// All packages and products of a household: those that can be used first, the soonest last day before others, then those that are over, the latest first;
    /// at most a hundred.
    /// </summary>
    public Task<List<PackageCard>> OfHouseholdAsync(TerritoryId territory, Id<Household> household, CancellationToken cancel = default) =>
        db.ListByKeyAsync<PackageCard>(
            territory, $"{Select} and p.household_id = @household {OpenFirst} limit {RowsMax}",
            new { household, today = clock.Today() }, cancel);

    /// <summary>One package of a household; null when it has none with this id.</summary>
    public Task<PackageCard?> FindAsync(TerritoryId territory, Id<Household> household, Id<Package> id, CancellationToken cancel = default) =>
        db.FindAsync<PackageCard>(territory, $"{Select} and p.household_id = @household and p.id = @id", new { household, id, today = clock.Today() }, cancel);

    /// <summary>The products that households bought of a provider: those to hand over first, the soonest last day before others; at most a hundred.</summary>
    public Task<List<PackageCard>> ProductsOfAsync(TerritoryId territory, Id<Provider> provider, CancellationToken cancel = default) =>
        db.ListByKeyAsync<PackageCard>(
            territory, $"{Select} and p.provider_id = @provider and o.kind = 'Product' {OpenFirst} limit {RowsMax}",
            new { provider, today = clock.Today() }, cancel);

    /// <summary>One product that a household bought of a provider; null when there is none with this id.</summary>
    public Task<PackageCard?> FindProductAsync(TerritoryId territory, Id<Provider> provider, Id<Package> id, CancellationToken cancel = default) =>
        db.FindAsync<PackageCard>(
            territory, $"{Select} and p.provider_id = @provider and o.kind = 'Product' and p.id = @id", new { provider, id, today = clock.Today() }, cancel);

    /// <summary>One package or product for the office; null for an unknown id.</summary>
    public Task<PackageCard?> FindAsync(TerritoryId territory, Id<Package> id, CancellationToken cancel = default) =>
        db.FindAsync<PackageCard>(territory, $"{Select} and p.id = @id", new { id, today = clock.Today() }, cancel);

    /// <summary>What was handed over of a product, the latest first.</summary>
    public Task<List<HandedOver>> HandOversAsync(TerritoryId territory, Id<Package> id, CancellationToken cancel = default) =>
        db.ListAsync<HandedOver>(
            territory,
            """
            select starts_at as at, count(*)::int as pieces, attended as how, sum(settled)::bigint as paid, sum(copayment)::bigint as own
            from marketplace.booking where territory_id = @territory and package_id = @id and slot_id is null
            group by starts_at, attended order by starts_at desc
            """, new { id }, cancel);

    /// <summary>The bookings of its units, the latest service first.</summary>
    public Task<List<BookingCard>> UnitsAsync(TerritoryId territory, Id<Package> id, CancellationToken cancel = default) =>
        new BookingCards(db).OfPackageAsync(territory, id, cancel);

    /// <summary>Which grants pay a package, in order.</summary>
    public Task<List<BookingPayer>> PayersAsync(TerritoryId territory, Id<Package> id, CancellationToken cancel = default) =>
        db.ListAsync<BookingPayer>(territory, BookingCards.SelectPayers("package_line", "package_id"), new { id }, cancel);
}
