using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.Officers;

/// <summary>
/// One group below quorum: what is missing and from whom, without names, and making a list that covers it. The form carries the list's id, so
/// a second click makes none more.
/// </summary>
public sealed class OneGroupModel(PoolCards cards, PoolCovers covers, ProgrammeReport report, CurrentPlace place, SignedIn visitor, IClock clock) : PageModel
{
    [BindProperty] public Id<GrantImport> Ticket { get; set; }
    [BindProperty] public string? Programme { get; set; }

    public PoolDetail Detail { get; private set; } = null!;
    public Shortfall? Short => Detail.Short;

    /// <summary>Whether something is missing and can still be answered.</summary>
    public bool CanCover => Short is { IsWhole: false, ToCover.Count: > 0 } && clock.Now < Detail.Card.Pool.ReplaceBy;

    public Money Total => Short?.ToCover.Sum(m => m.More) ?? Money.Zero;

    /// <summary>The programmes that have so much left on the day.</summary>
    public IReadOnlyList<ProgrammeFigures> Programmes { get; private set; } = [];

    public int NumberOf(Staying who) => Detail.Members.First(m => m.Share == who.Share).HouseholdNumber;

    public async Task<IActionResult> OnGetAsync(Id<Pool> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid || !await ReadAsync(id, cancel)) return NotFound();
        Ticket = Id<GrantImport>.New();
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(Id<Pool> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid || Ticket == default) return BadRequest();
        if (!await ReadAsync(id, cancel)) return NotFound();
        if (!Id<Programme>.TryParse(Programme, null, out var programme))
        {
            ModelState.AddModelError(nameof(Programme), Texts.Say("Scegli la misura da cui vengono i soldi."));
            return Page();
        }

        var covered = await covers.CoverAsync(place.Territory, Ticket, id, programme, visitor.UserId, cancel);
        if (!covered.IsRefused(out var refusal, out var list)) return LocalRedirect($"~/comune/assegnazioni/{list.Id}");
        ModelState.AddModelError(refusal is NothingToCover ? "" : nameof(Programme), RefusalText.For(refusal));
        return Page();
    }

    private async Task<bool> ReadAsync(Id<Pool> id, CancellationToken cancel)
    {
        if (await cards.FindAsync(place.Territory, id, cancel) is not { } detail) return false;
        Detail = detail;
        var day = detail.Card.Pool.Day;
        if (CanCover)
            Programmes = [.. (await report.ListAsync(place.Territory, cancel)).Where(p => p.Status is ProgrammeStatus.Open && p.ValidFrom <= day && day <= p.ValidTo && p.Left - p.Waiting >= Total)];
        return true;
    }
}
