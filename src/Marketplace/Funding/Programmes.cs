using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

public enum ProgrammeStatus
{
    Open,
    Closed,
}

/// <summary>A funder's budget with its rules: what it pays for, for whom, until when.</summary>
public sealed record Programme(
    Id<Programme> Id, string Code, string NameIt, string NameEn, string PurposeIt, string PurposeEn, Id<Funder> FunderId, string Funder,
    ProgrammeStatus Status, LocalDate ValidFrom, LocalDate ValidTo, int SettlementDays, CopaymentRule Copayment, Money? UnitMax,
    Money? MonthMax, string ActReference, Id<Account> AccountId, Id<Account> ReceivableAccountId, Instant CreatedAt) : IIdentified
{
    public static string Prefix => "prog";

    /// <summary>No hold on a grant of it lasts longer: the end of the last day on which deliveries may still be settled.</summary>
    public Instant HoldsUntil => ValidTo.PlusDays(SettlementDays).EndOfDayInRome();

    internal Refusal? RefuseNewMoney(LocalDate today)
    {
        if (Status is not ProgrammeStatus.Open) return new ProgrammeClosed(Id);
        return today > ValidTo ? new ProgrammeEnded(Id, ValidTo) : null;
    }
}

/// <summary>Budget put into a programme by an act.</summary>
public sealed record Commitment(
    Id<Commitment> Id, Id<Programme> ProgrammeId, Money Amount, string ActReference, Id<JournalEntry> EntryId, Id<User> CommittedBy,
    Instant CommittedAt) : IIdentified
{
    public static string Prefix => "commit";
}

/// <summary>Programmes: opening them and committing their budget.</summary>
public sealed class Programmes(Database db, GeneralLedger ledger, IClock clock)
{
    private readonly ProgrammeRules rules = new(db, clock);

    internal const string Select =
        """
        select p.id, p.code, p.name_it, p.name_en, p.purpose_it, p.purpose_en, p.funder_id, f.name as funder, p.status,
               p.valid_from, p.valid_to, p.settlement_days::int as settlement_days, p.copayment, p.unit_max, p.month_max,
               p.act_reference, p.account_id, p.receivable_account_id, p.created_at
        from marketplace.programme p
        join marketplace.funder f on f.territory_id = @territory and f.id = p.funder_id
        where p.territory_id = @territory
        """;

    private const string SelectCommitment =
        """
        select id, programme_id, amount, act_reference, entry_id, committed_by, committed_at
        from marketplace.commitment where territory_id = @territory
        """;

    /// <summary>
    /// Opens a programme with its two accounts and no money. Refuses what cannot be taken, naming the field. The same
    /// programme again changes nothing.
    /// </summary>
    public Task<Result<Id<Programme>>> OpenAsync(
        TerritoryId territory, NewProgramme programme, Id<User> by, CancellationToken cancel = default) =>
        db.TransactAsync(territory, tx => OpenAsync(tx, programme, by), cancel);

    /// <summary>The same inside a transaction, for whoever founds a town.</summary>
    public async Task<Result<Id<Programme>>> OpenAsync(Transaction tx, NewProgramme programme, Id<User> by)
    {
        if (await FindAsync(tx, programme.Id) is { } earlier)
        {
            if (earlier.Code == programme.Code) return programme.Id;
            return new ProgrammeIdReused(programme.Id);
        }

        if (programme.Refuse(clock.Today()) is { } fault) return fault;
        if (await RefuseReferencesAsync(tx, programme) is { } refusal) return refusal;

        var account = Id<Account>.From("programme", programme.Id);
        var receivable = Id<Account>.From("receivable", programme.Id);
        var opened = await ledger.OpenAsync(
            tx,
            new NewAccount(account, ChartOfAccounts.Programme, ChartOfAccounts.ProgrammeName(programme.Code)),
            new NewAccount(receivable, ChartOfAccounts.Receivable, ChartOfAccounts.ReceivableName(programme.Code)));
        if (opened.IsRefused(out var notOpened)) return notOpened;
        await InsertAsync(tx, programme, account, receivable, by);
        if (await rules.OpenAsync(tx, programme, by) is { } unfit) return unfit;
        return programme.Id;
    }

    private static async Task<Refusal?> RefuseReferencesAsync(Transaction tx, NewProgramme programme)
    {
        var taken = await tx.ListAsync<int>(
            "select 1 from marketplace.programme where territory_id = @territory and code = @Code", new { programme.Code });
        if (taken.Count > 0) return new ProgrammeCodeTaken(programme.Code);
        var funder = await tx.ListAsync<int>(
            "select 1 from marketplace.funder where territory_id = @territory and id = @Funder", new { programme.Funder });
        if (funder.Count == 0) return new FunderUnknown(programme.Funder);
        var unknown = await tx.ListAsync<string>(
            """
            select c.code from unnest(@codes) c(code)
            where not exists (select from marketplace.service_class s where s.territory_id = @territory and s.code = c.code)
            order by c.code limit 1
            """, new { codes = programme.ClassCodes.ToArray() });
        return unknown.Count > 0 ? new ServiceClassUnknown(unknown[0]) : null;
    }

    private async Task InsertAsync(Transaction tx, NewProgramme programme, Id<Account> account, Id<Account> receivable, Id<User> by)
    {
        await tx.ExecuteAsync(
            """
            insert into marketplace.programme
                (territory_id, id, code, name_it, name_en, purpose_it, purpose_en, funder_id, status, valid_from, valid_to,
                 settlement_days, copayment, unit_max, month_max, act_reference, account_id, receivable_account_id, created_by, created_at)
            values (@territory, @Id, @Code, @NameIt, @NameEn, @PurposeIt, @PurposeEn, @Funder, 'Open', @ValidFrom, @ValidTo,
                    @settlementDays, @copayment, @UnitMax, @MonthMax, @ActReference, @account, @receivable, @by, @now)
            """,
            new
            {
                programme.Id, programme.Code, programme.NameIt, programme.NameEn, programme.PurposeIt, programme.PurposeEn,
                programme.Funder, programme.ValidFrom, programme.ValidTo, settlementDays = (short)programme.SettlementDays,
                copayment = programme.Copayment.ToString(), programme.UnitMax, programme.MonthMax, programme.ActReference, account,
                receivable, by, now = clock.Now,
            });
        await tx.ExecuteAsync(
            """
            insert into marketplace.programme_class (territory_id, programme_id, class_code)
            select distinct @territory, @Id, code from unnest(@codes) c(code)
            """, new { programme.Id, codes = programme.ClassCodes.ToArray() });
        await tx.ExecuteAsync(
            """
            insert into marketplace.programme_band (territory_id, programme_id, band, isee_to, amount_max)
            select @territory, @Id, * from unnest(@bands, @limits::bigint[], @amounts)
            """,
            new
            {
                programme.Id, bands = programme.Bands.Select(b => b.Band).ToArray(),
                limits = programme.Bands.Select(b => b.IseeTo?.Cents).ToArray(),
                amounts = programme.Bands.Select(b => b.AmountMax.Cents).ToArray(),
            });
    }

    /// <summary>Puts budget into a programme: receivable → programme. The same commitment again changes nothing.</summary>
    public Task<Result<Id<Commitment>>> CommitAsync(
        TerritoryId territory, Id<Commitment> id, Id<Programme> programme, Money amount, string actReference, Id<User> by,
        CancellationToken cancel = default) =>
        db.TransactAsync(territory, tx => CommitAsync(tx, id, programme, amount, actReference, by), cancel);

    /// <summary>The same inside a transaction.</summary>
    public async Task<Result<Id<Commitment>>> CommitAsync(
        Transaction tx, Id<Commitment> id, Id<Programme> programmeId, Money amount, string actReference, Id<User> by)
    {
        if (await LockAsync(tx, programmeId) is not { } programme) return new ProgrammeNotFound(programmeId);
        var act = actReference.Trim();
        if (await tx.FindAsync<Commitment>($"{SelectCommitment} and id = @id", new { id }) is { } earlier)
        {
            if (earlier.ProgrammeId == programmeId && earlier.Amount == amount && earlier.ActReference == act) return id;
            return new CommitmentIdReused(id);
        }

        if (!amount.IsPositive) return new AmountNotPositive("amount");
        if (act.Length is 0 or > NewProgramme.ActReferenceMax) return new TextLength("act_reference", 1, NewProgramme.ActReferenceMax);
        if (programme.RefuseNewMoney(clock.Today()) is { } refusal) return refusal;

        var entry = new JournalEntry(
            Id<JournalEntry>.From(EntryKinds.BudgetCommitted, id), EntryKinds.BudgetCommitted, programmeId.ToString(), clock.Today(),
            by.ToString(), act, [new(programme.ReceivableAccountId, programme.AccountId, amount)]);
        if ((await ledger.PostAsync(tx, entry)).IsRefused(out var notPosted)) return notPosted;
        await tx.ExecuteAsync(
            """
            insert into marketplace.commitment
                (territory_id, id, programme_id, amount, act_reference, entry_id, committed_by, committed_at)
            values (@territory, @id, @programmeId, @amount, @act, @entryId, @by, @now)
            """, new { id, programmeId, amount, act, entryId = entry.Id, by, now = clock.Now });
        return id;
    }

    public Task<Programme?> FindAsync(TerritoryId territory, Id<Programme> id, CancellationToken cancel = default) =>
        db.FindAsync<Programme>(territory, $"{Select} and p.id = @id", new { id }, cancel);

    /// <summary>The programme with this code, as people type it: capitals and spaces around it do not matter.</summary>
    public Task<Programme?> FindByCodeAsync(TerritoryId territory, string code, CancellationToken cancel = default) =>
        db.FindAsync<Programme>(territory, $"{Select} and p.code = @code", new { code = code.Trim().ToUpperInvariant() }, cancel);

    /// <summary>All programmes, the one that ends last first; at most 500.</summary>
    public Task<List<Programme>> ListAsync(TerritoryId territory, CancellationToken cancel = default) =>
        db.ListAsync<Programme>(territory, $"{Select} order by p.valid_to desc, p.name_it limit 500", cancel: cancel);

    /// <summary>The classes a programme names, by code.</summary>
    public Task<List<string>> ClassesAsync(TerritoryId territory, Id<Programme> id, CancellationToken cancel = default) =>
        db.ListAsync<string>(
            territory,
            "select class_code from marketplace.programme_class where territory_id = @territory and programme_id = @id order by class_code",
            new { id }, cancel);

    /// <summary>The bands a programme admits, lowest first; none for every household.</summary>
    public Task<List<ProgrammeBand>> BandsAsync(TerritoryId territory, Id<Programme> id, CancellationToken cancel = default) =>
        db.ListAsync<ProgrammeBand>(territory, SelectBands, new { id }, cancel);

    /// <summary>What was committed to a programme, newest first; at most 500.</summary>
    public Task<List<Commitment>> CommitmentsAsync(TerritoryId territory, Id<Programme> id, CancellationToken cancel = default) =>
        db.ListAsync<Commitment>(
            territory, $"{SelectCommitment} and programme_id = @id order by committed_at desc, id limit 500", new { id }, cancel);

    internal const string SelectBands =
        "select band, isee_to, amount_max from marketplace.programme_band where territory_id = @territory and programme_id = @id order by band";

    internal static Task<Programme?> FindAsync(Transaction tx, Id<Programme> id) =>
        tx.FindAsync<Programme>($"{Select} and p.id = @id", new { id });

    /// <summary>Locks the programme until the transaction ends: whoever promises its budget waits for the one before.</summary>
    internal static Task<Programme?> LockAsync(Transaction tx, Id<Programme> id) =>
        tx.FindAsync<Programme>($"{Select} and p.id = @id for no key update of p", new { id });
}
