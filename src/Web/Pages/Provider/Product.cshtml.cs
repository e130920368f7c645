using System.Globalization;
using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.ForProviders;

/// <summary>
/// One product that a family bought: handing pieces over from the list, and saying that the rest is not available. The form carries the hand-over's
/// id, so a second click hands over nothing more.
/// </summary>
public sealed class ProductModel(CurrentPlace place, SignedIn visitor, Packages packages, PackageCards cards) : PageModel
{
    public PackageCard Card { get; private set; } = null!;
    public IReadOnlyList<HandedOver> HandOvers { get; private set; } = [];

    /// <summary>The step in between that is being shown: <c>manca</c>; empty for none.</summary>
    [BindProperty(SupportsGet = true, Name = "passo")]
    public string? Step { get; set; }

    [BindProperty] public Id<HandOver> Ticket { get; set; }
    [BindProperty] public string? Pieces { get; set; }
    [BindProperty] public string? Reason { get; set; }

    public async Task<IActionResult> OnGetAsync(Id<Package> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return NotFound();
        return await ShowAsync(id, cancel);
    }

    public Task<IActionResult> OnPostHandOverAsync(Id<Package> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid || Ticket == default) return Task.FromResult<IActionResult>(BadRequest());
        // A number that cannot be read is 0, which is never handed over.
        return DoAsync(id, () => packages.HandOverAsync(place.Territory, new(Ticket, id, Typed.Whole(Pieces) ?? 0, Attendance.List), By, cancel), cancel);
    }

    public async Task<IActionResult> OnPostUnavailableAsync(Id<Package> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        var reason = Reason?.Trim() ?? "";
        if (reason.Length is > 0 and <= Bookings.NoteMax) return await DoAsync(id, () => packages.MakeUnavailableAsync(place.Territory, id, By, reason, cancel), cancel);
        ModelState.AddModelError(nameof(Reason), reason.Length == 0
            ? Texts.Say("Scrivi il motivo: la famiglia lo legge.")
            : Texts.Say("Scrivi al massimo {0} caratteri: ora sono {1}.", Bookings.NoteMax, reason.Length));
        Step = "manca";
        return await ShowAsync(id, cancel);
    }

    private ProviderUser By => new(visitor.Provider, visitor.UserId);

    private async Task<IActionResult> DoAsync(Id<Package> id, Func<Task<Result<Done>>> act, CancellationToken cancel)
    {
        if (!(await act()).IsRefused(out var refusal)) return LocalRedirect($"~/ente/prodotti/{id}");
        if (refusal is PackageNotFound) return NotFound();
        ModelState.AddModelError(refusal is PiecesLeft ? nameof(Pieces) : "", ProductWords.For(refusal));
        return await ShowAsync(id, cancel);
    }

    private async Task<IActionResult> ShowAsync(Id<Package> id, CancellationToken cancel)
    {
        if (await cards.FindProductAsync(place.Territory, visitor.Provider, id, cancel) is not { } card) return NotFound();
        Card = card;
        HandOvers = await cards.HandOversAsync(place.Territory, id, cancel);
        if (Ticket == default) Ticket = Id<HandOver>.New();
        Pieces ??= card.Left.ToString(CultureInfo.InvariantCulture);
        return Page();
    }
}
