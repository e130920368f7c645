using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>Where a grant stands. Only an active one pays for something new.</summary>
public enum GrantStatus
{
    Active,
    Suspended,
    Expired,
    Revoked,
    Closed,
}

/// <summary>One funder's money for one household under one programme: one ledger account.</summary>
/// <param name="Amount">What it began with. Free and held: what is on its account now.</param>
public sealed record Grant(
    Id<Grant> Id, Id<Programme> ProgrammeId, string ProgrammeIt, string ProgrammeEn, string Funder, Id<Household> HouseholdId,
    int HouseholdNumber, Id<GrantImport>? ImportId, Id<Account> AccountId, Money Amount, Money Free, Money Held, GrantStatus Status,
    LocalDate ValidFrom, LocalDate ValidTo, Id<JournalEntry> ActivationEntryId, Instant ActivatedAt) : IIdentified
{
    public static string Prefix => "grant";
}

/// <summary>Grants after they were made: reading, suspending, taking away, and the end of their time.</summary>
public sealed class Grants(Database db, GeneralLedger ledger, IClock clock)
{
    private const string Select =
        """
        select g.id, g.programme_id, p.name_it as programme_it, p.name_en as programme_en, f.name as funder, g.household_id,
               h.number as household_number, g.import_id, g.account_id, g.amount, (a.credits - a.debits - a.debits_held) as free,
               a.debits_held as held, g.status, g.valid_from, g.valid_to, g.activation_entry_id, g.activated_at
        from marketplace.welfare_grant g
        join marketplace.programme p on p.territory_id = @territory and p.id = g.programme_id
        join marketplace.funder f on f.territory_id = @territory and f.id = p.funder_id
        join marketplace.household h on h.territory_id = @territory and h.id = g.household_id
        join ledger.account a on a.territory_id = @territory and a.id = g.account_id
        where g.territory_id = @territory
        """;

    public Task<Grant?> FindAsync(TerritoryId territory, Id<Grant> id, CancellationToken cancel = default) =>
        db.FindAsync<Grant>(territory, $"{Select} and g.id = @id", new { id }, cancel);

    /// <summary>All grants a household has or had, those that pay first, then the one that ends last; at most 200.</summary>
    public Task<List<Grant>> OfHouseholdAsync(TerritoryId territory, Id<Household> household, CancellationToken cancel = default) =>
        db.ListAsync<Grant>(
            territory,
            $"{Select} and g.household_id = @household order by g.status not in ('Active', 'Suspended'), g.valid_to desc, g.id limit 200",
            new { household }, cancel);

    /// <summary>How many grants that pay end within so many days, and what families have free on them.</summary>
    public async Task<EndingSoon> EndingSoonAsync(TerritoryId territory, int days, CancellationToken cancel = default) =>
        (await db.ListAsync<EndingSoon>(
            territory,
            """
            select count(*)::int as grants, coalesce(sum(a.credits - a.debits - a.debits_held), 0)::bigint as free, min(g.valid_to) as first
            from marketplace.welfare_grant g
            join ledger.account a on a.territory_id = @territory and a.id = g.account_id
            where g.territory_id = @territory and g.status in ('Active', 'Suspended') and g.valid_to between @today and @until
              and a.credits - a.debits - a.debits_held > 0
            """, new { today = clock.Today(), until = clock.Today().PlusDays(days) }, cancel))[0];

    /// <summary>Stops a grant from paying for anything new; what is held stays held. Repeatable.</summary>
    public Task<Result<Id<Grant>>> SuspendAsync(TerritoryId territory, Id<Grant> id, CancellationToken cancel = default) =>
        MoveAsync(territory, id, from: GrantStatus.Active, to: GrantStatus.Suspended, cancel);

    /// <summary>Lets a suspended grant pay again. Repeatable.</summary>
    public Task<Result<Id<Grant>>> ResumeAsync(TerritoryId territory, Id<Grant> id, CancellationToken cancel = default) =>
        MoveAsync(territory, id, from: GrantStatus.Suspended, to: GrantStatus.Active, cancel);

    /// <summary>Takes a grant away: what is free goes back to its programme. Refused while bookings hold part of it.</summary>
    public Task<Result<Id<Grant>>> RevokeAsync(TerritoryId territory, Id<Grant> id, Id<User> by, CancellationToken cancel = default) =>
        db.TransactAsync<Id<Grant>>(territory, async tx =>
        {
            if (await LockAsync(tx, id) is not { } grant) return new GrantNotFound(id);
            if (grant.Status is GrantStatus.Revoked) return id;
            if (grant.Status is not (GrantStatus.Active or GrantStatus.Suspended)) return new GrantStandsElsewhere(id, grant.Status);
            var account = (await Accounts.LockAsync(tx, [grant.AccountId]))[grant.AccountId];
            if (account.DebitsHeld.IsPositive) return new GrantIsHeld(id, account.DebitsHeld);
            var back = ToProgramme(grant, account, EntryKinds.GrantRevoked, by.ToString());
            if (back is not null && (await ledger.PostAsync(tx, back)).IsRefused(out var refusal)) return refusal;
            await SetStatusAsync(tx, [id], GrantStatus.Revoked);
            return id;
        }, cancel);

    /// <summary>
    /// Ends grants whose last day has passed, at most <paramref name="limit"/>: what is free goes back to the programme;
    /// a grant with nothing held is expired, the others are looked at again until their holds have ended. Answers how
    /// many grants it changed; repeatable, and safe beside other workers.
    /// </summary>
    public async Task<int> ExpireDueAsync(TerritoryId territory, int limit = 200, CancellationToken cancel = default)
    {
        var changed = await db.TransactAsync<int>(territory, async tx =>
        {
            var due = await tx.ListAsync<Row>(
                $"""
                {SelectRow} and g.status in ('Active', 'Suspended') and g.valid_to < @today
                  and exists (select from ledger.account a where a.territory_id = @territory and a.id = g.account_id
                              and (a.debits_held = 0 or a.credits - a.debits > a.debits_held))
                order by g.valid_to, g.id limit @limit
                for no key update of g skip locked
                """, new { today = clock.Today(), limit });
            var accounts = await Accounts.LockAsync(tx, due.Select(g => g.AccountId));
            var entries = due.Select(g => ToProgramme(g, accounts[g.AccountId], EntryKinds.GrantExpired, "system"))
                .OfType<JournalEntry>().ToList();
            var answers = await ledger.DoAsync(tx, [.. entries.Select(e => new Instruction.Post(e))]);
            if (answers.FirstOrDefault(a => a is not null) is { } refusal) return refusal;
            await SetStatusAsync(tx, due.Where(g => accounts[g.AccountId].DebitsHeld.IsZero).Select(g => g.Id), GrantStatus.Expired);
            return due.Count;
        }, cancel);
        return changed.OrThrow();
    }

    private Task<Result<Id<Grant>>> MoveAsync(
        TerritoryId territory, Id<Grant> id, GrantStatus from, GrantStatus to, CancellationToken cancel) =>
        db.TransactAsync<Id<Grant>>(territory, async tx =>
        {
            if (await LockAsync(tx, id) is not { } grant) return new GrantNotFound(id);
            if (grant.Status == to) return id;
            if (grant.Status != from) return new GrantStandsElsewhere(id, grant.Status);
            await SetStatusAsync(tx, [id], to);
            return id;
        }, cancel);

    // The account's debits only grow, so the id tells each return of one grant from the next.
    private JournalEntry? ToProgramme(Row grant, Account account, string kind, string actor) =>
        account.Available.IsZero ? null : new(
            Id<JournalEntry>.From(kind, grant.Id, account.Debits.Cents), kind, grant.Id.ToString(), clock.Today(), actor, "",
            [new(grant.AccountId, grant.ProgrammeAccountId, account.Available)]);

    private static Task<int> SetStatusAsync(Transaction tx, IEnumerable<Id<Grant>> ids, GrantStatus status) =>
        tx.ExecuteAsync(
            "update marketplace.welfare_grant set status = @status where territory_id = @territory and id = any(@ids)",
            new { status = status.ToString(), ids = ids.Select(i => i.Value).ToArray() });

    private static Task<Row?> LockAsync(Transaction tx, Id<Grant> id) =>
        tx.FindAsync<Row>($"{SelectRow} and g.id = @id for no key update of g", new { id });

    private const string SelectRow =
        """
        select g.id, g.account_id, p.account_id as programme_account_id, g.status
        from marketplace.welfare_grant g
        join marketplace.programme p on p.territory_id = @territory and p.id = g.programme_id
        where g.territory_id = @territory
        """;

    private sealed record Row(Id<Grant> Id, Id<Account> AccountId, Id<Account> ProgrammeAccountId, GrantStatus Status);
}

/// <summary>Grants that are about to end with money left on them.</summary>
/// <param name="First">The first day on which one ends; null for none.</param>
public sealed record EndingSoon(int Grants, Money Free, LocalDate? First);
