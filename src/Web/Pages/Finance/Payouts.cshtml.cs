using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Shared;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Borsellino.Web.Pages.Finance;

/// <summary>What is owed to each provider, with the way to prepare a payout, and the payouts there have been.</summary>
public sealed class PayoutsModel(CurrentPlace place, Payouts payouts, Payables payables, Database db, IClock clock) : PageModel
{
    private const int PageSize = 25;

    [BindProperty(SupportsGet = true, Name = "stato")]
    public PayoutStatus? Status { get; set; }

    [BindProperty(SupportsGet = true, Name = "pagina")]
    public int PageNumber { get; set; } = 1;

    public IReadOnlyList<Payable> Owed { get; private set; } = [];
    public IReadOnlyList<PayoutSummary> List { get; private set; } = [];
    public IReadOnlyList<FilterChoice> Filters { get; private set; } = [];
    public Pager Pager { get; private set; } = null!;

    /// <summary>The first day on which banks could pay, and the last one they take orders for.</summary>
    public LocalDate FirstDay { get; private set; }

    public LocalDate LastDay => clock.Today().PlusDays(Marketplace.Payouts.DaysAheadMax);

    public async Task OnGetAsync(CancellationToken cancel)
    {
        Owed = await payables.ListAsync(place.Territory, cancel);
        FirstDay = (await BankCalendar.ReadAsync(db, cancel)).OpenFrom(clock.Today());
        var counts = await payouts.CountAsync(place.Territory, cancel);
        Filters =
        [
            new(Texts.Say("Tutte"), "~/ragioneria/liquidazioni#distinte", counts.Sum(c => c.Payouts), Status is null),
            .. Enum.GetValues<PayoutStatus>().Select(s => new FilterChoice(
                BookWords.Status(s), $"~/ragioneria/liquidazioni?stato={s}#distinte", counts.Where(c => c.Status == s).Sum(c => c.Payouts), Status == s)),
        ];
        var total = counts.Where(c => Status is null || c.Status == Status).Sum(c => c.Payouts);
        var status = Status is { } only ? $"stato={only}&" : "";
        PageNumber = Math.Clamp(PageNumber, 1, Math.Max(1, (total + PageSize - 1) / PageSize));
        Pager = new(PageNumber, PageSize, total, page => $"~/ragioneria/liquidazioni?{status}pagina={page}#distinte");
        List = await payouts.ListAsync(place.Territory, Status, PageSize, (PageNumber - 1) * PageSize, cancel);
    }
}
