-- What a household wants to find again: offers it has marked, and searches whose news it wants to be told. And what a search may ask of an
-- offer besides: for which ages it is, and since when families can see it.

alter table marketplace.offer
    -- Since when it is published; null for what never was. Publishing what was withdrawn is news again.
    add published_at timestamptz,
    -- From how many years to how many; null for no limit.
    add age_min smallint check (age_min between 0 and 120),
    add age_max smallint check (age_max between 0 and 120),
    add constraint offer_ages check (age_min <= age_max);
update marketplace.offer set published_at = now() where status <> 'Draft';
-- Lists ask of each offer whether a group of it still takes families in.
create index pool_collecting on marketplace.pool (territory_id, offer_id) where status = 'Collecting';
-- Which offers have a free time from some day on is asked of ten thousand at once, and answered by these alone.
drop index marketplace.slot_upcoming;
create index slot_free on marketplace.slot (territory_id, offer_id, starts_at) where withdrawn_at is null and taken < capacity;
create index slot_free_soon on marketplace.slot (territory_id, starts_at, offer_id) where withdrawn_at is null and taken < capacity;
create index offer_published on marketplace.offer (territory_id, published_at) where status = 'Published';

create table marketplace.favourite (
    territory_id int not null,
    household_id uuid not null,
    offer_id uuid not null,
    marked_at timestamptz not null,
    primary key (territory_id, household_id, offer_id),
    foreign key (territory_id, household_id) references marketplace.household (territory_id, id),
    foreign key (territory_id, offer_id) references marketplace.offer (territory_id, id)
);

-- What was asked of the catalogue, in the words of who asked: they stay within the territory's wall and are in no log.
create table marketplace.saved_search (
    territory_id int not null,
    id uuid not null,
    household_id uuid not null,
    -- Said by what is asked, in both languages.
    name_it text not null check (length(name_it) between 1 and 400),
    name_en text not null check (length(name_en) between 1 and 400),
    words text not null check (length(words) <= 100),
    class_code text,
    municipality_code text,
    within_km smallint check (within_km between 1 and 500),
    from_day date,
    price_max bigint check (price_max > 0),
    -- Whether the limit is on what the purse leaves to pay.
    after_purse boolean not null,
    age smallint check (age between 0 and 120),
    sharing text not null check (sharing in ('Either', 'Shared', 'Alone')),
    -- In which language, as ISO 639-1 names it, and all that there must be for who moves, hears or reads otherwise.
    language text check (language ~ '^[a-z]{2}$'),
    access text[] not null
        check (access <@ array['StepFree', 'Lift', 'AdaptedToilet', 'ReservedParking', 'SignLanguage', 'HearingLoop', 'EasyToRead']),
    saved_at timestamptz not null,
    -- What was published up to this instant has been looked at.
    looked_at timestamptz not null,
    told_at timestamptz,
    primary key (territory_id, id),
    foreign key (territory_id, household_id) references marketplace.household (territory_id, id),
    foreign key (territory_id, class_code) references marketplace.service_class (territory_id, code),
    foreign key (territory_id, municipality_code) references marketplace.municipality (territory_id, code),
    constraint saved_search_asks check (
        words <> '' or class_code is not null or municipality_code is not null or from_day is not null or price_max is not null
        or age is not null or sharing <> 'Either' or language is not null or access <> '{}'),
    constraint saved_search_distance check (within_km is null or municipality_code is not null),
    constraint saved_search_purse check (price_max is not null or not after_purse)
);
create index saved_search_household on marketplace.saved_search (territory_id, household_id);
create index saved_search_looked on marketplace.saved_search (territory_id, looked_at);

-- What was found for a search and told: never twice.
create table marketplace.saved_search_find (
    territory_id int not null,
    search_id uuid not null,
    offer_id uuid not null,
    told_at timestamptz not null,
    primary key (territory_id, search_id, offer_id),
    foreign key (territory_id, search_id) references marketplace.saved_search (territory_id, id) on delete cascade,
    foreign key (territory_id, offer_id) references marketplace.offer (territory_id, id)
);

select marketplace.protect();
grant delete on marketplace.favourite, marketplace.saved_search to borsellino_app;
revoke update on marketplace.favourite, marketplace.saved_search, marketplace.saved_search_find from borsellino_app;
grant update (looked_at, told_at) on marketplace.saved_search to borsellino_app;
