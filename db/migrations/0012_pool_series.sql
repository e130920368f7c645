-- Pools that come back every week: one pool for each date, and households that take part in all of them. Money is held for a date
-- only when it comes near.

create table marketplace.pool_series (
    territory_id int not null,
    id uuid not null,
    offer_id uuid not null,
    provider_id uuid not null,
    weight_max smallint not null check (weight_max between 1 and 12),
    heads_max smallint not null check (heads_max between 2 and 12),
    skips_max smallint not null check (skips_max between 0 and 10),     -- how many dates a household may leave out and stay
    last_day date not null,
    published_by uuid not null,
    published_at timestamptz not null,
    ended_at timestamptz check (ended_at >= published_at),      -- the provider goes on no more
    primary key (territory_id, id),
    foreign key (territory_id, offer_id) references marketplace.offer (territory_id, id),
    foreign key (territory_id, provider_id) references marketplace.provider (territory_id, id)
);

alter table marketplace.pool
    add series_id uuid,
    add foreign key (territory_id, series_id) references marketplace.pool_series (territory_id, id);
create index pool_series_dates on marketplace.pool (territory_id, series_id, starts_at) where series_id is not null;

create table marketplace.series_member (
    territory_id int not null,
    id uuid not null,
    series_id uuid not null,
    household_id uuid not null,
    person_id uuid not null,
    weight smallint not null check (weight between 1 and 12),
    cap bigint not null check (cap > 0),                        -- the most it agreed to on each date
    joined_by uuid not null,
    joined_at timestamptz not null,
    left_at timestamptz check (left_at >= joined_at),
    primary key (territory_id, id),
    foreign key (territory_id, series_id) references marketplace.pool_series (territory_id, id),
    foreign key (territory_id, household_id) references marketplace.household (territory_id, id),
    foreign key (territory_id, person_id) references marketplace.person (territory_id, id)
);
create unique index series_member_once on marketplace.series_member (territory_id, series_id, household_id) where left_at is null;
create index series_member_household on marketplace.series_member (territory_id, household_id);

-- What became of one date for one member: it takes part, it left it out, or it could not be taken in. No row: not decided yet.
create table marketplace.series_turn (
    territory_id int not null,
    member_id uuid not null,
    pool_id uuid not null,
    outcome text not null check (outcome in ('Joined', 'Skipped', 'Missed')),
    share_id uuid,
    why text not null default '',                               -- the code of the refusal
    at timestamptz not null,
    primary key (territory_id, member_id, pool_id),
    foreign key (territory_id, member_id) references marketplace.series_member (territory_id, id),
    foreign key (territory_id, pool_id) references marketplace.pool (territory_id, id),
    foreign key (territory_id, share_id) references marketplace.pool_share (territory_id, id),
    constraint turn_joined_has_a_share check (outcome <> 'Joined' or share_id is not null),
    constraint turn_missed_says_why check ((outcome = 'Missed') = (why <> ''))
);
create index series_turn_pool on marketplace.series_turn (territory_id, pool_id);

-- As many households as a pool has places; as many dates left out as the series allows; what was agreed to does not change.
create function marketplace.series_member_fits() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and (new.series_id, new.household_id, new.person_id, new.weight, new.cap) is distinct from
       (old.series_id, old.household_id, old.person_id, old.weight, old.cap) then
        raise exception 'member %: what it agreed to does not change', old.id
            using errcode = 'check_violation', constraint = 'series_member_fixed', schema = 'marketplace', table = 'series_member';
    end if;
    if new.left_at is null and not exists (
        select from marketplace.pool_series s
        where s.territory_id = new.territory_id and s.id = new.series_id and new.weight <= s.weight_max and s.heads_max > (
            select count(*) from marketplace.series_member m
            where m.territory_id = new.territory_id and m.series_id = new.series_id and m.left_at is null and m.id <> new.id)) then
        raise exception 'member %: the series is full', new.id
            using errcode = 'check_violation', constraint = 'series_has_places', schema = 'marketplace', table = 'series_member';
    end if;
    return new;
end $$;
create trigger series_member_fits before insert or update on marketplace.series_member
    for each row execute function marketplace.series_member_fits();

create function marketplace.series_turn_allowed() returns trigger language plpgsql as $$
begin
    if new.outcome = 'Skipped' and not exists (
        select from marketplace.series_member m
        join marketplace.pool_series s on s.territory_id = new.territory_id and s.id = m.series_id
        where m.territory_id = new.territory_id and m.id = new.member_id and s.skips_max > (
            select count(*) from marketplace.series_turn t
            where t.territory_id = new.territory_id and t.member_id = new.member_id and t.outcome = 'Skipped' and t.pool_id <> new.pool_id)) then
        raise exception 'member %: no date more may be left out', new.member_id
            using errcode = 'check_violation', constraint = 'series_skips', schema = 'marketplace', table = 'series_turn';
    end if;
    if not exists (
        select from marketplace.series_member m
        join marketplace.pool p on p.territory_id = new.territory_id and p.id = new.pool_id and p.series_id = m.series_id
        where m.territory_id = new.territory_id and m.id = new.member_id) then
        raise exception 'member %: pool % is not of its series', new.member_id, new.pool_id
            using errcode = 'check_violation', constraint = 'turn_of_its_series', schema = 'marketplace', table = 'series_turn';
    end if;
    return new;
end $$;
create trigger series_turn_allowed before insert or update on marketplace.series_turn
    for each row execute function marketplace.series_turn_allowed();

create function marketplace.pool_stays_in_its_series() returns trigger language plpgsql as $$
begin
    if new.series_id is distinct from old.series_id then
        raise exception 'pool %: it stays in its series', old.id
            using errcode = 'check_violation', constraint = 'pool_stays_in_its_series', schema = 'marketplace', table = 'pool';
    end if;
    return new;
end $$;
create trigger pool_stays_in_its_series before update on marketplace.pool
    for each row execute function marketplace.pool_stays_in_its_series();

select marketplace.protect();
revoke update on marketplace.pool_series, marketplace.series_member from borsellino_app;
grant update (ended_at) on marketplace.pool_series to borsellino_app;
grant update (left_at) on marketplace.series_member to borsellino_app;
