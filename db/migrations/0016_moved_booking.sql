-- A household moves what it booked to another time: the old booking ends for nothing and another takes its place, which says so.
alter table marketplace.booking
    add moved_from uuid,
    add foreign key (territory_id, moved_from) references marketplace.booking (territory_id, id),
    add constraint booking_moved_elsewhere check (moved_from <> id);
create unique index booking_moved_from on marketplace.booking (territory_id, moved_from) where moved_from is not null;
