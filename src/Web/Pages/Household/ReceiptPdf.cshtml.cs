using Borsellino.Marketplace;
using Borsellino.Web.Papers;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;

namespace Borsellino.Web.Pages.ForHouseholds;

/// <summary>The receipt as a file.</summary>
public sealed class ReceiptPdfModel(CurrentPlace place, SignedIn visitor, BookingCards cards)
    : ReceiptModel(place, visitor, cards)
{
    protected override IActionResult Answer(Paper paper) => PaperFile.Of(paper);
}
