using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>What a person may do in a territory. One person may have several roles and wears one at a time.</summary>
public enum Role
{
    Household,
    Provider,
    Shop,
    Company,
    Officer,
    SocialPoint,
    Finance,
    Administrator,
}

/// <summary>Somebody who can sign in. Its table is one of the two that hold personal data.</summary>
public sealed record User(
    Id<User> Id, string Email, string DisplayName, string PasswordHash, string Culture, Instant? DisabledAt) : IIdentified
{
    public static string Prefix => "user";
}

/// <summary>A role a user has: for which family or which provider, where the role is about one.</summary>
/// <param name="ActsUntil">The last day of a delegation, in Italy; null for a role of one's own.</param>
public sealed record RoleGrant(
    Id<RoleGrant> Id, Role Role, Id<Household>? HouseholdId, Id<Provider>? ProviderId, string About, LocalDate? ActsUntil) : IIdentified
{
    public static string Prefix => "role";
}

/// <summary>A person of the demo town who can be signed in with one click, and what they show.</summary>
public sealed record DemoPerson(Id<User> Id, string DisplayName, string Email, string Note, Role Role, string About);

/// <summary>A user as they are just now, with the role they wear, and the session by which we know.</summary>
/// <param name="ActsUntil">The last day of the delegation by which they act; null for a role of their own.</param>
public sealed record SignedInUser(
    Id<Session> SessionId, Instant SeenAt, Awaited? Awaits, Id<User> Id, string DisplayName, string Culture, Id<RoleGrant> RoleId, Role Role,
    Id<Household>? HouseholdId, Id<Provider>? ProviderId, string About, LocalDate? ActsUntil, int RoleCount);

public sealed record EmailTaken() : Refusal("email_taken");

/// <summary>Users and their roles. Passwords arrive here hashed.</summary>
public sealed class Users(Database db, IClock clock)
{
    internal const string About =
        """
        coalesce(
            (select p.name from marketplace.provider p where p.territory_id = @territory and p.id = r.provider_id),
            (select 'Famiglia ' || lpad(h.number::text, 4, '0') from marketplace.household h where h.territory_id = @territory and h.id = r.household_id),
            '') as about
        """;

    /// <summary>A delegate's role holds until its day; asked for with <c>@today</c>.</summary>
    internal const string InForce = "(r.valid_to is null or r.valid_to >= @today)";

    /// <summary>Makes a user with roles. The same id again changes nothing; another user's e-mail is refused.</summary>
    public static async Task<Result<Id<User>>> CreateAsync(Transaction tx, NewUser user, Instant now)
    {
        var taken = await tx.FindAsync<Id<User>?>(
            "select id from marketplace.app_user where territory_id = @territory and email = @email", new { email = user.Email.ToLowerInvariant() });
        if (taken is { } other) return other == user.Id ? user.Id : new EmailTaken();

        await tx.ExecuteAsync(
            """
            insert into marketplace.app_user
                (territory_id, id, email, display_name, password_hash, culture, tax_code, demo_note, demo_position, created_at)
            values (@territory, @Id, @email, @DisplayName, @PasswordHash, 'it', @TaxCode, @DemoNote, @DemoPosition, @now)
            """,
            new
            {
                user.Id, email = user.Email.ToLowerInvariant(), user.DisplayName, user.PasswordHash, user.TaxCode, user.DemoNote, user.DemoPosition, now,
            });
        foreach (var role in user.Roles) await GrantAsync(tx, user.Id, role);
        return user.Id;
    }

    /// <summary>Gives a role. The same role for the same subject again changes nothing.</summary>
    public static Task GrantAsync(Transaction tx, Id<User> user, NewRole role) =>
        tx.ExecuteAsync(
            """
            insert into marketplace.role_grant (territory_id, id, user_id, role, household_id, provider_id)
            values (@territory, @id, @user, @role, @Household, @Provider) on conflict do nothing
            """,
            new
            {
                id = Id<RoleGrant>.From(user, role.Role, role.Household?.ToString() ?? "", role.Provider?.ToString() ?? ""),
                user, role = role.Role.ToString(), role.Household, role.Provider,
            });

    public Task<User?> FindByEmailAsync(TerritoryId territory, string email, CancellationToken cancel = default) =>
        db.FindAsync<User>(
            territory,
            """
            select id, email, display_name, password_hash, culture, disabled_at
            from marketplace.app_user where territory_id = @territory and email = @email
            """, new { email = email.Trim().ToLowerInvariant() }, cancel);

    /// <summary>Whoever is known by this tax code, or null; people without a sign-in here are not found.</summary>
    public Task<User?> FindByTaxCodeAsync(TerritoryId territory, string taxCode, CancellationToken cancel = default) =>
        db.FindAsync<User>(
            territory,
            """
            select id, email, display_name, password_hash, culture, disabled_at
            from marketplace.app_user where territory_id = @territory and tax_code = @taxCode
            """, new { taxCode }, cancel);

    public Task<User?> FindAsync(TerritoryId territory, Id<User> id, CancellationToken cancel = default) =>
        db.FindAsync<User>(
            territory,
            """
            select id, email, display_name, password_hash, culture, disabled_at
            from marketplace.app_user where territory_id = @territory and id = @id
            """, new { id }, cancel);

    /// <summary>The roles that a user has today, their own before those by delegation, in the order of the enum.</summary>
    public async Task<IReadOnlyList<RoleGrant>> RolesAsync(TerritoryId territory, Id<User> user, CancellationToken cancel = default) =>
        [.. (await db.ListAsync<RoleGrant>(
            territory,
            $"""
            select r.id, r.role, r.household_id, r.provider_id, {About}, r.valid_to as acts_until
            from marketplace.role_grant r where r.territory_id = @territory and r.user_id = @user and {InForce}
            """, new { user, today = clock.Today() }, cancel)).OrderBy(r => r.ActsUntil is not null).ThenBy(r => r.Role).ThenBy(r => r.About, StringComparer.Ordinal)];

    /// <summary>Whether somebody acts, or ever acted, for a household.</summary>
    public Task<bool> IsOfAHouseholdAsync(TerritoryId territory, Id<User> user, CancellationToken cancel = default) =>
        db.FindAsync<bool>(
            territory,
            "select exists (select from marketplace.role_grant where territory_id = @territory and user_id = @user and household_id is not null)", new { user }, cancel);

    /// <summary>
    /// Shuts a user out, at once and wherever they are signed in. Disabling again changes nothing. False when there is no
    /// such user.
    /// </summary>
    public async Task<bool> DisableAsync(TerritoryId territory, Id<User> id, CancellationToken cancel = default)
    {
        var found = 0;
        (await db.TransactAsync<Done>(territory, async tx =>
        {
            found = await tx.ExecuteAsync(
                "update marketplace.app_user set disabled_at = coalesce(disabled_at, @now) where territory_id = @territory and id = @id",
                new { id, now = clock.Now });
            await Sessions.EndAllAsync(tx, id);
            return default(Done);
        }, cancel)).OrThrow();
        return found == 1;
    }

    /// <summary>Lets a user enter again. False when there is no such user.</summary>
    public async Task<bool> EnableAsync(TerritoryId territory, Id<User> id, CancellationToken cancel = default) =>
        await db.ExecuteAsync(
            territory, "update marketplace.app_user set disabled_at = null where territory_id = @territory and id = @id", new { id }, cancel) == 1;

    /// <summary>The names of users by id, for "prepared by"; unknown ids are left out.</summary>
    public async Task<IReadOnlyDictionary<Id<User>, string>> NamesAsync(
        TerritoryId territory, IEnumerable<Id<User>> ids, CancellationToken cancel = default) =>
        (await db.ListAsync<(Guid Id, string Name)>(
            territory, "select id, display_name from marketplace.app_user where territory_id = @territory and id = any(@ids)",
            new { ids = ids.Select(i => i.Value).Distinct().ToArray() }, cancel))
        .ToDictionary(u => new Id<User>(u.Id), u => u.Name);

    /// <summary>The colleagues with a role, by name: who could be asked to approve.</summary>
    public Task<List<DemoPerson>> WithRoleAsync(TerritoryId territory, Role role, CancellationToken cancel = default) =>
        db.ListAsync<DemoPerson>(
            territory,
            $"""
            select u.id, u.display_name, u.email, coalesce(u.demo_note, '') as note, r.role, {About}
            from marketplace.app_user u
            join marketplace.role_grant r on r.territory_id = @territory and r.user_id = u.id and r.role = @role
            where u.territory_id = @territory and u.disabled_at is null
            order by u.display_name limit 200
            """, new { role = role.ToString() }, cancel);

    /// <summary>The people of the demo town who can be signed in with one click. Empty where there is none.</summary>
    public Task<List<DemoPerson>> DemoPeopleAsync(TerritoryId territory, CancellationToken cancel = default) =>
        db.ListAsync<DemoPerson>(
            territory,
            $"""
            select u.id, u.display_name, u.email, u.demo_note as note, r.role, {About}
            from marketplace.app_user u
            join lateral (select * from marketplace.role_grant r
                          where r.territory_id = @territory and r.user_id = u.id order by r.role limit 1) r on true
            where u.territory_id = @territory and u.demo_note is not null and u.disabled_at is null
            order by u.demo_position, u.display_name limit 100
            """, cancel: cancel);
}

/// <param name="TaxCode">By which SPID and CIE know them; null when they enter by password alone.</param>
/// <param name="DemoNote">What this person shows, for the one-click list of a demo; null for real users.</param>
public sealed record NewUser(
    Id<User> Id, string Email, string DisplayName, string PasswordHash, IReadOnlyList<NewRole> Roles, string? DemoNote = null,
    short? DemoPosition = null, string? TaxCode = null);

public sealed record NewRole(Role Role, Id<Household>? Household = null, Id<Provider>? Provider = null);
