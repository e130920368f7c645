namespace Borsellino.Tests.Ledger;

/// <summary>Holds what callers were told against what the book says.</summary>
public static class History
{
    /// <summary>Each disagreement as a sentence; none is the proof.</summary>
    public static async Task<List<string>> CheckAsync(Book book, IEnumerable<Said> history)
    {
        var recorded = (await book.Db.ListAsync<Deed>(book.Territory, Recorded)).ToLookup(d => d.Id);
        var done = history.Where(s => s.Refusal is null).Select(s => s.Deed).Distinct().ToLookup(d => d.Id);
        var wrong = new List<string>();
        foreach (var told in done)
        {
            if (told.Count() > 1) wrong.Add($"two contents were acknowledged: {string.Join(" and ", told)}");
            if (recorded[told.Key].Count() != 1) wrong.Add($"acknowledged, and there {recorded[told.Key].Count()} times: {told.First()}");
            else if (recorded[told.Key].Single() != told.First()) wrong.Add($"acknowledged {told.First()}, recorded {recorded[told.Key].Single()}");
        }

        wrong.AddRange(recorded.Where(r => !done.Contains(r.Key)).Select(r => $"recorded, and nobody was told: {r.First()}"));
        wrong.AddRange(await book.Db.ListAsync<string>(book.Territory, Overdrawn));
        wrong.AddRange((await book.AuditAsync()).Select(d => $"{d}"));
        return wrong;
    }

    /// <summary>Everything that has an id, in the words of <see cref="Deed.Of"/>.</summary>
    private const string Recorded =
        """
        select 'Post' as kind, e.id, e.memo || ' ' || string_agg(p.account_id || ' ' || p.debit || '/' || p.credit, ' ' order by p.line) as content
        from ledger.journal_entry e join ledger.posting p on p.territory_id = @territory and p.entry_id = e.id
        where e.territory_id = @territory and not exists (select from ledger.hold_event v where v.territory_id = @territory and v.entry_id = e.id)
        group by e.id, e.memo
        union all
        select 'Authorised', h.id, h.memo || ' ' || h.payee_id || ' ' || string_agg(l.account_id || ' ' || l.amount, ' ' order by l.line)
        from ledger.hold h join ledger.hold_line l on l.territory_id = @territory and l.hold_id = h.id
        where h.territory_id = @territory
        group by h.id, h.memo, h.payee_id
        union all
        select v.kind, v.id, v.memo || ' ' || v.hold_id || case when v.kind = 'Captured' then ' ' || (
            select sum(l.captured) from ledger.hold_event_line l where l.territory_id = @territory and l.event_id = v.id) else '' end
        from ledger.hold_event v where v.territory_id = @territory and v.kind <> 'Authorised'
        """;

    /// <summary>
    /// Notes from now on in which order transactions changed an account. Their numbers do not tell: a transaction has its
    /// number from its first lock, and may wait for the next one while a later number overtakes it.
    /// </summary>
    public static Task WatchAsync(TestDatabase database) => database.AsOwnerAsync(
        """
        create table if not exists public.account_life (
            seq bigint generated always as identity, account_id uuid not null, tx bigint not null default pg_current_xact_id()::text::bigint);
        create or replace function public.note() returns trigger language plpgsql as $$
        begin
            insert into public.account_life (account_id) values (new.id);
            return null;
        end $$;
        create or replace trigger note after update on ledger.account for each row execute function public.note();
        grant select on public.account_life to borsellino_app
        """);

    /// <summary>Accounts that were below nothing, or below what they held, at any commit: postings and hold events added up in that order.</summary>
    private const string Overdrawn =
        """
        with moved as (
            select account_id, p.xmin::text::bigint as tx, credit - debit as money, 0 as held from ledger.posting p where territory_id = @territory
            union all
            select l.account_id, v.xmin::text::bigint, 0, l.amount
            from ledger.hold_line l join ledger.hold_event v on v.territory_id = @territory and v.hold_id = l.hold_id and v.kind = 'Authorised'
            where l.territory_id = @territory
            union all
            select l.account_id, e.xmin::text::bigint, 0, -(e.captured + e.released)
            from ledger.hold_event_line e
            join ledger.hold_line l on l.territory_id = @territory and l.hold_id = e.hold_id and l.line = e.line
            where e.territory_id = @territory
        ), after as (
            select account_id, tx, sum(money) over life as money, sum(held) over life as held
            from (select account_id, tx, sum(money) as money, sum(held) as held from moved group by account_id, tx) m
            left join (select account_id, tx, min(seq) as seq from public.account_life group by account_id, tx) l using (account_id, tx)
            window life as (partition by account_id order by seq)
        )
        select 'account ' || a.id || ' had ' || s.money || ' with ' || s.held || ' held after transaction ' || s.tx
        from after s join ledger.account a on a.territory_id = @territory and a.id = s.account_id
        where s.held < 0 or (a.kind = 'Liability' and s.money < s.held) or (a.kind = 'Asset' and s.money > 0)
        order by s.tx limit 20
        """;
}
