using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>One programme of a funder: where each cent is that was put into it. All from the book.</summary>
/// <param name="Returned">What came back because it expired, was revoked or was undone: part of what is left.</param>
public sealed record FunderProgramme(ProgrammeFigures Figures, Id<Account> AccountId, Money Returned);

/// <summary>What one provider got from a funder's programmes.</summary>
public sealed record FunderPayee(Id<Provider> Id, string Name, Id<Account> AccountId, long Entries, Money Amount);

/// <summary>An entry that spent a funder's money, with the part that was the funder's.</summary>
public sealed record FunderEntry(
    Id<JournalEntry> Id, LocalDate EffectiveOn, string Kind, string Reference, string ProgrammeCode, string Provider, Money Amount);

/// <summary>
/// "Of what you gave, here is each cent." What was spent is told twice, as what is missing from the accounts and as what
/// providers got by which entries: both must be the same.
/// </summary>
public sealed record FunderStatement(Funder Funder, IReadOnlyList<FunderProgramme> Programmes, IReadOnlyList<FunderPayee> Payees)
{
    public Money Committed => Programmes.Sum(p => p.Figures.Committed);
    public Money Spent => Programmes.Sum(p => p.Figures.Spent);
    public Money Held => Programmes.Sum(p => p.Figures.Held);
    public Money Free => Programmes.Sum(p => p.Figures.Free);
    public Money NotGranted => Programmes.Sum(p => p.Figures.Left);
    public Money Returned => Programmes.Sum(p => p.Returned);
    public bool Foots => Payees.Sum(p => p.Amount) == Spent;
}

/// <summary>Statements for those who fund, down to the entries.</summary>
public sealed class FunderStatements(Database db)
{
    /// <summary>What each entry took from the funder's grants (less what it gave back), and the provider it paid.</summary>
    private const string Spending =
        """
        with spent as (
            select p.entry_id, w.programme_id, sum(p.debit - p.credit) as amount
            from marketplace.programme m
            join marketplace.welfare_grant w on w.territory_id = @territory and w.programme_id = m.id
            join ledger.posting p on p.territory_id = @territory and p.account_id = w.account_id
            where m.territory_id = @territory and m.funder_id = @funder
            group by p.entry_id, w.programme_id
        ), spending as (
            select s.entry_id, s.programme_id, s.amount, v.id as provider_id, v.name as provider, v.account_id
            from spent s
            cross join lateral (
                select v.id, v.name, v.account_id
                from ledger.posting t
                join marketplace.provider v on v.territory_id = @territory and v.account_id = t.account_id
                where t.territory_id = @territory and t.entry_id = s.entry_id
                limit 1) v
        )
        """;

    /// <summary>The statement of now; null for an unknown funder. All figures are of one moment.</summary>
    public Task<FunderStatement?> OfAsync(TerritoryId territory, Id<Funder> funder, CancellationToken cancel = default) =>
        db.ReadFrozenAsync<FunderStatement?>(
            territory,
            async tx => await tx.FindAsync<Funder>(
                "select id, kind, name from marketplace.funder where territory_id = @territory and id = @funder", new { funder }) is { } found
                ? new(found, await ProgrammesAsync(tx, funder), await PayeesAsync(tx, funder))
                : null,
            cancel);

    /// <summary>The entries that spent the funder's money, newest first; of one provider, if it is given.</summary>
    public Task<List<FunderEntry>> EntriesAsync(
        TerritoryId territory, Id<Funder> funder, Id<Provider>? provider = null, int limit = 50, int offset = 0,
        CancellationToken cancel = default) =>
        db.ListAsync<FunderEntry>(
            territory,
            $"""
            {Spending}
            select e.id, e.effective_on, e.kind, e.reference, m.code as programme_code, s.provider, s.amount::bigint as amount
            from spending s
            join ledger.journal_entry e on e.territory_id = @territory and e.id = s.entry_id
            join marketplace.programme m on m.territory_id = @territory and m.id = s.programme_id
            where @provider::uuid is null or s.provider_id = @provider
            order by e.effective_on desc, e.id desc, m.code
            limit @limit offset @offset
            """, new { funder, provider, limit, offset }, cancel);

    private static async Task<List<FunderProgramme>> ProgrammesAsync(Transaction tx, Id<Funder> funder)
    {
        var returns = (await tx.ListAsync<Return>(
            """
            select m.id, m.account_id, coalesce(sum(b.debit), 0)::bigint as returned
            from marketplace.programme m
            left join (
                select w.programme_id, p.debit
                from marketplace.welfare_grant w
                join ledger.posting p on p.territory_id = @territory and p.account_id = w.account_id
                join ledger.journal_entry e on e.territory_id = @territory and e.id = p.entry_id
                where w.territory_id = @territory and e.kind in ('grant_expired', 'grant_revoked', 'grant_undone')) b on b.programme_id = m.id
            where m.territory_id = @territory and m.funder_id = @funder
            group by m.id, m.account_id
            """, new { funder })).ToDictionary(r => r.Id);
        return [.. (await ProgrammeReport.OfFunderAsync(tx, funder)).Select(f => new FunderProgramme(f, returns[f.Id].AccountId, returns[f.Id].Returned))];
    }

    private sealed record Return(Id<Programme> Id, Id<Account> AccountId, Money Returned);

    private static Task<List<FunderPayee>> PayeesAsync(Transaction tx, Id<Funder> funder) => tx.ListAsync<FunderPayee>(
        $"""
        {Spending}
        select provider_id as id, provider as name, account_id, count(distinct entry_id) as entries, sum(amount)::bigint as amount
        from spending group by 1, 2, 3 order by amount desc, name
        """, new { funder });
}
