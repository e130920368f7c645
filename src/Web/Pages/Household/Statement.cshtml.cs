using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Papers;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using NodaTime;

namespace Borsellino.Web.Pages.ForHouseholds;

/// <summary>One month of the purse as a sheet of paper: the sum, every movement, and each funder's money.</summary>
public class StatementModel(CurrentPlace place, SignedIn visitor, PurseStatements statements, IClock clock) : PaperPage
{
    public YearMonth Month { get; private set; }

    public async Task<IActionResult> OnGetAsync(string month, CancellationToken cancel)
    {
        var today = clock.Today();
        if (!MonthAddress.TryRead(month, out var read) || read > today.ToYearMonth()) return NotFound();
        Month = read;
        var statement = await statements.MonthAsync(place.Territory, visitor.Household, read, cancel);
        return Answer(StatementPaper.Of(place.Place, visitor.User.DisplayName, read, today, statement));
    }
}
