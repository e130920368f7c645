using Borsellino.Marketplace;
using Borsellino.Marketplace.Standards;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.Account;

/// <summary>
/// Sets up a second factor: for whoever must have one and has just shown a password, and for whoever wants one, or
/// another, and shows the password again.
/// </summary>
public sealed class SecondFactorModel(
    CurrentPlace place, SignedIn visitor, Authenticator authenticator, Sessions sessions, SessionCookie cookie, Credentials credentials,
    Users users, Entry entry) : PageModel
{
    [BindProperty]
    public string? Code { get; set; }

    [BindProperty]
    public string? Current { get; set; }

    /// <summary>The offered secret, sealed.</summary>
    [BindProperty]
    public string? Offer { get; set; }

    /// <summary>Where the person wanted to go.</summary>
    [BindProperty(SupportsGet = true, Name = "dopo")]
    public string? After { get; set; }

    public OfferedSecret? Offered { get; private set; }

    public IReadOnlyList<string> RecoveryCodes { get; private set; } = [];

    /// <summary>Where the person goes on to when the codes are saved.</summary>
    public string Next { get; private set; } = "";

    public string Email { get; private set; } = "";

    /// <summary>Whether the password must be shown here: it was not shown just before.</summary>
    public bool AsksPassword => visitor.IsKnown;

    /// <summary>The secret as people type it, in groups of four.</summary>
    public string SecretText => string.Join(' ', Totp.Base32(Offered!.Secret).Chunk(4).Select(group => new string(group)));

    /// <summary>What an app reads from the picture.</summary>
    public string AppAddress
    {
        get
        {
            var issuer = Uri.EscapeDataString($"Borsellino {place.Place.ShortName}");
            return $"otpauth://totp/{issuer}:{Uri.EscapeDataString(Email)}?secret={Totp.Base32(Offered!.Secret)}&issuer={issuer}";
        }
    }

    private SignedInUser? Person => visitor.IsKnown ? visitor.User : visitor.Pending is { Awaits: Awaited.Enrolment } ? visitor.Pending : null;

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        if (!place.IsKnown) return NotFound();
        if (Person is not { } person) return Page();
        Offered = authenticator.Offer(person.Id);
        await KnowAsync(person, cancel);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        if (!place.IsKnown) return NotFound();
        if (Person is not { } person) return Page();
        await KnowAsync(person, cancel);
        ModelState.Clear();
        Offered = authenticator.Read(person.Id, Offer);
        if (Offered is null)
        {
            Offered = authenticator.Offer(person.Id);
            ModelState.AddModelError("", Texts.Say("È passato troppo tempo. Collega il telefono con il segreto nuovo che vedi qui."));
            return Page();
        }

        var code = string.Concat((Code ?? "").Where(c => c is not (' ' or '-')));
        if (code.Length != Totp.Digits || !code.All(char.IsAsciiDigit)) ModelState.AddModelError(nameof(Code), Texts.Say("Scrivi le sei cifre che vedi nell’app."));
        if (AsksPassword && Credentials.MissingSentence(Current) is { } missing) ModelState.AddModelError(nameof(Current), missing);
        if (!ModelState.IsValid) return Page();

        if (AsksPassword
            && await credentials.ConfirmAsync(place.Territory, Email, Current!, HttpContext.Connection.RemoteIpAddress, cancel) is { } wrong)
        {
            ModelState.AddModelError(nameof(Current), wrong);
            return Page();
        }

        var set = await authenticator.SetAsync(place.Territory, person, Offered, code, cancel);
        if (set.IsRefused(out var refusal, out var codes))
        {
            ModelState.AddModelError(nameof(Code), RefusalText.For(refusal));
            return Page();
        }

        await credentials.ForgetTriesAsync(place.Territory, Email, cancel);
        var token = visitor.IsKnown
            ? await sessions.WearAsync(place.Territory, person.SessionId, person.RoleId, cancel)
            : await sessions.CompleteAsync(place.Territory, person.SessionId, cancel);
        if (token is null) return LocalRedirect("~/entra");
        cookie.Write(token);
        RecoveryCodes = codes.All;
        Next = visitor.IsKnown ? "~/profilo" : entry.After(After, person.Role);
        return Page();
    }

    private async Task KnowAsync(SignedInUser person, CancellationToken cancel)
    {
        var user = await users.FindAsync(place.Territory, person.Id, cancel) ?? throw new InvalidOperationException("The visitor has no user.");
        Email = user.Email;
        // The secret stands on this page, and later the codes.
        Response.Headers.CacheControl = "no-cache, no-store";
    }
}
