using System.ComponentModel.DataAnnotations;
using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.Account;

/// <summary>
/// Signs a person in with e-mail and password. Whatever is wrong, the answer is the same sentence after the same work,
/// so that nobody learns who has a sign-in here. In a demo territory its people come in with one click.
/// </summary>
public sealed class SignInModel(CurrentPlace place, Users users, IPasswordHasher<User> hasher, SessionCookie cookie, IClock clock) : PageModel
{
    /// <summary>Checked when nobody has the e-mail, so that the answer takes as long.</summary>
    private static string? nobodysHash;

    [BindProperty, Required, StringLength(254)]
    public string Email { get; set; } = "";

    [BindProperty, Required, StringLength(128)]
    public string Password { get; set; } = "";

    /// <summary>Where the person wanted to go.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Dopo { get; set; }

    public IReadOnlyList<DemoPerson> DemoPeople { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        if (!place.IsKnown) return NotFound();
        return await ShowAsync(cancel);
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        if (!place.IsKnown) return NotFound();
        if (!ModelState.IsValid) return await RefuseAsync(cancel);
        var user = await users.FindByEmailAsync(place.Territory, Email, cancel);
        nobodysHash ??= hasher.HashPassword(null!, Guid.NewGuid().ToString());
        var isRight = hasher.VerifyHashedPassword(user!, user?.PasswordHash ?? nobodysHash, Password)
            is not PasswordVerificationResult.Failed;
        if (user is null || user.DisabledAt is not null || user.LockedUntil > clock.Now) return await RefuseAsync(cancel);
        if (!isRight)
        {
            await users.RecordFailureAsync(place.Territory, user.Id, cancel);
            return await RefuseAsync(cancel);
        }

        await users.RecordSuccessAsync(place.Territory, user.Id, cancel);
        return await EnterAsync(user, null, cancel);
    }

    /// <summary>One click for a person of the demo town; a territory that is no demo knows no such page.</summary>
    public async Task<IActionResult> OnPostDemoAsync(Id<User> person, CancellationToken cancel)
    {
        if (!place.IsKnown || !place.Place.Demo) return NotFound();
        var known = (await users.DemoPeopleAsync(place.Territory, cancel)).FirstOrDefault(p => p.Id == person);
        if (known is null || await users.FindByEmailAsync(place.Territory, known.Email, cancel) is not { } user) return NotFound();
        return await EnterAsync(user, known.Role, cancel);
    }

    private async Task<IActionResult> EnterAsync(User user, Role? wanted, CancellationToken cancel)
    {
        var roles = await users.RolesAsync(place.Territory, user.Id, cancel);
        if (roles.Count == 0) return await RefuseAsync(cancel);
        var role = roles.FirstOrDefault(r => r.Role == wanted) ?? roles[0];
        await cookie.StartAsync(user, role, cancel);
        // Only an address of this same territory is followed: a link from elsewhere cannot send people away.
        var isOurs = Dopo is not null && Url.IsLocalUrl(Dopo) && Dopo.StartsWith(Request.PathBase + "/", StringComparison.Ordinal);
        return isOurs ? LocalRedirect(Dopo!) : LocalRedirect(Visitors.HomeOf(role.Role));
    }

    private Task<IActionResult> RefuseAsync(CancellationToken cancel)
    {
        ModelState.Clear();
        ModelState.AddModelError(nameof(Email), Texts.Say("L’e-mail o la password non vanno bene. Controlla e riprova; dopo dieci errori si aspetta un quarto d’ora."));
        return ShowAsync(cancel);
    }

    private async Task<IActionResult> ShowAsync(CancellationToken cancel)
    {
        Password = "";
        if (place.Place.Demo) DemoPeople = await users.DemoPeopleAsync(place.Territory, cancel);
        return Page();
    }
}
