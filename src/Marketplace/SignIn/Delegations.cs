using Borsellino.Ledger;
using Borsellino.Marketplace.Standards;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>
/// Delegations: a household gives one until a day and hands over its code; whoever has a sign-in here takes it up and has a role of the
/// household until then, or until either ends it. All that a delegate does stands under its own name. (Titles are used by the holder or by a
/// delegate whose delegation is on record: Toscana, Reg. 86/R 2020, art. 3.)
/// </summary>
public sealed class Delegations(Database db, Attempts attempts, IClock clock)
{
    private const int CodeGroups = 3;
    private const int ActsMax = 50;

    /// <summary>What delegates did about bookings while their delegation held: <c>d</c>, <c>b</c> and the event <c>e</c>.</summary>
    internal const string Acts =
        """
        marketplace.delegation d
        join marketplace.booking b on b.territory_id = @territory and b.household_id = d.household_id
        join marketplace.booking_event e on e.territory_id = @territory and e.booking_id = b.id
            and e.actor = 'user_' || replace(d.delegate_id::text, '-', '') and e.at >= d.accepted_at and (d.ended_at is null or e.at <= d.ended_at)
        """;

    private const string Select =
        """
        select d.id, d.household_id, h.number as household_number, d.label, d.valid_to, d.code_until, d.given_at, u.display_name as delegate,
               d.accepted_at, d.ended_at
        from marketplace.delegation d
        join marketplace.household h on h.territory_id = @territory and h.id = d.household_id
        left join marketplace.app_user u on u.territory_id = @territory and u.id = d.delegate_id
        where d.territory_id = @territory
        """;

    /// <summary>
    /// Gives a delegation and answers its code, which is shown once. The same id again, before somebody took it up, answers a new code, and
    /// the one before is worth nothing. Refused to a delegate; for a day outside tomorrow and two years; for an empty or long label; when the
    /// household has too many.
    /// </summary>
    public Task<Result<ReadableCode>> GiveAsync(
        TerritoryId territory, Id<Delegation> id, string label, LocalDate until, HouseholdUser by, CancellationToken cancel = default) =>
        db.TransactAsync<ReadableCode>(territory, async tx => await IsOwnAsync(tx, by) ? await GiveAsync(tx, id, label, until, by) : new DelegateMayNot(), cancel);

    /// <summary>The same, by the desk, which writes down by which consent.</summary>
    internal async Task<Result<ReadableCode>> GiveAsync(Transaction tx, Id<Delegation> id, string label, LocalDate until, HouseholdUser by)
    {
        var (first, last) = (clock.Today().PlusDays(1), clock.Today() + Delegation.Longest);
        if (label.Trim() is not { Length: >= 1 and <= Delegation.LabelMax } named) return new TextLength("label", 1, Delegation.LabelMax);
        if (until < first || until > last) return new DelegationUntilOutside(first, last);
        await Households.LockAsync(tx, by.Household);
        var living = (await tx.ListAsync<Delegation>($"{Select} and d.household_id = @Household and d.ended_at is null", new { by.Household }))
            .Where(d => d.AcceptedAt is null ? d.CodeUntil > clock.Now : d.ValidTo >= clock.Today()).ToList();
        var code = ReadableCode.New(CodeGroups);
        var secret = new { id, hash = SecretToken.HashOf(code.Value), codeUntil = clock.Now + Delegation.CodeFor };
        if (living.Find(d => d.Id == id) is { } earlier)
        {
            if (earlier.AcceptedAt is not null) return new DelegationTaken(id);
            await tx.ExecuteAsync("update marketplace.delegation set code_hash = @hash, code_until = @codeUntil where territory_id = @territory and id = @id", secret);
            return code;
        }

        if (living.Count >= Delegation.DelegationsMax) return new TooManyDelegations(Delegation.DelegationsMax);
        await tx.ExecuteAsync(
            """
            insert into marketplace.delegation (territory_id, id, household_id, label, valid_to, code_hash, code_until, given_by, given_at)
            values (@territory, @id, @Household, @named, @until, @hash, @codeUntil, @User, @now)
            """, new { secret.id, by.Household, named, until, secret.hash, secret.codeUntil, by.User, now = clock.Now });
        return code;
    }

    /// <summary>
    /// Takes up a delegation by its code, and answers the role to wear. The code works once, and the same person may send it again. Refused: a
    /// code that is wrong, too old or used by somebody else; one's own household; after ten tries in a quarter of an hour.
    /// </summary>
    public async Task<Result<Id<RoleGrant>>> AcceptAsync(TerritoryId territory, string? code, Id<User> user, CancellationToken cancel = default)
    {
        if (!await attempts.TryAsync(territory, "delegation", user.ToString(), cancel)) return new DelegationTriedTooOften();
        if (!ReadableCode.TryParse(code, out var readable, out _)) return new DelegationCodeWrong();
        return await db.TransactAsync<Id<RoleGrant>>(territory, async tx =>
        {
            var found = await tx.FindAsync<Waiting>(
                """
                select id, household_id, valid_to, code_until, delegate_id, ended_at from marketplace.delegation
                where territory_id = @territory and code_hash = @hash for no key update
                """, new { hash = SecretToken.HashOf(readable.Value) });
            var isTheirs = found?.DelegateId == user;
            if (found is null || found.EndedAt is not null || found.ValidTo < clock.Today() || (!isTheirs && (found.DelegateId is not null || found.CodeUntil <= clock.Now)))
                return new DelegationCodeWrong();
            var role = Id<RoleGrant>.From("delegation", found.Id);
            if (isTheirs) return role;
            if (await IsOwnAsync(tx, new(found.HouseholdId, user))) return new OwnHousehold();
            await tx.ExecuteAsync(
                "update marketplace.delegation set delegate_id = @user, accepted_at = @now where territory_id = @territory and id = @Id",
                new { found.Id, user, now = clock.Now });
            await tx.ExecuteAsync(
                """
                insert into marketplace.role_grant (territory_id, id, user_id, role, household_id, delegation_id, valid_to)
                values (@territory, @role, @user, 'Household', @HouseholdId, @Id, @ValidTo)
                """, new { role, user, found.HouseholdId, found.Id, found.ValidTo });
            return role;
        }, cancel);
    }

    /// <summary>The household ends it, also before anybody took it up; whoever acts by it is signed out at once. Refused to a delegate. Repeatable.</summary>
    public Task<Result<Done>> EndAsync(TerritoryId territory, Id<Delegation> id, HouseholdUser by, CancellationToken cancel = default) =>
        db.TransactAsync<Done>(territory, async tx =>
        {
            if (!await IsOwnAsync(tx, by)) return new DelegateMayNot();
            return await EndAsync(tx, id, "household_id = @Household", by);
        }, cancel);

    /// <summary>The delegate gives it back. Repeatable.</summary>
    public Task<Result<Done>> RenounceAsync(TerritoryId territory, Id<Delegation> id, Id<User> by, CancellationToken cancel = default) =>
        db.TransactAsync<Done>(territory, tx => EndAsync(tx, id, "delegate_id = @User", new(default, by)), cancel);

    private async Task<Result<Done>> EndAsync(Transaction tx, Id<Delegation> id, string whose, HouseholdUser by)
    {
        var mine = await tx.ListAsync<Id<Delegation>>(
            $"select id from marketplace.delegation where territory_id = @territory and id = @id and {whose} for no key update", new { id, by.Household, by.User });
        if (mine.Count == 0) return new DelegationNotFound(id);
        await tx.ExecuteAsync(
            "update marketplace.delegation set ended_by = @User, ended_at = @now where territory_id = @territory and id = @id and ended_at is null",
            new { id, by.User, now = clock.Now });
        await tx.ExecuteAsync(
            """
            update marketplace.role_grant set valid_to = least(valid_to, @yesterday) where territory_id = @territory and delegation_id = @id
            """, new { id, yesterday = clock.Today().PlusDays(-1) });
        await tx.ExecuteAsync(
            """
            delete from marketplace.session s using marketplace.role_grant r
            where s.territory_id = @territory and r.territory_id = @territory and r.id = s.role_id and r.delegation_id = @id
            """, new { id });
        return default(Done);
    }

    /// <summary>Those of a household, the latest first.</summary>
    public Task<List<Delegation>> OfHouseholdAsync(TerritoryId territory, Id<Household> household, CancellationToken cancel = default) =>
        db.ListByKeyAsync<Delegation>(territory, $"{Select} and d.household_id = @household order by d.given_at desc, d.id limit 50", new { household }, cancel);

    /// <summary>Those that a person took up, the latest first.</summary>
    public Task<List<Delegation>> OfDelegateAsync(TerritoryId territory, Id<User> user, CancellationToken cancel = default) =>
        db.ListByKeyAsync<Delegation>(territory, $"{Select} and d.delegate_id = @user order by d.given_at desc, d.id limit 50", new { user }, cancel);

    /// <summary>What delegates did about the household's bookings, the latest first.</summary>
    public Task<List<DelegateAct>> ActsAsync(TerritoryId territory, Id<Household> household, CancellationToken cancel = default) =>
        db.ListByKeyAsync<DelegateAct>(
            territory,
            $"""
            select d.id as delegation, e.at, b.id as booking, e.status, o.title_it, o.title_en
            from {Acts}
            join marketplace.offer o on o.territory_id = @territory and o.id = b.offer_id
            where d.territory_id = @territory and d.household_id = @household and e.status not in ('Accepted', 'Settled')
            order by e.at desc, e.sequence limit {ActsMax}
            """, new { household }, cancel);

    /// <summary>Whether somebody acts for a household in its own right.</summary>
    internal static Task<bool> IsOwnAsync(Transaction tx, HouseholdUser by) =>
        tx.FindAsync<bool>(
            """
            select exists (select from marketplace.role_grant
                           where territory_id = @territory and user_id = @User and household_id = @Household and delegation_id is null)
            """, new { by.User, by.Household });

    private sealed record Waiting(Id<Delegation> Id, Id<Household> HouseholdId, LocalDate ValidTo, Instant CodeUntil, Id<User>? DelegateId, Instant? EndedAt);
}
