-- Needs: a household says what it looks for together with others; a plan proposes groups, every household is asked, and a provider
-- takes a group that all agreed to as a pool. Nothing here holds or moves money: only pools do.

-- Where groups may meet. What a household says of its home is which of these it lives near.
create table marketplace.meeting_place (
    territory_id int not null,
    id uuid not null,
    name text not null check (length(name) between 2 and 80),
    kind text not null check (kind in ('School', 'Room', 'Home')),
    municipality_code text not null,
    latitude double precision not null check (latitude between -90 and 90),
    longitude double precision not null check (longitude between -180 and 180),
    rooms smallint not null check (rooms between 1 and 100),    -- groups at a time
    added_by uuid not null,
    added_at timestamptz not null,
    withdrawn_at timestamptz,
    primary key (territory_id, id),
    foreign key (territory_id, municipality_code) references marketplace.municipality (territory_id, code)
);
create unique index meeting_place_name on marketplace.meeting_place (territory_id, municipality_code, lower(name)) where withdrawn_at is null;

-- What a provider asks for a class and a length, by the number of households that share it.
create table marketplace.group_price (
    territory_id int not null,
    id uuid not null,
    provider_id uuid not null,
    class_code text not null,
    minutes smallint not null check (minutes between 30 and 720),
    heads_min smallint not null check (heads_min between 2 and 12),
    -- Cents for the group, from heads_min households on.
    prices bigint[] not null,
    valid_from date not null,
    valid_to date,                                              -- the last day; null until further notice
    set_by uuid not null,
    set_at timestamptz not null,
    ended_by uuid,
    primary key (territory_id, id),
    foreign key (territory_id, provider_id) references marketplace.provider (territory_id, id),
    foreign key (territory_id, class_code) references marketplace.service_class (territory_id, code),
    constraint group_price_heads check (cardinality(prices) between 1 and 13 - heads_min),
    constraint group_price_prices check (0 < all (prices)),
    constraint group_price_never_raises_a_share check (marketplace.prices_never_raise_a_share(prices, heads_min, 1)),
    constraint group_price_ended check ((valid_to is null) = (ended_by is null) and valid_to >= valid_from - 1)
);
create unique index group_price_open on marketplace.group_price (territory_id, provider_id, class_code, minutes) where valid_to is null;

-- Reference table, the same for all territories: how long a group that all agreed to waits for a provider before its households look
-- again. It is what they are promised, and a service charter may promise otherwise from a day on.
create table marketplace.group_rule (
    valid_from date primary key,
    valid_to date check (valid_to >= valid_from),
    take_days smallint not null check (take_days between 1 and 60),
    source text not null
);
insert into marketplace.group_rule (valid_from, take_days, source) values
    ('2026-01-01', 14, 'A need lasts 60 days: two weeks for providers leave time to look again.');
grant select on marketplace.group_rule to borsellino_app;

create table marketplace.need (
    territory_id int not null,
    id uuid not null,
    household_id uuid not null,
    person_id uuid not null,
    class_code text not null,
    minutes smallint not null check (minutes between 30 and 720),
    size_min smallint not null check (size_min >= 2),
    size_max smallint not null check (size_max between size_min and 12),
    near_place_id uuid not null,
    reach_metres int not null check (reach_metres between 0 and 50000),
    languages text[] not null check (cardinality(languages) between 1 and 8),
    cap bigint not null check (cap > 0),                        -- the most it pays each time
    status text not null check (status in ('Open', 'Asked', 'Agreed', 'Taken', 'Withdrawn', 'Expired')),
    plan_at timestamptz,                                        -- from when on a plan is due for it; null once there was one
    paused_at timestamptz,                                      -- it did not answer, and is not planned until it says that it still looks
    why_unmatched text check (why_unmatched in (
        'NoSupply', 'NoSuchSize', 'CapTooLow', 'NoPlaceInReach', 'TimesTooShort', 'NobodyNear', 'NoCommonTime', 'NoCommonTerms', 'OthersServed',
        'NotTaken')),
    opened_by uuid not null,
    -- Opened by an operator for the household: how it consented, and where that can be found.
    consent_kind text check (consent_kind in ('Paper', 'Spoken', 'Telephone')),
    consent_reference text check (length(consent_reference) between 3 and 120),
    opened_at timestamptz not null,
    expires_at timestamptz not null,
    primary key (territory_id, id),
    constraint need_consent check ((consent_kind is null) = (consent_reference is null)),
    unique (territory_id, id, household_id, cap),
    foreign key (territory_id, household_id) references marketplace.household (territory_id, id),
    foreign key (territory_id, person_id) references marketplace.person (territory_id, id),
    foreign key (territory_id, class_code) references marketplace.service_class (territory_id, code),
    foreign key (territory_id, near_place_id) references marketplace.meeting_place (territory_id, id),
    constraint need_expires check (expires_at > opened_at),
    constraint need_waits check (status = 'Open' or (plan_at, paused_at, why_unmatched) is not distinct from (null, null, null))
);
create index need_household on marketplace.need (territory_id, household_id, opened_at);
create index need_open on marketplace.need (territory_id, plan_at) where status = 'Open';
create index need_expiring on marketplace.need (territory_id, expires_at) where status in ('Open', 'Asked', 'Agreed');

create table marketplace.need_window (
    territory_id int not null,
    need_id uuid not null,
    day smallint not null check (day between 1 and 7),          -- Monday is 1
    from_time time not null,
    to_time time not null,
    primary key (territory_id, need_id, day, from_time),
    foreign key (territory_id, need_id) references marketplace.need (territory_id, id),
    constraint window_ends_after check (from_time < to_time)
);

-- Households that fit together, where and when, as a plan found them.
create table marketplace.proposal (
    territory_id int not null,
    id uuid not null,
    class_code text not null,
    minutes smallint not null,
    place_id uuid not null,
    day smallint not null check (day between 1 and 7),
    starts time not null,
    ends time not null,
    price bigint not null check (price > 0),                    -- of the whole group
    metres int not null check (metres >= 0),                    -- what all walk together, one way
    farthest int not null check (farthest >= 0),
    status text not null check (status in ('Asking', 'Agreed', 'Taken', 'Dropped', 'Untaken')),
    planned_at timestamptz not null,
    answer_by timestamptz not null,
    agreed_at timestamptz,
    take_by timestamptz,                                        -- from this instant on no provider takes it any more
    taken_at timestamptz,
    dropped_at timestamptz,
    pool_id uuid,
    primary key (territory_id, id),
    foreign key (territory_id, class_code) references marketplace.service_class (territory_id, code),
    foreign key (territory_id, place_id) references marketplace.meeting_place (territory_id, id),
    foreign key (territory_id, pool_id) references marketplace.pool (territory_id, id),
    constraint proposal_times check (starts < ends and planned_at < answer_by),
    constraint proposal_agreed check ((agreed_at is null) = (status = 'Asking') or status = 'Dropped'),
    constraint proposal_taken check ((status = 'Taken') = (pool_id is not null) and (pool_id is null) = (taken_at is null)),
    constraint proposal_dropped check ((status in ('Dropped', 'Untaken')) = (dropped_at is not null)),
    constraint proposal_take_by check ((take_by is null) = (agreed_at is null) and take_by > agreed_at),
    constraint proposal_untaken check (status <> 'Untaken' or dropped_at >= take_by),
    constraint proposal_taken_in_time check (taken_at < take_by)
);
create index proposal_due on marketplace.proposal (territory_id, answer_by) where status = 'Asking';
create index proposal_take_due on marketplace.proposal (territory_id, take_by) where status = 'Agreed';
create index proposal_agreed_since on marketplace.proposal (territory_id, agreed_at) where status = 'Agreed';
create unique index proposal_pool on marketplace.proposal (territory_id, pool_id);

create table marketplace.proposal_member (
    territory_id int not null,
    proposal_id uuid not null,
    need_id uuid not null,
    household_id uuid not null,
    cap bigint not null,
    share bigint not null check (share > 0),
    metres int not null check (metres >= 0),                    -- from where it lives near to the place
    living boolean not null default true,                       -- false from when the proposal came to nothing
    answer text check (answer in ('Yes', 'NotThere', 'NotThen', 'NotAnyMore', 'Silent')),
    answered_by uuid,
    answered_at timestamptz,
    primary key (territory_id, proposal_id, need_id),
    unique (territory_id, proposal_id, household_id),
    foreign key (territory_id, proposal_id) references marketplace.proposal (territory_id, id),
    foreign key (territory_id, need_id, household_id, cap) references marketplace.need (territory_id, id, household_id, cap),
    constraint member_within_cap check (share <= cap),
    constraint member_answered check (
        (answer is null) = (answered_at is null) and (answered_by is null) = (answer is null or answer = 'Silent'))
);
create unique index proposal_member_in_one on marketplace.proposal_member (territory_id, need_id) where living;
create index proposal_member_need on marketplace.proposal_member (territory_id, need_id);
create index proposal_member_household on marketplace.proposal_member (territory_id, household_id);

-- Until when somebody of a provider was written to about groups that wait for one.
create table marketplace.groups_mailed (
    territory_id int not null,
    user_id uuid not null,
    provider_id uuid not null,
    mailed_at timestamptz not null,
    primary key (territory_id, user_id, provider_id),
    foreign key (territory_id, user_id) references marketplace.app_user (territory_id, id),
    foreign key (territory_id, provider_id) references marketplace.provider (territory_id, id)
);

-- A time that is given where a group meets, and not where the offer says.
alter table marketplace.slot
    add meeting_place_id uuid,
    add foreign key (territory_id, meeting_place_id) references marketplace.meeting_place (territory_id, id);

create function marketplace.need_moves() returns trigger language plpgsql as $$
begin
    if new.status <> old.status and (old.status, new.status) not in
        (('Open', 'Asked'), ('Open', 'Withdrawn'), ('Open', 'Expired'), ('Asked', 'Agreed'), ('Asked', 'Open'), ('Asked', 'Withdrawn'),
         ('Asked', 'Expired'), ('Agreed', 'Taken'), ('Agreed', 'Open'), ('Agreed', 'Withdrawn'), ('Agreed', 'Expired')) then
        raise exception 'need %: not from % to %', old.id, old.status, new.status
            using errcode = 'check_violation', constraint = 'need_moves', schema = 'marketplace', table = 'need';
    end if;
    return new;
end $$;
create trigger need_moves before update on marketplace.need for each row execute function marketplace.need_moves();

-- All have said yes to shares that are the price, or nobody is left in it.
create function marketplace.proposal_moves_forward() returns trigger language plpgsql as $$
begin
    if new.status <> old.status and (old.status, new.status) not in
        (('Asking', 'Agreed'), ('Asking', 'Dropped'), ('Agreed', 'Taken'), ('Agreed', 'Dropped'), ('Agreed', 'Untaken')) then
        raise exception 'proposal %: not from % to %', old.id, old.status, new.status
            using errcode = 'check_violation', constraint = 'proposal_moves_forward', schema = 'marketplace', table = 'proposal';
    end if;
    if old.status = 'Asking' and new.status = 'Agreed' and not exists (
        select from marketplace.proposal_member m
        where m.territory_id = new.territory_id and m.proposal_id = new.id and m.living
        having count(*) >= 2 and sum(m.share) = new.price and bool_and(m.answer = 'Yes') and count(m.answer) = count(*)) then
        raise exception 'proposal %: not everybody said yes to their share', old.id
            using errcode = 'check_violation', constraint = 'proposal_of_all', schema = 'marketplace', table = 'proposal';
    end if;
    if new.status in ('Dropped', 'Untaken') and exists (
        select from marketplace.proposal_member m where m.territory_id = new.territory_id and m.proposal_id = new.id and m.living) then
        raise exception 'proposal %: somebody is still in it', old.id
            using errcode = 'check_violation', constraint = 'proposal_leaves_nobody', schema = 'marketplace', table = 'proposal';
    end if;
    return new;
end $$;
create trigger proposal_moves_forward before update on marketplace.proposal
    for each row execute function marketplace.proposal_moves_forward();

-- A no is a no, and who has left a proposal does not come back into it.
create function marketplace.proposal_answer_stands() returns trigger language plpgsql as $$
begin
    if (old.answer is distinct from new.answer and old.answer is not null and (old.answer <> 'Yes' or new.answer is null))
        or (new.living and not old.living) then
        raise exception 'proposal %: the answer of % stands', old.proposal_id, old.need_id
            using errcode = 'check_violation', constraint = 'proposal_answer_stands', schema = 'marketplace', table = 'proposal_member';
    end if;
    return new;
end $$;
create trigger proposal_answer_stands before update on marketplace.proposal_member
    for each row execute function marketplace.proposal_answer_stands();

-- What an operator did for a household, and the consent to just that: the household reads it, and nobody changes it.
create table marketplace.desk_act (
    territory_id int not null,
    id uuid not null,
    household_id uuid not null,
    person_id uuid not null,                                    -- whose tax code was told
    deed text not null check (deed in ('Looked', 'SaidYes', 'SaidNo', 'Joined', 'Left', 'JoinedWeekly', 'Booked', 'CalledOff')),
    subject uuid,                                               -- the need, the share, the series or the booking that it is about
    consent_kind text not null check (consent_kind in ('Paper', 'Spoken', 'Telephone')),
    consent_reference text not null check (length(consent_reference) between 3 and 120),
    acted_by uuid not null,
    acted_at timestamptz not null,
    primary key (territory_id, id),
    foreign key (territory_id, household_id) references marketplace.household (territory_id, id),
    foreign key (territory_id, person_id) references marketplace.person (territory_id, id),
    constraint desk_act_about check ((subject is null) = (deed = 'Looked'))
);
create index desk_act_household on marketplace.desk_act (territory_id, household_id, acted_at);
create index desk_act_operator on marketplace.desk_act (territory_id, acted_by, acted_at);

select marketplace.protect();
-- What a household asked for, what it was proposed and what a provider asks stay as they were said.
revoke update on marketplace.meeting_place, marketplace.group_price, marketplace.need, marketplace.need_window, marketplace.proposal,
    marketplace.proposal_member, marketplace.desk_act from borsellino_app;
grant update (withdrawn_at) on marketplace.meeting_place to borsellino_app;
grant update (valid_to, ended_by) on marketplace.group_price to borsellino_app;
grant update (status, plan_at, paused_at, why_unmatched) on marketplace.need to borsellino_app;
grant update (status, agreed_at, take_by, taken_at, dropped_at, pool_id) on marketplace.proposal to borsellino_app;
grant update (living, answer, answered_by, answered_at) on marketplace.proposal_member to borsellino_app;
