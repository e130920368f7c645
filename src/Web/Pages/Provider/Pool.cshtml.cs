using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Borsellino.Web.Pages.ForProviders;

/// <summary>One pool for its provider: how many there are, who once it is confirmed, who came on the day; and calling it off.</summary>
public sealed class PoolModel(CurrentPlace place, SignedIn visitor, Pools pools, PoolCards cards, SeriesCards series, Bookings bookings, IClock clock) : PageModel
{
    public PoolDetail Detail { get; private set; } = null!;
    public PoolCard Card => Detail.Card;
    public Pool Pool => Card.Pool;

    /// <summary>The step in between that is being shown: <c>annulla</c>, or <c>finisci</c> for all dates; empty for none.</summary>
    [BindProperty(SupportsGet = true, Name = "passo")]
    public string? Step { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    /// <summary>The weekly series it is a date of; null for one that stands alone.</summary>
    public SeriesCard? Series { get; private set; }

    public bool CanEnd => Series is { Series.EndedAt: null };

    public bool CanCancel => Pool.Status is PoolStatus.Collecting or PoolStatus.Confirmed or PoolStatus.BelowQuorum && clock.Now < Pool.StartsAt;
    public Instant Now => clock.Now;
    public bool CanMark => Pool.Status is PoolStatus.Confirmed && clock.Now >= Pool.StartsAt;

    public async Task<IActionResult> OnGetAsync(Id<Pool> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return NotFound();
        return await ShowAsync(id, cancel);
    }

    public Task<IActionResult> OnPostCancelAsync(Id<Pool> id, CancellationToken cancel) =>
        CallOffAsync(id, "annulla", reason => pools.CancelAsync(place.Territory, id, By, reason, cancel), cancel);

    /// <summary>No date more of the series: those not decided are called off.</summary>
    public async Task<IActionResult> OnPostEndAsync(Id<Pool> id, CancellationToken cancel)
    {
        if (await cards.FindAsync(place.Territory, visitor.Provider, id, cancel) is not { Card.Pool.SeriesId: { } all }) return NotFound();
        return await CallOffAsync(id, "finisci", reason => pools.EndSeriesAsync(place.Territory, all, By, reason, cancel), cancel);
    }

    private async Task<IActionResult> CallOffAsync(Id<Pool> id, string step, Func<string, Task<Result<Done>>> act, CancellationToken cancel)
    {
        var reason = Reason?.Trim() ?? "";
        if (reason.Length is > 0 and <= Bookings.NoteMax) return await DoAsync(id, () => act(reason), cancel);
        ModelState.AddModelError(nameof(Reason), reason.Length == 0
            ? Texts.Say("Scrivi il motivo: le famiglie lo leggono.")
            : Texts.Say("Scrivi al massimo {0} caratteri: ora sono {1}.", Bookings.NoteMax, reason.Length));
        Step = step;
        return await ShowAsync(id, cancel);
    }

    public Task<IActionResult> OnPostGoOnAsync(Id<Pool> id, CancellationToken cancel) =>
        DoAsync(id, () => pools.GoOnAsync(place.Territory, id, By, cancel), cancel);

    /// <param name="inizio">When it really began for this one, and when it ended: nothing where it was as planned.</param>
    /// <param name="firma">The line that was drawn as a signature; nothing where nobody signed.</param>
    public Task<IActionResult> OnPostAttendedAsync(Id<Pool> id, Id<Booking> booking, string? inizio, string? fine, string? firma, CancellationToken cancel) =>
        DoAsync(id, () => EvidenceFields.Read(inizio, fine, firma).IsRefused(out var unreadable, out var evidence)
            ? Task.FromResult<Result<Done>>(unreadable) : bookings.DeliverAsync(place.Territory, booking, By, evidence, cancel), cancel);

    public Task<IActionResult> OnPostNoShowAsync(Id<Pool> id, Id<Booking> booking, CancellationToken cancel) =>
        DoAsync(id, () => bookings.ReportNoShowAsync(place.Territory, booking, By, cancel), cancel);

    /// <summary>Not there, with a good reason: everything goes back.</summary>
    public Task<IActionResult> OnPostExcusedAsync(Id<Pool> id, Id<Booking> booking, CancellationToken cancel) =>
        DoAsync(id, () => bookings.CancelByProviderAsync(place.Territory, booking, By, Texts.Say("Assenza giustificata"), cancel), cancel);

    private ProviderUser By => new(visitor.Provider, visitor.UserId);

    private async Task<IActionResult> DoAsync(Id<Pool> id, Func<Task<Result<Done>>> act, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        if ((await act()).IsRefused(out var refusal))
        {
            if (refusal is PoolNotFound or SeriesNotFound or BookingNotFound) return NotFound();
            ModelState.AddModelError("", RefusalText.For(refusal));
            return await ShowAsync(id, cancel);
        }

        return LocalRedirect($"~/ente/gruppi/{id}");
    }

    private async Task<IActionResult> ShowAsync(Id<Pool> id, CancellationToken cancel)
    {
        if (await cards.FindAsync(place.Territory, visitor.Provider, id, cancel) is not { } detail) return NotFound();
        Detail = detail;
        if (Pool.SeriesId is { } all) Series = await series.FindAsync(place.Territory, all, null, cancel);
        return Page();
    }
}
