using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.ForProviders;

/// <summary>The photo of one offer: putting one there with what is to be seen on it, and taking it away.</summary>
[RequestSizeLimit(3 * PhotoFile.BytesMax)]
public sealed class OfferPhotoModel(CurrentPlace place, SignedIn visitor, Offers offers, OfferPhotos photos) : PageModel
{
    [BindProperty] public IFormFile? Photo { get; set; }
    [BindProperty] public string? AltIt { get; set; }
    [BindProperty] public string? AltEn { get; set; }

    public Offer Offer { get; private set; } = null!;

    private ProviderUser By => new(visitor.Provider, visitor.UserId);

    public async Task<IActionResult> OnGetAsync(Id<Offer> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid || !await ReadAsync(id, cancel)) return NotFound();
        (AltIt, AltEn) = (Offer.Photo?.Alt.It, Offer.Photo?.Alt.En);
        return Page();
    }

    public async Task<IActionResult> OnPostSaveAsync(Id<Offer> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        if (!await ReadAsync(id, cancel)) return NotFound();
        var alt = new Words(AltIt ?? "", AltEn ?? "");
        foreach (var fault in OfferPhotos.Faults(alt)) Say(fault);
        if (Photo is not { Length: > 0 }) Say(new PhotoMissing());
        else if (Photo.Length > PhotoFile.BytesMax) Say(new PhotoTooLarge(PhotoFile.BytesMax));
        if (!ModelState.IsValid) return Page();

        var content = new byte[Photo!.Length];
        await using (var stream = Photo.OpenReadStream()) await stream.ReadExactlyAsync(content, cancel);
        return Answer(id, (await photos.PutAsync(place.Territory, id, content, alt, By, cancel)).IsRefused(out var refusal) ? refusal : null);
    }

    public async Task<IActionResult> OnPostRemoveAsync(Id<Offer> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        if (!await ReadAsync(id, cancel)) return NotFound();
        return Answer(id, (await photos.RemoveAsync(place.Territory, id, By, cancel)).IsRefused(out var refusal) ? refusal : null);
    }

    private IActionResult Answer(Id<Offer> id, Refusal? refusal)
    {
        if (refusal is null) return LocalRedirect($"~/ente/offerte/{id}/foto");
        if (refusal is OfferNotFound) return NotFound();
        Say(refusal);
        return Page();
    }

    private void Say(Refusal refusal) => ModelState.AddModelError(refusal switch
    {
        PhotoWordsWrong { Field: "alt_it" } => nameof(AltIt),
        PhotoWordsWrong => nameof(AltEn),
        _ => nameof(Photo),
    }, RefusalText.For(refusal));

    private async Task<bool> ReadAsync(Id<Offer> id, CancellationToken cancel)
    {
        if (await offers.FindAsync(place.Territory, id, cancel) is not { } offer || offer.ProviderId != visitor.Provider) return false;
        Offer = offer;
        return true;
    }
}
