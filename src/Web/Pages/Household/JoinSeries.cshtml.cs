using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;

namespace Borsellino.Web.Pages.ForHouseholds;

/// <summary>
/// Everything on one page before a household takes part every week: the dates, the most each may cost, for how many its money would do,
/// how to leave one out.
/// </summary>
public sealed class JoinSeriesModel(CurrentPlace place, SignedIn visitor, Pools pools) : AgreeingModel<PoolSeries, SeriesPreview>
{
    [BindProperty]
    public Id<SeriesMember> Member { get; set; }

    [BindProperty]
    public Id<Person> Person { get; set; }

    /// <summary>How many hours or children it counts for.</summary>
    [BindProperty(SupportsGet = true, Name = "conta")]
    public int? Weight { get; set; }

    public async Task<IActionResult> OnPostAsync(Id<PoolSeries> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid || Cap is not > 0) return BadRequest();
        var joined = await pools.JoinSeriesAsync(
            place.Territory, new(Member, id, Person, Weight ?? 1, new(Cap.Value)), new(visitor.Household, visitor.UserId), cancel);
        return joined.IsRefused(out var refusal) ? await RefuseAsync(id, refusal, cancel) : LocalRedirect($"~/gruppi/settimanali/{id}");
    }

    protected override void Begin() => Member = Id<SeriesMember>.New();

    protected override Task<Result<SeriesPreview>> PreviewAsync(Id<PoolSeries> id, Money? cap, CancellationToken cancel) =>
        pools.PreviewSeriesAsync(place.Territory, visitor.Household, id, Weight ?? 1, cap, cancel);

    protected override (Money Cap, Coverage Coverage) Take(SeriesPreview preview)
    {
        Weight = preview.Weight;
        if (preview.People.All(p => p.Id != Person)) Person = preview.People[0].Id;
        return (preview.Cap, preview.Coverage);
    }
}
