using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Marketplace.Standards;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;
using NodaTime.Text;

namespace Borsellino.Web.Shared;

/// <summary>The questions of a need, for a household that asks for itself and for the desk that asks for one.</summary>
public abstract class NeedForm(MeetingPlaces places, ServiceClasses classes) : PageModel
{
    public static readonly IReadOnlyList<int> Lengths = [30, 60, 90, 120, 150, 180, 240];

    public static readonly IReadOnlyList<int> Reaches = [500, 1000, 2000, 3000, 5000, 10_000];

    /// <summary>The half hours of a day that people ask for.</summary>
    public static readonly IReadOnlyList<LocalTime> Times = [.. Enumerable.Range(14, 29).Select(half => LocalTime.Midnight.PlusMinutes(half * 30))];

    private static readonly LocalTimePattern Clock = LocalTimePattern.CreateWithInvariantCulture("HH:mm");

    [BindProperty] public Id<Need> Id { get; set; }
    [BindProperty] public string? Kind { get; set; }
    [BindProperty] public int Minutes { get; set; } = 60;
    [BindProperty] public List<int> Days { get; set; } = [];
    [BindProperty] public string From { get; set; } = "15:00";
    [BindProperty] public string To { get; set; } = "18:00";
    [BindProperty] public string? Near { get; set; }
    [BindProperty] public int Reach { get; set; } = 2000;
    [BindProperty] public int SizeMin { get; set; } = 2;
    [BindProperty] public int SizeMax { get; set; } = 4;
    [BindProperty] public List<string> Languages { get; set; } = [];
    [BindProperty] public string? Cap { get; set; }

    public IReadOnlyList<ServiceClass> Kinds { get; private set; } = [];
    public IReadOnlyList<MeetingPlaceRow> Places { get; private set; } = [];

    public static string Write(LocalTime time) => Clock.Format(time);

    /// <summary>An empty form with an id of its own.</summary>
    protected void Begin(string? kind)
    {
        ModelState.Clear();
        (Id, Kind, Languages) = (Id<Need>.New(), kind, ["it"]);
    }

    /// <summary>What the form says, with what is wrong with it in the model state; null for what no form sends.</summary>
    protected NewNeed? Read(Id<Person> person)
    {
        if (!Id<MeetingPlace>.TryParse(Near, null, out var near)) ModelState.AddModelError(nameof(Near), RefusalText.For(new MeetingPlaceNotFound(default)));
        if (!ItalianAmount.TryParse(Cap, out var cap, out var fault)) ModelState.AddModelError(nameof(Cap), ImportWords.AmountSentence(fault));
        return Windows() is { } windows ? new(Id, person, Kind ?? "", Minutes, windows, SizeMin, SizeMax, near, Reach, Languages, cap) : null;
    }

    /// <summary>Says a refusal at the question that it is about.</summary>
    protected void Refuse(Refusal refusal, Func<string, string?>? elsewhere = null) =>
        ModelState.AddModelError(refusal is FieldRefusal field ? elsewhere?.Invoke(field.Field) ?? ControlOf(field.Field) : "", RefusalText.For(refusal));

    /// <summary>Reads what there is to choose from.</summary>
    protected async Task FillAsync(TerritoryId territory, CancellationToken cancel)
    {
        var tree = await classes.TreeAsync(territory, cancel);
        Kinds = [.. tree.All.Where(c => !tree.ChildrenOf(c.Code).Any())];
        Places = await places.ListAsync(territory, cancel);
    }

    /// <summary>The hours on each of the chosen days; null for what no form sends.</summary>
    private List<WeekWindow>? Windows()
    {
        if (Days.Any(d => d is < 1 or > 7) || !Clock.Parse(From).TryGetValue(default, out var from) || !Clock.Parse(To).TryGetValue(default, out var to)) return null;
        return [.. Days.Distinct().Order().Select(d => new WeekWindow((IsoDayOfWeek)d, from, to))];
    }

    private static string ControlOf(string field) => field switch
    {
        "class" => nameof(Kind),
        "minutes" => nameof(Minutes),
        "size_max" => nameof(SizeMax),
        "reach" => nameof(Reach),
        "languages" => nameof(Languages),
        "days" => nameof(Days),
        "near" => nameof(Near),
        "cap" => nameof(Cap),
        _ => "",
    };
}
