using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.ForProviders;

/// <summary>What families bought of the provider's products: what is to hand over first, then what is over.</summary>
public sealed class ProductsModel(CurrentPlace place, SignedIn visitor, PackageCards cards) : PageModel
{
    public IReadOnlyList<PackageCard> Open { get; private set; } = [];
    public IReadOnlyList<PackageCard> Over { get; private set; } = [];

    public async Task OnGetAsync(CancellationToken cancel)
    {
        var all = await cards.ProductsOfAsync(place.Territory, visitor.Provider, cancel);
        (Open, Over) = ([.. all.Where(c => c.Status is PackageStatus.Open)], [.. all.Where(c => c.Status is not PackageStatus.Open)]);
    }
}
