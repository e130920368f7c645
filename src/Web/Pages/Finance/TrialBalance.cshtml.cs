using Borsellino.Ledger;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Borsellino.Web.Pages.Finance;

/// <summary>The whole book at the end of a day: what there is, to whom it is owed, and that both sides agree.</summary>
public sealed class TrialBalanceModel(CurrentPlace place, TrialBalances trialBalances, IClock clock) : PageModel
{
    [BindProperty(SupportsGet = true, Name = "al")]
    public string? Day { get; set; }

    public TrialBalance Book { get; private set; } = null!;
    public LocalDate Today { get; private set; }

    public async Task OnGetAsync(CancellationToken cancel)
    {
        Today = clock.Today();
        var on = string.IsNullOrWhiteSpace(Day) ? Today : Days.Read(Day);
        ModelState.Clear();
        if (on is null) ModelState.AddModelError("al", Texts.Say("Scrivi il giorno come 20.11.2026. Intanto vedi il bilancio di oggi."));
        Book = await trialBalances.AtAsync(place.Territory, on ?? Today, cancel);
    }
}
