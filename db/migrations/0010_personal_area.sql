-- What a household keeps here beside its money: the help it asked for, what it began and did not send, and until when
-- it has read its messages.

-- A question to a person of the office, with the page on which it came up. The phone number and the question are
-- personal: they stay within the territory's wall and are in no log.
create table marketplace.help_request (
    territory_id int not null,
    id uuid not null,
    household_id uuid not null,
    asked_by uuid not null,
    -- The address below the territory's, such as /prenota/slot_…, and what stood there, in words.
    page text not null check (length(page) <= 200),
    about text not null check (length(about) <= 200),
    phone text not null check (phone ~ '^\+?[0-9][0-9 ]{4,24}$'),
    question text not null check (length(question) <= 600),
    asked_at timestamptz not null,
    answer text check (length(answer) between 1 and 600),
    answered_by uuid,
    answered_at timestamptz,
    primary key (territory_id, id),
    foreign key (territory_id, household_id) references marketplace.household (territory_id, id),
    foreign key (territory_id, asked_by) references marketplace.app_user (territory_id, id),
    foreign key (territory_id, answered_by) references marketplace.app_user (territory_id, id),
    constraint help_request_answered check (
        (answer is null) = (answered_by is null) and (answer is null) = (answered_at is null) and answered_at >= asked_at)
);
create index help_request_household on marketplace.help_request (territory_id, household_id, asked_at);
create index help_request_waiting on marketplace.help_request (territory_id, asked_at) where answered_at is null;
create index help_request_answered_at on marketplace.help_request (territory_id, answered_at) where answered_at is not null;

-- A time that somebody chose and has not booked yet. It holds neither the place nor the money.
create table marketplace.booking_draft (
    territory_id int not null,
    household_id uuid not null,
    slot_id uuid not null,
    person_id uuid not null,
    saved_at timestamptz not null,
    primary key (territory_id, household_id, slot_id),
    foreign key (territory_id, household_id) references marketplace.household (territory_id, id),
    foreign key (territory_id, slot_id) references marketplace.slot (territory_id, id),
    foreign key (territory_id, person_id) references marketplace.person (territory_id, id)
);

-- Each person reads for themselves.
create table marketplace.messages_read (
    territory_id int not null,
    user_id uuid not null,
    household_id uuid not null,
    read_at timestamptz not null,
    primary key (territory_id, user_id, household_id),
    foreign key (territory_id, user_id) references marketplace.app_user (territory_id, id),
    foreign key (territory_id, household_id) references marketplace.household (territory_id, id)
);

-- Until when a person was written to by e-mail about what happened to a family.
create table marketplace.messages_mailed (
    territory_id int not null,
    user_id uuid not null,
    household_id uuid not null,
    mailed_at timestamptz not null,
    primary key (territory_id, user_id, household_id),
    foreign key (territory_id, user_id) references marketplace.app_user (territory_id, id),
    foreign key (territory_id, household_id) references marketplace.household (territory_id, id)
);

select marketplace.protect();
-- A draft that was booked or given up is gone.
grant delete on marketplace.booking_draft to borsellino_app;
-- What was asked stays as it was; an answer is given once.
revoke update on marketplace.help_request from borsellino_app;
grant update (answer, answered_by, answered_at) on marketplace.help_request to borsellino_app;
