using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.Officers;

/// <summary>All lists of grants, newest first.</summary>
public sealed class ImportsModel(GrantImports imports, CurrentPlace place) : PageModel
{
    public const int PageRows = 30;

    [BindProperty(SupportsGet = true, Name = "pagina")]
    public int Number { get; set; } = 1;

    public IReadOnlyList<GrantImport> Imports { get; private set; } = [];

    /// <summary>Whether an older page follows.</summary>
    public bool HasMore { get; private set; }

    public async Task OnGetAsync(CancellationToken cancel)
    {
        Number = Math.Clamp(Number, 1, 10_000);
        var found = await imports.ListAsync(place.Territory, null, PageRows + 1, (Number - 1) * PageRows, cancel);
        HasMore = found.Count > PageRows;
        Imports = [.. found.Take(PageRows)];
    }
}
