using System.Globalization;
using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Marketplace.Standards;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Borsellino.Web.Pages.ForProviders;

/// <summary>One offer of the provider: publishing it, its week, the days it is closed, its next times. The form carries the hours' id, so a second click adds nothing.</summary>
public sealed class OneOfferModel(
    CurrentPlace place, SignedIn visitor, Offers offers, Openings openings, Accreditations accreditations, ServiceClasses classes, IClock clock) : PageModel
{
    private const int TimesShown = 12;

    [BindProperty] public Id<OpeningHours> NewHours { get; set; }
    [BindProperty] public int Day { get; set; } = 1;
    [BindProperty] public string? Starts { get; set; } = "9:00";
    [BindProperty] public string? Capacity { get; set; } = "1";
    [BindProperty] public string? From { get; set; }
    [BindProperty] public string? ClosedOn { get; set; }
    [BindProperty] public string? PlannedFrom { get; set; }
    [BindProperty] public string? PlannedPrice { get; set; }

    [BindProperty] public string? Stock { get; set; }

    [TempData] public string? Said { get; set; }

    public Offer Offer { get; private set; } = null!;
    public string Class { get; private set; } = "";
    public bool IsAccredited { get; private set; }
    public IReadOnlyList<OpeningHours> Hours { get; private set; } = [];
    public IReadOnlyList<ProviderClosing> Closings { get; private set; } = [];
    public IReadOnlyList<OfferTime> Times { get; private set; } = [];
    public LocalDate Today => clock.Today();

    private ProviderUser By => new(visitor.Provider, visitor.UserId);

    public async Task<IActionResult> OnGetAsync(Id<Offer> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return NotFound();
        return await ShowAsync(id, cancel);
    }

    public async Task<IActionResult> OnPostPublishAsync(Id<Offer> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        return await AnswerAsync(id, Why(await offers.PublishAsync(place.Territory, id, visitor.Provider, cancel)), cancel);
    }

    public async Task<IActionResult> OnPostWithdrawAsync(Id<Offer> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        return await AnswerAsync(id, Why(await offers.WithdrawAsync(place.Territory, id, visitor.Provider, cancel)), cancel);
    }

    public async Task<IActionResult> OnPostAddAsync(Id<Offer> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid || NewHours == default) return BadRequest();
        var starts = Typed.Hour(Starts);
        if (starts is null) ModelState.AddModelError(nameof(Starts), Texts.Say("Scrivi l’ora come 9:30."));
        if (Days.Read(From) is not { } from) ModelState.AddModelError(nameof(From), Texts.Say("Scrivi da che giorno, oggi o più avanti."));
        else if (ModelState.IsValid)
        {
            // A number that cannot be read is 0, which no rule allows.
            var hours = new OpeningHours(NewHours, id, Day, starts!.Value, Offers.MinutesMin, Typed.Whole(Capacity) ?? 0, from, null);
            return await AnswerAsync(id, Why(await openings.AddAsync(place.Territory, hours, By, cancel)), cancel);
        }

        return await ShowAsync(id, cancel);
    }

    public async Task<IActionResult> OnPostEndAsync(Id<Offer> id, Id<OpeningHours> hours, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        var ended = await openings.EndAsync(place.Territory, hours, Today, By, cancel);
        if (!ended.IsRefused(out _, out var stopped)) Said = OfferWords.Say(stopped);
        return await AnswerAsync(id, Why(ended), cancel);
    }

    public async Task<IActionResult> OnPostCloseAsync(Id<Offer> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        if (Days.Read(ClosedOn) is not { } day)
        {
            ModelState.AddModelError(nameof(ClosedOn), Texts.Say("Scrivi un giorno, oggi o più avanti."));
            return await ShowAsync(id, cancel);
        }

        var closed = await openings.CloseAsync(place.Territory, day, By, cancel);
        if (!closed.IsRefused(out _, out var stopped)) Said = OfferWords.Say(stopped);
        return await AnswerAsync(id, Why(closed), cancel);
    }

    public async Task<IActionResult> OnPostReopenAsync(Id<Offer> id, string giorno, CancellationToken cancel)
    {
        if (!ModelState.IsValid || Days.Read(giorno) is not { } day) return BadRequest();
        return await AnswerAsync(id, Why(await openings.ReopenAsync(place.Territory, day, By, cancel)), cancel);
    }

    public async Task<IActionResult> OnPostPlanAsync(Id<Offer> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        if (await offers.FindAsync(place.Territory, id, cancel) is not { } offer || offer.ProviderId != visitor.Provider) return NotFound();
        // What cannot be read is none that is allowed.
        var planned = new DatedPrice(Days.Read(PlannedFrom) ?? Today, ItalianAmount.TryParse(PlannedPrice, out var price, out _) ? price : Money.Zero);
        foreach (var fault in offers.Faults(offer, planned)) ModelState.AddModelError(fault.Field == "planned_from" ? nameof(PlannedFrom) : nameof(PlannedPrice), RefusalText.For(fault));
        return ModelState.IsValid ? await AnswerAsync(id, Why(await offers.PlanPriceAsync(place.Territory, id, planned, By, cancel)), cancel) : await ShowAsync(id, cancel);
    }

    /// <param name="shown">How many the page showed; nothing where nobody counted.</param>
    public async Task<IActionResult> OnPostStockAsync(Id<Offer> id, int? shown, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        // What cannot be read is none that is allowed.
        int? stock = string.IsNullOrWhiteSpace(Stock) ? null : Typed.Whole(Stock) ?? -1;
        return await AnswerAsync(id, Why(await offers.SetStockAsync(place.Territory, id, shown, stock, By, cancel)), cancel);
    }

    public async Task<IActionResult> OnPostUnplanAsync(Id<Offer> id, string giorno, CancellationToken cancel)
    {
        if (!ModelState.IsValid || Days.Read(giorno) is not { } day) return BadRequest();
        return await AnswerAsync(id, Why(await offers.UnplanPriceAsync(place.Territory, id, day, By, cancel)), cancel);
    }

    public async Task<IActionResult> OnPostTakeBackAsync(Id<Offer> id, Id<Slot> time, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        return await AnswerAsync(id, Why(await openings.WithdrawAsync(place.Territory, time, By, cancel)), cancel);
    }

    private static Refusal? Why<T>(Result<T> done)
        where T : notnull => done.IsRefused(out var refusal) ? refusal : null;

    private async Task<IActionResult> AnswerAsync(Id<Offer> id, Refusal? refusal, CancellationToken cancel)
    {
        if (refusal is null) return LocalRedirect($"~/ente/offerte/{id}");
        if (refusal is OfferNotFound or OpeningHoursNotFound or SlotNotFound) return NotFound();
        ModelState.AddModelError(refusal switch
        {
            OpeningHoursMeet => nameof(Starts),
            OpeningHoursWrong { Field: "capacity" } => nameof(Capacity),
            OpeningHoursWrong { Field: "from" } => nameof(From),
            OpeningHoursWrong { Field: "closed" } => nameof(ClosedOn),
            OpeningHoursWrong => nameof(Day),
            OfferWrong { Field: "stock" } or StockChanged => nameof(Stock),
            OfferWrong { Field: "planned_price" } => nameof(PlannedPrice),
            OfferWrong or TooManyPrices => nameof(PlannedFrom),
            _ => "",
        }, RefusalText.For(refusal));
        return await ShowAsync(id, cancel);
    }

    private async Task<IActionResult> ShowAsync(Id<Offer> id, CancellationToken cancel)
    {
        if (await offers.FindAsync(place.Territory, id, cancel) is not { } offer || offer.ProviderId != visitor.Provider) return NotFound();
        Offer = offer;
        Stock ??= offer.Product?.Stock?.ToString(CultureInfo.InvariantCulture);
        if (NewHours == default) NewHours = Id<OpeningHours>.New();
        From ??= Days.Iso(Today.PlusDays(1));
        var found = (await classes.TreeAsync(place.Territory, cancel)).Find(offer.ClassCode);
        Class = found is null ? offer.ClassCode : BookingWords.Either(found.NameIt, found.NameEn);
        IsAccredited = await accreditations.InForceAsync(place.Territory, visitor.Provider, offer.ClassCode, Today, cancel) is not null;
        Hours = await openings.OfOfferAsync(place.Territory, id, cancel);
        Closings = await openings.ClosingsAsync(place.Territory, visitor.Provider, cancel);
        Times = await openings.TimesAsync(place.Territory, id, TimesShown, cancel);
        return Page();
    }
}
