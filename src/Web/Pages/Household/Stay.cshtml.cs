using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;

namespace Borsellino.Web.Pages.ForHouseholds;

/// <summary>
/// Too many left a pool after it was decided: a member that stays says whether it pays more, and how much at most. First what it would
/// mean, then the deed; the form carries what was shown, so nothing else is held.
/// </summary>
public sealed class StayModel(CurrentPlace place, SignedIn visitor, Pools pools) : AgreeingModel<Pool, RaisePreview>
{
    public Id<Pool> Pool { get; private set; }

    [BindProperty]
    public Id<Raise> RaiseId { get; set; }

    [BindProperty]
    public AsShown Shown { get; set; }

    /// <summary>What it would cost if so many agree, each amount once, for the fewest it reaches.</summary>
    public IReadOnlyList<LadderStep> Steps =>
        Preview is null ? [] : [.. Preview.Steps.GroupBy(s => s.Share).Select(g => g.Last()).OrderBy(s => s.Share)];

    public async Task<IActionResult> OnPostAsync(Id<Pool> id, Id<Share> share, CancellationToken cancel)
    {
        if (!ModelState.IsValid || Cap is not > 0) return BadRequest();
        return await AfterAsync(id, await pools.AgreeAsync(place.Territory, new(RaiseId, share, new(Cap.Value), Shown), By, cancel), "continuo", cancel);
    }

    public async Task<IActionResult> OnPostRefuseAsync(Id<Pool> id, Id<Share> share, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        return await AfterAsync(id, await pools.RefuseRaiseAsync(place.Territory, RaiseId, share, By, cancel), "non-di-piu", cancel);
    }

    private HouseholdUser By => new(visitor.Household, visitor.UserId);

    private async Task<IActionResult> AfterAsync(Id<Pool> id, Result<Done> answered, string done, CancellationToken cancel) =>
        answered.IsRefused(out var refusal) ? await RefuseAsync(id, refusal, cancel) : LocalRedirect($"~/gruppi/{id}?fatto={done}");

    protected override void Begin() => RaiseId = Id<Raise>.New();

    protected override Task<Result<RaisePreview>> PreviewAsync(Id<Pool> id, Money? cap, CancellationToken cancel)
    {
        Pool = id;
        return pools.PreviewRaiseAsync(place.Territory, visitor.Household, id, cap, cancel);
    }

    protected override (Money Cap, Coverage Coverage) Take(RaisePreview preview)
    {
        Shown = preview.Shown;
        return (preview.Cap, preview.Coverage);
    }
}
