using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Hosting;
using Borsellino.Web.Papers;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;

namespace Borsellino.Web.Pages.ForHouseholds;

/// <summary>The title of a product, to show on the telephone or to carry on paper: number, PIN and both as a picture.</summary>
public class ProductVoucherModel(CurrentPlace place, SignedIn visitor, PackageCards cards, VoucherPins pins, Settings settings) : PaperPage
{
    public Id<Package> Product { get; private set; }

    public async Task<IActionResult> OnGetAsync(Id<Package> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid || await cards.FindAsync(place.Territory, visitor.Household, id, cancel) is not { IsProduct: true } card) return NotFound();
        // A title with which nothing is fetched any more shows no PIN: the product's page tells how it ended.
        if (card.Status is not PackageStatus.Open) return LocalRedirect($"~/prodotti/{id}");
        Product = id;
        var pin = pins.Of(place.Territory, id);
        return Answer(ProductPaper.Of(
            place.Place, card, await cards.PayersAsync(place.Territory, id, cancel), pin,
            $"{settings.HomeOf(HttpContext, place.Place)}/ente/voucher?numero={card.Reference}#pin={pin}"));
    }
}
