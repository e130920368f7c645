-- One photo of an offer, as the program itself drew it anew from what its provider sent: nothing of the file that was sent is kept.
create table marketplace.offer_photo (
    territory_id int not null,
    offer_id uuid not null,
    sha256 bytea not null check (length(sha256) = 32),                      -- of the large picture: the address of both
    large bytea not null check (length(large) between 1 and 4000000),       -- JPEG, at most 1200 pixels
    card bytea not null check (length(card) between 1 and 1000000),         -- JPEG, 480 by 360
    width smallint not null check (width between 1 and 1200),               -- of the large picture
    height smallint not null check (height between 1 and 1200),
    alt_it text not null check (length(alt_it) between 3 and 160),          -- what is to be seen, for whoever does not see it
    alt_en text not null check (length(alt_en) between 3 and 160),
    uploaded_by uuid not null,
    uploaded_at timestamptz not null,
    primary key (territory_id, offer_id),
    foreign key (territory_id, offer_id) references marketplace.offer (territory_id, id),
    foreign key (territory_id, uploaded_by) references marketplace.app_user (territory_id, id)
);
create index offer_photo_address on marketplace.offer_photo (territory_id, sha256);
-- They are packed already.
alter table marketplace.offer_photo alter column large set storage external, alter column card set storage external;

select marketplace.protect();
grant delete on marketplace.offer_photo to borsellino_app;
