using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages;

/// <summary>
/// The photo of a service, large or <c>piccola</c>. Its address is what is in it, so that browsers keep it for good; one that is not published
/// is shown to its provider alone and kept nowhere.
/// </summary>
public sealed class PhotoModel(CurrentPlace place, SignedIn visitor, OfferPhotos photos) : PageModel
{
    private const string Small = "piccola";

    public async Task<IActionResult> OnGetAsync(string hash, string? size, CancellationToken cancel)
    {
        if (!place.IsKnown || size is not (null or Small)) return NotFound();
        var whose = visitor.Is(Role.Provider) ? visitor.Provider : (Borsellino.Ledger.Id<Provider>?)null;
        if (await photos.ContentAsync(place.Territory, hash, size is Small, whose, cancel) is not { } photo) return NotFound();
        // Whoever is signed in may get a cookie with it, which nobody between us may keep.
        Response.Headers.CacheControl = !photo.IsPublished ? "no-store" : $"{(visitor.IsKnown ? "private" : "public")}, max-age=31536000, immutable";
        return File(photo.Content, "image/jpeg");
    }
}
