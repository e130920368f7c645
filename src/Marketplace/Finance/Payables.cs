using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>What a provider has earned and not been paid.</summary>
/// <param name="Ready">Settled bookings that are in no payout, in cents; <paramref name="Oldest"/> is the earliest day they were earned.</param>
/// <param name="Reserved">Settled bookings in payouts that nobody has signed yet.</param>
/// <param name="Balance">What the provider's ledger account says is owed.</param>
public sealed record Payable(
    Id<Provider> ProviderId, Id<Account> AccountId, string Name, string LegalName, string Iban, Money Ready, int ReadyCount,
    LocalDate? Oldest, Money Reserved, int ReservedCount, Money Balance)
{
    /// <summary>Zero, or the bookings and the ledger tell two stories about what is owed.</summary>
    public Money Difference => Balance - Ready - Reserved;
}

/// <summary>Who is owed what: the bookings added up, beside what the ledger says.</summary>
public sealed class Payables(Database db)
{
    /// <summary>A booking that earned its provider something and that no payout has taken.</summary>
    internal const string IsReady =
        """
        b.settled > 0 and b.status <> 'Paid' and not exists (
            select from marketplace.payout_booking x
            where x.territory_id = @territory and x.booking_id = b.id and x.released_at is null)
        """;

    /// <summary>All providers that are owed something or whose account has a balance, by name.</summary>
    public Task<List<Payable>> ListAsync(TerritoryId territory, CancellationToken cancel = default) =>
        db.ListAsync<Payable>(
            territory,
            $"""
            with ready as (
                select b.provider_id, sum(b.settled) as amount, count(*) as bookings, min(e.effective_on) as oldest
                from marketplace.booking b
                join ledger.journal_entry e on e.territory_id = @territory and e.id = b.settlement_entry_id
                where b.territory_id = @territory and {IsReady}
                group by b.provider_id
            ), reserved as (
                select l.provider_id, sum(l.amount) as amount,
                       sum((select count(*) from marketplace.payout_booking x
                            where x.territory_id = @territory and x.payout_id = l.payout_id and x.line = l.line)) as bookings
                from marketplace.payout o
                join marketplace.payout_line l on l.territory_id = @territory and l.payout_id = o.id
                where o.territory_id = @territory and o.status = 'Locked'
                group by l.provider_id
            )
            select v.id as provider_id, v.account_id, v.name, v.legal_name, v.iban,
                   coalesce(r.amount, 0)::bigint as ready, coalesce(r.bookings, 0)::int as ready_count, r.oldest,
                   coalesce(s.amount, 0)::bigint as reserved, coalesce(s.bookings, 0)::int as reserved_count,
                   a.credits - a.debits as balance
            from marketplace.provider v
            join ledger.account a on a.territory_id = @territory and a.id = v.account_id
            left join ready r on r.provider_id = v.id
            left join reserved s on s.provider_id = v.id
            where v.territory_id = @territory and (a.credits <> a.debits or r.amount > 0 or s.amount > 0)
            order by v.name
            """, cancel: cancel);
}
