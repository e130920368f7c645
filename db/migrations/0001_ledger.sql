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

-- Reference table: which kind of entry may debit or credit which place of the chart. What is not here is refused.
create table ledger.chart_rule (
    entry_kind text not null check (entry_kind ~ '^[a-z_]{2,40}$'),
    chart text not null references ledger.chart (code),
    side text not null check (side in ('Debit', 'Credit')),
    primary key (entry_kind, chart, side)
);

create table ledger.book (
    territory_id int primary key check (territory_id > 0),
    currency text not null default 'EUR' check (currency = 'EUR'),
    -- Nothing is recorded with an effective date on or before this day.
    closed_through date,
    -- Nothing is recorded any more as of this day (Europe/Rome) or an earlier one: their entries are sealed.
    sealed_through date
);

create table ledger.account (
    territory_id int not null,
    id uuid not null,
    chart text not null,
    kind text not null,
    name varchar(200) not null,
    debits bigint not null default 0,
    credits bigint not null default 0,
    debits_held bigint not null default 0,
    -- How many postings the account has: the newest one carries this number.
    movements bigint not null default 0,
    -- The greatest effective day of its postings, and the day (Europe/Rome) its newest one was recorded.
    latest_on date not null default '-infinity',
    recorded_on date not null default '-infinity',
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
    constraint account_in_range check (name <> '' and debits >= 0 and credits >= 0 and debits_held >= 0 and movements >= 0),
    constraint account_closed_empty check (closed_at is null or (debits_held = 0 and debits = credits))
) with (fillfactor = 70);
create index account_chart on ledger.account (chart, territory_id, id);

create table ledger.journal_entry (
    territory_id int not null,
    id uuid not null,
    kind varchar(40) not null,
    reference varchar(100) not null,
    effective_on date not null,
    recorded_at timestamptz not null,
    actor varchar(100) not null,
    memo varchar(300) not null,
    -- How many postings it has; they are numbered from 1 and none can be added later.
    lines smallint not null,
    reverses uuid,
    -- SHA-256 of what the caller asked: the same id with another content is refused.
    digest bytea not null,
    -- Its transaction, for readers that follow the book: older than every running one means that nothing comes before it.
    recorded_tx xid8 not null default pg_current_xact_id(),
    primary key (territory_id, id),
    -- One check and not one for each column: the server reads each anew for every statement.
    constraint journal_entry_is_said check (actor <> '' and lines >= 2 and length(digest) = 32)
);
create index journal_entry_effective on ledger.journal_entry (effective_on, territory_id, id);
create index journal_entry_stream on ledger.journal_entry (recorded_tx, territory_id, id);
create index journal_entry_reference on ledger.journal_entry (reference, territory_id) where reference <> '';

-- An account's life in order is position 1, 2, 3 …, each with the totals after it; the days recorded never go back, the
-- effective days may. What opens a new day, and what was dated back, is indexed: few rows, and they tell the balance at the
-- end of any past day, by either kind of day, without reading the account's life.
create table ledger.posting (
    territory_id int not null,
    entry_id uuid not null,
    line smallint not null,
    account_id uuid not null,
    debit bigint not null,
    credit bigint not null,
    position bigint not null,
    debits_after bigint not null,
    credits_after bigint not null,
    effective_on date not null,
    -- The account's latest_on and recorded_on before this posting.
    latest_before date not null,
    recorded_on date not null,
    recorded_before date not null,
    primary key (territory_id, entry_id, line),
    constraint posting_position unique (territory_id, account_id, position),
    constraint posting_one_side check (line >= 1 and position >= 1 and debit >= 0 and credit >= 0 and (debit = 0) <> (credit = 0))
);
create index posting_opens_day on ledger.posting (account_id, effective_on, position) where effective_on > latest_before;
create index posting_dated_back on ledger.posting (account_id, effective_on, position) where effective_on < latest_before;
create index posting_opens_recording on ledger.posting (account_id, recorded_on, position) where recorded_on > recorded_before;

-- An account's totals at the end of an effective day, told by the first so many of its postings: those after the last posting
-- before one that counts for a later day, whose position this answers too, and what was dated back to then among those that
-- follow. Each look-up has an order and a limit, so that it is made by the index that has the order.
create function ledger.totals_at(of_territory int, of_account uuid, at_day date, through bigint)
    returns table (debits numeric, credits numeric, "position" bigint) language sql stable as $$
    select coalesce(t.debits_after, 0) + b.debits, coalesce(t.credits_after, 0) + b.credits, q.position
    from (
        select least(through, coalesce((
            select p.position - 1 from ledger.posting p
            where p.territory_id = of_territory and p.account_id = of_account and p.effective_on > at_day and p.effective_on > p.latest_before
            order by p.effective_on, p.position limit 1), through)) as position
        offset 0) q
    left join lateral (
        select p.debits_after, p.credits_after from ledger.posting p
        where p.territory_id = of_territory and p.account_id = of_account and p.position <= q.position
        order by p.position desc limit 1) t on true
    cross join lateral (
        select coalesce(sum(p.debit), 0) as debits, coalesce(sum(p.credit), 0) as credits
        from ledger.posting p
        where p.territory_id = of_territory and p.account_id = of_account and p.effective_on <= at_day and p.effective_on < p.latest_before
          and p.position > q.position and p.position <= through) b
$$;

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

-- The guards of the holds, said once for whoever writes: these holds with all their lines, these events (those that have lines or an entry), these
-- accounts and those of the lines.
--
-- Their plans are made once and kept, often when the tables are still empty, and must be as good for ten million rows. So each look-up is by a key
-- that no other index has, or has an order and a limit, and sorting is off: only the index meant has the order. A reference is a guard too: a foreign
-- key would fire for every row and lock the row it points to; nothing here is ever deleted, so looking once is enough.
create function ledger.judge_holds(of_territory int, of_holds uuid[], of_events uuid[], of_accounts uuid[], with_captures boolean)
returns void language plpgsql
    set enable_seqscan = off set enable_bitmapscan = off set enable_mergejoin = off set enable_sort = off as $$
declare
    wrong record;
begin
    -- A hold has a payee and the lines it announces, and is open as long as they have something left. A line sits on an account that outlives the
    -- hold, and has captured and released what its events say: they tell its state at any past instant.
    select * into wrong
    from (
        select t.id, case
                   when h.id is null then case when l.counted > 0 then 'hold_line_of_hold' else 'hold_event_of_hold' end
                   when p.id is null then 'hold_of_payee'
                   when l.of_others then 'hold_line_of_hold'
                   when l.counted <> h.lines then 'hold_has_lines'
                   when l.on_nothing then 'hold_line_of_account'
                   when l.outliving then 'hold_within_account'
                   when l.untold then 'hold_line_matches_events'
                   when (h.status = 'Open') <> (l.remaining > 0) then 'hold_has_rest'
               end as rule
        from unnest(of_holds) t(id)
        left join lateral (
            select id, payee_id, status, lines, expires_at from ledger.hold where territory_id = of_territory and id = t.id limit 1) h on true
        left join lateral (select id from ledger.account where territory_id = of_territory and id = h.payee_id limit 1) p on true
        cross join lateral (
            select count(*) as counted, coalesce(sum(i.amount - i.captured - i.released), 0) as remaining,
                   bool_or(i.lines <> h.lines) as of_others, bool_or(a.id is null) as on_nothing, bool_or(a.holds_until < h.expires_at) as outliving,
                   bool_or(v.captured <> i.captured or v.released <> i.released) as untold
            from (select line, lines, account_id, amount, captured, released from ledger.hold_line
                  where territory_id = of_territory and hold_id = t.id order by line limit 40000) i
            left join lateral (
                select id, holds_until from ledger.account where territory_id = of_territory and id = i.account_id limit 1) a on true
            cross join lateral (
                select coalesce(sum(captured), 0) as captured, coalesce(sum(released), 0) as released
                from (select captured, released from ledger.hold_event_line
                      where territory_id = of_territory and hold_id = t.id and line = i.line
                      order by captured, released limit 10000000) moves) v) l) judged
    where rule is not null
    limit 1;
    if found then
        perform ledger.refuse(wrong.rule, 'hold', format('hold %s does not fit its lines, its accounts or its events', wrong.id));
    end if;

    -- An event's lines are of that event and of lines that its hold has.
    if cardinality(of_events) > 0 then
        select * into wrong
        from (
            select t.id, case
                       when v.id is null or l.of_others then 'hold_event_line_of_event'
                       when l.of_nothing then 'hold_line_matches_events'
                   end as rule
            from unnest(of_events) t(id)
            left join lateral (select id, hold_id from ledger.hold_event where territory_id = of_territory and id = t.id limit 1) v on true
            cross join lateral (
                select bool_or(e.hold_id <> v.hold_id) as of_others, bool_or(i.line is null) as of_nothing
                from (select hold_id, line from ledger.hold_event_line
                      where territory_id = of_territory and event_id = t.id order by line limit 40000) e
                left join lateral (
                    select line from ledger.hold_line
                    where territory_id = of_territory and hold_id = e.hold_id and line = e.line order by line limit 1) i on true) l) judged
        where rule is not null
        limit 1;
        if found then
            perform ledger.refuse(wrong.rule, 'hold_event_line', format('event %s does not fit its hold', wrong.id));
        end if;
    end if;

    -- A capture's entry debits what it takes from the hold's lines and credits nobody but the payee.
    if with_captures then
        select v.id, v.hold_id into wrong
        from unnest(of_events) t(id)
        cross join lateral (
            select id, hold_id, entry_id from ledger.hold_event
            where territory_id = of_territory and id = t.id and kind = 'Captured' limit 1) v
        cross join lateral (select payee_id from ledger.hold where territory_id = of_territory and id = v.hold_id limit 1) h
        left join lateral (select id from ledger.journal_entry where territory_id = of_territory and id = v.entry_id limit 1) j on true
        cross join lateral (
            select count(*) as differing
            from (
                select account_id from (
                    select l.account_id, e.captured as amount
                    from (select line, captured from ledger.hold_event_line
                          where territory_id = of_territory and event_id = v.id order by line limit 40000) e
                    cross join lateral (
                        select account_id from ledger.hold_line
                        where territory_id = of_territory and hold_id = v.hold_id and line = e.line order by line limit 1) l
                    union all
                    select account_id, case when credit > 0 and account_id = h.payee_id then 0 else credit - debit end
                    from (select account_id, debit, credit from ledger.posting
                          where territory_id = of_territory and entry_id = v.entry_id order by line limit 40000) p) moved
                group by account_id having sum(amount) <> 0) unequal) x
        where x.differing > 0 or j.id is null
        limit 1;
        if found then
            perform ledger.refuse('capture_is_entry', 'hold_event', format('event %s is not what happened to hold %s', wrong.id, wrong.hold_id));
        end if;
    end if;

    -- What is held on an account is what its open hold lines have left: each account once, however many of its lines changed.
    select t.id, a.debits_held, o.remaining into wrong
    from (
        select unnest(of_accounts) as id
        union
        select l.account_id from unnest(of_holds) h(id)
        cross join lateral (
            select account_id from ledger.hold_line where territory_id = of_territory and hold_id = h.id order by line limit 40000) l) t
    cross join lateral (select debits_held from ledger.account where territory_id = of_territory and id = t.id limit 1) a
    cross join lateral (
        select coalesce(sum(remaining), 0) as remaining
        from (select amount - captured - released as remaining from ledger.hold_line
              where territory_id = of_territory and account_id = t.id and captured + released < amount
              order by line, hold_id limit 10000000) open) o
    where a.debits_held <> o.remaining
    limit 1;
    if found then
        perform ledger.refuse('account_matches_holds', 'account', format(
            'account %s: %s held, but its hold lines have %s left', wrong.id, wrong.debits_held, wrong.remaining));
    end if;
end $$;

-- The door. Money moves by ledger.record alone: it is given what the caller decided under lock, as arrays, judges the list
-- as a whole and writes it, or raises the rule that is broken. The application may call it and may not write these tables.
-- What a rule needs is in the arrays or in the rows that are written anyway, so a list of ten thousand costs no look-ups
-- beyond its own rows. Whoever else may write is stopped at the tables, so that nothing is written past it by mistake.
--
-- Accounts are compared and swapped: a row that is not as the caller saw it (changed, moved, closed, of another territory or
-- place of the chart) is not written, and then nothing is. Postings name their entry and their account by their number in the
-- list, stand in order of account and position, and each continues the one before it; places of the chart and kinds of entry
-- are numbered too. So nearly all arrays are of fixed width, and an element is read where it lies: "unnest" of as many arrays
-- copies each of them. Texts, which have no fixed width, are unnested.
--
-- Its plans are made once and kept, often when the tables are still empty, and must be as good for ten million rows. An account
-- is reached by where its row lies, which the caller knows from locking it. Holds are joined with the list through the list's
-- own territory ("offset 0" keeps the planner from seeing that it is one value): the table's key is then of no use without the
-- list, and all that is left is one look-up by key for each of its rows.
create function ledger.record(
    instant timestamptz, charts text[], kinds text[],
    account_places tid[], account_ids uuid[], account_charts int[], account_debits bigint[], account_credits bigint[], account_holds bigint[],
    account_movements bigint[], account_latest date[], account_recorded date[],
    account_debits_after bigint[], account_credits_after bigint[], account_holds_after bigint[],
    account_movements_after bigint[], account_latest_after date[],
    entry_ids uuid[], entry_kinds int[], entry_references text[], entry_days date[], entry_actors text[], entry_memos text[],
    entry_lines smallint[], entry_reverses uuid[], entry_digests bytea[],
    posting_entries int[], posting_lines smallint[], posting_accounts int[], posting_debits bigint[], posting_credits bigint[],
    posting_positions bigint[], posting_debits_after bigint[], posting_credits_after bigint[], posting_latest_before date[],
    hold_ids uuid[] default null, hold_payees uuid[] default null, hold_references text[] default null,
    hold_statuses text[] default null, hold_ends timestamptz[] default null, hold_actors text[] default null,
    hold_memos text[] default null, hold_lines smallint[] default null, hold_digests bytea[] default null,
    line_holds uuid[] default null, line_numbers smallint[] default null, line_lines smallint[] default null,
    line_accounts uuid[] default null, line_amounts bigint[] default null, line_captured bigint[] default null,
    line_released bigint[] default null,
    moved_holds uuid[] default null, moved_lines smallint[] default null, moved_captured bigint[] default null,
    moved_released bigint[] default null,
    closed_holds uuid[] default null, closed_statuses text[] default null,
    event_ids uuid[] default null, event_holds uuid[] default null, event_kinds text[] default null,
    event_actors text[] default null, event_memos text[] default null, event_entries uuid[] default null,
    event_line_events uuid[] default null, event_line_holds uuid[] default null, event_line_lines smallint[] default null,
    event_line_captured bigint[] default null, event_line_released bigint[] default null)
returns void language plpgsql security definer
    set search_path = pg_catalog, pg_temp
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off set enable_bitmapscan = off set enable_mergejoin = off as $$
declare
    territory constant int := current_setting('app.territory')::int;
    today constant date := (instant at time zone 'Europe/Rome')::date;
    told record;
    written bigint;
    door text;
begin
    -- Said for this call alone: whoever is refused below takes it back with everything else.
    door := set_config('ledger.at_the_door', 'yes', true) || set_config('ledger.judges_holds', 'yes', true);
    if today < any(account_recorded) then
        perform ledger.refuse('recorded_in_order', 'posting', 'an account has postings of a later day than ' || today);
    elsif cardinality(entry_ids) > 0 then
        -- Closing a period and sealing a day take this lock alone, so neither happens while something is recorded.
        perform pg_advisory_xact_lock_shared(1, territory);

        -- Judged in one statement. Each entry has the lines it announces, numbered from 1, and they balance. Each posting continues
        -- its account's life, the last one ends where the account does, and its kind of entry may touch this place of the chart. No
        -- account moves without a posting, and none has postings of a later day.
        select b.*, e.*, p.*, a.*
        into told
        from (select) list
        left join (select territory_id, closed_through, sealed_through from ledger.book where territory_id = territory) b on true
        cross join (
            select count(*) filter (where counted = entry_lines[entry] and lowest = 1 and highest = counted and difference = 0) as balanced,
                   min(entry_days[entry]) as earliest
            from (
                select entry, count(*) as counted, min(line) as lowest, max(line) as highest, sum(amount) as difference
                from (
                    select posting_entries[i] as entry, posting_lines[i] as line, posting_debits[i] - posting_credits[i] as amount
                    from generate_series(1, cardinality(posting_entries)) i
                    offset 0) p
                group by entry) e) e
        cross join (
            select count(*) filter (where not right_one) as wrong, count(*) filter (where account is distinct from account_next) as moved,
                   count(*) filter (where (array(
                       select exists (
                           select from ledger.chart_rule r
                           where r.entry_kind = kinds[n / 2 / cardinality(charts) + 1] and r.chart = charts[n / 2 % cardinality(charts) + 1]
                             and r.side = case n % 2 when 0 then 'Debit' else 'Credit' end)
                       from generate_series(0, 2 * cardinality(charts) * cardinality(kinds) - 1) n)
                   )[2 * ((entry_kinds[entry] - 1) * cardinality(charts) + account_charts[account]) - (debit > 0)::int] is not true) as outside
            from (
                select *,
                       (case
                            when account = account_before then
                                position = position_before + 1 and debits = debits_before + debit and credits = credits_before + credit
                                and latest = greatest(latest_before, entry_days[entry_before])
                            else
                                position = account_movements[account] + 1 and debits = account_debits[account] + debit
                                and credits = account_credits[account] + credit and latest = account_latest[account]
                        end
                        and (account = account_next
                             or position = account_movements_after[account] and debits = account_debits_after[account]
                                and credits = account_credits_after[account]
                                and greatest(latest, entry_days[entry]) = account_latest_after[account])) is true as right_one
                from (
                    select posting_entries[i] as entry, posting_entries[i - 1] as entry_before, posting_accounts[i] as account,
                           posting_accounts[i - 1] as account_before, posting_accounts[i + 1] as account_next,
                           posting_debits[i] as debit, posting_credits[i] as credit,
                           posting_positions[i] as position, posting_positions[i - 1] as position_before,
                           posting_debits_after[i] as debits, posting_debits_after[i - 1] as debits_before,
                           posting_credits_after[i] as credits, posting_credits_after[i - 1] as credits_before,
                           posting_latest_before[i] as latest, posting_latest_before[i - 1] as latest_before
                    from generate_series(1, cardinality(posting_entries)) i
                    offset 0) p
                offset 0) judged) p
        cross join (
            select count(*) filter (
                       where (account_debits[i], account_credits[i], account_movements[i], account_latest[i]) is distinct from
                             (account_debits_after[i], account_credits_after[i], account_movements_after[i], account_latest_after[i])) as moving
            from generate_series(1, cardinality(account_ids)) i) a;
        if told.territory_id is null then
            perform ledger.refuse('entry_of_book', 'journal_entry', 'territory ' || territory || ' has no book');
        elsif told.sealed_through >= today then
            perform ledger.refuse('day_is_open', 'journal_entry', 'the day ' || today || ' is sealed');
        elsif told.balanced <> cardinality(entry_ids) then
            perform ledger.refuse('entry_balances', 'journal_entry', format('%s of %s entries balance', told.balanced, cardinality(entry_ids)));
        elsif told.earliest <= told.closed_through then
            perform ledger.refuse('period_is_open', 'journal_entry', 'the period through ' || told.closed_through || ' is closed');
        elsif told.wrong > 0 then
            perform ledger.refuse('posting_continues', 'posting', told.wrong || ' postings do not continue their accounts');
        elsif told.outside > 0 then
            perform ledger.refuse('chart_rule', 'posting', told.outside || ' postings are of a kind that may not touch this place of the chart');
        elsif told.moving <> told.moved then
            perform ledger.refuse('account_matches_postings', 'account', 'an account moves without a posting');
        end if;

        -- Written in one statement too, the entries first, so that one that is known is called by its name.
        with added_postings as (
            insert into ledger.posting
                (territory_id, entry_id, line, account_id, debit, credit, position, debits_after, credits_after, effective_on,
                 latest_before, recorded_on, recorded_before)
            select territory, entry_ids[posting_entries[i]], posting_lines[i], account_ids[posting_accounts[i]], posting_debits[i],
                   posting_credits[i], posting_positions[i], posting_debits_after[i], posting_credits_after[i],
                   entry_days[posting_entries[i]], posting_latest_before[i], today,
                   case when posting_positions[i] = account_movements[posting_accounts[i]] + 1 then account_recorded[posting_accounts[i]]
                        else today end
            from generate_series(1, cardinality(posting_entries)) i
        )
        insert into ledger.journal_entry
            (territory_id, id, kind, reference, effective_on, recorded_at, actor, memo, lines, reverses, digest)
        select territory, e.id, kinds[entry_kinds[e.i]], e.reference, entry_days[e.i], instant, e.actor, e.memo, entry_lines[e.i],
               e.reverses, e.digest
        from unnest(entry_ids, entry_references, entry_actors, entry_memos, entry_reverses, entry_digests)
             with ordinality e(id, reference, actor, memo, reverses, digest, i);
    elsif account_debits is distinct from account_debits_after or account_credits is distinct from account_credits_after
       or account_movements is distinct from account_movements_after or account_latest is distinct from account_latest_after then
        perform ledger.refuse('account_matches_postings', 'account', 'a list without entries moves an account');
    end if;

    update ledger.account a
    set debits = account_debits_after[i], credits = account_credits_after[i], debits_held = account_holds_after[i],
        movements = account_movements_after[i], latest_on = account_latest_after[i],
        recorded_on = case when account_movements_after[i] > a.movements then today else a.recorded_on end
    from generate_series(1, cardinality(account_ids)) i
    where a.ctid = account_places[i] and a.territory_id = territory and a.id = account_ids[i] and a.chart = charts[account_charts[i]]
      and a.closed_at is null and a.debits = account_debits[i] and a.credits = account_credits[i] and a.debits_held = account_holds[i]
      and a.movements = account_movements[i] and a.latest_on = account_latest[i] and a.recorded_on = account_recorded[i];
    get diagnostics written = row_count;
    if written <> cardinality(account_ids) then
        perform ledger.refuse('account_as_seen', 'account', 'an account is closed, of another place, or not as it was when it was read');
    end if;

    -- A reversal names an entry of the book, or one that stands in the same list.
    if cardinality(array_remove(entry_reverses, null)) > 0 then
        if exists (
            select from unnest(entry_reverses) r(id)
            where id is not null and (
                select e.id from ledger.journal_entry e where e.territory_id = territory and e.id = r.id limit 1) is null) then
            perform ledger.refuse('reverses_an_entry', 'journal_entry', 'there is no entry to reverse');
        end if;
    end if;

    -- Statement by statement: what a list does not do costs it nothing, not even the start of a plan.
    if cardinality(event_ids) > 0 then
        if cardinality(hold_ids) > 0 or cardinality(line_holds) > 0 then
            with holds as (
                insert into ledger.hold
                    (territory_id, id, payee_id, reference, status, authorised_at, expires_at, closed_at, actor, memo, lines, digest)
                select territory, h.id, h.payee, h.reference, h.status, instant, h.expires_at, case when h.status <> 'Open' then instant end,
                       h.actor, h.memo, h.lines, h.digest
                from unnest(hold_ids, hold_payees, hold_references, hold_statuses, hold_ends, hold_actors, hold_memos, hold_lines,
                            hold_digests) h(id, payee, reference, status, expires_at, actor, memo, lines, digest)
            )
            insert into ledger.hold_line (territory_id, hold_id, line, lines, account_id, amount, captured, released)
            select territory, l.*
            from unnest(line_holds, line_numbers, line_lines, line_accounts, line_amounts, line_captured, line_released) l;
        end if;
        if cardinality(moved_holds) > 0 then
            update ledger.hold_line l
            set captured = l.captured + m.captured, released = l.released + m.released
            from (
                select territory as territory_id, m.*
                from unnest(moved_holds, moved_lines, moved_captured, moved_released) m(hold_id, line, captured, released)
                offset 0) m
            where l.territory_id = m.territory_id and l.hold_id = m.hold_id and l.line = m.line;
        end if;
        if cardinality(closed_holds) > 0 then
            update ledger.hold h set status = c.status, closed_at = instant
            from (select territory as territory_id, c.* from unnest(closed_holds, closed_statuses) c(id, status) offset 0) c
            where h.territory_id = c.territory_id and h.id = c.id;
        end if;
        insert into ledger.hold_event (territory_id, id, hold_id, kind, recorded_at, actor, memo, entry_id)
        select territory, e.id, e.hold_id, e.kind, instant, e.actor, e.memo, e.entry_id
        from unnest(event_ids, event_holds, event_kinds, event_actors, event_memos, event_entries)
             e(id, hold_id, kind, actor, memo, entry_id);
        if cardinality(event_line_events) > 0 then
            insert into ledger.hold_event_line (territory_id, event_id, hold_id, line, captured, released)
            select territory, m.*
            from unnest(event_line_events, event_line_holds, event_line_lines, event_line_captured, event_line_released) m;
        end if;
    end if;

    if cardinality(event_ids) > 0 or account_holds is distinct from account_holds_after then
        perform ledger.judge_holds(
            territory, array(select distinct unnest(hold_ids || line_holds || moved_holds || closed_holds || event_holds || event_line_holds)),
            case when cardinality(event_line_events || array_remove(event_entries, null)) > 0
                 then array(select distinct unnest(event_ids || event_line_events)) else '{}' end,
            array(select account_ids[i] from generate_series(1, cardinality(account_ids)) i where account_holds[i] <> account_holds_after[i]),
            cardinality(array_remove(event_entries, null)) > 0);
    end if;
    door := set_config('ledger.at_the_door', 'no', true) || set_config('ledger.judges_holds', 'no', true);
end $$;
revoke execute on function ledger.record from public;

create function ledger.at_the_door() returns trigger language plpgsql as $$
begin
    raise exception '% on %.% is refused: ledger.record writes it', tg_op, tg_table_schema, tg_table_name
        using errcode = 'restrict_violation', constraint = 'at_the_door', schema = tg_table_schema, table = tg_table_name;
end $$;

do $$
declare
    t text;
begin
    foreach t in array array['journal_entry', 'posting', 'hold', 'hold_line', 'hold_event', 'hold_event_line'] loop
        execute format($t$create trigger at_the_door before insert or update on ledger.%I for each statement
            when (current_setting('ledger.at_the_door', true) is distinct from 'yes') execute function ledger.at_the_door()$t$, t);
    end loop;
end $$;
create trigger at_the_door before update of debits, credits, debits_held, movements, latest_on, recorded_on on ledger.account
    for each statement when (current_setting('ledger.at_the_door', true) is distinct from 'yes') execute function ledger.at_the_door();

-- An account begins empty in a territory that has a book, stays where it is in the chart, and closes for good.
create function ledger.accounts_begin_empty() returns trigger language plpgsql as $$
declare
    wrong record;
begin
    select a.id, b.territory_id is null as without_book into wrong
    from added a left join ledger.book b on b.territory_id = a.territory_id
    where b.territory_id is null or (a.debits, a.credits, a.debits_held, a.movements) <> (0, 0, 0, 0)
    limit 1;
    if found then
        perform ledger.refuse(
            case when wrong.without_book then 'account_of_book' else 'account_begins_empty' end, 'account',
            'account ' || wrong.id || ' has no book or does not begin empty');
    end if;
    return null;
end $$;
create trigger accounts_begin_empty after insert on ledger.account
    referencing new table as added for each statement execute function ledger.accounts_begin_empty();
create trigger account_keeps_its_place before update of territory_id, id, chart, kind on ledger.account
    for each row when ((new.territory_id, new.id, new.chart, new.kind) is distinct from (old.territory_id, old.id, old.chart, old.kind))
    execute function ledger.refuse_change('account_keeps_its_place');
create trigger account_stays_closed before update of closed_at on ledger.account
    for each row when (old.closed_at is not null and new.closed_at is distinct from old.closed_at)
    execute function ledger.refuse_change('account_stays_closed');

-- Whoever writes a hold, its lines or its events past the door is judged by the same guards, when his statement ends: what belongs together is written
-- by one. What the door writes, the door judges.
create function ledger.holds_are_right() returns trigger language plpgsql as $$
declare
    changed record;
begin
    for changed in
        select territory_id, array_agg(distinct (to_jsonb(w) ->> tg_argv[0])::uuid) as holds,
               coalesce(array_agg(distinct (to_jsonb(w) ->> tg_argv[1])::uuid) filter (where tg_argv[1] <> ''), '{}') as events
        from written w group by territory_id
    loop
        perform ledger.judge_holds(changed.territory_id, changed.holds, changed.events, '{}', true);
    end loop;
    return null;
end $$;

do $$
declare
    guard record;
begin
    for guard in
        select * from (values
            ('insert', 'hold', 'id', ''), ('update', 'hold', 'id', ''), ('insert', 'hold_line', 'hold_id', ''), ('update', 'hold_line', 'hold_id', ''),
            ('insert', 'hold_event', 'hold_id', 'id'), ('insert', 'hold_event_line', 'hold_id', 'event_id')) t(act, name, hold, event)
    loop
        execute format($t$create trigger holds_are_right_%1$s after %1$s on ledger.%2$I
            referencing new table as written for each statement
            when (current_setting('ledger.judges_holds', true) is distinct from 'yes')
            execute function ledger.holds_are_right(%3$L, %4$L)$t$, guard.act, guard.name, guard.hold, guard.event);
    end loop;
end $$;

create trigger hold_closes_once before update on ledger.hold
    for each row when (
        old.status <> 'Open' or new.payee_id <> old.payee_id or new.expires_at <> old.expires_at or new.lines <> old.lines
        or new.digest <> old.digest or new.id <> old.id or new.territory_id <> old.territory_id)
    execute function ledger.refuse_change('hold_closes_once');

create trigger hold_line_only_grows before update on ledger.hold_line
    for each row when (
        new.captured < old.captured or new.released < old.released or new.amount <> old.amount or new.lines <> old.lines
        or new.account_id <> old.account_id or new.hold_id <> old.hold_id or new.line <> old.line or new.territory_id <> old.territory_id)
    execute function ledger.refuse_change('hold_line_only_grows');

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

create procedure ledger.only_append(t text) language plpgsql as $$
begin
    execute format('create trigger append_only before update or delete on ledger.%I for each row execute function ledger.append_only()', t);
    execute format('create trigger append_only_truncate before truncate on ledger.%I for each statement execute function ledger.append_only()', t);
end $$;

-- The tenant's wall. A connection that has not said its territory gets an error, not an empty answer.
create procedure ledger.wall(t text) language plpgsql as $$
begin
    execute format('alter table ledger.%I enable row level security', t);
    execute format($p$create policy territory on ledger.%I
        using (territory_id = current_setting('app.territory')::int)
        with check (territory_id = current_setting('app.territory')::int)$p$, t);
end $$;

do $$
declare
    t text;
begin
    foreach t in array array['journal_entry', 'posting', 'hold_event', 'hold_event_line'] loop
        call ledger.only_append(t);
    end loop;
    foreach t in array array['account', 'hold', 'hold_line'] loop
        execute format('create trigger no_delete before delete on ledger.%I for each row execute function ledger.append_only()', t);
        execute format('create trigger no_truncate before truncate on ledger.%I for each statement execute function ledger.append_only()', t);
    end loop;
    foreach t in array array['account', 'journal_entry', 'posting', 'hold', 'hold_line', 'hold_event', 'hold_event_line'] loop
        call ledger.wall(t);
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
grant execute on function ledger.record to borsellino_app;
grant insert (territory_id) on ledger.book to borsellino_app;
grant update (closed_through, sealed_through) on ledger.book to borsellino_app;
grant insert (territory_id, id, chart, kind, name, holds_until, opened_at) on ledger.account to borsellino_app;
grant update (holds_until, closed_at) on ledger.account to borsellino_app;
-- To lock a hold is to be allowed to update something of it; the door refuses the update itself.
grant update (status) on ledger.hold to borsellino_app;
