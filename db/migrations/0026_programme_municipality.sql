-- Where a programme pays: services given in these municipalities, at home in those where the household lives; what is given online is given
-- nowhere in particular. From the first day of the first row on it pays nowhere else; before, and without rows, in all of the territory.
create table marketplace.programme_municipality (
    territory_id int not null,
    id uuid not null,
    programme_id uuid not null,
    municipality_code text not null,
    valid_from date not null,
    valid_to date,
    added_by uuid not null,
    added_at timestamptz not null,
    ended_by uuid,
    primary key (territory_id, id),
    foreign key (territory_id, programme_id) references marketplace.programme (territory_id, id),
    foreign key (territory_id, municipality_code) references marketplace.municipality (territory_id, code),
    foreign key (territory_id, added_by) references marketplace.app_user (territory_id, id),
    foreign key (territory_id, ended_by) references marketplace.app_user (territory_id, id),
    constraint programme_municipality_days check (valid_to >= valid_from - 1)
);
create unique index programme_municipality_open on marketplace.programme_municipality (territory_id, programme_id, municipality_code) where valid_to is null;

select marketplace.protect();
revoke update on marketplace.programme_municipality from borsellino_app;
grant update (valid_to, ended_by) on marketplace.programme_municipality to borsellino_app;
