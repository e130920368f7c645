using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Shared;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.ForHouseholds;

/// <summary>
/// Everything on one page before a household agrees to pay for a shared service: the most it may cost stands in the address until it is
/// agreed to, then travels in the form, with an id so that a second click does nothing twice.
/// </summary>
/// <typeparam name="TOf">What is agreed to: a pool, or one for every week.</typeparam>
/// <typeparam name="TPreview">What it would mean.</typeparam>
public abstract class AgreeingModel<TOf, TPreview> : PageModel
    where TOf : IIdentified
    where TPreview : class
{
    public TPreview? Preview { get; private set; }

    /// <summary>Why it cannot be done, when there is nothing to show.</summary>
    public string Refused { get; private set; } = "";

    /// <summary>The most the household agrees to, in cents; nothing for what the page proposes.</summary>
    [BindProperty(SupportsGet = true, Name = "massimo")]
    public long? Cap { get; set; }

    public Payers Payers { get; private set; } = Payers.None;

    public async Task<IActionResult> OnGetAsync(Id<TOf> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return NotFound();
        Begin();
        return await ShowAsync(id, cancel);
    }

    /// <summary>Makes the id that the form carries.</summary>
    protected abstract void Begin();

    protected abstract Task<Result<TPreview>> PreviewAsync(Id<TOf> id, Money? cap, CancellationToken cancel);

    /// <summary>Takes into the form what the page shows.</summary>
    protected abstract (Money Cap, Coverage Coverage) Take(TPreview preview);

    /// <summary>Says why it was not done, and what it would mean now.</summary>
    protected async Task<IActionResult> RefuseAsync(Id<TOf> id, Refusal refusal, CancellationToken cancel)
    {
        if (IsNoSuch(refusal)) return NotFound();
        ModelState.Clear();
        ModelState.AddModelError("", RefusalText.For(refusal));
        return await ShowAsync(id, cancel);
    }

    private async Task<IActionResult> ShowAsync(Id<TOf> id, CancellationToken cancel)
    {
        if ((await PreviewAsync(id, Cap is > 0 ? new Money(Cap.Value) : null, cancel)).IsRefused(out var refusal, out var preview))
        {
            if (IsNoSuch(refusal)) return NotFound();
            Refused = RefusalText.For(refusal);
            ModelState.Clear();
            return Page();
        }

        Preview = preview;
        var (cap, coverage) = Take(preview);
        Cap = cap.Cents;
        Payers = Payers.Of(coverage);
        return Page();
    }

    private static bool IsNoSuch(Refusal refusal) => refusal is PoolNotFound or SeriesNotFound or ShareNotFound;
}
