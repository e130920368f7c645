using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Borsellino.Web.Pages.Officers;

/// <summary>The requests that wait, and who may serve what until when.</summary>
public sealed class AccreditationsModel(Accreditations accreditations, AccreditationRequests requests, CurrentPlace place, IClock clock) : PageModel
{
    public LocalDate Today => clock.Today();
    public IReadOnlyList<AccreditationRequest> Requests { get; private set; } = [];
    public IReadOnlyList<AccreditationCard> All { get; private set; } = [];

    /// <summary>How many requests wait for the office, and not for the provider.</summary>
    public int Waiting => Requests.Count(r => r.Status is RequestStatus.Submitted);

    public async Task OnGetAsync(CancellationToken cancel)
    {
        Requests = await requests.OpenAsync(place.Territory, cancel);
        All = await accreditations.AllAsync(place.Territory, cancel);
    }
}
