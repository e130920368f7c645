using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.Member;

/// <summary>Who I am here, which roles I have, which one I wear now, and where I am signed in.</summary>
public sealed class ProfileModel(CurrentPlace place, SignedIn visitor, Users users, Sessions sessions, SecondFactors factors, SessionCookie cookie) : PageModel
{
    public IReadOnlyList<RoleGrant> Roles { get; private set; } = [];

    public SecondFactor? SecondFactor { get; private set; }

    public IReadOnlyList<Session> Sessions { get; private set; } = [];

    /// <summary>What has just been done: a new password was set.</summary>
    [BindProperty(SupportsGet = true, Name = "fatto")]
    public string? Done { get; set; }

    public SignedInUser Visitor => visitor.User;

    public async Task OnGetAsync(CancellationToken cancel)
    {
        Roles = await users.RolesAsync(place.Territory, visitor.UserId, cancel);
        SecondFactor = await factors.FindAsync(place.Territory, visitor.UserId, cancel);
        // This one first: it is the one people know for sure.
        Sessions = [.. (await sessions.OfAsync(place.Territory, visitor.UserId, cancel)).OrderByDescending(s => s.Id == Visitor.SessionId)];
    }

    /// <summary>Puts on another of one's own roles.</summary>
    public async Task<IActionResult> OnPostRoleAsync(Id<RoleGrant> role, CancellationToken cancel)
    {
        var chosen = (await users.RolesAsync(place.Territory, visitor.UserId, cancel)).FirstOrDefault(r => r.Id == role);
        if (chosen is null || await sessions.WearAsync(place.Territory, Visitor.SessionId, chosen.Id, cancel) is not { } token) return NotFound();
        cookie.Write(token);
        return LocalRedirect(Visitors.HomeOf(chosen.Role));
    }

    /// <summary>Ends one of one's own sessions. The one in use is ended by signing out.</summary>
    public async Task<IActionResult> OnPostEndAsync(Id<Session> session, CancellationToken cancel)
    {
        if (session == Visitor.SessionId) return NotFound();
        if (!await sessions.EndAsync(place.Territory, visitor.UserId, session, cancel)) return NotFound();
        return LocalRedirect("~/profilo#dove");
    }

    /// <summary>Ends all of one's sessions but the one in use.</summary>
    public async Task<IActionResult> OnPostEndOthersAsync(CancellationToken cancel)
    {
        await sessions.EndAllAsync(place.Territory, visitor.UserId, Visitor.SessionId, cancel);
        return LocalRedirect("~/profilo#dove");
    }
}
