using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Marketplace.Standards;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.ForProviders;

/// <summary>
/// The groups that look for a provider, and what this one asks for groups. The form carries the price's id, so a second click adds no
/// second one.
/// </summary>
public sealed class NeedsModel(
    CurrentPlace place, SignedIn visitor, NeedCards cards, GroupPrices groupPrices, ServiceClasses classes, IClock clock) : PageModel
{
    [BindProperty] public Id<GroupPrice> Id { get; set; }
    [BindProperty] public string? Kind { get; set; }
    [BindProperty] public int Minutes { get; set; } = 60;
    [BindProperty] public int Min { get; set; } = 2;
    [BindProperty] public int Max { get; set; } = 5;

    /// <summary>The price for the fewest families, and what each further one adds: nothing for one price.</summary>
    [BindProperty] public string? Price { get; set; }

    [BindProperty] public string? PriceEach { get; set; }

    public string Provider => visitor.User.About;
    public IReadOnlyList<AgreedGroup> Groups { get; private set; } = [];
    public IReadOnlyList<GroupPrice> Prices { get; private set; } = [];
    public IReadOnlyList<ServiceClass> Kinds { get; private set; } = [];

    private ProviderUser By => new(visitor.Provider, visitor.UserId);

    public Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        ModelState.Clear();
        Id = Id<GroupPrice>.New();
        return ShowAsync(cancel);
    }

    public async Task<IActionResult> OnPostAddAsync(CancellationToken cancel)
    {
        var unread = ModelState.Where(x => x.Value is { Errors.Count: > 0 }).Select(x => x.Key).ToList();
        if (unread.Exists(f => f is not (nameof(Min) or nameof(Max)))) return BadRequest();
        ModelState.Clear();
        foreach (var field in unread) Wrong(field, SizesSentence);
        if (unread.Count > 0 || Read() is not { } prices) return await ShowAsync(cancel);

        var added = await groupPrices.AddAsync(place.Territory, new(Id, Kind ?? "", Minutes, prices, clock.Today()), By, cancel);
        if (!added.IsRefused(out var refusal)) return LocalRedirect("~/ente/ricerche");
        Wrong((refusal as FieldRefusal)?.Field switch { "class" => nameof(Kind), "minutes" => nameof(Minutes), _ => "" }, RefusalText.For(refusal));
        return await ShowAsync(cancel);
    }

    public async Task<IActionResult> OnPostEndAsync(Id<GroupPrice> price, CancellationToken cancel)
    {
        // The other form's answers are not sent with this one.
        if (price == default) return BadRequest();
        return (await groupPrices.EndAsync(place.Territory, price, By, cancel)).IsRefused(out _) ? NotFound() : LocalRedirect("~/ente/ricerche");
    }

    private static string SizesSentence => Texts.Say("Da 2 a {0} famiglie.", HeadPrices.HeadsMax);

    /// <summary>What the form says, or nothing and what is wrong with it.</summary>
    private HeadPrices? Read()
    {
        if (Min < 2 || Min > HeadPrices.HeadsMax) return Wrong(nameof(Min), SizesSentence);
        if (Max < Min || Max > HeadPrices.HeadsMax) return Wrong(nameof(Max), Texts.Say("Il massimo va da {0} a {1}.", Min, HeadPrices.HeadsMax));
        if (!ItalianAmount.TryParse(Price, out var first, out _) || first < Money.Euro(1)) return Wrong(nameof(Price), Texts.Say("Scrivi il prezzo in euro, per esempio 32,00."));
        var each = Money.Zero;
        if (!string.IsNullOrWhiteSpace(PriceEach) && !ItalianAmount.TryParse(PriceEach, out each, out _)) return Wrong(nameof(PriceEach), Texts.Say("Scrivi un importo in euro, o lascia vuoto."));
        return HeadPrices.Of(Min, [.. Enumerable.Range(0, Max - Min + 1).Select(n => first + (each * n))]).IsRefused(out var refusal, out var prices)
            ? Wrong(nameof(PriceEach), RefusalText.For(refusal)) : prices;
    }

    private HeadPrices? Wrong(string field, string why)
    {
        ModelState.AddModelError(field, why);
        return null;
    }

    private async Task<IActionResult> ShowAsync(CancellationToken cancel)
    {
        var tree = await classes.TreeAsync(place.Territory, cancel);
        Kinds = [.. tree.All.Where(c => !tree.ChildrenOf(c.Code).Any())];
        Groups = await cards.AgreedAsync(place.Territory, visitor.Provider, cancel);
        Prices = await groupPrices.OfProviderAsync(place.Territory, visitor.Provider, cancel);
        return Page();
    }
}
