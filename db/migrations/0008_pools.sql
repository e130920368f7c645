-- Pools: households that share one slot, each paying its share from its own purse. Until the freeze a member's cap is held; from the
-- freeze on each share is a booking like any other, so that vouchers, receipts, complaints and payouts know no difference.

-- Nobody's share can rise when somebody joins: in the worst case all others weigh the most and the newcomer one.
create function marketplace.prices_never_raise_a_share(prices bigint[], heads_min int, weight_max int) returns boolean
    language sql immutable parallel safe
    as $$
        select coalesce(bool_and(prices[i] * ((heads_min + i - 2) * weight_max) <= prices[i - 1] * ((heads_min + i - 2) * weight_max + 1)), true)
        from generate_series(2, cardinality(prices)) i
    $$;

create table marketplace.pool (
    territory_id int not null,
    id uuid not null,
    slot_id uuid not null,
    offer_id uuid not null,
    provider_id uuid not null,
    status text not null check (status in ('Collecting', 'Confirmed', 'BelowQuorum', 'Delivered', 'Lapsed', 'Cancelled', 'Dissolved')),
    -- What shares are in proportion to, and the most of it that one member may have.
    weighed_by text not null check (weighed_by in ('Equal', 'Hours', 'Children')),
    weight_max smallint not null check (weight_max between 1 and 12),
    heads_min smallint not null check (heads_min between 2 and 12),
    heads_max smallint not null,
    -- Cents for the slot, from heads_min members to heads_max.
    prices bigint[] not null,
    -- How many hold a share: the members until the freeze, those who were committed from then on.
    joined smallint not null default 0,
    price bigint,                                               -- what was committed in all
    freeze_at timestamptz not null,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    cancel_fee bigint not null check (cancel_fee >= 0),         -- for leaving after the freeze, as far as the share goes
    replace_by timestamptz,                                     -- below quorum: dissolved at this instant
    heads_kept smallint check (heads_kept >= 1),                -- it goes on with so few
    -- Those who stayed agreed to pay more: when, how many they were, and what they pay together from then on.
    raised_at timestamptz,
    raised_heads smallint,
    raised_price bigint,
    slot_capacity smallint not null,                            -- of the slot, before the pool took it
    published_by uuid not null,
    published_at timestamptz not null,
    primary key (territory_id, id),
    foreign key (territory_id, slot_id) references marketplace.slot (territory_id, id),
    foreign key (territory_id, offer_id) references marketplace.offer (territory_id, id),
    foreign key (territory_id, provider_id) references marketplace.provider (territory_id, id),
    constraint pool_heads check (heads_max between heads_min and 12),
    constraint pool_full check (joined between 0 and heads_max),
    constraint pool_weights check ((weighed_by = 'Equal') = (weight_max = 1)),
    constraint pool_prices check (cardinality(prices) = heads_max - heads_min + 1 and 0 < all (prices)),
    constraint pool_prices_never_raise_a_share check (marketplace.prices_never_raise_a_share(prices, heads_min, weight_max)),
    constraint pool_freeze check (freeze_at <= starts_at and starts_at < ends_at),
    constraint pool_committed check ((price is null) = (status in ('Collecting', 'Lapsed')) or status = 'Cancelled'),
    constraint pool_replace check ((replace_by is not null) = (status = 'BelowQuorum')),
    constraint pool_raised check ((raised_at is null) = (raised_heads is null) and (raised_at is null) = (raised_price is null))
);
create index pool_freeze_due on marketplace.pool (territory_id, freeze_at) where status = 'Collecting';
create index pool_running on marketplace.pool (territory_id, starts_at) where status in ('Confirmed', 'BelowQuorum');
create index pool_offer on marketplace.pool (territory_id, offer_id, starts_at);
create index pool_provider on marketplace.pool (territory_id, provider_id, starts_at);

-- A slot that a pool has taken is booked by the pool alone.
alter table marketplace.slot
    add pool_id uuid,
    add foreign key (territory_id, pool_id) references marketplace.pool (territory_id, id);

create table marketplace.pool_share (
    territory_id int not null,
    id uuid not null,
    pool_id uuid not null,
    place smallint not null check (place >= 1),                 -- in the order of joining: it decides about the last cents
    household_id uuid not null,
    person_id uuid not null,
    weight smallint not null check (weight between 1 and 12),
    cap bigint not null check (cap > 0),                        -- the most the household agreed to
    hold_id uuid not null,                                      -- on the grants that pay the cap, until the freeze; another cap, another hold
    status text not null check (status in ('Joined', 'Committed', 'Withdrawn', 'Released')),
    price bigint check (price > 0),
    booking_id uuid,
    replaced_by uuid,                                           -- the share of whoever took the place of one who left, or its own at a higher price
    raise_id uuid,                                              -- the higher price that it came of
    joined_by uuid not null,
    joined_at timestamptz not null,
    primary key (territory_id, id),
    unique (territory_id, pool_id, place),
    foreign key (territory_id, pool_id) references marketplace.pool (territory_id, id),
    foreign key (territory_id, household_id) references marketplace.household (territory_id, id),
    foreign key (territory_id, person_id) references marketplace.person (territory_id, id),
    foreign key (territory_id, hold_id) references ledger.hold (territory_id, id),
    foreign key (territory_id, booking_id) references marketplace.booking (territory_id, id),
    foreign key (territory_id, replaced_by) references marketplace.pool_share (territory_id, id),
    constraint share_within_cap check (price <= cap),
    constraint share_committed check (
        (status = 'Committed') = (booking_id is not null) and (price is null) = (booking_id is null) and (replaced_by is null or booking_id is not null))
);
create unique index pool_share_joined_once on marketplace.pool_share (territory_id, pool_id, household_id) where status = 'Joined';
create unique index pool_share_hold on marketplace.pool_share (territory_id, hold_id);
create unique index pool_share_booking on marketplace.pool_share (territory_id, booking_id);
create unique index pool_share_replaces_one on marketplace.pool_share (territory_id, replaced_by);
create unique index pool_share_raise on marketplace.pool_share (territory_id, raise_id);
create index pool_share_household on marketplace.pool_share (territory_id, household_id, joined_at);

-- Which grants hold the cap, in waterfall order: the lines of the share's hold, and those of the holds it had for earlier caps.
create table marketplace.pool_share_line (
    territory_id int not null,
    share_id uuid not null,
    hold_id uuid not null,
    line smallint not null check (line >= 1),
    grant_id uuid not null,
    amount bigint not null check (amount > 0),
    primary key (territory_id, share_id, hold_id, line),
    foreign key (territory_id, share_id) references marketplace.pool_share (territory_id, id),
    foreign key (territory_id, hold_id) references ledger.hold (territory_id, id),
    foreign key (territory_id, grant_id) references marketplace.welfare_grant (territory_id, id)
);
create index pool_share_line_grant on marketplace.pool_share_line (territory_id, grant_id);

-- Below quorum: what a member who stays says about paying more, so that the service is given to fewer. What the new cap asks beyond the
-- price of today is held as long as the answer stands.
create table marketplace.pool_raise (
    territory_id int not null,
    id uuid not null,
    pool_id uuid not null,
    share_id uuid not null,
    status text not null check (status in ('Agreed', 'Refused', 'Used', 'Released')),
    cap bigint check (cap > 0),                                 -- the most it agreed to; none for a no
    hold_id uuid,
    answered_by uuid not null,
    answered_at timestamptz not null,
    primary key (territory_id, id),
    foreign key (territory_id, pool_id) references marketplace.pool (territory_id, id),
    foreign key (territory_id, share_id) references marketplace.pool_share (territory_id, id),
    foreign key (territory_id, hold_id) references ledger.hold (territory_id, id),
    constraint raise_holds check ((cap is null) = (hold_id is null)),
    constraint raise_answer check (case status when 'Refused' then cap is null when 'Released' then true else cap is not null end)
);
create unique index pool_raise_one_answer on marketplace.pool_raise (territory_id, share_id) where status in ('Agreed', 'Refused');
create unique index pool_raise_hold on marketplace.pool_raise (territory_id, hold_id);
create index pool_raise_pool on marketplace.pool_raise (territory_id, pool_id);
alter table marketplace.pool_share add foreign key (territory_id, raise_id) references marketplace.pool_raise (territory_id, id);

-- Which grants would pay what is added, in waterfall order: the lines of the answer's hold.
create table marketplace.pool_raise_line (
    territory_id int not null,
    raise_id uuid not null,
    line smallint not null check (line >= 1),
    grant_id uuid not null,
    amount bigint not null check (amount > 0),
    primary key (territory_id, raise_id, line),
    foreign key (territory_id, raise_id) references marketplace.pool_raise (territory_id, id),
    foreign key (territory_id, grant_id) references marketplace.welfare_grant (territory_id, id)
);
create index pool_raise_line_grant on marketplace.pool_raise_line (territory_id, grant_id);

create table marketplace.pool_event (
    territory_id int not null,
    pool_id uuid not null,
    sequence int not null check (sequence >= 1),
    what text not null check (what in (
        'Published', 'Joined', 'CapChanged', 'QuorumMet', 'Left', 'Confirmed', 'Lapsed', 'Cancelled', 'FellBelowQuorum', 'PlaceTaken', 'GoesOn', 'BegunUndecided', 'Dissolved', 'Delivered',
        'RaiseAgreed', 'RaiseRefused', 'Raised')),
    share_id uuid,
    at timestamptz not null,
    actor text not null,
    note text not null default '' check (length(note) <= 300),
    primary key (territory_id, pool_id, sequence),
    foreign key (territory_id, pool_id) references marketplace.pool (territory_id, id),
    foreign key (territory_id, share_id) references marketplace.pool_share (territory_id, id)
);

-- A pool only moves forward, its terms never change, and its shares are its price when they are committed.
create function marketplace.pool_moves_forward() returns trigger language plpgsql as $$
begin
    if (new.slot_id, new.offer_id, new.provider_id, new.weighed_by, new.weight_max, new.heads_min, new.heads_max, new.prices, new.freeze_at,
        new.starts_at, new.ends_at, new.cancel_fee) is distinct from
       (old.slot_id, old.offer_id, old.provider_id, old.weighed_by, old.weight_max, old.heads_min, old.heads_max, old.prices, old.freeze_at,
        old.starts_at, old.ends_at, old.cancel_fee) or (old.price is not null and new.price is distinct from old.price) then
        raise exception 'pool %: what its members agreed to does not change', old.id
            using errcode = 'check_violation', constraint = 'pool_fixed', schema = 'marketplace', table = 'pool';
    end if;
    if new.status <> old.status and (old.status, new.status) not in
        (('Collecting', 'Confirmed'), ('Collecting', 'Lapsed'), ('Collecting', 'Cancelled'), ('Confirmed', 'BelowQuorum'), ('Confirmed', 'Delivered'),
         ('Confirmed', 'Cancelled'), ('BelowQuorum', 'Confirmed'), ('BelowQuorum', 'Dissolved'), ('BelowQuorum', 'Cancelled')) then
        raise exception 'pool %: not from % to %', old.id, old.status, new.status
            using errcode = 'check_violation', constraint = 'pool_moves_forward', schema = 'marketplace', table = 'pool';
    end if;
    if old.status = 'Collecting' and new.status = 'Confirmed' and not exists (
        select from marketplace.pool_share s
        where s.territory_id = new.territory_id and s.pool_id = new.id and s.status = 'Committed'
        having sum(s.price) = new.price and count(*) = new.joined and new.price = new.prices[count(*) - new.heads_min + 1]) then
        raise exception 'pool %: its shares are not its price', old.id
            using errcode = 'check_violation', constraint = 'pool_foots', schema = 'marketplace', table = 'pool';
    end if;
    if old.status = 'Collecting' and new.status <> 'Collecting' and exists (
        select from marketplace.pool_share s where s.territory_id = new.territory_id and s.pool_id = new.id and s.status = 'Joined') then
        raise exception 'pool %: somebody still waits in it', old.id
            using errcode = 'check_violation', constraint = 'pool_leaves_nobody', schema = 'marketplace', table = 'pool';
    end if;
    if old.status = 'BelowQuorum' and new.status <> 'BelowQuorum' and exists (
        select from marketplace.pool_raise r where r.territory_id = new.territory_id and r.pool_id = new.id and r.status in ('Agreed', 'Refused')) then
        raise exception 'pool %: somebody said yes or no to what is over', old.id
            using errcode = 'check_violation', constraint = 'pool_leaves_no_answer', schema = 'marketplace', table = 'pool';
    end if;
    -- What those who stay pay together is what they agreed to, and with the fees of those who left no less than the slot costs.
    if new.raised_at is distinct from old.raised_at and not (old.status = 'BelowQuorum' and new.status = 'Confirmed' and exists (
        select from marketplace.pool_share s
        join marketplace.pool_raise r on r.territory_id = new.territory_id and r.id = s.raise_id and r.status = 'Used'
        where s.territory_id = new.territory_id and s.pool_id = new.id and s.status = 'Committed' and s.joined_at = new.raised_at
        having count(*) = new.raised_heads and sum(s.price) = new.raised_price)
        and new.raised_price + coalesce((
            select sum(b.settled) from marketplace.pool_share s
            join marketplace.booking b on b.territory_id = new.territory_id and b.id = s.booking_id
            where s.territory_id = new.territory_id and s.pool_id = new.id and s.replaced_by is null), 0) >= new.prices[1]) then
        raise exception 'pool %: those who stay do not pay what they agreed to', old.id
            using errcode = 'check_violation', constraint = 'pool_raise_foots', schema = 'marketplace', table = 'pool';
    end if;
    return new;
end $$;
create trigger pool_moves_forward before update on marketplace.pool
    for each row execute function marketplace.pool_moves_forward();

-- Who takes part with what weight does not change, nor a price once it is committed. The cap does, as long as the pool collects, and
-- only together with the hold, which never sets aside more than the cap.
create function marketplace.share_keeps_its_terms() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and ((new.pool_id, new.place, new.household_id, new.person_id, new.weight, new.joined_by, new.joined_at, new.raise_id) is distinct from
        (old.pool_id, old.place, old.household_id, old.person_id, old.weight, old.joined_by, old.joined_at, old.raise_id)
        or (old.price is not null and (new.price, new.booking_id) is distinct from (old.price, old.booking_id))) then
        raise exception 'share %: what it stands for does not change', old.id
            using errcode = 'check_violation', constraint = 'share_fixed', schema = 'marketplace', table = 'pool_share';
    end if;
    if tg_op = 'UPDATE' and (new.cap, new.hold_id) is distinct from (old.cap, old.hold_id) and not (
        new.cap <> old.cap and new.hold_id <> old.hold_id and old.status = 'Joined' and new.status = 'Joined' and exists (
            select from marketplace.pool p where p.territory_id = new.territory_id and p.id = new.pool_id and p.status = 'Collecting')) then
        raise exception 'share %: its cap changes with its hold, and until its pool is decided', old.id
            using errcode = 'check_violation', constraint = 'share_cap_and_hold', schema = 'marketplace', table = 'pool_share';
    end if;
    if tg_op = 'INSERT' or new.hold_id <> old.hold_id then
        if not coalesce((select sum(l.amount) <= new.cap from ledger.hold_line l
                         where l.territory_id = new.territory_id and l.hold_id = new.hold_id), false) then
            raise exception 'share %: % is less than what its hold sets aside', new.id, new.cap
                using errcode = 'check_violation', constraint = 'share_holds_its_cap', schema = 'marketplace', table = 'pool_share';
        end if;
    end if;
    if tg_op = 'INSERT' and new.raise_id is not null and not exists (
        select from marketplace.pool_raise r
        join marketplace.pool_share o on o.territory_id = new.territory_id and o.id = r.share_id
        where r.territory_id = new.territory_id and r.id = new.raise_id and r.status = 'Agreed'
          and (r.pool_id, r.cap, r.hold_id, o.household_id, o.person_id, o.weight)
            = (new.pool_id, new.cap, new.hold_id, new.household_id, new.person_id, new.weight)) then
        raise exception 'share %: nobody agreed to it', new.id
            using errcode = 'check_violation', constraint = 'share_of_its_raise', schema = 'marketplace', table = 'pool_share';
    end if;
    return new;
end $$;
create trigger share_keeps_its_terms before insert or update on marketplace.pool_share
    for each row execute function marketplace.share_keeps_its_terms();

-- An answer is given while its pool is below quorum, for more than the price of today, and holds no more than the difference.
create function marketplace.raise_keeps_its_terms() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' then
        if (new.pool_id, new.share_id, new.cap, new.hold_id, new.answered_by, new.answered_at) is distinct from
           (old.pool_id, old.share_id, old.cap, old.hold_id, old.answered_by, old.answered_at)
           or (old.status, new.status) not in (('Agreed', 'Used'), ('Agreed', 'Released'), ('Refused', 'Released')) then
            raise exception 'answer %: what was said stands', old.id
                using errcode = 'check_violation', constraint = 'raise_fixed', schema = 'marketplace', table = 'pool_raise';
        end if;
    elsif not exists (
        select from marketplace.pool_share s
        join marketplace.pool p on p.territory_id = new.territory_id and p.id = s.pool_id and p.status = 'BelowQuorum'
        where s.territory_id = new.territory_id and s.id = new.share_id and s.pool_id = new.pool_id and s.status = 'Committed'
          and (new.cap is null or new.cap - s.price >= (
              select sum(l.amount) from ledger.hold_line l where l.territory_id = new.territory_id and l.hold_id = new.hold_id))) then
        raise exception 'answer %: not to what its pool asks', new.id
            using errcode = 'check_violation', constraint = 'raise_within_cap', schema = 'marketplace', table = 'pool_raise';
    end if;
    return new;
end $$;
create trigger raise_keeps_its_terms before insert or update on marketplace.pool_raise
    for each row execute function marketplace.raise_keeps_its_terms();

select marketplace.protect();
revoke update on marketplace.pool_share_line, marketplace.pool_event, marketplace.pool_raise, marketplace.pool_raise_line from borsellino_app;
grant update (status) on marketplace.pool_raise to borsellino_app;
