using NodaTime;

namespace Borsellino.Ledger;

/// <summary>What must be so of an account when a period closes.</summary>
public enum BalanceMust
{
    /// <summary>Nothing is left: money only passes through.</summary>
    Zero,

    /// <summary>Not below nothing at the end of the day, whatever was recorded for later days.</summary>
    NotOverdrawn,
}

/// <summary>A rule for every account of a place in the chart, asked by closes through a day from first to last.</summary>
public sealed record BalanceRule(string Chart, BalanceMust Must, LocalDate ValidFrom, LocalDate? ValidTo);

/// <summary>An account that breaks a rule, with its balance on its own side at the end of the day that was asked.</summary>
public sealed record BalanceBreach(string Chart, BalanceMust Must, Id<Account> AccountId, string Name, Money Balance);

/// <summary>Some accounts are not as they must be at the end of the day: the book is not closed through it.</summary>
/// <param name="Breaches">The first twenty.</param>
public sealed record BalanceRulesBroken(LocalDate Through, IReadOnlyList<BalanceBreach> Breaches) : Refusal("balance_rules_broken");

/// <summary>The rules that balances obey when a period closes. They are rows that all territories share.</summary>
public sealed class BalanceRules(Database db)
{
    private const string Breaches =
        "select chart, must, account_id, name, balance from ledger.balance_breaches(@territory, @through) limit 20";

    public Task<List<BalanceRule>> ListAsync(CancellationToken cancel = default) => db.ListSharedAsync<BalanceRule>(
        """
        select r.chart, r.must, r.valid_from, r.valid_to from ledger.balance_rule r join ledger.chart c on c.code = r.chart
        order by c.position, r.must, r.valid_from
        """, cancel: cancel);

    /// <summary>What would refuse a close through this day now, at most twenty accounts.</summary>
    public Task<List<BalanceBreach>> BreachesAsync(TerritoryId territory, LocalDate through, CancellationToken cancel = default) =>
        db.ListAsync<BalanceBreach>(territory, Breaches, new { through }, cancel);

    internal static Task<List<BalanceBreach>> BreachesAsync(Transaction tx, LocalDate through) =>
        tx.ListAsync<BalanceBreach>(Breaches, new { through });
}
