-- The general ledger. One book per territory; amounts in whole cents of euro.
-- Every rule here is also refused in C# (src/Ledger); the constraint makes sure when the code is wrong or bypassed.
-- Each table's key starts with territory_id: the tenant, the row-level security key and the shard key. Every other index
-- begins with what it is for, so that a look-up by key has no second index to choose, whatever the statistics say.

-- The role belongs to the whole server: another database of it may be making the same role right now.
do $$
begin
    if not exists (select from pg_roles where rolname = 'borsellino_app') then
        create role borsellino_app login;
    end if;
exception when duplicate_object or unique_violation then
    null;
end $$;

create schema ledger;

-- Reference table, the same for all territories: what kinds of accounts a book may hold.
create table ledger.chart (
    code text primary key check (code ~ '^[a-z_]{2,40}$'),
    kind text not null check (kind in ('Asset', 'Liability', 'Income', 'Expense')),
    position smallint not null unique,
    unique (code, kind)
);

create table ledger.book (
    territory_id int primary key check (territory_id > 0),
    currency text not null default 'EUR' check (currency = 'EUR'),
    -- Nothing is recorded with an effective date on or before this day.
    closed_through date
);

create table ledger.account (
    territory_id int not null,
    id uuid not null,
    chart text not null,
    kind text not null,
    name text not null check (length(name) between 1 and 200),
    debits bigint not null default 0 check (debits >= 0),
    credits bigint not null default 0 check (credits >= 0),
    debits_held bigint not null default 0 check (debits_held >= 0),
    -- How many postings the account has: the newest one carries this number.
    movements bigint not null default 0 check (movements >= 0),
    -- No hold on the account may last longer than this instant.
    holds_until timestamptz,
    opened_at timestamptz not null,
    closed_at timestamptz,
    primary key (territory_id, id),
    foreign key (chart, kind) references ledger.chart (code, kind),
    constraint account_not_overdrawn check (
        case kind
            when 'Liability' then debits + debits_held <= credits
            when 'Asset' then credits <= debits and debits_held = 0
            else debits_held = 0
        end),
    constraint account_closed_empty check (closed_at is null or (debits_held = 0 and debits = credits))
) with (fillfactor = 70);
create index account_chart on ledger.account (chart, territory_id, id);

create table ledger.journal_entry (
    territory_id int not null,
    id uuid not null,
    kind text not null check (kind ~ '^[a-z_]{2,40}$'),
    reference text not null check (length(reference) <= 100),
    effective_on date not null,
    recorded_at timestamptz not null,
    actor text not null check (length(actor) between 1 and 100),
    memo text not null check (length(memo) <= 300),
    -- How many postings it has; they are numbered from 1 and none can be added later.
    lines smallint not null check (lines >= 2),
    reverses uuid,
    -- SHA-256 of what the caller asked: the same id with another content is refused.
    digest bytea not null check (length(digest) = 32),
    primary key (territory_id, id),
    foreign key (territory_id, reverses) references ledger.journal_entry (territory_id, id)
);
create index journal_entry_effective on ledger.journal_entry (effective_on, territory_id, id);
create index journal_entry_reference on ledger.journal_entry (reference, territory_id);

create table ledger.posting (
    territory_id int not null,
    entry_id uuid not null,
    line smallint not null,
    lines smallint not null,
    account_id uuid not null,
    debit bigint not null check (debit >= 0),
    credit bigint not null check (credit >= 0),
    effective_on date not null,
    -- The account's life in order: 1, 2, 3 … with its totals after this posting.
    position bigint not null check (position >= 1),
    debits_after bigint not null,
    credits_after bigint not null,
    primary key (territory_id, entry_id, line),
    constraint posting_position unique (territory_id, account_id, position),
    constraint posting_one_side check ((debit = 0) <> (credit = 0)),
    constraint posting_line_in_entry check (line between 1 and lines)
);
create index posting_statement on ledger.posting (account_id, effective_on, position, territory_id);

create table ledger.hold (
    territory_id int not null,
    id uuid not null,
    payee_id uuid not null,
    reference text not null check (length(reference) <= 100),
    status text not null check (status in ('Open', 'Captured', 'Voided', 'Expired')),
    authorised_at timestamptz not null,
    expires_at timestamptz not null check (expires_at > authorised_at),
    closed_at timestamptz,
    actor text not null check (length(actor) between 1 and 100),
    memo text not null check (length(memo) <= 300),
    -- How many lines it has; they are numbered from 1 and none can be added later.
    lines smallint not null check (lines between 1 and 100),
    digest bytea not null check (length(digest) = 32),
    primary key (territory_id, id),
    constraint hold_closed check ((status = 'Open') = (closed_at is null))
) with (fillfactor = 80);
create index hold_due on ledger.hold (expires_at, territory_id) where status = 'Open';
create index hold_reference on ledger.hold (reference, territory_id);

create table ledger.hold_line (
    territory_id int not null,
    hold_id uuid not null,
    line smallint not null,
    lines smallint not null,
    account_id uuid not null,
    amount bigint not null check (amount > 0),
    captured bigint not null default 0 check (captured >= 0),
    released bigint not null default 0 check (released >= 0),
    primary key (territory_id, hold_id, line),
    constraint hold_line_account unique (hold_id, account_id, territory_id),
    constraint hold_line_in_hold check (line between 1 and lines),
    constraint hold_line_not_exceeded check (captured + released <= amount)
) with (fillfactor = 80);
create index hold_line_open on ledger.hold_line (account_id, line, hold_id, territory_id) where captured + released < amount;

-- What happened to a hold, so that its state at any past instant can be told.
create table ledger.hold_event (
    territory_id int not null,
    id uuid not null,
    hold_id uuid not null,
    kind text not null check (kind in ('Authorised', 'Captured', 'Voided', 'Expired')),
    recorded_at timestamptz not null,
    actor text not null,
    memo text not null check (length(memo) <= 300),
    entry_id uuid,
    primary key (territory_id, id),
    constraint hold_event_entry check ((kind = 'Captured') = (entry_id is not null))
);
create index hold_event_hold on ledger.hold_event (hold_id, recorded_at, territory_id);

create table ledger.hold_event_line (
    territory_id int not null,
    event_id uuid not null,
    hold_id uuid not null,
    line smallint not null,
    captured bigint not null check (captured >= 0),
    released bigint not null check (released >= 0),
    primary key (territory_id, event_id, line)
);
create index hold_event_line_line on ledger.hold_event_line (hold_id, line, captured, released, territory_id);

-- The guards. They judge a statement as a whole, when it ends: a list of ten thousand costs a few calls and not forty
-- thousand, and what belongs together (entry, postings, totals; hold, lines, events) must be written by one statement.
-- A reference is a guard too: a foreign key would fire for every row and lock the row it points to; nothing here is ever
-- deleted, so looking once is enough.
--
-- Their plans are made once and kept, often when the tables are still empty, and must be as good for ten million rows.
-- So each look-up is a lateral query with an order and a limit, and sorting is off: only the index meant has the order.

create function ledger.refuse(rule text, of_table text, what text) returns void language plpgsql as $$
begin
    raise exception '%', what using errcode = 'check_violation', constraint = rule, schema = 'ledger', table = of_table;
end $$;

-- For rules that compare a row with what it was: the trigger's condition finds the breach, this names the rule.
create function ledger.refuse_change() returns trigger language plpgsql as $$
begin
    perform ledger.refuse(tg_argv[0], tg_table_name::text, 'this change of ' || tg_table_name || ' is refused: ' || tg_argv[0]);
    return null;
end $$;

-- An entry has a book, an open period, exactly the postings it announces, on its day, and they balance.
create function ledger.entries_are_right() returns trigger language plpgsql
    set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
declare
    wrong record;
begin
    select e.id, e.lines, e.effective_on, b.territory_id as book, b.closed_through, p.counted, p.difference into wrong
    from added e
    left join ledger.book b on b.territory_id = e.territory_id
    cross join lateral (
        select count(*) filter (where lines = e.lines and effective_on = e.effective_on) as counted,
               coalesce(sum(debit - credit), 0) as difference
        from (select lines, effective_on, debit, credit from ledger.posting
              where territory_id = e.territory_id and entry_id = e.id order by line limit 40000) of_entry) p
    where b.territory_id is null or b.closed_through >= e.effective_on or p.counted <> e.lines or p.difference <> 0
    limit 1;
    if not found then
        return null;
    elsif wrong.book is null then
        perform ledger.refuse('entry_of_book', 'journal_entry', 'entry ' || wrong.id || ' has no book');
    elsif wrong.closed_through >= wrong.effective_on then
        perform ledger.refuse('period_is_open', 'journal_entry', 'the period of ' || wrong.effective_on || ' is closed');
    end if;
    perform ledger.refuse('entry_balances', 'journal_entry', format(
        'entry %s does not balance: %s of %s postings, difference %s', wrong.id, wrong.counted, wrong.lines, wrong.difference));
    return null;
end $$;
create trigger entries_are_right after insert on ledger.journal_entry
    referencing new table as added for each statement execute function ledger.entries_are_right();

-- A posting is one its entry announced, and continues its account's life: totals before plus this are totals after, and
-- the account counts it.
create function ledger.postings_are_right() returns trigger language plpgsql
    set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
declare
    wrong record;
begin
    select p.entry_id, p.line, p.account_id, p.position,
           case
               when e.id is distinct from p.entry_id or e.lines <> p.lines or e.effective_on <> p.effective_on then 'posting_of_entry'
               when a.id is distinct from p.account_id then 'posting_of_account'
               else 'posting_continues'
           end as rule
    into wrong
    from added p
    left join lateral (
        select id, lines, effective_on from ledger.journal_entry
        where territory_id = p.territory_id and id <= p.entry_id order by id desc limit 1) e on true
    left join lateral (
        select id, movements from ledger.account
        where territory_id = p.territory_id and id <= p.account_id order by id desc limit 1) a on true
    left join lateral (
        select position, debits_after, credits_after from ledger.posting
        where territory_id = p.territory_id and account_id = p.account_id and position < p.position
        order by position desc limit 1) b on true
    where e.id is distinct from p.entry_id or e.lines <> p.lines or e.effective_on <> p.effective_on
       or a.id is distinct from p.account_id or a.movements < p.position
       or coalesce(b.position, 0) <> p.position - 1
       or coalesce(b.debits_after, 0) + p.debit <> p.debits_after
       or coalesce(b.credits_after, 0) + p.credit <> p.credits_after
    limit 1;
    if found then
        perform ledger.refuse(wrong.rule, 'posting', format(
            'posting %s of entry %s does not fit: number %s of account %s', wrong.line, wrong.entry_id, wrong.position, wrong.account_id));
    end if;
    return null;
end $$;
create trigger postings_are_right after insert on ledger.posting
    referencing new table as added for each statement execute function ledger.postings_are_right();

-- An account's totals are those of its newest posting.
create function ledger.accounts_are_right() returns trigger language plpgsql
    set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
declare
    wrong record;
begin
    if tg_op = 'INSERT' then
        select a.id into wrong from changed a
        left join ledger.book b on b.territory_id = a.territory_id where b.territory_id is null limit 1;
        if found then
            perform ledger.refuse('account_of_book', 'account', 'account ' || wrong.id || ' has no book');
        end if;
    end if;
    select a.id into wrong
    from changed a
    left join lateral (
        select position, debits_after, credits_after from ledger.posting
        where territory_id = a.territory_id and account_id = a.id order by position desc limit 1) p on true
    where coalesce(p.position, 0) <> a.movements
       or coalesce(p.debits_after, 0) <> a.debits or coalesce(p.credits_after, 0) <> a.credits
    limit 1;
    if found then
        perform ledger.refuse('account_matches_postings', 'account', 'account ' || wrong.id || ': totals do not match its newest posting');
    end if;
    return null;
end $$;
create trigger accounts_begin_right after insert on ledger.account
    referencing new table as changed for each statement execute function ledger.accounts_are_right();
create trigger accounts_are_right after update on ledger.account
    referencing new table as changed for each statement execute function ledger.accounts_are_right();

-- What is held on an account is what its open hold lines have left. For each row, because most statements hold nothing.
create function ledger.account_matches_holds() returns trigger language plpgsql
    set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
declare
    expected numeric;
begin
    select coalesce(sum(remaining), 0) into expected
    from (select amount - captured - released as remaining from ledger.hold_line
          where territory_id = new.territory_id and account_id = new.id and captured + released < amount
          order by line, hold_id limit 10000000) open;
    if expected <> new.debits_held then
        perform ledger.refuse('account_matches_holds', 'account', format(
            'account %s: %s held, but its hold lines have %s left', new.id, new.debits_held, expected));
    end if;
    return null;
end $$;
create trigger account_begins_unheld after insert on ledger.account
    for each row when (new.debits_held <> 0) execute function ledger.account_matches_holds();
create trigger account_matches_holds after update on ledger.account
    for each row when (new.debits_held <> old.debits_held) execute function ledger.account_matches_holds();

create trigger account_only_grows before update on ledger.account
    for each row when (
        new.debits < old.debits or new.credits < old.credits or new.movements < old.movements
        or new.id <> old.id or new.territory_id <> old.territory_id or new.kind <> old.kind or new.chart <> old.chart
        or (old.closed_at is not null and (new.debits <> old.debits or new.credits <> old.credits or new.closed_at is distinct from old.closed_at)))
    execute function ledger.refuse_change('account_only_grows');

-- A hold has a payee and the lines it announces, and is open as long as they have something left.
create function ledger.holds_are_right() returns trigger language plpgsql
    set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
declare
    wrong record;
begin
    select h.id, h.status, h.lines, h.payee_id = a.id as has_payee, l.counted, l.remaining into wrong
    from changed h
    left join lateral (
        select id from ledger.account where territory_id = h.territory_id and id <= h.payee_id order by id desc limit 1) a on true
    cross join lateral (
        select count(*) as counted, coalesce(sum(remaining), 0) as remaining
        from (select amount - captured - released as remaining from ledger.hold_line
              where territory_id = h.territory_id and hold_id = h.id order by line limit 40000) of_hold) l
    where a.id is distinct from h.payee_id or l.counted <> h.lines or (h.status = 'Open') <> (l.remaining > 0)
    limit 1;
    if not found then
        return null;
    elsif wrong.has_payee is not true then
        perform ledger.refuse('hold_of_payee', 'hold', 'hold ' || wrong.id || ' has no payee');
    elsif wrong.counted <> wrong.lines then
        perform ledger.refuse('hold_has_lines', 'hold', format('hold %s has %s of %s lines', wrong.id, wrong.counted, wrong.lines));
    end if;
    perform ledger.refuse('hold_has_rest', 'hold', format('hold %s is %s with %s left', wrong.id, wrong.status, wrong.remaining));
    return null;
end $$;
create trigger holds_begin_right after insert on ledger.hold
    referencing new table as changed for each statement execute function ledger.holds_are_right();
create trigger holds_are_right after update on ledger.hold
    referencing new table as changed for each statement execute function ledger.holds_are_right();

create trigger hold_closes_once before update on ledger.hold
    for each row when (
        old.status <> 'Open' or new.payee_id <> old.payee_id or new.expires_at <> old.expires_at or new.lines <> old.lines
        or new.digest <> old.digest or new.id <> old.id or new.territory_id <> old.territory_id)
    execute function ledger.refuse_change('hold_closes_once');

-- A hold line is one its hold announced, sits on an account that outlives the hold, and has captured and released what
-- its events say: they tell its state at any past instant.
create function ledger.hold_lines_are_right() returns trigger language plpgsql
    set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
declare
    wrong record;
begin
    select l.hold_id, l.line,
           case
               when h.id is distinct from l.hold_id or h.lines <> l.lines then 'hold_line_of_hold'
               when a.id is distinct from l.account_id then 'hold_line_of_account'
               when a.holds_until < h.expires_at then 'hold_within_account'
               else 'hold_line_matches_events'
           end as rule
    into wrong
    from changed l
    left join lateral (
        select id, lines, expires_at from ledger.hold
        where territory_id = l.territory_id and id <= l.hold_id order by id desc limit 1) h on true
    left join lateral (
        select id, holds_until from ledger.account
        where territory_id = l.territory_id and id <= l.account_id order by id desc limit 1) a on true
    cross join lateral (
        select coalesce(sum(captured), 0) as captured, coalesce(sum(released), 0) as released
        from (select captured, released from ledger.hold_event_line
              where territory_id = l.territory_id and hold_id = l.hold_id and line = l.line
              order by captured, released limit 10000000) moves) v
    where h.id is distinct from l.hold_id or h.lines <> l.lines or a.id is distinct from l.account_id
       or a.holds_until < h.expires_at or v.captured <> l.captured or v.released <> l.released
    limit 1;
    if found then
        perform ledger.refuse(wrong.rule, 'hold_line', format('hold line %s/%s does not fit', wrong.hold_id, wrong.line));
    end if;

    -- Each account once, however many of its lines changed.
    select o.account_id, a.debits_held, o.remaining into wrong
    from (select distinct territory_id, account_id from changed) l
    cross join lateral (
        select l.account_id, coalesce(sum(remaining), 0) as remaining
        from (select amount - captured - released as remaining from ledger.hold_line
              where territory_id = l.territory_id and account_id = l.account_id and captured + released < amount
              order by line, hold_id limit 10000000) open) o
    cross join lateral (
        select debits_held from ledger.account
        where territory_id = l.territory_id and id <= l.account_id order by id desc limit 1) a
    where a.debits_held <> o.remaining
    limit 1;
    if found then
        perform ledger.refuse('account_matches_holds', 'hold_line', format(
            'account %s: %s held, but its hold lines have %s left', wrong.account_id, wrong.debits_held, wrong.remaining));
    end if;
    return null;
end $$;
create trigger hold_lines_begin_right after insert on ledger.hold_line
    referencing new table as changed for each statement execute function ledger.hold_lines_are_right();
create trigger hold_lines_are_right after update on ledger.hold_line
    referencing new table as changed for each statement execute function ledger.hold_lines_are_right();

create trigger hold_line_only_grows before update on ledger.hold_line
    for each row when (
        new.captured < old.captured or new.released < old.released or new.amount <> old.amount or new.lines <> old.lines
        or new.account_id <> old.account_id or new.hold_id <> old.hold_id or new.line <> old.line or new.territory_id <> old.territory_id)
    execute function ledger.refuse_change('hold_line_only_grows');

-- An event is of a hold; a capture's entry debits what it takes from the hold's lines and credits nobody but the payee.
create function ledger.hold_events_are_right() returns trigger language plpgsql
    set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
declare
    wrong record;
begin
    select v.id, v.hold_id, h.id is distinct from v.hold_id as without_hold into wrong
    from added v
    left join lateral (
        select id, payee_id from ledger.hold
        where territory_id = v.territory_id and id <= v.hold_id order by id desc limit 1) h on true
    left join lateral (
        select count(*) as differing
        from (
            select account_id from (
                select l.account_id, e.captured as amount
                from (select hold_id, line, captured from ledger.hold_event_line
                      where territory_id = v.territory_id and event_id = v.id order by line limit 40000) e
                cross join lateral (
                    select account_id from ledger.hold_line
                    where territory_id = v.territory_id and hold_id = v.hold_id and line >= e.line order by line limit 1) l
                union all
                select account_id, case when credit > 0 and account_id = h.payee_id then 0 else credit - debit end
                from (select account_id, debit, credit from ledger.posting
                      where territory_id = v.territory_id and entry_id = v.entry_id order by line limit 40000) p) moved
            group by account_id having sum(amount) <> 0) unequal) x on v.kind = 'Captured'
    left join lateral (
        select id from ledger.journal_entry
        where territory_id = v.territory_id and id <= v.entry_id order by id desc limit 1) j on v.kind = 'Captured'
    where h.id is distinct from v.hold_id or x.differing > 0 or (v.kind = 'Captured' and j.id is distinct from v.entry_id)
    limit 1;
    if found then
        perform ledger.refuse(
            case when wrong.without_hold then 'hold_event_of_hold' else 'capture_is_entry' end, 'hold_event',
            format('event %s is not what happened to hold %s', wrong.id, wrong.hold_id));
    end if;
    return null;
end $$;
create trigger hold_events_are_right after insert on ledger.hold_event
    referencing new table as added for each statement execute function ledger.hold_events_are_right();

create function ledger.hold_event_lines_are_right() returns trigger language plpgsql
    set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
declare
    wrong record;
begin
    select e.hold_id, e.line, (v.id, v.hold_id) is distinct from (e.event_id, e.hold_id) as without_event into wrong
    from added e
    left join lateral (
        select id, hold_id from ledger.hold_event
        where territory_id = e.territory_id and id <= e.event_id order by id desc limit 1) v on true
    left join lateral (
        select line, captured, released from ledger.hold_line
        where territory_id = e.territory_id and hold_id = e.hold_id and line >= e.line order by line limit 1) l on true
    cross join lateral (
        select sum(captured) as captured, sum(released) as released
        from (select captured, released from ledger.hold_event_line
              where territory_id = e.territory_id and hold_id = e.hold_id and line = e.line
              order by captured, released limit 10000000) moves) s
    where (v.id, v.hold_id) is distinct from (e.event_id, e.hold_id) or l.line is distinct from e.line
       or s.captured <> l.captured or s.released <> l.released
    limit 1;
    if found then
        perform ledger.refuse(
            case when wrong.without_event then 'hold_event_line_of_event' else 'hold_line_matches_events' end, 'hold_event_line',
            format('hold line %s/%s is not what its events say', wrong.hold_id, wrong.line));
    end if;
    return null;
end $$;
create trigger hold_event_lines_are_right after insert on ledger.hold_event_line
    referencing new table as added for each statement execute function ledger.hold_event_lines_are_right();

-- An account's limit for holds never moves before the end of one that sits on it.
create function ledger.account_covers_holds() returns trigger language plpgsql as $$
begin
    if exists (
        select from ledger.hold_line l
        join ledger.hold h on h.territory_id = new.territory_id and h.id = l.hold_id
        where l.territory_id = new.territory_id and l.account_id = new.id and l.captured + l.released < l.amount
          and h.expires_at > new.holds_until) then
        perform ledger.refuse('hold_within_account', 'account', 'a hold outlives account ' || new.id);
    end if;
    return new;
end $$;
create trigger account_covers_holds before update of holds_until on ledger.account
    for each row when (new.holds_until is distinct from old.holds_until) execute function ledger.account_covers_holds();

-- What is recorded stays as it is, for everyone: the owner of the tables included.
create function ledger.append_only() returns trigger language plpgsql as $$
begin
    raise exception '% on %.% is refused: the book is append-only', tg_op, tg_table_schema, tg_table_name
        using errcode = 'restrict_violation', constraint = 'append_only', schema = tg_table_schema, table = tg_table_name;
end $$;

do $$
declare
    t text;
begin
    foreach t in array array['journal_entry', 'posting', 'hold_event', 'hold_event_line'] loop
        execute format('create trigger append_only before update or delete on ledger.%I for each row execute function ledger.append_only()', t);
        execute format('create trigger append_only_truncate before truncate on ledger.%I for each statement execute function ledger.append_only()', t);
    end loop;
    foreach t in array array['account', 'hold', 'hold_line'] loop
        execute format('create trigger no_delete before delete on ledger.%I for each row execute function ledger.append_only()', t);
        execute format('create trigger no_truncate before truncate on ledger.%I for each statement execute function ledger.append_only()', t);
    end loop;
    -- The tenant's wall. A connection that has not said its territory gets an error, not an empty answer.
    foreach t in array array['account', 'journal_entry', 'posting', 'hold', 'hold_line', 'hold_event', 'hold_event_line'] loop
        execute format('alter table ledger.%I enable row level security', t);
        execute format($p$create policy territory on ledger.%I
            using (territory_id = current_setting('app.territory')::int)
            with check (territory_id = current_setting('app.territory')::int)$p$, t);
    end loop;
end $$;

alter table ledger.book enable row level security;
create policy readable on ledger.book for select using (true);
create policy territory on ledger.book for update
    using (territory_id = current_setting('app.territory')::int)
    with check (territory_id = current_setting('app.territory')::int);
create policy opened on ledger.book for insert
    with check (territory_id = current_setting('app.territory')::int);

-- The application owns nothing, deletes nothing, and inserts only these columns.
grant usage on schema ledger to borsellino_app;
grant select on all tables in schema ledger to borsellino_app;
grant insert (territory_id) on ledger.book to borsellino_app;
grant update (closed_through) on ledger.book to borsellino_app;
grant insert (territory_id, id, chart, kind, name, holds_until, opened_at) on ledger.account to borsellino_app;
grant update (debits, credits, debits_held, movements, holds_until, closed_at) on ledger.account to borsellino_app;
grant insert on ledger.journal_entry, ledger.posting, ledger.hold_event, ledger.hold_event_line to borsellino_app;
grant insert (territory_id, id, payee_id, reference, status, authorised_at, expires_at, closed_at, actor, memo, lines, digest) on ledger.hold to borsellino_app;
grant update (status, closed_at) on ledger.hold to borsellino_app;
grant insert (territory_id, hold_id, line, lines, account_id, amount, captured, released) on ledger.hold_line to borsellino_app;
grant update (captured, released) on ledger.hold_line to borsellino_app;
