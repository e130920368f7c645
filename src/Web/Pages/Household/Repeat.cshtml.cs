using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Shared;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Borsellino.Web.Pages.ForHouseholds;

/// <summary>
/// Everything on one page before a household books every week: each date, who pays it, where the money of today ends. The form carries an id
/// and what was shown, so that sending it twice does it once and no date is booked for more.
/// </summary>
public sealed class RepeatModel(CurrentPlace place, SignedIn visitor, RecurringBookings recurring) : PageModel
{
    private const int TimesAtFirst = 10;

    public RecurringPreview? Preview { get; private set; }

    /// <summary>Why it cannot be booked, when there is nothing to show.</summary>
    public string Refused { get; private set; } = "";

    [BindProperty] public Id<RecurringBooking> RecurringId { get; set; }
    [BindProperty] public RecurringTerms Shown { get; set; }
    [BindProperty] public Id<Person> Person { get; set; }
    [BindProperty] public int Times { get; set; } = TimesAtFirst;

    /// <summary>The days that are left out.</summary>
    [BindProperty] public List<string> Without { get; set; } = [];

    public Payers Payers { get; private set; } = Payers.None;

    public async Task<IActionResult> OnGetAsync(Id<Slot> slot, [FromQuery(Name = "volte")] int times, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return NotFound();
        RecurringId = Id<RecurringBooking>.New();
        if (times is >= RecurringBooking.TimesMin and <= RecurringBooking.TimesMax) Times = times;
        return await ShowAsync(slot, cancel);
    }

    public async Task<IActionResult> OnPostAsync(Id<Slot> slot, CancellationToken cancel)
    {
        var without = Without.ConvertAll(Days.Read);
        if (!ModelState.IsValid || without.Contains(null)) return BadRequest();
        var started = await recurring.StartAsync(
            place.Territory, new(RecurringId, slot, Person, Times, [.. without.OfType<LocalDate>()], Shown), new(visitor.Household, visitor.UserId), cancel);
        if (!started.IsRefused(out var refusal, out var id)) return LocalRedirect($"~/prenotazioni/ogni-settimana/{id}?fatto=avviata");
        if (refusal is RecurringTimesOutside) return BadRequest();
        ModelState.Clear();
        ModelState.AddModelError(refusal is NothingRecurring ? nameof(Without) : "", RefusalText.For(refusal));
        return await ShowAsync(slot, cancel);
    }

    private async Task<IActionResult> ShowAsync(Id<Slot> slot, CancellationToken cancel)
    {
        if ((await recurring.PreviewAsync(place.Territory, visitor.Household, slot, Times, [], cancel)).IsRefused(out var refusal, out var preview))
        {
            if (refusal is SlotNotFound) return NotFound();
            Refused = RefusalText.For(refusal);
            ModelState.Clear();
            return Page();
        }

        (Preview, Shown, Payers) = (preview, preview.Terms, Payers.Of(preview.First.Coverage));
        if (preview.First.People.All(p => p.Id != Person)) Person = preview.First.People[0].Id;
        return Page();
    }
}
