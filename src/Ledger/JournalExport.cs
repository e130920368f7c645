using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace Borsellino.Ledger;

/// <summary>
/// The whole book as text for others to check: a journal that <c>hledger</c> and its kin read, or CSV. Written page by
/// page from one frozen view, so it is consistent while the book goes on, and needs the same memory for ten entries and
/// ten million.
/// </summary>
public sealed class JournalExport(Database db)
{
    private const int PageEntries = 2000;

    /// <summary>
    /// Writes the entries from <paramref name="from"/> through <paramref name="through"/> (null for the beginning or the
    /// end) in the order of their days, and answers how many. Before them stand the chart and, if they do not begin with
    /// the book, the balances brought forward; after them an assertion of every balance, which the reader checks itself.
    /// An amount is positive on the debit side.
    /// </summary>
    /// <remarks>Format: https://hledger.org/hledger.html#journal.</remarks>
    public Task<long> WriteHledgerAsync(
        TerritoryId territory, TextWriter to, LocalDate? from = null, LocalDate? through = null, CancellationToken cancel = default) =>
        db.ReadFrozenAsync(territory, async tx =>
        {
            var accounts = await AccountsAsync(tx);
            var balances = await BalancesAsync(tx, from);
            await to.WriteLineAsync("decimal-mark .");
            await to.WriteLineAsync("commodity 1000.00 EUR");
            foreach (var account in accounts.Values) await to.WriteLineAsync($"account {account.Path}  ; {Plain(account.Name)}");
            if (from is { } first && balances.Count > 0)
            {
                await to.WriteLineAsync();
                await to.WriteLineAsync($"{Day(first)} * brought forward");
                foreach (var (account, cents) in balances) await to.WriteLineAsync($"    {accounts[account].Path}  {Euro(cents)}");
            }

            Guid? entry = null;
            var (count, last) = (0L, from ?? new LocalDate(1, 1, 1));
            await foreach (var page in PagesAsync(tx, from, through))
            {
                foreach (var line in page)
                {
                    if (line.EntryId.Value != entry)
                    {
                        (entry, last, count) = (line.EntryId.Value, line.EffectiveOn, count + 1);
                        await to.WriteLineAsync();
                        await to.WriteLineAsync($"{Day(line.EffectiveOn)} * {line.Kind}  ; {Tags(line)}");
                    }

                    var cents = line.Debit - line.Credit;
                    balances[line.AccountId] = balances.GetValueOrDefault(line.AccountId) + cents;
                    await to.WriteLineAsync($"    {accounts[line.AccountId].Path}  {Euro(cents)}");
                }
            }

            if (balances.Count > 0)
            {
                await to.WriteLineAsync();
                await to.WriteLineAsync($"{Day(last)} * balances");
                foreach (var (account, cents) in balances)
                {
                    await to.WriteLineAsync($"    {accounts[account].Path}  0.00 EUR = {Euro(cents)}");
                }
            }

            return count;
        }, cancel);

    /// <summary>Writes the same entries as CSV (RFC 4180), one row for each posting, and answers how many entries.</summary>
    public Task<long> WriteCsvAsync(
        TerritoryId territory, TextWriter to, LocalDate? from = null, LocalDate? through = null, CancellationToken cancel = default) =>
        db.ReadFrozenAsync(territory, async tx =>
        {
            var accounts = await AccountsAsync(tx);
            await to.WriteAsync("entry,effective_on,recorded_at,kind,reference,actor,reverses,line,account,chart,name,debit,credit\r\n");
            Guid? entry = null;
            var count = 0L;
            await foreach (var page in PagesAsync(tx, from, through))
            {
                foreach (var line in page)
                {
                    if (line.EntryId.Value != entry) (entry, count) = (line.EntryId.Value, count + 1);
                    var account = accounts[line.AccountId];
                    string[] cells =
                    [
                        line.EntryId.ToString(), Day(line.EffectiveOn), InstantPattern.ExtendedIso.Format(line.RecordedAt), line.Kind, line.Reference,
                        line.Actor, line.Reverses?.ToString() ?? "", line.Line.ToString(CultureInfo.InvariantCulture), line.AccountId.ToString(),
                        account.Chart, account.Name, Amount(line.Debit), Amount(line.Credit),
                    ];
                    await to.WriteAsync(string.Join(',', cells.Select(Cell)) + "\r\n");
                }
            }

            return count;
        }, cancel);

    private static async Task<Dictionary<Id<Account>, ExportAccount>> AccountsAsync(Transaction tx) =>
        (await tx.ListAsync<ExportAccount>("select id, chart, kind, name from ledger.account where territory_id = @territory order by chart, id"))
        .ToDictionary(a => a.Id);

    /// <summary>What each account has before a day, in cents, debits positive; nothing if the export begins with the book.</summary>
    private static async Task<Dictionary<Id<Account>, long>> BalancesAsync(Transaction tx, LocalDate? from) =>
        from is null
            ? []
            : (await tx.ListAsync<AccountBalance>(
                """
                select account_id, sum(debit - credit)::bigint as cents
                from ledger.posting where territory_id = @territory and effective_on < @from
                group by account_id having sum(debit - credit) <> 0
                """, new { from })).ToDictionary(b => b.AccountId, b => b.Cents);

    private static async IAsyncEnumerable<List<ExportLine>> PagesAsync(Transaction tx, LocalDate? from, LocalDate? through)
    {
        var (day, id) = (from ?? new LocalDate(1, 1, 1), Guid.Empty);
        while (true)
        {
            var page = await tx.ListAsync<ExportLine>(
                """
                select e.id as entry_id, e.effective_on, e.recorded_at, e.kind, e.reference, e.actor, e.reverses, p.line, p.account_id,
                       p.debit, p.credit
                from (select * from ledger.journal_entry
                      where territory_id = @territory and (effective_on, id) > (@day, @id) and (@through::date is null or effective_on <= @through)
                      order by effective_on, id limit @PageEntries) e
                join ledger.posting p on p.territory_id = @territory and p.entry_id = e.id
                order by e.effective_on, e.id, p.line
                """, new { day, id, through, PageEntries });
            if (page.Count == 0) yield break;
            yield return page;
            (day, id) = (page[^1].EffectiveOn, page[^1].EntryId.Value);
        }
    }

    private static string Tags(ExportLine line)
    {
        var tags = $"entry:{line.EntryId}, recorded:{InstantPattern.ExtendedIso.Format(line.RecordedAt)}, actor:{Plain(line.Actor)}";
        if (line.Reference.Length > 0) tags += $", reference:{Plain(line.Reference)}";
        if (line.Reverses is { } reverses) tags += $", reverses:{reverses}";
        return tags;
    }

    /// <summary>Without the characters that end a tag or a comment.</summary>
    private static string Plain(string text) => string.Concat(text.Select(c => c is ',' or ';' || char.IsControl(c) ? ' ' : c));

    private static string Day(LocalDate day) => LocalDatePattern.Iso.Format(day);

    private static string Euro(long cents) => $"{Amount(cents)} EUR";

    private static string Amount(long cents) => (cents / 100m).ToString("0.00", CultureInfo.InvariantCulture);

    private static string Cell(string text) =>
        text.AsSpan().ContainsAny("\",\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;

    private sealed record ExportAccount(Id<Account> Id, string Chart, AccountKind Kind, string Name)
    {
        /// <summary>Its place among the five types that every such program knows, its place in our chart, its id.</summary>
        public string Path => Kind switch
        {
            AccountKind.Asset => "assets",
            AccountKind.Liability => "liabilities",
            AccountKind.Income => "revenues",
            AccountKind.Expense => "expenses",
        } + $":{Chart}:{Id}";
    }

    private sealed record AccountBalance(Id<Account> AccountId, long Cents);

    private sealed record ExportLine(
        Id<JournalEntry> EntryId, LocalDate EffectiveOn, Instant RecordedAt, string Kind, string Reference, string Actor,
        Id<JournalEntry>? Reverses, short Line, Id<Account> AccountId, long Debit, long Credit);
}
