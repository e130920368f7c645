using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.Officers;

/// <summary>One voucher for the office, which may call its booking off and decides where family and provider disagree.</summary>
public sealed class OneVoucherModel(VoucherRegister register, BookingCards cards, Bookings bookings, CurrentPlace place, SignedIn visitor) : PageModel
{
    public Voucher Voucher { get; private set; } = null!;
    public BookingDetail Detail { get; private set; } = null!;

    /// <summary>The step in between that is being shown: <c>annulla</c>, <c>paga</c> or <c>restituisci</c>.</summary>
    [BindProperty(SupportsGet = true, Name = "passo")]
    public string? Step { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    public bool CanCancel => Detail.Card.Status is BookingStatus.Requested or BookingStatus.Confirmed;
    public bool CanDecide => Detail.Card.Status is BookingStatus.Disputed;

    /// <summary>What the family complained of, for whoever has to decide.</summary>
    public string Complaint => Detail.Events.LastOrDefault(e => e.Status is BookingStatus.Disputed)?.Note ?? "";

    public async Task<IActionResult> OnGetAsync(Id<Booking> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return NotFound();
        return await ShowAsync(id, cancel);
    }

    public Task<IActionResult> OnPostCancelAsync(Id<Booking> id, CancellationToken cancel) =>
        WithReasonAsync(id, "annulla", reason => bookings.CancelByOperatorAsync(place.Territory, id, visitor.UserId, reason, cancel), cancel);

    public Task<IActionResult> OnPostPayAsync(Id<Booking> id, CancellationToken cancel) =>
        WithReasonAsync(id, "paga", reason => bookings.PayByOperatorAsync(place.Territory, id, visitor.UserId, reason, cancel), cancel);

    public Task<IActionResult> OnPostReverseAsync(Id<Booking> id, CancellationToken cancel) =>
        WithReasonAsync(id, "restituisci", reason => bookings.ReverseByOperatorAsync(place.Territory, id, visitor.UserId, reason, cancel), cancel);

    private async Task<IActionResult> WithReasonAsync(Id<Booking> id, string step, Func<string, Task<Result<Done>>> act, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        var reason = Reason?.Trim() ?? "";
        if (reason.Length is 0 or > Bookings.NoteMax)
        {
            ModelState.AddModelError(nameof(Reason), reason.Length == 0
                ? Texts.Say("Scrivi il motivo: lo leggono la famiglia e l’ente.")
                : Texts.Say("Scrivi al massimo {0} caratteri: ora sono {1}.", Bookings.NoteMax, reason.Length));
            Step = step;
            return await ShowAsync(id, cancel);
        }

        if (!(await act(reason)).IsRefused(out var refusal)) return LocalRedirect($"~/comune/voucher/{id}");
        if (refusal is BookingNotFound) return NotFound();
        ModelState.AddModelError("", RefusalText.For(refusal));
        return await ShowAsync(id, cancel);
    }

    private async Task<IActionResult> ShowAsync(Id<Booking> id, CancellationToken cancel)
    {
        if (await register.FindAsync(place.Territory, id, cancel) is not { } voucher) return NotFound();
        if (await cards.FindAsync(place.Territory, id, cancel) is not { } detail) return NotFound();
        (Voucher, Detail) = (voucher, detail);
        return Page();
    }
}
