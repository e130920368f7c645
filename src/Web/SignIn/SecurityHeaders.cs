using Borsellino.Web.Hosting;

namespace Borsellino.Web.SignIn;

/// <summary>
/// What every answer tells the browser: nothing from elsewhere, no inline script, no framing, no guessing of types.
/// Pages for somebody who is signed in are not kept.
/// </summary>
public static class SecurityHeaders
{
    private const string Images = "img-src 'self' data:";

    private const string Policy =
        "default-src 'self'; script-src 'self'; style-src 'self'; " + Images + "; font-src 'self'; connect-src 'self'; "
        + "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    /// <summary>Lets the page that is being made show pictures of one other origin.</summary>
    public static void AllowImages(HttpResponse response, string origin) =>
        response.Headers.ContentSecurityPolicy = Policy.Replace(Images, $"{Images} {origin}", StringComparison.Ordinal);

    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app, Settings settings) => app.Use((context, next) =>
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        // Beside the other scripts, and yet it keeps a page that is not.
        if (context.Request.Path.Value!.EndsWith("/js/day-worker.js", StringComparison.Ordinal)) headers["Service-Worker-Allowed"] = "/";
        headers["Referrer-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(self), geolocation=(), microphone=(), payment=()";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        // A year, as the browsers' own lists want it.
        if (settings.IsHttps) headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
        context.Response.OnStarting(() =>
        {
            if (context.User.Identity?.IsAuthenticated == true && headers.CacheControl.Count == 0) headers.CacheControl = "no-store";
            return Task.CompletedTask;
        });
        return next(context);
    });
}
