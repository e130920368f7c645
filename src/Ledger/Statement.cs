using NodaTime;

namespace Borsellino.Ledger;

/// <summary>One posting as the reader of the account sees it.</summary>
/// <param name="Balance">The balance on the account's own side after this line.</param>
public sealed record StatementLine(
    Id<JournalEntry> EntryId, string Kind, string Reference, LocalDate EffectiveOn, Instant RecordedAt, string Memo,
    Money Debit, Money Credit, Money Balance);

/// <summary>An account from one day to another, both included: what was there, each movement, what is there.</summary>
public sealed record Statement(
    Account Account, LocalDate From, LocalDate To, Money Opening, IReadOnlyList<StatementLine> Lines, Money Closing)
{
    /// <summary>True if there were more movements than a statement shows: then the lines end before the closing balance.</summary>
    public bool IsCut => Lines.Count == Statements.LinesMax && Lines[^1].Balance != Closing;

    public Money Debits => Lines.Sum(l => l.Debit);
    public Money Credits => Lines.Sum(l => l.Credit);
}

/// <summary>Statements of accounts by effective date, and single entries with their legs.</summary>
public sealed class Statements(Database db)
{
    public const int LinesMax = 5000;

    /// <summary>
    /// The account's statement, oldest line first, at most <paramref name="limit"/> lines and never more than 5,000; null for
    /// an unknown account. What it costs depends on the lines it has, not on the account's life.
    /// </summary>
    public async Task<Statement?> OfAsync(
        TerritoryId territory, Id<Account> id, LocalDate from, LocalDate to, int limit = LinesMax, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, LinesMax);
        var account = await db.FindAsync<Account>(
            territory, $"{Accounts.Select} where territory_id = @territory and id = @id", new { id }, cancel);
        if (account is null) return null;

        // One statement, so that a posting made meanwhile is in all of its figures or in none. What came in order stands
        // between two positions; what was dated back is few and has an index of its own.
        var rows = await db.ListAsync<Row>(
            territory,
            $"""
            with bound as (
                select {Balances.Side} as sign, before.position as first, after.position as last,
                       {Balances.Side} * (before.credits - before.debits) as opening, {Balances.Side} * (after.credits - after.debits) as closing
                from ledger.account a
                cross join lateral ledger.totals_at(@territory, @id, @from::date - 1, a.movements) before
                cross join lateral ledger.totals_at(@territory, @id, @to::date, a.movements) after
                where a.territory_id = @territory and a.id = @id
            ), line as (
                (select p.* from bound cross join lateral (
                    select * from ledger.posting
                    where territory_id = @territory and account_id = @id and position > bound.first and position <= bound.last
                      and effective_on >= latest_before
                    order by position limit @limit) p)
                union all
                (select * from ledger.posting
                 where territory_id = @territory and account_id = @id and effective_on between @from and @to and effective_on < latest_before
                 order by effective_on, position limit @limit)
                order by effective_on, position
                limit @limit
            )
            select b.opening::bigint as opening, b.closing::bigint as closing,
                   l.entry_id, l.kind, l.reference, l.effective_on, l.recorded_at, l.memo, l.debit, l.credit,
                   (b.opening + b.sign * l.moved)::bigint as balance
            from bound b
            left join (
                select p.entry_id, e.kind, e.reference, p.effective_on, e.recorded_at, e.memo, p.debit, p.credit, p.position,
                       sum(p.credit - p.debit) over (order by p.effective_on, p.position) as moved
                from line p
                join ledger.journal_entry e on e.territory_id = @territory and e.id = p.entry_id) l on true
            order by l.effective_on, l.position
            """, new { id, from, to, limit }, cancel);
        return new(account, from, to, rows[0].Opening, [.. rows.Where(r => r.EntryId is not null).Select(r => r.Line())], rows[0].Closing);
    }

    private sealed record Row(
        Money Opening, Money Closing, Id<JournalEntry>? EntryId, string? Kind, string? Reference, LocalDate? EffectiveOn,
        Instant? RecordedAt, string? Memo, Money? Debit, Money? Credit, Money? Balance)
    {
        public StatementLine Line() =>
            new(EntryId!.Value, Kind!, Reference!, EffectiveOn!.Value, RecordedAt!.Value, Memo!, Debit!.Value, Credit!.Value, Balance!.Value);
    }

    /// <summary>An entry as recorded, with its legs and what each account had after it; null for an unknown id.</summary>
    public async Task<RecordedEntry?> EntryAsync(TerritoryId territory, Id<JournalEntry> id, CancellationToken cancel = default)
    {
        var entry = await db.FindAsync<RecordedEntryHead>(
            territory,
            """
            select id, kind, reference, effective_on, recorded_at, actor, memo, reverses
            from ledger.journal_entry where territory_id = @territory and id = @id
            """, new { id }, cancel);
        if (entry is null) return null;
        var legs = await db.ListAsync<RecordedLeg>(
            territory,
            """
            select p.account_id, a.chart, a.kind, a.name, p.debit, p.credit, p.debits_after, p.credits_after
            from ledger.posting p join ledger.account a on a.territory_id = @territory and a.id = p.account_id
            where p.territory_id = @territory and p.entry_id = @id order by p.line
            """, new { id }, cancel);
        return new(entry, legs);
    }

    /// <summary>The entries about one thing, oldest first, at most 500.</summary>
    public Task<List<RecordedEntryHead>> AboutAsync(TerritoryId territory, string reference, CancellationToken cancel = default) =>
        db.ListAsync<RecordedEntryHead>(
            territory,
            """
            select id, kind, reference, effective_on, recorded_at, actor, memo, reverses
            from ledger.journal_entry where territory_id = @territory and reference = @reference and reference <> ''
            order by recorded_at, id limit 500
            """, new { reference }, cancel);
}

public sealed record RecordedEntryHead(
    Id<JournalEntry> Id, string Kind, string Reference, LocalDate EffectiveOn, Instant RecordedAt, string Actor, string Memo,
    Id<JournalEntry>? Reverses);

public sealed record RecordedLeg(
    Id<Account> AccountId, string Chart, AccountKind Kind, string Name, Money Debit, Money Credit, Money DebitsAfter, Money CreditsAfter)
{
    public Money BalanceAfter => Kind is AccountKind.Asset or AccountKind.Expense ? DebitsAfter - CreditsAfter : CreditsAfter - DebitsAfter;
}

public sealed record RecordedEntry(RecordedEntryHead Head, IReadOnlyList<RecordedLeg> Legs);
