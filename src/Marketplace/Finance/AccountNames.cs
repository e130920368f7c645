using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>
/// What a ledger account is about, in the marketplace's words. The ledger itself knows pseudonyms only, and so does
/// this: a family is its number.
/// </summary>
public abstract record AccountSubject
{
    private AccountSubject()
    {
    }

    /// <summary>A household's money under a programme.</summary>
    public sealed record OfGrant(Id<Grant> Grant, int HouseholdNumber, string ProgrammeCode, string ProgrammeIt, string ProgrammeEn)
        : AccountSubject;

    /// <summary>A programme's budget not yet granted.</summary>
    public sealed record OfProgramme(Id<Programme> Programme, string Code, string NameIt, string NameEn, string Funder) : AccountSubject;

    /// <summary>What a funder has promised for a programme and not yet paid.</summary>
    public sealed record OfReceivable(Id<Programme> Programme, string Code, string NameIt, string NameEn, string Funder) : AccountSubject;

    /// <summary>What a provider has earned and was not yet sent.</summary>
    public sealed record OfProvider(Id<Provider> Provider, string Name) : AccountSubject;

    /// <summary>Money of a payout on its way to the bank.</summary>
    public sealed record OfPayout(Id<Payout> Payout, string Reference) : AccountSubject;

    /// <summary>The territory's treasury at its bank.</summary>
    public sealed record OfTreasury(string Name, string Iban) : AccountSubject;

    /// <summary>An account that only the ledger has a name for.</summary>
    public sealed record Unnamed(string LedgerName) : AccountSubject;
}

/// <summary>An account of a group with what it is about and how it stood at the end of a day.</summary>
/// <param name="Held">What is held now, in cents, whatever the day.</param>
public sealed record NamedAccount(
    Id<Account> Id, AccountKind Kind, AccountSubject Subject, Money Debits, Money Credits, Money Held, bool IsClosed)
{
    public Money Balance => Kind is AccountKind.Asset or AccountKind.Expense ? Debits - Credits : Credits - Debits;
}

/// <summary>A part of a group's accounts, with the count and the totals of all that were asked for.</summary>
public sealed record AccountGroup(IReadOnlyList<NamedAccount> Accounts, int Count, Money Debits, Money Credits, Money Held);

/// <summary>Gives accounts names that people know, many at once.</summary>
public sealed class AccountNames(Database db)
{
    private const string Subjects =
        """
        select a.id, a.kind, a.debits, a.credits, a.debits_held, a.closed_at,
               g.id as grant_id, h.number as household_number, o.id as payout_id, o.reference as payout, v.id as provider_id,
               v.name as provider, p.id as programme_id, r.id as receivable_id,
               coalesce(gp.code, p.code, r.code) as code, coalesce(gp.name_it, p.name_it, r.name_it) as name_it,
               coalesce(gp.name_en, p.name_en, r.name_en) as name_en, f.name as funder, t.treasury_name, t.treasury_iban,
               a.name as ledger_name
        from ledger.account a
        left join marketplace.welfare_grant g on g.territory_id = @territory and g.account_id = a.id
        left join marketplace.household h on h.territory_id = @territory and h.id = g.household_id
        left join marketplace.programme gp on gp.territory_id = @territory and gp.id = g.programme_id
        left join marketplace.programme p on p.territory_id = @territory and p.account_id = a.id
        left join lateral (
            select * from marketplace.programme x
            where x.territory_id = @territory and x.receivable_account_id = a.id order by x.id limit 1) r on true
        left join marketplace.funder f on f.territory_id = @territory and f.id = any(array[p.funder_id, r.funder_id])
        left join marketplace.provider v on v.territory_id = @territory and v.account_id = a.id
        left join marketplace.payout o on o.territory_id = @territory and o.account_id = a.id
        left join marketplace.territory t on t.id = @territory and t.bank_account_id = a.id
        where a.territory_id = @territory
        """;

    /// <summary>What each of these accounts is about; unknown ids are left out.</summary>
    public async Task<IReadOnlyDictionary<Id<Account>, AccountSubject>> OfAsync(
        TerritoryId territory, IEnumerable<Id<Account>> ids, CancellationToken cancel = default) =>
        (await db.ListAsync<Row>(
            territory,
            $"""
            with named as ({Subjects} and a.id = any(@ids))
            select id, kind, debits, credits, debits_held, closed_at is not null as is_closed, grant_id, household_number, payout_id,
                   payout, provider_id, provider, programme_id, receivable_id, code, name_it, name_en, funder, treasury_name,
                   treasury_iban, ledger_name, 0 as count, 0::bigint as all_debits, 0::bigint as all_credits, 0::bigint as all_held
            from named
            """, new { ids = ids.Select(i => i.Value).Distinct().ToArray() }, cancel))
        .ToDictionary(row => row.Id, row => row.Subject);

    /// <summary>
    /// The accounts of one place in the chart whose name contains the words, as they stood at the end of a day; the
    /// totals are of all of them, so without words they are those of the trial balance.
    /// </summary>
    public async Task<AccountGroup> OfChartAsync(
        TerritoryId territory, string chart, LocalDate on, string words = "", int limit = 50, int offset = 0,
        CancellationToken cancel = default)
    {
        var rows = await db.ListAsync<Row>(
            territory,
            $"""
            with later as (
                select p.account_id, sum(p.debit) as debits, sum(p.credit) as credits
                from ledger.journal_entry e
                join ledger.posting p on p.territory_id = @territory and p.entry_id = e.id
                where e.territory_id = @territory and e.effective_on > @on
                group by p.account_id
            ), named as ({Subjects} and a.chart = @chart), found as (
                select n.*, n.debits - coalesce(l.debits, 0) as debits_then, n.credits - coalesce(l.credits, 0) as credits_then,
                       marketplace.plain(concat_ws(' ', 'famiglia ' || lpad(n.household_number::text, 4, '0'), n.payout, n.provider,
                           n.code, n.name_it, n.name_en, n.funder, n.treasury_name,
                           case when coalesce(n.provider, n.payout, n.code, n.treasury_name) is null then n.ledger_name end)) as label
                from named n left join later l on l.account_id = n.id
            )
            select id, kind, debits_then::bigint as debits, credits_then::bigint as credits, debits_held,
                   closed_at is not null as is_closed, grant_id, household_number, payout_id, payout, provider_id, provider,
                   programme_id, receivable_id, code, name_it, name_en, funder, treasury_name, treasury_iban, ledger_name,
                   (count(*) over ())::int as count, (sum(debits_then) over ())::bigint as all_debits,
                   (sum(credits_then) over ())::bigint as all_credits, (sum(debits_held) over ())::bigint as all_held
            from found
            where (select coalesce(bool_and(position(w in label) > 0), true)
                   from unnest(string_to_array(marketplace.plain(@words), ' ')) w where w <> '')
            order by label, id
            limit @limit offset @offset
            """, new { chart, on, words = words.Trim(), limit, offset }, cancel);
        return rows is [{ } first, ..]
            ? new([.. rows.Select(r => r.ToAccount())], first.Count, first.AllDebits, first.AllCredits, first.AllHeld)
            : new([], 0, Money.Zero, Money.Zero, Money.Zero);
    }

    private sealed record Row(
        Id<Account> Id, AccountKind Kind, Money Debits, Money Credits, Money DebitsHeld, bool IsClosed, Id<Grant>? GrantId,
        int? HouseholdNumber, Id<Payout>? PayoutId, string? Payout, Id<Provider>? ProviderId, string? Provider,
        Id<Programme>? ProgrammeId, Id<Programme>? ReceivableId, string? Code, string? NameIt, string? NameEn, string? Funder,
        string? TreasuryName, string? TreasuryIban, string LedgerName, int Count, Money AllDebits, Money AllCredits, Money AllHeld)
    {
        public AccountSubject Subject => this switch
        {
            { GrantId: { } grant } => new AccountSubject.OfGrant(grant, HouseholdNumber!.Value, Code!, NameIt!, NameEn!),
            { ProviderId: { } provider } => new AccountSubject.OfProvider(provider, Provider!),
            { PayoutId: { } payout } => new AccountSubject.OfPayout(payout, Payout!),
            { ProgrammeId: { } programme } => new AccountSubject.OfProgramme(programme, Code!, NameIt!, NameEn!, Funder!),
            { ReceivableId: { } receivable } => new AccountSubject.OfReceivable(receivable, Code!, NameIt!, NameEn!, Funder!),
            { TreasuryName: { } treasury } => new AccountSubject.OfTreasury(treasury, TreasuryIban!),
            _ => new AccountSubject.Unnamed(LedgerName),
        };

        public NamedAccount ToAccount() => new(Id, Kind, Subject, Debits, Credits, DebitsHeld, IsClosed);
    }
}
