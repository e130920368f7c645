using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.Desk;

/// <summary>Families that wait for a call: who, about what, since when; and what was agreed with those who were called.</summary>
public sealed class RequestsModel(HelpRequests requests, CurrentPlace place, SignedIn visitor, IClock clock) : PageModel
{
    private const int AnsweredShown = 20;

    public IReadOnlyList<HelpRequest> Waiting { get; private set; } = [];
    public IReadOnlyList<HelpRequest> Answered { get; private set; } = [];
    public NodaTime.Instant Now { get; private set; }

    /// <summary>The question that is being answered, when its answer came back with a fault.</summary>
    public Id<HelpRequest>? Answering { get; private set; }

    [BindProperty]
    public string? Answer { get; set; }

    public Task OnGetAsync(CancellationToken cancel) => ReadAsync(cancel);

    public async Task<IActionResult> OnPostAsync(Id<HelpRequest> request, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        var result = await requests.AnswerAsync(place.Territory, request, visitor.UserId, Answer ?? "", cancel);
        if (!result.IsRefused(out var refusal)) return LocalRedirect("~/sportello/richieste");
        if (refusal is HelpRequestNotFound) return NotFound();
        ModelState.AddModelError(refusal is TextLength ? nameof(Answer) : "", RefusalText.For(refusal));
        Answering = request;
        await ReadAsync(cancel);
        return Page();
    }

    private async Task ReadAsync(CancellationToken cancel)
    {
        Now = clock.Now;
        Waiting = await requests.WaitingAsync(place.Territory, cancel);
        Answered = await requests.AnsweredAsync(place.Territory, AnsweredShown, cancel);
    }
}
