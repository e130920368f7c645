using Borsellino.Web.Hosting;

namespace Borsellino.Web.SignIn;

/// <summary>
/// Turns requests away before any page: methods that only help attackers, changes that another site's page sent, and, where
/// people reach us over https, whatever came without it.
/// </summary>
public static class RequestGuard
{
    private static readonly string[] Methods = ["GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"];

    public static IApplicationBuilder UseRequestGuard(this IApplicationBuilder app, Settings settings) => app.Use((context, next) =>
    {
        var request = context.Request;
        if (settings.IsHttps && !request.IsHttps)
        {
            // Only what merely asks may be asked again there; a form has already shown what was in it.
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
                context.Response.Redirect($"{settings.Address!.GetLeftPart(UriPartial.Authority)}{request.PathBase}{request.Path}{request.QueryString}", permanent: true, preserveMethod: true);
            return Task.CompletedTask;
        }

        if (!Methods.Contains(request.Method, StringComparer.Ordinal))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return Task.CompletedTask;
        }

        if (IsUnsafe(request.Method) && request.Headers["Sec-Fetch-Site"].ToString() is ("cross-site" or "same-site"))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        }

        return next(context);
    });

    /// <summary>Whether a method asks for a change.</summary>
    internal static bool IsUnsafe(string method) => !(HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method));
}
