-- Coming in person: the offices, when they are open and for how many at a time, and who comes when.

create table marketplace.office (
    territory_id int not null references marketplace.territory,
    id uuid not null,
    name text not null check (length(name) between 3 and 80),
    address text not null check (length(address) between 5 and 200),
    added_by uuid not null,
    added_at timestamptz not null,
    primary key (territory_id, id),
    unique (territory_id, name),
    foreign key (territory_id, added_by) references marketplace.app_user (territory_id, id)
);

-- From a day, perhaps until one: every week on this day between these times of Italy's clock, somebody new each so many minutes.
create table marketplace.office_hours (
    territory_id int not null,
    id uuid not null,
    office_id uuid not null,
    weekday smallint not null check (weekday between 1 and 7),
    opens time not null,
    closes time not null,
    minutes smallint not null check (minutes between 10 and 120),
    desks smallint not null check (desks between 1 and 20),
    valid_from date not null,
    valid_to date,
    primary key (territory_id, id),
    foreign key (territory_id, office_id) references marketplace.office (territory_id, id),
    constraint office_hours_span check (opens + make_interval(mins => minutes) <= closes and opens < closes),
    constraint office_hours_days check (valid_to >= valid_from)
);
create index office_hours_office on marketplace.office_hours (territory_id, office_id, weekday);

create table marketplace.office_closing (
    territory_id int not null,
    office_id uuid not null,
    day date not null,
    primary key (territory_id, office_id, day),
    foreign key (territory_id, office_id) references marketplace.office (territory_id, id)
);

-- The phone number and the reason are personal: they stay within the territory's wall and are in no log.
create table marketplace.office_appointment (
    territory_id int not null,
    id uuid not null,
    household_id uuid not null,
    booked_by uuid not null,
    office_id uuid not null,
    desk smallint not null check (desk between 1 and 20),
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    topic text not null check (topic in ('Purse', 'Booking', 'Benefit', 'Group', 'Other')),
    reason text not null check (length(reason) <= 600),
    about text not null check (length(about) <= 200),
    phone text not null check (phone ~ '^\+?[0-9][0-9 ]{4,24}$'),
    booked_at timestamptz not null,
    cancelled_at timestamptz,
    cancelled_by uuid,
    -- What the office says to the family when it cannot keep it; empty where the family cancelled.
    cancel_note text check (length(cancel_note) <= 300),
    primary key (territory_id, id),
    foreign key (territory_id, household_id) references marketplace.household (territory_id, id),
    foreign key (territory_id, booked_by) references marketplace.app_user (territory_id, id),
    foreign key (territory_id, cancelled_by) references marketplace.app_user (territory_id, id),
    foreign key (territory_id, office_id) references marketplace.office (territory_id, id),
    constraint office_appointment_span check (starts_at < ends_at),
    constraint office_appointment_cancelled check (
        (cancelled_at is null) = (cancelled_by is null) and (cancelled_at is null) = (cancel_note is null) and cancelled_at >= booked_at)
);
-- One family at a desk at a time.
create unique index office_appointment_desk on marketplace.office_appointment (territory_id, office_id, starts_at, desk) where cancelled_at is null;
create index office_appointment_household on marketplace.office_appointment (territory_id, household_id, starts_at);

select marketplace.protect();
grant delete on marketplace.office_closing to borsellino_app;
-- What was agreed stays as it was; it can be called off once.
revoke update on marketplace.office_appointment, marketplace.office_closing, marketplace.office_hours, marketplace.office from borsellino_app;
grant update (cancelled_at, cancelled_by, cancel_note) on marketplace.office_appointment to borsellino_app;
grant update (valid_to) on marketplace.office_hours to borsellino_app;
-- The row of an office is what two who book there at once wait for.
grant update (name) on marketplace.office to borsellino_app;
