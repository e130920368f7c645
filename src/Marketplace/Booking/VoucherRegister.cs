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

    // An expired hold holds nothing, also in the moments before the booking is told.
    private const string Select =
        """
        select b.id as booking, b.reference as number, b.status, b.starts_at, p.name as provider, h.number as household_number, b.covered as value,
               case when b.status in ('Requested', 'Confirmed', 'Delivered', 'Disputed', 'Accepted') and o.status = 'Open' then b.covered else 0 end as held,
               b.settled as paid, b.attended as how
        from marketplace.booking b
        join ledger.hold o on o.territory_id = @territory and o.id = b.hold_id
        join marketplace.provider p on p.territory_id = @territory and p.id = b.provider_id
        join marketplace.household h on h.territory_id = @territory and h.id = b.household_id
        where b.territory_id = @territory
        """;

    /// <summary>The vouchers of some states, or of all when none is named: the latest day first.</summary>
    public Task<List<Voucher>> PageAsync(
        TerritoryId territory, VoucherState? state, int limit, int offset, CancellationToken cancel = default) =>
        db.ListAsync<Voucher>(
            territory,
            $"{Select} and (cardinality(@statuses) = 0 or b.status = any(@statuses)) order by b.starts_at desc, b.id limit @limit offset @offset",
            new { statuses = StatusesOf(state), limit, offset }, cancel);

    /// <summary>The voucher with this number, typed in any case and with any spaces; null for none.</summary>
    public async Task<Voucher?> FindAsync(TerritoryId territory, string number, CancellationToken cancel = default) =>
        ReadableCode.TryParse(number, out var code, out _)
            ? await db.FindAsync<Voucher>(territory, $"{Select} and b.reference = @number", new { number = code.Value }, cancel)
            : null;

    public Task<Voucher?> FindAsync(TerritoryId territory, Id<Booking> booking, CancellationToken cancel = default) =>
        db.FindAsync<Voucher>(territory, $"{Select} and b.id = @booking", new { booking }, cancel);

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
            with voucher as ({Select})
            select status, count(*)::int as count, sum(value)::bigint as value, sum(held)::bigint as held, sum(paid)::bigint as paid,
                   (select coalesce(sum(l.amount - l.captured - l.released), 0)
                    from marketplace.booking b
                    join ledger.hold_line l on l.territory_id = @territory and l.hold_id = b.hold_id
                    where b.territory_id = @territory)::bigint as held_in_book
            from voucher group by status
            """, cancel: cancel);
        var states = rows.GroupBy(r => Voucher.StateOf(r.Status)).OrderBy(g => g.Key)
            .Select(g => new VoucherSum(g.Key, g.Sum(r => r.Count), g.Sum(r => r.Value), g.Sum(r => r.Held), g.Sum(r => r.Paid)));
        return new([.. states], rows.Count > 0 ? rows[0].HeldInBook : Money.Zero);
    }

    private static string[] StatusesOf(VoucherState? state) =>
        state is null ? [] : [.. Enum.GetValues<BookingStatus>().Where(s => Voucher.StateOf(s) == state).Select(s => s.ToString())];

    private sealed record Row(BookingStatus Status, int Count, Money Value, Money Held, Money Paid, Money HeldInBook);
}
