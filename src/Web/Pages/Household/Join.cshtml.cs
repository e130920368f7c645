using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Shared;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;

namespace Borsellino.Web.Pages.ForHouseholds;

/// <summary>
/// Everything on one page before a household joins a pool: what it pays now, at most and with each one more, who holds it, how to get out.
/// The form carries what was shown, so nothing else is held.
/// </summary>
public sealed class JoinModel(CurrentPlace place, SignedIn visitor, Pools pools) : AgreeingModel<Pool, JoinPreview>
{
    public Id<Pool> Pool { get; private set; }

    [BindProperty]
    public Id<Share> ShareId { get; set; }

    [BindProperty]
    public AsShown Shown { get; set; }

    [BindProperty]
    public Id<Person> Person { get; set; }

    /// <summary>How many hours or children its share counts for.</summary>
    [BindProperty(SupportsGet = true, Name = "conta")]
    public int? Weight { get; set; }

    public IReadOnlyList<Rung> Rungs => Preview is null ? [] :
        [.. Preview.Steps.Select((s, i) => new Rung(Texts.Say("In {0}", s.Heads), s.Share, i == 0, s.Share > Preview.Cap ? Texts.Say("Supera il tuo massimo: in quel caso resti fuori e non paghi.") : i == 0 ? Texts.Say("Se nessun altro si unisce") : null))];

    public async Task<IActionResult> OnPostAsync(Id<Pool> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid || Cap is not > 0) return BadRequest();
        var joined = await pools.JoinAsync(
            place.Territory, new(ShareId, id, Person, Weight ?? 1, new(Cap.Value), Shown), new(visitor.Household, visitor.UserId), cancel);
        return joined.IsRefused(out var refusal) ? await RefuseAsync(id, refusal, cancel) : LocalRedirect($"~/gruppi/{id}");
    }

    protected override void Begin() => ShareId = Id<Share>.New();

    protected override Task<Result<JoinPreview>> PreviewAsync(Id<Pool> id, Money? cap, CancellationToken cancel)
    {
        Pool = id;
        return pools.PreviewAsync(place.Territory, visitor.Household, id, Weight ?? 1, cap, cancel);
    }

    protected override (Money Cap, Coverage Coverage) Take(JoinPreview preview)
    {
        (Shown, Weight) = (preview.Shown, preview.Weight);
        if (preview.People.All(p => p.Id != Person)) Person = preview.People[0].Id;
        return (preview.Cap, preview.Coverage);
    }
}
