using System.ComponentModel.DataAnnotations;
using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.Account;

/// <summary>Sets a new password by the link that was sent. Looking at the page uses nothing up: programs that read mail do.</summary>
public sealed class NewPasswordModel(CurrentPlace place, Passwords passwords, Credentials credentials) : PageModel
{
    /// <summary>The token of the link.</summary>
    [BindProperty(SupportsGet = true, Name = "codice"), StringLength(100)]
    public string? Token { get; set; }

    [BindProperty]
    public string? Password { get; set; }

    public bool IsValid { get; private set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        if (!place.IsKnown) return NotFound();
        IsValid = await OwnerAsync(cancel) is not null;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        if (!place.IsKnown) return NotFound();
        if (await OwnerAsync(cancel) is not { } owner) return Page();
        IsValid = true;
        if (PasswordRules.FaultOf(Password ?? "", owner.Email, owner.DisplayName, place.Place.ShortName) is { } fault)
        {
            ModelState.Clear();
            ModelState.AddModelError(nameof(Password), PasswordWords.Sentence(fault));
            return Page();
        }

        if ((await passwords.ResetAsync(place.Territory, Token!, credentials.HashOf(Password!), cancel)).IsRefused(out _))
        {
            // Somebody was faster with the same link.
            IsValid = false;
            return Page();
        }

        await credentials.ForgetTriesAsync(place.Territory, owner.Email, cancel);
        return LocalRedirect("~/entra?fatto=password");
    }

    private async Task<ResetOwner?> OwnerAsync(CancellationToken cancel) =>
        Token is { Length: > 0 and <= 100 } ? await passwords.FindResetAsync(place.Territory, Token, cancel) : null;
}
