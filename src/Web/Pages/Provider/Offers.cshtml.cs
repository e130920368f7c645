using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.ForProviders;

/// <summary>What the provider offers: published, in the making, and withdrawn.</summary>
public sealed class OffersModel(CurrentPlace place, SignedIn visitor, Offers offers, ServiceClasses classes) : PageModel
{
    public string Provider => visitor.User.About;
    public IReadOnlyList<Offer> All { get; private set; } = [];
    public ClassTree Tree { get; private set; } = null!;

    public async Task OnGetAsync(CancellationToken cancel)
    {
        All = [.. (await offers.OfProviderAsync(place.Territory, visitor.Provider, cancel)).OrderBy(o => o.Status switch
        {
            OfferStatus.Draft => 0,
            OfferStatus.Published => 1,
            OfferStatus.Withdrawn => 2,
        })];
        Tree = await classes.TreeAsync(place.Territory, cancel);
    }
}
