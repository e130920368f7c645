using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Shared;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.ForHouseholds;

/// <summary>
/// A member of a pool changes what it pays at most, as long as nothing is decided: first what it would mean, then the deed. The form
/// carries the change's id, so a second click changes nothing twice, and what was shown, so nothing else is held.
/// </summary>
public sealed class CapModel(CurrentPlace place, SignedIn visitor, Pools pools) : PageModel
{
    public CapPreview? Preview { get; private set; }

    /// <summary>Why it cannot be changed, when there is nothing to show; and the pool it is about.</summary>
    public string Refused { get; private set; } = "";

    public Id<Pool> Pool { get; private set; }

    [BindProperty]
    public Id<CapChange> ChangeId { get; set; }

    [BindProperty]
    public AsShown Shown { get; set; }

    /// <summary>The most the household agrees to, in cents; nothing for what it agreed to already.</summary>
    [BindProperty(SupportsGet = true, Name = "massimo")]
    public long? Cap { get; set; }

    public Payers Payers { get; private set; } = Payers.None;

    /// <summary>The caps to choose from: what it costs in so many, each amount once, for the fewest it reaches.</summary>
    public IReadOnlyList<LadderStep> Steps => Preview is null ? [] : [.. Preview.Steps.DistinctBy(s => s.Share)];

    public async Task<IActionResult> OnGetAsync(Id<Pool> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return NotFound();
        ChangeId = Id<CapChange>.New();
        return await ShowAsync(id, cancel);
    }

    public async Task<IActionResult> OnPostAsync(Id<Pool> id, Id<Share> share, CancellationToken cancel)
    {
        if (!ModelState.IsValid || Cap is not > 0) return BadRequest();
        var result = await pools.ChangeCapAsync(
            place.Territory, new(ChangeId, share, new(Cap.Value), Shown), new(visitor.Household, visitor.UserId), cancel);
        if (result.IsRefused(out var refusal))
        {
            if (refusal is ShareNotFound) return NotFound();
            ModelState.Clear();
            ModelState.AddModelError("", RefusalText.For(refusal));
            return await ShowAsync(id, cancel);
        }

        return LocalRedirect($"~/gruppi/{id}?fatto=massimo");
    }

    private async Task<IActionResult> ShowAsync(Id<Pool> id, CancellationToken cancel)
    {
        Pool = id;
        var cap = Cap is > 0 ? new Money(Cap.Value) : (Money?)null;
        if ((await pools.PreviewCapAsync(place.Territory, visitor.Household, id, cap, cancel)).IsRefused(out var refusal, out var preview))
        {
            if (refusal is PoolNotFound) return NotFound();
            Refused = RefusalText.For(refusal);
            ModelState.Clear();
            return Page();
        }

        Preview = preview;
        (Shown, Cap) = (preview.Shown, preview.Cap.Cents);
        Payers = Payers.Of(preview.Coverage);
        return Page();
    }
}
