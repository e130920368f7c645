using System.Text.Encodings.Web;
using System.Text.Json;
using Borsellino.Marketplace;
using Borsellino.Web.Hosting;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;

namespace Borsellino.Web.Pages.Public;

/// <summary>
/// The catalogue with a map beside the list. The list is complete by itself: a script puts the points of what is listed on a plan of the
/// municipalities, or on pictures of whoever the configuration names. Without scripts the plan of the catalogue stands in its place.
/// </summary>
public sealed class MapModel(
    CurrentPlace current, SignedIn signedIn, CatalogueSearch search, ServiceClasses classes, Territories territories, Purses purses, IClock clock, MapSettings map)
    : ServicesModel(current, signedIn, search, classes, territories, purses, clock)
{
    public override bool OnMap => true;

    public MapSettings Map => map;

    /// <summary>The municipalities for the script: name, degrees north, degrees east.</summary>
    public string Places => JsonSerializer.Serialize(Municipalities.Select(m => new object[] { m.Name, m.Latitude, m.Longitude }), Plainly);

    // It stands in an attribute, which is encoded there.
    private static readonly JsonSerializerOptions Plainly = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public override async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        if (map.Origin is { } origin) SecurityHeaders.AllowImages(Response, origin);
        return await base.OnGetAsync(cancel);
    }
}
