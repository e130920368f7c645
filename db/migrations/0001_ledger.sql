-- The general ledger. One book per territory; amounts in whole cents of euro.
-- Every rule here is also refused in C# (src/Ledger); the constraint makes sure when the code is wrong or bypassed.
-- Each table's key starts with territory_id: the tenant, the row-level security key and the shard key.

do $$
begin
    if not exists (select from pg_roles where rolname = 'borsellino_app') then
        create role borsellino_app login;
    end if;
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
    territory_id int not null references ledger.book,
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
create index account_chart on ledger.account (territory_id, chart, id);

create table ledger.journal_entry (
    territory_id int not null references ledger.book,
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
    constraint journal_entry_lines unique (territory_id, id, lines, effective_on),
    foreign key (territory_id, reverses) references ledger.journal_entry (territory_id, id)
);
create index journal_entry_effective on ledger.journal_entry (territory_id, effective_on, id);
create index journal_entry_reference on ledger.journal_entry (territory_id, reference);

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
    constraint posting_line_in_entry check (line between 1 and lines),
    constraint posting_of_entry foreign key (territory_id, entry_id, lines, effective_on)
        references ledger.journal_entry (territory_id, id, lines, effective_on),
    foreign key (territory_id, account_id) references ledger.account (territory_id, id)
);
create index posting_statement on ledger.posting (territory_id, account_id, effective_on, position);

create table ledger.hold (
    territory_id int not null references ledger.book,
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
    constraint hold_lines unique (territory_id, id, lines),
    foreign key (territory_id, payee_id) references ledger.account (territory_id, id),
    constraint hold_closed check ((status = 'Open') = (closed_at is null))
) with (fillfactor = 80);
create index hold_due on ledger.hold (territory_id, expires_at) where status = 'Open';
create index hold_reference on ledger.hold (territory_id, reference);

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
    constraint hold_line_account unique (territory_id, hold_id, account_id),
    constraint hold_line_in_hold check (line between 1 and lines),
    constraint hold_line_not_exceeded check (captured + released <= amount),
    constraint hold_line_of_hold foreign key (territory_id, hold_id, lines) references ledger.hold (territory_id, id, lines),
    foreign key (territory_id, account_id) references ledger.account (territory_id, id)
) with (fillfactor = 80);
create index hold_line_open on ledger.hold_line (territory_id, account_id) where captured + released < amount;

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
    foreign key (territory_id, hold_id) references ledger.hold (territory_id, id),
    foreign key (territory_id, entry_id) references ledger.journal_entry (territory_id, id),
    constraint hold_event_entry check ((kind = 'Captured') = (entry_id is not null))
);
create index hold_event_hold on ledger.hold_event (territory_id, hold_id, recorded_at);

create table ledger.hold_event_line (
    territory_id int not null,
    event_id uuid not null,
    hold_id uuid not null,
    line smallint not null,
    captured bigint not null check (captured >= 0),
    released bigint not null check (released >= 0),
    primary key (territory_id, event_id, line),
    foreign key (territory_id, event_id) references ledger.hold_event (territory_id, id),
    foreign key (territory_id, hold_id, line) references ledger.hold_line (territory_id, hold_id, line)
);
create index hold_event_line_line on ledger.hold_event_line (territory_id, hold_id, line);

-- An entry balances and has exactly the postings it announces. Checked at commit, when all of them are there.
create function ledger.entry_balances() returns trigger language plpgsql as $$
declare
    counted int;
    difference numeric;
begin
    select count(*), coalesce(sum(debit) - sum(credit), 0) into counted, difference
    from ledger.posting where territory_id = new.territory_id and entry_id = new.id;
    if counted <> new.lines or difference <> 0 then
        raise exception 'entry % does not balance: % of % postings, difference %', new.id, counted, new.lines, difference
            using errcode = 'check_violation', constraint = 'entry_balances', schema = 'ledger', table = 'journal_entry';
    end if;
    return null;
end $$;
create constraint trigger entry_balances after insert on ledger.journal_entry
    deferrable initially deferred for each row execute function ledger.entry_balances();

-- Nothing enters a closed period.
create function ledger.period_is_open() returns trigger language plpgsql as $$
begin
    if exists (select from ledger.book where territory_id = new.territory_id and closed_through >= new.effective_on) then
        raise exception 'the period of % is closed', new.effective_on
            using errcode = 'check_violation', constraint = 'period_is_open', schema = 'ledger', table = 'journal_entry';
    end if;
    return new;
end $$;
create trigger period_is_open before insert on ledger.journal_entry
    for each row execute function ledger.period_is_open();

-- A closed period stays closed.
create function ledger.period_stays_closed() returns trigger language plpgsql as $$
begin
    if new.territory_id <> old.territory_id
        or (old.closed_through is not null and (new.closed_through is null or new.closed_through < old.closed_through)) then
        raise exception 'the book of % is closed through %', old.territory_id, old.closed_through
            using errcode = 'check_violation', constraint = 'period_stays_closed', schema = 'ledger', table = 'book';
    end if;
    return new;
end $$;
create trigger period_stays_closed before update on ledger.book
    for each row execute function ledger.period_stays_closed();

-- Totals only grow, and only together with postings: the newest posting must carry the account's totals.
create function ledger.account_only_grows() returns trigger language plpgsql as $$
begin
    if new.debits < old.debits or new.credits < old.credits or new.movements < old.movements
        or new.id <> old.id or new.territory_id <> old.territory_id or new.kind <> old.kind or new.chart <> old.chart
        or (old.closed_at is not null and (new.debits <> old.debits or new.credits <> old.credits
                                           or new.closed_at is distinct from old.closed_at)) then
        raise exception 'account %: totals only grow, and never once it is closed', old.id
            using errcode = 'check_violation', constraint = 'account_only_grows', schema = 'ledger', table = 'account';
    end if;
    return new;
end $$;
create trigger account_only_grows before update on ledger.account
    for each row execute function ledger.account_only_grows();

create function ledger.account_matches_postings() returns trigger language plpgsql as $$
declare
    totals record;
    latest record;
begin
    -- The row may have changed again in this transaction: judge what will be committed.
    select debits, credits, movements into totals
    from ledger.account where territory_id = new.territory_id and id = new.id;
    select debits_after, credits_after into latest
    from ledger.posting
    where territory_id = new.territory_id and account_id = new.id and position = totals.movements;
    if coalesce(latest.debits_after, 0) <> totals.debits or coalesce(latest.credits_after, 0) <> totals.credits
        or (totals.movements > 0 and latest is null)
        or exists (select from ledger.posting where territory_id = new.territory_id and account_id = new.id
                   and position > totals.movements) then
        raise exception 'account %: totals do not match its newest posting', new.id
            using errcode = 'check_violation', constraint = 'account_matches_postings', schema = 'ledger', table = 'account';
    end if;
    return null;
end $$;
create constraint trigger account_matches_postings after insert or update of debits, credits, movements on ledger.account
    deferrable initially deferred for each row execute function ledger.account_matches_postings();

-- A posting continues its account's life: totals before plus this posting are the totals after.
create function ledger.posting_continues() returns trigger language plpgsql as $$
declare
    before record;
begin
    select debits_after, credits_after into before
    from ledger.posting
    where territory_id = new.territory_id and account_id = new.account_id and position = new.position - 1;
    if new.position > 1 and before is null
        or coalesce(before.debits_after, 0) + new.debit <> new.debits_after
        or coalesce(before.credits_after, 0) + new.credit <> new.credits_after
        or not exists (select from ledger.account where territory_id = new.territory_id and id = new.account_id
                       and movements >= new.position) then
        raise exception 'posting % of account % does not continue its totals', new.position, new.account_id
            using errcode = 'check_violation', constraint = 'posting_continues', schema = 'ledger', table = 'posting';
    end if;
    return null;
end $$;
create constraint trigger posting_continues after insert on ledger.posting
    deferrable initially deferred for each row execute function ledger.posting_continues();

-- What is held on an account is what its open hold lines have left.
create function ledger.account_matches_holds() returns trigger language plpgsql as $$
declare
    held bigint;
    expected numeric;
begin
    select debits_held into held from ledger.account where territory_id = new.territory_id and id = new.id;
    select coalesce(sum(amount - captured - released), 0) into expected
    from ledger.hold_line
    where territory_id = new.territory_id and account_id = new.id and captured + released < amount;
    if held <> expected then
        raise exception 'account %: % held, but its hold lines have % left', new.id, held, expected
            using errcode = 'check_violation', constraint = 'account_matches_holds', schema = 'ledger', table = 'account';
    end if;
    return null;
end $$;
create constraint trigger account_matches_holds after insert or update of debits_held on ledger.account
    deferrable initially deferred for each row execute function ledger.account_matches_holds();

create function ledger.hold_line_moves() returns trigger language plpgsql as $$
declare
    held bigint;
    expected numeric;
begin
    if tg_op = 'UPDATE' and (new.captured < old.captured or new.released < old.released
        or new.amount <> old.amount or new.account_id <> old.account_id or new.hold_id <> old.hold_id
        or new.line <> old.line or new.territory_id <> old.territory_id) then
        raise exception 'hold line %/%: only captured and released grow', old.hold_id, old.line
            using errcode = 'check_violation', constraint = 'hold_line_only_grows', schema = 'ledger', table = 'hold_line';
    end if;
    select debits_held into held from ledger.account where territory_id = new.territory_id and id = new.account_id;
    select coalesce(sum(amount - captured - released), 0) into expected
    from ledger.hold_line
    where territory_id = new.territory_id and account_id = new.account_id and captured + released < amount;
    if held <> expected then
        raise exception 'account %: % held, but its hold lines have % left', new.account_id, held, expected
            using errcode = 'check_violation', constraint = 'account_matches_holds', schema = 'ledger', table = 'hold_line';
    end if;
    return null;
end $$;
create constraint trigger hold_line_moves after insert or update on ledger.hold_line
    deferrable initially deferred for each row execute function ledger.hold_line_moves();

-- What a hold line has captured and released is what its events say: they tell its state at any past instant.
create function ledger.hold_line_matches_events() returns trigger language plpgsql as $$
begin
    if exists (
        select from ledger.hold_line l
        cross join lateral (
            select coalesce(sum(e.captured), 0) as captured, coalesce(sum(e.released), 0) as released
            from ledger.hold_event_line e
            where e.territory_id = new.territory_id and e.hold_id = new.hold_id and e.line = new.line) e
        where l.territory_id = new.territory_id and l.hold_id = new.hold_id and l.line = new.line
          and (l.captured <> e.captured or l.released <> e.released)) then
        raise exception 'hold line %/% is not what its events say', new.hold_id, new.line
            using errcode = 'check_violation', constraint = 'hold_line_matches_events', schema = 'ledger', table = 'hold_line';
    end if;
    return null;
end $$;
create constraint trigger hold_line_matches_events after insert or update on ledger.hold_line
    deferrable initially deferred for each row execute function ledger.hold_line_matches_events();
create constraint trigger hold_line_matches_events after insert on ledger.hold_event_line
    deferrable initially deferred for each row execute function ledger.hold_line_matches_events();

-- What a capture takes from the lines of a hold is what its entry debits to their accounts and credits to the payee.
create function ledger.capture_is_entry() returns trigger language plpgsql as $$
begin
    if exists (
        select from (
            select h.account_id, l.captured from ledger.hold_event_line l
            join ledger.hold_line h on h.territory_id = new.territory_id and h.hold_id = l.hold_id and h.line = l.line
            where l.territory_id = new.territory_id and l.event_id = new.id and l.hold_id = new.hold_id and l.captured > 0) taken
        full join (
            select account_id, debit from ledger.posting
            where territory_id = new.territory_id and entry_id = new.entry_id and debit > 0) paid using (account_id)
        where taken.captured is distinct from paid.debit)
        or exists (
            select from ledger.posting p
            join ledger.hold h on h.territory_id = new.territory_id and h.id = new.hold_id
            where p.territory_id = new.territory_id and p.entry_id = new.entry_id and p.credit > 0 and p.account_id <> h.payee_id) then
        raise exception 'capture % of hold % is not what its entry pays', new.id, new.hold_id
            using errcode = 'check_violation', constraint = 'capture_is_entry', schema = 'ledger', table = 'hold_event';
    end if;
    return null;
end $$;
create constraint trigger capture_is_entry after insert on ledger.hold_event
    deferrable initially deferred for each row when (new.kind = 'Captured') execute function ledger.capture_is_entry();

-- A hold never outlives the accounts it sits on.
create function ledger.hold_within_account() returns trigger language plpgsql as $$
begin
    if exists (
        select from ledger.hold h
        join ledger.account a on a.territory_id = new.territory_id and a.id = new.account_id
        where h.territory_id = new.territory_id and h.id = new.hold_id and a.holds_until < h.expires_at) then
        raise exception 'hold % outlives account %', new.hold_id, new.account_id
            using errcode = 'check_violation', constraint = 'hold_within_account', schema = 'ledger', table = 'hold_line';
    end if;
    return new;
end $$;
create trigger hold_within_account before insert on ledger.hold_line
    for each row execute function ledger.hold_within_account();

create function ledger.account_covers_holds() returns trigger language plpgsql as $$
begin
    if exists (
        select from ledger.hold_line l
        join ledger.hold h on h.territory_id = new.territory_id and h.id = l.hold_id
        where l.territory_id = new.territory_id and l.account_id = new.id and l.captured + l.released < l.amount
          and h.expires_at > new.holds_until) then
        raise exception 'a hold outlives account %', new.id
            using errcode = 'check_violation', constraint = 'hold_within_account', schema = 'ledger', table = 'account';
    end if;
    return new;
end $$;
create trigger account_covers_holds before update of holds_until on ledger.account
    for each row execute function ledger.account_covers_holds();

-- A closed hold stays closed and has nothing left; an open one has at least one line with something left.
create function ledger.hold_closes_once() returns trigger language plpgsql as $$
declare
    counted int;
    remaining numeric;
begin
    if tg_op = 'UPDATE' and (old.status <> 'Open' or new.payee_id <> old.payee_id or new.expires_at <> old.expires_at
        or new.digest <> old.digest or new.id <> old.id or new.territory_id <> old.territory_id) then
        raise exception 'hold % is %', old.id, old.status
            using errcode = 'check_violation', constraint = 'hold_closes_once', schema = 'ledger', table = 'hold';
    end if;
    select count(*), coalesce(sum(amount - captured - released), 0) into counted, remaining
    from ledger.hold_line where territory_id = new.territory_id and hold_id = new.id;
    if counted <> new.lines then
        raise exception 'hold % has % of % lines', new.id, counted, new.lines
            using errcode = 'check_violation', constraint = 'hold_has_lines', schema = 'ledger', table = 'hold';
    end if;
    if (select status from ledger.hold where territory_id = new.territory_id and id = new.id) = 'Open' then
        if remaining = 0 then
            raise exception 'hold % is open with nothing left', new.id
                using errcode = 'check_violation', constraint = 'hold_has_rest', schema = 'ledger', table = 'hold';
        end if;
    elsif remaining <> 0 then
        raise exception 'hold % is closed with % left', new.id, remaining
            using errcode = 'check_violation', constraint = 'hold_has_rest', schema = 'ledger', table = 'hold';
    end if;
    return null;
end $$;
create constraint trigger hold_closes_once after insert or update on ledger.hold
    deferrable initially deferred for each row execute function ledger.hold_closes_once();

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
grant insert (territory_id, id, payee_id, reference, status, authorised_at, expires_at, actor, memo, lines, digest) on ledger.hold to borsellino_app;
grant update (status, closed_at) on ledger.hold to borsellino_app;
grant insert (territory_id, hold_id, line, lines, account_id, amount) on ledger.hold_line to borsellino_app;
grant update (captured, released) on ledger.hold_line to borsellino_app;
