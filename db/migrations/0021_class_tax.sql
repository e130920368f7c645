-- How a service class is treated for tax, with the days on which that holds: the letter of art. 51 TUIR under which a company may give it,
-- and its VAT. What is said of a class holds for those below it that say nothing of their own.
create table marketplace.class_tax (
    territory_id int not null,
    id uuid not null,
    class_code text not null,
    -- The letter of art. 51 c. 2, or c. 3 for fringe benefits; null: no company may give it by these rules.
    letter text check (letter in ('F', 'FBis', 'FTer', 'FQuater', 'DBis', 'C3')),
    -- Hundredths of a per cent; without a rate the nature says why, as electronic invoices have it.
    vat_rate int not null check (vat_rate between 0 and 10000),
    vat_nature text not null check (vat_nature = '' or vat_nature ~ '^N[1-7](\.[1-9])?$'),
    reference text not null check (length(reference) between 3 and 200),
    valid_from date not null,
    valid_to date check (valid_to >= valid_from),
    set_by uuid not null,
    set_at timestamptz not null,
    primary key (territory_id, id),
    foreign key (territory_id, class_code) references marketplace.service_class (territory_id, code),
    foreign key (territory_id, set_by) references marketplace.app_user (territory_id, id),
    constraint class_tax_nature_without_rate check ((vat_rate = 0) = (vat_nature <> ''))
);
create unique index class_tax_begins on marketplace.class_tax (territory_id, class_code, valid_from);
-- One that has no end yet.
create unique index class_tax_open on marketplace.class_tax (territory_id, class_code) where valid_to is null;

select marketplace.protect();
-- What held on a day that has passed stays; only an end is written.
revoke update on marketplace.class_tax, marketplace.required_document from borsellino_app;
grant update (valid_to) on marketplace.class_tax, marketplace.required_document to borsellino_app;
