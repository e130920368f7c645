-- What an offer is sold as.

-- A package: so many units of the offer, bought at once at so many times its price.
-- In which languages it is given, how it can be reached and used, and how long before it must be asked for.
alter table marketplace.offer
    add languages text[] not null default '{it}' check (cardinality(languages) between 1 and 8),
    add access text[] not null default '{}'
        check (access <@ array['StepFree', 'Lift', 'AdaptedToilet', 'ReservedParking', 'SignLanguage', 'HearingLoop', 'EasyToRead']),
    add notice_hours smallint not null default 0 check (notice_hours between 0 and 720);

alter table marketplace.offer
    add package_units smallint check (package_units between 2 and 50),
    add package_name_it text check (length(package_name_it) between 3 and 40),      -- what the units are called: "lezioni"
    add package_name_en text check (length(package_name_en) between 3 and 40),
    add package_days smallint check (package_days between 7 and 366),               -- it is to be used within so many days
    -- Untouched, it goes back for nothing within so many days; whether what is not used goes back later too.
    add package_return_days smallint check (package_return_days between 0 and 60),
    add package_returns_rest boolean,
    add constraint offer_package check (
        num_nulls(package_units, package_name_it, package_name_en, package_days, package_return_days, package_returns_rest) in (0, 6));

-- What an offer costs, from which day on. The offer itself carries the price in force and the day of the next change, so that ten thousand of them
-- are searched without a look at this list; once a change is in force it is carried over.
create table marketplace.offer_price (
    territory_id int not null,
    offer_id uuid not null,
    valid_from date not null,
    price bigint not null check (price > 0),
    set_at timestamptz not null,
    primary key (territory_id, offer_id, valid_from),
    foreign key (territory_id, offer_id) references marketplace.offer (territory_id, id)
);
alter table marketplace.offer add price_changes_on date;
create index offer_price_changes on marketplace.offer (territory_id, price_changes_on) where price_changes_on is not null;

-- A package that a household bought for one of its people: one title over one hold. Its units are bookings that hold nothing themselves.
create table marketplace.package (
    territory_id int not null,
    id uuid not null,
    reference text not null check (length(reference) between 6 and 20),
    offer_id uuid not null,
    provider_id uuid not null,
    household_id uuid not null,
    person_id uuid not null,                                    -- who uses it
    units smallint not null check (units between 2 and 50),
    name_it text not null,
    name_en text not null,
    unit_price bigint not null check (unit_price > 0),
    price bigint not null,
    covered bigint not null check (covered >= units),           -- what the purse pays: the sum of its lines, the amount of its hold
    copayment bigint not null check (copayment >= 0),           -- what the household pays the provider itself, unit by unit
    hold_id uuid not null,
    bought_by uuid not null,
    bought_at timestamptz not null,
    last_day date not null,                                     -- of a service; what is not used by then lapses
    return_until timestamptz not null,
    returns_rest boolean not null,
    -- How its units are called off, as when it was bought.
    cancel_hours smallint not null,
    cancel_fee bigint not null check (cancel_fee between 0 and unit_price),
    status text not null default 'Open' check (status in ('Open', 'UsedUp', 'Lapsed', 'Returned')),
    ended_at timestamptz,
    primary key (territory_id, id),
    unique (territory_id, reference),
    unique (territory_id, hold_id),
    foreign key (territory_id, offer_id) references marketplace.offer (territory_id, id),
    foreign key (territory_id, provider_id) references marketplace.provider (territory_id, id),
    foreign key (territory_id, household_id) references marketplace.household (territory_id, id),
    foreign key (territory_id, person_id) references marketplace.person (territory_id, id),
    foreign key (territory_id, hold_id) references ledger.hold (territory_id, id),
    foreign key (territory_id, bought_by) references marketplace.app_user (territory_id, id),
    constraint package_price_is_its_units check (price = unit_price * units),
    constraint package_parts check (covered + copayment = price),
    constraint package_ended check ((status = 'Open') = (ended_at is null))
);
create index package_household on marketplace.package (territory_id, household_id);
create index package_open on marketplace.package (territory_id, last_day) where status = 'Open';

create table marketplace.package_line (
    territory_id int not null,
    package_id uuid not null,
    line smallint not null check (line >= 1),
    grant_id uuid not null,
    amount bigint not null check (amount > 0),
    own_cents bigint not null default 0 check (own_cents >= 0),
    own_percent int not null default 0 check (own_percent between 0 and 10000),
    primary key (territory_id, package_id, line),
    foreign key (territory_id, package_id) references marketplace.package (territory_id, id),
    foreign key (territory_id, grant_id) references marketplace.welfare_grant (territory_id, id)
);
create index package_line_grant on marketplace.package_line (territory_id, grant_id);

-- Which unit of which package a booking is.
alter table marketplace.booking
    add package_id uuid,
    add package_unit smallint check (package_unit >= 1),
    add foreign key (territory_id, package_id) references marketplace.package (territory_id, id),
    add constraint booking_unit check ((package_id is null) = (package_unit is null)),
    drop constraint booking_hold,
    add constraint booking_hold check (case when package_id is null then (covered > 0) = (hold_id is not null) else hold_id is null end);
-- Each unit is out once: with a booking that is not over, or one that was paid for. Any other end puts it back.
create unique index booking_package_unit on marketplace.booking (territory_id, package_id, package_unit)
    where package_id is not null and (status in ('Requested', 'Confirmed', 'Delivered', 'Disputed', 'Accepted', 'Settled', 'Paid') or settled > 0);

create trigger booking_unit_fixed before update of package_id, package_unit on marketplace.booking for each row
    when ((old.package_id, old.package_unit) is distinct from (new.package_id, new.package_unit))
    execute function marketplace.voucher_fixed();

-- What of the purse's money is in a unit: whole cents that add up to the whole, whichever units are used.
create function marketplace.unit_share(covered bigint, units int, unit int) returns bigint language sql immutable parallel safe
    as $$ select covered * unit / units - covered * (unit - 1) / units $$;

create function marketplace.unit_of_its_package() returns trigger language plpgsql as $$
begin
    if not exists (
        select from marketplace.package p
        where p.territory_id = new.territory_id and p.id = new.package_id and p.status = 'Open' and new.package_unit <= p.units
          and (p.offer_id, p.provider_id, p.household_id, p.person_id, p.unit_price) = (new.offer_id, new.provider_id, new.household_id, new.person_id, new.price)
          and new.covered = marketplace.unit_share(p.covered, p.units, new.package_unit)
          and (new.starts_at at time zone 'Europe/Rome')::date <= p.last_day) then
        raise exception 'booking %: not a unit of its package', new.reference
            using errcode = 'check_violation', constraint = 'unit_of_its_package', schema = 'marketplace', table = 'booking';
    end if;
    return new;
end $$;
create trigger unit_of_its_package before insert on marketplace.booking
    for each row when (new.package_id is not null) execute function marketplace.unit_of_its_package();

create function marketplace.package_is_its_hold() returns trigger language plpgsql as $$
begin
    if new.covered is distinct from (
        select sum(amount) from ledger.hold_line where territory_id = new.territory_id and hold_id = new.hold_id) then
        raise exception 'package %: % is not what its hold sets aside', new.reference, new.covered
            using errcode = 'check_violation', constraint = 'package_is_its_hold', schema = 'marketplace', table = 'package';
    end if;
    return null;
end $$;
create trigger package_is_its_hold after insert on marketplace.package
    for each row execute function marketplace.package_is_its_hold();

-- What its programme leaves to the household is never paid from it, as for one booking.
create function marketplace.package_own_part_left() returns trigger language plpgsql as $$
declare
    whole bigint;
begin
    select price into whole from marketplace.package where territory_id = new.territory_id and id = new.package_id;
    if new.amount > whole - least(whole, new.own_cents + (whole * new.own_percent * 2 + 10000) / 20000) then
        raise exception 'package %: a grant pays the part that its programme leaves to the household', new.package_id
            using errcode = 'check_violation', constraint = 'own_part_left', schema = 'marketplace', table = 'package_line';
    end if;
    return null;
end $$;
create trigger own_part_left after insert on marketplace.package_line
    for each row when (new.own_cents > 0 or new.own_percent > 0) execute function marketplace.package_own_part_left();

-- It ends once, when none of its units is still to be decided.
create function marketplace.package_ends() returns trigger language plpgsql as $$
begin
    if old.status <> 'Open' or exists (
        select from marketplace.booking b
        where b.territory_id = new.territory_id and b.package_id = new.id and b.status in ('Requested', 'Confirmed', 'Delivered', 'Disputed', 'Accepted')) then
        raise exception 'package %: does not end now', new.reference
            using errcode = 'check_violation', constraint = 'package_ends', schema = 'marketplace', table = 'package';
    end if;
    return new;
end $$;
create trigger package_ends before update on marketplace.package
    for each row execute function marketplace.package_ends();

select marketplace.protect();
-- What a title says does not change; it ends.
revoke update on marketplace.package, marketplace.package_line from borsellino_app;
grant update (status, ended_at) on marketplace.package to borsellino_app;
-- A price that has not come into force may be taken back.
grant delete on marketplace.offer_price to borsellino_app;
