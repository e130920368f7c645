using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Marketplace.Standards;
using Borsellino.Web.Shared;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Borsellino.Web.Pages.ForHouseholds;

/// <summary>Who may act for a household, what they did, and how to let somebody or to stop it. A delegate reads it and changes nothing.</summary>
public sealed class DelegationsModel(CurrentPlace place, SignedIn visitor, Delegations delegations, IClock clock) : PageModel
{
    public IReadOnlyList<Delegation> All { get; private set; } = [];
    public ILookup<Id<Delegation>, DelegateAct> Acts { get; private set; } = Array.Empty<DelegateAct>().ToLookup(a => a.Delegation);
    public LocalDate Today => clock.Today();
    public Instant Now => clock.Now;

    /// <summary>Delegates read this page and give nobody a delegation.</summary>
    public bool MayGive => visitor.User.ActsUntil is null;

    [BindProperty] public Id<Delegation> DelegationId { get; set; }
    [BindProperty] public string? Label { get; set; }
    [BindProperty] public string? Until { get; set; }

    /// <summary>The code that was just made: shown here and never again.</summary>
    public ReadableCode? Code { get; private set; }

    /// <summary>The one that is about to be ended; null for none.</summary>
    [BindProperty(SupportsGet = true, Name = "termina")]
    public Id<Delegation>? Ending { get; set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        if (!ModelState.IsValid) return NotFound();
        return await ShowAsync(cancel);
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        DelegationForm.Check(ModelState, Label, Until, nameof(Label), nameof(Until));
        if (ModelState.IsValid)
        {
            var given = await delegations.GiveAsync(place.Territory, DelegationId, Label!, Days.Read(Until)!.Value, By, cancel);
            if (!given.IsRefused(out var refusal, out var code)) Code = code;
            else ModelState.AddModelError(DelegationForm.FieldOf(refusal, nameof(Label), nameof(Until)), RefusalText.For(refusal));
        }

        return await ShowAsync(cancel);
    }

    public async Task<IActionResult> OnPostEndAsync(Id<Delegation> delegation, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        if (!(await delegations.EndAsync(place.Territory, delegation, By, cancel)).IsRefused(out var refusal)) return LocalRedirect("~/deleghe");
        if (refusal is DelegationNotFound) return NotFound();
        ModelState.AddModelError("", RefusalText.For(refusal));
        return await ShowAsync(cancel);
    }

    private HouseholdUser By => new(visitor.Household, visitor.UserId);

    private async Task<IActionResult> ShowAsync(CancellationToken cancel)
    {
        All = await delegations.OfHouseholdAsync(place.Territory, visitor.Household, cancel);
        Acts = (await delegations.ActsAsync(place.Territory, visitor.Household, cancel)).ToLookup(a => a.Delegation);
        // What was given has its code; the next form is another delegation.
        if (Code is not null || !HttpMethods.IsPost(Request.Method))
        {
            ModelState.Clear();
            (DelegationId, Label, Until) = (Id<Delegation>.New(), null, Days.Iso(Today.PlusYears(1)));
        }

        return Page();
    }
}
