using Borsellino.Marketplace;
using Borsellino.Web.Hosting;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.Account;

/// <summary>
/// Signs in by SPID or CIE: sends the browser to the server that knows people, and takes it back. Whoever is known there and
/// not here is told so: nobody gets a sign-in by it.
/// </summary>
public sealed class IdentityModel(CurrentPlace place, Settings settings, SignInSettings signIn, IServiceProvider services, Users users, Entry entry) : PageModel
{
    /// <summary>Where the person wanted to go.</summary>
    [BindProperty(SupportsGet = true, Name = "dopo")]
    public string? After { get; set; }

    public string Refused { get; private set; } = "";

    private string CookieName => SessionCookie.NameFor(settings, $"borsellino-openid-{place.Place.Slug}");

    private string ReturnTo => $"{settings.HomeOf(HttpContext, place.Place)}/entra/identita/ritorno";

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        if (!place.IsKnown || signIn.OpenId is null) return NotFound();
        var start = await services.GetRequiredService<OpenId>().StartAsync(ReturnTo, After, cancel);
        Response.Cookies.Append(CookieName, start.Kept, Options());
        return Redirect(start.Address);
    }

    /// <summary>The browser comes back from the other server.</summary>
    public async Task<IActionResult> OnGetRitornoAsync(CancellationToken cancel)
    {
        if (!place.IsKnown || signIn.OpenId is null) return NotFound();
        var finished = await services.GetRequiredService<OpenId>().FinishAsync(Request.Query, Request.Cookies[CookieName], cancel);
        // Whatever came of it, it is over.
        Response.Cookies.Delete(CookieName, Options());
        if (finished.IsRefused(out var refusal, out var person)) return Refuse(RefusalText.For(refusal));
        if (await users.FindByTaxCodeAsync(place.Territory, person.TaxCode, cancel) is not { DisabledAt: null } user
            || await entry.BeginAsync(user, null, person.After, person.IsStrong, cancel) is not { } entered)
            return Refuse(Texts.Say("Ti abbiamo riconosciuto, ma qui non c’è un accesso a tuo nome. Chiamaci al {0}: lo prepariamo insieme.", place.Place.HelpPhone));
        return LocalRedirect(entered.Address);
    }

    private PageResult Refuse(string sentence)
    {
        Refused = sentence;
        return Page();
    }

    // The way back comes from another site: strict cookies would stay at home.
    private CookieOptions Options() => SessionCookie.OptionsFor(settings, TimeSpan.FromMinutes(10));
}
