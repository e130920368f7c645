using Borsellino.Marketplace;

namespace Borsellino.Web.SignIn;

/// <summary>Where a person goes on to, and what they have still to do there; null when they are in.</summary>
public sealed record Entered(string Address, Awaited? Awaits);

/// <summary>
/// What comes after a person has shown who they are: a code of their second factor, the setting up of one where their
/// role needs it, or the page they wanted.
/// </summary>
public sealed class Entry(CurrentPlace place, Users users, Authenticator authenticator, SessionCookie cookie, SignInSettings settings)
{
    /// <summary>Begins a session. Null when the person has no role here.</summary>
    /// <param name="wanted">The role to enter with, where they have it.</param>
    /// <param name="after">The page they wanted; only one of this territory is followed.</param>
    /// <param name="isEnough">True when nothing more need be shown: one click in a demo, or a second factor shown elsewhere.</param>
    public async Task<Entered?> BeginAsync(User user, Role? wanted, string? after, bool isEnough, CancellationToken cancel)
    {
        var roles = await users.RolesAsync(place.Territory, user.Id, cancel);
        if (roles.Count == 0) return null;
        var role = roles.FirstOrDefault(r => r.Role == wanted) ?? roles[0];
        var awaits = isEnough ? null : await AwaitedAsync(user, roles, cancel);
        await cookie.StartAsync(user, role, awaits, cancel);
        var query = QueryString.Create("dopo", after ?? "");
        var address = awaits switch
        {
            Awaited.Code => $"~/entra/codice{query}",
            Awaited.Enrolment => $"~/entra/app{query}",
            null => After(after, role.Role),
        };
        return new(address, awaits);
    }

    /// <summary>The page a person wanted, if it is one of ours, or their own: a link from elsewhere cannot send people away.</summary>
    public string After(string? wanted, Role role) =>
        wanted is not null && wanted.StartsWith($"/{place.Place.Slug}/", StringComparison.Ordinal) && !wanted.Contains('\\', StringComparison.Ordinal)
            && !wanted.Any(char.IsControl)
            ? wanted : Visitors.HomeOf(role);

    private async Task<Awaited?> AwaitedAsync(User user, IReadOnlyList<RoleGrant> roles, CancellationToken cancel)
    {
        if (await authenticator.HasAsync(place.Territory, user.Id, cancel)) return Awaited.Code;
        // The people of a demo are for everybody.
        return !place.Place.Demo && roles.Any(r => settings.SecondFactor.Contains(r.Role)) ? Awaited.Enrolment : null;
    }
}
