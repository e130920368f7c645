using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using NodaTime;

namespace Borsellino.Web.Pages.Officers;

/// <summary>The dated rules of one programme: those that hold, those to come, those that were; and the forms that add one or end one.</summary>
public sealed class RulesModel(
    Programmes programmes, ProgrammeRules rules, Providers providers, Territories territories, ServiceClasses classes, CurrentPlace place, SignedIn visitor, IClock clock) : ShareFormModel
{
    [BindProperty] public Id<PeriodLimit> NewLimit { get; set; }
    [BindProperty] public string? Period { get; set; } = nameof(LimitPeriod.Week);
    [BindProperty] public string? LimitClass { get; set; }
    [BindProperty] public string? Hours { get; set; }
    [BindProperty] public string? Amount { get; set; }
    [BindProperty] public string? From { get; set; }
    [BindProperty] public string? To { get; set; }

    [BindProperty] public Id<ListedProvider> NewProvider { get; set; }
    [BindProperty] public string? Provider { get; set; }
    [BindProperty] public string? ListedFrom { get; set; }
    [BindProperty] public string? ListedTo { get; set; }

    [BindProperty] public Id<ListedMunicipality> NewPlace { get; set; }
    [BindProperty] public string? Municipality { get; set; }
    [BindProperty] public string? PlaceFrom { get; set; }
    [BindProperty] public string? PlaceTo { get; set; }

    [BindProperty] public Id<ShareRule> NewShare { get; set; }
    [BindProperty] public string? ShareFrom { get; set; }

    [BindProperty] public string? Which { get; set; }
    [BindProperty] public string? Last { get; set; }

    public Programme Programme { get; private set; } = null!;
    public DatedRules Rules { get; private set; } = DatedRules.None;
    public IReadOnlyList<Provider> KnownProviders { get; private set; } = [];
    public IReadOnlyList<Municipality> KnownMunicipalities { get; private set; } = [];
    public IReadOnlyList<ServiceClass> KnownClasses { get; private set; } = [];
    public LocalDate Today => clock.Today();

    public string Name => BookingWords.Either(Programme.NameIt, Programme.NameEn);

    /// <summary>Rules that can still be given a last day: what the select sends, and how it reads.</summary>
    public IEnumerable<(string Value, string Words)> Ending =>
    [
        .. Rules.Limits.Where(l => MayEnd(l.ValidTo)).Select(l => (l.Id.ToString(), RuleWords.Limit(l))),
        .. Rules.Providers.Where(p => MayEnd(p.ValidTo)).Select(p => (p.Id.ToString(), p.Name)),
        .. Rules.Municipalities.Where(m => MayEnd(m.ValidTo)).Select(m => (m.Id.ToString(), m.Name)),
    ];

    public Task<IActionResult> OnGetAsync(Id<Programme> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return Task.FromResult<IActionResult>(NotFound());
        (From, ListedFrom, PlaceFrom, ShareFrom, Last) = (Days.Iso(Today), Days.Iso(Today), Days.Iso(Today), Days.Iso(Today.PlusDays(1)), Days.Iso(Today));
        return ShowAsync(id, cancel);
    }

    public async Task<IActionResult> OnPostLimitAsync(Id<Programme> id, CancellationToken cancel)
    {
        ModelState.Clear();
        var limit = new PeriodLimit(
            NewLimit, Form.Choice<LimitPeriod>(Period, nameof(Period)), string.IsNullOrEmpty(LimitClass) ? null : LimitClass, Form.Amount(Amount, nameof(Amount)),
            Form.Minutes(Hours, nameof(Hours)), Form.Day(From, nameof(From)), Form.DayOrNone(To, nameof(To)));
        if (!ModelState.IsValid) return await ShowAsync(id, cancel);
        var added = await rules.AddLimitAsync(place.Territory, id, limit, visitor.UserId, cancel);
        return await AnswerAsync(id, added.IsRefused(out var refusal) ? refusal : null, field => field switch
        {
            "limits" => nameof(Hours),
            "limit_class" => nameof(LimitClass),
            "rule_to" => nameof(To),
            "rule_from" => nameof(From),
            _ => "",
        }, cancel);
    }

    public async Task<IActionResult> OnPostProviderAsync(Id<Programme> id, CancellationToken cancel)
    {
        ModelState.Clear();
        if (!Id<Provider>.TryParse(Provider, null, out var provider)) ModelState.AddModelError(nameof(Provider), RefusalText.For(new ListedProviderUnknown(default)));
        var listed = new ListedProvider(NewProvider, provider, Form.Day(ListedFrom, nameof(ListedFrom)), Form.DayOrNone(ListedTo, nameof(ListedTo)));
        if (!ModelState.IsValid) return await ShowAsync(id, cancel);
        var added = await rules.AddProviderAsync(place.Territory, id, listed, visitor.UserId, cancel);
        return await AnswerAsync(id, added.IsRefused(out var refusal) ? refusal : null, field => field switch
        {
            "provider" => nameof(Provider),
            "rule_to" => nameof(ListedTo),
            "rule_from" => nameof(ListedFrom),
            _ => "",
        }, cancel);
    }

    public async Task<IActionResult> OnPostMunicipalityAsync(Id<Programme> id, CancellationToken cancel)
    {
        ModelState.Clear();
        if (string.IsNullOrEmpty(Municipality)) ModelState.AddModelError(nameof(Municipality), RefusalText.For(new ListedMunicipalityUnknown("")));
        var listed = new ListedMunicipality(NewPlace, Municipality ?? "", Form.Day(PlaceFrom, nameof(PlaceFrom)), Form.DayOrNone(PlaceTo, nameof(PlaceTo)));
        if (!ModelState.IsValid) return await ShowAsync(id, cancel);
        var added = await rules.AddMunicipalityAsync(place.Territory, id, listed, visitor.UserId, cancel);
        return await AnswerAsync(id, added.IsRefused(out var refusal) ? refusal : null, field => field switch
        {
            "municipality" => nameof(Municipality),
            "rule_to" => nameof(PlaceTo),
            "rule_from" => nameof(PlaceFrom),
            _ => "",
        }, cancel);
    }

    public async Task<IActionResult> OnPostShareAsync(Id<Programme> id, CancellationToken cancel)
    {
        ModelState.Clear();
        var from = Form.Day(ShareFrom, nameof(ShareFrom));
        if (ReadShare(NewShare, from, wanted: true) is not { } rule) return await ShowAsync(id, cancel);
        var replaced = await rules.ReplaceShareAsync(place.Territory, id, rule, visitor.UserId, cancel);
        return await AnswerAsync(
            id, replaced.IsRefused(out var refusal) ? refusal : null, field => field is "rule_from" ? nameof(ShareFrom) : ShareControlOf(field) ?? "", cancel);
    }

    public async Task<IActionResult> OnPostEndAsync(Id<Programme> id, CancellationToken cancel)
    {
        ModelState.Clear();
        var last = Form.Day(Last, nameof(Last));
        Refusal? refusal = new RuleNotFound();
        if (!ModelState.IsValid) return await ShowAsync(id, cancel);
        if (Id<PeriodLimit>.TryParse(Which, null, out var limit))
            refusal = (await rules.EndLimitAsync(place.Territory, id, limit, last, visitor.UserId, cancel)).IsRefused(out var why) ? why : null;
        else if (Id<ListedProvider>.TryParse(Which, null, out var listed))
            refusal = (await rules.EndProviderAsync(place.Territory, id, listed, last, visitor.UserId, cancel)).IsRefused(out var why) ? why : null;
        else if (Id<ListedMunicipality>.TryParse(Which, null, out var listedPlace))
            refusal = (await rules.EndMunicipalityAsync(place.Territory, id, listedPlace, last, visitor.UserId, cancel)).IsRefused(out var why) ? why : null;
        return await AnswerAsync(id, refusal, field => field is "last" ? nameof(Last) : "", cancel);
    }

    private bool MayEnd(LocalDate? last) => last is not { } day || day >= Today;

    private async Task<IActionResult> AnswerAsync(Id<Programme> id, Refusal? refusal, Func<string, string> controlOf, CancellationToken cancel)
    {
        if (refusal is ProgrammeNotFound) return NotFound();
        if (refusal is not null)
        {
            var control = refusal is FieldRefusal { Field: var field } ? controlOf(field) : refusal is RuleNotFound or RuleEnded ? nameof(Which) : "";
            ModelState.AddModelError(control, RefusalText.For(refusal));
            return await ShowAsync(id, cancel);
        }

        TempData["Done"] = Texts.Say("Scritto: vale da quel giorno, e quello che è già prenotato resta com’è.");
        return LocalRedirect($"~/comune/misure/{id}/regole");
    }

    private async Task<IActionResult> ShowAsync(Id<Programme> id, CancellationToken cancel)
    {
        if (await programmes.FindAsync(place.Territory, id, cancel) is not { } programme) return NotFound();
        if (NewLimit == default) NewLimit = Id<PeriodLimit>.New();
        if (NewProvider == default) NewProvider = Id<ListedProvider>.New();
        if (NewPlace == default) NewPlace = Id<ListedMunicipality>.New();
        if (NewShare == default) NewShare = Id<ShareRule>.New();
        Programme = programme;
        Rules = await rules.OfAsync(place.Territory, id, cancel);
        KnownProviders = await providers.ListAsync(place.Territory, cancel);
        KnownMunicipalities = await territories.MunicipalitiesAsync(place.Territory, cancel);
        KnownClasses = (await classes.TreeAsync(place.Territory, cancel)).All;
        return Page();
    }
}
