-- What proves a book: the life of its periods, the rules that hold when one closes, and the seals on its days.

-- Reference table, the same for all territories: what must be so of every account of a place in the chart when a period
-- closes, judged by the balances at the end of its last day.
create table ledger.balance_rule (
    chart text not null references ledger.chart (code),
    -- Zero: nothing is left. NotOverdrawn: not below nothing, also when what was recorded later is left away.
    must text not null check (must in ('Zero', 'NotOverdrawn')),
    -- Closes through a day of this range ask the rule.
    valid_from date not null,
    valid_to date check (valid_to >= valid_from),
    primary key (chart, must, valid_from)
);
insert into ledger.balance_rule (chart, must, valid_from) values
    ('suspense', 'Zero', '2026-01-01'),
    ('bank', 'NotOverdrawn', '2026-01-01'), ('programme', 'NotOverdrawn', '2026-01-01'), ('grant', 'NotOverdrawn', '2026-01-01');

-- The accounts that break a rule at the end of a day, with their balance on their own side in cents. The balance of a past
-- day is what the account had before the first posting that opens a later day, and what was dated back to that day since.
create function ledger.balance_breaches(of_territory int, at_day date)
    returns table (chart text, must text, account_id uuid, name text, balance bigint) language sql stable as $$
    select r.chart, r.must, a.id, a.name, b.balance
    from ledger.balance_rule r
    join ledger.account a on a.chart = r.chart and a.territory_id = of_territory
    cross join lateral ledger.totals_at(of_territory, a.id, at_day, a.movements) t
    cross join lateral (
        select (case when a.kind in ('Asset', 'Expense') then 1 else -1 end * (t.debits - t.credits))::bigint as balance) b
    where at_day >= r.valid_from and (r.valid_to is null or at_day <= r.valid_to)
      and case r.must when 'Zero' then b.balance <> 0 when 'NotOverdrawn' then b.balance < 0 end
    order by r.chart, a.id
$$;

-- Every close and every re-opening, with who and when. A period is opened again by two people: one asks and says why,
-- another does it while nothing has happened in between.
create table ledger.period_event (
    territory_id int not null references ledger.book (territory_id),
    -- 1, 2, 3 … in the order in which they happened.
    position int not null check (position >= 1),
    id uuid not null,
    kind text not null check (kind in ('Closed', 'ReopenAsked', 'Reopened')),
    -- The last day that is closed after this, or would be after what is asked.
    through date not null,
    actor text not null check (length(actor) between 1 and 100),
    reason text not null check (length(reason) <= 300),
    recorded_at timestamptz not null,
    -- The transaction in which it happened: the book moves in the same one.
    recorded_tx xid8 not null default pg_current_xact_id(),
    primary key (territory_id, position),
    constraint period_event_id unique (id, territory_id),
    constraint period_event_reason check ((kind = 'ReopenAsked') = (reason <> ''))
);

-- An event follows its predecessor, moves the period in its direction, and is what the book says.
create function ledger.period_events_are_right() returns trigger language plpgsql as $$
declare
    wrong record;
begin
    select e.position,
           case
               when e.position > 1 and p.position is null then 'period_event_continues'
               when e.kind = 'Reopened' and (p.kind is distinct from 'ReopenAsked' or p.through <> e.through) then 'reopen_is_asked'
               when e.kind = 'Reopened' and p.actor = e.actor then 'reopen_four_eyes'
               else 'period_event_of_book'
           end as rule
    into wrong
    from added e
    join ledger.book b on b.territory_id = e.territory_id
    left join ledger.period_event p on p.territory_id = e.territory_id and p.position = e.position - 1
    left join lateral (
        select through from ledger.period_event
        where territory_id = e.territory_id and position < e.position and kind <> 'ReopenAsked'
        order by position desc limit 1) s on true
    where e.position > 1 and p.position is null
       or e.kind = 'Closed' and e.through <= s.through
       or e.kind <> 'Closed' and e.through >= coalesce(s.through, '-infinity')
       or e.kind = 'Reopened' and (p.kind is distinct from 'ReopenAsked' or p.through <> e.through or p.actor = e.actor)
       or b.closed_through is distinct from case when e.kind = 'ReopenAsked' then s.through else e.through end
    limit 1;
    if found then
        perform ledger.refuse(wrong.rule, 'period_event', format('event %s of the periods is not what happened', wrong.position));
    end if;
    return null;
end $$;
create trigger period_events_are_right after insert on ledger.period_event
    referencing new table as added for each statement execute function ledger.period_events_are_right();

-- A closed period stays closed, but for two people who leave their trace in the same transaction; a close leaves one too,
-- and finds every balance as the rules want it.
create function ledger.period_stays_closed() returns trigger language plpgsql as $$
declare
    breach record;
begin
    if not exists (
        select from (
            select kind, through, recorded_tx from ledger.period_event
            where territory_id = new.territory_id order by position desc limit 1) e
        where e.recorded_tx = pg_current_xact_id() and e.through = new.closed_through
          and e.kind = case when new.closed_through > old.closed_through or old.closed_through is null then 'Closed' else 'Reopened' end)
    then
        perform ledger.refuse('period_stays_closed', 'book', 'the period moves without a trace');
    end if;
    if new.closed_through > old.closed_through or old.closed_through is null then
        select * into breach from ledger.balance_breaches(new.territory_id, new.closed_through) limit 1;
        if found then
            perform ledger.refuse('balance_rule_holds', 'book', format(
                'account %s must be %s at %s: it has %s', breach.account_id, breach.must, new.closed_through, breach.balance));
        end if;
    end if;
    return null;
end $$;
create trigger period_stays_closed after update on ledger.book
    for each row when (new.closed_through is distinct from old.closed_through) execute function ledger.period_stays_closed();

create trigger book_stays before update on ledger.book
    for each row when (new.territory_id <> old.territory_id) execute function ledger.refuse_change('book_stays');

-- A seal on every day that has passed: the root of the Merkle tree (RFC 6962) over the day's entries in the order of their
-- ids, chained to the seal before it. Whoever keeps one chain value knows all days up to it. A day is the one on which
-- entries were recorded, in Rome; days without entries are sealed too, so that a missing seal is seen.
create table ledger.seal (
    territory_id int not null references ledger.book (territory_id),
    day date not null,
    entries bigint not null check (entries >= 0),
    root bytea not null check (length(root) = 32),
    chain bytea not null check (length(chain) = 32),
    sealed_at timestamptz not null,
    primary key (territory_id, day)
);

-- Entries are stored in the order in which they were recorded: a few bytes for each range of pages find those of a day.
create index journal_entry_recorded on ledger.journal_entry using brin (recorded_at) with (pages_per_range = 32);

-- The leaves of the entries recorded from an instant until another, not included. The text of an entry is described in
-- docs/proof.md: whoever has an entry can make its leaf.
create function ledger.leaves(of_territory int, since timestamptz, until timestamptz)
    returns table (id uuid, recorded_at timestamptz, leaf bytea) language sql stable as $$
    select e.id, e.recorded_at, sha256('\x00'::bytea || convert_to(
        e.territory_id || ' ' || e.id || ' ' || e.kind || ' ' || to_char(e.effective_on, 'YYYY-MM-DD') || ' '
        || to_char(e.recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || ' ' || coalesce(e.reverses::text, '-') || ' '
        || encode(e.digest, 'hex') || ' ' || octet_length(e.reference) || ' ' || octet_length(e.actor) || ' ' || octet_length(e.memo) || e'\n'
        || e.reference || e.actor || e.memo || e'\n' || coalesce(p.lines, ''), 'UTF8'))
    from ledger.journal_entry e
    cross join lateral (
        select string_agg(line || ' ' || account_id || ' ' || debit || ' ' || credit || e'\n', '' order by line) as lines
        from ledger.posting where territory_id = of_territory and entry_id = e.id) p
    where e.territory_id = of_territory and e.recorded_at >= since and e.recorded_at < until
$$;

-- What a seal hands on to the next.
create function ledger.chain(before bytea, of_territory int, of_day date, entries bigint, root bytea)
    returns bytea language sql stable as $$
    select sha256(convert_to(
        encode(before, 'hex') || ' ' || of_territory || ' ' || to_char(of_day, 'YYYY-MM-DD') || ' ' || entries || ' ' || encode(root, 'hex'), 'UTF8'))
$$;

-- A seal follows that of the day before, and sits on a day in which nothing more can be recorded.
create function ledger.seals_are_right() returns trigger language plpgsql as $$
declare
    wrong record;
begin
    select s.day, s.day > coalesce(b.sealed_through, '-infinity') as early into wrong
    from added s
    join ledger.book b on b.territory_id = s.territory_id
    left join ledger.seal p on p.territory_id = s.territory_id and p.day = s.day - 1
    where s.day > coalesce(b.sealed_through, '-infinity')
       or p.day is null and exists (select from ledger.seal o where o.territory_id = s.territory_id and o.day < s.day)
       or s.chain <> ledger.chain(coalesce(p.chain, decode(repeat('00', 32), 'hex')), s.territory_id, s.day, s.entries, s.root)
    limit 1;
    if found then
        perform ledger.refuse(
            case when wrong.early then 'seal_on_sealed_day' else 'seal_continues' end, 'seal', format('the seal of %s does not fit', wrong.day));
    end if;
    return null;
end $$;
create trigger seals_are_right after insert on ledger.seal
    referencing new table as added for each statement execute function ledger.seals_are_right();

create trigger sealed_stays before update on ledger.book
    for each row when (old.sealed_through is not null and (new.sealed_through is null or new.sealed_through < old.sealed_through))
    execute function ledger.refuse_change('sealed_stays');

do $$
declare
    t text;
begin
    foreach t in array array['period_event', 'seal'] loop
        call ledger.only_append(t);
        call ledger.wall(t);
    end loop;
end $$;

grant select on ledger.balance_rule, ledger.period_event, ledger.seal to borsellino_app;
grant insert (territory_id, position, id, kind, through, actor, reason, recorded_at) on ledger.period_event to borsellino_app;
grant insert (territory_id, day, entries, root, chain, sealed_at) on ledger.seal to borsellino_app;
