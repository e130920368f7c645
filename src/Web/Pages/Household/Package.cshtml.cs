using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Shared;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Borsellino.Web.Pages.ForHouseholds;

/// <summary>A package of a household: how many are left and until when, the dates taken, the next one, and giving back what is not used.</summary>
public sealed class PackageModel(
    CurrentPlace place, SignedIn visitor, Packages packages, PackageCards cards, Bookings bookings, Slots slots, DeskActs acts, IClock clock) : PageModel
{
    private const int SlotsShown = 12;

    public PackageCard Card { get; private set; } = null!;
    public IReadOnlyList<BookingCard> Units { get; private set; } = [];

    /// <summary>The first free times, up to its last day.</summary>
    public IReadOnlyList<Slot> Free { get; private set; } = [];

    /// <summary>The time that is about to be taken; null for none.</summary>
    public Slot? Chosen { get; private set; }

    /// <summary>What the desk did about it, with the household's consent.</summary>
    public IReadOnlyList<DoneForYou> DoneForYou { get; private set; } = [];

    public Payers Payers { get; private set; } = Payers.None;
    public Instant Now { get; private set; }

    [BindProperty]
    public Id<Booking> BookingId { get; set; }

    /// <summary>The step in between that is being shown: <c>rendi</c>; empty for none.</summary>
    [BindProperty(SupportsGet = true, Name = "passo")]
    public string? Step { get; set; }

    /// <summary>What has just been done, as the address says it: <c>comprato</c>, <c>reso</c>.</summary>
    [BindProperty(SupportsGet = true, Name = "fatto")]
    public string? Done { get; set; }

    public bool CanReturn => Card.IsReturnable(Now);

    /// <summary>What of a unit the purse pays, to the cent that most have.</summary>
    public Money NextCovered => new(Card.Covered.Cents / Card.Units);

    public async Task<IActionResult> OnGetAsync(Id<Package> id, [FromQuery(Name = "data")] Id<Slot>? chosen, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return NotFound();
        BookingId = Id<Booking>.New();
        return await ShowAsync(id, chosen, cancel);
    }

    public async Task<IActionResult> OnPostTakeAsync(Id<Package> id, Id<Slot> slot, CancellationToken cancel)
    {
        if (!ModelState.IsValid || BookingId == default) return BadRequest();
        var taken = await bookings.TakeUnitAsync(place.Territory, new(BookingId, id, slot), By, cancel);
        return taken.IsRefused(out var refusal, out var booking) ? await RefuseAsync(id, refusal, cancel) : LocalRedirect($"~/prenotazioni/{booking}");
    }

    public async Task<IActionResult> OnPostReturnAsync(Id<Package> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        var returned = await packages.ReturnAsync(place.Territory, id, By, cancel);
        return returned.IsRefused(out var refusal) ? await RefuseAsync(id, refusal, cancel) : LocalRedirect($"~/pacchetti/{id}?fatto=reso");
    }

    private HouseholdUser By => new(visitor.Household, visitor.UserId);

    private async Task<IActionResult> RefuseAsync(Id<Package> id, Refusal refusal, CancellationToken cancel)
    {
        if (refusal is PackageNotFound or SlotNotFound) return NotFound();
        ModelState.Clear();
        ModelState.AddModelError("", RefusalText.For(refusal));
        BookingId = Id<Booking>.New();
        return await ShowAsync(id, null, cancel);
    }

    private async Task<IActionResult> ShowAsync(Id<Package> id, Id<Slot>? chosen, CancellationToken cancel)
    {
        if (await cards.FindAsync(place.Territory, visitor.Household, id, cancel) is not { } card) return NotFound();
        if (card.IsProduct) return LocalRedirect($"~/prodotti/{id}");
        (Card, Now) = (card, clock.Now);
        DoneForYou = await acts.OfHouseholdAsync(place.Territory, visitor.Household, id.Value, cancel);
        Units = await cards.UnitsAsync(place.Territory, id, cancel);
        Payers = Payers.Of(card, await cards.PayersAsync(place.Territory, id, cancel));
        if (card.Left == 0) return Page();
        var free = await slots.UpcomingAsync(place.Territory, card.OfferId, limit: SlotsShown + Units.Count, cancel: cancel);
        Free = [.. free.Where(s => Display.DayOf(s.StartsAt) <= card.LastDay && Units.All(u => u.SlotId != s.Id || BookingWords.IsOver(u.Status))).Take(SlotsShown)];
        Chosen = chosen is { } slot ? Free.FirstOrDefault(s => s.Id == slot) : null;
        return Page();
    }
}
