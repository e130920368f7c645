using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Shared;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;

namespace Borsellino.Web.Pages.Desk;

/// <summary>
/// The desk books a time for a family that says yes to just that: first whose purse and by which consent, then who pays what, read aloud,
/// then the booking, which is charged as it was read or not at all.
/// </summary>
public sealed class BookForModel(CurrentPlace place, SignedIn visitor, DeskActs acts, HouseholdPins pins, Slots slots, Offers offers, Providers providers)
    : ForFamilyForm(place, visitor, pins)
{
    [BindProperty] public AsShown Shown { get; set; }

    /// <summary>For whom of the family.</summary>
    [BindProperty] public Id<Person> Person { get; set; }

    public Slot Slot { get; private set; } = null!;
    public Offer Offer { get; private set; } = null!;
    public string Provider { get; private set; } = "";

    /// <summary>What it would mean for the family; null before it has consented to being asked.</summary>
    public BookingPreview? Preview { get; private set; }

    public Payers Payers { get; private set; } = Payers.None;

    public async Task<IActionResult> OnGetAsync(Id<Slot> slot, CancellationToken cancel)
    {
        ActId = NextId;
        return await FindAsync(slot, cancel) ? Page() : NotFound();
    }

    public async Task<IActionResult> OnPostAsync(Id<Slot> slot, CancellationToken cancel)
    {
        if (!await FindAsync(slot, cancel)) return NotFound();
        if (await ReadAsync(cancel) is not { } who) return Page();
        return await LookAsync(ActId, who, cancel) is { } refusal ? Refuse(refusal) : Page();
    }

    public async Task<IActionResult> OnPostBookAsync(Id<Slot> slot, CancellationToken cancel)
    {
        if (!await FindAsync(slot, cancel)) return NotFound();
        if (await ReadAsync(cancel) is not { } who) return Page();
        if (!(await acts.BookAsync(Territory, ActId, who, slot, Person, Shown, cancel)).IsRefused(out var refusal)) return LocalRedirect(Written);
        ModelState.Clear();
        var answer = Refuse(refusal);
        // Why not, and what it would be now.
        await LookAsync(NextId, who, cancel);
        return answer;
    }

    private async Task<Refusal?> LookAsync(Id<DeskAct> id, DeskFor who, CancellationToken cancel)
    {
        if ((await acts.LookAtSlotAsync(Territory, id, who, Slot.Id, cancel)).IsRefused(out var refusal, out var preview)) return refusal;
        (Preview, Shown, Payers) = (preview, preview.Shown, Payers.Of(preview.Coverage));
        if (preview.People.All(p => p.Id != Person)) Person = preview.People[0].Id;
        return null;
    }

    private async Task<bool> FindAsync(Id<Slot> id, CancellationToken cancel)
    {
        if (await slots.FindAsync(Territory, id, cancel) is not { } slot) return false;
        (Slot, Offer) = (slot, (await offers.FindAsync(Territory, slot.OfferId, cancel))!);
        Provider = (await providers.FindAsync(Territory, Offer.ProviderId, cancel))!.Name;
        return Offer.Status is not OfferStatus.Draft;
    }
}
