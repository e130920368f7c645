namespace Borsellino.Ledger;

/// <summary>Something in a book that does not agree with itself.</summary>
/// <param name="Check">Which check found it, in snake_case.</param>
/// <param name="What">The row, by its id, and the two figures that differ.</param>
public sealed record Disagreement(string Check, string What);

/// <summary>
/// Proves a book from the ground up: every balance from its postings, every hold from its lines and events, every
/// entry from its legs, every seal from the entries of its day. Reads only.
/// </summary>
public sealed class Audit(Database db)
{
    /// <summary>Each check answers the first rows that disagree; no row means it holds. Figures are cents.</summary>
    private static readonly (string Name, string Sql)[] Checks =
    [
        ("entry_balances",
            """
            select 'entry ' || e.id || ': ' || count(p.line) || ' of ' || e.lines || ' postings, debit ' || coalesce(sum(p.debit), 0)
                   || ', credit ' || coalesce(sum(p.credit), 0)
            from ledger.journal_entry e
            left join ledger.posting p on p.territory_id = @territory and p.entry_id = e.id
            where e.territory_id = @territory
            group by e.id, e.lines
            having count(p.line) <> e.lines or sum(p.debit) is distinct from sum(p.credit)
            order by e.id limit 20
            """),
        ("posting_has_entry",
            """
            select 'posting ' || p.entry_id || '/' || p.line || ': its day is ' || p.effective_on || ', recorded on ' || p.recorded_on
                   || '; its entry says ' || coalesce(e.effective_on || ', recorded at ' || e.recorded_at, 'nothing')
            from ledger.posting p
            left join ledger.journal_entry e on e.territory_id = @territory and e.id = p.entry_id
            where p.territory_id = @territory
              and (e.effective_on is distinct from p.effective_on or (e.recorded_at at time zone 'Europe/Rome')::date <> p.recorded_on)
            order by p.entry_id limit 20
            """),
        ("chart_rules",
            """
            select 'entry ' || t.id || ' of kind ' || t.kind || ': no ' || t.side || ' of ' || t.chart
            from (select min(e.id::text) as id, e.kind, a.chart, case when p.debit > 0 then 'Debit' else 'Credit' end as side
                  from ledger.journal_entry e
                  join ledger.posting p on p.territory_id = @territory and p.entry_id = e.id
                  join ledger.account a on a.territory_id = @territory and a.id = p.account_id
                  where e.territory_id = @territory
                  group by 2, 3, 4) t
            where not exists (select from ledger.chart_rule r where r.entry_kind = t.kind and r.chart = t.chart and r.side = t.side)
            limit 20
            """),
        ("account_totals",
            """
            select 'account ' || a.id || ': totals ' || a.debits || '/' || a.credits || ', postings '
                   || coalesce(p.debits, 0) || '/' || coalesce(p.credits, 0) || ' in ' || coalesce(p.count, 0) || ' of ' || a.movements
                   || ', days ' || a.latest_on || ' and ' || a.recorded_on
            from ledger.account a
            left join (select account_id, sum(debit) as debits, sum(credit) as credits, count(*) as count,
                              max(effective_on) as latest_on, max(recorded_on) as recorded_on
                       from ledger.posting where territory_id = @territory group by account_id) p on p.account_id = a.id
            where a.territory_id = @territory
              and (a.debits <> coalesce(p.debits, 0) or a.credits <> coalesce(p.credits, 0) or a.movements <> coalesce(p.count, 0)
                   or a.latest_on <> coalesce(p.latest_on, '-infinity') or a.recorded_on <> coalesce(p.recorded_on, '-infinity'))
            order by a.id limit 20
            """),
        ("running_totals",
            """
            select 'posting ' || position || ' of account ' || account_id || ': after it ' || debits_after || '/' || credits_after
                   || ', by its predecessors ' || debits || '/' || credits
            from (select account_id, position, debits_after, credits_after,
                         row_number() over life as number, sum(debit) over life as debits, sum(credit) over life as credits
                  from ledger.posting where territory_id = @territory
                  window life as (partition by account_id order by position)) p
            where position <> number or debits_after <> debits or credits_after <> credits
            order by account_id, position limit 20
            """),
        ("running_days",
            """
            select 'posting ' || position || ' of account ' || account_id || ': latest day before it ' || latest_before || ', recorded '
                   || recorded_on || ' after ' || recorded_before
            from (select account_id, position, latest_before, recorded_before, recorded_on,
                         lag(greatest(latest_before, effective_on), 1, '-infinity') over life as latest,
                         lag(recorded_on, 1, '-infinity') over life as recorded
                  from ledger.posting where territory_id = @territory
                  window life as (partition by account_id order by position)) p
            where latest_before <> latest or recorded_before <> recorded or recorded_on < recorded
            order by account_id, position limit 20
            """),
        ("account_not_overdrawn",
            """
            select 'account ' || id || ': ' || kind || ' with debits ' || debits || ', credits ' || credits || ', held ' || debits_held
            from ledger.account
            where territory_id = @territory
              and (kind = 'Liability' and debits + debits_held > credits or kind = 'Asset' and credits > debits)
            order by id limit 20
            """),
        ("account_holds",
            """
            select 'account ' || a.id || ': ' || a.debits_held || ' held, its open hold lines have ' || coalesce(l.remaining, 0)
            from ledger.account a
            left join (select account_id, sum(amount - captured - released) as remaining
                       from ledger.hold_line where territory_id = @territory group by account_id) l on l.account_id = a.id
            where a.territory_id = @territory and a.debits_held <> coalesce(l.remaining, 0)
            order by a.id limit 20
            """),
        ("hold_status",
            """
            select 'hold ' || h.id || ': ' || h.status || ' with ' || coalesce(l.remaining, 0) || ' left on ' || coalesce(l.count, 0)
                   || ' of ' || h.lines || ' lines; its events say ' || coalesce(v.authorised, 0) || ' authorised, '
                   || coalesce(v.ended, 'not ended')
            from ledger.hold h
            left join (select hold_id, count(*) as count, sum(amount - captured - released) as remaining
                       from ledger.hold_line where territory_id = @territory group by hold_id) l on l.hold_id = h.id
            left join (select hold_id, count(*) filter (where kind = 'Authorised') as authorised,
                              max(kind) filter (where kind in ('Voided', 'Expired')) as ended
                       from ledger.hold_event where territory_id = @territory group by hold_id) v on v.hold_id = h.id
            where h.territory_id = @territory
              and (l.count is distinct from h.lines or v.authorised is distinct from 1
                   or h.status <> coalesce(v.ended, case when l.remaining > 0 then 'Open' else 'Captured' end)
                   or (h.status = 'Open') <> (l.remaining > 0))
            order by h.id limit 20
            """),
        ("hold_lines_from_events",
            """
            select 'hold line ' || l.hold_id || '/' || l.line || ': captured ' || l.captured || ', released ' || l.released
                   || '; its events say ' || coalesce(sum(e.captured), 0) || ' and ' || coalesce(sum(e.released), 0)
            from ledger.hold_line l
            left join ledger.hold_event_line e on e.territory_id = @territory and e.hold_id = l.hold_id and e.line = l.line
            where l.territory_id = @territory
            group by l.hold_id, l.line, l.captured, l.released
            having l.captured <> coalesce(sum(e.captured), 0) or l.released <> coalesce(sum(e.released), 0)
            order by l.hold_id, l.line limit 20
            """),
        ("captures_are_entries",
            """
            select 'capture ' || v.id || ': lines ' || coalesce(sum(l.captured), 0) || ', entry '
                   || coalesce((select sum(p.debit) from ledger.posting p where p.territory_id = @territory and p.entry_id = v.entry_id), 0)
            from ledger.hold_event v
            left join ledger.hold_event_line l on l.territory_id = @territory and l.event_id = v.id
            where v.territory_id = @territory and v.kind = 'Captured'
            group by v.id, v.entry_id
            having coalesce(sum(l.captured), 0) is distinct from
                   (select sum(p.debit) from ledger.posting p where p.territory_id = @territory and p.entry_id = v.entry_id)
            order by v.id limit 20
            """),
        ("book_balances",
            """
            select 'the book: debits ' || sum(debits) || ', credits ' || sum(credits)
            from ledger.account where territory_id = @territory having sum(debits) <> sum(credits)
            """),
        ("period_is_its_events",
            """
            select 'the book: closed through ' || coalesce(b.closed_through::text, 'nothing') || ', its events say ' || coalesce(e.through::text, 'nothing')
            from ledger.book b
            left join lateral (
                select through from ledger.period_event
                where territory_id = @territory and kind <> 'ReopenAsked' order by position desc limit 1) e on true
            where b.territory_id = @territory and b.closed_through is distinct from e.through
            """),
    ];

    public static IReadOnlyList<string> CheckNames => [.. Checks.Select(c => c.Name), SealAudit.CheckName];

    /// <summary>
    /// All that disagrees in one book, at most twenty for each check; an empty list is the proof. All checks look at one
    /// frozen view, so it may run while entries are recorded.
    /// </summary>
    public Task<IReadOnlyList<Disagreement>> RunAsync(TerritoryId territory, CancellationToken cancel = default) =>
        db.ReadFrozenAsync<IReadOnlyList<Disagreement>>(
            territory,
            async tx =>
            {
                // Everything is read from end to end: a plan made for few rows would look up millions one by one.
                await tx.ExecuteAsync("set local enable_nestloop = off");
                var found = new List<Disagreement>();
                foreach (var (name, sql) in Checks)
                {
                    found.AddRange((await tx.ListAsync<string>(sql)).Select(what => new Disagreement(name, what)));
                }

                found.AddRange(await SealAudit.RunAsync(tx, cancel));
                return found;
            },
            cancel);

    /// <summary>The territories that have a book.</summary>
    public Task<List<TerritoryId>> BooksAsync(CancellationToken cancel = default) =>
        db.ListSharedAsync<TerritoryId>("select territory_id from ledger.book order by territory_id", cancel: cancel);
}
