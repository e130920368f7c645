using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Shared;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Borsellino.Web.Pages.ForProviders;

/// <summary>
/// A provider asks to be accredited: first for what, then from when and with which documents. The form carries the request's id, so a second
/// click asks once.
/// </summary>
[RequestSizeLimit(DocumentForm.FormBytesMax)]
public sealed class AskAccreditationModel(
    CurrentPlace place, SignedIn visitor, AccreditationRequests requests, RequiredDocuments documents, Accreditations accreditations,
    ServiceClasses classes, IClock clock) : PageModel
{
    [BindProperty(SupportsGet = true, Name = "tipologia")]
    public string? ClassCode { get; set; }

    [BindProperty] public Id<AccreditationRequest> Ticket { get; set; }
    [BindProperty] public string? From { get; set; }
    [BindProperty] public string? To { get; set; }
    [BindProperty] public string? Note { get; set; }

    public LocalDate Today => clock.Today();
    public ClassTree Tree { get; private set; } = null!;

    /// <summary>What is asked for; null until it is chosen.</summary>
    public ServiceClass? Class { get; private set; }

    public IReadOnlyList<AskedDocument> Asked { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        ModelState.Clear();
        await ReadAsync(cancel);
        if (Class is null) return Page();
        // A renewal begins when what there is ends.
        var last = (await accreditations.OfAsync(place.Territory, visitor.Provider, cancel))
            .Where(a => a.ClassCode == Class.Code && a.Status is not AccreditationStatus.Revoked && a.ValidTo >= Today).Select(a => (LocalDate?)a.ValidTo).Max();
        var from = (last ?? Today).PlusDays(1);
        (From, To) = (Days.Iso(from), Days.Iso(from.PlusYears(3).PlusDays(-1)));
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        await ReadAsync(cancel);
        if (Class is null) return Page();
        var (from, to) = (Days.Read(From), Days.Read(To));
        if (from is null) ModelState.AddModelError(nameof(From), Texts.Say("Scrivi da che giorno, oggi o più avanti."));
        if (to is null) ModelState.AddModelError(nameof(To), Texts.Say("Scrivi fino a che giorno."));
        var shown = await DocumentForm.ReadAsync(Request.Form, Ticket.ToString(), Asked, Note, ModelState, cancel);
        if (!ModelState.IsValid) return Page();
        var wish = new NewAccreditationRequest(Ticket, Class.Code, from!.Value, to!.Value, Note ?? "", shown);
        var asked = await requests.SubmitAsync(place.Territory, wish, new(visitor.Provider, visitor.UserId), cancel);
        if (!asked.IsRefused(out var refusal, out var id)) return LocalRedirect($"~/ente/accreditamenti/richieste/{id}");
        ModelState.AddModelError(
            refusal switch { AccreditationDaysWrong or AccreditationOverlaps => nameof(From), TextLength => nameof(Note), _ => DocumentForm.FieldOf(refusal) },
            RefusalText.For(refusal));
        return Page();
    }

    private async Task ReadAsync(CancellationToken cancel)
    {
        if (Ticket == default) Ticket = Id<AccreditationRequest>.New();
        Tree = await classes.TreeAsync(place.Territory, cancel);
        Class = ClassCode is null ? null : Tree.Find(ClassCode);
        if (Class is null) return;
        var required = await documents.ForAsync(place.Territory, Class.Code, Today, cancel);
        Asked = DocumentForm.Asked(required, areRequired: true, Request.HasFormContentType ? Request.Form : null);
    }
}
