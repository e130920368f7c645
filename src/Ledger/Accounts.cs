namespace Borsellino.Ledger;

/// <summary>Reading accounts.</summary>
public sealed class Accounts(Database db)
{
    internal const string Select =
        "select id, chart, kind, name, debits, credits, debits_held, holds_until, closed_at from ledger.account";

    public Task<Account?> FindAsync(TerritoryId territory, Id<Account> id, CancellationToken cancel = default) =>
        db.FindAsync<Account>(territory, $"{Select} where territory_id = @territory and id = @id", new { id }, cancel);

    /// <summary>The accounts of one place in the chart, by name; at most <paramref name="limit"/>.</summary>
    public Task<List<Account>> OfChartAsync(
        TerritoryId territory, string chart, int limit = 500, int offset = 0, CancellationToken cancel = default) =>
        db.ListAsync<Account>(
            territory,
            $"{Select} where territory_id = @territory and chart = @chart order by name, id limit @limit offset @offset",
            new { chart, limit, offset }, cancel);

    /// <summary>The accounts with these ids, inside a transaction, without locking them. Unknown ids are left out.</summary>
    public static async Task<Dictionary<Id<Account>, Account>> AsOfNowAsync(Transaction tx, IEnumerable<Id<Account>> ids) =>
        (await tx.ListAsync<Account>(
            $"{Select} where territory_id = @territory and id = any(@ids)", new { ids = ids.Select(i => i.Value).ToArray() }))
        .ToDictionary(a => a.Id);

    /// <summary>
    /// The accounts with these ids, locked in id order until the transaction ends. Whoever decides from a balance
    /// (the waterfall) locks first, so that two decisions on one purse follow each other.
    /// </summary>
    public static async Task<Dictionary<Id<Account>, Account>> LockAsync(Transaction tx, IEnumerable<Id<Account>> ids) =>
        (await tx.ListAsync<Account>(
            $"{Select} where territory_id = @territory and id = any(@ids) order by id for no key update",
            new { ids = ids.Select(i => i.Value).ToArray() }))
        .ToDictionary(a => a.Id);
}
