-- Who of a provider gives its services: their week, the days on which they are away, and the times to which each is bound.
create extension if not exists btree_gist;

alter table marketplace.offer add column needs_staff boolean not null default false;

-- The provider's own word on its people. This row is the lock of all that is said of them.
create table marketplace.provider_roster (
    territory_id int not null,
    provider_id uuid not null,
    -- Between two services that are not at one address.
    travel_minutes smallint not null check (travel_minutes between 0 and 240),
    primary key (territory_id, provider_id),
    foreign key (territory_id, provider_id) references marketplace.provider (territory_id, id)
);

create table marketplace.staff (
    territory_id int not null,
    id uuid not null,
    provider_id uuid not null,
    first_name text not null check (length(first_name) between 1 and 60),
    last_name text not null check (length(last_name) between 1 and 60),
    valid_from date not null,
    valid_to date,
    added_by uuid not null,
    added_at timestamptz not null,
    primary key (territory_id, id),
    foreign key (territory_id, provider_id) references marketplace.provider_roster (territory_id, provider_id),
    foreign key (territory_id, added_by) references marketplace.app_user (territory_id, id),
    constraint staff_days check (valid_to >= valid_from)
);
create index staff_provider on marketplace.staff (territory_id, provider_id);

create table marketplace.staff_offer (
    territory_id int not null,
    staff_id uuid not null,
    offer_id uuid not null,
    primary key (territory_id, staff_id, offer_id),
    foreign key (territory_id, staff_id) references marketplace.staff (territory_id, id),
    foreign key (territory_id, offer_id) references marketplace.offer (territory_id, id)
);

-- By Italy's clock; one that ends no later than it starts ends on the next day.
create table marketplace.staff_hours (
    territory_id int not null,
    id uuid not null,
    staff_id uuid not null,
    weekday smallint not null check (weekday between 1 and 7),
    starts time not null,
    ends time not null,
    valid_from date not null,
    valid_to date,
    added_by uuid not null,
    added_at timestamptz not null,
    primary key (territory_id, id),
    foreign key (territory_id, staff_id) references marketplace.staff (territory_id, id),
    foreign key (territory_id, added_by) references marketplace.app_user (territory_id, id),
    constraint staff_hours_days check (valid_to >= valid_from - 1)
);
create index staff_hours_staff on marketplace.staff_hours (territory_id, staff_id);

-- Whole days, without a reason: why somebody is away is nobody's business here.
create table marketplace.staff_away (
    territory_id int not null,
    id uuid not null,
    staff_id uuid not null,
    first_day date not null,
    last_day date not null,
    added_by uuid not null,
    added_at timestamptz not null,
    primary key (territory_id, id),
    foreign key (territory_id, staff_id) references marketplace.staff (territory_id, id),
    foreign key (territory_id, added_by) references marketplace.app_user (territory_id, id),
    constraint staff_away_days check (last_day >= first_day)
);
create index staff_away_staff on marketplace.staff_away (territory_id, staff_id, first_day);

-- Who gives the service of a time. Nobody is at two at once, nor on the way between two addresses while one of them begins.
create table marketplace.staff_duty (
    territory_id int not null,
    slot_id uuid not null,
    staff_id uuid not null,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    -- The minutes of travel that held when it was given to somebody.
    travels_until timestamptz not null,
    place text not null check (place <> ''),
    primary key (territory_id, slot_id),
    foreign key (territory_id, slot_id) references marketplace.slot (territory_id, id),
    foreign key (territory_id, staff_id) references marketplace.staff (territory_id, id),
    constraint duty_times check (starts_at < ends_at and ends_at <= travels_until),
    constraint duty_never_two exclude using gist (territory_id with =, staff_id with =, tstzrange(starts_at, ends_at) with &&),
    constraint duty_with_travel exclude using gist (territory_id with =, staff_id with =, place with <>, tstzrange(starts_at, travels_until) with &&)
);
create index staff_duty_staff on marketplace.staff_duty (territory_id, staff_id, starts_at);

-- That a service is given by somebody else than was said: the families that have it confirmed are told.
create table marketplace.staff_change (
    territory_id int not null,
    id uuid not null,
    slot_id uuid not null,
    from_staff uuid,
    to_staff uuid not null,
    changed_by uuid not null,
    at timestamptz not null,
    primary key (territory_id, id),
    foreign key (territory_id, slot_id) references marketplace.slot (territory_id, id),
    foreign key (territory_id, from_staff) references marketplace.staff (territory_id, id),
    foreign key (territory_id, to_staff) references marketplace.staff (territory_id, id),
    foreign key (territory_id, changed_by) references marketplace.app_user (territory_id, id)
);
create index staff_change_slot on marketplace.staff_change (territory_id, slot_id);

-- The times to come that need somebody and that nobody can serve, apart from the slot: it is held by whoever books it.
create table marketplace.slot_unserved (
    territory_id int not null,
    slot_id uuid not null,
    primary key (territory_id, slot_id),
    foreign key (territory_id, slot_id) references marketplace.slot (territory_id, id)
);

-- What a provider says of a service that took place: from when to when it really was, and what was signed on its telephone. Written once.
alter table marketplace.booking drop constraint booking_attended_check;
alter table marketplace.booking add constraint booking_attended_check check (attended in ('Voucher', 'List', 'Signature'));
create table marketplace.delivery_evidence (
    territory_id int not null,
    booking_id uuid not null,
    began_at timestamptz,
    finished_at timestamptz,
    -- A line drawn on a field of 300 by 100, as SVG writes paths; empty for none.
    signature text not null check (length(signature) <= 4000 and signature ~ '^([ML][0-9]{1,3} [0-9]{1,3})*$'),
    written_by uuid not null,
    written_at timestamptz not null,
    primary key (territory_id, booking_id),
    foreign key (territory_id, booking_id) references marketplace.booking (territory_id, id),
    foreign key (territory_id, written_by) references marketplace.app_user (territory_id, id),
    constraint evidence_times check ((began_at is null) = (finished_at is null) and finished_at > began_at and finished_at <= written_at),
    constraint evidence_of_something check (began_at is not null or signature <> '')
);
create index delivery_evidence_written on marketplace.delivery_evidence (territory_id, written_at);

-- What a household types at the desk itself to consent to one thing: only its hash is kept.
create table marketplace.household_pin (
    territory_id int not null,
    household_id uuid not null,
    hash bytea not null check (length(hash) = 48),              -- sixteen bytes of salt, then what PBKDF2 makes of both
    set_by uuid not null,
    set_at timestamptz not null,
    primary key (territory_id, household_id),
    foreign key (territory_id, household_id) references marketplace.household (territory_id, id),
    foreign key (territory_id, set_by) references marketplace.app_user (territory_id, id)
);
alter table marketplace.need drop constraint need_consent_kind_check;
alter table marketplace.need add constraint need_consent_kind_check check (consent_kind in ('Paper', 'Spoken', 'Telephone', 'Pin'));
alter table marketplace.desk_act drop constraint desk_act_consent_kind_check;
alter table marketplace.desk_act add constraint desk_act_consent_kind_check check (consent_kind in ('Paper', 'Spoken', 'Telephone', 'Pin'));

select marketplace.protect();
grant delete on marketplace.household_pin, marketplace.staff_offer, marketplace.staff_away, marketplace.staff_duty, marketplace.slot_unserved to borsellino_app;
revoke update on marketplace.staff, marketplace.staff_offer, marketplace.staff_hours, marketplace.staff_away, marketplace.staff_change,
    marketplace.slot_unserved, marketplace.delivery_evidence from borsellino_app;
grant update (first_name, last_name, valid_from, valid_to) on marketplace.staff to borsellino_app;
grant update (valid_to) on marketplace.staff_hours to borsellino_app;
