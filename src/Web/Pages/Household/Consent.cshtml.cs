using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Shared;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.ForHouseholds;

/// <summary>
/// The desk asks for a family's yes to one booking, or to calling one off. A yes does what is read here, for the sum that is read here, or nothing.
/// </summary>
public sealed class ConsentModel(CurrentPlace place, SignedIn visitor, ConsentRequests requests, Bookings bookings, IClock clock) : PageModel
{
    public ConsentCard Card { get; private set; } = null!;

    public ConsentStatus Status => Card.StatusAt(clock.Now);

    /// <summary>What calling off costs, as the family read it, in cents.</summary>
    [BindProperty] public long Fee { get; set; }

    /// <summary>What calling off costs now; null where there is nothing left to call off.</summary>
    public Money? FeeNow { get; private set; }

    /// <summary>What a yes would mean; null where it is not waited for, or is not as it was shown any more.</summary>
    public BookingPreview? Preview { get; private set; }

    public Payers Payers { get; private set; } = Payers.None;

    public async Task<IActionResult> OnGetAsync(Id<ConsentRequest> id, CancellationToken cancel) =>
        ModelState.IsValid ? await ShowAsync(id, cancel) : NotFound();

    public Task<IActionResult> OnPostAsync(Id<ConsentRequest> id, CancellationToken cancel) => AnswerAsync(id, ConsentAnswer.Yes, cancel);

    public Task<IActionResult> OnPostRefuseAsync(Id<ConsentRequest> id, CancellationToken cancel) => AnswerAsync(id, ConsentAnswer.No, cancel);

    private async Task<IActionResult> AnswerAsync(Id<ConsentRequest> id, ConsentAnswer answer, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return NotFound();
        var answered = await requests.AnswerAsync(place.Territory, id, answer, new(visitor.Household, visitor.UserId), new(Fee), cancel);
        if (!answered.IsRefused(out var refusal)) return LocalRedirect($"~/consensi/{id}");
        ModelState.AddModelError("", RefusalText.For(refusal));
        return await ShowAsync(id, cancel);
    }

    private async Task<IActionResult> ShowAsync(Id<ConsentRequest> id, CancellationToken cancel)
    {
        if (await requests.FindAsync(place.Territory, visitor.Household, id, cancel) is not { } card) return NotFound();
        Card = card;
        if (Status is not ConsentStatus.Waiting) return Page();
        if (card.CallsOff is not null)
        {
            FeeNow = card.FeeAt(clock.Now);
            return Page();
        }

        if ((await bookings.PreviewAsync(place.Territory, visitor.Household, card.SlotId, cancel)).IsRefused(out _, out var preview)) return Page();
        if (preview.Shown.ToString() == card.Shown) (Preview, Payers) = (preview, Payers.Of(preview.Coverage));
        return Page();
    }
}
