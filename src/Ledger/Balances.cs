using NodaTime;

namespace Borsellino.Ledger;

/// <summary>An account's totals at the end of a day, as told by what was recorded until the end of another.</summary>
/// <param name="On">Entries that count for this day or an earlier one.</param>
public sealed record BalanceAt(LocalDate On, Money Debits, Money Credits, Money Balance);

/// <summary>One month of an account: what was there, what moved, what was left. On the account's own side.</summary>
public sealed record PeriodBalance(LocalDate From, LocalDate To, Money Opening, Money Debits, Money Credits, Money Closing);

/// <summary>
/// Balances at the end of any past day, by both kinds of day: when an entry counts (effective) and when it was written
/// (recorded, in Italy). What an answer costs does not grow with the account's life: the last posting of a day is found by
/// the first of a later one, which is indexed, and knows its totals; only what was dated back later is added up, and that is
/// little (<c>ledger.totals_at</c>).
/// </summary>
public sealed class Balances(Database db)
{
    public const int MonthsMax = 240;

    /// <summary>How many of the account's postings were recorded until the end of a day; all of them for no day.</summary>
    private const string Recorded =
        """
        select coalesce((
            select p.position - 1 from ledger.posting p
            where p.territory_id = @territory and p.account_id = @id and p.recorded_on > @recorded and p.recorded_on > p.recorded_before
            order by p.recorded_on, p.position limit 1), a.movements) as through
        """;

    internal const string Side = "case when a.kind in ('Asset', 'Expense') then -1 else 1 end";

    /// <summary>
    /// The totals at the end of an effective day; null for an unknown account. With <paramref name="recorded"/>, as the book
    /// stood at the end of that day: what was written later, for whatever day, is not in it.
    /// </summary>
    public Task<BalanceAt?> AtAsync(
        TerritoryId territory, Id<Account> id, LocalDate on, LocalDate? recorded = null, CancellationToken cancel = default) =>
        db.FindAsync<BalanceAt>(
            territory,
            $"""
            select d.day as on, t.debits::bigint as debits, t.credits::bigint as credits, ({Side} * (t.credits - t.debits))::bigint as balance
            from ledger.account a
            cross join lateral ({Recorded}) r
            cross join lateral (select @on::date as day) d
            cross join lateral ledger.totals_at(@territory, @id, d.day, r.through) t
            where a.territory_id = @territory and a.id = @id
            """, new { id, on, recorded }, cancel);

    /// <summary>
    /// Month by month, from the first to the last one that has a day of the range; empty for an unknown account. Each opens
    /// with what the one before it closed with. Throws for more than 240 months.
    /// </summary>
    public async Task<IReadOnlyList<PeriodBalance>> ByMonthAsync(
        TerritoryId territory, Id<Account> id, LocalDate from, LocalDate to, CancellationToken cancel = default)
    {
        var (first, last) = (from.ToYearMonth(), to.ToYearMonth());
        var months = ((last.Year - first.Year) * 12) + last.Month - first.Month + 1;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(months, MonthsMax);
        if (months <= 0) return [];
        var ends = await db.ListAsync<BalanceAt>(
            territory,
            $"""
            select d.day as on, t.debits::bigint as debits, t.credits::bigint as credits, ({Side} * (t.credits - t.debits))::bigint as balance
            from ledger.account a
            cross join lateral (
                select (@first + make_interval(months => n) - interval '1 day')::date as day from generate_series(0, @months) n) d
            cross join lateral ledger.totals_at(@territory, @id, d.day, a.movements) t
            where a.territory_id = @territory and a.id = @id
            order by d.day
            """, new { id, first = first.OnDayOfMonth(1), months }, cancel);
        return [.. ends.Zip(ends.Skip(1), (before, end) => new PeriodBalance(
            before.On.PlusDays(1), end.On, before.Balance, end.Debits - before.Debits, end.Credits - before.Credits, end.Balance))];
    }
}
