using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Borsellino.Web.Pages.ForProviders;

/// <summary>The provider's day: requests that wait for an answer first, then the appointments, hour by hour.</summary>
public sealed class DayModel(
    CurrentPlace place, SignedIn visitor, Bookings bookings, BookingCards cards, ProviderCredits credits, NeedCards needs, IClock clock) : PageModel
{
    public LocalDate Day { get; private set; }
    public LocalDate Today { get; private set; }
    public Instant Now { get; private set; }
    /// <summary>Whose marks a telephone keeps: another person's are not sent under this one's name.</summary>
    public string Who => visitor.Actor;

    public string Provider => visitor.User.About;
    public IReadOnlyList<BookingCard> Requests { get; private set; } = [];
    public IReadOnlyList<BookingCard> Appointments { get; private set; } = [];

    /// <summary>Who of the staff has something on this day, by name.</summary>
    public IReadOnlyList<(Id<StaffMember> Id, string Name)> People { get; private set; } = [];

    /// <summary>Whose appointments are shown; null for everybody's.</summary>
    public Id<StaffMember>? Whose { get; private set; }

    /// <summary>How many groups of neighbours have agreed and wait for a provider such as this one.</summary>
    public int Groups { get; private set; }

    /// <summary>Earlier days' appointments that nobody marked, and complaints that wait.</summary>
    public IReadOnlyList<BookingCard> Open { get; private set; } = [];

    /// <summary>Where to look when the day is empty: the next day that is not.</summary>
    public LocalDate? NextDay { get; private set; }

    public CreditSheet Credits { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(string? giorno, Id<StaffMember>? chi, CancellationToken cancel)
    {
        if ((giorno is null ? clock.Today() : Days.Read(giorno)) is not { } day || !ModelState.IsValid) return NotFound();
        Whose = chi;
        return await ShowAsync(day, cancel);
    }

    public Task<IActionResult> OnPostConfirmAsync(Id<Booking> id, string giorno, CancellationToken cancel) =>
        DoAsync(giorno, () => bookings.ConfirmAsync(place.Territory, id, By, cancel), cancel);

    /// <param name="inizio">When it really began, and when it ended: nothing where it was as planned.</param>
    /// <param name="firma">The line that was drawn as a signature; nothing where nobody signed.</param>
    public Task<IActionResult> OnPostDeliverAsync(
        Id<Booking> id, string giorno, bool pagato, string? inizio, string? fine, string? firma, CancellationToken cancel) =>
        DoAsync(giorno, () => DeliverAsync(id, pagato, inizio, fine, firma, cancel), cancel);

    private async Task<Result<Done>> DeliverAsync(Id<Booking> id, bool isCopaymentPaid, string? began, string? finished, string? signature, CancellationToken cancel)
    {
        if (EvidenceFields.Read(began, finished, signature).IsRefused(out var unreadable, out var evidence)) return unreadable;
        var delivered = await bookings.DeliverAsync(place.Territory, id, By, evidence, cancel);
        if (delivered.IsRefused(out _) || !isCopaymentPaid) return delivered;
        return await bookings.ReceiveCopaymentAsync(place.Territory, id, By, cancel);
    }

    private ProviderUser By => new(visitor.Provider, visitor.UserId);

    private async Task<IActionResult> DoAsync(string giorno, Func<Task<Result<Done>>> act, CancellationToken cancel)
    {
        if (!ModelState.IsValid || Days.Read(giorno) is not { } day) return BadRequest();
        if ((await act()).IsRefused(out var refusal))
        {
            if (refusal is BookingNotFound) return NotFound();
            ModelState.AddModelError("", RefusalText.For(refusal));
            return await ShowAsync(day, cancel);
        }

        return LocalRedirect($"~/ente?giorno={Days.Iso(day)}");
    }

    private async Task<IActionResult> ShowAsync(LocalDate day, CancellationToken cancel)
    {
        Day = day;
        Today = clock.Today();
        Now = clock.Now;
        Requests = await cards.RequestsAsync(place.Territory, visitor.Provider, cancel);
        Appointments = await cards.DayAsync(place.Territory, visitor.Provider, day, cancel);
        People = [.. Appointments.Where(a => a.Staff is not null).Select(a => (a.Staff!.Value, $"{a.StaffFirst} {a.StaffLast}")).Distinct().OrderBy(p => p.Item2, StringComparer.Ordinal)];
        if (Whose is { } whose) Appointments = [.. Appointments.Where(a => a.Staff == whose)];
        Open = await cards.OpenBeforeAsync(place.Territory, visitor.Provider, day.StartOfDayInRome() < Now ? day.StartOfDayInRome() : Now, cancel);
        if (Appointments.Count == 0) NextDay = (await cards.NextAsync(place.Territory, visitor.Provider, day.EndOfDayInRome(), cancel))?.Day;
        Groups = (await needs.AgreedAsync(place.Territory, visitor.Provider, cancel)).Count;
        Credits = await credits.OfAsync(place.Territory, visitor.Provider, cancel);
        return Page();
    }
}
