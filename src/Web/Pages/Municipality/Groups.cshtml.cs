using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.Officers;

/// <summary>The groups in which too few are left, while something can still be done.</summary>
public sealed class GroupsModel(PoolCards cards, CurrentPlace place) : PageModel
{
    public IReadOnlyList<PoolCard> All { get; private set; } = [];

    public async Task OnGetAsync(CancellationToken cancel) => All = await cards.ShortAsync(place.Territory, cancel);
}
