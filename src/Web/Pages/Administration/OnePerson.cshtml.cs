using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.Administration;

/// <summary>
/// One person's sign-in, for who looks after them: sessions ended, a lost phone's code taken away, shut out and let in again
/// (ASVS 6.4.4, 7.4.5). Whoever acts and for whom is in the log, by id. Nobody does this to themselves here.
/// </summary>
public sealed partial class OnePersonModel(
    SignInRegister register, Sessions sessions, SecondFactors factors, Users users, CurrentPlace place, SignedIn visitor, ILogger<OnePersonModel> log) : PageModel
{
    public SignInLine Person { get; private set; } = null!;

    /// <summary>What has just been done, as the address says it: <c>accessi</c>, <c>telefono</c>, <c>fuori</c>, <c>dentro</c>.</summary>
    [BindProperty(SupportsGet = true, Name = "fatto")]
    public string? Done { get; set; }

    /// <summary>That the person was recognised on the phone or at the desk.</summary>
    [BindProperty]
    public bool IsSure { get; set; }

    public bool IsMe => Person.Id == visitor.UserId;

    public async Task<IActionResult> OnGetAsync(Id<User> id, CancellationToken cancel) =>
        ModelState.IsValid && await ReadAsync(id, cancel) ? Page() : NotFound();

    public Task<IActionResult> OnPostSessionsAsync(Id<User> id, CancellationToken cancel) =>
        DoAsync(id, "accessi", () => sessions.EndAllAsync(place.Territory, id, cancel: cancel), cancel);

    public async Task<IActionResult> OnPostPhoneAsync(Id<User> id, CancellationToken cancel)
    {
        if (IsSure || !ModelState.IsValid) return await DoAsync(id, "telefono", () => ForgetPhoneAsync(id, cancel), cancel);
        if (!await ReadAsync(id, cancel) || IsMe) return NotFound();
        ModelState.AddModelError(nameof(IsSure), Texts.Say("Spunta la casella dopo aver controllato che sia proprio questa persona."));
        return Page();
    }

    public Task<IActionResult> OnPostDisableAsync(Id<User> id, CancellationToken cancel) =>
        DoAsync(id, "fuori", () => users.DisableAsync(place.Territory, id, cancel), cancel);

    public Task<IActionResult> OnPostEnableAsync(Id<User> id, CancellationToken cancel) =>
        DoAsync(id, "dentro", () => users.EnableAsync(place.Territory, id, cancel), cancel);

    private async Task ForgetPhoneAsync(Id<User> id, CancellationToken cancel)
    {
        await factors.RemoveAsync(place.Territory, id, cancel);
        await sessions.EndAllAsync(place.Territory, id, cancel: cancel);
    }

    private async Task<IActionResult> DoAsync(Id<User> id, string what, Func<Task> act, CancellationToken cancel)
    {
        if (!ModelState.IsValid || !await ReadAsync(id, cancel) || IsMe) return NotFound();
        await act();
        Changed(log, visitor.Actor, what, id.ToString());
        return LocalRedirect($"~/amministrazione/persone/{id}?fatto={what}");
    }

    private async Task<bool> ReadAsync(Id<User> id, CancellationToken cancel)
    {
        if (await register.FindAsync(place.Territory, id, cancel) is not { } person) return false;
        Person = person;
        return true;
    }

    public string? DoneSentence => Done switch
    {
        "accessi" => Texts.Say("Fatto: gli accessi aperti sono chiusi."),
        "telefono" => Texts.Say("Fatto: il codice del telefono non serve più, ne collegherà un altro."),
        "fuori" => Texts.Say("Fatto: non entra più."),
        "dentro" => Texts.Say("Fatto: può entrare di nuovo."),
        _ => null,
    };

    [LoggerMessage(1, LogLevel.Warning, "{Actor} changed the sign-in ({What}) of {User}")]
    private static partial void Changed(ILogger log, string actor, string what, string user);
}
