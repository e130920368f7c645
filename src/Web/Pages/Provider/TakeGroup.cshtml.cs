using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.ForProviders;

/// <summary>A group that all its families agreed to, and the form by which the provider takes it. The form carries the pool's id.</summary>
public sealed class TakeGroupModel(
    CurrentPlace place, SignedIn visitor, Needs needs, NeedCards cards, Offers allOffers, ServiceClasses classes, IClock clock) : PageModel
{
    /// <summary>The first day that the form suggests is so many days ahead, and the last so many weeks after it.</summary>
    private const int DaysAhead = 7, WeeksOn = 9;

    /// <summary>How many dates a family may leave out of a group that meets every week.</summary>
    private const int Skips = 1;

    [BindProperty] public Id<Pool> Pool { get; set; }
    [BindProperty] public string? Offer { get; set; }
    [BindProperty] public string? Day { get; set; }

    /// <summary>Every week until this day; empty for the first day alone.</summary>
    [BindProperty] public string? Last { get; set; }

    public AgreedGroup Group { get; private set; } = null!;
    public IReadOnlyList<Offer> Offers { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(Id<Proposal> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return NotFound();
        if (await ShowAsync(id, cancel) is { } nothing) return nothing;
        Pool = Id<Pool>.New();
        Offer = Offers.Count > 0 ? Offers[0].Id.ToString() : null;
        var day = clock.Today().PlusDays(DaysAhead).Next(Group.Weekday);
        (Day, Last) = (Days.Iso(day), Days.Iso(day.PlusWeeks(WeeksOn)));
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(Id<Proposal> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        if (await ShowAsync(id, cancel) is { } nothing) return nothing;
        if (!Id<Offer>.TryParse(Offer, null, out var offer)) ModelState.AddModelError(nameof(Offer), Texts.Say("Scegliete un vostro servizio dello stesso tipo."));
        var last = Days.Read(Last);
        if (last is null && !string.IsNullOrWhiteSpace(Last)) ModelState.AddModelError(nameof(Last), Texts.Say("Scegli l’ultimo giorno, o lascia vuoto."));
        if (Days.Read(Day) is not { } day) ModelState.AddModelError(nameof(Day), Texts.Say("Serve un giorno, per esempio 31/12/2026."));
        else if (ModelState.IsValid)
        {
            var taken = await needs.TakeAsync(place.Territory, new(Pool, id, offer, day, last is { } until ? new Weekly(until, Skips) : null), new(visitor.Provider, visitor.UserId), cancel);
            if (!taken.IsRefused(out var refusal, out var pool)) return LocalRedirect($"~/ente/gruppi/{pool}");
            var field = refusal is SeriesOutsideTime ? nameof(Last) : (refusal as FieldRefusal)?.Field switch { "offer" => nameof(Offer), "day" => nameof(Day), _ => "" };
            ModelState.AddModelError(field, RefusalText.For(refusal));
        }

        return Page();
    }

    /// <summary>Reads what the page shows; not found where the group waits no more, or is none of the provider's.</summary>
    private async Task<IActionResult?> ShowAsync(Id<Proposal> id, CancellationToken cancel)
    {
        if (await cards.FindAgreedAsync(place.Territory, visitor.Provider, id, cancel) is not { } group) return NotFound();
        Group = group;
        var within = (await classes.TreeAsync(place.Territory, cancel)).Within(group.ClassCode);
        Offers = [.. (await allOffers.OfProviderAsync(place.Territory, visitor.Provider, cancel))
            .Where(o => o.Status is OfferStatus.Published && !o.IsProduct && within.Contains(o.ClassCode, StringComparer.Ordinal))];
        return null;
    }
}
