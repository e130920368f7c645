using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Borsellino.Web.Pages.Member;

/// <summary>Takes up a delegation by its code, and gives back those one has. Taken up, its role is worn at once.</summary>
public sealed class TakeDelegationModel(CurrentPlace place, SignedIn visitor, Delegations delegations, Sessions sessions, SessionCookie cookie, IClock clock) : PageModel
{
    public IReadOnlyList<Delegation> Mine { get; private set; } = [];
    public LocalDate Today => clock.Today();
    public Instant Now => clock.Now;

    [BindProperty] public string? Code { get; set; }

    public Task OnGetAsync(CancellationToken cancel) => ShowAsync(cancel);

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        if ((await delegations.AcceptAsync(place.Territory, Code, visitor.UserId, cancel)).IsRefused(out var refusal, out var role))
        {
            ModelState.AddModelError(refusal is DelegationCodeWrong ? nameof(Code) : "", RefusalText.For(refusal));
            await ShowAsync(cancel);
            return Page();
        }

        if (await sessions.WearAsync(place.Territory, visitor.User.SessionId, role, cancel) is { } token) cookie.Write(token);
        return LocalRedirect(Visitors.HomeOf(Role.Household));
    }

    public async Task<IActionResult> OnPostRenounceAsync(Id<Delegation> delegation, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        if ((await delegations.RenounceAsync(place.Territory, delegation, visitor.UserId, cancel)).IsRefused(out _)) return NotFound();
        return LocalRedirect("~/profilo/delega");
    }

    private async Task ShowAsync(CancellationToken cancel) => Mine = await delegations.OfDelegateAsync(place.Territory, visitor.UserId, cancel);
}
