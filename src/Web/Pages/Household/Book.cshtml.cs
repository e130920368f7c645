using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Shared;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Borsellino.Web.Pages.ForHouseholds;

/// <summary>
/// Everything on one page before a household books: what, when, who pays, what cancelling costs. The form carries the
/// booking's id, so a second click books nothing more, and what was shown, so nothing else is charged.
/// </summary>
public sealed class BookModel(CurrentPlace place, SignedIn visitor, Bookings bookings, BookingCards cards, BookingDrafts drafts, IClock clock) : PageModel
{
    public BookingPreview? Preview { get; private set; }
    public Instant Now => clock.Now;

    /// <summary>A booking this household has in the same slot, so that going back and forth never looks like a failure.</summary>
    public BookingCard? Earlier { get; private set; }

    /// <summary>Why it cannot be booked, when there is nothing to show.</summary>
    public string Refused { get; private set; } = "";

    [BindProperty]
    public Id<Booking> BookingId { get; set; }

    [BindProperty]
    public AsShown Shown { get; set; }

    [BindProperty]
    public Id<Person> Person { get; set; }

    public Payers Payers { get; private set; } = Payers.None;

    public async Task<IActionResult> OnGetAsync(Id<Slot> slot, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return NotFound();
        BookingId = Id<Booking>.New();
        if (await drafts.PersonOfAsync(place.Territory, visitor.Household, slot, cancel) is { } person) Person = person;
        return await ShowAsync(slot, cancel);
    }

    /// <summary>Puts the choice aside, to go on with later. Nothing is booked or held.</summary>
    public async Task<IActionResult> OnPostSaveAsync(Id<Slot> slot, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        if ((await drafts.SaveAsync(place.Territory, visitor.Household, slot, Person, cancel)).IsRefused(out var refusal))
        {
            ModelState.Clear();
            ModelState.AddModelError("", RefusalText.For(refusal));
            return await ShowAsync(slot, cancel);
        }

        return LocalRedirect("~/prenotazioni?fatto=bozza");
    }

    public async Task<IActionResult> OnPostAsync(Id<Slot> slot, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        var result = await bookings.RequestAsync(
            place.Territory, new(BookingId, slot, Person, Shown), new(visitor.Household, visitor.UserId), cancel);
        if (result.IsRefused(out var refusal, out var booking))
        {
            ModelState.Clear();
            ModelState.AddModelError("", RefusalText.For(refusal));
            return await ShowAsync(slot, cancel);
        }

        return LocalRedirect($"~/prenotazioni/{booking}");
    }

    private async Task<IActionResult> ShowAsync(Id<Slot> slot, CancellationToken cancel)
    {
        Earlier = (await cards.OfHouseholdAsync(place.Territory, visitor.Household, cancel))
            .FirstOrDefault(c => c.SlotId == slot && c.Status is BookingStatus.Requested or BookingStatus.Confirmed);
        if ((await bookings.PreviewAsync(place.Territory, visitor.Household, slot, cancel)).IsRefused(out var refusal, out var preview))
        {
            if (refusal is SlotNotFound) return NotFound();
            Refused = RefusalText.For(refusal);
            ModelState.Clear();
            return Page();
        }

        Preview = preview;
        Shown = preview.Shown;
        if (preview.People.All(p => p.Id != Person)) Person = preview.People[0].Id;
        Payers = Payers.Of(preview.Coverage);
        return Page();
    }
}
