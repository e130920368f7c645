using Borsellino.Marketplace;
using Borsellino.Web.Hosting;
using Borsellino.Web.Papers;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;

namespace Borsellino.Web.Pages.ForHouseholds;

/// <summary>The voucher as a file, to be printed and carried.</summary>
public sealed class VoucherPdfModel(CurrentPlace place, SignedIn visitor, BookingCards cards, VoucherPins pins, Settings settings)
    : VoucherModel(place, visitor, cards, pins, settings)
{
    protected override IActionResult Answer(Paper paper) => PaperFile.Of(paper);
}
