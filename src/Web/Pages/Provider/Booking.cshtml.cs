using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Borsellino.Web.Pages.ForProviders;

/// <summary>One booking for its provider, with the acts that need a reason or a second thought.</summary>
public sealed class BookingModel(CurrentPlace place, SignedIn visitor, Bookings bookings, BookingCards cards, IClock clock) : PageModel
{
    public BookingDetail Detail { get; private set; } = null!;
    public BookingCard Card => Detail.Card;
    public Instant Now { get; private set; }

    /// <summary>The step in between that is being shown: <c>rifiuta</c>, <c>annulla</c>, <c>assente</c> or <c>restituisci</c>.</summary>
    [BindProperty(SupportsGet = true, Name = "passo")]
    public string? Step { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    public bool CanDecline => Card.Status is BookingStatus.Requested;
    public bool CanCancel => Card.Status is BookingStatus.Confirmed;
    public bool CanReportNoShow => Card.Status is BookingStatus.Confirmed && Now >= Card.StartsAt;
    public bool CanTakeCopaymentBack => Card.CopaymentPaidAt is { } at && Now - at <= Bookings.CopaymentUndo;
    public bool CanReverse => Card.Status is BookingStatus.Disputed;

    public async Task<IActionResult> OnGetAsync(Id<Booking> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return NotFound();
        return await ShowAsync(id, cancel);
    }

    public Task<IActionResult> OnPostConfirmAsync(Id<Booking> id, CancellationToken cancel) =>
        DoAsync(id, () => bookings.ConfirmAsync(place.Territory, id, By, cancel), cancel);

    public Task<IActionResult> OnPostDeclineAsync(Id<Booking> id, CancellationToken cancel) =>
        WithReasonAsync(id, "rifiuta", reason => bookings.DeclineAsync(place.Territory, id, By, reason, cancel), cancel);

    public Task<IActionResult> OnPostCancelAsync(Id<Booking> id, CancellationToken cancel) =>
        WithReasonAsync(id, "annulla", reason => bookings.CancelByProviderAsync(place.Territory, id, By, reason, cancel), cancel);

    public Task<IActionResult> OnPostNoShowAsync(Id<Booking> id, CancellationToken cancel) =>
        DoAsync(id, () => bookings.ReportNoShowAsync(place.Territory, id, By, cancel), cancel);

    public Task<IActionResult> OnPostReverseAsync(Id<Booking> id, CancellationToken cancel) =>
        DoAsync(id, () => bookings.ReverseAsync(place.Territory, id, By, cancel), cancel);

    public Task<IActionResult> OnPostCopaymentAsync(Id<Booking> id, CancellationToken cancel) =>
        DoAsync(id, () => bookings.ReceiveCopaymentAsync(place.Territory, id, By, cancel), cancel);

    public Task<IActionResult> OnPostNoCopaymentAsync(Id<Booking> id, CancellationToken cancel) =>
        DoAsync(id, () => bookings.TakeCopaymentBackAsync(place.Territory, id, By, cancel), cancel);

    private ProviderUser By => new(visitor.Provider, visitor.UserId);

    private async Task<IActionResult> WithReasonAsync(Id<Booking> id, string step, Func<string, Task<Result<Done>>> act, CancellationToken cancel)
    {
        var reason = Reason?.Trim() ?? "";
        if (reason.Length is > 0 and <= Bookings.NoteMax) return await DoAsync(id, () => act(reason), cancel);
        ModelState.AddModelError(nameof(Reason), reason.Length == 0
            ? Texts.Say("Scrivi il motivo: la famiglia lo legge.")
            : Texts.Say("Scrivi al massimo {0} caratteri: ora sono {1}.", Bookings.NoteMax, reason.Length));
        Step = step;
        return await ShowAsync(id, cancel);
    }

    private async Task<IActionResult> DoAsync(Id<Booking> id, Func<Task<Result<Done>>> act, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        if ((await act()).IsRefused(out var refusal))
        {
            if (refusal is BookingNotFound) return NotFound();
            ModelState.AddModelError("", RefusalText.For(refusal));
            return await ShowAsync(id, cancel);
        }

        return LocalRedirect($"~/ente/prenotazioni/{id}");
    }

    private async Task<IActionResult> ShowAsync(Id<Booking> id, CancellationToken cancel)
    {
        if (await cards.FindAsync(place.Territory, visitor.Provider, id, cancel) is not { } detail) return NotFound();
        Detail = detail;
        Now = clock.Now;
        return Page();
    }
}
