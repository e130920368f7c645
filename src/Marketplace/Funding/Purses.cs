using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>A household's purse: all its grants, with what is on each and the rules that go with it.</summary>
public sealed class Purses(Database db)
{
    // A programme pays for the classes it names and for all below them.
    private const string Select =
        """
        with recursive classes as (
            select programme_id, class_code from marketplace.programme_class where territory_id = @territory
            union
            select c.programme_id, s.code from classes c
            join marketplace.service_class s on s.territory_id = @territory and s.parent_code = c.class_code
        )
        select g.id, g.programme_id, g.account_id, p.name_it as programme_it, p.name_en as programme_en, f.name as funder,
               g.status, g.valid_from, g.valid_to, p.copayment, p.unit_max, p.month_max,
               coalesce((
                   select sum(l.amount)
                   from marketplace.booking_line l
                   join marketplace.booking b on b.territory_id = @territory and b.id = l.booking_id
                   where l.territory_id = @territory and l.grant_id = g.id
                     and b.starts_at >= @monthStart and b.starts_at < @monthEnd
                     and b.status in ('Requested', 'Confirmed', 'Delivered', 'Disputed', 'Accepted', 'Settled', 'Paid')), 0)::bigint
               + coalesce((
                   select sum(l.amount)
                   from marketplace.pool_share_line l
                   join marketplace.pool_share s on s.territory_id = @territory and s.id = l.share_id and s.hold_id = l.hold_id and s.status = 'Joined'
                   join marketplace.pool o on o.territory_id = @territory and o.id = s.pool_id
                   where l.territory_id = @territory and l.grant_id = g.id
                     and o.starts_at >= @monthStart and o.starts_at < @monthEnd), 0)::bigint
               + coalesce((
                   select sum(l.amount)
                   from marketplace.pool_raise_line l
                   join marketplace.pool_raise r on r.territory_id = @territory and r.id = l.raise_id and r.status = 'Agreed'
                   join marketplace.pool o on o.territory_id = @territory and o.id = r.pool_id
                   where l.territory_id = @territory and l.grant_id = g.id
                     and o.starts_at >= @monthStart and o.starts_at < @monthEnd), 0)::bigint as month_used,
               (a.credits - a.debits - a.debits_held) as available, a.debits_held as held,
               coalesce(a.holds_until, timestamptz '9999-01-01 00:00+00') as holds_until,
               exists (select from marketplace.title_rule t
                       where t.funder_kind = f.kind and t.whole_price and @on between t.valid_from and coalesce(t.valid_to, date '9999-12-31')) as whole_price,
               array(select class_code from classes c where c.programme_id = g.programme_id) as classes
        from marketplace.welfare_grant g
        join marketplace.programme p on p.territory_id = @territory and p.id = g.programme_id
        join marketplace.funder f on f.territory_id = @territory and f.id = p.funder_id
        join ledger.account a on a.territory_id = @territory and a.id = g.account_id
        where g.territory_id = @territory and g.household_id = @household and g.status in ('Active', 'Suspended')
        order by g.valid_to, g.id
        """;

    /// <summary>The purse as it is now, for showing. <paramref name="on"/> says in which month limits are counted.</summary>
    public async Task<IReadOnlyList<PurseGrant>> GrantsAsync(
        TerritoryId territory, Id<Household> household, LocalDate on, CancellationToken cancel = default) =>
        [.. (await db.ListByKeyAsync<Row>(territory, Select, Parameters(household, on), cancel)).Select(r => r.ToGrant())];

    /// <summary>
    /// The purse with its accounts locked until the transaction ends, for deciding: two bookings on one purse follow
    /// each other, so neither sees money or a month's limit that the other has just used.
    /// </summary>
    public static async Task<IReadOnlyList<PurseGrant>> LockAsync(Transaction tx, Id<Household> household, LocalDate on)
    {
        var ids = await tx.ListAsync<Id<Account>>(
            """
            select account_id from marketplace.welfare_grant
            where territory_id = @territory and household_id = @household and status in ('Active', 'Suspended')
            """, new { household });
        await Accounts.LockAsync(tx, ids);
        return await ReadAsync(tx, household, on);
    }

    /// <summary>The purse as the transaction sees it, for looking only.</summary>
    internal static async Task<IReadOnlyList<PurseGrant>> ReadAsync(Transaction tx, Id<Household> household, LocalDate on) =>
        [.. (await tx.ListAsync<Row>(Select, Parameters(household, on))).Select(r => r.ToGrant())];

    private static object Parameters(Id<Household> household, LocalDate on)
    {
        var first = new LocalDate(on.Year, on.Month, 1);
        return new { household, on, monthStart = first.StartOfDayInRome(), monthEnd = first.PlusMonths(1).StartOfDayInRome() };
    }

    private sealed record Row(
        Id<Grant> Id, Id<Programme> ProgrammeId, Id<Account> AccountId, string ProgrammeIt, string ProgrammeEn, string Funder,
        GrantStatus Status, LocalDate ValidFrom, LocalDate ValidTo, CopaymentRule Copayment, Money? UnitMax, Money? MonthMax,
        Money MonthUsed, Money Available, Money Held, Instant HoldsUntil, bool WholePrice, string[] Classes)
    {
        public PurseGrant ToGrant() => new(
            Id, ProgrammeId, AccountId, ProgrammeIt, ProgrammeEn, Funder, Status, ValidFrom, ValidTo, Copayment, UnitMax, MonthMax,
            MonthUsed, Available, Held, HoldsUntil, WholePrice, Classes.ToHashSet(StringComparer.Ordinal));
    }
}
