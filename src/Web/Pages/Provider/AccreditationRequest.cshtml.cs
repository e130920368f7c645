using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Shared;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.ForProviders;

/// <summary>One request of the provider: where it stands, what the office wants, what was shown; adding to it and taking it back.</summary>
[RequestSizeLimit(DocumentForm.FormBytesMax)]
public sealed class AccreditationRequestModel(
    CurrentPlace place, SignedIn visitor, AccreditationRequests requests, IClock clock) : PageModel
{
    /// <summary>Made with the form, so that sending it twice adds its documents once.</summary>
    [BindProperty] public Id<AccreditationDocument> Ticket { get; set; }

    [BindProperty] public string? Note { get; set; }

    /// <summary>The step in between that is being shown: <c>ritira</c>.</summary>
    [BindProperty(SupportsGet = true, Name = "passo")]
    public string? Step { get; set; }

    public RequestFile Dossier { get; private set; } = null!;
    public IReadOnlyList<AskedDocument> Asked { get; private set; } = [];
    public RequestPapers Papers => new(Dossier, Address, clock.Today());
    public string Address => $"~/ente/accreditamenti/richieste/{Dossier.Request.Id}";

    /// <summary>What the office asked for last, while that waits.</summary>
    public string? Wanted => Dossier.Request.Status is RequestStatus.Incomplete ? Dossier.Notes.LastOrDefault(n => n.Step is AccreditationStep.MoreAsked)?.Note : null;

    public bool CanAdd => Dossier.Request.Status is not (RequestStatus.Refused or RequestStatus.Withdrawn);

    private ProviderUser By => new(visitor.Provider, visitor.UserId);

    public async Task<IActionResult> OnGetAsync(Id<AccreditationRequest> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return NotFound();
        return await ReadAsync(id, cancel) ? Page() : NotFound();
    }

    public async Task<IActionResult> OnGetDocumentAsync(Id<AccreditationRequest> id, Id<AccreditationDocument> documento, CancellationToken cancel)
    {
        if (!ModelState.IsValid || await requests.ContentAsync(place.Territory, id, documento, visitor.Provider, cancel) is not { } file) return NotFound();
        return File(file.Content, file.Type.ContentType(), $"documento.{file.Type.Extension()}");
    }

    public async Task<IActionResult> OnPostAddAsync(Id<AccreditationRequest> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid || Ticket == default) return BadRequest();
        if (!await ReadAsync(id, cancel)) return NotFound();
        var added = await DocumentForm.ReadAsync(Request.Form, Ticket.ToString(), Asked, Note, ModelState, cancel);
        if (!ModelState.IsValid) return Page();
        var completed = await requests.CompleteAsync(place.Territory, id, Note ?? "", added, By, cancel);
        return await AnswerAsync(id, completed, cancel);
    }

    public async Task<IActionResult> OnPostWithdrawAsync(Id<AccreditationRequest> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        return await AnswerAsync(id, await requests.WithdrawAsync(place.Territory, id, By, cancel), cancel);
    }

    private async Task<IActionResult> AnswerAsync(Id<AccreditationRequest> id, Result<Done> done, CancellationToken cancel)
    {
        if (!done.IsRefused(out var refusal)) return LocalRedirect($"~/ente/accreditamenti/richieste/{id}");
        if (refusal is RequestNotFound || !await ReadAsync(id, cancel)) return NotFound();
        ModelState.AddModelError(refusal is TextLength ? nameof(Note) : DocumentForm.FieldOf(refusal), RefusalText.For(refusal));
        return Page();
    }

    private async Task<bool> ReadAsync(Id<AccreditationRequest> id, CancellationToken cancel)
    {
        if (Ticket == default) Ticket = Id<AccreditationDocument>.New();
        if (await requests.FindAsync(place.Territory, id, visitor.Provider, cancel) is not { } file) return false;
        Dossier = file;
        Asked = DocumentForm.Asked(file.Required, areRequired: false, Request.HasFormContentType ? Request.Form : null);
        return true;
    }
}
