using Borsellino.Ledger;
using Borsellino.Marketplace.Standards;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>All vouchers in one state: how many, what they are worth, and where that is now. The three parts add up to the value.</summary>
public sealed record VoucherSum(VoucherState State, int Count, Money Value, Money Held, Money Paid)
{
    public Money Returned => Value - Held - Paid;
}

/// <summary>The vouchers of a territory in figures.</summary>
/// <param name="HeldInBook">What the ledger says is set aside for them: it must be the sum of what the vouchers say.</param>
public sealed record VoucherSums(IReadOnlyList<VoucherSum> States, Money HeldInBook)
{
    public Money Held => States.Sum(s => s.Held);
    public Money Value => States.Sum(s => s.Value);
    public Money Paid => States.Sum(s => s.Paid);
    public Money Returned => States.Sum(s => s.Returned);
    public int Count => States.Sum(s => s.Count);
    public bool Foots => Held == HeldInBook;
}

/// <summary>Reading vouchers, for the office: their number, day, provider, value and state. What the service is, is not told.</summary>
public sealed class VoucherRegister(Database db)
{
    /// <summary>A search is at most so many characters.</summary>
    public const int WordsMax = 40;

    // An expired hold holds nothing, also in the moments before the booking is told. A unit of a package has no title of its own, but its page.
    private const string OfBookings =
        """
        select b.id as booking, null::uuid as package, b.reference as number, b.status, b.starts_at, p.name as provider, h.number as household_number, b.covered as value,
               case when b.status in ('Requested', 'Confirmed', 'Delivered', 'Disputed', 'Accepted') and o.status = 'Open' then b.covered else 0 end as held,
               b.settled as paid, b.attended as how
        from marketplace.booking b
        left join marketplace.package k on k.territory_id = @territory and k.id = b.package_id
        join ledger.hold o on o.territory_id = @territory and o.id = any(array[b.hold_id, k.hold_id])
        join marketplace.provider p on p.territory_id = @territory and p.id = b.provider_id
        join marketplace.household h on h.territory_id = @territory and h.id = b.household_id
        where b.territory_id = @territory and b.slot_id is not null
        """;

    private const string OfPackages =
        """
        select null::uuid as booking, k.id as package, k.reference as number, k.status, (k.last_day + time '12:00') at time zone 'Europe/Rome' as starts_at,
               p.name as provider, h.number as household_number, k.covered as value,
               case when k.status = 'Open' and o.status = 'Open' then l.held else 0 end as held, l.paid, null as how
        from marketplace.package k
        join ledger.hold o on o.territory_id = @territory and o.id = k.hold_id
        cross join lateral (
            select sum(n.amount - n.captured - n.released)::bigint as held, sum(n.captured)::bigint as paid
            from ledger.hold_line n where n.territory_id = @territory and n.hold_id = k.hold_id) l
        join marketplace.provider p on p.territory_id = @territory and p.id = k.provider_id
        join marketplace.household h on h.territory_id = @territory and h.id = k.household_id
        where k.territory_id = @territory
        """;

    private const string All = $"({OfBookings} and b.hold_id is not null union all {OfPackages})";

    /// <summary>The vouchers of some states, or of all when none is named: the latest day first.</summary>
    public async Task<List<Voucher>> PageAsync(
        TerritoryId territory, VoucherState? state, int limit, int offset, CancellationToken cancel = default) =>
        [.. (await db.ListAsync<Title>(
            territory,
            $"""
            select * from {All} v
            where @every or v.booking is not null and v.status = any(@ofBookings) or v.package is not null and v.status = any(@ofPackages)
            order by v.starts_at desc, coalesce(v.booking, v.package) limit @limit offset @offset
            """,
            new { every = state is null, ofBookings = StatusesOf(state), ofPackages = PackageStatusesOf(state), limit, offset }, cancel)).Select(t => t.ToVoucher())];

    /// <summary>The voucher with this number, typed in any case and with any spaces; null for none.</summary>
    public async Task<Voucher?> FindAsync(TerritoryId territory, string number, CancellationToken cancel = default) =>
        ReadableCode.TryParse(number, out var code, out _)
            ? (await db.FindAsync<Title>(territory, $"select * from {All} v where v.number = @number", new { number = code.Value }, cancel))?.ToVoucher()
            : null;

    /// <summary>That of a booking, also of one that is a unit of a package and shares its title.</summary>
    public async Task<Voucher?> FindAsync(TerritoryId territory, Id<Booking> booking, CancellationToken cancel = default) =>
        (await db.FindAsync<Title>(territory, $"{OfBookings} and b.id = @booking", new { booking }, cancel))?.ToVoucher();

    public async Task<Voucher?> FindAsync(TerritoryId territory, Id<Package> package, CancellationToken cancel = default) =>
        (await db.FindAsync<Title>(territory, $"{OfPackages} and k.id = @package", new { package }, cancel))?.ToVoucher();

    /// <summary>The services since an instant of which the provider says that they took less time than was booked, the latest first.</summary>
    public Task<List<ShorterService>> ShorterAsync(TerritoryId territory, Instant since, int limit, CancellationToken cancel = default) =>
        db.ListAsync<ShorterService>(
            territory,
            """
            select b.id as booking, b.reference as number, p.name as provider, b.starts_at,
                   (extract(epoch from e.finished_at - e.began_at) / 60)::int as minutes, (extract(epoch from b.ends_at - b.starts_at) / 60)::int as planned, b.status
            from marketplace.delivery_evidence e
            join marketplace.booking b on b.territory_id = @territory and b.id = e.booking_id
            join marketplace.provider p on p.territory_id = @territory and p.id = b.provider_id
            where e.territory_id = @territory and e.written_at >= @since and e.finished_at - e.began_at < b.ends_at - b.starts_at
            order by e.written_at desc, b.id limit @limit
            """, new { since, limit }, cancel);

    /// <summary>How many there are in each state and what they are worth, beside what the ledger holds for them.</summary>
    public async Task<VoucherSums> SumsAsync(TerritoryId territory, CancellationToken cancel = default)
    {
        var rows = await db.ListAsync<Row>(
            territory,
            $"""
            with voucher as {All}
            select booking is null as is_package, status, count(*)::int as count, sum(value)::bigint as value, sum(held)::bigint as held, sum(paid)::bigint as paid,
                   (select coalesce(sum(l.amount - l.captured - l.released), 0)
                    from (select hold_id from marketplace.booking where territory_id = @territory
                          union all select hold_id from marketplace.package where territory_id = @territory) t
                    join ledger.hold_line l on l.territory_id = @territory and l.hold_id = t.hold_id)::bigint as held_in_book
            from voucher group by booking is null, status
            """, cancel: cancel);
        var states = rows.GroupBy(r => StateOf(r.IsPackage, r.Status)).OrderBy(g => g.Key)
            .Select(g => new VoucherSum(g.Key, g.Sum(r => r.Count), g.Sum(r => r.Value), g.Sum(r => r.Held), g.Sum(r => r.Paid)));
        return new([.. states], rows.Count > 0 ? rows[0].HeldInBook : Money.Zero);
    }

    private static string[] StatusesOf(VoucherState? state) =>
        state is null ? [] : [.. Enum.GetValues<BookingStatus>().Where(s => Voucher.StateOf(s) == state).Select(s => s.ToString())];

    private static string[] PackageStatusesOf(VoucherState? state) =>
        state is null ? [] : [.. Enum.GetValues<PackageStatus>().Where(s => Voucher.StateOf(s) == state).Select(s => s.ToString())];

    private static VoucherState StateOf(bool isPackage, string status) =>
        isPackage ? Voucher.StateOf(Enum.Parse<PackageStatus>(status)) : Voucher.StateOf(Enum.Parse<BookingStatus>(status));

    private sealed record Title(
        Id<Booking>? Booking, Id<Package>? Package, string Number, string Status, Instant StartsAt, string Provider, int HouseholdNumber, Money Value, Money Held,
        Money Paid, Attendance? How)
    {
        public Voucher ToVoucher() =>
            new(Booking, Package, Number, StateOf(Package is not null, Status), StartsAt, Provider, HouseholdNumber, Value, Held, Paid, How);
    }

    private sealed record Row(bool IsPackage, string Status, int Count, Money Value, Money Held, Money Paid, Money HeldInBook);
}
