using System.ComponentModel.DataAnnotations;
using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.Account;

/// <summary>
/// Signs a person in with e-mail and password. Whatever is wrong, the answer is the same sentence after the same work,
/// so that nobody learns who has a sign-in here. In a demo territory its people come in with one click.
/// </summary>
public sealed class SignInModel(CurrentPlace place, Users users, Credentials credentials, Entry entry, SignInSettings settings) : PageModel
{
    [BindProperty, Required, StringLength(254)]
    public string Email { get; set; } = "";

    [BindProperty, Required, StringLength(PasswordRules.LengthMax)]
    public string Password { get; set; } = "";

    /// <summary>Where the person wanted to go.</summary>
    [BindProperty(SupportsGet = true, Name = "dopo")]
    public string? After { get; set; }

    /// <summary>What has just been done: a new password was set.</summary>
    [BindProperty(SupportsGet = true, Name = "fatto")]
    public string? Done { get; set; }

    /// <summary>What one can enter with besides, such as SPID or CIE; null when nothing is configured.</summary>
    public string? OtherWay => settings.OpenId?.Name;

    public IReadOnlyList<DemoPerson> DemoPeople { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        if (!place.IsKnown) return NotFound();
        return await ShowAsync(cancel);
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        if (!place.IsKnown) return NotFound();
        if (!ModelState.IsValid) return await RefuseAsync(new WrongCredentials(), cancel);
        var checkedUser = await credentials.CheckAsync(place.Territory, Email, Password, HttpContext.Connection.RemoteIpAddress, cancel);
        if (checkedUser.IsRefused(out var refusal, out var user)) return await RefuseAsync(refusal, cancel);
        if (await entry.BeginAsync(user, null, After, isEnough: false, cancel) is not { } entered) return await RefuseAsync(new WrongCredentials(), cancel);
        // Where a code is still to be shown, the tries are forgotten after it.
        if (entered.Awaits is not Awaited.Code) await credentials.ForgetTriesAsync(place.Territory, Email, cancel);
        return LocalRedirect(entered.Address);
    }

    /// <summary>One click for a person of the demo town; a territory that is no demo knows no such page.</summary>
    public async Task<IActionResult> OnPostDemoAsync(Id<User> person, CancellationToken cancel)
    {
        if (!place.IsKnown || !place.Place.Demo) return NotFound();
        var known = (await users.DemoPeopleAsync(place.Territory, cancel)).FirstOrDefault(p => p.Id == person);
        if (known is null || await users.FindByEmailAsync(place.Territory, known.Email, cancel) is not { } user) return NotFound();
        return await entry.BeginAsync(user, known.Role, After, isEnough: true, cancel) is { } entered ? LocalRedirect(entered.Address) : NotFound();
    }

    private Task<IActionResult> RefuseAsync(Refusal refusal, CancellationToken cancel)
    {
        ModelState.Clear();
        ModelState.AddModelError(nameof(Email), RefusalText.For(refusal));
        if (refusal is TooManyTries) Response.StatusCode = StatusCodes.Status429TooManyRequests;
        return ShowAsync(cancel);
    }

    private async Task<IActionResult> ShowAsync(CancellationToken cancel)
    {
        Password = "";
        if (place.Place.Demo) DemoPeople = await users.DemoPeopleAsync(place.Territory, cancel);
        return Page();
    }
}
