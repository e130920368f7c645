using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Shared;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Borsellino.Web.Pages.Finance;

/// <summary>The accounts behind one line of the trial balance, by the names people know; searchable, page by page.</summary>
public sealed class AccountGroupModel(CurrentPlace place, AccountNames names, TrialBalances trialBalances, IClock clock) : PageModel
{
    private const int PageSize = 50;

    [BindProperty(SupportsGet = true, Name = "al")]
    public string? Day { get; set; }

    [BindProperty(SupportsGet = true, Name = "cerca")]
    public string? Words { get; set; }

    [BindProperty(SupportsGet = true, Name = "pagina")]
    public int PageNumber { get; set; } = 1;

    public string Chart { get; private set; } = "";
    public LocalDate On { get; private set; }
    public TrialBalanceLine Line { get; private set; } = null!;
    public AccountGroup Group { get; private set; } = null!;
    public Pager Pager { get; private set; } = null!;
    public bool IsSearch => !string.IsNullOrWhiteSpace(Words);

    public async Task<IActionResult> OnGetAsync(string chart, CancellationToken cancel)
    {
        ModelState.Clear();
        (Chart, On) = (chart, Days.Read(Day) ?? clock.Today());
        var book = await trialBalances.AtAsync(place.Territory, On, cancel);
        if (book.Lines.FirstOrDefault(l => l.Chart == chart) is not { } line) return NotFound();
        Line = line;
        PageNumber = Math.Clamp(PageNumber, 1, 100_000);
        var words = (Words ?? "")[..Math.Min(Words?.Length ?? 0, 100)];
        Group = await names.OfChartAsync(place.Territory, chart, On, words, PageSize, (PageNumber - 1) * PageSize, cancel);
        if (Group.Count == 0 && PageNumber > 1)
        {
            PageNumber = 1;
            Group = await names.OfChartAsync(place.Territory, chart, On, words, PageSize, 0, cancel);
        }

        Pager = new(PageNumber, PageSize, Group.Count, page => Address(page));
        return Page();
    }

    private string Address(int page)
    {
        var query = QueryString.Empty;
        if (On != clock.Today()) query = query.Add("al", Days.Iso(On));
        if (IsSearch) query = query.Add("cerca", Words!);
        if (page > 1) query = query.Add("pagina", page.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return $"~/ragioneria/conti/{Chart}{query}";
    }
}
