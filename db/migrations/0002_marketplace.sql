-- The marketplace: who, what, when and under which rules. Money itself is in schema ledger; here stand the ids of its
-- accounts, holds and entries. Personal data live in person and app_user alone, apart from money.

create schema marketplace;
create extension if not exists pg_trgm;
create extension if not exists unaccent;

insert into ledger.chart (code, kind, position) values
    ('bank', 'Asset', 10), ('stripe', 'Asset', 20), ('receivable', 'Asset', 30),
    ('programme', 'Liability', 110), ('grant', 'Liability', 120), ('provider', 'Liability', 130), ('shop', 'Liability', 140),
    ('payout', 'Liability', 150), ('suspense', 'Liability', 160), ('project', 'Liability', 170),
    ('platform_fee', 'Income', 210), ('fees', 'Expense', 310), ('guarantee_loss', 'Expense', 320);

-- What each kind of entry may touch. A correction takes back what another one did.
insert into ledger.chart_rule (entry_kind, chart, side)
select kind, place, side
from (values
    ('budget_committed', array['receivable'], array['programme']),
    ('grant_activated', array['programme'], array['grant']),
    ('grant_expired', array['grant'], array['programme']),
    ('grant_revoked', array['grant'], array['programme']),
    ('grant_undone', array['grant'], array['programme']),
    ('delivered', array['grant'], array['provider', 'shop', 'project']),
    ('cancellation_fee', array['grant'], array['provider', 'shop']),
    ('no_show_fee', array['grant'], array['provider', 'shop']),
    ('payout_sent', array['provider', 'shop'], array['payout']),
    ('correction', array['receivable', 'programme', 'grant', 'provider', 'shop', 'project', 'payout'],
        array['receivable', 'programme', 'grant', 'provider', 'shop', 'project', 'payout'])) r(kind, debits, credits)
cross join lateral (
    select unnest(debits) as place, 'Debit' as side union all select unnest(credits), 'Credit') s;

-- Italian words without accents, so that "eta" finds "età". unaccent is declared stable; this wrapper names its
-- dictionary, which makes it safe to call immutable and to index.
create function marketplace.plain(text) returns text language sql immutable parallel safe strict
    as $$ select lower(public.unaccent('public.unaccent'::regdictionary, $1)) $$;

-- Territory ---------------------------------------------------------------------------------------------------------

-- Reference table: the tenants. Everything else belongs to one of them.
create table marketplace.territory (
    id int primary key check (id > 0),
    slug text not null unique check (slug ~ '^[a-z][a-z0-9-]{1,30}$'),
    name text not null,
    short_name text not null,
    office_name text not null,
    office_address text not null,
    town text not null,
    help_phone text not null,
    help_hours text not null,
    help_hours_en text not null,
    -- The treasury account that payouts leave from.
    treasury_name text not null,
    treasury_iban text not null check (treasury_iban ~ '^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$'),
    bank_account_id uuid not null,
    -- Colours of the place; the pages have defaults.
    colour text not null default 'petrol' check (colour ~ '^[a-z]{3,20}$'),
    demo boolean not null default false
);

create table marketplace.municipality (
    territory_id int not null references marketplace.territory,
    code text not null check (code ~ '^[A-Z][0-9]{3}$'),       -- Belfiore code
    name text not null,
    postal_code text not null,
    latitude double precision not null,
    longitude double precision not null,
    residents int not null check (residents > 0),
    primary key (territory_id, code),
    unique (territory_id, name)
);

-- Personal data: the only two tables that name a person.
create table marketplace.person (
    territory_id int not null,
    id uuid not null,
    tax_code text not null,
    first_name text not null check (length(first_name) between 1 and 80),
    last_name text not null check (length(last_name) between 1 and 80),
    municipality_code text not null,
    address text not null default '' check (length(address) <= 200),
    email text not null default '' check (length(email) <= 254),
    phone text not null default '' check (length(phone) <= 30),
    primary key (territory_id, id),
    unique (territory_id, tax_code),
    foreign key (territory_id, municipality_code) references marketplace.municipality (territory_id, code)
);
create index person_name on marketplace.person (territory_id, last_name, first_name);

create table marketplace.household (
    territory_id int not null,
    id uuid not null,
    -- The number by which staff speak of it: "famiglia 0412".
    number int not null,
    reference_person_id uuid not null,
    isee_band smallint check (isee_band between 1 and 9),
    created_at timestamptz not null,
    primary key (territory_id, id),
    unique (territory_id, number),
    unique (territory_id, reference_person_id),
    foreign key (territory_id, reference_person_id) references marketplace.person (territory_id, id)
);

create table marketplace.household_member (
    territory_id int not null,
    household_id uuid not null,
    person_id uuid not null,
    relation text not null check (relation in ('Reference', 'Spouse', 'Child', 'Parent', 'Other')),
    birth_year smallint,
    primary key (territory_id, household_id, person_id),
    unique (territory_id, person_id),
    foreign key (territory_id, household_id) references marketplace.household (territory_id, id),
    foreign key (territory_id, person_id) references marketplace.person (territory_id, id)
);

create table marketplace.app_user (
    territory_id int not null references marketplace.territory,
    id uuid not null,
    email text not null check (email = lower(email) and length(email) <= 254),
    display_name text not null check (length(display_name) between 1 and 100),
    password_hash text not null,
    culture text not null default 'it' check (culture in ('it', 'en')),
    -- Changed when the password or the roles change: older sign-ins end.
    security_stamp uuid not null,
    failed_sign_ins int not null default 0,
    locked_until timestamptz,
    demo_note text,                                             -- what this person shows, on the one-click list
    demo_position smallint,
    disabled_at timestamptz,
    created_at timestamptz not null,
    primary key (territory_id, id),
    unique (territory_id, email)
);

create table marketplace.role_grant (
    territory_id int not null,
    id uuid not null,
    user_id uuid not null,
    role text not null check (role in ('Household', 'Provider', 'Shop', 'Company', 'Officer', 'SocialPoint', 'Finance', 'Administrator')),
    household_id uuid,
    provider_id uuid,
    primary key (territory_id, id),
    foreign key (territory_id, user_id) references marketplace.app_user (territory_id, id),
    foreign key (territory_id, household_id) references marketplace.household (territory_id, id),
    constraint role_grant_subject check (
        (role = 'Household') = (household_id is not null) and (role in ('Provider', 'Shop')) = (provider_id is not null))
);
create index role_grant_user on marketplace.role_grant (territory_id, user_id);

-- Catalogue: classes ------------------------------------------------------------------------------------------------

create table marketplace.service_class (
    territory_id int not null references marketplace.territory,
    code text not null check (code ~ '^[a-z0-9-]{2,40}$'),
    parent_code text,
    name_it text not null,
    name_en text not null,
    icon text not null default 'it-box',
    -- Words people search by: "badante" finds home care.
    synonyms text not null default '',
    position smallint not null,
    primary key (territory_id, code),
    foreign key (territory_id, parent_code) references marketplace.service_class (territory_id, code)
);

-- Funding -----------------------------------------------------------------------------------------------------------

create table marketplace.funder (
    territory_id int not null references marketplace.territory,
    id uuid not null,
    kind text not null check (kind in ('Municipality', 'Region', 'State', 'Company', 'Foundation')),
    name text not null,
    primary key (territory_id, id),
    unique (territory_id, name)
);

create table marketplace.programme (
    territory_id int not null,
    id uuid not null,
    code text not null check (code ~ '^[A-Z0-9][A-Z0-9-]{1,19}$'),
    name_it text not null check (length(name_it) between 3 and 120),
    name_en text not null check (length(name_en) between 3 and 120),
    purpose_it text not null check (length(purpose_it) <= 600),
    purpose_en text not null check (length(purpose_en) <= 600),
    funder_id uuid not null,
    status text not null check (status in ('Open', 'Closed')),
    -- First and last day on which a service or a purchase may be paid.
    valid_from date not null,
    valid_to date not null,
    -- After the last day, delivered services may still be accepted and paid for so many days.
    settlement_days smallint not null default 30 check (settlement_days between 0 and 180),
    copayment text not null check (copayment in ('Forbidden', 'Allowed')),
    unit_max bigint check (unit_max > 0),                       -- cents at most for one booking
    month_max bigint check (month_max > 0),                     -- cents at most in one calendar month of service
    act_reference text not null check (length(act_reference) <= 120),
    account_id uuid not null,
    receivable_account_id uuid not null,
    created_by uuid not null,
    created_at timestamptz not null,
    primary key (territory_id, id),
    unique (territory_id, code),
    foreign key (territory_id, funder_id) references marketplace.funder (territory_id, id),
    foreign key (territory_id, account_id) references ledger.account (territory_id, id),
    foreign key (territory_id, receivable_account_id) references ledger.account (territory_id, id),
    foreign key (territory_id, created_by) references marketplace.app_user (territory_id, id),
    constraint programme_days check (valid_from <= valid_to)
);

create table marketplace.programme_class (
    territory_id int not null,
    programme_id uuid not null,
    class_code text not null,
    primary key (territory_id, programme_id, class_code),
    foreign key (territory_id, programme_id) references marketplace.programme (territory_id, id),
    foreign key (territory_id, class_code) references marketplace.service_class (territory_id, code)
);

-- Which ISEE bands may receive, and how much at most. No row: every band, any amount.
create table marketplace.programme_band (
    territory_id int not null,
    programme_id uuid not null,
    band smallint not null check (band between 1 and 9),
    isee_to bigint check (isee_to > 0),                         -- upper limit of the band, cents; null: no limit
    amount_max bigint not null check (amount_max > 0),
    primary key (territory_id, programme_id, band),
    foreign key (territory_id, programme_id) references marketplace.programme (territory_id, id)
);

-- Budget committed by an act; each is one entry receivable → programme.
create table marketplace.commitment (
    territory_id int not null,
    id uuid not null,
    programme_id uuid not null,
    amount bigint not null check (amount > 0),
    act_reference text not null check (length(act_reference) between 1 and 120),
    entry_id uuid not null,
    committed_by uuid not null,
    committed_at timestamptz not null,
    primary key (territory_id, id),
    foreign key (territory_id, programme_id) references marketplace.programme (territory_id, id),
    foreign key (territory_id, entry_id) references ledger.journal_entry (territory_id, id),
    foreign key (territory_id, committed_by) references marketplace.app_user (territory_id, id)
);

-- A list of grants from a file, on its way from upload to posted money.
create table marketplace.grant_import (
    territory_id int not null,
    id uuid not null,
    programme_id uuid not null,
    file_name text not null check (length(file_name) between 1 and 200),
    sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
    content bytea not null check (length(content) <= 10485760),
    status text not null check (status in
        ('Checking', 'Checked', 'Unreadable', 'Requested', 'Approved', 'Posted', 'Rejected', 'Withdrawn', 'Undoing', 'Undone')),
    -- Why the file as a whole cannot be read, as a code with its arguments.
    fault_code text,
    fault_detail text check (length(fault_detail) <= 300),
    rows_total int not null default 0,
    rows_done int not null default 0,                           -- checked while Checking, posted while Approved
    rows_good int not null default 0,
    amount_good bigint not null default 0,
    amount_posted bigint not null default 0 check (amount_posted between 0 and amount_good),
    uploaded_by uuid not null,
    uploaded_at timestamptz not null,
    checked_at timestamptz,
    requested_by uuid,
    requested_at timestamptz,
    decided_by uuid,
    decided_at timestamptz,
    decision_note text check (length(decision_note) <= 300),
    posting_started_at timestamptz,
    posted_at timestamptz,
    undo_by uuid,
    undo_asked_at timestamptz,
    undone_at timestamptz,
    primary key (territory_id, id),
    foreign key (territory_id, programme_id) references marketplace.programme (territory_id, id),
    foreign key (territory_id, uploaded_by) references marketplace.app_user (territory_id, id),
    foreign key (territory_id, requested_by) references marketplace.app_user (territory_id, id),
    foreign key (territory_id, decided_by) references marketplace.app_user (territory_id, id),
    foreign key (territory_id, undo_by) references marketplace.app_user (territory_id, id),
    -- Four eyes: whoever uploaded or asked cannot be the one who approves.
    constraint grant_import_four_eyes check (
        status not in ('Approved', 'Posted', 'Undoing', 'Undone')
        or (decided_by is not null and requested_by is not null and decided_by <> uploaded_by and decided_by <> requested_by))
);
-- The same file once for a programme, unless the earlier one came to nothing.
create unique index grant_import_same_file on marketplace.grant_import (territory_id, programme_id, sha256)
    where status not in ('Rejected', 'Withdrawn', 'Undone');
create index grant_import_programme on marketplace.grant_import (territory_id, programme_id, uploaded_at);
create index grant_import_open on marketplace.grant_import (territory_id, status) where status in ('Checking', 'Requested', 'Approved', 'Undoing');

create table marketplace.grant_row (
    territory_id int not null,
    import_id uuid not null,
    row_number int not null check (row_number >= 2),            -- as a spreadsheet counts: the header is row 1
    -- The cells as they came, so that a bad row goes back as it was.
    tax_code text not null,
    last_name text not null,
    first_name text not null,
    municipality text not null,
    isee_band text not null,
    amount_text text not null,
    -- What was understood.
    person_code text,                                           -- the tax code in capitals without spaces, once it is one
    household_id uuid,                                          -- of the person, where we knew them already
    amount bigint check (amount > 0),
    municipality_code text,
    band smallint,
    -- Null: good. Otherwise a code, the column it is about, and what the sentence needs (parts between tabs).
    verdict text check (verdict ~ '^[a-z_]{2,40}$'),
    verdict_column text check (verdict_column in ('codice_fiscale', 'nome', 'cognome', 'comune', 'fascia_isee', 'importo')),
    verdict_detail text,
    grant_id uuid,
    primary key (territory_id, import_id, row_number),
    foreign key (territory_id, import_id) references marketplace.grant_import (territory_id, id)
)
-- Every row is written a second time, when its grant is made: there is room for it on the same page, and no index is touched.
with (fillfactor = 50);
create index grant_row_verdict on marketplace.grant_row (territory_id, import_id, verdict);
create index grant_row_person on marketplace.grant_row (territory_id, person_code) where verdict is null;
create index grant_row_household on marketplace.grant_row (territory_id, household_id) where verdict is null and household_id is not null;

create table marketplace.welfare_grant (
    territory_id int not null,
    id uuid not null,
    programme_id uuid not null,
    household_id uuid not null,
    import_id uuid,
    account_id uuid not null,
    amount bigint not null check (amount > 0),
    status text not null check (status in ('Active', 'Suspended', 'Expired', 'Revoked', 'Closed')),
    valid_from date not null,
    valid_to date not null check (valid_to >= valid_from),
    activation_entry_id uuid not null,
    activated_at timestamptz not null,
    primary key (territory_id, id),
    foreign key (territory_id, programme_id) references marketplace.programme (territory_id, id),
    foreign key (territory_id, household_id) references marketplace.household (territory_id, id),
    foreign key (territory_id, import_id) references marketplace.grant_import (territory_id, id),
    foreign key (territory_id, account_id) references ledger.account (territory_id, id),
    foreign key (territory_id, activation_entry_id) references ledger.journal_entry (territory_id, id)
);
create unique index welfare_grant_account on marketplace.welfare_grant (territory_id, account_id);
create index welfare_grant_expiring on marketplace.welfare_grant (territory_id, valid_to) where status in ('Active', 'Suspended');
create index welfare_grant_import on marketplace.welfare_grant (territory_id, import_id) where import_id is not null;
create index welfare_grant_programme on marketplace.welfare_grant (territory_id, programme_id);
-- These two last: while a table is small and not yet analysed, the planner takes the newest of indexes that seem alike,
-- and the plan it keeps has to serve the first import of 25,000 grants too.
create index welfare_grant_household on marketplace.welfare_grant (territory_id, household_id);
-- One living grant for a household under a programme: more money tops it up.
create unique index welfare_grant_living on marketplace.welfare_grant (territory_id, programme_id, household_id)
    where status in ('Active', 'Suspended');

-- Catalogue: providers, offers, slots ---------------------------------------------------------------------------------

create table marketplace.provider (
    territory_id int not null references marketplace.territory,
    id uuid not null,
    kind text not null check (kind in ('Cooperative', 'Shop')),
    name text not null,
    legal_name text not null check (length(legal_name) <= 70),
    vat_number text not null,
    iban text not null check (iban ~ '^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$'),
    municipality_code text not null,
    address text not null,
    latitude double precision not null,
    longitude double precision not null,
    phone text not null,
    email text not null,
    about_it text not null default '',
    about_en text not null default '',
    account_id uuid not null,
    primary key (territory_id, id),
    unique (territory_id, name),
    foreign key (territory_id, municipality_code) references marketplace.municipality (territory_id, code),
    foreign key (territory_id, account_id) references ledger.account (territory_id, id)
);
create unique index provider_account on marketplace.provider (territory_id, account_id);
alter table marketplace.role_grant
    add foreign key (territory_id, provider_id) references marketplace.provider (territory_id, id);

create table marketplace.accreditation (
    territory_id int not null,
    id uuid not null,
    provider_id uuid not null,
    class_code text not null,
    valid_from date not null,
    valid_to date not null check (valid_to >= valid_from),
    status text not null check (status in ('Granted', 'Suspended', 'Revoked')),
    act_reference text not null,
    primary key (territory_id, id),
    foreign key (territory_id, provider_id) references marketplace.provider (territory_id, id),
    foreign key (territory_id, class_code) references marketplace.service_class (territory_id, code)
);

-- What was revoked may be granted anew from the same day.
create unique index accreditation_begins on marketplace.accreditation (territory_id, provider_id, class_code, valid_from) where status <> 'Revoked';

create table marketplace.offer (
    territory_id int not null,
    id uuid not null,
    provider_id uuid not null,
    class_code text not null,
    status text not null check (status in ('Draft', 'Published', 'Withdrawn')),
    title_it text not null check (length(title_it) between 3 and 120),
    title_en text not null check (length(title_en) between 3 and 120),
    summary_it text not null,
    summary_en text not null,
    addressed_it text not null,                                 -- a chi è rivolto
    addressed_en text not null,
    needed_it text not null,                                    -- cosa serve, one a line
    needed_en text not null,
    achieved_it text not null,                                  -- cosa si ottiene
    achieved_en text not null,
    unit_it text not null,                                      -- "a incontro di 1 ora e 30 minuti"
    unit_en text not null,
    price bigint not null check (price > 0),
    minutes smallint not null check (minutes between 15 and 1440),
    place text not null check (place in ('AtHome', 'AtProvider', 'Online')),
    address text not null default '',
    municipality_code text not null,                            -- where it is, or where the provider starts from
    latitude double precision not null,
    longitude double precision not null,
    -- Free to cancel until so many hours before; after that the fee is owed.
    cancel_hours smallint not null default 24 check (cancel_hours between 0 and 720),
    cancel_fee bigint not null default 0 check (cancel_fee >= 0),
    -- The provider answers within so many hours, else the request lapses.
    answer_hours smallint not null default 24 check (answer_hours between 1 and 240),
    -- Which municipalities a service at home reaches, by code; empty for all of the territory.
    reach text[] not null default '{}',
    -- What pages may ask by, in both languages; slugs such as "famiglia".
    topics text[] not null default '{}',
    search tsvector generated always as (
        setweight(to_tsvector('italian', marketplace.plain(title_it)), 'A')
        || setweight(to_tsvector('english', marketplace.plain(title_en)), 'A')
        || setweight(to_tsvector('italian', marketplace.plain(summary_it || ' ' || addressed_it)), 'C')
        || setweight(to_tsvector('english', marketplace.plain(summary_en || ' ' || addressed_en)), 'C')) stored,
    primary key (territory_id, id),
    foreign key (territory_id, provider_id) references marketplace.provider (territory_id, id),
    foreign key (territory_id, class_code) references marketplace.service_class (territory_id, code),
    foreign key (territory_id, municipality_code) references marketplace.municipality (territory_id, code),
    constraint offer_fee_within_price check (cancel_fee <= price)
);
create index offer_provider on marketplace.offer (territory_id, provider_id);
create index offer_class on marketplace.offer (territory_id, provider_id, class_code) where status = 'Published';
-- No index on the words: behind the tenant's wall PostgreSQL may not use one, because @@ could leak through an error.
-- A territory's offers are read instead, which takes some milliseconds for ten thousand.

create table marketplace.slot (
    territory_id int not null,
    id uuid not null,
    offer_id uuid not null,
    starts_at timestamptz not null,
    ends_at timestamptz not null check (ends_at > starts_at),
    capacity smallint not null check (capacity between 1 and 500),
    taken smallint not null default 0 check (taken between 0 and capacity),
    withdrawn_at timestamptz,
    primary key (territory_id, id),
    unique (territory_id, offer_id, starts_at),
    foreign key (territory_id, offer_id) references marketplace.offer (territory_id, id)
);
create index slot_upcoming on marketplace.slot (territory_id, offer_id, starts_at) where withdrawn_at is null;

-- Booking -----------------------------------------------------------------------------------------------------------

create table marketplace.booking (
    territory_id int not null,
    id uuid not null,
    reference text not null check (length(reference) between 6 and 20),
    slot_id uuid not null,
    offer_id uuid not null,
    provider_id uuid not null,
    household_id uuid not null,
    person_id uuid not null,                                    -- who uses the service
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    price bigint not null check (price > 0),
    covered bigint not null check (covered >= 0),               -- what the purse pays: the sum of its lines, the amount of its hold
    copayment bigint not null check (copayment >= 0),           -- what the household pays the provider itself
    hold_id uuid,                                               -- none when the household pays everything itself
    status text not null check (status in (
        'Requested', 'Confirmed', 'Delivered', 'Accepted', 'Settled', 'Paid',
        'Declined', 'Expired', 'Withdrawn', 'CancelledByHousehold', 'CancelledByProvider', 'CancelledByOperator', 'Replaced', 'NoShow',
        'Disputed', 'Reversed')),
    requested_by uuid not null,
    requested_at timestamptz not null,
    answer_by timestamptz not null,
    free_until timestamptz not null,                            -- cancelling is free before this instant
    cancel_fee bigint not null check (cancel_fee >= 0),
    accept_by timestamptz,                                      -- set at delivery: accepted by itself at this instant
    -- What the provider earned from the purse, and the entry that paid it: the covered part once accepted, the fee of a
    -- late cancellation or of somebody who was not there. This is what payouts pay.
    settled bigint not null default 0,
    settlement_entry_id uuid,
    copayment_paid_at timestamptz,
    -- "How easy was it to use this service?", what was liked or hard, and a few words.
    rating smallint check (rating between 1 and 5),
    rating_aspect text check (rating_aspect ~ '^[a-z_]{2,40}$'),
    rating_note text check (length(rating_note) <= 600),
    primary key (territory_id, id),
    unique (territory_id, reference),
    foreign key (territory_id, slot_id) references marketplace.slot (territory_id, id),
    foreign key (territory_id, offer_id) references marketplace.offer (territory_id, id),
    foreign key (territory_id, provider_id) references marketplace.provider (territory_id, id),
    foreign key (territory_id, household_id) references marketplace.household (territory_id, id),
    foreign key (territory_id, person_id) references marketplace.person (territory_id, id),
    foreign key (territory_id, hold_id) references ledger.hold (territory_id, id),
    foreign key (territory_id, settlement_entry_id) references ledger.journal_entry (territory_id, id),
    constraint booking_parts check (covered + copayment = price),
    constraint booking_copayment_paid check (copayment_paid_at is null or copayment > 0),
    constraint booking_hold check ((covered > 0) = (hold_id is not null)),
    constraint booking_settled check (settled between 0 and covered and (settled > 0) = (settlement_entry_id is not null))
);
create index booking_household on marketplace.booking (territory_id, household_id, starts_at);
create index booking_provider on marketplace.booking (territory_id, provider_id, status, starts_at);
create index booking_slot on marketplace.booking (territory_id, slot_id);
create index booking_answer_due on marketplace.booking (territory_id, answer_by) where status = 'Requested';
create unique index booking_hold_once on marketplace.booking (territory_id, hold_id);
create index booking_settlement on marketplace.booking (territory_id, settlement_entry_id) where settlement_entry_id is not null;
create index booking_unpaid on marketplace.booking (territory_id, provider_id) where settled > 0 and status <> 'Paid';
create index booking_accept_due on marketplace.booking (territory_id, accept_by) where status = 'Delivered';

-- Which grants pay, in waterfall order: the lines of the hold, with the grant behind each account.
create table marketplace.booking_line (
    territory_id int not null,
    booking_id uuid not null,
    line smallint not null check (line >= 1),
    grant_id uuid not null,
    amount bigint not null check (amount > 0),
    primary key (territory_id, booking_id, line),
    foreign key (territory_id, booking_id) references marketplace.booking (territory_id, id),
    foreign key (territory_id, grant_id) references marketplace.welfare_grant (territory_id, id)
);
create index booking_line_grant on marketplace.booking_line (territory_id, grant_id);
-- A purse tells all that was ever held on it, not only what still is.
create index hold_line_account_life on ledger.hold_line (territory_id, account_id);

create table marketplace.booking_event (
    territory_id int not null,
    booking_id uuid not null,
    sequence smallint not null check (sequence >= 1),
    status text not null,
    at timestamptz not null,
    actor text not null,
    note text not null default '' check (length(note) <= 300),
    primary key (territory_id, booking_id, sequence),
    foreign key (territory_id, booking_id) references marketplace.booking (territory_id, id)
);

-- Finance -----------------------------------------------------------------------------------------------------------

-- Reference table, the same for all territories: days on which the banks of the euro area do not settle (TARGET),
-- besides Saturdays and Sundays. Either a day of the year, or so many days from Easter Sunday.
create table marketplace.bank_holiday (
    valid_from date not null,
    valid_to date,
    month smallint check (month between 1 and 12),
    day smallint check (day between 1 and 31),
    easter_offset smallint check (easter_offset between -60 and 60),
    constraint bank_holiday_one_rule check (
        (month is null) = (day is null) and (month is null) <> (easter_offset is null))
);
insert into marketplace.bank_holiday (valid_from, month, day, easter_offset) values
    ('2002-01-01', 1, 1, null), ('2002-01-01', 5, 1, null), ('2002-01-01', 12, 25, null), ('2002-01-01', 12, 26, null),
    ('2002-01-01', null, null, -2), ('2002-01-01', null, null, 1);

-- The last number given to a payout of a year. Its row lock lets one payout be prepared at a time in a territory, and
-- the number moves with the transaction: the series has no gap.
create table marketplace.payout_series (
    territory_id int not null references marketplace.territory,
    year smallint not null check (year between 2020 and 2999),
    last int not null check (last >= 0),
    primary key (territory_id, year)
);

create table marketplace.payout (
    territory_id int not null references marketplace.territory,
    id uuid not null,
    reference text not null,                                    -- LIQ-2026-0001
    status text not null check (status in ('Locked', 'Authorised', 'Sent', 'Withdrawn')),
    execution_on date not null,
    total bigint not null check (total > 0),
    -- The territory's treasury as it was when the payout was prepared: the file never changes afterwards.
    debtor_name text not null check (length(debtor_name) between 1 and 70),
    debtor_town text not null,
    debtor_iban text not null,
    prepared_by uuid not null,
    prepared_at timestamptz not null,
    withdrawn_by uuid,
    withdrawn_at timestamptz,
    authorised_by uuid,
    authorised_at timestamptz,
    account_id uuid,                                            -- ledger account payout:{id}, opened at authorisation
    sent_by uuid,
    sent_at timestamptz,                                        -- when the file was first handed out
    file_sha256 text check (file_sha256 ~ '^[0-9a-f]{64}$'),
    primary key (territory_id, id),
    unique (territory_id, reference),
    foreign key (territory_id, prepared_by) references marketplace.app_user (territory_id, id),
    foreign key (territory_id, withdrawn_by) references marketplace.app_user (territory_id, id),
    foreign key (territory_id, authorised_by) references marketplace.app_user (territory_id, id),
    foreign key (territory_id, sent_by) references marketplace.app_user (territory_id, id),
    foreign key (territory_id, account_id) references ledger.account (territory_id, id),
    -- Money out of the platform needs two different people.
    constraint payout_four_eyes check (authorised_by is null or authorised_by <> prepared_by),
    constraint payout_authorised check (
        (status in ('Authorised', 'Sent')) = (authorised_by is not null)
        and (authorised_by is null) = (authorised_at is null) and (authorised_by is null) = (account_id is null)),
    constraint payout_sent check (
        (status = 'Sent') = (sent_by is not null)
        and (sent_by is null) = (sent_at is null) and (sent_by is null) = (file_sha256 is null)),
    constraint payout_withdrawn check (
        (status = 'Withdrawn') = (withdrawn_by is not null) and (withdrawn_by is null) = (withdrawn_at is null))
);
create index payout_prepared on marketplace.payout (territory_id, prepared_at);
create unique index payout_account on marketplace.payout (territory_id, account_id);

create table marketplace.payout_line (
    territory_id int not null,
    payout_id uuid not null,
    line smallint not null check (line >= 1),
    provider_id uuid not null,
    amount bigint not null check (amount > 0),
    end_to_end_id text not null check (length(end_to_end_id) <= 35),
    creditor_name text not null check (length(creditor_name) between 1 and 70),
    creditor_iban text not null,
    entry_id uuid,
    primary key (territory_id, payout_id, line),
    unique (territory_id, end_to_end_id),
    unique (territory_id, payout_id, provider_id),
    foreign key (territory_id, payout_id) references marketplace.payout (territory_id, id),
    foreign key (territory_id, provider_id) references marketplace.provider (territory_id, id),
    foreign key (territory_id, entry_id) references ledger.journal_entry (territory_id, id)
);
create index payout_line_provider on marketplace.payout_line (territory_id, provider_id);
create unique index payout_line_entry on marketplace.payout_line (territory_id, entry_id);

-- What each line pays: settled bookings, each in one payout only, unless that one was withdrawn.
create table marketplace.payout_booking (
    territory_id int not null,
    payout_id uuid not null,
    booking_id uuid not null,
    line smallint not null,
    amount bigint not null check (amount > 0),
    released_at timestamptz,                                    -- the payout was withdrawn: another may take it
    primary key (territory_id, payout_id, booking_id),
    foreign key (territory_id, booking_id) references marketplace.booking (territory_id, id),
    foreign key (territory_id, payout_id, line) references marketplace.payout_line (territory_id, payout_id, line)
);
create unique index payout_booking_once on marketplace.payout_booking (territory_id, booking_id) where released_at is null;
create index payout_booking_line on marketplace.payout_booking (territory_id, payout_id, line);

-- A payout only moves forward, what it says never changes, and it foots when money leaves.
create function marketplace.payout_moves_forward() returns trigger language plpgsql as $$
begin
    if new.reference <> old.reference or new.execution_on <> old.execution_on or new.total <> old.total
        or new.prepared_by <> old.prepared_by or new.prepared_at <> old.prepared_at
        or new.debtor_name <> old.debtor_name or new.debtor_town <> old.debtor_town or new.debtor_iban <> old.debtor_iban
        or (old.authorised_by is not null and (new.authorised_by is distinct from old.authorised_by
            or new.authorised_at is distinct from old.authorised_at or new.account_id is distinct from old.account_id))
        or (old.sent_by is not null and new is distinct from old) then
        raise exception 'payout %: what was prepared or signed does not change', old.reference
            using errcode = 'check_violation', constraint = 'payout_fixed', schema = 'marketplace', table = 'payout';
    end if;
    if new.status <> old.status and (old.status, new.status) not in
        (('Locked', 'Authorised'), ('Locked', 'Withdrawn'), ('Authorised', 'Sent')) then
        raise exception 'payout %: not from % to %', old.reference, old.status, new.status
            using errcode = 'check_violation', constraint = 'payout_moves_forward', schema = 'marketplace', table = 'payout';
    end if;
    if old.status = 'Locked' and new.status = 'Authorised' and (
        new.total is distinct from (
            select sum(amount) from marketplace.payout_line where territory_id = new.territory_id and payout_id = new.id)
        or exists (
            select from marketplace.payout_line l
            where l.territory_id = new.territory_id and l.payout_id = new.id and l.amount is distinct from (
                select sum(b.amount) from marketplace.payout_booking b
                where b.territory_id = new.territory_id and b.payout_id = new.id and b.line = l.line and b.released_at is null))) then
        raise exception 'payout %: its total, its lines and its bookings do not agree', old.reference
            using errcode = 'check_violation', constraint = 'payout_foots', schema = 'marketplace', table = 'payout';
    end if;
    return new;
end $$;
create trigger payout_moves_forward before update on marketplace.payout
    for each row execute function marketplace.payout_moves_forward();

-- Lines and bookings are written while the payout is prepared; once it is signed nothing is added.
create function marketplace.payout_is_locked() returns trigger language plpgsql as $$
begin
    if not exists (select from marketplace.payout
                   where territory_id = new.territory_id and id = new.payout_id and status = 'Locked') then
        raise exception 'payout % takes nothing more', new.payout_id
            using errcode = 'check_violation', constraint = 'payout_is_locked', schema = 'marketplace', table = tg_table_name;
    end if;
    return new;
end $$;
create trigger payout_is_locked before insert on marketplace.payout_line
    for each row execute function marketplace.payout_is_locked();
create trigger payout_is_locked before insert on marketplace.payout_booking
    for each row execute function marketplace.payout_is_locked();

-- Walls and rights ----------------------------------------------------------------------------------------------------

-- Called at the end of every migration that adds tables: the tenant's wall on all of them, and the application's rights.
create function marketplace.protect() returns void language plpgsql as $$
declare
    t text;
begin
    for t in
        select c.relname from pg_class c
        where c.relnamespace = 'marketplace'::regnamespace and c.relkind = 'r' and not c.relrowsecurity
          and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'territory_id')
    loop
        execute format('alter table marketplace.%I enable row level security', t);
        execute format($p$create policy territory on marketplace.%I
            using (territory_id = current_setting('app.territory')::int)
            with check (territory_id = current_setting('app.territory')::int)$p$, t);
        execute format('grant select, insert, update on marketplace.%I to borsellino_app', t);
    end loop;
end $$;
select marketplace.protect();
revoke execute on function marketplace.protect() from public;

grant usage on schema marketplace to borsellino_app;
grant select, insert, update on marketplace.territory to borsellino_app;
-- What an import read may be thrown away until it is approved.
grant delete on marketplace.grant_row to borsellino_app;
grant select on marketplace.bank_holiday to borsellino_app;
-- What a payout says is written once.
revoke update on marketplace.payout, marketplace.payout_line, marketplace.payout_booking from borsellino_app;
grant update (status, withdrawn_by, withdrawn_at, authorised_by, authorised_at, account_id, sent_by, sent_at, file_sha256)
    on marketplace.payout to borsellino_app;
grant update (entry_id) on marketplace.payout_line to borsellino_app;
grant update (released_at) on marketplace.payout_booking to borsellino_app;
revoke update on marketplace.booking_event, marketplace.booking_line, marketplace.commitment from borsellino_app;
