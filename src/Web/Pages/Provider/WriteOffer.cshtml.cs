using System.Globalization;
using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Marketplace.Standards;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.ForProviders;

/// <summary>
/// Writes an offer or changes one. What has no English of its own is shown in Italian. The form of a new one carries its id, so a second click
/// writes no second one.
/// </summary>
public sealed class WriteOfferModel(
    CurrentPlace place, SignedIn visitor, Offers offers, Providers providers, Accreditations accreditations, ServiceClasses classes, Territories territories,
    IClock clock) : PageModel
{
    [BindProperty] public Id<Offer> Ticket { get; set; }
    [BindProperty] public string? ClassCode { get; set; }
    [BindProperty] public string? Title { get; set; }
    [BindProperty] public string? TitleEn { get; set; }
    [BindProperty] public string? Summary { get; set; }
    [BindProperty] public string? SummaryEn { get; set; }
    [BindProperty] public string? Addressed { get; set; }
    [BindProperty] public string? AddressedEn { get; set; }
    [BindProperty] public string? Needed { get; set; }
    [BindProperty] public string? NeededEn { get; set; }
    [BindProperty] public string? Achieved { get; set; }
    [BindProperty] public string? AchievedEn { get; set; }
    [BindProperty] public string? Unit { get; set; }
    [BindProperty] public string? UnitEn { get; set; }
    [BindProperty] public string? Price { get; set; }
    [BindProperty] public string? Minutes { get; set; } = "60";
    [BindProperty] public ServicePlace Place { get; set; }
    [BindProperty] public string? Municipality { get; set; }
    [BindProperty] public string? Address { get; set; }
    [BindProperty] public string[] Reach { get; set; } = [];
    [BindProperty] public string? CancelHours { get; set; } = "24";
    [BindProperty] public string? CancelFee { get; set; } = "0,00";
    [BindProperty] public string? AnswerHours { get; set; } = "24";
    [BindProperty] public string? NoticeHours { get; set; } = "0";
    [BindProperty] public string[] SpokenLanguages { get; set; } = ["it"];
    [BindProperty] public OfferAccess[] Access { get; set; } = [];
    [BindProperty] public string? AgeMin { get; set; }
    [BindProperty] public string? AgeMax { get; set; }
    [BindProperty] public string? PackageUnits { get; set; }
    [BindProperty] public string? PackageName { get; set; }
    [BindProperty] public string? PackageNameEn { get; set; }
    [BindProperty] public string? PackagePrice { get; set; }
    [BindProperty] public string? PackageDays { get; set; } = "180";
    [BindProperty] public string? PackageReturnDays { get; set; } = "14";
    [BindProperty] public bool PackageReturnsRest { get; set; }

    /// <summary>How many pieces there are of a new product; nothing where nobody counts.</summary>
    [BindProperty] public string? Stock { get; set; }

    /// <summary>What a new one is: <c>prodotto</c>, or nothing for a service.</summary>
    [BindProperty(SupportsGet = true, Name = "che")] public string? Kind { get; set; }

    public bool IsProduct => Known?.IsProduct ?? (Kind == "prodotto");

    /// <summary>What is being changed; null for a new one.</summary>
    public Offer? Known { get; private set; }

    /// <summary>The classes that the provider may serve today, and those below them.</summary>
    public IReadOnlyList<ServiceClass> Served { get; private set; } = [];

    public IReadOnlyList<Municipality> Municipalities { get; private set; } = [];

    /// <summary>Whether families have seen it: then name, class, length and place stay.</summary>
    public bool IsKnownToFamilies => Known is { Status: not OfferStatus.Draft };

    private ProviderUser By => new(visitor.Provider, visitor.UserId);

    public async Task<IActionResult> OnGetAsync(Id<Offer>? id, CancellationToken cancel)
    {
        if (!ModelState.IsValid || !await ReadAsync(id, cancel)) return NotFound();
        Ticket = Known?.Id ?? Id<Offer>.New();
        if (Known is { } offer) Show(offer);
        else if (IsProduct) (Place, PackageDays) = (ServicePlace.AtProvider, "30");
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(Id<Offer>? id, CancellationToken cancel)
    {
        if (!ModelState.IsValid || Ticket == default || !Enum.IsDefined(Place)) return BadRequest();
        if (!await ReadAsync(id, cancel)) return NotFound();
        var offer = Read();
        foreach (var fault in Offers.Faults(offer).Where(f => ModelState[FieldOf(f.Field)] is not { Errors.Count: > 0 })) ModelState.AddModelError(FieldOf(fault.Field), RefusalText.For(fault));
        if (!ModelState.IsValid) return Page();
        Refusal? refusal;
        if (Known is null) (await offers.DraftAsync(place.Territory, offer, By, cancel)).IsRefused(out refusal);
        else (await offers.ChangeAsync(place.Territory, offer, By, cancel)).IsRefused(out refusal);
        if (refusal is null) return LocalRedirect($"~/ente/offerte/{offer.Id}");
        if (refusal is OfferNotFound) return NotFound();
        ModelState.AddModelError(refusal is FieldRefusal { Field: var field } ? FieldOf(field) : refusal switch
        {
            ServiceClassNotFound => nameof(ClassCode),
            MunicipalityNotFound => nameof(Municipality),
            _ => "",
        }, RefusalText.For(refusal));
        return Page();
    }

    private static string FieldOf(string field) => field switch
    {
        "title" => nameof(Title),
        "class" => nameof(ClassCode),
        "title_en" => nameof(TitleEn),
        "summary" => nameof(Summary),
        "summary_en" => nameof(SummaryEn),
        "addressed" => nameof(Addressed),
        "addressed_en" => nameof(AddressedEn),
        "needed" => nameof(Needed),
        "needed_en" => nameof(NeededEn),
        "achieved" => nameof(Achieved),
        "achieved_en" => nameof(AchievedEn),
        "unit" => nameof(Unit),
        "unit_en" => nameof(UnitEn),
        "price" => nameof(Price),
        "minutes" => nameof(Minutes),
        "place" => nameof(Place),
        "cancel_hours" => nameof(CancelHours),
        "cancel_fee" => nameof(CancelFee),
        "answer_hours" => nameof(AnswerHours),
        "notice_hours" => nameof(NoticeHours),
        "languages" => nameof(SpokenLanguages),
        "age_min" => nameof(AgeMin),
        "age_max" => nameof(AgeMax),
        "package_units" => nameof(PackageUnits),
        "package_name" => nameof(PackageName),
        "package_name_en" => nameof(PackageNameEn),
        "package_price" => nameof(PackagePrice),
        "package_days" or "product_days" => nameof(PackageDays),
        "stock" => nameof(Stock),
        "package_return_days" => nameof(PackageReturnDays),
        _ => nameof(Address),
    };

    private Offer Read()
    {
        // An amount that cannot be read is none that is allowed.
        if (!ItalianAmount.TryParse(Price, out var price, out _)) price = Money.Zero;
        if (!ItalianAmount.TryParse(CancelFee, out var fee, out _)) fee = new(-1);
        if (Served.All(c => c.Code != ClassCode) && Known?.ClassCode != ClassCode) ModelState.AddModelError(nameof(ClassCode), Texts.Say("Scegli una tipologia per cui siete accreditati."));
        var where = Municipalities.FirstOrDefault(m => m.Code == Municipality);
        if (where is null) ModelState.AddModelError(nameof(Municipality), Texts.Say("Scegli il comune."));
        var reach = Place is ServicePlace.AtHome ? Municipalities.Select(m => m.Code).Where(c => Reach.Contains(c, StringComparer.Ordinal)).ToArray() : [];
        // A product has none of the rules of a time.
        var (minutes, cancelHours) = IsProduct ? (0, 0) : (Whole(Minutes), Whole(CancelHours));
        return new(
            Ticket, visitor.Provider, ClassCode ?? "", OfferStatus.Draft, Both(Title, TitleEn), Both(Summary, SummaryEn), Both(Addressed, AddressedEn),
            Both(Needed, NeededEn), Both(Achieved, AchievedEn), Both(Unit, UnitEn), price, minutes, Place, Address?.Trim() ?? "", Municipality ?? "",
            where?.Latitude ?? 0, where?.Longitude ?? 0, cancelHours, IsProduct ? Money.Zero : fee, Whole(AnswerHours),
            // All of them is as good as none named, and stays so when a municipality joins.
            reach.Length == Municipalities.Count ? [] : reach, Known?.Topics ?? [])
        {
            AgeMin = string.IsNullOrWhiteSpace(AgeMin) ? null : Whole(AgeMin), AgeMax = string.IsNullOrWhiteSpace(AgeMax) ? null : Whole(AgeMax),
            // In the order of the list, each once; one that is not on it is refused.
            Languages = [.. SpokenLanguages.Distinct(StringComparer.Ordinal).OrderBy(l => Needs.Languages.ToList().IndexOf(l))],
            Access = [.. Access.Where(Enum.IsDefined).Distinct().Order()], NoticeHours = Whole(NoticeHours),
            Package = IsProduct ? null : ReadPackage(), Product = IsProduct ? ReadProduct() : null,
        };
    }

    private ProductTerms ReadProduct() => new(
        string.IsNullOrWhiteSpace(Stock) ? null : Whole(Stock), Both(PackageName, PackageNameEn), Whole(PackageDays), Whole(PackageReturnDays), PackageReturnsRest);

    /// <summary>Whoever says how many means a package; its other fields are there from the start.</summary>
    private PackageTerms? ReadPackage()
    {
        // What is no amount is said also where nothing else makes it a package.
        var isAmount = ItalianAmount.TryParse(PackagePrice, out var price, out _) && price.IsPositive;
        if (!isAmount && !string.IsNullOrWhiteSpace(PackagePrice)) ModelState.AddModelError(nameof(PackagePrice), RefusalText.For(new OfferWrong("package_price")));
        if (string.IsNullOrWhiteSpace(PackageUnits)) return null;
        if (!isAmount) price = Money.Zero;
        return new(Whole(PackageUnits), price, Both(PackageName, PackageNameEn), Whole(PackageDays), Whole(PackageReturnDays), PackageReturnsRest);
    }

    private static Words Both(string? it, string? en) => new(it?.Trim() ?? "", string.IsNullOrWhiteSpace(en) ? it?.Trim() ?? "" : en.Trim());

    /// <summary>A whole number as typed; -1, which no rule allows, for anything else.</summary>
    private static int Whole(string? text) => Typed.Whole(text) ?? -1;

    private void Show(Offer offer)
    {
        (ClassCode, Place, Municipality, Address) = (offer.ClassCode, offer.Place, offer.MunicipalityCode, offer.Address);
        (Title, TitleEn) = Two(offer.Title);
        (Summary, SummaryEn) = Two(offer.Summary);
        (Addressed, AddressedEn) = Two(offer.Addressed);
        (Needed, NeededEn) = Two(offer.Needed);
        (Achieved, AchievedEn) = Two(offer.Achieved);
        (Unit, UnitEn) = Two(offer.Unit);
        (AgeMin, AgeMax) = (offer.AgeMin?.ToString(CultureInfo.InvariantCulture), offer.AgeMax?.ToString(CultureInfo.InvariantCulture));
        (Price, CancelFee) = (ItalianAmount.Format(offer.Price), ItalianAmount.Format(offer.CancelFee));
        (Minutes, CancelHours, AnswerHours, NoticeHours) = (Number(offer.Minutes), Number(offer.CancelHours), Number(offer.AnswerHours), Number(offer.NoticeHours));
        (SpokenLanguages, Access) = ([.. offer.Languages], [.. offer.Access]);
        Reach = [.. offer.Reach];
        if (offer.Product is { } product)
        {
            (PackageName, PackageNameEn) = Two(product.Name);
            (PackageDays, PackageReturnDays, PackageReturnsRest) = (Number(product.Days), Number(product.ReturnDays), product.ReturnsRest);
        }

        if (offer.Package is { } package)
        {
            (PackageName, PackageNameEn) = Two(package.Name);
            (PackageUnits, PackageDays, PackageReturnDays) = (Number(package.Units), Number(package.Days), Number(package.ReturnDays));
            (PackagePrice, PackageReturnsRest) = (ItalianAmount.Format(package.Price), package.ReturnsRest);
        }

        static (string, string) Two(Words words) => (words.It, words.En == words.It ? "" : words.En);
        static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
    }

    private async Task<bool> ReadAsync(Id<Offer>? id, CancellationToken cancel)
    {
        if (id is { } known)
        {
            Known = await offers.FindAsync(place.Territory, known, cancel);
            if (Known?.ProviderId != visitor.Provider) return false;
            Ticket = known;
        }

        var tree = await classes.TreeAsync(place.Territory, cancel);
        var today = clock.Today();
        var codes = (await accreditations.OfAsync(place.Territory, visitor.Provider, cancel)).Where(a => a.IsInForceOn(today)).SelectMany(a => tree.Within(a.ClassCode)).ToHashSet(StringComparer.Ordinal);
        Served = [.. tree.All.Where(c => codes.Contains(c.Code))];
        Municipalities = await territories.MunicipalitiesAsync(place.Territory, cancel);
        Municipality ??= (await providers.FindAsync(place.Territory, visitor.Provider, cancel))?.MunicipalityCode;
        return true;
    }
}
