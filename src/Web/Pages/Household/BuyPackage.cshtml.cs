using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Shared;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Borsellino.Web.Pages.ForHouseholds;

/// <summary>
/// Everything on one page before a household buys a package: how many, until when, who pays, what goes back. The form carries the package's id,
/// so a second click buys nothing more, and what was shown, so nothing else is charged.
/// </summary>
public class BuyPackageModel(CurrentPlace place, SignedIn visitor, Packages packages, IClock clock) : PageModel
{
    public PackagePreview? Preview { get; private set; }
    public Instant Now => clock.Now;

    /// <summary>Why it cannot be bought, when there is nothing to show.</summary>
    public string Refused { get; private set; } = "";

    [BindProperty]
    public Id<Package> Ticket { get; set; }

    [BindProperty]
    public AsShown Shown { get; set; }

    [BindProperty]
    public Id<Person> Person { get; set; }

    public Payers Payers { get; private set; } = Payers.None;

    /// <summary>How many pieces of a product; null for a package.</summary>
    protected virtual int? Asked => null;

    public async Task<IActionResult> OnGetAsync(Id<Offer> offer, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return NotFound();
        Ticket = Id<Package>.New();
        return await ShowAsync(offer, cancel);
    }

    public async Task<IActionResult> OnPostAsync(Id<Offer> offer, CancellationToken cancel)
    {
        if (!ModelState.IsValid || Ticket == default) return BadRequest();
        var bought = await packages.BuyAsync(place.Territory, new(Ticket, offer, Person, Shown, Asked), new(visitor.Household, visitor.UserId), cancel);
        if (!bought.IsRefused(out var refusal, out var id)) return LocalRedirect(Bought(id));
        ModelState.Clear();
        ModelState.AddModelError("", Why(refusal));
        return await ShowAsync(offer, cancel);
    }

    protected virtual string Bought(Id<Package> id) => $"~/pacchetti/{id}?fatto=comprato";

    protected virtual string Why(Refusal refusal) => RefusalText.For(refusal);

    private async Task<IActionResult> ShowAsync(Id<Offer> offer, CancellationToken cancel)
    {
        if ((await packages.PreviewAsync(place.Territory, visitor.Household, offer, Asked, cancel)).IsRefused(out var refusal, out var preview))
        {
            if (refusal is OfferNotFound) return NotFound();
            Refused = Why(refusal);
            ModelState.Clear();
            return Page();
        }

        (Preview, Shown, Payers) = (preview, preview.Shown, Payers.Of(preview.Coverage, isProduct: Asked is not null));
        if (preview.People.All(p => p.Id != Person)) Person = preview.People[0].Id;
        return Page();
    }
}
