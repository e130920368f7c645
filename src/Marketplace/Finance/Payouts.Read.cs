using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>A payout in a list.</summary>
public sealed record PayoutSummary(
    Id<Payout> Id, string Reference, PayoutStatus Status, LocalDate ExecutionOn, Money Total, int Lines, int Bookings,
    Id<User> PreparedBy, string PreparedByName, Instant PreparedAt, string? AuthorisedByName, Instant? AuthorisedAt);

/// <summary>How many payouts stand in a state, and their totals in cents.</summary>
public sealed record PayoutCount(PayoutStatus Status, int Payouts, Money Total);

/// <summary>A payout with its lines and the names of those who acted on it.</summary>
public sealed record PayoutDetail(Payout Payout, IReadOnlyList<PayoutLineDetail> Lines, IReadOnlyDictionary<Id<User>, string> Names)
{
    public int Bookings => Lines.Sum(l => l.Bookings);
}

/// <summary>A line of a payout with its provider's account and how many bookings it pays.</summary>
public sealed record PayoutLineDetail(
    short Line, Id<Provider> ProviderId, string ProviderName, Id<Account> AccountId, Money Amount, string EndToEndId,
    string CreditorName, string CreditorIban, Id<JournalEntry>? EntryId, int Bookings);

/// <summary>A booking inside a payout. The family is a number: this page names nobody.</summary>
/// <param name="Amount">What the provider earned of it, in cents.</param>
public sealed record PayoutBooking(
    Id<Booking> Id, string Reference, string TitleIt, string TitleEn, Instant StartsAt, int HouseholdNumber, BookingStatus Status,
    Money Price, Money Copayment, Money Amount, Id<JournalEntry> SettlementEntryId);

public sealed partial class Payouts
{
    /// <summary>The payouts of a territory or those in one state, newest first.</summary>
    public Task<List<PayoutSummary>> ListAsync(
        TerritoryId territory, PayoutStatus? status, int limit = 50, int offset = 0, CancellationToken cancel = default) =>
        db.ListAsync<PayoutSummary>(
            territory,
            """
            select o.id, o.reference, o.status, o.execution_on, o.total,
                   (select count(*) from marketplace.payout_line l where l.territory_id = @territory and l.payout_id = o.id)::int as lines,
                   (select count(*) from marketplace.payout_booking b where b.territory_id = @territory and b.payout_id = o.id)::int as bookings,
                   o.prepared_by, p.display_name as prepared_by_name, o.prepared_at,
                   s.display_name as authorised_by_name, o.authorised_at
            from marketplace.payout o
            join marketplace.app_user p on p.territory_id = @territory and p.id = o.prepared_by
            left join marketplace.app_user s on s.territory_id = @territory and s.id = o.authorised_by
            where o.territory_id = @territory and (@status::text is null or o.status = @status)
            order by o.prepared_at desc, o.id desc
            limit @limit offset @offset
            """, new { status = status?.ToString(), limit, offset }, cancel);

    /// <summary>How many payouts stand in each state; states without any are left out.</summary>
    public Task<List<PayoutCount>> CountAsync(TerritoryId territory, CancellationToken cancel = default) =>
        db.ListAsync<PayoutCount>(
            territory,
            """
            select status, count(*)::int as payouts, sum(total)::bigint as total
            from marketplace.payout where territory_id = @territory group by status
            """, cancel: cancel);

    /// <summary>A payout with its lines; null for an unknown one.</summary>
    public async Task<PayoutDetail?> FindAsync(TerritoryId territory, Id<Payout> id, CancellationToken cancel = default)
    {
        var payout = await db.FindAsync<Payout>(
            territory, $"select {Columns} from marketplace.payout where territory_id = @territory and id = @id", new { id }, cancel);
        if (payout is null) return null;
        var lines = await db.ListAsync<PayoutLineDetail>(
            territory,
            """
            select l.line, l.provider_id, v.name as provider_name, v.account_id, l.amount, l.end_to_end_id, l.creditor_name,
                   l.creditor_iban, l.entry_id,
                   (select count(*) from marketplace.payout_booking b
                    where b.territory_id = @territory and b.payout_id = @id and b.line = l.line)::int as bookings
            from marketplace.payout_line l
            join marketplace.provider v on v.territory_id = @territory and v.id = l.provider_id
            where l.territory_id = @territory and l.payout_id = @id
            order by l.line
            """, new { id }, cancel);
        Id<User>?[] people = [payout.PreparedBy, payout.WithdrawnBy, payout.AuthorisedBy, payout.SentBy];
        var names = await db.ListAsync<UserName>(
            territory, "select id, display_name from marketplace.app_user where territory_id = @territory and id = any(@ids)",
            new { ids = people.OfType<Id<User>>().Select(u => u.Value).Distinct().ToArray() }, cancel);
        return new(payout, lines, names.ToDictionary(n => n.Id, n => n.DisplayName));
    }

    /// <summary>The bookings that a line of a payout pays, in the order of their services.</summary>
    public Task<List<PayoutBooking>> BookingsAsync(
        TerritoryId territory, Id<Payout> id, short line, int limit = 100, int offset = 0, CancellationToken cancel = default) =>
        db.ListAsync<PayoutBooking>(
            territory,
            """
            select b.id, b.reference, f.title_it, f.title_en, b.starts_at, h.number as household_number, b.status, b.price,
                   b.copayment, x.amount, b.settlement_entry_id
            from marketplace.payout_booking x
            join marketplace.booking b on b.territory_id = @territory and b.id = x.booking_id
            join marketplace.offer f on f.territory_id = @territory and f.id = b.offer_id
            join marketplace.household h on h.territory_id = @territory and h.id = b.household_id
            where x.territory_id = @territory and x.payout_id = @id and x.line = @line
            order by b.starts_at, b.id
            limit @limit offset @offset
            """, new { id, line, limit, offset }, cancel);

    private sealed record UserName(Id<User> Id, string DisplayName);
}
