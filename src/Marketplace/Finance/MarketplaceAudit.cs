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
            where b.territory_id = @territory and b.package_id is null
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
        // What was asked for since a limit was written; a price raised later has a booking of its own, agreed to before.
        ("period_limits_hold",
            $"""
            with recursive {RuleRows.Below}, counted as (
                select m.id, m.cents_max, m.minutes_max, g.household_id,
                       date_trunc(lower(m.period), b.starts_at at time zone 'Europe/Rome') as period, sum(l.amount) as amount,
                       extract(epoch from b.ends_at - b.starts_at) / 60 as minutes
                from marketplace.programme_limit m
                join marketplace.welfare_grant g on g.territory_id = @territory and g.programme_id = m.programme_id
                join marketplace.booking_line l on l.territory_id = @territory and l.grant_id = g.id
                join marketplace.booking b on b.territory_id = @territory and b.id = l.booking_id and b.requested_at >= m.added_at
                    and (b.starts_at at time zone 'Europe/Rome')::date between m.valid_from and coalesce(m.valid_to, date '9999-12-31')
                    and b.status in ('Requested', 'Confirmed', 'Delivered', 'Disputed', 'Accepted', 'Settled', 'Paid')
                join marketplace.offer o on o.territory_id = @territory and o.id = b.offer_id
                where m.territory_id = @territory
                  and (m.class_code is null or o.class_code in (select code from below where root = m.class_code))
                  and not exists (
                      select from marketplace.pool_share s where s.territory_id = @territory and s.booking_id = b.id and s.raise_id is not null)
                group by m.id, m.period, m.cents_max, m.minutes_max, g.household_id, b.id, b.starts_at, b.ends_at
                union all
                -- A package counts whole on the day it was bought; once it is over, what was paid of it, and its hours are those of its units.
                select m.id, m.cents_max, m.minutes_max, g.household_id, date_trunc(lower(m.period), k.bought_at at time zone 'Europe/Rome'),
                       sum(h.amount - h.released), o.minutes * case when k.status = 'Open' then k.units else 0 end
                from marketplace.programme_limit m
                join marketplace.welfare_grant g on g.territory_id = @territory and g.programme_id = m.programme_id
                join marketplace.package_line l on l.territory_id = @territory and l.grant_id = g.id
                join marketplace.package k on k.territory_id = @territory and k.id = l.package_id and k.bought_at >= m.added_at
                    and (k.bought_at at time zone 'Europe/Rome')::date between m.valid_from and coalesce(m.valid_to, date '9999-12-31')
                join ledger.hold_line h on h.territory_id = @territory and h.hold_id = k.hold_id and h.account_id = g.account_id
                join marketplace.offer o on o.territory_id = @territory and o.id = k.offer_id
                where m.territory_id = @territory
                  and (m.class_code is null or o.class_code in (select code from below where root = m.class_code))
                group by m.id, m.period, m.cents_max, m.minutes_max, g.household_id, k.id, k.bought_at, k.status, k.units, o.minutes
            )
            select 'limit ' || id || ': household ' || household_id || ' has ' || sum(amount) || ' cents and ' || sum(minutes)::int || ' minutes from ' || period::date
            from counted
            group by id, cents_max, minutes_max, household_id, period having sum(amount) > cents_max or sum(minutes) > minutes_max
            order by id, household_id limit 20
            """),
        // The higher threshold is for who declared children that year; one withdrawn later takes nothing back that was had.
        ("fringe_within_threshold",
            """
            with had as (
                select w.household_id, w.funder_id, u.asked_on, u.amount
                from (select distinct g.household_id, m.funder_id
                      from marketplace.welfare_grant g
                      join marketplace.programme m on m.territory_id = @territory and m.id = g.programme_id
                      join marketplace.funder f on f.territory_id = @territory and f.id = m.funder_id and f.kind = 'Company'
                      where g.territory_id = @territory) w
                cross join lateral marketplace.fringe_uses(@territory, w.household_id, w.funder_id) u
            )
            select 'household ' || h.household_id || ': ' || sum(h.amount) || ' cents of fringe benefits of ' || h.funder_id || ' in ' || extract(year from h.asked_on)
            from had h
            join marketplace.fringe_threshold t on h.asked_on between t.valid_from and t.valid_to
            group by h.household_id, h.funder_id, extract(year from h.asked_on)
            having sum(h.amount) > min(case when exists (
                select from marketplace.children_declaration d
                where d.territory_id = @territory and d.household_id = h.household_id and d.funder_id = h.funder_id
                  and d.tax_year = extract(year from h.asked_on)) then t.with_children else t.general end)
            order by h.household_id limit 20
            """),
        ("booking_status_is_hold_status",
            """
            select 'booking ' || b.id || ' is ' || b.status || ', its hold is ' || h.status
            from marketplace.booking b
            join ledger.hold h on h.territory_id = @territory and h.id = b.hold_id
            where b.territory_id = @territory and (
                b.status in ('Requested', 'Confirmed', 'Delivered', 'Accepted', 'Disputed') and h.status not in ('Open', 'Expired')
                or b.status in ('Settled', 'Paid') and h.status <> 'Captured'
                or b.status in ('Declined', 'Expired', 'Withdrawn', 'CancelledByProvider', 'CancelledByOperator', 'Replaced') and h.status not in ('Voided', 'Expired')
                or b.status in ('CancelledByHousehold', 'NoShow') and h.status = 'Open')
            order by b.id limit 20
            """),
        // Whatever the hour: a change that has not been carried over yet is the next one still.
        ("offer_price_is_of_its_list",
            """
            select 'offer ' || o.id || ': ' || o.price || ', its list ' || p.price || ' since ' || p.valid_from
            from marketplace.offer o
            cross join lateral (
                select l.price, l.valid_from from marketplace.offer_price l
                where l.territory_id = @territory and l.offer_id = o.id and l.valid_from < coalesce(o.price_changes_on, date '9999-12-31')
                order by l.valid_from desc limit 1) p
            where o.territory_id = @territory and (o.price <> p.price or o.price_changes_on is not null and not exists (
                select from marketplace.offer_price l where l.territory_id = @territory and l.offer_id = o.id and l.valid_from = o.price_changes_on))
            order by o.id limit 20
            """),
        ("package_value_is_its_units",
            """
            select 'package ' || k.id || ': ' || k.price || ', ' || k.units || ' units of ' || k.unit_price
            from marketplace.package k
            where k.territory_id = @territory and (k.price <> k.units * k.unit_price or exists (
                select from marketplace.booking b
                where b.territory_id = @territory and b.package_id = k.id
                  and (b.price <> k.unit_price or b.covered <> marketplace.unit_share(k.covered, k.units, b.package_unit))))
            order by k.id limit 20
            """),
        ("package_lines_are_hold_lines",
            """
            select 'package ' || k.id || ': covers ' || k.covered || ', its lines ' || coalesce(sum(l.amount), 0) || ', its hold ' || coalesce(sum(h.amount), 0)
            from marketplace.package k
            left join marketplace.package_line l on l.territory_id = @territory and l.package_id = k.id
            left join marketplace.welfare_grant g on g.territory_id = @territory and g.id = l.grant_id
            left join ledger.hold_line h on h.territory_id = @territory and h.hold_id = k.hold_id and h.account_id = g.account_id
            where k.territory_id = @territory
            group by k.id, k.covered having k.covered <> coalesce(sum(l.amount), 0) or bool_or(h.amount is distinct from l.amount)
            order by k.id limit 20
            """),
        ("package_paid_is_its_units",
            """
            select 'package ' || k.id || ': ' || h.captured || ' paid from its hold, its units earned ' || u.settled
            from marketplace.package k
            cross join lateral (
                select coalesce(sum(l.captured), 0) as captured from ledger.hold_line l where l.territory_id = @territory and l.hold_id = k.hold_id) h
            cross join lateral (
                select coalesce(sum(b.settled), 0) as settled, bool_or(b.status in ('Settled', 'Paid') and b.settled <> b.covered) as is_part
                from marketplace.booking b where b.territory_id = @territory and b.package_id = k.id) u
            where k.territory_id = @territory and (h.captured <> u.settled or u.is_part)
            order by k.id limit 20
            """),
        ("package_status_is_hold_status",
            $"""
            select 'package ' || k.id || ' is ' || k.status || ' with ' || u."out" || ' of ' || k.units || ' units out, its hold is ' || h.status
            from marketplace.package k
            join ledger.hold h on h.territory_id = @territory and h.id = k.hold_id
            cross join lateral (
                select count(*) filter (where {Packages.IsOut}) as "out", count(*) filter (where {Packages.IsOpen}) as open
                from marketplace.booking b where b.territory_id = @territory and b.package_id = k.id) u
            where k.territory_id = @territory and (
                k.status = 'Open' and (h.status not in ('Open', 'Expired') or u."out" = k.units and u.open = 0)
                or k.status <> 'Open' and (h.status = 'Open' or u.open > 0) or (k.status = 'UsedUp') <> (u."out" = k.units and u.open = 0))
            order by k.id limit 20
            """),
        ("slot_taken_is_its_bookings",
            """
            select 'slot ' || s.id || ': ' || s.taken || ' taken, ' || count(b.id) || ' bookings'
            from marketplace.slot s
            left join marketplace.booking b on b.territory_id = @territory and b.slot_id = s.id
                and b.status not in ('Declined', 'Expired', 'Withdrawn', 'CancelledByHousehold', 'CancelledByProvider', 'CancelledByOperator', 'Replaced')
            where s.territory_id = @territory
            group by s.id, s.taken having s.taken <> count(b.id)
            order by s.id limit 20
            """),
        ("pool_joined_is_its_shares",
            """
            select 'pool ' || p.id || ': ' || p.joined || ' joined, ' || count(s.id) || ' shares'
            from marketplace.pool p
            left join marketplace.pool_share s on s.territory_id = @territory and s.pool_id = p.id
                and s.status = case p.status when 'Collecting' then 'Joined' else 'Committed' end
                and not exists (select from marketplace.pool_share o where o.territory_id = @territory and o.replaced_by = s.id)
            where p.territory_id = @territory
            group by p.id, p.joined having p.joined <> count(s.id)
            order by p.id limit 20
            """),
        ("pool_price_is_its_shares",
            """
            select 'pool ' || p.id || ': ' || p.price || ', its shares ' || coalesce(sum(s.price), 0)
            from marketplace.pool p
            left join marketplace.pool_share s on s.territory_id = @territory and s.pool_id = p.id and s.status = 'Committed'
                and not exists (select from marketplace.pool_share o where o.territory_id = @territory and o.replaced_by = s.id)
            where p.territory_id = @territory and p.price is not null
            group by p.id, p.price having p.price <> coalesce(sum(s.price), 0)
            order by p.id limit 20
            """),
        ("share_is_its_booking",
            """
            select 'share ' || s.id || ': ' || s.price || ', its booking ' || b.price
            from marketplace.pool_share s
            join marketplace.booking b on b.territory_id = @territory and b.id = s.booking_id
            where s.territory_id = @territory and (b.price <> s.price or b.household_id <> s.household_id or b.person_id <> s.person_id)
            order by s.id limit 20
            """),
        ("share_lines_are_hold_lines",
            """
            select 'share ' || s.id || ' line ' || l.line || ': ' || l.amount || ', its hold ' || coalesce(h.amount, 0)
            from marketplace.pool_share s
            join marketplace.pool_share_line l on l.territory_id = @territory and l.share_id = s.id
            join marketplace.welfare_grant g on g.territory_id = @territory and g.id = l.grant_id
            left join ledger.hold_line h on h.territory_id = @territory and h.hold_id = l.hold_id and h.account_id = g.account_id
            where s.territory_id = @territory and h.amount is distinct from l.amount
            order by s.id limit 20
            """),
        ("share_holds_once",
            """
            select distinct 'share ' || s.id || ': its earlier hold ' || h.id || ' is ' || h.status
            from marketplace.pool_share s
            join marketplace.pool_share_line l on l.territory_id = @territory and l.share_id = s.id and l.hold_id <> s.hold_id
            join ledger.hold h on h.territory_id = @territory and h.id = l.hold_id
            where s.territory_id = @territory and h.status <> 'Voided'
            order by 1 limit 20
            """),
        ("share_status_is_hold_status",
            """
            select 'share ' || s.id || ' is ' || s.status || ', its hold is ' || h.status
            from marketplace.pool_share s
            join ledger.hold h on h.territory_id = @territory and h.id = s.hold_id
            where s.territory_id = @territory and (
                s.status = 'Joined' and h.status not in ('Open', 'Expired') or s.status <> 'Joined' and h.status not in ('Voided', 'Expired'))
            order by s.id limit 20
            """),
        ("raise_lines_are_hold_lines",
            """
            select 'answer ' || r.id || ' line ' || l.line || ': ' || l.amount || ', its hold ' || coalesce(h.amount, 0)
            from marketplace.pool_raise r
            join marketplace.pool_raise_line l on l.territory_id = @territory and l.raise_id = r.id
            join marketplace.welfare_grant g on g.territory_id = @territory and g.id = l.grant_id
            left join ledger.hold_line h on h.territory_id = @territory and h.hold_id = r.hold_id and h.account_id = g.account_id
            where r.territory_id = @territory and h.amount is distinct from l.amount
            order by r.id limit 20
            """),
        ("raise_status_is_hold_status",
            """
            select 'answer ' || r.id || ' is ' || r.status || ' in a pool that is ' || p.status || ', its hold is ' || coalesce(h.status, 'none')
            from marketplace.pool_raise r
            join marketplace.pool p on p.territory_id = @territory and p.id = r.pool_id
            left join ledger.hold h on h.territory_id = @territory and h.id = r.hold_id
            where r.territory_id = @territory and (
                r.status in ('Agreed', 'Refused') and p.status <> 'BelowQuorum' or r.status = 'Agreed' and h.status not in ('Open', 'Expired')
                or r.status in ('Used', 'Released') and h.status not in ('Voided', 'Expired'))
            order by r.id limit 20
            """),
        ("pool_raise_is_its_shares",
            """
            select 'pool ' || p.id || ': ' || p.raised_heads || ' pay ' || p.raised_price || ', its shares ' || coalesce(sum(s.price), 0)
            from marketplace.pool p
            left join marketplace.pool_share s on s.territory_id = @territory and s.pool_id = p.id and s.raise_id is not null and s.joined_at = p.raised_at
            where p.territory_id = @territory and p.raised_at is not null
            group by p.id, p.raised_heads, p.raised_price having p.raised_heads <> count(s.id) or p.raised_price <> coalesce(sum(s.price), 0)
            order by p.id limit 20
            """),
        ("slot_of_a_pool_has_no_others",
            """
            select 'booking ' || b.id || ' stands in the slot of pool ' || t.pool_id
            from marketplace.slot t
            join marketplace.booking b on b.territory_id = @territory and b.slot_id = t.id and b.status in ('Requested', 'Confirmed')
            where t.territory_id = @territory and t.pool_id is not null
              and not exists (select from marketplace.pool_share s where s.territory_id = @territory and s.booking_id = b.id and s.pool_id = t.pool_id)
            order by b.id limit 20
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
        ("delegate_acts_no_longer_than_given",
            """
            select 'role ' || r.id || ' holds until ' || r.valid_to || ', its delegation until ' || least(d.valid_to, (d.ended_at at time zone 'Europe/Rome')::date - 1)
            from marketplace.role_grant r
            join marketplace.delegation d on d.territory_id = @territory and d.id = r.delegation_id
            where r.territory_id = @territory and r.valid_to > least(d.valid_to, (d.ended_at at time zone 'Europe/Rome')::date - 1)
            order by r.id limit 20
            """),
        ("recurring_date_is_booked_as_agreed",
            """
            select 'recurring booking ' || r.id || ' on ' || t.day || ': ' || b.price || ' of at most ' || r.price || ', own part ' || b.copayment || ' of at most ' || r.own_part
            from marketplace.recurring_booking r
            join marketplace.recurring_turn t on t.territory_id = @territory and t.recurring_id = r.id
            join marketplace.booking b on b.territory_id = @territory and b.id = t.booking_id
            where r.territory_id = @territory and (b.price > r.price or b.copayment > r.own_part or b.cancel_fee > r.cancel_fee)
            order by r.id, t.day limit 20
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
