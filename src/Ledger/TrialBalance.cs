using NodaTime;

namespace Borsellino.Ledger;

/// <summary>All accounts of one place in the chart, added up.</summary>
/// <param name="Accounts">How many accounts there are.</param>
/// <param name="DebitBalance">The sum of the balances of those that stand in debit; the credit ones likewise.</param>
public sealed record TrialBalanceLine(
    string Chart, AccountKind Kind, long Accounts, Money Debits, Money Credits, Money DebitBalance, Money CreditBalance, Money Held);

/// <summary>The whole book at the end of a day. If it does not balance, something is broken.</summary>
public sealed record TrialBalance(LocalDate On, IReadOnlyList<TrialBalanceLine> Lines, long Entries, long Postings)
{
    public Money DebitBalances => Lines.Sum(l => l.DebitBalance);
    public Money CreditBalances => Lines.Sum(l => l.CreditBalance);
    public Money Difference => DebitBalances - CreditBalances;
    public bool Balances => Difference.IsZero && Lines.Sum(l => l.Debits) == Lines.Sum(l => l.Credits);
}

public sealed class TrialBalances(Database db)
{
    /// <summary>
    /// The trial balance at the end of an effective day: the totals of now, less the postings that count for later
    /// days. What is held is always that of now.
    /// </summary>
    public async Task<TrialBalance> AtAsync(TerritoryId territory, LocalDate on, CancellationToken cancel = default)
    {
        var lines = await db.ListAsync<TrialBalanceLine>(
            territory,
            """
            with later as materialized (
                select p.account_id, sum(p.debit) as debits, sum(p.credit) as credits
                from ledger.journal_entry e
                join ledger.posting p on p.territory_id = @territory and p.entry_id = e.id
                where e.territory_id = @territory and e.effective_on > @on
                group by p.account_id
            ), total as (
                select a.chart, a.kind, a.debits - coalesce(l.debits, 0) as debits, a.credits - coalesce(l.credits, 0) as credits,
                       a.debits_held
                from ledger.account a left join later l on l.account_id = a.id
                where a.territory_id = @territory
            )
            select t.chart, t.kind, count(*) as accounts, sum(t.debits)::bigint as debits, sum(t.credits)::bigint as credits,
                   sum(greatest(t.debits - t.credits, 0))::bigint as debit_balance,
                   sum(greatest(t.credits - t.debits, 0))::bigint as credit_balance, sum(t.debits_held)::bigint as held
            from total t join ledger.chart c on c.code = t.chart
            group by t.chart, t.kind, c.position
            order by c.position
            """, new { on }, cancel);
        var counts = await db.ListAsync<long>(
            territory,
            """
            select count(*) from ledger.journal_entry where territory_id = @territory and effective_on <= @on
            union all
            select count(*) from ledger.posting where territory_id = @territory and effective_on <= @on
            """, new { on }, cancel);
        return new(on, lines, counts[0], counts[1]);
    }
}
