using Borsellino.Ledger;
using Borsellino.Marketplace.Standards;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>Somebody who can sign in, as whoever looks after sign-ins sees them.</summary>
/// <param name="Roles">Each role once.</param>
/// <param name="SecondFactorSince">Null for one who has none.</param>
/// <param name="Sessions">Where they are signed in now.</param>
public sealed record SignInLine(
    Id<User> Id, string DisplayName, string Email, string[] Roles, Instant? SecondFactorSince, int Sessions, Instant? DisabledAt);

/// <summary>Who can sign in, for the administrator: to be found by name or e-mail.</summary>
public sealed class SignInRegister(Database db)
{
    /// <summary>At most so many are shown; who looks for somebody else says more of the name.</summary>
    public const int LinesMax = 50;

    public const int WordsMax = 80;

    private const string Select =
        """
        select u.id, u.display_name, u.email,
               array(select distinct r.role from marketplace.role_grant r where r.territory_id = @territory and r.user_id = u.id order by 1) as roles,
               f.since as second_factor_since,
               (select count(*) from marketplace.session s where s.territory_id = @territory and s.user_id = u.id and s.awaits is null)::int as sessions,
               u.disabled_at
        from marketplace.app_user u
        left join marketplace.second_factor f on f.territory_id = @territory and f.user_id = u.id
        where u.territory_id = @territory
        """;

    /// <summary>By name; all words must be in the name or the e-mail, in any order and case. Nothing asked: the first of all.</summary>
    public Task<List<SignInLine>> SearchAsync(TerritoryId territory, string words, CancellationToken cancel = default)
    {
        var wanted = words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Take(5).Select(LikePattern.Containing).ToArray();
        return db.ListAsync<SignInLine>(
            territory, $"{Select} and u.display_name || ' ' || u.email ilike all (@wanted) order by u.display_name, u.id limit {LinesMax}",
            new { wanted }, cancel);
    }

    public Task<SignInLine?> FindAsync(TerritoryId territory, Id<User> id, CancellationToken cancel = default) =>
        db.FindAsync<SignInLine>(territory, $"{Select} and u.id = @id", new { id }, cancel);
}
