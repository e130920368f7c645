-- When offers can be had, week after week, and the days on which a provider is closed. Slots are made from these some weeks ahead.

create table marketplace.opening_hours (
    territory_id int not null,
    id uuid not null,
    offer_id uuid not null,
    weekday smallint not null check (weekday between 1 and 7),
    -- By Italy's clock, for so many minutes.
    starts time not null,
    minutes smallint not null check (minutes between 15 and 1440),
    capacity smallint not null check (capacity between 1 and 500),
    valid_from date not null,
    valid_to date,
    -- There is a slot for each of its days up to this one.
    made_through date not null,
    added_by uuid not null,
    added_at timestamptz not null,
    primary key (territory_id, id),
    foreign key (territory_id, offer_id) references marketplace.offer (territory_id, id),
    foreign key (territory_id, added_by) references marketplace.app_user (territory_id, id),
    constraint opening_hours_days check (valid_to >= valid_from - 1)
);
create index opening_hours_offer on marketplace.opening_hours (territory_id, offer_id);
create index opening_hours_made on marketplace.opening_hours (territory_id, made_through);

create table marketplace.provider_closing (
    territory_id int not null,
    provider_id uuid not null,
    day date not null,
    closed_by uuid not null,
    -- What this closing took back was withdrawn at this instant, and comes back with it.
    closed_at timestamptz not null,
    primary key (territory_id, provider_id, day),
    foreign key (territory_id, provider_id) references marketplace.provider (territory_id, id),
    foreign key (territory_id, closed_by) references marketplace.app_user (territory_id, id)
);

select marketplace.protect();
revoke update on marketplace.opening_hours, marketplace.provider_closing from borsellino_app;
grant update (valid_to, made_through) on marketplace.opening_hours to borsellino_app;
grant delete on marketplace.provider_closing to borsellino_app;
