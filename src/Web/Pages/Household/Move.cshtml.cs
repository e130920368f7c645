using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Shared;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Borsellino.Web.Pages.ForHouseholds;

/// <summary>
/// A household moves a booking: first to when, then all of it on one page. The form carries the new booking's id, so a second click moves
/// nothing more, and what was shown, so nothing else is charged.
/// </summary>
public sealed class MoveModel(CurrentPlace place, SignedIn visitor, Bookings bookings, BookingCards cards, Slots slots, IClock clock) : PageModel
{
    private const int TimesShown = 40;

    public BookingCard Card { get; private set; } = null!;

    /// <summary>Other times of the same offer, while none is chosen.</summary>
    public IReadOnlyList<Slot> Free { get; private set; } = [];

    /// <summary>What the chosen time would mean; null while none is chosen, or when it cannot be had.</summary>
    public BookingPreview? Preview { get; private set; }

    /// <summary>Why it cannot be moved, when there is nothing to show.</summary>
    public string Refused { get; private set; } = "";

    public Instant Now => clock.Now;

    [BindProperty]
    public Id<Booking> BookingId { get; set; }

    [BindProperty]
    public AsShown Shown { get; set; }

    public Payers Payers { get; private set; } = Payers.None;

    public async Task<IActionResult> OnGetAsync(Id<Booking> id, Id<Slot>? slot, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return NotFound();
        BookingId = Id<Booking>.New();
        return await ShowAsync(id, slot, cancel);
    }

    public async Task<IActionResult> OnPostAsync(Id<Booking> id, Id<Slot>? slot, CancellationToken cancel)
    {
        if (!ModelState.IsValid || slot is not { } to) return BadRequest();
        // Whom it is for stays as it was, whatever the request says.
        var moved = await bookings.MoveAsync(place.Territory, id, new(BookingId, to, default, Shown), new(visitor.Household, visitor.UserId), cancel);
        if (!moved.IsRefused(out var refusal, out var booking)) return LocalRedirect($"~/prenotazioni/{booking}");
        if (refusal is BookingNotFound or SlotNotFound) return NotFound();
        ModelState.Clear();
        ModelState.AddModelError("", RefusalText.For(refusal));
        return await ShowAsync(id, slot, cancel);
    }

    private async Task<IActionResult> ShowAsync(Id<Booking> id, Id<Slot>? slot, CancellationToken cancel)
    {
        if (await cards.CardAsync(place.Territory, visitor.Household, id, cancel) is not { } card) return NotFound();
        Card = card;
        if (slot is not { } to)
        {
            Free = [.. (await slots.UpcomingAsync(place.Territory, Card.OfferId, limit: TimesShown, cancel: cancel)).Where(s => s.Id != Card.SlotId)];
            return Page();
        }

        if ((await bookings.PreviewMoveAsync(place.Territory, visitor.Household, id, to, cancel)).IsRefused(out var refusal, out var preview))
        {
            if (refusal is BookingNotFound or SlotNotFound) return NotFound();
            Refused = RefusalText.For(refusal);
            ModelState.Clear();
            return Page();
        }

        Preview = preview;
        Shown = preview.Shown;
        Payers = Payers.Of(preview.Coverage);
        return Page();
    }
}
