using Borsellino.Marketplace;
using Borsellino.Web.Shared;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.Officers;

/// <summary>Who has a purse here, and what is on it: the page for a family that calls.</summary>
public sealed class FamiliesModel(HouseholdRegister register, CurrentPlace place) : PageModel
{
    private const int PageSize = 25;

    [BindProperty(SupportsGet = true, Name = "cerca")]
    public string? Words { get; set; }

    [BindProperty(SupportsGet = true, Name = "pagina")]
    public int PageNumber { get; set; } = 1;

    public HouseholdsFound Found { get; private set; } = null!;
    public Pager Pager { get; private set; } = null!;
    public bool IsSearch => !string.IsNullOrWhiteSpace(Words);

    public async Task OnGetAsync(CancellationToken cancel)
    {
        ModelState.Clear();
        PageNumber = Math.Clamp(PageNumber, 1, 10_000);
        Words = (Words ?? "")[..Math.Min(Words?.Length ?? 0, HouseholdRegister.WordsMax)];
        Found = await register.PageAsync(place.Territory, Words, PageSize, (PageNumber - 1) * PageSize, cancel);
        if (Found.Lines.Count == 0 && PageNumber > 1)
        {
            PageNumber = 1;
            Found = await register.PageAsync(place.Territory, Words, PageSize, 0, cancel);
        }

        Pager = new(PageNumber, PageSize, Found.Count, page => "~/comune/famiglie" + Query(page));
    }

    private string Query(int page)
    {
        var query = QueryString.Empty;
        if (IsSearch) query = query.Add("cerca", Words!);
        if (page > 1) query = query.Add("pagina", page.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return query.ToString();
    }
}
