using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Borsellino.Web.Pages.ForProviders;

/// <summary>What the provider may serve and until when, and what it has asked for.</summary>
public sealed class AccreditationsModel(
    CurrentPlace place, SignedIn visitor, Accreditations accreditations, AccreditationRequests requests, ServiceClasses classes, IClock clock) : PageModel
{
    /// <summary>How long before its end an accreditation is worth asking for again.</summary>
    private static readonly Period RenewBefore = Period.FromMonths(3);

    public string Provider => visitor.User.About;
    public LocalDate Today => clock.Today();
    public IReadOnlyList<Accreditation> All { get; private set; } = [];
    public IReadOnlyList<AccreditationRequest> Requests { get; private set; } = [];
    public ClassTree Tree { get; private set; } = null!;

    /// <summary>Whether it ends soon and nothing follows it yet.</summary>
    public bool WantsRenewal(Accreditation one) =>
        one.Status is AccreditationStatus.Granted && one.ValidTo >= Today && one.ValidTo <= Today + RenewBefore
        && !All.Any(a => a.ClassCode == one.ClassCode && a.ValidFrom > one.ValidTo && a.Status is not AccreditationStatus.Revoked)
        && !Requests.Any(r => r.IsOpen && r.ClassCode == one.ClassCode);

    public async Task OnGetAsync(CancellationToken cancel)
    {
        All = await accreditations.OfAsync(place.Territory, visitor.Provider, cancel);
        Requests = await requests.OfProviderAsync(place.Territory, visitor.Provider, cancel);
        Tree = await classes.TreeAsync(place.Territory, cancel);
    }
}
