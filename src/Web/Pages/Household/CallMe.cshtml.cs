using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.ForHouseholds;

/// <summary>A family asks to be called back, without saying again who it is or what it was looking at.</summary>
public sealed class CallMeModel(CurrentPlace place, SignedIn visitor, HelpRequests requests, HelpContext context) : PageModel
{
    private const int RequestsShown = 5;

    /// <summary>Made with the form, so that sending it twice asks once.</summary>
    [BindProperty]
    public Id<HelpRequest> Ticket { get; set; }

    [BindProperty]
    public string? Phone { get; set; }

    [BindProperty]
    public string? Question { get; set; }

    /// <summary>The address below the territory's of the page that was left for this one.</summary>
    [BindProperty]
    public string? From { get; set; }

    /// <summary>Whether the office may read which page that was.</summary>
    [BindProperty]
    public bool TellsPage { get; set; } = true;

    /// <summary>What stood on the page that was left, in words; empty for nothing that would help.</summary>
    public string About { get; private set; } = "";

    public IReadOnlyList<HelpRequest> Asked { get; private set; } = [];

    /// <summary>What has just been asked.</summary>
    public HelpRequest? Sent { get; private set; }

    public async Task OnGetAsync([FromQuery(Name = "chiesto")] Id<HelpRequest>? sent, [FromQuery(Name = "da")] string? from, CancellationToken cancel)
    {
        ModelState.Clear();
        Ticket = Id<HelpRequest>.New();
        From = from;
        Phone = await requests.PhoneOfAsync(place.Territory, visitor.Household, cancel);
        await ReadAsync(cancel);
        Sent = Asked.FirstOrDefault(r => r.Id == sent);
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        var isReadable = ModelState.IsValid;
        ModelState.Clear();
        await ReadAsync(cancel);
        if (!isReadable) return BadRequest();
        if (string.IsNullOrWhiteSpace(Phone)) ModelState.AddModelError(nameof(Phone), Texts.Say("Scrivi il numero a cui ti chiamiamo."));
        if (!ModelState.IsValid) return Page();
        var request = new NewHelpRequest(Ticket, TellsPage ? From ?? "" : "", TellsPage ? About : "", Phone!, Question ?? "");
        var asked = await requests.AskAsync(place.Territory, request, new(visitor.Household, visitor.UserId), cancel);
        if (!asked.IsRefused(out var refusal, out var id)) return LocalRedirect($"~/aiuto/richiamatemi?chiesto={id}");
        ModelState.AddModelError(
            refusal switch { PhoneUnreadable => nameof(Phone), TextLength => nameof(Question), _ => "" }, RefusalText.For(refusal));
        return Page();
    }

    private async Task ReadAsync(CancellationToken cancel)
    {
        About = await context.WordsAsync(From, cancel);
        Asked = await requests.OfHouseholdAsync(place.Territory, visitor.Household, RequestsShown, cancel);
    }
}
