using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Borsellino.Web.Pages.Officers;

/// <summary>All programmes with their figures.</summary>
public sealed class ProgrammesModel(ProgrammeReport report, CurrentPlace place, IClock clock) : PageModel
{
    public IReadOnlyList<ProgrammeFigures> Programmes { get; private set; } = [];
    public Instant Now { get; private set; }

    public async Task OnGetAsync(CancellationToken cancel)
    {
        Now = clock.Now;
        Programmes = await report.ListAsync(place.Territory, cancel);
    }
}
