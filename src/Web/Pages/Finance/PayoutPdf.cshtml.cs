using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Papers;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.Finance;

/// <summary>A payout as a file, for the folder of whoever signs it.</summary>
public sealed class PayoutPdfModel(CurrentPlace place, Payouts payouts) : PageModel
{
    public async Task<IActionResult> OnGetAsync(Id<Payout> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid || await payouts.FindAsync(place.Territory, id, cancel) is not { } detail) return NotFound();
        return PaperFile.Of(PayoutPaper.Of(place.Place, detail));
    }
}
