using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Shared;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.Officers;

/// <summary>One request for accreditation: what was shown, and the three answers the office can give.</summary>
public sealed class OneRequestModel(AccreditationRequests requests, CurrentPlace place, SignedIn visitor, IClock clock) : PageModel
{
    [BindProperty] public string? Note { get; set; }
    [BindProperty] public string? From { get; set; }
    [BindProperty] public string? To { get; set; }
    [BindProperty] public string? Act { get; set; }

    /// <summary>The answer whose form is shown: <c>accredita</c>, <c>chiedi</c> or <c>rifiuta</c>.</summary>
    [BindProperty(SupportsGet = true, Name = "passo")]
    public string? Step { get; set; }

    public RequestFile Dossier { get; private set; } = null!;
    public RequestPapers Papers => new(Dossier, Address, clock.Today());
    public string Address => $"~/comune/accreditamenti/richieste/{Dossier.Request.Id}";
    public bool WaitsForOffice => Dossier.Request.Status is RequestStatus.Submitted;

    public async Task<IActionResult> OnGetAsync(Id<AccreditationRequest> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid || !await ReadAsync(id, cancel)) return NotFound();
        (From, To) = (Days.Iso(Dossier.Request.WantedFrom), Days.Iso(Dossier.Request.WantedTo));
        return Page();
    }

    public async Task<IActionResult> OnGetDocumentAsync(Id<AccreditationRequest> id, Id<AccreditationDocument> documento, CancellationToken cancel)
    {
        if (!ModelState.IsValid || await requests.ContentAsync(place.Territory, id, documento, provider: null, cancel) is not { } file) return NotFound();
        return File(file.Content, file.Type.ContentType(), $"documento.{file.Type.Extension()}");
    }

    public async Task<IActionResult> OnPostGrantAsync(Id<AccreditationRequest> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        if (!await ReadAsync(id, cancel)) return NotFound();
        var (from, to) = (Days.Read(From), Days.Read(To));
        if (from is null) ModelState.AddModelError(nameof(From), Texts.Say("Scrivi da che giorno."));
        if (to is null) ModelState.AddModelError(nameof(To), Texts.Say("Scrivi fino a che giorno."));
        if (!ModelState.IsValid) return Again("accredita");
        return await AnswerAsync(id, await requests.GrantAsync(place.Territory, id, from!.Value, to!.Value, Act ?? "", visitor.UserId, cancel), "accredita", cancel);
    }

    public async Task<IActionResult> OnPostAskAsync(Id<AccreditationRequest> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        return await AnswerAsync(id, await requests.AskMoreAsync(place.Territory, id, Note ?? "", visitor.UserId, cancel), "chiedi", cancel);
    }

    public async Task<IActionResult> OnPostRefuseAsync(Id<AccreditationRequest> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        return await AnswerAsync(id, await requests.RefuseAsync(place.Territory, id, Note ?? "", visitor.UserId, cancel), "rifiuta", cancel);
    }

    private async Task<IActionResult> AnswerAsync(Id<AccreditationRequest> id, Result<Done> done, string step, CancellationToken cancel)
    {
        if (!done.IsRefused(out var refusal)) return LocalRedirect($"~/comune/accreditamenti/richieste/{id}");
        if (refusal is RequestNotFound || !await ReadAsync(id, cancel)) return NotFound();
        var field = refusal switch
        {
            TextLength { Field: "act" } => nameof(Act),
            TextLength => nameof(Note),
            AccreditationDaysWrong or AccreditationOverlaps => nameof(From),
            _ => "",
        };
        ModelState.AddModelError(field, RefusalText.For(refusal));
        return Again(step);
    }

    private Microsoft.AspNetCore.Mvc.RazorPages.PageResult Again(string step)
    {
        Step = step;
        return Page();
    }

    private async Task<bool> ReadAsync(Id<AccreditationRequest> id, CancellationToken cancel)
    {
        if (await requests.FindAsync(place.Territory, id, provider: null, cancel) is not { } file) return false;
        Dossier = file;
        return true;
    }
}
