using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Shared;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Borsellino.Web.Pages.ForHouseholds;

/// <summary>
/// One booking for its household: the confirmation to keep, what happened, what comes next, and what it may do now.
/// Every act that cannot be taken back has a step in between, which is a page of its own address.
/// </summary>
public sealed class BookingModel(
    CurrentPlace place, SignedIn visitor, Bookings bookings, BookingCards cards, Purses purses, Ratings ratings, DeskActs acts, IClock clock) : PageModel
{
    public BookingDetail Detail { get; private set; } = null!;
    public BookingCard Card => Detail.Card;
    public Instant Now { get; private set; }

    /// <summary>What the desk did about it, with the family's consent.</summary>
    public IReadOnlyList<DoneForYou> DoneForYou { get; private set; } = [];

    /// <summary>The step in between that is being shown: <c>annulla</c>, <c>ritira</c> or <c>problema</c>; empty for none.</summary>
    [BindProperty(SupportsGet = true, Name = "passo")]
    public string? Step { get; set; }

    /// <summary>The stars given in the first step of the rating, while the second question is open.</summary>
    [BindProperty(SupportsGet = true, Name = "voto")]
    public int? Stars { get; set; }

    [BindProperty]
    public string? Note { get; set; }

    public Payers Payers { get; private set; } = Payers.None;

    public bool CanWithdraw => Card.Status is BookingStatus.Requested;
    public bool CanCancel => Card.Status is BookingStatus.Confirmed && Now < Card.StartsAt;

    /// <summary>Whether it can go to another time for nothing: before it is confirmed, or before the limit.</summary>
    public bool CanMove => Detail.Pool is null && Card.PackageId is null && Now < Card.StartsAt && (CanWithdraw || (CanCancel && !Fee.IsPositive));

    public bool CanAnswer => Card.Status is BookingStatus.Delivered;
    public bool HasVoucher => Voucher.StateOf(Card.Status) is VoucherState.Issued or VoucherState.Active;

    /// <summary>Whether nothing is going to happen on the day any more: it was, or will not be.</summary>
    public bool IsOver => Card.Status is not (BookingStatus.Requested or BookingStatus.Confirmed);

    public bool HasReceipt => Card.Settled.IsPositive;
    public Money Fee => Card.FeeAt(Now);

    public async Task<IActionResult> OnGetAsync(Id<Booking> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return NotFound();
        return await ShowAsync(id, cancel);
    }

    public Task<IActionResult> OnPostWithdrawAsync(Id<Booking> id, CancellationToken cancel) =>
        DoAsync(id, () => bookings.WithdrawAsync(place.Territory, id, By, cancel), cancel);

    /// <summary>Cancels for the fee that was shown, or not at all.</summary>
    public Task<IActionResult> OnPostCancelAsync(Id<Booking> id, long feeShown, CancellationToken cancel) =>
        DoAsync(id, () => bookings.CancelByHouseholdAsync(place.Territory, id, By, new(feeShown), cancel), cancel);

    public Task<IActionResult> OnPostAcceptAsync(Id<Booking> id, CancellationToken cancel) =>
        DoAsync(id, () => bookings.AcceptAsync(place.Territory, id, By, cancel), cancel);

    public async Task<IActionResult> OnPostDisputeAsync(Id<Booking> id, CancellationToken cancel)
    {
        var note = Note?.Trim() ?? "";
        if (note.Length is 0 or > Bookings.NoteMax)
        {
            ModelState.AddModelError(nameof(Note), note.Length == 0
                ? Texts.Say("Scrivi in poche parole che cosa non è andato.")
                : Texts.Say("Scrivi al massimo {0} caratteri: ora sono {1}.", Bookings.NoteMax, note.Length));
            Step = "problema";
            return await ShowAsync(id, cancel);
        }

        return await DoAsync(id, () => bookings.DisputeAsync(place.Territory, id, By, note, cancel), cancel);
    }

    /// <summary>First the stars; the second question depends on them, so it comes on the next page.</summary>
    public async Task<IActionResult> OnPostRateAsync(Id<Booking> id, int stars, CancellationToken cancel)
    {
        if (!ModelState.IsValid || stars is < 1 or > 5)
        {
            ModelState.Clear();
            ModelState.AddModelError("stars", Texts.Say("Scegli un voto da 1 a 5."));
            return await ShowAsync(id, cancel);
        }

        if ((await ratings.RateAsync(place.Territory, id, By, new(stars, "", ""), cancel)).IsRefused(out _)) return NotFound();
        return LocalRedirect($"~/prenotazioni/{id}?voto={stars}#voto");
    }

    public async Task<IActionResult> OnPostRateMoreAsync(Id<Booking> id, int stars, string? aspect, CancellationToken cancel)
    {
        var note = Note?.Trim() ?? "";
        if (!ModelState.IsValid || stars is < 1 or > 5 || (aspect is { Length: > 0 } && !Ratings.AspectsOf(stars).Contains(aspect, StringComparer.Ordinal)))
        {
            return BadRequest();
        }

        if (note.Length > Ratings.NoteMax)
        {
            ModelState.AddModelError(nameof(Note), Texts.Say("Scrivi al massimo {0} caratteri: ora sono {1}.", Ratings.NoteMax, note.Length));
            Stars = stars;
            return await ShowAsync(id, cancel);
        }

        if ((await ratings.RateAsync(place.Territory, id, By, new(stars, aspect ?? "", note), cancel)).IsRefused(out _)) return NotFound();
        return LocalRedirect($"~/prenotazioni/{id}#voto");
    }

    private HouseholdUser By => new(visitor.Household, visitor.UserId);

    private async Task<IActionResult> DoAsync(Id<Booking> id, Func<Task<Result<Done>>> act, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        if ((await act()).IsRefused(out var refusal))
        {
            if (refusal is BookingNotFound) return NotFound();
            ModelState.AddModelError("", RefusalText.For(refusal));
            return await ShowAsync(id, cancel);
        }

        return LocalRedirect($"~/prenotazioni/{id}");
    }

    private async Task<IActionResult> ShowAsync(Id<Booking> id, CancellationToken cancel)
    {
        if (await cards.FindAsync(place.Territory, visitor.Household, id, cancel) is not { } detail) return NotFound();
        Detail = detail;
        Now = clock.Now;
        DoneForYou = await acts.OfHouseholdAsync(place.Territory, visitor.Household, id.Value, cancel);
        var purse = await purses.GrantsAsync(place.Territory, visitor.Household, clock.Today(), cancel);
        var colours = new FundColours(purse.Select(g => g.Funder).Concat(detail.Payers.Select(p => p.Funder)));
        Payers = Payers.Of([.. detail.Payers.Select(p => (p.Funder, BookingWords.Either(p.ProgrammeIt, p.ProgrammeEn), p.Amount))], Card.Copayment, colours);
        return Page();
    }
}
