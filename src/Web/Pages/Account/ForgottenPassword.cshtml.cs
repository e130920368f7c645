using System.ComponentModel.DataAnnotations;
using Borsellino.Marketplace;
using Borsellino.Web.Hosting;
using Borsellino.Web.Mail;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.Account;

/// <summary>
/// Asks for a link by which a new password can be chosen. The answer is the same for everybody, and so is the work before
/// it: whether somebody has the e-mail is looked up later.
/// </summary>
public sealed class ForgottenPasswordModel(CurrentPlace place, PasswordMail mail, Attempts attempts, AddressLimit addresses, Settings settings)
    : PageModel
{
    [BindProperty, Required, StringLength(254), EmailAddress]
    public string Email { get; set; } = "";

    public bool IsAsked { get; private set; }

    public IActionResult OnGet() => place.IsKnown ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        if (!place.IsKnown) return NotFound();
        if (!ModelState.IsValid)
        {
            ModelState.Clear();
            ModelState.AddModelError(nameof(Email), Texts.Say("Scrivi un indirizzo e-mail, come nome@esempio.it."));
            return Page();
        }

        var from = HttpContext.Connection.RemoteIpAddress;
        if (addresses.IsReached(from))
        {
            ModelState.AddModelError(nameof(Email), RefusalText.For(new TooManyTries()));
            Response.StatusCode = StatusCodes.Status429TooManyRequests;
            return Page();
        }

        addresses.Count(from);
        if (await attempts.TryAsync(place.Territory, "reset", Email, cancel))
            mail.Ask(new(place.Place, Email, settings.HomeOf(HttpContext, place.Place), Language.IsEnglish));
        IsAsked = true;
        return Page();
    }
}
