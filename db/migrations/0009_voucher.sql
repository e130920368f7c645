-- A voucher is the title of one booking: the reference is its number, the person who uses the service is its name, what the
-- purse pays is its value. It has no row of its own that could say anything else; what it says never changes, and its state is
-- the booking's. Its PIN is stored nowhere (see VoucherPins).

-- How the provider knows that the person was there: the voucher's number and PIN, or the list of the day.
alter table marketplace.booking add column attended text check (attended in ('Voucher', 'List'));

-- What is printed on a title stays as it is: nobody makes it worth more, hands it to somebody else or moves it to another provider.
create function marketplace.voucher_fixed() returns trigger language plpgsql as $$
begin
    raise exception 'voucher %: what a title says does not change', old.reference
        using errcode = 'check_violation', constraint = 'voucher_fixed', schema = 'marketplace', table = 'booking';
end $$;
create trigger voucher_fixed before update of reference, provider_id, household_id, person_id, price, covered, copayment, hold_id
    on marketplace.booking for each row
    when ((old.reference, old.provider_id, old.household_id, old.person_id, old.price, old.covered, old.copayment, old.hold_id)
        is distinct from (new.reference, new.provider_id, new.household_id, new.person_id, new.price, new.covered, new.copayment, new.hold_id))
    execute function marketplace.voucher_fixed();

-- Its value is its hold, to the cent, from the moment it exists.
create function marketplace.voucher_is_its_hold() returns trigger language plpgsql as $$
begin
    if new.covered is distinct from (
        select sum(amount) from ledger.hold_line where territory_id = new.territory_id and hold_id = new.hold_id) then
        raise exception 'voucher %: % is not what its hold sets aside', new.reference, new.covered
            using errcode = 'check_violation', constraint = 'voucher_is_its_hold', schema = 'marketplace', table = 'booking';
    end if;
    return null;
end $$;
create trigger voucher_is_its_hold after insert on marketplace.booking
    for each row when (new.hold_id is not null) execute function marketplace.voucher_is_its_hold();

-- Reference table, the same for all territories: what the law asks of titles by who funds them, and since when. A company's title
-- (TUIR art. 51 c. 3-bis, DM 25.3.2016 art. 6) is for one service at its whole price: it neither pays a part nor is topped up.
create table marketplace.title_rule (
    funder_kind text not null check (funder_kind in ('Municipality', 'Region', 'State', 'Company', 'Foundation')),
    valid_from date not null,
    valid_to date check (valid_to >= valid_from),
    whole_price boolean not null,
    law text not null
);
insert into marketplace.title_rule (funder_kind, valid_from, whole_price, law) values
    ('Company', '2016-01-01', true, 'TUIR art. 51 c. 3-bis; DM 25.3.2016 art. 6');
grant select on marketplace.title_rule to borsellino_app;
