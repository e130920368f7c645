using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.Officers;

/// <summary>The refused rows of a list as a file, with number and reason, ready to be corrected and uploaded again.</summary>
public sealed class RejectedRowsModel(GrantImports imports, GrantRows rows, CurrentPlace place) : PageModel
{
    public async Task<IActionResult> OnGetAsync(Id<GrantImport> id, CancellationToken cancel)
    {
        if (await imports.FindAsync(place.Territory, id, cancel) is not { } import) return NotFound();
        var file = await rows.RejectedCsvAsync(
            place.Territory, id, Texts.Say("riga"), Texts.Say("motivo"), ImportWords.Sentence, cancel);
        if (file is null) return NotFound();
        var name = Path.GetFileNameWithoutExtension(import.FileName);
        return File(file, "text/csv; charset=utf-8", Texts.Say("{0}-scarti.csv", name));
    }
}
