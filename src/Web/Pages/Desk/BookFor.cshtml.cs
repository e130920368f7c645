using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Shared;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;

namespace Borsellino.Web.Pages.Desk;

/// <summary>
/// The desk books a time for a family that says yes to just that: first whose purse and by which consent, then who pays what, read aloud,
/// then the booking, which is charged as it was read or not at all; or, where the family wants to read it itself, a message that asks for its yes.
/// </summary>
public sealed class BookForModel(
    CurrentPlace place, SignedIn visitor, DeskActs acts, ConsentRequests requests, HouseholdPins pins, Slots slots, Offers offers, Providers providers)
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

    public Task<IActionResult> OnPostBookAsync(Id<Slot> slot, CancellationToken cancel) =>
        DoAsync(slot, who => acts.BookAsync(Territory, ActId, who, slot, Person, Shown, cancel), Written, cancel);

    /// <summary>Asks for the family's yes by a message, instead of booking.</summary>
    public Task<IActionResult> OnPostAskAsync(Id<Slot> slot, CancellationToken cancel) =>
        DoAsync(slot, who => requests.AskAsync(Territory, Id<ConsentRequest>.From("desk", ActId), who, slot, Person, Shown, cancel), Asked, cancel);

    private async Task<IActionResult> DoAsync(Id<Slot> slot, Func<DeskFor, Task<Result<Done>>> act, string done, CancellationToken cancel)
    {
        if (!await FindAsync(slot, cancel)) return NotFound();
        if (await ReadAsync(cancel) is not { } who) return Page();
        if (!(await act(who)).IsRefused(out var refusal)) return LocalRedirect(done);
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
