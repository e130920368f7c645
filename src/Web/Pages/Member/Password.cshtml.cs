using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.Member;

/// <summary>Changes one's own password. The present one is asked for: a phone left on a table must not be enough.</summary>
public sealed class PasswordModel(
    CurrentPlace place, SignedIn visitor, Users users, Passwords passwords, Sessions sessions, Credentials credentials, SessionCookie cookie) : PageModel
{
    [BindProperty]
    public string? Current { get; set; }

    [BindProperty]
    public string? Password { get; set; }

    public string Email { get; private set; } = "";

    public async Task OnGetAsync(CancellationToken cancel) => await OwnerAsync(cancel);

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        var owner = await OwnerAsync(cancel);
        ModelState.Clear();
        if (PasswordRules.FaultOf(Password ?? "", owner.Email, owner.DisplayName, place.Place.ShortName) is { } fault)
            ModelState.AddModelError(nameof(Password), PasswordWords.Sentence(fault));
        if (Credentials.MissingSentence(Current) is { } missing) ModelState.AddModelError(nameof(Current), missing);
        if (!ModelState.IsValid) return Page();

        if (await credentials.ConfirmAsync(place.Territory, owner.Email, Current!, HttpContext.Connection.RemoteIpAddress, cancel) is { } wrong)
        {
            ModelState.AddModelError(nameof(Current), wrong);
            return Page();
        }

        await credentials.ForgetTriesAsync(place.Territory, owner.Email, cancel);
        await passwords.ChangeAsync(place.Territory, owner.Id, credentials.HashOf(Password!), visitor.User.SessionId, cancel);
        // Whoever has copied this browser's token must not keep it either.
        if (await sessions.WearAsync(place.Territory, visitor.User.SessionId, visitor.User.RoleId, cancel) is { } token) cookie.Write(token);
        return LocalRedirect("~/profilo?fatto=password");
    }

    private async Task<User> OwnerAsync(CancellationToken cancel)
    {
        var owner = await users.FindAsync(place.Territory, visitor.UserId, cancel) ?? throw new InvalidOperationException("The visitor has no user.");
        Email = owner.Email;
        return owner;
    }
}
