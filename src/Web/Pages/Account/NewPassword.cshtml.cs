using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.Account;

/// <summary>
/// Sets a new password by the code that was sent. The link of the letter carries it behind the <c>#</c>, so that no address that a server
/// sees or writes down has it; without scripts it is copied from the letter. Looking at the page uses nothing up.
/// </summary>
public sealed class NewPasswordModel(CurrentPlace place, Passwords passwords, Credentials credentials) : PageModel
{
    private const int TokenMax = 100;

    [BindProperty]
    public string? Token { get; set; }

    [BindProperty]
    public string? Password { get; set; }

    /// <summary>The code was used, is too old, or was never sent.</summary>
    public bool IsOver { get; private set; }

    public IActionResult OnGet() => place.IsKnown ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        if (!place.IsKnown) return NotFound();
        if (!ModelState.IsValid) return BadRequest();
        var token = Token?.Trim() ?? "";
        if (token.Length == 0)
        {
            ModelState.AddModelError(nameof(Token), Texts.Say("Scrivi il codice che sta nella e-mail."));
            return Page();
        }

        var owner = token.Length <= TokenMax ? await passwords.FindResetAsync(place.Territory, token, cancel) : null;
        if (owner is null)
        {
            IsOver = true;
            return Page();
        }

        if (PasswordRules.FaultOf(Password ?? "", owner.Email, owner.DisplayName, place.Place.ShortName) is { } fault)
        {
            ModelState.AddModelError(nameof(Password), PasswordWords.Sentence(fault));
            return Page();
        }

        if ((await passwords.ResetAsync(place.Territory, token, credentials.HashOf(Password!), cancel)).IsRefused(out _))
        {
            // Somebody was faster with the same code.
            IsOver = true;
            return Page();
        }

        await credentials.ForgetTriesAsync(place.Territory, owner.Email, cancel);
        return LocalRedirect("~/entra?fatto=password");
    }
}
