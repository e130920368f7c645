namespace Borsellino.Ledger;

/// <summary>The two sides of an entry.</summary>
public enum EntrySide
{
    Debit,
    Credit,
}

/// <summary>
/// Which kinds of entry may touch which places of the chart, as <c>ledger.chart_rule</c> declares. The rules change by
/// migration only, so they are read once.
/// </summary>
internal sealed class ChartRules
{
    private readonly HashSet<ChartRule> allowed;

    private ChartRules(IEnumerable<ChartRule> allowed) => this.allowed = [.. allowed];

    public static async Task<ChartRules> ReadAsync(Transaction tx) =>
        new(await tx.ListAsync<ChartRule>("select entry_kind, chart, side from ledger.chart_rule"));

    public bool Allow(string kind, string chart, EntrySide side) => allowed.Contains(new(kind, chart, side));

    private sealed record ChartRule(string EntryKind, string Chart, EntrySide Side);
}
