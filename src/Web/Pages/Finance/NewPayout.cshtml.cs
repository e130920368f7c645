using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Borsellino.Web.Pages.Finance;

/// <summary>
/// A payout as it would be, before it is: who, how much, on which account, on which day. The form carries the payout's
/// id and the total that was shown, so a second click adds nothing and nobody agrees to another sum.
/// </summary>
public sealed class NewPayoutModel(CurrentPlace place, SignedIn visitor, Payouts payouts, Payables payables, Marketplace.Providers known, IClock clock)
    : PageModel
{
    [BindProperty(SupportsGet = true, Name = "enti")]
    public List<Id<Marketplace.Provider>> Providers { get; set; } = [];

    [BindProperty(SupportsGet = true, Name = "giorno")]
    public string Day { get; set; } = "";

    [BindProperty(Name = "distinta")]
    public Id<Payout> PayoutId { get; set; }

    [BindProperty(Name = "totale")]
    public long SeenCents { get; set; }

    public LocalDate? ExecutionOn => Days.Read(Day);
    public IReadOnlyList<Payable> Lines { get; private set; } = [];
    public Money Total => Lines.Sum(l => l.Ready);
    public LocalDate Today => clock.Today();

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        ModelState.Clear();
        PayoutId = Id<Payout>.New();
        await ReadAsync(cancel);
        // One who has been paid meanwhile has no line; one who is not of this territory is not there.
        foreach (var chosen in Providers.Except(Lines.Select(l => l.ProviderId)))
        {
            if (await known.FindAsync(place.Territory, chosen, cancel) is null) return NotFound();
        }

        if (ExecutionOn is null) ModelState.AddModelError("giorno", Texts.Say("Scrivi il giorno del bonifico come 20.11.2026."));
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        ModelState.Clear();
        if (PayoutId == default || Providers.Count == 0) return Redirect(Url.Content("~/ragioneria/liquidazioni"));
        if (ExecutionOn is not { } day)
        {
            ModelState.AddModelError("giorno", Texts.Say("Scrivi il giorno del bonifico come 20.11.2026."));
            await ReadAsync(cancel);
            return Page();
        }

        var payout = new NewPayout(PayoutId, day, Providers, new(SeenCents));
        var prepared = await payouts.PrepareAsync(place.Territory, payout, visitor.UserId, cancel);
        if (prepared.IsRefused(out var refusal))
        {
            ModelState.AddModelError(refusal is ExecutionInThePast or ExecutionTooFar or NotABankDay ? "giorno" : "", RefusalText.For(refusal));
            await ReadAsync(cancel);
            return Page();
        }

        return Redirect(Url.Content($"~/ragioneria/liquidazioni/{PayoutId}"));
    }

    private async Task ReadAsync(CancellationToken cancel) =>
        Lines = [.. (await payables.ListAsync(place.Territory, cancel)).Where(p => p.Ready.IsPositive && Providers.Contains(p.ProviderId))];
}
