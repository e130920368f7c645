using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Shared;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.ForHouseholds;

/// <summary>
/// Everything on one page before a household takes part every week: the dates, the most each may cost, for how many its money would do,
/// how to leave one out. The form carries the member's id, so a second click joins nobody twice.
/// </summary>
public sealed class JoinSeriesModel(CurrentPlace place, SignedIn visitor, Pools pools) : PageModel
{
    public SeriesPreview? Preview { get; private set; }

    /// <summary>Why nobody can take part, when there is nothing to show.</summary>
    public string Refused { get; private set; } = "";

    [BindProperty]
    public Id<SeriesMember> Member { get; set; }

    [BindProperty]
    public Id<Person> Person { get; set; }

    /// <summary>The most the household agrees to on each date, in cents.</summary>
    [BindProperty(SupportsGet = true, Name = "massimo")]
    public long? Cap { get; set; }

    /// <summary>How many hours or children it counts for.</summary>
    [BindProperty(SupportsGet = true, Name = "conta")]
    public int? Weight { get; set; }

    public Payers Payers { get; private set; } = Payers.None;

    public async Task<IActionResult> OnGetAsync(Id<PoolSeries> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return NotFound();
        Member = Id<SeriesMember>.New();
        return await ShowAsync(id, cancel);
    }

    public async Task<IActionResult> OnPostAsync(Id<PoolSeries> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid || Cap is not > 0) return BadRequest();
        var result = await pools.JoinSeriesAsync(
            place.Territory, new(Member, id, Person, Weight ?? 1, new(Cap.Value)), new(visitor.Household, visitor.UserId), cancel);
        if (result.IsRefused(out var refusal))
        {
            if (refusal is SeriesNotFound) return NotFound();
            ModelState.Clear();
            ModelState.AddModelError("", RefusalText.For(refusal));
            return await ShowAsync(id, cancel);
        }

        return LocalRedirect($"~/gruppi/settimanali/{id}");
    }

    private async Task<IActionResult> ShowAsync(Id<PoolSeries> id, CancellationToken cancel)
    {
        var cap = Cap is > 0 ? new Money(Cap.Value) : (Money?)null;
        if ((await pools.PreviewSeriesAsync(place.Territory, visitor.Household, id, Weight ?? 1, cap, cancel)).IsRefused(out var refusal, out var preview))
        {
            if (refusal is SeriesNotFound) return NotFound();
            Refused = RefusalText.For(refusal);
            ModelState.Clear();
            return Page();
        }

        Preview = preview;
        (Cap, Weight) = (preview.Cap.Cents, preview.Weight);
        if (preview.People.All(p => p.Id != Person)) Person = preview.People[0].Id;
        Payers = Payers.Of(preview.Coverage);
        return Page();
    }
}
