using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Marketplace.Standards;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Borsellino.Web.Pages.Officers;

/// <summary>Opens a programme. The form carries its id, so a second click opens no second one.</summary>
public sealed class OpenProgrammeModel(
    Programmes programmes, Funders funders, ServiceClasses classes, CurrentPlace place, SignedIn visitor, IClock clock) : PageModel
{
    /// <summary>The form offers so many bands; an empty one is left out.</summary>
    public const int BandsShown = 4;

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
        var from = ReadDay(ValidFrom, nameof(ValidFrom));
        var to = ReadDay(ValidTo, nameof(ValidTo));
        var days = int.TryParse(SettlementDays, out var read) ? read : -1;
        var unit = ReadAmount(UnitMax, nameof(UnitMax));
        var month = ReadAmount(MonthMax, nameof(MonthMax));
        var bands = ReadBands();
        if (!ModelState.IsValid || await FunderAsync(cancel) is not { } funder) return await ShowAsync(cancel);

        var programme = new NewProgramme(
            Id, (Code ?? "").Trim().ToUpperInvariant(), Text(NameIt), NameEn is { Length: > 0 } ? Text(NameEn) : Text(NameIt), Text(PurposeIt),
            PurposeEn is { Length: > 0 } ? Text(PurposeEn) : Text(PurposeIt), funder, from, to, days, Copayment, unit, month, Text(ActReference),
            Classes, bands);
        var result = await programmes.OpenAsync(place.Territory, programme, visitor.UserId, cancel);
        if (result.IsRefused(out var refusal, out var opened)) return await RefuseAsync(refusal, cancel);
        return LocalRedirect($"~/comune/misure/{opened}");
    }

    private static string Text(string? typed) => (typed ?? "").Trim();

    private LocalDate ReadDay(string? text, string field)
    {
        if (Days.Read(text) is { } day) return day;
        ModelState.AddModelError(field, Texts.Say("Serve un giorno, per esempio 31/12/2026."));
        return default;
    }

    private Money? ReadAmount(string? text, string field)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        if (ItalianAmount.TryParse(text, out var amount, out var fault)) return amount;
        ModelState.AddModelError(field, ImportWords.AmountSentence(fault));
        return null;
    }

    private List<ProgrammeBand> ReadBands()
    {
        var bands = new List<ProgrammeBand>();
        for (var i = 0; i < Math.Min(BandMax.Count, BandsShown); i++)
        {
            var limit = i < BandTo.Count ? ReadAmount(BandTo[i], $"BandTo[{i}]") : null;
            if (ReadAmount(BandMax[i], $"BandMax[{i}]") is { } amount) bands.Add(new((short)(i + 1), limit, amount));
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
        _ => "",
    };

    private async Task<IActionResult> ShowAsync(CancellationToken cancel)
    {
        KnownFunders = await funders.ListAsync(place.Territory, cancel);
        KnownClasses = (await classes.TreeAsync(place.Territory, cancel)).All;
        return Page();
    }
}
