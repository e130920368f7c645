-- The second factor: codes from a telephone (RFC 6238), and codes on paper for the day it is lost.

create table marketplace.second_factor (
    territory_id int not null,
    user_id uuid not null,
    -- Encrypted under a key of the data folder: who has the database alone can make no codes.
    secret bytea not null check (length(secret) between 20 and 1000),
    -- The half minute of the last code that was used: neither it nor one before it opens again.
    last_step bigint not null check (last_step > 0),
    since timestamptz not null,
    primary key (territory_id, user_id),
    foreign key (territory_id, user_id) references marketplace.app_user (territory_id, id)
);

-- Used, it is gone.
create table marketplace.recovery_code (
    territory_id int not null,
    user_id uuid not null,
    code_hash bytea not null check (length(code_hash) = 32),
    primary key (territory_id, user_id, code_hash),
    foreign key (territory_id, user_id) references marketplace.second_factor (territory_id, user_id) on delete cascade
);

-- What is still to be shown or set up before the session is a sign-in.
alter table marketplace.session add awaits text check (awaits in ('Code', 'Enrolment'));

select marketplace.protect();
grant delete on marketplace.second_factor, marketplace.recovery_code to borsellino_app;
