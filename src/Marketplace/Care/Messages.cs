using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>What a message to a household is about.</summary>
public enum MessageKind
{
    /// <summary>Somebody else did something about a booking, or its time ran out.</summary>
    Booking,

    /// <summary>A booking that was confirmed is tomorrow. Said at nine in the morning of the day before, in Italy; gone when the service was.</summary>
    Reminder,

    /// <summary>Somebody else of the provider comes than was said.</summary>
    StaffChanged,

    /// <summary>Money came into the purse.</summary>
    Grant,

    /// <summary>The office answered a question.</summary>
    Help,

    /// <summary>An appointment at the office was taken: written, so that it is also in one's post.</summary>
    OfficeBooked,

    /// <summary>An appointment at the office is tomorrow. Said at nine in the morning of the day before, in Italy.</summary>
    OfficeReminder,

    /// <summary>The office cannot keep an appointment.</summary>
    OfficeCancelled,

    /// <summary>A group had not enough members when it was decided: its money is back.</summary>
    PoolLapsed,

    /// <summary>A group was called off before it was decided: its money is back.</summary>
    PoolCancelled,

    /// <summary>A group takes place without the household, whose share would have been above its cap: its money is back.</summary>
    PoolWithoutYou,

    /// <summary>Too many left a group after it was decided: who stays is asked whether it pays more.</summary>
    PoolShort,

    /// <summary>A group of which few were left goes on: its provider said so, or others took the places.</summary>
    PoolGoesOn,

    /// <summary>A group of which few were left began before anybody had decided: who was not there pays nothing.</summary>
    PoolUndecided,

    /// <summary>A group came to nothing after it was decided, because too few were left: its money is back.</summary>
    PoolDissolved,

    /// <summary>A group goes on with those who agreed to pay more, without the household: its money is back.</summary>
    PoolGoesOnWithoutYou,

    /// <summary>One date of a weekly group goes on without the household, which could not be taken in: nothing was held.</summary>
    DateMissed,

    /// <summary>A date of what is booked every week came near and was asked for.</summary>
    RecurringBooked,

    /// <summary>A date of what is booked every week could not be had: nothing was held.</summary>
    RecurringMissed,

    /// <summary>A delegate booked, took back or cancelled for the household.</summary>
    DelegateActed,

    /// <summary>The desk gave a delegation for the household, with its consent.</summary>
    DeskDelegated,

    /// <summary>The desk asks for the household's yes to one thing, and does nothing before.</summary>
    ConsentAsked,

    /// <summary>The desk asks for the household's yes to calling off a booking, and does nothing before.</summary>
    CallOffAsked,

    /// <summary>The desk opened a need for the household, with its consent.</summary>
    NeedOpenedForYou,

    /// <summary>The desk read, with the household's consent, what waits for its answer.</summary>
    DeskLooked,

    /// <summary>The desk read, with the household's consent, why its money pays for something or does not.</summary>
    DeskExplained,

    /// <summary>The desk answered a proposal for the household, with its consent.</summary>
    DeskAnswered,

    /// <summary>The desk joined a group for the household, with its consent.</summary>
    DeskJoined,

    /// <summary>The desk left a group for the household, with its consent.</summary>
    DeskLeft,

    /// <summary>The desk joined all dates of a weekly group for the household, with its consent.</summary>
    DeskJoinedWeekly,

    /// <summary>The desk booked a service for the household, with its consent.</summary>
    DeskBooked,

    /// <summary>The desk bought a package or a product for the household.</summary>
    DeskBought,

    /// <summary>The desk took a request back or cancelled a booking for the household, with its consent.</summary>
    DeskCalledOff,

    /// <summary>A plan found a group for what the household looks for: it is asked whether it takes part.</summary>
    ProposalMade,

    /// <summary>Everybody said yes: the group waits for a provider.</summary>
    ProposalAgreed,

    /// <summary>A provider gives it: everybody can join.</summary>
    ProposalTaken,

    /// <summary>Somebody said no, or nothing: another group is looked for.</summary>
    ProposalDropped,

    /// <summary>No provider took the group in time: another time is looked for.</summary>
    ProposalUntaken,

    /// <summary>The household did not answer in time, and is not asked again until it says so.</summary>
    ProposalUnanswered,

    /// <summary>What the household looked for was not found in time.</summary>
    NeedExpired,

    /// <summary>A package has units left and lapses in a fortnight. Said at nine in the morning, in Italy.</summary>
    PackageEnding,

    /// <summary>Pieces of a product were handed over to the household.</summary>
    ProductHandedOver,

    /// <summary>The provider cannot hand over what is left of a product: its money is back.</summary>
    ProductUnavailable,

    /// <summary>A product waits to be fetched, and its title lapses in a week. Said at nine in the morning, in Italy.</summary>
    ProductEnding,

    /// <summary>The last day to fetch a product passed: the money of what is left is back.</summary>
    ProductLapsed,

    /// <summary>The last day of a package passed with units that were not used: their money is back.</summary>
    PackageLapsed,

    /// <summary>Something was published that a search of the household's finds.</summary>
    SearchFound,
}

/// <summary>Something that happened to a household without its doing.</summary>
/// <param name="Status">What the booking became; null where it is about something else.</param>
/// <param name="Subject">The booking, the package, the grant, the question, the pool, the need, the request for consent or the saved search, as a bare id.</param>
/// <param name="NameIt">The service, the programme or the search; empty for a question.</param>
/// <param name="From">The provider, the funder, who answered, or where a group is to meet.</param>
/// <param name="On">When the service is; noon of a package's last day; null where it is about something else.</param>
/// <param name="Amount">What came into the purse, or is free in it again; null where it is about something else.</param>
/// <param name="Text">The reason or the answer that was written; how many units of a package were left; empty for none.</param>
/// <param name="Reference">The booking's, by which one speaks of it on the phone; empty where it is about something else.</param>
public sealed record Message(
    MessageKind Kind, Instant At, BookingStatus? Status, Guid Subject, string NameIt, string NameEn, string From, Instant? On, Money? Amount,
    string Text, string Reference);

/// <summary>
/// What a household is told. Nothing is written twice: a message is what happened to its bookings, grants, questions, groups and needs,
/// read from where it stands; only until when somebody has read is kept.
/// </summary>
public sealed class Messages(Database db, IClock clock)
{
    /// <summary>The most messages of one call.</summary>
    public const int RowsMax = 100;

    /// <summary>To somebody who has never looked, what is older is no news.</summary>
    private static readonly Duration NewFor = Duration.FromDays(14);

    // Asked for with the household and the instant it is now; only the reminder would otherwise come from the future.
    // What the household did itself is no news to it; that it accepted by itself when the time was over is. What only lends its name is
    // joined from the left: where messages are but counted, PostgreSQL leaves it out.
    internal const string All =
        $"""
        select 'Booking' as kind, e.at, e.status, b.id as subject, o.title_it as name_it, o.title_en as name_en, v.name as "from",
               b.starts_at as "on", null::bigint as amount, e.note as text, b.reference
        from marketplace.booking b
        join marketplace.booking_event e on e.territory_id = @territory and e.booking_id = b.id
        left join marketplace.offer o on o.territory_id = @territory and o.id = b.offer_id
        left join marketplace.provider v on v.territory_id = @territory and v.id = b.provider_id
        where b.territory_id = @territory and b.household_id = @household
          and e.actor not in (select 'user_' || replace(r.user_id::text, '-', '') from marketplace.role_grant r
                              where r.territory_id = @territory and r.household_id = @household)
          -- What the desk does for it is told as its deed.
          and e.status not in ('Requested', 'Withdrawn', 'CancelledByHousehold', 'Settled', 'Paid', 'Replaced') and (e.status <> 'CancelledByOperator' or e.actor <> 'system')
        union all
        select 'DelegateActed', e.at, e.status, b.id, o.title_it, o.title_en, u.display_name, b.starts_at, null, '', b.reference
        from {Delegations.Acts}
        left join marketplace.offer o on o.territory_id = @territory and o.id = b.offer_id
        left join marketplace.app_user u on u.territory_id = @territory and u.id = d.delegate_id
        where d.territory_id = @territory and d.household_id = @household and e.status in ('Requested', 'Withdrawn', 'CancelledByHousehold')
        union all
        select 'Reminder', r.at, null, b.id, o.title_it, o.title_en, v.name, b.starts_at, null, '', b.reference
        from marketplace.booking b
        cross join lateral (
            select ((b.starts_at at time zone 'Europe/Rome')::date - 1 + time '09:00') at time zone 'Europe/Rome' as at) r
        left join marketplace.offer o on o.territory_id = @territory and o.id = b.offer_id
        left join marketplace.provider v on v.territory_id = @territory and v.id = b.provider_id
        where b.territory_id = @territory and b.household_id = @household and b.status = 'Confirmed' and r.at <= @now
          -- Whoever was told later than that has just read when it is.
          and exists (select from marketplace.booking_event e
                      where e.territory_id = @territory and e.booking_id = b.id and e.status = 'Confirmed' and e.at < r.at)
        union all
        select 'StaffChanged', c.at, null, b.id, o.title_it, o.title_en, w.first_name, b.starts_at, null, '', b.reference
        from marketplace.booking b
        join marketplace.staff_change c on c.territory_id = @territory and c.slot_id = b.slot_id
        left join marketplace.staff w on w.territory_id = @territory and w.id = c.to_staff
        left join marketplace.offer o on o.territory_id = @territory and o.id = b.offer_id
        where b.territory_id = @territory and b.household_id = @household
          and exists (select from marketplace.booking_event e
                      where e.territory_id = @territory and e.booking_id = b.id and e.status = 'Confirmed' and e.at <= c.at)
          and not exists (select from marketplace.booking_event e
                          where e.territory_id = @territory and e.booking_id = b.id and e.status like 'Cancelled%' and e.at <= c.at)
        union all
        select 'Grant', g.activated_at, null, g.id, p.name_it, p.name_en, f.name, null, g.amount, '', ''
        from marketplace.welfare_grant g
        left join marketplace.programme p on p.territory_id = @territory and p.id = g.programme_id
        left join marketplace.funder f on f.territory_id = @territory and f.id = p.funder_id
        where g.territory_id = @territory and g.household_id = @household
        union all
        select 'Help', r.answered_at, null, r.id, '', '', u.display_name, null, null, r.answer, ''
        from marketplace.help_request r
        left join marketplace.app_user u on u.territory_id = @territory and u.id = r.answered_by
        where r.territory_id = @territory and r.household_id = @household and r.answered_at is not null
        union all
        select e.kind, e.at, null, a.id, o.name, o.name, o.address, a.starts_at, null, e.text, ''
        from marketplace.office_appointment a
        left join marketplace.office o on o.territory_id = @territory and o.id = a.office_id
        cross join lateral (
            select ((a.starts_at at time zone 'Europe/Rome')::date - 1 + time '09:00') at time zone 'Europe/Rome' as at) r
        cross join lateral (values
            ('OfficeBooked', a.booked_at, ''),
            ('OfficeReminder', case when a.cancelled_at is null and a.booked_at < r.at and r.at <= @now then r.at end, ''),
            ('OfficeCancelled', case when a.cancel_note <> '' then a.cancelled_at end, a.cancel_note)) e(kind, at, text)
        where a.territory_id = @territory and a.household_id = @household and e.at is not null
        union all
        select case e.what when 'Lapsed' then 'PoolLapsed' when 'Cancelled' then 'PoolCancelled' else 'PoolWithoutYou' end,
               e.at, null, p.id, o.title_it, o.title_en, v.name, p.starts_at,
               (select sum(l.amount)::bigint from marketplace.pool_share_line l where l.territory_id = @territory and l.share_id = s.id and l.hold_id = s.hold_id), e.note, ''
        from marketplace.pool_share s
        join marketplace.pool p on p.territory_id = @territory and p.id = s.pool_id
        join marketplace.pool_event e on e.territory_id = @territory and e.pool_id = p.id and e.what in ('Lapsed', 'Cancelled', 'Confirmed')
        left join marketplace.offer o on o.territory_id = @territory and o.id = p.offer_id
        left join marketplace.provider v on v.territory_id = @territory and v.id = p.provider_id
        where s.territory_id = @territory and s.household_id = @household and s.status = 'Released'
          and (e.what <> 'Cancelled' or p.price is null) and (e.what <> 'Confirmed' or s.booking_id is null)
        union all
        select e.kind, e.at, null, p.id, o.title_it, o.title_en, v.name, p.starts_at, e.amount, '', ''
        from marketplace.pool_share s
        join marketplace.pool p on p.territory_id = @territory and p.id = s.pool_id
        join marketplace.booking b on b.territory_id = @territory and b.id = s.booking_id
        cross join lateral (
            -- That few are left; and for whoever read that, what came of it.
            select case f.what when 'FellBelowQuorum' then 'PoolShort' when 'BegunUndecided' then 'PoolUndecided' else 'PoolGoesOn' end as kind,
                   f.at, null::bigint as amount
            from marketplace.pool_event f
            where f.territory_id = @territory and f.pool_id = p.id and f.at > s.joined_at
              and (f.what = 'FellBelowQuorum' or f.what in ('GoesOn', 'QuorumMet', 'BegunUndecided') and exists (
                  select from marketplace.pool_event w
                  where w.territory_id = @territory and w.pool_id = p.id and w.what = 'FellBelowQuorum' and w.sequence < f.sequence and w.at > s.joined_at))
              and not exists (
                  select from marketplace.booking_event c
                  where c.territory_id = @territory and c.booking_id = b.id and c.at <= f.at
                    and c.status in ('CancelledByHousehold', 'CancelledByProvider', 'CancelledByOperator', 'Replaced'))
            union all
            -- What time itself called off: the pool came to nothing, or goes on with those who agreed to pay more.
            select case when exists (select from marketplace.pool_event g
                                     where g.territory_id = @territory and g.pool_id = p.id and g.what = 'Raised' and g.at = c.at)
                        then 'PoolGoesOnWithoutYou' else 'PoolDissolved' end, c.at, b.covered
            from marketplace.booking_event c
            where c.territory_id = @territory and c.booking_id = b.id and c.status = 'CancelledByOperator' and c.actor = 'system') e
        left join marketplace.offer o on o.territory_id = @territory and o.id = p.offer_id
        left join marketplace.provider v on v.territory_id = @territory and v.id = p.provider_id
        where s.territory_id = @territory and s.household_id = @household
        union all
        select 'DateMissed', t.at, null, t.pool_id, o.title_it, o.title_en, v.name, p.starts_at, null, '', ''
        from marketplace.series_member m
        join marketplace.series_turn t on t.territory_id = @territory and t.member_id = m.id and t.outcome = 'Missed'
        left join marketplace.pool p on p.territory_id = @territory and p.id = t.pool_id
        left join marketplace.offer o on o.territory_id = @territory and o.id = p.offer_id
        left join marketplace.provider v on v.territory_id = @territory and v.id = p.provider_id
        where m.territory_id = @territory and m.household_id = @household
        union all
        -- What was booked with the first form is no news.
        select 'Recurring' || t.outcome, t.at, null, r.id, o.title_it, o.title_en, v.name,
               (t.day + r.starts) at time zone 'Europe/Rome', null, '', ''
        from marketplace.recurring_booking r
        join marketplace.recurring_turn t on t.territory_id = @territory and t.recurring_id = r.id
        left join marketplace.offer o on o.territory_id = @territory and o.id = r.offer_id
        left join marketplace.provider v on v.territory_id = @territory and v.id = o.provider_id
        where r.territory_id = @territory and r.household_id = @household
          and (t.outcome = 'Missed' or t.outcome = 'Booked' and t.at > r.asked_at + interval '1 hour')
        union all
        select e.kind, e.at, null, case e.kind when 'ProposalTaken' then a.pool_id else m.need_id end, c.name_it, c.name_en, w.name,
               case e.kind when 'ProposalTaken' then l.starts_at end, null, '', ''
        from marketplace.proposal_member m
        join marketplace.need n on n.territory_id = @territory and n.id = m.need_id
        join marketplace.proposal a on a.territory_id = @territory and a.id = m.proposal_id
        left join marketplace.service_class c on c.territory_id = @territory and c.code = a.class_code
        left join marketplace.meeting_place w on w.territory_id = @territory and w.id = a.place_id
        left join marketplace.pool l on l.territory_id = @territory and l.id = a.pool_id
        cross join lateral (values
            ('ProposalMade', a.planned_at), ('ProposalAgreed', a.agreed_at), ('ProposalTaken', a.taken_at),
            (case when a.status = 'Untaken' then 'ProposalUntaken' when m.answer = 'Silent' then 'ProposalUnanswered' else 'ProposalDropped' end,
             case when a.dropped_at < n.expires_at and (m.answer is null or m.answer in ('Yes', 'Silent')) then a.dropped_at end)) e(kind, at)
        where m.territory_id = @territory and m.household_id = @household and e.at is not null
        union all
        select 'NeedOpenedForYou', n.opened_at, null, n.id, c.name_it, c.name_en, u.display_name, null, null, '', ''
        from marketplace.need n
        left join marketplace.service_class c on c.territory_id = @territory and c.code = n.class_code
        left join marketplace.app_user u on u.territory_id = @territory and u.id = n.opened_by
        where n.territory_id = @territory and n.household_id = @household and n.consent_kind is not null
        union all
        select case when a.deed in ('SaidYes', 'SaidNo') then 'DeskAnswered' else 'Desk' || a.deed end, a.acted_at, null,
               coalesce(s.pool_id, a.subject, a.id), coalesce(o.title_it, c.name_it, ''), coalesce(o.title_en, c.name_en, ''), u.display_name,
               null, null, a.consent_reference, ''
        from marketplace.desk_act a
        left join marketplace.pool_share s on s.territory_id = @territory and s.id = a.subject
        left join marketplace.pool p on p.territory_id = @territory and p.id = s.pool_id
        left join marketplace.pool_series e on e.territory_id = @territory and e.id = a.subject
        left join marketplace.booking k on k.territory_id = @territory and k.id = a.subject
        left join marketplace.package g on g.territory_id = @territory and g.id = a.subject
        left join marketplace.offer o on o.territory_id = @territory and o.id = any(array[p.offer_id, e.offer_id, k.offer_id, g.offer_id])
        left join marketplace.need n on n.territory_id = @territory and n.id = a.subject
        left join marketplace.service_class c on c.territory_id = @territory and c.code = n.class_code
        left join marketplace.app_user u on u.territory_id = @territory and u.id = a.acted_by
        where a.territory_id = @territory and a.household_id = @household
        union all
        select case when q.calls_off is null then 'ConsentAsked' else 'CallOffAsked' end, q.asked_at, null, q.id, o.title_it, o.title_en, u.display_name, s.starts_at, null, '', ''
        from marketplace.consent_request q
        left join marketplace.slot s on s.territory_id = @territory and s.id = q.slot_id
        left join marketplace.offer o on o.territory_id = @territory and o.id = s.offer_id
        left join marketplace.app_user u on u.territory_id = @territory and u.id = q.asked_by
        where q.territory_id = @territory and q.household_id = @household
        union all
        select 'NeedExpired', n.expires_at, null, n.id, c.name_it, c.name_en, '', null, null, '', ''
        from marketplace.need n
        left join marketplace.service_class c on c.territory_id = @territory and c.code = n.class_code
        where n.territory_id = @territory and n.household_id = @household and n.status = 'Expired'
        union all
        select e.kind, e.at, null, k.id, o.title_it, o.title_en, v.name, (k.last_day + time '12:00') at time zone 'Europe/Rome', e.amount, e.text, k.reference
        from marketplace.package k
        join marketplace.offer o on o.territory_id = @territory and o.id = k.offer_id
        cross join lateral (
            select case o.kind when 'Product' then 'ProductEnding' else 'PackageEnding' end as kind, r.at, null::bigint as amount, (k.units - n."out")::text as text
            from (select (k.last_day - case o.kind when 'Product' then 7 else 14 end + time '09:00') at time zone 'Europe/Rome' as at) r
            -- As it was then: what was booked later is no reason to say nothing.
            cross join lateral (
                select count(*) as "out" from marketplace.booking b
                where b.territory_id = @territory and b.package_id = k.id and b.requested_at < r.at and {Packages.IsOut}) n
            where r.at <= @now and k.bought_at < r.at and coalesce(k.ended_at, r.at) >= r.at and n."out" < k.units
            union all
            select case o.kind when 'Product' then 'ProductLapsed' else 'PackageLapsed' end, k.ended_at, (select sum(l.released)::bigint from ledger.hold_line l where l.territory_id = @territory and l.hold_id = k.hold_id), ''
            where k.status = 'Lapsed'
            union all
            select 'ProductUnavailable', k.ended_at, (select sum(l.released)::bigint from ledger.hold_line l where l.territory_id = @territory and l.hold_id = k.hold_id), k.end_note
            where k.status = 'Unavailable'
            union all
            select 'ProductHandedOver', b.starts_at, sum(b.settled)::bigint, count(*)::text
            from marketplace.booking b where b.territory_id = @territory and b.package_id = k.id and b.slot_id is null
            group by b.starts_at) e
        left join marketplace.provider v on v.territory_id = @territory and v.id = k.provider_id
        where k.territory_id = @territory and k.household_id = @household
        union all
        select 'SearchFound', f.told_at, null, s.id, s.name_it, s.name_en, '', null, null, '', ''
        from marketplace.saved_search s
        cross join lateral (
            select distinct f.told_at from marketplace.saved_search_find f where f.territory_id = @territory and f.search_id = s.id) f
        where s.territory_id = @territory and s.household_id = @household
        """;

    /// <summary>The household's messages, the latest first.</summary>
    public Task<List<Message>> OfAsync(TerritoryId territory, Id<Household> household, int limit = RowsMax, CancellationToken cancel = default) =>
        db.ListAsync<Message>(
            territory, $"{All} order by at desc, subject limit @limit", new { household, now = clock.Now, limit = Math.Min(limit, RowsMax) }, cancel);

    /// <summary>How many are new to a person: came since they last read, and for one who never has, within the last fortnight.</summary>
    public async Task<int> UnreadAsync(TerritoryId territory, HouseholdUser reader, CancellationToken cancel = default) =>
        (int)(await db.ListByKeyAsync<long>(
            territory,
            $"""
            select count(*) from ({All}) m
            where m.at > coalesce((select read_at from marketplace.messages_read
                                   where territory_id = @territory and user_id = @User and household_id = @Household), @lately)
            """, new { reader.User, reader.Household, now = clock.Now, lately = clock.Now - NewFor }, cancel))[0];

    /// <summary>What came after this instant is new to a person.</summary>
    public async Task<Instant> ReadUntilAsync(TerritoryId territory, HouseholdUser reader, CancellationToken cancel = default) =>
        await db.FindAsync<Instant?>(
            territory,
            "select read_at from marketplace.messages_read where territory_id = @territory and user_id = @User and household_id = @Household",
            new { reader.User, reader.Household }, cancel) ?? clock.Now - NewFor;

    /// <summary>Notes that a person has read all there is by now.</summary>
    public Task MarkReadAsync(TerritoryId territory, HouseholdUser reader, CancellationToken cancel = default) =>
        db.ExecuteAsync(
            territory,
            """
            insert into marketplace.messages_read (territory_id, user_id, household_id, read_at) values (@territory, @User, @Household, @now)
            on conflict (territory_id, user_id, household_id) do update set read_at = greatest(messages_read.read_at, excluded.read_at)
            """, new { reader.User, reader.Household, now = clock.Now }, cancel);
}
