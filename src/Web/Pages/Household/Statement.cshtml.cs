using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Borsellino.Web.Pages.ForHouseholds;

/// <summary>One month of the purse as a sheet of paper: the sum, every movement, and each funder's money.</summary>
public sealed class StatementModel(CurrentPlace place, SignedIn visitor, PurseStatements statements, IClock clock) : PageModel
{
    public YearMonth Month { get; private set; }
    public PurseStatement Statement { get; private set; } = null!;
    public LocalDate First => Month.OnDayOfMonth(1);

    /// <summary>The last day told: today, while the month is not over.</summary>
    public LocalDate Last { get; private set; }

    public string Family => visitor.User.DisplayName;
    public Place Place => place.Place;

    public async Task<IActionResult> OnGetAsync(string month, CancellationToken cancel)
    {
        var today = clock.Today();
        if (!MonthAddress.TryRead(month, out var read) || read > today.ToYearMonth()) return NotFound();
        Month = read;
        Last = LocalDate.Min(First.PlusMonths(1).PlusDays(-1), today);
        Statement = await statements.MonthAsync(place.Territory, visitor.Household, read, cancel);
        return Page();
    }
}
