using Borsellino.Ledger;

namespace Borsellino.Marketplace;

/// <summary>
/// Proves that what the marketplace says of money is what the book says: the value of a voucher is its hold, a grant is
/// its activation, a payout is the sum of what it pays. Reads only.
/// </summary>
public sealed class MarketplaceAudit(Database db)
{
    private static readonly (string Name, string Sql)[] Checks =
    [
        ("booking_lines_are_covered",
            """
            select 'booking ' || b.id || ': covers ' || b.covered || ', its lines ' || coalesce(sum(l.amount), 0)
            from marketplace.booking b
            left join marketplace.booking_line l on l.territory_id = @territory and l.booking_id = b.id
            where b.territory_id = @territory
            group by b.id, b.covered having b.covered <> coalesce(sum(l.amount), 0)
            order by b.id limit 20
            """),
        ("booking_lines_are_hold_lines",
            """
            select 'booking ' || b.id || ' line ' || l.line || ': ' || l.amount || ', its hold ' || coalesce(h.amount, 0)
            from marketplace.booking b
            join marketplace.booking_line l on l.territory_id = @territory and l.booking_id = b.id
            join marketplace.welfare_grant g on g.territory_id = @territory and g.id = l.grant_id
            left join ledger.hold_line h on h.territory_id = @territory and h.hold_id = b.hold_id and h.account_id = g.account_id
            where b.territory_id = @territory and h.amount is distinct from l.amount
            order by b.id limit 20
            """),
        ("booking_status_is_hold_status",
            """
            select 'booking ' || b.id || ' is ' || b.status || ', its hold is ' || h.status
            from marketplace.booking b
            join ledger.hold h on h.territory_id = @territory and h.id = b.hold_id
            where b.territory_id = @territory and (
                b.status in ('Requested', 'Confirmed', 'Delivered', 'Accepted', 'Disputed') and h.status not in ('Open', 'Expired')
                or b.status in ('Settled', 'Paid') and h.status <> 'Captured'
                or b.status in ('Declined', 'Expired', 'Withdrawn', 'CancelledByProvider', 'CancelledByOperator') and h.status not in ('Voided', 'Expired')
                or b.status in ('CancelledByHousehold', 'NoShow') and h.status = 'Open')
            order by b.id limit 20
            """),
        ("slot_taken_is_its_bookings",
            """
            select 'slot ' || s.id || ': ' || s.taken || ' taken, ' || count(b.id) || ' bookings'
            from marketplace.slot s
            left join marketplace.booking b on b.territory_id = @territory and b.slot_id = s.id
                and b.status not in ('Declined', 'Expired', 'Withdrawn', 'CancelledByHousehold', 'CancelledByProvider', 'CancelledByOperator')
            where s.territory_id = @territory
            group by s.id, s.taken having s.taken <> count(b.id)
            order by s.id limit 20
            """),
        ("commitment_is_its_entry",
            """
            select 'commitment ' || c.id || ': ' || c.amount || ', its entry ' || coalesce(p.debit, 0)
            from marketplace.commitment c
            left join (select entry_id, sum(debit) as debit from ledger.posting where territory_id = @territory group by entry_id) p
                on p.entry_id = c.entry_id
            where c.territory_id = @territory and c.amount is distinct from p.debit
            order by c.id limit 20
            """),
        ("payout_is_its_lines",
            """
            select 'payout ' || o.reference || ': ' || o.total || ', its lines ' || coalesce(sum(l.amount), 0)
            from marketplace.payout o
            left join marketplace.payout_line l on l.territory_id = @territory and l.payout_id = o.id
            where o.territory_id = @territory and o.status <> 'Withdrawn'
            group by o.id, o.reference, o.total having o.total <> coalesce(sum(l.amount), 0)
            order by o.reference limit 20
            """),
        ("payout_line_is_its_bookings",
            """
            select 'payout line ' || l.end_to_end_id || ': ' || l.amount || ', its bookings ' || coalesce(sum(b.amount), 0)
            from marketplace.payout_line l
            join marketplace.payout o on o.territory_id = @territory and o.id = l.payout_id and o.status <> 'Withdrawn'
            left join marketplace.payout_booking b on b.territory_id = @territory and b.payout_id = l.payout_id and b.line = l.line
            where l.territory_id = @territory
            group by l.end_to_end_id, l.amount having l.amount <> coalesce(sum(b.amount), 0)
            order by l.end_to_end_id limit 20
            """),
    ];

    public static IReadOnlyList<string> CheckNames => [.. Checks.Select(c => c.Name)];

    /// <summary>All that disagrees in one territory, at most twenty for each check; an empty list is the proof.</summary>
    public async Task<IReadOnlyList<Disagreement>> RunAsync(TerritoryId territory, CancellationToken cancel = default)
    {
        var found = new List<Disagreement>();
        foreach (var (name, sql) in Checks)
        {
            found.AddRange((await db.ListAsync<string>(territory, sql, cancel: cancel)).Select(what => new Disagreement(name, what)));
        }

        return found;
    }
}
