-- A relative acts for a household: the household names until when, hands over a code, and the relative takes it up with a sign-in of its own.
create table marketplace.delegation (
    territory_id int not null,
    id uuid not null,
    household_id uuid not null,
    -- What the household calls the relative, such as "mia figlia".
    label text not null check (length(label) between 1 and 60),
    -- The last day, in Italy.
    valid_to date not null,
    code_hash bytea not null check (length(code_hash) = 32),
    code_until timestamptz not null,
    given_by uuid not null,
    given_at timestamptz not null,
    delegate_id uuid,
    accepted_at timestamptz,
    ended_by uuid,
    ended_at timestamptz,
    primary key (territory_id, id),
    foreign key (territory_id, household_id) references marketplace.household (territory_id, id),
    foreign key (territory_id, given_by) references marketplace.app_user (territory_id, id),
    foreign key (territory_id, delegate_id) references marketplace.app_user (territory_id, id),
    foreign key (territory_id, ended_by) references marketplace.app_user (territory_id, id),
    constraint delegation_accepted check ((delegate_id is null) = (accepted_at is null)),
    constraint delegation_ended check ((ended_by is null) = (ended_at is null)),
    constraint delegation_has_an_end check (valid_to <= (given_at at time zone 'Europe/Rome')::date + 740)
);
create unique index delegation_code on marketplace.delegation (territory_id, code_hash);
create index delegation_household on marketplace.delegation (territory_id, household_id);
create index delegation_delegate on marketplace.delegation (territory_id, delegate_id) where delegate_id is not null;

-- The role by which a delegate acts holds until a day; a role of one's own has no end.
alter table marketplace.role_grant
    add delegation_id uuid,
    add valid_to date,
    add foreign key (territory_id, delegation_id) references marketplace.delegation (territory_id, id),
    add constraint role_grant_delegated check (
        (delegation_id is null) = (valid_to is null) and (delegation_id is null or role = 'Household'));

-- Who acts for whom, and until when, is what the delegation says.
create function marketplace.role_grant_of_its_delegation() returns trigger language plpgsql as $$
begin
    if new.delegation_id is not null and not exists (
        select from marketplace.delegation d
        where d.territory_id = new.territory_id and d.id = new.delegation_id and d.household_id = new.household_id
          and d.delegate_id = new.user_id and new.valid_to <= d.valid_to and (d.ended_at is null or new.valid_to < (d.ended_at at time zone 'Europe/Rome')::date)) then
        raise exception 'role %: its delegation does not give it', new.id
            using errcode = 'check_violation', constraint = 'role_grant_of_its_delegation', schema = 'marketplace', table = 'role_grant';
    end if;
    return new;
end $$;
create trigger role_grant_of_its_delegation before insert or update on marketplace.role_grant
    for each row execute function marketplace.role_grant_of_its_delegation();

alter table marketplace.desk_act drop constraint desk_act_deed_check;
alter table marketplace.desk_act add constraint desk_act_deed_check check (
    deed in ('Looked', 'SaidYes', 'SaidNo', 'Joined', 'Left', 'JoinedWeekly', 'Booked', 'CalledOff', 'Explained', 'Delegated'));

select marketplace.protect();
revoke update on marketplace.delegation from borsellino_app;
grant update (code_hash, code_until, delegate_id, accepted_at, ended_by, ended_at) on marketplace.delegation to borsellino_app;
revoke update on marketplace.role_grant from borsellino_app;
grant update (valid_to) on marketplace.role_grant to borsellino_app;
