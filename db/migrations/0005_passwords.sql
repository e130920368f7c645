-- Passwords: how often one was tried, and the links by which a forgotten one is set anew.

-- The same row for whoever an e-mail belongs to, and for one that belongs to nobody: so that neither what is answered nor
-- what is done tells the two apart.
create table marketplace.sign_in_attempt (
    territory_id int not null,
    -- A hash of what is tried and of whom: no address stands here.
    subject bytea not null check (length(subject) = 32),
    since timestamptz not null,
    attempts int not null check (attempts > 0),
    primary key (territory_id, subject)
);
create index sign_in_attempt_since on marketplace.sign_in_attempt (territory_id, since);

alter table marketplace.app_user drop column failed_sign_ins, drop column locked_until;

-- Used or run out, it is gone.
create table marketplace.password_reset (
    territory_id int not null,
    token_hash bytea not null check (length(token_hash) = 32),
    user_id uuid not null,
    expires_at timestamptz not null,
    primary key (territory_id, token_hash),
    foreign key (territory_id, user_id) references marketplace.app_user (territory_id, id)
);
create index password_reset_of_user on marketplace.password_reset (territory_id, user_id);

select marketplace.protect();
grant delete on marketplace.sign_in_attempt, marketplace.password_reset to borsellino_app;
