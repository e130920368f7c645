using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.Desk;

/// <summary>How many look for one service in one municipality, and what is in the way of those who wait.</summary>
public sealed record NeedsRow(string Name, string Municipality, int Open, int Asked, int Agreed, string Why);

/// <summary>What households look for together, as counts: where demand is that nobody serves. And a plan out of turn.</summary>
public sealed class NeedsModel(Needs needs, NeedCards cards, CurrentPlace place, SignedIn visitor) : PageModel
{
    public IReadOnlyList<NeedsRow> Rows { get; private set; } = [];
    public int Total { get; private set; }

    /// <summary>Only an officer finds money for a group.</summary>
    public bool MayCover => visitor.Is(Role.Officer);

    /// <summary>What has just been done, as the address says it: <c>piano</c>, <c>aperta</c>.</summary>
    [BindProperty(SupportsGet = true, Name = "fatto")]
    public string? Done { get; set; }

    public async Task OnGetAsync(CancellationToken cancel)
    {
        var figures = await cards.FiguresAsync(place.Territory, cancel);
        Total = figures.Sum(f => f.Needs);
        Rows = [.. figures.GroupBy(f => (Name: BookingWords.Either(f.NameIt, f.NameEn), f.Municipality)).Select(g => new NeedsRow(
            g.Key.Name, g.Key.Municipality, Count(g, NeedStatus.Open), Count(g, NeedStatus.Asked), Count(g, NeedStatus.Agreed),
            string.Join(", ", g.Where(f => f.Status is NeedStatus.Open).Select(f => $"{NeedWords.WhyForOffice(f.Why)}: {f.Needs}"))))];
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        await needs.PlanAsync(place.Territory, cancel);
        return LocalRedirect("~/sportello/ricerche?fatto=piano");
    }

    private static int Count(IEnumerable<NeedFigure> figures, NeedStatus status) => figures.Where(f => f.Status == status).Sum(f => f.Needs);
}
