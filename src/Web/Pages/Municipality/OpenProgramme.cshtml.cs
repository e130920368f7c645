using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using NodaTime;

namespace Borsellino.Web.Pages.Officers;

/// <summary>Opens a programme. The form carries its id, so a second click opens no second one.</summary>
public sealed class OpenProgrammeModel(
    Programmes programmes, Funders funders, ServiceClasses classes, Providers providers, CurrentPlace place, SignedIn visitor, IClock clock) : ShareFormModel
{
    /// <summary>The form offers so many bands; an empty one is left out.</summary>
    public const int BandsShown = 4;

    /// <summary>And so many limits; more can be added later.</summary>
    public const int LimitsShown = 2;

    [BindProperty] public Id<Programme> Id { get; set; }
    [BindProperty] public Id<Funder> NewFunderId { get; set; }
    [BindProperty] public string? Code { get; set; }
    [BindProperty] public string? NameIt { get; set; }
    [BindProperty] public string? NameEn { get; set; }
    [BindProperty] public string? PurposeIt { get; set; }
    [BindProperty] public string? PurposeEn { get; set; }
    [BindProperty] public string? Funder { get; set; }
    [BindProperty] public string? FunderName { get; set; }
    [BindProperty] public FunderKind FunderKind { get; set; } = FunderKind.Municipality;
    [BindProperty] public string? ValidFrom { get; set; }
    [BindProperty] public string? ValidTo { get; set; }
    [BindProperty] public string? SettlementDays { get; set; } = "30";
    [BindProperty] public CopaymentRule Copayment { get; set; } = CopaymentRule.Allowed;
    [BindProperty] public string? UnitMax { get; set; }
    [BindProperty] public string? MonthMax { get; set; }
    [BindProperty] public string? ActReference { get; set; }
    [BindProperty] public List<string> Classes { get; set; } = [];
    [BindProperty] public List<string?> BandTo { get; set; } = [];
    [BindProperty] public List<string?> BandMax { get; set; } = [];

    [BindProperty] public List<string?> LimitPeriods { get; set; } = [];
    [BindProperty] public List<string?> LimitClasses { get; set; } = [];
    [BindProperty] public List<string?> LimitHours { get; set; } = [];
    [BindProperty] public List<string?> LimitAmounts { get; set; } = [];
    [BindProperty] public List<string> Listed { get; set; } = [];

    public IReadOnlyList<Provider> KnownProviders { get; private set; } = [];
    public IReadOnlyList<Funder> KnownFunders { get; private set; } = [];
    public IReadOnlyList<ServiceClass> KnownClasses { get; private set; } = [];

    public Task OnGetAsync(CancellationToken cancel)
    {
        Id = Id<Programme>.New();
        NewFunderId = Id<Funder>.New();
        var year = clock.Today().Year;
        (ValidFrom, ValidTo) = ($"{year}-01-01", $"{year}-12-31");
        return ShowAsync(cancel);
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        ModelState.Clear();
        if (Id == default || NewFunderId == default) return BadRequest();
        var from = Form.Day(ValidFrom, nameof(ValidFrom));
        var to = Form.Day(ValidTo, nameof(ValidTo));
        var days = int.TryParse(SettlementDays, out var read) ? read : -1;
        var unit = Form.Amount(UnitMax, nameof(UnitMax));
        var month = Form.Amount(MonthMax, nameof(MonthMax));
        var bands = ReadBands();
        var limits = ReadLimits(from);
        var listed = ReadListed();
        var share = ReadShare(Id<ShareRule>.From("opened", Id), from, Copayment is CopaymentRule.Required);
        if (!ModelState.IsValid || await FunderAsync(cancel) is not { } funder) return await ShowAsync(cancel);

        var programme = new NewProgramme(
            Id, (Code ?? "").Trim().ToUpperInvariant(), Text(NameIt), NameEn is { Length: > 0 } ? Text(NameEn) : Text(NameIt), Text(PurposeIt),
            PurposeEn is { Length: > 0 } ? Text(PurposeEn) : Text(PurposeIt), funder, from, to, days, Copayment, unit, month, Text(ActReference),
            Classes, bands)
        {
            Limits = limits, Providers = listed, Share = share,
        };
        var result = await programmes.OpenAsync(place.Territory, programme, visitor.UserId, cancel);
        if (result.IsRefused(out var refusal, out var opened)) return await RefuseAsync(refusal, cancel);
        return LocalRedirect($"~/comune/misure/{opened}");
    }

    private static string Text(string? typed) => (typed ?? "").Trim();

    private List<PeriodLimit> ReadLimits(LocalDate from)
    {
        var limits = new List<PeriodLimit>();
        for (var i = 0; i < LimitsShown; i++)
        {
            var minutes = Form.Minutes(LimitHours.ElementAtOrDefault(i), $"LimitHours[{i}]");
            var amount = Form.Amount(LimitAmounts.ElementAtOrDefault(i), $"LimitAmounts[{i}]");
            if (minutes is null && amount is null) continue;
            var period = Form.Choice<LimitPeriod>(LimitPeriods.ElementAtOrDefault(i), $"LimitPeriods[{i}]");
            var code = LimitClasses.ElementAtOrDefault(i);
            limits.Add(new(Id<PeriodLimit>.From("opened", Id, i), period, string.IsNullOrEmpty(code) ? null : code, amount, minutes, from, null));
        }

        return limits;
    }

    private List<Id<Provider>> ReadListed()
    {
        var listed = new List<Id<Provider>>();
        foreach (var text in Listed.Distinct(StringComparer.Ordinal))
        {
            if (Id<Provider>.TryParse(text, null, out var provider)) listed.Add(provider);
            else ModelState.AddModelError(nameof(Listed), RefusalText.For(new ListedProviderUnknown(default)));
        }

        return listed;
    }

    private List<ProgrammeBand> ReadBands()
    {
        var bands = new List<ProgrammeBand>();
        for (var i = 0; i < Math.Min(BandMax.Count, BandsShown); i++)
        {
            var limit = i < BandTo.Count ? Form.Amount(BandTo[i], $"BandTo[{i}]") : null;
            if (Form.Amount(BandMax[i], $"BandMax[{i}]") is { } amount) bands.Add(new((short)(i + 1), limit, amount));
            else if (limit is not null) ModelState.AddModelError($"BandMax[{i}]", Texts.Say("Fascia {0}: manca l’importo massimo.", i + 1));
        }

        return bands;
    }

    /// <summary>The funder chosen, or the new one that was named.</summary>
    private async Task<Id<Funder>?> FunderAsync(CancellationToken cancel)
    {
        if (string.IsNullOrWhiteSpace(FunderName))
        {
            if (Id<Funder>.TryParse(Funder, null, out var chosen)) return chosen;
            ModelState.AddModelError(nameof(Funder), RefusalText.For(new FunderUnknown(default)));
            return null;
        }

        var added = await funders.AddAsync(place.Territory, new(NewFunderId, FunderKind, Text(FunderName)), cancel);
        if (!added.IsRefused(out var refusal, out var id)) return id;
        ModelState.AddModelError(nameof(FunderName), RefusalText.For(refusal));
        return null;
    }

    private Task<IActionResult> RefuseAsync(Refusal refusal, CancellationToken cancel)
    {
        ModelState.AddModelError(refusal is FieldRefusal field ? ControlOf(field.Field) : "", RefusalText.For(refusal));
        return ShowAsync(cancel);
    }

    private static string ControlOf(string field) => field switch
    {
        "code" => nameof(Code),
        "name_it" => nameof(NameIt),
        "name_en" => nameof(NameEn),
        "purpose_it" => nameof(PurposeIt),
        "purpose_en" => nameof(PurposeEn),
        "funder" => nameof(Funder),
        "valid_to" => nameof(ValidTo),
        "settlement_days" => nameof(SettlementDays),
        "unit_max" => nameof(UnitMax),
        "month_max" => nameof(MonthMax),
        "act_reference" => nameof(ActReference),
        "classes" => nameof(Classes),
        "bands" => "BandMax[0]",
        "limits" => "LimitHours[0]",
        "limit_class" => "LimitClasses[0]",
        "provider" => nameof(Listed),
        _ => ShareControlOf(field) ?? "",
    };

    private async Task<IActionResult> ShowAsync(CancellationToken cancel)
    {
        KnownFunders = await funders.ListAsync(place.Territory, cancel);
        KnownProviders = await providers.ListAsync(place.Territory, cancel);
        KnownClasses = (await classes.TreeAsync(place.Territory, cancel)).All;
        return Page();
    }
}
