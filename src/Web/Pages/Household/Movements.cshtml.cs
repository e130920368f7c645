using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;
using NodaTime.Text;

namespace Borsellino.Web.Pages.ForHouseholds;

/// <summary>Every movement of the purse, a month at a time, the latest first.</summary>
public sealed class MovementsModel(CurrentPlace place, SignedIn visitor, PurseStatements statements, IClock clock) : PageModel
{
    public YearMonth Month { get; private set; }
    public PurseStatement Statement { get; private set; } = null!;
    public IReadOnlyList<YearMonth> Months { get; private set; } = [];

    /// <param name="mese">The month, such as 2026-10; this month when it is left out.</param>
    public async Task<IActionResult> OnGetAsync(string? mese, CancellationToken cancel)
    {
        var today = clock.Today();
        Month = today.ToYearMonth();
        if (mese is not null)
        {
            if (!MonthAddress.TryRead(mese, out var month) || month > Month) return NotFound();
            Month = month;
        }

        Months = await statements.MonthsAsync(place.Territory, visitor.Household, today, cancel);
        Statement = await statements.MonthAsync(place.Territory, visitor.Household, Month, cancel);
        return Page();
    }
}

/// <summary>Months in addresses: 2026-10.</summary>
public static class MonthAddress
{
    private static readonly YearMonthPattern Pattern = YearMonthPattern.Iso;

    public static bool TryRead(string text, out YearMonth month) => Pattern.Parse(text).TryGetValue(default, out month) && month.Year is > 2000 and < 2200;

    public static string Write(YearMonth month) => Pattern.Format(month);
}
