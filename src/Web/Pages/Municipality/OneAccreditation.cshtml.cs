using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Borsellino.Web.Pages.Officers;

/// <summary>One accreditation: how it came, and taking it out of force for a while or for good, with the reason that the provider reads.</summary>
public sealed class OneAccreditationModel(Accreditations accreditations, CurrentPlace place, SignedIn visitor, IClock clock) : PageModel
{
    [BindProperty] public string? Note { get; set; }

    /// <summary>The step whose form is shown: <c>sospendi</c> or <c>revoca</c>.</summary>
    [BindProperty(SupportsGet = true, Name = "passo")]
    public string? Step { get; set; }

    public AccreditationCard Card { get; private set; } = null!;
    public IReadOnlyList<AccreditationNote> Notes { get; private set; } = [];
    public LocalDate Today => clock.Today();

    public async Task<IActionResult> OnGetAsync(Id<Accreditation> id, CancellationToken cancel) =>
        ModelState.IsValid && await ReadAsync(id, cancel) ? Page() : NotFound();

    public async Task<IActionResult> OnPostSuspendAsync(Id<Accreditation> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        return await AnswerAsync(id, await accreditations.SuspendAsync(place.Territory, id, Note ?? "", visitor.UserId, cancel), "sospendi", cancel);
    }

    public async Task<IActionResult> OnPostReinstateAsync(Id<Accreditation> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        return await AnswerAsync(id, await accreditations.ReinstateAsync(place.Territory, id, visitor.UserId, cancel), null, cancel);
    }

    public async Task<IActionResult> OnPostRevokeAsync(Id<Accreditation> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        return await AnswerAsync(id, await accreditations.RevokeAsync(place.Territory, id, Note ?? "", visitor.UserId, cancel), "revoca", cancel);
    }

    private async Task<IActionResult> AnswerAsync(Id<Accreditation> id, Result<Done> done, string? step, CancellationToken cancel)
    {
        if (!done.IsRefused(out var refusal)) return LocalRedirect($"~/comune/accreditamenti/{id}");
        if (refusal is AccreditationNotFound || !await ReadAsync(id, cancel)) return NotFound();
        ModelState.AddModelError(refusal is TextLength ? nameof(Note) : "", RefusalText.For(refusal));
        Step = step;
        return Page();
    }

    private async Task<bool> ReadAsync(Id<Accreditation> id, CancellationToken cancel)
    {
        if (await accreditations.FindAsync(place.Territory, id, cancel) is not { } found) return false;
        (Card, Notes) = (found.Card, found.Notes);
        return true;
    }
}
