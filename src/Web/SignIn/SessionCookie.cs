using Borsellino.Marketplace;
using Borsellino.Web.Hosting;

namespace Borsellino.Web.SignIn;

/// <summary>
/// The cookie of a sign-in: a session's token and nothing else. Each territory has its own, so that being somebody in
/// one place says nothing elsewhere. Served over https it carries the prefix by which browsers refuse it from anyone but
/// this very host.
/// </summary>
public sealed class SessionCookie(CurrentPlace place, Sessions sessions, Settings settings, IHttpContextAccessor accessor)
{
    private HttpContext Context => accessor.HttpContext!;

    private string Name => NameFor(settings, "borsellino-" + place.Place.Slug);

    /// <summary>The name a cookie of ours has: with the prefix <c>__Host-</c> where everything goes over https.</summary>
    public static string NameFor(Settings settings, string name) => settings.IsHttps ? "__Host-" + name : name;

    /// <summary>How a cookie of ours is kept: by the browser alone, for as long as it is open unless an age is said.</summary>
    public static CookieOptions OptionsFor(Settings settings, TimeSpan? maxAge = null) => new()
    {
        Path = "/", HttpOnly = true, Secure = settings.IsHttps, SameSite = SameSiteMode.Lax, IsEssential = true, MaxAge = maxAge,
    };

    /// <summary>The token that the browser sent for this territory, or null.</summary>
    public string? Token => place.IsKnown && Context.Request.Cookies[Name] is { Length: > 0 and <= 100 } token ? token : null;

    /// <summary>Signs the browser in, as somebody else than before where it was signed in already.</summary>
    public async Task StartAsync(User user, RoleGrant role, Awaited? awaits, CancellationToken cancel)
    {
        if (Token is { } before) await sessions.EndAsync(place.Territory, before, cancel);
        var session = new NewSession(user.Id, role.Id, Device.Of(Context.Request.Headers.UserAgent.ToString()), awaits);
        Write(await sessions.StartAsync(place.Territory, session, cancel));
    }

    /// <summary>Gives the browser another token for its session.</summary>
    public void Write(string token) => Context.Response.Cookies.Append(Name, token, Options());

    /// <summary>Ends the browser's session.</summary>
    public async Task EndAsync(CancellationToken cancel)
    {
        if (Token is { } token) await sessions.EndAsync(place.Territory, token, cancel);
        Context.Response.Cookies.Delete(Name, Options());
    }

    // It lasts as long as the browser is open; how long the session lasts is for the server to say.
    private CookieOptions Options() => OptionsFor(settings);
}
