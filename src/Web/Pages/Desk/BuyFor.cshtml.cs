using System.Globalization;
using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Shared;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.Desk;

/// <summary>
/// The desk buys a package or a product for a family that says yes to just that: first whose purse and by which consent, then who pays what, read
/// aloud, then the purchase, which is charged as it was read or not at all.
/// </summary>
public sealed class BuyForModel(
    CurrentPlace place, SignedIn visitor, DeskActs acts, HouseholdPins pins, Offers offers, Providers providers) : ForFamilyForm(place, visitor, pins)
{
    [BindProperty] public AsShown Shown { get; set; }

    /// <summary>For whom of the family.</summary>
    [BindProperty] public Id<Person> Person { get; set; }

    /// <summary>How many of a product, as it stands in the address or was typed.</summary>
    [BindProperty(SupportsGet = true, Name = "pezzi")] public string? Pieces { get; set; } = "1";

    public Offer Offer { get; private set; } = null!;
    public string Provider { get; private set; } = "";

    /// <summary>What it would mean for the family; null before it has consented to being asked.</summary>
    public PackagePreview? Preview { get; private set; }

    public Payers Payers { get; private set; } = Payers.None;

    /// <summary>A number that cannot be read is 0, which is never sold.</summary>
    private int? Number => Offer.IsProduct ? Typed.Whole(Pieces) ?? 0 : null;

    /// <summary>How many pieces can be chosen.</summary>
    public int PiecesMax => Math.Min(ProductTerms.PiecesMax, Offer.Product?.Stock ?? ProductTerms.PiecesMax);

    public async Task<IActionResult> OnGetAsync(Id<Offer> offer, CancellationToken cancel)
    {
        ActId = NextId;
        return await FindAsync(offer, cancel) ? Page() : NotFound();
    }

    public async Task<IActionResult> OnPostAsync(Id<Offer> offer, CancellationToken cancel)
    {
        if (!await FindAsync(offer, cancel)) return NotFound();
        if (await ReadAsync(cancel) is not { } who) return Page();
        return await LookAsync(ActId, who, cancel) is { } refusal ? Why(refusal) : Page();
    }

    public async Task<IActionResult> OnPostBuyAsync(Id<Offer> offer, CancellationToken cancel)
    {
        if (!await FindAsync(offer, cancel)) return NotFound();
        if (await ReadAsync(cancel) is not { } who) return Page();
        if (!(await acts.BuyAsync(Territory, ActId, who, offer, Number, Person, Shown, cancel)).IsRefused(out var refusal)) return LocalRedirect(Written);
        ModelState.Clear();
        var answer = Why(refusal);
        // Why not, and what it would be now.
        await LookAsync(NextId, who, cancel);
        return answer;
    }

    private PageResult Why(Refusal refusal)
    {
        ModelState.AddModelError(refusal is PiecesOutside ? "pezzi" : DeskForm.ControlOf(refusal), Offer.IsProduct ? ProductWords.For(refusal) : RefusalText.For(refusal));
        return Page();
    }

    private async Task<Refusal?> LookAsync(Id<DeskAct> id, DeskFor who, CancellationToken cancel)
    {
        if ((await acts.LookAtOfferAsync(Territory, id, who, Offer.Id, Number, cancel)).IsRefused(out var refusal, out var preview)) return refusal;
        (Preview, Shown, Payers) = (preview, preview.Shown, Payers.Of(preview.Coverage, Offer.IsProduct));
        Pieces = preview.Terms.Units.ToString(CultureInfo.InvariantCulture);
        if (preview.People.All(p => p.Id != Person)) Person = preview.People[0].Id;
        return null;
    }

    /// <summary>What is sold by the piece or as a package; anything else is booked.</summary>
    private async Task<bool> FindAsync(Id<Offer> id, CancellationToken cancel)
    {
        if (await offers.FindAsync(Territory, id, cancel) is not { Status: not OfferStatus.Draft } offer || (offer.Package is null && !offer.IsProduct)) return false;
        Offer = offer;
        Provider = (await providers.FindAsync(Territory, offer.ProviderId, cancel))!.Name;
        return true;
    }
}
