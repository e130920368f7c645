using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Shared;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.ForHouseholds;

/// <summary>
/// Everything on one page before a household joins a pool: what it pays now, at most and with each one more, who holds it, how to get out.
/// The form carries the share's id, so a second click joins nobody twice, and what was shown, so nothing else is held.
/// </summary>
public sealed class JoinModel(CurrentPlace place, SignedIn visitor, Pools pools) : PageModel
{
    public JoinPreview? Preview { get; private set; }

    /// <summary>Why it cannot be joined, when there is nothing to show; and the pool it is about.</summary>
    public string Refused { get; private set; } = "";

    public Id<Pool> Pool { get; private set; }

    [BindProperty]
    public Id<Share> ShareId { get; set; }

    [BindProperty]
    public AsShown Shown { get; set; }

    [BindProperty]
    public Id<Person> Person { get; set; }

    /// <summary>The most the household agrees to, in cents; nothing for what it costs if nobody else joins.</summary>
    [BindProperty(SupportsGet = true, Name = "massimo")]
    public long? Cap { get; set; }

    /// <summary>How many hours or children its share counts for.</summary>
    [BindProperty(SupportsGet = true, Name = "conta")]
    public int? Weight { get; set; }

    public Payers Payers { get; private set; } = Payers.None;

    public IReadOnlyList<Rung> Rungs => Preview is null ? [] :
        [.. Preview.Steps.Select((s, i) => new Rung(Texts.Say("In {0}", s.Heads), s.Share, i == 0, s.Share > Preview.Cap ? Texts.Say("Supera il tuo massimo: in quel caso resti fuori e non paghi.") : i == 0 ? Texts.Say("Se nessun altro si unisce") : null))];

    public async Task<IActionResult> OnGetAsync(Id<Pool> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return NotFound();
        ShareId = Id<Share>.New();
        return await ShowAsync(id, cancel);
    }

    public async Task<IActionResult> OnPostAsync(Id<Pool> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid || Cap is not > 0) return BadRequest();
        var result = await pools.JoinAsync(
            place.Territory, new(ShareId, id, Person, Weight ?? 1, new(Cap.Value), Shown), new(visitor.Household, visitor.UserId), cancel);
        if (result.IsRefused(out var refusal))
        {
            if (refusal is PoolNotFound) return NotFound();
            ModelState.Clear();
            ModelState.AddModelError("", RefusalText.For(refusal));
            return await ShowAsync(id, cancel);
        }

        return LocalRedirect($"~/gruppi/{id}");
    }

    private async Task<IActionResult> ShowAsync(Id<Pool> id, CancellationToken cancel)
    {
        Pool = id;
        var cap = Cap is > 0 ? new Money(Cap.Value) : (Money?)null;
        if ((await pools.PreviewAsync(place.Territory, visitor.Household, id, Weight ?? 1, cap, cancel)).IsRefused(out var refusal, out var preview))
        {
            if (refusal is PoolNotFound) return NotFound();
            Refused = RefusalText.For(refusal);
            ModelState.Clear();
            return Page();
        }

        Preview = preview;
        (Shown, Cap, Weight) = (preview.Shown, preview.Cap.Cents, preview.Weight);
        if (preview.People.All(p => p.Id != Person)) Person = preview.People[0].Id;
        Payers = Payers.Of(preview.Coverage);
        return Page();
    }
}
