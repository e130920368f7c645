using System.Security.Claims;
using System.Text.Encodings.Web;
using Borsellino.Marketplace;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Borsellino.Web.SignIn;

/// <summary>
/// Knows the visitor by the cookie's token, at every request anew: a session that was ended, a user who was disabled, a
/// role that was taken away are nobody from that moment. Who must sign in is sent to do so, and comes back after.
/// </summary>
public sealed class SessionHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logs, UrlEncoder encoder, CurrentPlace place, SignedIn signedIn,
    SessionCookie cookie, Sessions sessions, Users users) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
{
    public const string SchemeName = "session";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (cookie.Token is not { } token) return AuthenticateResult.NoResult();
        if (await sessions.FindAsync(place.Territory, token, Context.RequestAborted) is not { } found) return AuthenticateResult.NoResult();
        signedIn.Know(found, found.RoleCount > 1 ? await users.RolesAsync(place.Territory, found.Id, Context.RequestAborted) : []);
        if (!signedIn.IsKnown) return AuthenticateResult.NoResult();
        // The forms of a page are tied to this name.
        var identity = new ClaimsIdentity([new(ClaimTypes.NameIdentifier, found.Id.ToString())], SchemeName);
        return AuthenticateResult.Success(new(new(identity), SchemeName));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        // What was posted is lost, so the way back leads to the page and not to its form.
        var wanted = Request.PathBase + Request.Path + (HttpMethods.IsGet(Request.Method) ? Request.QueryString : default);
        Response.Redirect($"{Request.PathBase}/entra{QueryString.Create("dopo", wanted)}");
        return Task.CompletedTask;
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }
}
