using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.Account;

/// <summary>Ends the sign-in. Only by a form: a link cannot sign somebody out.</summary>
public sealed class SignOutModel(CurrentPlace place, SessionCookie cookie) : PageModel
{
    public IActionResult OnGet() => LocalRedirect("~/");

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        if (place.IsKnown) await cookie.EndAsync(cancel);
        return LocalRedirect("~/");
    }
}
