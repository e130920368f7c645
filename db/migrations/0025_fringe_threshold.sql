-- What a company may give an employee in a year as fringe benefits (TUIR art. 51 c. 3) without all of it being taxed. Past it by a cent the
-- whole amount is, so nothing is paid past it. The higher tier is for who declares children that depend on them, with their tax codes.

-- Reference table, the same for all territories: the law's amounts in cents, by the days on which benefits come into the employee's hands.
create table marketplace.fringe_threshold (
    valid_from date primary key,
    valid_to date not null check (valid_to >= valid_from),
    general bigint not null check (general > 0),
    with_children bigint not null check (with_children >= general),
    law text not null
);
insert into marketplace.fringe_threshold (valid_from, valid_to, general, with_children, law) values
    ('2000-01-01', '2019-12-31', 25823, 25823, 'TUIR art. 51 c. 3'),
    ('2020-01-01', '2021-12-31', 51646, 51646, 'DL 104/2020 art. 112; DL 41/2021 art. 6-quinquies'),
    ('2022-01-01', '2022-12-31', 300000, 300000, 'DL 115/2022 art. 12; DL 176/2022 art. 3'),
    ('2023-01-01', '2023-12-31', 25823, 300000, 'DL 48/2023 art. 40'),
    ('2024-01-01', '2024-12-31', 100000, 200000, 'L. 213/2023 art. 1 c. 16-17'),
    ('2025-01-01', '2027-12-31', 100000, 200000, 'L. 207/2024 art. 1 c. 390-391'),
    -- Unless a law says otherwise until then.
    ('2028-01-01', '9999-12-31', 25823, 25823, 'TUIR art. 51 c. 3');
grant select on marketplace.fringe_threshold to borsellino_app;

create table marketplace.children_declaration (
    territory_id int not null,
    id uuid not null,
    household_id uuid not null,
    funder_id uuid not null,                                    -- the company it is made to
    tax_year smallint not null check (tax_year between 2000 and 9998),
    declared_by uuid not null,
    declared_at timestamptz not null,
    withdrawn_by uuid,
    withdrawn_at timestamptz,
    primary key (territory_id, id),
    foreign key (territory_id, household_id) references marketplace.household (territory_id, id),
    foreign key (territory_id, funder_id) references marketplace.funder (territory_id, id),
    foreign key (territory_id, declared_by) references marketplace.app_user (territory_id, id),
    foreign key (territory_id, withdrawn_by) references marketplace.app_user (territory_id, id),
    constraint children_declaration_withdrawn check ((withdrawn_by is null) = (withdrawn_at is null))
);
create unique index children_declaration_living on marketplace.children_declaration (territory_id, household_id, funder_id, tax_year)
    where withdrawn_at is null;

create table marketplace.declared_child (
    territory_id int not null,
    declaration_id uuid not null,
    person_id uuid not null,
    primary key (territory_id, declaration_id, person_id),
    foreign key (territory_id, declaration_id) references marketplace.children_declaration (territory_id, id),
    foreign key (territory_id, person_id) references marketplace.person (territory_id, id)
);

-- Under which letter a company gives a class on a day: what is said of the class itself, or of the nearest above it.
create function marketplace.letter_on(of_territory int, of_class text, on_day date) returns text language sql stable as $$
    with recursive up as (
        select code, parent_code, 0 as steps from marketplace.service_class where territory_id = of_territory and code = of_class
        union all
        select c.code, c.parent_code, up.steps + 1 from up
        join marketplace.service_class c on c.territory_id = of_territory and c.code = up.parent_code
    )
    select t.letter from up
    join marketplace.class_tax t on t.territory_id = of_territory and t.class_code = up.code
        and on_day between t.valid_from and coalesce(t.valid_to, date '9999-12-31')
    order by up.steps limit 1
$$;

-- The same of all classes at once, in one walk down the tree: a class says its own letter, or has that of the class above it.
create function marketplace.letters_on(of_territory int, on_day date) returns table (class_code text, letter text) language sql stable as $$
    with recursive said as (
        select c.code, c.parent_code, t.class_code is not null as speaks, t.letter
        from marketplace.service_class c
        left join marketplace.class_tax t on t.territory_id = of_territory and t.class_code = c.code
            and on_day between t.valid_from and coalesce(t.valid_to, date '9999-12-31')
        where c.territory_id = of_territory
    ), down as (
        select code, letter from said where parent_code is null
        union all
        select s.code, case when s.speaks then s.letter else down.letter end from down join said s on s.parent_code = down.code
    )
    select code, letter from down
$$;

-- What a company has paid or holds for a household's fringe benefits, by what the money is for and the day it was asked for: from then on
-- the employee has it. A share that waits, an agreed raise and a package count with what they hold.
create function marketplace.fringe_uses(of_territory int, of_household uuid, of_funder uuid)
    returns table (source uuid, asked_on date, amount bigint) language sql stable as $$
    select u.source, (u.asked_at at time zone 'Europe/Rome')::date, u.amount
    from marketplace.welfare_grant w
    join marketplace.programme p on p.territory_id = of_territory and p.id = w.programme_id and p.funder_id = of_funder
    cross join lateral (
        select b.id as source, b.requested_at as asked_at, b.offer_id, l.amount
        from marketplace.booking_line l
        join marketplace.booking b on b.territory_id = of_territory and b.id = l.booking_id
        where l.territory_id = of_territory and l.grant_id = w.id
          and b.status in ('Requested', 'Confirmed', 'Delivered', 'Disputed', 'Accepted', 'Settled', 'Paid')
        union all
        -- A package whole; once it is over, what was paid of it.
        select k.id, k.bought_at, k.offer_id, h.amount - h.released
        from marketplace.package_line l
        join marketplace.package k on k.territory_id = of_territory and k.id = l.package_id
        join ledger.hold_line h on h.territory_id = of_territory and h.hold_id = k.hold_id and h.account_id = w.account_id
        where l.territory_id = of_territory and l.grant_id = w.id and h.amount > h.released
        union all
        select s.id, s.joined_at, q.offer_id, l.amount
        from marketplace.pool_share_line l
        join marketplace.pool_share s on s.territory_id = of_territory and s.id = l.share_id and s.hold_id = l.hold_id and s.status = 'Joined'
        join marketplace.pool q on q.territory_id = of_territory and q.id = s.pool_id
        where l.territory_id = of_territory and l.grant_id = w.id
        union all
        select r.id, r.answered_at, q.offer_id, l.amount
        from marketplace.pool_raise_line l
        join marketplace.pool_raise r on r.territory_id = of_territory and r.id = l.raise_id and r.status = 'Agreed'
        join marketplace.pool q on q.territory_id = of_territory and q.id = r.pool_id
        where l.territory_id = of_territory and l.grant_id = w.id) u
    join marketplace.offer o on o.territory_id = of_territory and o.id = u.offer_id
    where w.territory_id = of_territory and w.household_id = of_household
      and marketplace.letter_on(of_territory, o.class_code, (u.asked_at at time zone 'Europe/Rome')::date) = 'C3'
$$;

-- What a household may still have of a company as fringe benefits in the year of a day, as a list: the company, the threshold, whether it is
-- the higher one, the classes that count, and what was had already.
create function marketplace.fringe_room(of_territory int, of_household uuid, of_funder uuid, today date) returns json language sql stable as $$
    select json_build_array(
        of_funder, case when d.declared then t.with_children else t.general end, d.declared,
        (select coalesce(json_agg(c.class_code order by c.class_code), '[]') from marketplace.letters_on(of_territory, today) c where c.letter = 'C3'),
        (select coalesce(json_agg(json_build_array(u.source, u.amount)), '[]') from marketplace.fringe_uses(of_territory, of_household, of_funder) u
         where extract(year from u.asked_on) = extract(year from today)))
    from marketplace.fringe_threshold t
    cross join (
        select exists (
            select from marketplace.children_declaration
            where territory_id = of_territory and household_id = of_household and funder_id = of_funder
              and tax_year = extract(year from today) and withdrawn_at is null) as declared) d
    where today between t.valid_from and t.valid_to
$$;

select marketplace.protect();
revoke update on marketplace.children_declaration, marketplace.declared_child from borsellino_app;
grant update (withdrawn_by, withdrawn_at) on marketplace.children_declaration to borsellino_app;
