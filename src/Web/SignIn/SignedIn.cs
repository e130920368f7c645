using System.Security.Claims;
using Borsellino.Ledger;
using Borsellino.Marketplace;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace Borsellino.Web.SignIn;

/// <summary>Who is signed in, read afresh at each request, with the role they wear.</summary>
public sealed class SignedIn
{
    private SignedInUser? user;

    public bool IsKnown => user is not null;

    /// <summary>The visitor. Throws where nobody is signed in: only pages that demand it ask.</summary>
    public SignedInUser User => user ?? throw new InvalidOperationException("Nobody is signed in.");

    public Id<User> UserId => User.Id;

    /// <summary>The name by which the books know who acted.</summary>
    public string Actor => User.Id.ToString();

    /// <summary>The family of a household role; throws for other roles.</summary>
    public Id<Household> Household => User.HouseholdId ?? throw new InvalidOperationException("This role has no family.");

    /// <summary>The provider of a provider's or shop's role; throws for other roles.</summary>
    public Id<Provider> Provider => User.ProviderId ?? throw new InvalidOperationException("This role has no provider.");

    public bool Is(Role role) => user?.Role == role;

    internal void Know(SignedInUser known) => user = known;
}

/// <summary>Puts a visitor's sign-in into the cookie and checks it at every request, so that a change acts at once.</summary>
public sealed class SignInCookie(CurrentPlace place, SignedIn signedIn, Users users) : CookieAuthenticationEvents
{
    private const string UserClaim = "user";
    private const string StampClaim = "stamp";
    private const string RoleClaim = "role";
    private const string TerritoryClaim = "territory";

    public static Task WriteAsync(HttpContext context, TerritoryId territory, User user, RoleGrant role) =>
        WriteAsync(context, territory, user.Id, user.SecurityStamp, role);

    public static Task WriteAsync(HttpContext context, TerritoryId territory, Id<User> user, Guid stamp, RoleGrant role)
    {
        var identity = new ClaimsIdentity(
            [
                new(TerritoryClaim, territory.ToString()), new(UserClaim, user.ToString()),
                new(StampClaim, stamp.ToString("N")), new(RoleClaim, role.Id.ToString()),
            ],
            CookieAuthenticationDefaults.AuthenticationScheme);
        return context.SignInAsync(CookieAuthenticationDefaults.AuthenticationScheme, new ClaimsPrincipal(identity));
    }

    /// <summary>
    /// A cookie of another territory, of a user who was disabled, of a role taken away or older than the password
    /// is not a sign-in.
    /// </summary>
    public override async Task ValidatePrincipal(CookieValidatePrincipalContext context)
    {
        var claims = context.Principal!;
        if (place.IsKnown
            && TerritoryId.TryParse(claims.FindFirstValue(TerritoryClaim), null, out var territory) && territory == place.Territory
            && Id<User>.TryParse(claims.FindFirstValue(UserClaim), null, out var user)
            && Id<RoleGrant>.TryParse(claims.FindFirstValue(RoleClaim), null, out var role)
            && Guid.TryParseExact(claims.FindFirstValue(StampClaim), "N", out var stamp)
            && await users.FindSignedInAsync(territory, user, stamp, role, context.HttpContext.RequestAborted) is { } found)
        {
            signedIn.Know(found);
            return;
        }

        context.RejectPrincipal();
    }
}
