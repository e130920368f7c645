using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Borsellino.Web.Pages.ForHouseholds;

/// <summary>The papers of a family: a statement for each month and a receipt for each service that was paid.</summary>
public sealed class DocumentsModel(CurrentPlace place, SignedIn visitor, PurseStatements statements, BookingCards cards, IClock clock) : PageModel
{
    public IReadOnlyList<YearMonth> Months { get; private set; } = [];
    public IReadOnlyList<BookingCard> Receipts { get; private set; } = [];

    public async Task OnGetAsync(CancellationToken cancel)
    {
        Months = await statements.MonthsAsync(place.Territory, visitor.Household, clock.Today(), cancel);
        Receipts = [.. (await cards.OfHouseholdAsync(place.Territory, visitor.Household, cancel)).Where(b => b.Settled.IsPositive)];
    }
}
