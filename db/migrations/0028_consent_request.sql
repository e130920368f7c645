-- The desk asks a household for its yes to one thing: a booking as it was shown to it, or the calling off of one. The household answers by a
-- message. Nothing is done before it does.
create table marketplace.consent_request (
    territory_id int not null,
    id uuid not null,
    household_id uuid not null,
    -- The booking to be called off; null where one is to be made.
    calls_off uuid,
    -- Whose tax code was told, and for whom the service is.
    told_by uuid not null,
    person_id uuid not null,
    slot_id uuid not null,
    price bigint not null check (price > 0),
    -- What the household would pay of its own.
    own bigint not null,
    -- Price, who pays and the terms, as AsShown writes them. What calling off costs is read with the answer.
    shown text check (length(shown) between 1 and 4000),
    asked_by uuid not null,
    asked_at timestamptz not null,
    valid_until timestamptz not null,
    answer text check (answer in ('Yes', 'No')),
    answered_by uuid,
    answered_at timestamptz,
    -- What calling off cost, as the household read it when it said yes to just that.
    fee bigint check (fee >= 0),
    -- Why a yes did nothing: the code of the refusal; empty for none.
    why text not null default '' check (length(why) <= 60),
    primary key (territory_id, id),
    foreign key (territory_id, household_id) references marketplace.household (territory_id, id),
    foreign key (territory_id, told_by) references marketplace.person (territory_id, id),
    foreign key (territory_id, person_id) references marketplace.person (territory_id, id),
    foreign key (territory_id, slot_id) references marketplace.slot (territory_id, id),
    foreign key (territory_id, calls_off) references marketplace.booking (territory_id, id),
    foreign key (territory_id, asked_by) references marketplace.app_user (territory_id, id),
    foreign key (territory_id, answered_by) references marketplace.app_user (territory_id, id),
    constraint consent_request_own check (own between 0 and price),
    constraint consent_request_time check (valid_until > asked_at and valid_until <= asked_at + interval '48 hours'),
    constraint consent_request_answered check ((answer is null) = (answered_at is null) and (answer is null) = (answered_by is null)),
    constraint consent_request_in_time check (answered_at >= asked_at and answered_at < valid_until),
    constraint consent_request_shown check ((shown is null) = (calls_off is not null)),
    constraint consent_request_fee check ((fee is not null) = (calls_off is not null and answer is not distinct from 'Yes' and why = '')),
    constraint consent_request_why check (why = '' or answer = 'Yes' and answer is not null)
);
create index consent_request_household on marketplace.consent_request (territory_id, household_id, asked_at);
create index consent_request_operator on marketplace.consent_request (territory_id, asked_by, asked_at);

-- Said once.
create function marketplace.consent_request_stands() returns trigger language plpgsql as $$
begin
    if old.answer is not null then
        raise exception 'consent request %: it has been answered', old.id
            using errcode = 'check_violation', constraint = 'consent_request_stands', schema = 'marketplace', table = 'consent_request';
    end if;
    return new;
end $$;
create trigger consent_request_stands before update on marketplace.consent_request
    for each row execute function marketplace.consent_request_stands();

-- A deed by such a yes names it, and one yes makes one deed.
alter table marketplace.desk_act drop constraint desk_act_consent_kind_check;
alter table marketplace.desk_act add constraint desk_act_consent_kind_check check (consent_kind in ('Paper', 'Spoken', 'Telephone', 'Pin', 'Reply'));
alter table marketplace.desk_act
    add request_id uuid,
    add foreign key (territory_id, request_id) references marketplace.consent_request (territory_id, id),
    add constraint desk_act_by_reply check ((request_id is null) = (consent_kind <> 'Reply'));
create unique index desk_act_request on marketplace.desk_act (territory_id, request_id) where request_id is not null;

create function marketplace.desk_act_of_its_request() returns trigger language plpgsql as $$
begin
    if new.request_id is not null and not exists (
        select from marketplace.consent_request q
        where q.territory_id = new.territory_id and q.id = new.request_id and q.household_id = new.household_id and q.asked_by = new.acted_by
          and q.answer = 'Yes' and q.why = ''
          and case when q.calls_off is null then new.deed = 'Booked' else new.deed = 'CalledOff' and new.subject = q.calls_off end) then
        raise exception 'desk act %: the household did not say yes to it', new.id
            using errcode = 'check_violation', constraint = 'desk_act_of_its_request', schema = 'marketplace', table = 'desk_act';
    end if;
    return new;
end $$;
create trigger desk_act_of_its_request before insert on marketplace.desk_act
    for each row execute function marketplace.desk_act_of_its_request();

select marketplace.protect();
revoke update on marketplace.consent_request, marketplace.desk_act from borsellino_app;
grant update (answer, answered_by, answered_at, fee, why) on marketplace.consent_request to borsellino_app;
