using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Papers;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.Finance;

/// <summary>A funder's statement as a file.</summary>
public sealed class FunderReportPdfModel(CurrentPlace place, FunderStatements statements, IClock clock) : PageModel
{
    public async Task<IActionResult> OnGetAsync(Id<Funder> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid || await statements.OfAsync(place.Territory, id, cancel) is not { } statement) return NotFound();
        return PaperFile.Of(FunderReportPaper.Of(place.Place, statement, clock.Today()));
    }
}
