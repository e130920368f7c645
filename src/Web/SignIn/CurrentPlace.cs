using Borsellino.Ledger;
using Borsellino.Marketplace;

namespace Borsellino.Web.SignIn;

/// <summary>
/// The territory of the request: the first segment of its path. Pages below it need not know; their addresses start
/// with <c>~/</c>.
/// </summary>
public sealed class CurrentPlace
{
    private Place? place;

    /// <summary>False on the pages of the installation as a whole.</summary>
    public bool IsKnown => place is not null;

    /// <summary>The territory. Throws where there is none: only pages of a territory ask.</summary>
    public Place Place => place ?? throw new InvalidOperationException("This page belongs to no territory.");

    public TerritoryId Territory => Place.Id;

    internal void Enter(Place entered) => place = entered;
}

/// <summary>Finds the territory by the first path segment and makes it the base of all addresses.</summary>
public sealed class PlaceMiddleware(RequestDelegate next, Territories territories)
{
    /// <summary>Folders of files that belong to no territory: they are served also while the database is away.</summary>
    private static readonly string[] SharedFolders = ["css", "img", "lib"];

    public async Task InvokeAsync(HttpContext context, CurrentPlace current)
    {
        var path = context.Request.Path.Value ?? "/";
        var end = path.IndexOf('/', 1);
        var slug = end < 0 ? path[1..] : path[1..end];
        if (slug.Length > 0 && !SharedFolders.Contains(slug, StringComparer.Ordinal) && await territories.FindAsync(slug, context.RequestAborted) is { } place)
        {
            current.Enter(place);
            if (end < 0)
            {
                context.Response.Redirect($"{context.Request.PathBase}/{slug}/{context.Request.QueryString}");
                return;
            }

            context.Request.PathBase = context.Request.PathBase.Add("/" + slug);
            context.Request.Path = path[end..];
        }

        await next(context);
    }
}
