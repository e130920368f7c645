using Borsellino.Marketplace;
using Borsellino.Web.Hosting;
using Borsellino.Web.Papers;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;

namespace Borsellino.Web.Pages.ForHouseholds;

/// <summary>The title of a product as a file, to be printed and carried.</summary>
public sealed class ProductVoucherPdfModel(CurrentPlace place, SignedIn visitor, PackageCards cards, VoucherPins pins, Settings settings)
    : ProductVoucherModel(place, visitor, cards, pins, settings)
{
    protected override IActionResult Answer(Paper paper) => PaperFile.Of(paper);
}
