using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.Member;

/// <summary>Who I am here, which roles I have, and which one I wear now.</summary>
public sealed class ProfileModel(CurrentPlace place, SignedIn visitor, Users users) : PageModel
{
    public IReadOnlyList<RoleGrant> Roles { get; private set; } = [];

    public SignedInUser Visitor => visitor.User;

    public async Task OnGetAsync(CancellationToken cancel) =>
        Roles = await users.RolesAsync(place.Territory, visitor.UserId, cancel);

    /// <summary>Puts on another of one's own roles.</summary>
    public async Task<IActionResult> OnPostRoleAsync(Id<RoleGrant> role, CancellationToken cancel)
    {
        var chosen = (await users.RolesAsync(place.Territory, visitor.UserId, cancel)).FirstOrDefault(r => r.Id == role);
        if (chosen is null) return NotFound();
        await SignInCookie.WriteAsync(HttpContext, place.Territory, visitor.UserId, visitor.User.SecurityStamp, chosen);
        return LocalRedirect(Visitors.HomeOf(chosen.Role));
    }
}
