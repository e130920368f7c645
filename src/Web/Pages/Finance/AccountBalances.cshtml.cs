using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Marketplace.Standards;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Borsellino.Web.Pages.Finance;

/// <summary>
/// An account's balance at the end of any past day, as known today and as known on any day since; and month by month, also as CSV.
/// </summary>
public sealed class AccountBalancesModel(CurrentPlace place, Accounts accounts, Balances balances, AccountNames names, IClock clock) : PageModel
{
    /// <summary>The current month and the eleven before it, unless other months are asked for.</summary>
    private const int MonthsShown = 12;

    [BindProperty(SupportsGet = true, Name = "giorno")]
    public string? AskedDay { get; set; }

    [BindProperty(SupportsGet = true, Name = "noto")]
    public string? AskedKnown { get; set; }

    public Ledger.Account Account { get; private set; } = null!;
    public AccountSubject Subject { get; private set; } = null!;
    public LocalDate Day { get; private set; }

    /// <summary>The day until whose end entries were looked at; null for today's knowledge.</summary>
    public LocalDate? Known { get; private set; }

    /// <summary>At the end of <see cref="Day"/>, as the book tells it now.</summary>
    public BalanceAt Now { get; private set; } = null!;

    /// <summary>The same as it was told at the end of <see cref="Known"/>; null where that was not asked.</summary>
    public BalanceAt? Then { get; private set; }

    public IReadOnlyList<PeriodBalance> Months { get; private set; } = [];
    public bool GrowsByDebit => Account.Kind is AccountKind.Asset or AccountKind.Expense;

    public async Task<IActionResult> OnGetAsync(Id<Ledger.Account> id, CancellationToken cancel)
    {
        if (!await FindAsync(id, cancel)) return NotFound();
        var today = clock.Today();
        ModelState.Clear();
        Day = Read(AskedDay, "giorno") ?? today;
        Known = Read(AskedKnown, "noto");
        Now = (await balances.AtAsync(place.Territory, id, Day, cancel: cancel))!;
        Then = Known is { } known ? await balances.AtAsync(place.Territory, id, Day, known, cancel) : null;
        await ReadMonthsAsync(id, cancel);
        return Page();
    }

    /// <summary>The months with what moved in each, for the accountant's spreadsheet.</summary>
    public async Task<IActionResult> OnGetCsvAsync(Id<Ledger.Account> id, CancellationToken cancel)
    {
        if (!await FindAsync(id, cancel)) return NotFound();
        await ReadMonthsAsync(id, cancel);
        return File(CsvWriter.File(Rows()), "text/csv", $"saldi_{Account.Chart}_{Days.Iso(clock.Today())}.csv");
    }

    private async Task<bool> FindAsync(Id<Ledger.Account> id, CancellationToken cancel)
    {
        if (await accounts.FindAsync(place.Territory, id, cancel) is not { } account) return false;
        Account = account;
        Subject = (await names.OfAsync(place.Territory, [id], cancel))[id];
        return true;
    }

    private async Task ReadMonthsAsync(Id<Ledger.Account> id, CancellationToken cancel)
    {
        var today = clock.Today();
        Months = await balances.ByMonthAsync(place.Territory, id, today.PlusMonths(1 - MonthsShown), today, cancel);
    }

    /// <summary>The day of a field; null where it is empty or says no day, which is then said.</summary>
    private LocalDate? Read(string? text, string field)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        if (Days.Read(text) is not { } day)
        {
            ModelState.AddModelError(field, Texts.Say("Scrivi il giorno come 20.11.2026."));
            return null;
        }

        return day;
    }

    private IEnumerable<IReadOnlyList<string>> Rows()
    {
        yield return [Texts.Say("Dal"), Texts.Say("Al"), Texts.Say("Saldo iniziale"), Texts.Say("Dare"), Texts.Say("Avere"), Texts.Say("Saldo finale")];
        foreach (var month in Months)
        {
            yield return
            [
                Days.Iso(month.From), Days.Iso(month.To), ItalianAmount.Plain(month.Opening), ItalianAmount.Plain(month.Debits),
                ItalianAmount.Plain(month.Credits), ItalianAmount.Plain(month.Closing),
            ];
        }
    }
}
