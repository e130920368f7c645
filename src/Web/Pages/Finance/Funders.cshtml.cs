using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.Finance;

/// <summary>Who funds, each with the way to its statement.</summary>
public sealed class FundersModel(CurrentPlace place, Funders funders) : PageModel
{
    public IReadOnlyList<Funder> All { get; private set; } = [];

    public async Task OnGetAsync(CancellationToken cancel) => All = await funders.ListAsync(place.Territory, cancel);
}
