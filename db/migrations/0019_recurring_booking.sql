-- A household books the same service at the same hour of every week. Each date is a booking of its own, asked for when it comes near;
-- until then nothing is held for it.
create table marketplace.recurring_booking (
    territory_id int not null,
    id uuid not null,
    household_id uuid not null,
    person_id uuid not null,
    offer_id uuid not null,
    first_day date not null,
    starts time not null,                                       -- Europe/Rome
    times smallint not null check (times between 2 and 12),
    last_day date not null generated always as (first_day + 7 * (times - 1)) stored,
    -- The most it agreed to for each date, in cents: the price, what it pays itself of it, what cancelling late costs.
    price bigint not null check (price > 0),
    own_part bigint not null check (own_part between 0 and price),
    cancel_fee bigint not null check (cancel_fee between 0 and price),
    asked_by uuid not null,
    asked_at timestamptz not null,
    ended_at timestamptz check (ended_at >= asked_at),
    primary key (territory_id, id),
    foreign key (territory_id, household_id) references marketplace.household (territory_id, id),
    foreign key (territory_id, person_id) references marketplace.person (territory_id, id),
    foreign key (territory_id, offer_id) references marketplace.offer (territory_id, id),
    foreign key (territory_id, asked_by) references marketplace.app_user (territory_id, id)
);
create index recurring_booking_household on marketplace.recurring_booking (territory_id, household_id);
create index recurring_booking_living on marketplace.recurring_booking (territory_id, last_day) where ended_at is null;

-- What became of one date: asked for, left out, or not to be had. No row: its time has not come.
create table marketplace.recurring_turn (
    territory_id int not null,
    recurring_id uuid not null,
    day date not null,
    outcome text not null check (outcome in ('Booked', 'Skipped', 'Missed')),
    booking_id uuid,
    why text not null default '',                               -- the code of the refusal
    at timestamptz not null,
    primary key (territory_id, recurring_id, day),
    foreign key (territory_id, recurring_id) references marketplace.recurring_booking (territory_id, id),
    foreign key (territory_id, booking_id) references marketplace.booking (territory_id, id),
    constraint turn_booked_has_a_booking check ((outcome = 'Booked') = (booking_id is not null)),
    constraint turn_missed_says_why check ((outcome = 'Missed') = (why <> ''))
);
create unique index recurring_turn_booking on marketplace.recurring_turn (territory_id, booking_id) where booking_id is not null;

create function marketplace.recurring_turn_of_its_own() returns trigger language plpgsql as $$
begin
    if not exists (
        select from marketplace.recurring_booking r
        left join marketplace.booking b on b.territory_id = new.territory_id and b.id = new.booking_id
        where r.territory_id = new.territory_id and r.id = new.recurring_id
          and new.day between r.first_day and r.last_day and (new.day - r.first_day) % 7 = 0
          and (new.booking_id is null or (b.household_id, b.person_id, b.offer_id) = (r.household_id, r.person_id, r.offer_id))) then
        raise exception 'recurring booking %: % is none of its dates', new.recurring_id, new.day
            using errcode = 'check_violation', constraint = 'recurring_turn_of_its_own', schema = 'marketplace', table = 'recurring_turn';
    end if;
    return new;
end $$;
create trigger recurring_turn_of_its_own before insert on marketplace.recurring_turn
    for each row execute function marketplace.recurring_turn_of_its_own();

select marketplace.protect();
-- What it agreed to, and what became of a date, stays as it was said.
revoke update on marketplace.recurring_booking, marketplace.recurring_turn from borsellino_app;
grant update (ended_at) on marketplace.recurring_booking to borsellino_app;
