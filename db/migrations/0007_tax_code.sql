-- Who is known by SPID or CIE is known by their tax code: whose sign-in it is must be said beforehand, nobody gets one by it.

alter table marketplace.app_user
    add tax_code text check (tax_code ~ '^[A-Z0-9]{16}$'),
    add constraint app_user_tax_code unique (territory_id, tax_code);
