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
    public Money Debits => Lines.Sum(l => l.Debit);
    public Money Credits => Lines.Sum(l => l.Credit);
}

/// <summary>Statements of accounts by effective date, and single entries with their legs.</summary>
public sealed class Statements(Database db)
{
    public const int LinesMax = 5000;

    /// <summary>The account's statement, oldest line first, at most 5,000 lines; null for an unknown account.</summary>
    public async Task<Statement?> OfAsync(
        TerritoryId territory, Id<Account> id, LocalDate from, LocalDate to, CancellationToken cancel = default)
    {
        var account = await db.FindAsync<Account>(
            territory, $"{Accounts.Select} where territory_id = @territory and id = @id", new { id }, cancel);
        if (account is null) return null;

        var sign = account.Kind is AccountKind.Asset or AccountKind.Expense ? -1 : 1;
        // The totals of today less everything from the first day on: an old account with few new lines costs little.
        var opening = (await db.ListAsync<Money>(
            territory,
            """
            select (@sign * (@credits - @debits - coalesce(sum(credit - debit), 0)))::bigint
            from ledger.posting where territory_id = @territory and account_id = @id and effective_on >= @from
            """, new { id, from, sign, credits = account.Credits, debits = account.Debits }, cancel))[0];
        var lines = await db.ListAsync<StatementLine>(
            territory,
            """
            select p.entry_id, e.kind, e.reference, p.effective_on, e.recorded_at, e.memo, p.debit, p.credit,
                   (@opening + @sign * sum(p.credit - p.debit) over (order by p.effective_on, p.position))::bigint as balance
            from ledger.posting p
            join ledger.journal_entry e on e.territory_id = @territory and e.id = p.entry_id
            where p.territory_id = @territory and p.account_id = @id and p.effective_on between @from and @to
            order by p.effective_on, p.position
            limit @limit
            """, new { id, from, to, sign, opening, limit = LinesMax }, cancel);
        return new(account, from, to, opening, lines, lines.Count > 0 ? lines[^1].Balance : opening);
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
            from ledger.journal_entry where territory_id = @territory and reference = @reference
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
