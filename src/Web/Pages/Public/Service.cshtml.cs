using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Shared;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.Public;

/// <summary>The card of one service, with its free times, who gives it and, for a family, how much its purse pays.</summary>
public sealed class ServiceModel(
    CurrentPlace current, SignedIn signedIn, Offers offers, Providers providers, Accreditations accreditations, Slots slots,
    ServiceClasses classes, ClassTaxes taxes, Territories territories, Purses purses, PoolCards pools, Favourites favourites, IClock clock) : PageModel
{
    private const int SlotsShown = 6;
    private const int SlotsMax = 60;

    /// <summary>Families book, and who has not said yet who they are is asked on the way. Others only look.</summary>
    public bool MayBook => !signedIn.IsKnown || signedIn.Is(Role.Household);

    /// <summary>Where one goes on with a time: families to book it, the desk to book it for a family; null for those who only look.</summary>
    public string? BookAt => MayBook ? "~/prenota" : signedIn.Is(Role.SocialPoint) || signedIn.Is(Role.Officer) ? "~/sportello/prenota" : null;

    /// <summary>Where a package or a product is bought, likewise.</summary>
    public string? BuyAt => BookAt switch
    {
        null => null,
        _ when !MayBook => "~/sportello/compra",
        _ => Offer.IsProduct ? "~/prodotti/compra" : "~/pacchetti/compra",
    };

    public Place Place => current.Place;
    public Offer Offer { get; private set; } = null!;
    public Provider Provider { get; private set; } = null!;

    /// <summary>Null: the provider may not serve this class today.</summary>
    public Accreditation? Accreditation { get; private set; }

    public IReadOnlyList<Slot> Free { get; private set; } = [];

    /// <summary>Whether there are more free times than are shown.</summary>
    public bool HasMore { get; private set; }

    /// <summary>The times that families share, with a place to take.</summary>
    public IReadOnlyList<PoolCard> Shared { get; private set; } = [];

    /// <summary>The least that a share costs in one of these, when all its places are taken; null where there is none.</summary>
    public Money? SharedFrom => Shared.Count == 0 ? null : Shared.Min(p => p.ShareAt(p.Pool.Prices.Max));

    public IReadOnlyList<ServiceClass> Path { get; private set; } = [];
    public IReadOnlyList<Municipality> Municipalities { get; private set; } = [];

    /// <summary>What the purse of the family that looks would pay on the first free day; null for everybody else.</summary>
    public Coverage? Coverage { get; private set; }

    /// <summary>What it costs on the first free day; today where there is none.</summary>
    public Money Price => Free.Count > 0 ? Offer.PriceOn(Display.DayOf(Free[0].StartsAt)) : Offer.Price;

    /// <summary>How it is taxed today; null where nothing is written.</summary>
    public ClassTax? Tax { get; private set; }

    /// <summary>Whether the family that looks has marked it; null for everybody else.</summary>
    public bool? IsFavourite { get; private set; }

    public bool IsActive => Offer.Status is OfferStatus.Published && Accreditation is not null;

    /// <summary>Who pays how much, ending with the family itself.</summary>
    public IReadOnlyList<PayShare> Shares => Coverage is null ? [] : Payers.Of(Coverage).List;

    public string Where => Offer.Place switch
    {
        ServicePlace.AtHome when Offer.Reach.Count == 0 => Texts.Say("A casa tua, in tutti i comuni"),
        ServicePlace.AtHome => Texts.Say("A casa tua, a {0}", string.Join(", ", Offer.Reach.Select(NameOfMunicipality).Order(StringComparer.CurrentCulture))),
        ServicePlace.AtProvider => $"{Offer.Address}, {NameOfMunicipality(Offer.MunicipalityCode)}",
        ServicePlace.Online => Texts.Say("Online, in videochiamata"),
    };

    public string NameOfMunicipality(string code) => Municipalities.SingleOrDefault(m => m.Code == code)?.Name ?? code;

    /// <summary>What the machine-readable description says, for search engines and the national catalogue.</summary>
    public string JsonLd => GovernmentService.Of(
        Place, Offer, Provider, Path, Municipalities, $"{Request.Scheme}://{Request.Host}{Request.PathBase}{Request.Path}");

    public async Task<IActionResult> OnGetAsync(Id<Offer> id, [FromQuery(Name = "tutte")] bool all, CancellationToken cancel)
    {
        if (!current.IsKnown) return NotFound();
        if (await offers.FindAsync(current.Territory, id, cancel) is not { Status: not OfferStatus.Draft } offer) return NotFound();
        Offer = offer;
        Provider = (await providers.FindAsync(current.Territory, offer.ProviderId, cancel))!;
        Accreditation = await accreditations.InForceAsync(current.Territory, offer.ProviderId, offer.ClassCode, clock.Today(), cancel);
        var limit = all ? SlotsMax : SlotsShown;
        var free = await slots.UpcomingAsync(current.Territory, id, limit: limit + 1, cancel: cancel);
        (Free, HasMore) = ([.. free.Take(limit)], free.Count > limit && !all);
        Shared = await pools.OpenAsync(current.Territory, id, cancel);
        Path = (await classes.TreeAsync(current.Territory, cancel)).PathTo(offer.ClassCode);
        Tax = await taxes.OnAsync(current.Territory, Path, clock.Today(), cancel);
        Municipalities = await territories.MunicipalitiesAsync(current.Territory, cancel);
        if (!signedIn.Is(Role.Household)) return Page();
        Coverage = await CoverageAsync(cancel);
        IsFavourite = await favourites.IsMarkedAsync(current.Territory, signedIn.Household, id, cancel);
        return Page();
    }

    private async Task<Coverage> CoverageAsync(CancellationToken cancel)
    {
        var on = Free.Count > 0 ? Display.DayOf(Free[0].StartsAt) : clock.Today();
        var grants = await purses.GrantsAsync(current.Territory, signedIn.Household, on, cancel);
        return Waterfall.Choose(grants, new(Offer.ClassCode, on, Offer.PriceOn(on), Offer.Minutes, Offer.ProviderId, Purchase.PlaceOf(Offer.Place, Offer.MunicipalityCode)));
    }
}
