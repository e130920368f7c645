-- Until when somebody of a provider has been written to about requests, what households called off, and its accreditation.
create table marketplace.provider_mailed (
    territory_id int not null,
    user_id uuid not null,
    provider_id uuid not null,
    mailed_at timestamptz not null,
    primary key (territory_id, user_id, provider_id),
    foreign key (territory_id, user_id) references marketplace.app_user (territory_id, id),
    foreign key (territory_id, provider_id) references marketplace.provider (territory_id, id)
);
-- What households did lately.
create index booking_event_of_households on marketplace.booking_event (territory_id, at)
    where status in ('Requested', 'Withdrawn', 'CancelledByHousehold', 'Disputed');

select marketplace.protect();
