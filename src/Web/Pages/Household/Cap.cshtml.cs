using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;

namespace Borsellino.Web.Pages.ForHouseholds;

/// <summary>
/// A member of a pool changes what it pays at most, as long as nothing is decided: first what it would mean, then the deed. The form
/// carries what was shown, so nothing else is held.
/// </summary>
public sealed class CapModel(CurrentPlace place, SignedIn visitor, Pools pools) : AgreeingModel<Pool, CapPreview>
{
    public Id<Pool> Pool { get; private set; }

    [BindProperty]
    public Id<CapChange> ChangeId { get; set; }

    [BindProperty]
    public AsShown Shown { get; set; }

    /// <summary>The caps to choose from: what it costs in so many, each amount once, for the fewest it reaches.</summary>
    public IReadOnlyList<LadderStep> Steps => Preview is null ? [] : [.. Preview.Steps.DistinctBy(s => s.Share)];

    public async Task<IActionResult> OnPostAsync(Id<Pool> id, Id<Share> share, CancellationToken cancel)
    {
        if (!ModelState.IsValid || Cap is not > 0) return BadRequest();
        var changed = await pools.ChangeCapAsync(
            place.Territory, new(ChangeId, share, new(Cap.Value), Shown), new(visitor.Household, visitor.UserId), cancel);
        return changed.IsRefused(out var refusal) ? await RefuseAsync(id, refusal, cancel) : LocalRedirect($"~/gruppi/{id}?fatto=massimo");
    }

    protected override void Begin() => ChangeId = Id<CapChange>.New();

    protected override Task<Result<CapPreview>> PreviewAsync(Id<Pool> id, Money? cap, CancellationToken cancel)
    {
        Pool = id;
        return pools.PreviewCapAsync(place.Territory, visitor.Household, id, cap, cancel);
    }

    protected override (Money Cap, Coverage Coverage) Take(CapPreview preview)
    {
        Shown = preview.Shown;
        return (preview.Cap, preview.Coverage);
    }
}
