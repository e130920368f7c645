-- Products: offers of things that are handed over, piece by piece, and take no time. What a household bought of one is a package without
-- times: one title over one hold, whose units are pieces.

alter table marketplace.offer
    add kind text not null default 'Service' check (kind in ('Service', 'Product')),
    add stock int check (stock between 0 and 10000),            -- how many can still be bought; null: nobody counts
    drop constraint offer_minutes_check,
    drop constraint offer_package_days_check,
    add constraint offer_package_days_check check (package_days between 1 and 366),
    drop constraint offer_package,
    -- A product has the same terms, but how many is said by whoever buys it; and none of the rules of a time.
    add constraint offer_package check (case kind
        when 'Product' then package_units is null
            and num_nulls(package_name_it, package_name_en, package_days, package_return_days, package_returns_rest) = 0
        else num_nulls(package_units, package_name_it, package_name_en, package_days, package_return_days, package_returns_rest) in (0, 6) end),
    add constraint offer_kind check (case kind
        when 'Product' then minutes = 0 and cancel_fee = 0 and place <> 'Online' and not needs_staff
        else minutes between 15 and 1440 and stock is null end);

create function marketplace.offer_kind_fixed() returns trigger language plpgsql as $$
begin
    raise exception 'offer %: a service does not become a product', old.id
        using errcode = 'check_violation', constraint = 'offer_kind_fixed', schema = 'marketplace', table = 'offer';
end $$;
create trigger offer_kind_fixed before update of kind on marketplace.offer for each row
    when (old.kind <> new.kind) execute function marketplace.offer_kind_fixed();

create function marketplace.slot_of_a_service() returns trigger language plpgsql as $$
begin
    if exists (select from marketplace.offer where territory_id = new.territory_id and id = new.offer_id and kind = 'Product') then
        raise exception 'slot %: a product has no times', new.id
            using errcode = 'check_violation', constraint = 'slot_of_a_service', schema = 'marketplace', table = 'slot';
    end if;
    return new;
end $$;
create trigger slot_of_a_service before insert on marketplace.slot for each row execute function marketplace.slot_of_a_service();

alter table marketplace.package
    drop constraint package_units_check,
    add constraint package_units_check check (units between 1 and 50),
    drop constraint package_status_check,
    -- Unavailable: its provider cannot hand over what is left.
    add constraint package_status_check check (status in ('Open', 'UsedUp', 'Lapsed', 'Returned', 'Unavailable')),
    add end_note text not null default '' check (length(end_note) <= 300),
    add constraint package_end_note check ((end_note = '') = (status <> 'Unavailable'));
grant update (end_note) on marketplace.package to borsellino_app;
create index package_provider on marketplace.package (territory_id, provider_id);

-- A piece that was handed over is a booking without a time, paid in the same step.
alter table marketplace.booking
    alter column slot_id drop not null,
    add constraint booking_piece check (
        slot_id is not null or package_id is not null and status in ('Settled', 'Paid') and settled = covered and attended in ('Voucher', 'List'));

create or replace function marketplace.unit_of_its_package() returns trigger language plpgsql as $$
begin
    if not exists (
        select from marketplace.package p
        join marketplace.offer o on o.territory_id = p.territory_id and o.id = p.offer_id and (o.kind = 'Product') = (new.slot_id is null)
        where p.territory_id = new.territory_id and p.id = new.package_id and p.status = 'Open' and new.package_unit <= p.units
          and (p.offer_id, p.provider_id, p.household_id, p.person_id, p.unit_price) = (new.offer_id, new.provider_id, new.household_id, new.person_id, new.price)
          and new.covered = marketplace.unit_share(p.covered, p.units, new.package_unit)
          and (new.starts_at at time zone 'Europe/Rome')::date <= p.last_day) then
        raise exception 'booking %: not a unit of its package', new.reference
            using errcode = 'check_violation', constraint = 'unit_of_its_package', schema = 'marketplace', table = 'booking';
    end if;
    return new;
end $$;

-- The desk buys for a household too.
alter table marketplace.desk_act drop constraint desk_act_deed_check;
alter table marketplace.desk_act add constraint desk_act_deed_check check (
    deed in ('Looked', 'SaidYes', 'SaidNo', 'Joined', 'Left', 'JoinedWeekly', 'Booked', 'CalledOff', 'Bought', 'Explained', 'Delegated'));
