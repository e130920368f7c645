using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.Public;

/// <summary>The first page: of a territory where one is chosen, otherwise of the installation, which lists them.</summary>
public sealed class IndexModel(CurrentPlace current, Territories territories, ServiceClasses classes) : PageModel
{
    public IReadOnlyList<Place> Places { get; private set; } = [];

    /// <summary>The territory, or null on the page of the installation.</summary>
    public Place? Place { get; private set; }

    public ClassTree Tree { get; private set; } = new([]);

    public IReadOnlyList<Municipality> Municipalities { get; private set; } = [];

    public async Task OnGetAsync(CancellationToken cancel)
    {
        if (!current.IsKnown)
        {
            Places = await territories.AllAsync(cancel);
            return;
        }

        Place = current.Place;
        Tree = await classes.TreeAsync(current.Territory, cancel);
        Municipalities = await territories.MunicipalitiesAsync(current.Territory, cancel);
    }
}
