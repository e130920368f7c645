using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Marketplace.Standards;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;
using NodaTime.Text;

namespace Borsellino.Web.Pages.ForHouseholds;

/// <summary>A household says what it looks for together with others. The form carries the need's id, so a second click opens no second one.</summary>
public sealed class OpenNeedModel(
    CurrentPlace place, SignedIn visitor, Needs needs, MeetingPlaces places, ServiceClasses classes, Bookings bookings) : PageModel
{
    public static readonly IReadOnlyList<int> Lengths = [30, 60, 90, 120, 150, 180, 240];

    public static readonly IReadOnlyList<int> Reaches = [500, 1000, 2000, 3000, 5000, 10_000];

    /// <summary>The half hours of a day that people ask for.</summary>
    public static readonly IReadOnlyList<LocalTime> Times = [.. Enumerable.Range(14, 29).Select(half => LocalTime.Midnight.PlusMinutes(half * 30))];

    private static readonly LocalTimePattern Clock = LocalTimePattern.CreateWithInvariantCulture("HH:mm");

    [BindProperty] public Id<Need> Id { get; set; }
    [BindProperty] public string? Kind { get; set; }
    [BindProperty] public Id<Person> Person { get; set; }
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
    public IReadOnlyList<FamilyMember> People { get; private set; } = [];

    public static string Write(LocalTime time) => Clock.Format(time);

    public Task<IActionResult> OnGetAsync([FromQuery(Name = "tipo")] string? kind, CancellationToken cancel)
    {
        ModelState.Clear();
        (Id, Kind, Languages) = (Id<Need>.New(), kind, ["it"]);
        return ShowAsync(cancel);
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        if (!ModelState.IsValid || Days.Count > 7) return BadRequest();
        var isMoney = ItalianAmount.TryParse(Cap, out var cap, out var fault);
        if (!isMoney) ModelState.AddModelError(nameof(Cap), ImportWords.AmountSentence(fault!));
        if (!Id<MeetingPlace>.TryParse(Near, null, out var near)) ModelState.AddModelError(nameof(Near), RefusalText.For(new MeetingPlaceNotFound(default)));
        if (Windows() is not { } windows) return BadRequest();
        if (!ModelState.IsValid) return await ShowAsync(cancel);

        var need = new NewNeed(Id, Person, Kind ?? "", Minutes, windows, SizeMin, SizeMax, near, Reach, Languages, cap);
        var opened = await needs.OpenAsync(place.Territory, need, new(visitor.Household, visitor.UserId), cancel);
        if (!opened.IsRefused(out var refusal, out var id)) return LocalRedirect($"~/ricerche/{id}?fatto=aperta");
        ModelState.AddModelError(refusal is FieldRefusal field ? ControlOf(field.Field) : "", RefusalText.For(refusal));
        return await ShowAsync(cancel);
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

    private async Task<IActionResult> ShowAsync(CancellationToken cancel)
    {
        var tree = await classes.TreeAsync(place.Territory, cancel);
        Kinds = [.. tree.All.Where(c => !tree.ChildrenOf(c.Code).Any())];
        Places = await places.ListAsync(place.Territory, cancel);
        People = await bookings.PeopleAsync(place.Territory, visitor.Household, cancel);
        if (People.All(p => p.Id != Person)) Person = People[0].Id;
        return Page();
    }
}
