-- Signing in: who is signed in where, kept by the server. Whoever holds a token is let in, so only its hash is here.

create table marketplace.session (
    territory_id int not null,
    id uuid not null,
    token_hash bytea not null check (length(token_hash) = 32),
    user_id uuid not null,
    role_id uuid not null,                                      -- the hat
    -- Browser and system as their owner would name them, "Firefox, Android"; no address, no version.
    device text not null check (length(device) <= 60),
    signed_in_at timestamptz not null,
    -- Coarse: written every few minutes, so that reading a page writes nothing.
    seen_at timestamptz not null,
    primary key (territory_id, id),
    unique (territory_id, token_hash),
    foreign key (territory_id, user_id) references marketplace.app_user (territory_id, id),
    foreign key (territory_id, role_id) references marketplace.role_grant (territory_id, id) on delete cascade,
    constraint session_times check (signed_in_at <= seen_at)
);
create index session_of_user on marketplace.session (territory_id, user_id);
create index session_of_role on marketplace.session (territory_id, role_id);

-- What a stamp in the cookie did for all sign-ins at once, the rows do one by one.
alter table marketplace.app_user drop column security_stamp;

select marketplace.protect();
-- A session that has ended is gone: nobody needs to know for ever who was here when.
grant delete on marketplace.session to borsellino_app;
