-- How a provider comes to be accredited: what it must show, what it asks for, and every step with its date.

-- What must be shown for a class and those below it, from a day, perhaps until one; without a class for all of them.
create table marketplace.required_document (
    territory_id int not null references marketplace.territory,
    id uuid not null,
    code text not null check (code ~ '^[a-z0-9-]{2,40}$'),
    class_code text,
    name_it text not null check (length(name_it) between 3 and 120),
    name_en text not null check (length(name_en) between 3 and 120),
    -- Whether it holds until a day that is written on it.
    ends boolean not null,
    valid_from date not null,
    valid_to date check (valid_to >= valid_from),
    primary key (territory_id, id),
    foreign key (territory_id, class_code) references marketplace.service_class (territory_id, code)
);

create table marketplace.accreditation_request (
    territory_id int not null,
    id uuid not null,
    provider_id uuid not null,
    class_code text not null,
    wanted_from date not null,
    wanted_to date not null,
    status text not null check (status in ('Submitted', 'Incomplete', 'Granted', 'Refused', 'Withdrawn')),
    submitted_by uuid not null,
    submitted_at timestamptz not null,
    moved_at timestamptz not null,
    accreditation_id uuid,
    primary key (territory_id, id),
    foreign key (territory_id, provider_id) references marketplace.provider (territory_id, id),
    foreign key (territory_id, class_code) references marketplace.service_class (territory_id, code),
    foreign key (territory_id, submitted_by) references marketplace.app_user (territory_id, id),
    foreign key (territory_id, accreditation_id) references marketplace.accreditation (territory_id, id),
    constraint accreditation_request_days check (wanted_from <= wanted_to),
    constraint accreditation_request_granted check ((status = 'Granted') = (accreditation_id is not null))
);
-- One that waits for each provider and class.
create unique index accreditation_request_open on marketplace.accreditation_request (territory_id, provider_id, class_code)
    where status in ('Submitted', 'Incomplete');
create unique index accreditation_request_accreditation on marketplace.accreditation_request (territory_id, accreditation_id);

create table marketplace.accreditation_document (
    territory_id int not null,
    id uuid not null,
    request_id uuid not null,
    code text not null check (code ~ '^[a-z0-9-]{2,40}$'),
    file_name text not null check (length(file_name) between 1 and 200),
    type text not null check (type in ('Pdf', 'Jpeg', 'Png')),
    content bytea not null check (length(content) between 1 and 5242880),
    valid_to date,
    added_by uuid not null,
    added_at timestamptz not null,
    primary key (territory_id, id),
    foreign key (territory_id, request_id) references marketplace.accreditation_request (territory_id, id),
    foreign key (territory_id, added_by) references marketplace.app_user (territory_id, id)
);
create index accreditation_document_request on marketplace.accreditation_document (territory_id, request_id);

-- What either side did and wrote, which both read.
create table marketplace.accreditation_note (
    territory_id int not null,
    id uuid not null,
    request_id uuid,
    accreditation_id uuid,
    step text not null check (step in
        ('Submitted', 'Completed', 'MoreAsked', 'Granted', 'Refused', 'Withdrawn', 'Suspended', 'Reinstated', 'Revoked')),
    note text not null check (length(note) <= 600),
    by_user uuid not null,
    at timestamptz not null,
    primary key (territory_id, id),
    foreign key (territory_id, request_id) references marketplace.accreditation_request (territory_id, id),
    foreign key (territory_id, accreditation_id) references marketplace.accreditation (territory_id, id),
    foreign key (territory_id, by_user) references marketplace.app_user (territory_id, id),
    constraint accreditation_note_about check ((request_id is null) <> (accreditation_id is null)),
    -- The office says why.
    constraint accreditation_note_says_why check (step not in ('MoreAsked', 'Refused', 'Suspended', 'Revoked') or length(note) > 0)
);
create index accreditation_note_request on marketplace.accreditation_note (territory_id, request_id, at);
create index accreditation_note_accreditation on marketplace.accreditation_note (territory_id, accreditation_id, at);

create function marketplace.accreditation_request_moves() returns trigger language plpgsql as $$
begin
    if new.status <> old.status and (old.status, new.status) not in (
        ('Submitted', 'Incomplete'), ('Submitted', 'Granted'), ('Submitted', 'Refused'), ('Submitted', 'Withdrawn'),
        ('Incomplete', 'Submitted'), ('Incomplete', 'Refused'), ('Incomplete', 'Withdrawn')) then
        raise exception 'a request does not go from % to %', old.status, new.status using constraint = 'accreditation_request_moves';
    end if;
    return new;
end $$;
create trigger accreditation_request_moves before update on marketplace.accreditation_request
    for each row execute function marketplace.accreditation_request_moves();

create function marketplace.accreditation_moves() returns trigger language plpgsql as $$
begin
    if old.status = 'Revoked' and new.status <> 'Revoked' then
        raise exception 'what is revoked stays revoked' using constraint = 'accreditation_moves';
    end if;
    return new;
end $$;
create trigger accreditation_moves before update on marketplace.accreditation
    for each row execute function marketplace.accreditation_moves();

select marketplace.protect();
-- What was asked, shown and written stays as it was.
revoke update on marketplace.accreditation_request, marketplace.accreditation_document, marketplace.accreditation_note, marketplace.required_document
    from borsellino_app;
grant update (status, moved_at, accreditation_id) on marketplace.accreditation_request to borsellino_app;
grant update (valid_to) on marketplace.required_document to borsellino_app;
