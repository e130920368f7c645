using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>What happened to the money of a purse, as its owner says it.</summary>
public enum MovementKind
{
    /// <summary>A funder put it in.</summary>
    Received,

    /// <summary>Set aside for something booked: it cannot be spent twice, nobody has it yet.</summary>
    Held,

    /// <summary>Paid to a provider. It had been held, so what can be spent stays as it is.</summary>
    Spent,

    /// <summary>No longer held: it can be spent again.</summary>
    Returned,

    /// <summary>Back to the funder: the time to use it is over, or it was revoked.</summary>
    TakenBack,
}

/// <summary>One movement over all the grants it touched.</summary>
/// <param name="About">The booking or the share behind it; null for money that comes in or goes back to its funder.</param>
/// <param name="Funders">From whom the money of this movement is, in the order of the purse.</param>
/// <param name="AvailableAfter">What could be spent after it. Balance: the same with what is held.</param>
public sealed record PurseMovement(
    Instant At, MovementKind Kind, Money Amount, MovementAbout? About, string EntryKind, IReadOnlyList<PursePart> Funders,
    Money AvailableAfter, Money BalanceAfter);

/// <summary>What a movement is for: a booking, a share in a pool that has not been decided yet, or a package.</summary>
/// <param name="StartsAt">When the service is; when a package was bought.</param>
public sealed record MovementAbout(Id<Booking>? Booking, Id<Pool>? Pool, string TitleIt, string TitleEn, string Provider, Instant StartsAt)
{
    public Id<Package>? Package { get; init; }

    /// <summary>Whether the package is of a product.</summary>
    public bool IsProduct { get; init; }
}

/// <summary>One grant's part of a movement.</summary>
public sealed record PursePart(Id<Grant> Grant, string Funder, string ProgrammeIt, string ProgrammeEn, Money Amount);

/// <summary>One grant from an instant to another, what is held included: opening + received − spent − taken back = closing.</summary>
/// <param name="Held">What of the closing balance is held.</param>
public sealed record GrantPeriod(
    Id<Grant> Grant, string Funder, string ProgrammeIt, string ProgrammeEn, Money Opening, Money Received, Money Spent,
    Money TakenBack, Money Closing, Money Held);

/// <summary>A purse from an instant (included) to another (not included). Balance is what is in it, held or free.</summary>
public sealed record PurseStatement(
    Instant From, Instant To, Money OpeningBalance, Money OpeningAvailable, IReadOnlyList<PurseMovement> Movements,
    Money ClosingBalance, Money ClosingAvailable, IReadOnlyList<GrantPeriod> Grants)
{
    public Money OpeningHeld => OpeningBalance - OpeningAvailable;
    public Money ClosingHeld => ClosingBalance - ClosingAvailable;
    public Money Received => Sum(MovementKind.Received);
    public Money Spent => Sum(MovementKind.Spent);
    public Money TakenBack => Sum(MovementKind.TakenBack);

    private Money Sum(MovementKind kind) => Movements.Where(m => m.Kind == kind).Sum(m => m.Amount);
}

/// <summary>What moved last, newest first, and since when there has been anything in the purse; null for never.</summary>
public sealed record PurseLately(IReadOnlyList<PurseMovement> Movements, LocalDate? Since);

/// <summary>
/// Statements of a whole purse, told from the ledger's postings and the events of its holds. One query reads both the
/// opening and the movements, so that the figures always add up.
/// </summary>
public sealed class PurseStatements(Database db)
{
    public async Task<PurseStatement> MonthAsync(
        TerritoryId territory, Id<Household> household, YearMonth month, CancellationToken cancel = default) =>
        await BetweenAsync(
            territory, household, month.OnDayOfMonth(1).StartOfDayInRome(), month.OnDayOfMonth(1).PlusMonths(1).StartOfDayInRome(), cancel);

    /// <summary>The movements recorded from an instant on and before another, oldest first.</summary>
    public async Task<PurseStatement> BetweenAsync(
        TerritoryId territory, Id<Household> household, Instant from, Instant to, CancellationToken cancel = default) =>
        Tell(from, to, await db.ListByKeyAsync<Row>(territory, Between, new { household, from, to }, cancel));

    /// <summary>At most as many movements as asked for, newest first, however long ago.</summary>
    public async Task<PurseLately> LatestAsync(
        TerritoryId territory, Id<Household> household, int count, CancellationToken cancel = default)
    {
        var rows = await db.ListByKeyAsync<Row>(territory, Latest, new { household, count }, cancel);
        var (balance, available) = Opening(rows);
        return new([.. Enumerable.Reverse(TellMovements(rows, balance, available))], rows.Count == 0 ? null : rows.Min(r => r.ActivatedAt).InZone(ClockExtensions.Rome).Date);
    }

    /// <summary>The months for which there is something to tell, newest first: from the first grant to this month.</summary>
    public async Task<IReadOnlyList<YearMonth>> MonthsAsync(
        TerritoryId territory, Id<Household> household, LocalDate today, CancellationToken cancel = default)
    {
        var first = (await db.ListAsync<Instant?>(
            territory, "select min(activated_at) from marketplace.welfare_grant where territory_id = @territory and household_id = @household",
            new { household }, cancel))[0];
        return first is { } activatedAt ? Months(activatedAt.InZone(ClockExtensions.Rome).Date, today) : [];
    }

    /// <summary>The months from the one of a day to this one, newest first.</summary>
    public static IReadOnlyList<YearMonth> Months(LocalDate since, LocalDate today)
    {
        var months = new List<YearMonth>();
        for (var day = today.With(DateAdjusters.StartOfMonth); day >= since.With(DateAdjusters.StartOfMonth); day = day.PlusMonths(-1))
        {
            months.Add(day.ToYearMonth());
        }

        return months;
    }

    private static PurseStatement Tell(Instant from, Instant to, List<Row> rows)
    {
        var (balance, available) = Opening(rows);
        var movements = TellMovements(rows, balance, available);
        var (closingBalance, closingAvailable) = movements.Count > 0 ? (movements[^1].BalanceAfter, movements[^1].AvailableAfter) : (balance, available);
        return new(from, to, balance, available, movements, closingBalance, closingAvailable, [.. rows.GroupBy(r => r.GrantId).Select(TellGrant)]);
    }

    private static (Money Balance, Money Available) Opening(List<Row> rows)
    {
        var opening = rows.Where(r => r.IsOpening).ToList();
        return (opening.Sum(r => r.BalanceChange), opening.Sum(r => r.AvailableChange));
    }

    private static List<PurseMovement> TellMovements(List<Row> rows, Money balance, Money available)
    {
        var movements = new List<PurseMovement>();
        foreach (var group in rows.Where(r => !r.IsOpening).GroupBy(r => (r.Source, r.Kind)))
        {
            balance += group.Sum(r => r.BalanceChange);
            available += group.Sum(r => r.AvailableChange);
            var first = group.First();
            movements.Add(new(
                first.At, first.Movement, group.Sum(r => r.Amount), first.About, first.EntryKind,
                [.. group.Select(r => new PursePart(r.GrantId, r.Funder, r.ProgrammeIt, r.ProgrammeEn, r.Amount))], available, balance));
        }

        return movements;
    }

    private static GrantPeriod TellGrant(IGrouping<Id<Grant>, Row> rows)
    {
        var first = rows.First();
        var closing = rows.Sum(r => r.BalanceChange);
        return new(
            rows.Key, first.Funder, first.ProgrammeIt, first.ProgrammeEn, rows.Where(r => r.IsOpening).Sum(r => r.BalanceChange),
            Sum(MovementKind.Received), Sum(MovementKind.Spent), Sum(MovementKind.TakenBack), closing,
            closing - rows.Sum(r => r.AvailableChange));

        Money Sum(MovementKind kind) => rows.Where(r => !r.IsOpening && r.Movement == kind).Sum(r => r.Amount);
    }

    /// <summary>
    /// Everything that moved a purse's money, one row for each grant. At one instant money comes in first and goes out
    /// last; of the holds, those of earlier bookings end before new ones begin. So no figure in between is below zero.
    /// </summary>
    private const string Moved =
        """
        with purse as (
            select g.id as grant_id, g.account_id, g.valid_to, g.activated_at, f.name as funder, p.name_it as programme_it, p.name_en as programme_en
            from marketplace.welfare_grant g
            join marketplace.programme p on p.territory_id = @territory and p.id = g.programme_id
            join marketplace.funder f on f.territory_id = @territory and f.id = p.funder_id
            where g.territory_id = @territory and g.household_id = @household
        ), movement as (
            -- Entries that are no capture of a hold: those are told by the hold's own event, which has the entry's id.
            select s.grant_id, e.recorded_at as at, case when p.credit > 0 then 'Received' else 'TakenBack' end as kind, e.id as source,
                   p.debit + p.credit as amount, p.credit - p.debit as available_change, p.credit - p.debit as balance_change,
                   case when p.credit > 0 then 0 else 9 end as rank, null::uuid as hold_id, e.kind as entry_kind
            from purse s
            join ledger.posting p on p.territory_id = @territory and p.account_id = s.account_id
            join ledger.journal_entry e on e.territory_id = @territory and e.id = p.entry_id
            where not exists (select from ledger.hold_event v where v.territory_id = @territory and v.id = e.id and v.kind = 'Captured')
            union all
            select s.grant_id, h.authorised_at, 'Held', h.id, l.amount, -l.amount, 0, 2, h.id, ''
            from purse s
            join ledger.hold_line l on l.territory_id = @territory and l.account_id = s.account_id
            join ledger.hold h on h.territory_id = @territory and h.id = l.hold_id
            union all
            select s.grant_id, v.recorded_at, part.kind, v.id, part.amount, part.available_change, part.balance_change,
                   case when h.authorised_at < v.recorded_at then 1 else 3 end, h.id, coalesce(e.kind, '')
            from purse s
            join ledger.hold_line l on l.territory_id = @territory and l.account_id = s.account_id
            join ledger.hold_event_line m on m.territory_id = @territory and m.hold_id = l.hold_id and m.line = l.line
            join ledger.hold_event v on v.territory_id = @territory and v.id = m.event_id
            join ledger.hold h on h.territory_id = @territory and h.id = l.hold_id
            left join ledger.journal_entry e on e.territory_id = @territory and e.id = v.entry_id
            cross join lateral (values ('Spent', m.captured, 0::bigint, -m.captured), ('Returned', m.released, m.released, 0::bigint))
                part(kind, amount, available_change, balance_change)
            where part.amount > 0
        )
        """;

    /// <summary>The grants as they stood before what is shown, then what is shown, in the words of the marketplace.</summary>
    private const string Told =
        """
        select s.grant_id, s.funder, s.programme_it, s.programme_en, true as is_opening, '-infinity'::timestamptz as at, '' as kind,
               s.grant_id as source, 0::bigint as amount, o.available::bigint as available_change, o.balance::bigint as balance_change,
               '' as entry_kind, null::uuid as booking_id, null::uuid as pool_id, null::uuid as package_id, false as is_product,
               '' as title_it, '' as title_en, '' as provider, null::timestamptz as starts_at, 0 as rank, s.valid_to, s.activated_at
        from purse s join opening o on o.grant_id = s.grant_id
        union all
        select s.grant_id, s.funder, s.programme_it, s.programme_en, false, m.at, m.kind, m.source, m.amount, m.available_change,
               m.balance_change, m.entry_kind, b.id, l.id, k.id, k.id is not null and o.kind = 'Product', coalesce(o.title_it, ''), coalesce(o.title_en, ''), coalesce(p.name, ''),
               coalesce(b.starts_at, l.starts_at, k.bought_at), m.rank, s.valid_to, s.activated_at
        from purse s
        join shown m on m.grant_id = s.grant_id
        left join marketplace.booking b on b.territory_id = @territory and b.hold_id = m.hold_id
        left join marketplace.pool_share w on w.territory_id = @territory and w.hold_id = m.hold_id and b.id is null
        left join marketplace.pool_raise q on q.territory_id = @territory and q.hold_id = m.hold_id and b.id is null
        left join marketplace.pool l on l.territory_id = @territory and l.id = any(array[w.pool_id, q.pool_id])
        left join marketplace.package k on k.territory_id = @territory and k.hold_id = m.hold_id and b.id is null
        left join marketplace.offer o on o.territory_id = @territory and o.id = any(array[b.offer_id, l.offer_id, k.offer_id])
        left join marketplace.provider p on p.territory_id = @territory and p.id = any(array[b.provider_id, l.provider_id, k.provider_id])
        order by at, rank, source, kind desc, valid_to, grant_id
        """;

    private const string Between =
        $"""
        {Moved}, shown as (
            select * from movement where at >= @from and at < @to
        ), opening as (
            select s.grant_id, coalesce(sum(m.available_change), 0) as available, coalesce(sum(m.balance_change), 0) as balance
            from purse s left join movement m on m.grant_id = s.grant_id and m.at < @from
            group by s.grant_id
        )
        {Told}
        """;

    // From what is on the accounts now back to where the first one shown began: what came before need not be told.
    private const string Latest =
        $"""
        {Moved}, newest as (
            select source, kind from movement group by source, kind order by max(at) desc, max(rank) desc, source desc, kind limit @count
        ), shown as (
            select m.* from newest n join movement m on m.source = n.source and m.kind = n.kind
        ), opening as (
            select s.grant_id, a.credits - a.debits - a.debits_held - coalesce(sum(m.available_change), 0) as available,
                   a.credits - a.debits - coalesce(sum(m.balance_change), 0) as balance
            from purse s
            join ledger.account a on a.territory_id = @territory and a.id = s.account_id
            left join shown m on m.grant_id = s.grant_id
            group by s.grant_id, a.credits, a.debits, a.debits_held
        )
        {Told}
        """;

    private sealed record Row(
        Id<Grant> GrantId, string Funder, string ProgrammeIt, string ProgrammeEn, bool IsOpening, Instant At, string Kind, Guid Source,
        Money Amount, Money AvailableChange, Money BalanceChange, string EntryKind, Id<Booking>? BookingId, Id<Pool>? PoolId, Id<Package>? PackageId, bool IsProduct, string TitleIt,
        string TitleEn, string Provider, Instant? StartsAt, int Rank, LocalDate ValidTo, Instant ActivatedAt)
    {
        public MovementKind Movement => Enum.Parse<MovementKind>(Kind);

        public MovementAbout? About => StartsAt is { } at ? new(BookingId, PoolId, TitleIt, TitleEn, Provider, at) { Package = PackageId, IsProduct = IsProduct } : null;
    }
}
