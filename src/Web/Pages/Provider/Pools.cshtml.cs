using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Marketplace.Standards;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Borsellino.Web.Pages.ForProviders;

/// <summary>A time of one of the provider's offers that families could share.</summary>
public sealed record ShareableTime(Id<Slot> Slot, string Label);

/// <summary>
/// The provider's pools, and the form that lets families share one of its free times. The form carries the pool's id, so a second click
/// publishes no second one.
/// </summary>
public sealed class PoolsModel(CurrentPlace place, SignedIn visitor, Pools pools, PoolCards cards, IClock clock) : PageModel
{
    [BindProperty] public Id<Pool> Id { get; set; }
    [BindProperty] public string? Slot { get; set; }
    [BindProperty] public int Min { get; set; } = 2;
    [BindProperty] public int Max { get; set; } = 4;
    [BindProperty] public WeighedBy WeighedBy { get; set; }
    [BindProperty] public int WeightMax { get; set; } = 3;

    /// <summary>The price for the fewest families, and what each further one adds: nothing for one price.</summary>
    [BindProperty] public string? Price { get; set; }

    [BindProperty] public string? PriceEach { get; set; }

    /// <summary>So many hours before the start it is decided.</summary>
    [BindProperty] public int HoursBefore { get; set; } = 24;

    /// <summary>The last day of a group that comes back every week, as a date field writes it; empty for once.</summary>
    [BindProperty] public string? Until { get; set; }

    /// <summary>How many dates a family may leave out.</summary>
    [BindProperty] public int Skips { get; set; } = 1;

    public string Provider => visitor.User.About;
    public IReadOnlyList<PoolCard> Running { get; private set; } = [];
    public IReadOnlyList<PoolCard> Ended { get; private set; } = [];
    public IReadOnlyList<ShareableTime> Times { get; private set; } = [];

    public Task OnGetAsync(CancellationToken cancel)
    {
        ModelState.Clear();
        Id = Id<Pool>.New();
        return ShowAsync(cancel);
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        var unread = ModelState.Where(x => x.Value is { Errors.Count: > 0 }).Select(x => (Field: x.Key, Why: NumberSentence(x.Key))).ToList();
        if (unread.Any(x => x.Why is null)) return BadRequest();
        ModelState.Clear();
        foreach (var (field, why) in unread) Wrong(field, why!);
        if (unread.Count == 0 && Read(await SharedAsync(cancel)) is { } pool)
        {
            if (await PublishAsync(pool, cancel) is not { } refusal) return LocalRedirect($"~/ente/gruppi/{pool.Id}");
            if (refusal is SlotNotFound) return NotFound();
            ModelState.AddModelError(refusal is SeriesOutsideTime ? nameof(Until) : "", RefusalText.For(refusal));
        }

        await ShowAsync(cancel);
        return Page();
    }

    private async Task<Refusal?> PublishAsync(NewPool pool, CancellationToken cancel)
    {
        var by = new ProviderUser(visitor.Provider, visitor.UserId);
        if (Days.Read(Until) is not { } last) return (await pools.PublishAsync(place.Territory, pool, by, cancel)).IsRefused(out var once) ? once : null;
        var series = new NewSeries(Id<PoolSeries>.From("pool", pool.Id), pool, last, Skips);
        return (await pools.PublishSeriesAsync(place.Territory, series, by, cancel)).IsRefused(out var refusal) ? refusal : null;
    }

    /// <summary>What a number may be, for one that was typed as something else; null for what nobody types.</summary>
    private static string? NumberSentence(string field) => field switch
    {
        nameof(Min) => Texts.Say("Da 2 a {0} famiglie.", HeadPrices.HeadsMax),
        nameof(Max) => Texts.Say("Il massimo va da {0} a {1}.", 2, HeadPrices.HeadsMax),
        nameof(WeightMax) => Texts.Say("Da 2 a {0}.", HeadPrices.WeightMax),
        nameof(HoursBefore) => Texts.Say("Da 1 a 720 ore prima."),
        nameof(Skips) => Texts.Say("Da 0 a {0} date.", Pools.SkipsMax),
        _ => null,
    };

    /// <summary>What the form says, or nothing and what is wrong with it.</summary>
    private NewPool? Read(IReadOnlyList<FreeTime> times)
    {
        if (!Id<Slot>.TryParse(Slot, null, out var slot)) return Wrong(nameof(Slot), Texts.Say("Scegli una data."));
        if (Min < 2 || Min > HeadPrices.HeadsMax) return Wrong(nameof(Min), NumberSentence(nameof(Min))!);
        if (Max < Min || Max > HeadPrices.HeadsMax) return Wrong(nameof(Max), Texts.Say("Il massimo va da {0} a {1}.", Min, HeadPrices.HeadsMax));
        if (WeightMax < 2 || WeightMax > HeadPrices.WeightMax) return Wrong(nameof(WeightMax), NumberSentence(nameof(WeightMax))!);
        if (!string.IsNullOrWhiteSpace(Until) && Days.Read(Until) is null) return Wrong(nameof(Until), Texts.Say("Scegli l’ultimo giorno, o lascia vuoto."));
        if (Skips is < 0 or > Pools.SkipsMax) return Wrong(nameof(Skips), NumberSentence(nameof(Skips))!);
        if (HoursBefore is < 1 or > 720) return Wrong(nameof(HoursBefore), NumberSentence(nameof(HoursBefore))!);
        if (!ItalianAmount.TryParse(Price, out var first, out _) || first < Money.Euro(1)) return Wrong(nameof(Price), Texts.Say("Scrivi il prezzo in euro, per esempio 32,00."));
        var each = Money.Zero;
        if (!string.IsNullOrWhiteSpace(PriceEach) && !ItalianAmount.TryParse(PriceEach, out each, out _)) return Wrong(nameof(PriceEach), Texts.Say("Scrivi un importo in euro, o lascia vuoto."));
        var heaviest = WeighedBy is WeighedBy.Equal ? 1 : WeightMax;
        if (first.Cents < Max * heaviest) return Wrong(nameof(Price), Texts.Say("Scrivi il prezzo in euro, per esempio 32,00."));
        if (HeadPrices.Of(Min, [.. Enumerable.Range(0, Max - Min + 1).Select(n => first + (each * n))], heaviest).IsRefused(out var refusal, out var prices))
        {
            return Wrong(nameof(PriceEach), RefusalText.For(refusal));
        }

        // A time that has gone meanwhile is refused by the operation, with its reason.
        var starts = times.FirstOrDefault(t => t.Slot == slot)?.StartsAt ?? clock.Now + Duration.FromHours(HoursBefore + 1);
        return new(Id, slot, WeighedBy, prices, starts - Duration.FromHours(HoursBefore));
    }

    private NewPool? Wrong(string field, string why)
    {
        ModelState.AddModelError(field, why);
        return null;
    }

    private Task<List<FreeTime>> SharedAsync(CancellationToken cancel) => cards.FreeTimesAsync(place.Territory, visitor.Provider, cancel);

    private async Task ShowAsync(CancellationToken cancel)
    {
        var all = await cards.OfProviderAsync(place.Territory, visitor.Provider, cancel);
        Running = [.. all.Where(c => c.Pool.Status is PoolStatus.Collecting or PoolStatus.Confirmed or PoolStatus.BelowQuorum)];
        Ended = [.. all.Except(Running).Reverse()];
        Times = [.. (await SharedAsync(cancel)).Select(t => new ShareableTime(
            t.Slot, $"{BookingWords.Either(t.TitleIt, t.TitleEn)}, {Display.DayBrief(Display.DayOf(t.StartsAt))}, {Display.Hours(Display.TimeOf(t.StartsAt), Display.TimeOf(t.EndsAt))} ({Display.Money(t.Price)})"))];
    }
}
