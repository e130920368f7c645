using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.Account;

/// <summary>The second step of a sign-in: a code of the person's app, or one of those on paper.</summary>
public sealed class CodeModel(
    CurrentPlace place, SignedIn visitor, Authenticator authenticator, Sessions sessions, SessionCookie cookie, Credentials credentials,
    Users users, Entry entry) : PageModel
{
    [BindProperty]
    public string? Code { get; set; }

    /// <summary>Where the person wanted to go.</summary>
    [BindProperty(SupportsGet = true, Name = "dopo")]
    public string? After { get; set; }

    /// <summary>Whether the person has no telephone at hand.</summary>
    [BindProperty(SupportsGet = true, Name = "riserva")]
    public bool Recovery { get; set; }

    /// <summary>Whether a password was shown just before; else there is nothing to do here.</summary>
    public bool IsAwaited => visitor.Pending is { Awaits: Awaited.Code };

    public IActionResult OnGet() => place.IsKnown ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        if (!place.IsKnown) return NotFound();
        if (!IsAwaited) return Page();
        var person = visitor.Pending!;
        ModelState.Clear();
        var isRight = Code is { Length: >= 6 and <= 60 }
            ? await authenticator.CheckAsync(place.Territory, person.Id, Code, HttpContext.Connection.RemoteIpAddress, cancel)
            : new WrongCode();
        if (isRight.IsRefused(out var refusal))
        {
            ModelState.AddModelError(nameof(Code), RefusalText.For(refusal));
            return Page();
        }

        // Only now: somebody who knows the password alone must not begin the count of codes anew.
        if (await users.FindAsync(place.Territory, person.Id, cancel) is { } user) await credentials.ForgetTriesAsync(place.Territory, user.Email, cancel);
        if (await sessions.CompleteAsync(place.Territory, person.SessionId, cancel) is not { } token) return LocalRedirect("~/entra");
        cookie.Write(token);
        return LocalRedirect(entry.After(After, person.Role));
    }
}
