-- More rules of programmes, each with its days: how much in a week, a month or a year, which providers, and the part that the household
-- pays itself by its ISEE. A rule that has held is never rewritten: it ends, and another begins.

-- At most so many cents or minutes in a period, for the class and all below it, or for everything the programme pays.
create table marketplace.programme_limit (
    territory_id int not null,
    id uuid not null,
    programme_id uuid not null,
    class_code text,
    period text not null check (period in ('Week', 'Month', 'Year')),   -- weeks as ISO counts them, days as Italy does
    cents_max bigint check (cents_max > 0),
    minutes_max int check (minutes_max between 1 and 527040),
    -- It counts the services of these days, and only them.
    valid_from date not null,
    valid_to date,
    added_by uuid not null,
    added_at timestamptz not null,
    ended_by uuid,
    primary key (territory_id, id),
    foreign key (territory_id, programme_id) references marketplace.programme (territory_id, id),
    foreign key (territory_id, class_code) references marketplace.service_class (territory_id, code),
    foreign key (territory_id, added_by) references marketplace.app_user (territory_id, id),
    foreign key (territory_id, ended_by) references marketplace.app_user (territory_id, id),
    constraint programme_limit_of_something check (cents_max is not null or minutes_max is not null),
    -- One that ends the day before it would begin never holds.
    constraint programme_limit_days check (valid_to >= valid_from - 1)
);
create index programme_limit_programme on marketplace.programme_limit (territory_id, programme_id);

-- Whom a programme pays. From the first day of the first row on it pays nobody else; before, and without rows, every accredited provider.
create table marketplace.programme_provider (
    territory_id int not null,
    id uuid not null,
    programme_id uuid not null,
    provider_id uuid not null,
    valid_from date not null,
    valid_to date,
    added_by uuid not null,
    added_at timestamptz not null,
    ended_by uuid,
    primary key (territory_id, id),
    foreign key (territory_id, programme_id) references marketplace.programme (territory_id, id),
    foreign key (territory_id, provider_id) references marketplace.provider (territory_id, id),
    foreign key (territory_id, added_by) references marketplace.app_user (territory_id, id),
    foreign key (territory_id, ended_by) references marketplace.app_user (territory_id, id),
    constraint programme_provider_days check (valid_to >= valid_from - 1)
);
create unique index programme_provider_open on marketplace.programme_provider (territory_id, programme_id, provider_id) where valid_to is null;

alter table marketplace.programme drop constraint programme_copayment_check;
alter table marketplace.programme add constraint programme_copayment_check check (copayment in ('Forbidden', 'Allowed', 'Required'));

-- The part that the household pays itself, by its ISEE: the versions of one programme follow each other.
create table marketplace.programme_share (
    territory_id int not null,
    id uuid not null,
    programme_id uuid not null,
    formula text not null check (formula in ('Bands', 'Linear', 'Quadratic')),
    -- What the figures are: cents for one booking, cents for an hour, or hundredths of a percent of the price.
    unit text not null check (unit in ('Booking', 'Hour', 'Price')),
    indicator text not null check (indicator in ('Ordinary', 'Minors', 'SocioSanitary', 'University')),
    least bigint not null check (least >= 0),
    most bigint not null,
    -- Cents of ISEE: up to the first one pays the least, from the second on the most. A table of bands has limits of its own.
    isee_from bigint not null check (isee_from >= 0),
    isee_to bigint not null,
    -- Without an ISEE that holds on the day of the service: the most until it is renewed, or the programme does not pay.
    without_isee text not null check (without_isee in ('Most', 'NotPaid')),
    valid_from date not null,
    valid_to date,
    added_by uuid not null,
    added_at timestamptz not null,
    primary key (territory_id, id),
    foreign key (territory_id, programme_id) references marketplace.programme (territory_id, id),
    foreign key (territory_id, added_by) references marketplace.app_user (territory_id, id),
    constraint programme_share_days check (valid_to >= valid_from - 1),
    constraint programme_share_figures check (least <= most and most <= case unit when 'Price' then 10000 else 100000000 end),
    constraint programme_share_limits check (formula = 'Bands' or isee_from < isee_to)
);
create unique index programme_share_open on marketplace.programme_share (territory_id, programme_id) where valid_to is null;

create table marketplace.programme_share_band (
    territory_id int not null,
    share_id uuid not null,
    isee_to bigint not null check (isee_to >= 0),               -- who has at most this pays the figure
    figure bigint not null check (figure >= 0),
    primary key (territory_id, share_id, isee_to),
    foreign key (territory_id, share_id) references marketplace.programme_share (territory_id, id)
);

-- Of a household's declaration the value, its kind, number and days, and nothing else of what it says.
create table marketplace.household_isee (
    territory_id int not null,
    id uuid not null,
    household_id uuid not null,
    indicator text not null check (indicator in ('Ordinary', 'Minors', 'SocioSanitary', 'University')),
    value bigint not null check (value between 0 and 10000000000),
    dsu_number text not null check (dsu_number ~ '^[A-Z0-9][A-Z0-9/.-]{3,39}$'),
    presented_on date not null,
    valid_to date not null,
    recorded_by uuid not null,
    recorded_at timestamptz not null,
    primary key (territory_id, id),
    foreign key (territory_id, household_id) references marketplace.household (territory_id, id),
    foreign key (territory_id, recorded_by) references marketplace.app_user (territory_id, id),
    -- From its presentation to the end of the year (D.Lgs. 147/2017 art. 10 c. 4); a current one may end sooner.
    constraint household_isee_days check (valid_to between presented_on and make_date(extract(year from presented_on)::int, 12, 31))
);
create index household_isee_household on marketplace.household_isee (territory_id, household_id);

-- With what each grant pays goes the part that its programme leaves to the household: so many cents and so many hundredths of a percent
-- of the price. It is fixed when the money is held, so that a share whose price falls later is divided as was agreed.
alter table marketplace.booking_line
    add own_cents bigint not null default 0 check (own_cents >= 0),
    add own_percent int not null default 0 check (own_percent between 0 and 10000);
alter table marketplace.pool_share_line
    add own_cents bigint not null default 0 check (own_cents >= 0),
    add own_percent int not null default 0 check (own_percent between 0 and 10000);
alter table marketplace.pool_raise_line
    add own_cents bigint not null default 0 check (own_cents >= 0),
    add own_percent int not null default 0 check (own_percent between 0 and 10000);

-- What its programme leaves to the household is never paid from it: half a cent is rounded up, as the program does.
create function marketplace.own_part_left() returns trigger language plpgsql as $$
declare
    whole bigint;
begin
    select price into whole from marketplace.booking where territory_id = new.territory_id and id = new.booking_id;
    if new.amount > whole - least(whole, new.own_cents + (whole * new.own_percent * 2 + 10000) / 20000) then
        raise exception 'booking %: a grant pays the part that its programme leaves to the household', new.booking_id
            using errcode = 'check_violation', constraint = 'own_part_left', schema = 'marketplace', table = 'booking_line';
    end if;
    return null;
end $$;
create trigger own_part_left after insert on marketplace.booking_line
    for each row when (new.own_cents > 0 or new.own_percent > 0) execute function marketplace.own_part_left();

-- An operator may read, with consent, why a household's money does not pay for something.
alter table marketplace.desk_act drop constraint desk_act_deed_check;
alter table marketplace.desk_act add constraint desk_act_deed_check
    check (deed in ('Looked', 'SaidYes', 'SaidNo', 'Joined', 'Left', 'JoinedWeekly', 'Booked', 'CalledOff', 'Explained'));
alter table marketplace.desk_act drop constraint desk_act_about;
alter table marketplace.desk_act add constraint desk_act_about check ((subject is null) = (deed in ('Looked', 'Explained')));

select marketplace.protect();
revoke update on marketplace.programme_limit, marketplace.programme_provider, marketplace.programme_share, marketplace.programme_share_band,
    marketplace.household_isee from borsellino_app;
grant update (valid_to, ended_by) on marketplace.programme_limit, marketplace.programme_provider to borsellino_app;
grant update (valid_to) on marketplace.programme_share to borsellino_app;
