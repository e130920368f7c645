using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.ForHouseholds;

/// <summary>What a household looks for together with others, each with where it stands and why there is no group yet.</summary>
public sealed class NeedsModel(CurrentPlace place, SignedIn visitor, NeedCards cards) : PageModel
{
    public IReadOnlyList<NeedCard> Living { get; private set; } = [];
    public IReadOnlyList<NeedCard> Ended { get; private set; } = [];

    public async Task OnGetAsync(CancellationToken cancel)
    {
        var all = await cards.OfHouseholdAsync(place.Territory, visitor.Household, cancel);
        Living = [.. all.Where(n => n.Status is NeedStatus.Open or NeedStatus.Asked or NeedStatus.Agreed)];
        Ended = [.. all.Except(Living)];
    }
}
