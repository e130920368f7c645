using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>A household's purse: all its grants, with what is on each and the rules that go with it.</summary>
public sealed class Purses(Database db, IClock clock)
{
    /// <summary>
    /// A package counts whole on the day it was bought, with the minutes of all its units; once it is over, what was paid of it.
    /// </summary>
    private const string PackageUses =
        """
        select k.id, k.id, k.offer_id, k.bought_at, k.bought_at + c.minutes * interval '1 minute', c.amount
                    from marketplace.package_line l
                    join marketplace.package k on k.territory_id = @territory and k.id = l.package_id
                    join marketplace.offer f on f.territory_id = @territory and f.id = k.offer_id
                    join ledger.hold_line h on h.territory_id = @territory and h.hold_id = k.hold_id and h.account_id = w.account_id
                    cross join lateral (
                        select h.amount - h.released as amount, f.minutes * case when k.status = 'Open' then k.units else (
                                   select count(*) from marketplace.booking b
                                   where b.territory_id = @territory and b.package_id = k.id and b.status in ('Settled', 'Paid')) end as minutes) c
                    where l.territory_id = @territory and l.grant_id = w.id and k.bought_at >= @since and c.amount > 0
        """;

    // A programme pays for the classes it names and for all below them; a limit counts likewise. What is used is counted by programme
    // and household, not by grant: a grant that takes the place of one that ended begins no new week.
    private const string Select =
        $"""
        with recursive classes as (
            select programme_id, class_code from marketplace.programme_class where territory_id = @territory
            union
            select c.programme_id, s.code from classes c
            join marketplace.service_class s on s.territory_id = @territory and s.parent_code = c.class_code
        ), {RuleRows.Below}
        select g.id, g.programme_id, g.account_id, p.name_it as programme_it, p.name_en as programme_en, f.name as funder,
               g.status, g.valid_from, g.valid_to, p.copayment, p.unit_max, p.month_max,
               (a.credits - a.debits - a.debits_held) as available, a.debits_held as held,
               coalesce(a.holds_until, timestamptz '9999-01-01 00:00+00') as holds_until,
               exists (select from marketplace.title_rule t
                       where t.funder_kind = f.kind and t.whole_price and @on between t.valid_from and coalesce(t.valid_to, date '9999-12-31')) as whole_price,
               array(select class_code from classes c where c.programme_id = g.programme_id) as classes,
               (select json_agg(json_build_array(
                           u.source, u.service, o.class_code, to_char(u.starts_at at time zone 'Europe/Rome', 'YYYY-MM-DD'), u.amount,
                           extract(epoch from u.ends_at - u.starts_at)::bigint / 60))
                from marketplace.welfare_grant w
                cross join lateral (
                    select b.id as source, b.id as service, b.offer_id, b.starts_at, b.ends_at, l.amount
                    from marketplace.booking_line l
                    join marketplace.booking b on b.territory_id = @territory and b.id = l.booking_id
                    where l.territory_id = @territory and l.grant_id = w.id and b.starts_at >= @since
                      and b.status in ('Requested', 'Confirmed', 'Delivered', 'Disputed', 'Accepted', 'Settled', 'Paid')
                    union all
                    {PackageUses}
                    union all
                    select s.id, s.id, q.offer_id, q.starts_at, q.ends_at, l.amount
                    from marketplace.pool_share_line l
                    join marketplace.pool_share s on s.territory_id = @territory and s.id = l.share_id and s.hold_id = l.hold_id and s.status = 'Joined'
                    join marketplace.pool q on q.territory_id = @territory and q.id = s.pool_id
                    where l.territory_id = @territory and l.grant_id = w.id and q.starts_at >= @since
                    union all
                    select r.id, coalesce(s.booking_id, s.id), q.offer_id, q.starts_at, q.ends_at, l.amount
                    from marketplace.pool_raise_line l
                    join marketplace.pool_raise r on r.territory_id = @territory and r.id = l.raise_id and r.status = 'Agreed'
                    join marketplace.pool_share s on s.territory_id = @territory and s.id = r.share_id
                    join marketplace.pool q on q.territory_id = @territory and q.id = r.pool_id
                    where l.territory_id = @territory and l.grant_id = w.id and q.starts_at >= @since) u
                join marketplace.offer o on o.territory_id = @territory and o.id = u.offer_id
                where w.territory_id = @territory and w.household_id = g.household_id and w.programme_id = g.programme_id)::text as uses,
               {RuleRows.Columns},
               case when p.copayment = 'Required' then (
                   select json_agg(json_build_array(i.id, i.indicator, i.value, i.dsu_number, i.presented_on, i.valid_to, (extract(epoch from i.recorded_at) * 1000)::bigint))
                   from marketplace.household_isee i where i.territory_id = @territory and i.household_id = g.household_id)::text end as isee,
               case when f.kind = 'Company' then marketplace.fringe_room(@territory, g.household_id, f.id, @today)::text end as fringe, r.municipality_code as lives_in
        from marketplace.welfare_grant g
        join marketplace.programme p on p.territory_id = @territory and p.id = g.programme_id
        join marketplace.funder f on f.territory_id = @territory and f.id = p.funder_id
        join marketplace.household h on h.territory_id = @territory and h.id = g.household_id
        join marketplace.person r on r.territory_id = @territory and r.id = h.reference_person_id
        join ledger.account a on a.territory_id = @territory and a.id = g.account_id
        where g.territory_id = @territory and g.household_id = @household and g.status in ('Active', 'Suspended')
        order by g.valid_to, g.id
        """;

    /// <summary>The purse as it is now, for showing. <paramref name="on"/> says in which year what was used begins to be counted.</summary>
    public async Task<IReadOnlyList<PurseGrant>> GrantsAsync(
        TerritoryId territory, Id<Household> household, LocalDate on, CancellationToken cancel = default) =>
        [.. (await db.ListByKeyAsync<Row>(territory, Select, Parameters(household, on), cancel)).Select(r => r.ToGrant())];

    /// <summary>
    /// The purse with its accounts locked until the transaction ends, for deciding: two bookings on one purse follow
    /// each other, so neither sees money or a limit that the other has just used.
    /// </summary>
    public async Task<IReadOnlyList<PurseGrant>> LockAsync(Transaction tx, Id<Household> household, LocalDate on) =>
        [.. (await tx.LockThenListAsync<Row>(
            """
            select id from ledger.account
            where territory_id = @territory and id = any(array(
                select account_id from marketplace.welfare_grant
                where territory_id = @territory and household_id = @household and status in ('Active', 'Suspended')))
            order by id for no key update
            """, Select, Parameters(household, on))).Select(r => r.ToGrant())];

    /// <summary>The purse as the transaction sees it, for looking only.</summary>
    internal async Task<IReadOnlyList<PurseGrant>> ReadAsync(Transaction tx, Id<Household> household, LocalDate on) =>
        [.. (await tx.ListAsync<Row>(Select, Parameters(household, on))).Select(r => r.ToGrant())];

    /// <summary>The longest period is a year, and the first week of one may begin in the year before.</summary>
    private object Parameters(Id<Household> household, LocalDate on) =>
        new { household, on, today = clock.Today(), since = PeriodLimit.FirstOfWeek(new(on.Year, 1, 1)).StartOfDayInRome() };

    private sealed record Row(
        Id<Grant> Id, Id<Programme> ProgrammeId, Id<Account> AccountId, string ProgrammeIt, string ProgrammeEn, string Funder,
        GrantStatus Status, LocalDate ValidFrom, LocalDate ValidTo, CopaymentRule Copayment, Money? UnitMax, Money? MonthMax,
        Money Available, Money Held, Instant HoldsUntil, bool WholePrice, string[] Classes, string? Uses, string? Limits, string? Providers,
        string? Municipalities, string? Shares, string? Isee, string? Fringe, string LivesIn)
    {
        public PurseGrant ToGrant() => new(
            Id, ProgrammeId, AccountId, ProgrammeIt, ProgrammeEn, Funder, Status, ValidFrom, ValidTo, Copayment, UnitMax, MonthMax,
            Available, Held, HoldsUntil, WholePrice, Classes.ToHashSet(StringComparer.Ordinal))
        {
            Uses = RuleRows.Each(Uses, u => new Use(
                u[0].GetGuid(), u[1].GetGuid(), RuleRows.Text(u[2]), RuleRows.Day(u[3]), new(u[4].GetInt64()), u[5].GetInt32())),
            Rules = RuleRows.Read(Limits, Providers, Municipalities, Shares),
            Isee = RuleRows.Each(Isee, i => new HouseholdIsee(
                new(i[0].GetGuid()), Enum.Parse<IseeIndicator>(RuleRows.Text(i[1])), new(i[2].GetInt64()), RuleRows.Text(i[3]), RuleRows.Day(i[4]),
                RuleRows.Day(i[5]), Instant.FromUnixTimeMilliseconds(i[6].GetInt64()))),
            Fringe = RuleRows.FringeRoom(Fringe),
            LivesIn = LivesIn,
        };
    }
}
