using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.Desk;

/// <summary>
/// The desk answers, joins or leaves for a family that is there and says yes to just that. The tax code and the consent travel in forms
/// and in no address; what waits for the family's answer is shown only once both are given, and that it was shown is written.
/// </summary>
public sealed class ForFamilyModel(CurrentPlace place, SignedIn visitor, DeskActs acts) : PageModel
{
    [BindProperty] public Id<DeskAct> ActId { get; set; }
    [BindProperty] public string? TaxCode { get; set; }

    /// <summary>How the household consented.</summary>
    [BindProperty] public string? Said { get; set; }

    /// <summary>Where that can be found.</summary>
    [BindProperty] public string? Reference { get; set; }

    [BindProperty] public AsShown Shown { get; set; }

    /// <summary>The most the family agreed to, in cents.</summary>
    [BindProperty] public long? Cap { get; set; }

    /// <summary>What waits for the family's answer; null before it has consented to being asked.</summary>
    public DeskView? View { get; private set; }

    /// <summary>The next form's id.</summary>
    public static Id<DeskAct> NextId => Id<DeskAct>.New();

    public void OnGet() => ActId = NextId;

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        if (Read() is not { } who) return Page();
        if ((await acts.LookAsync(place.Territory, ActId, who, cancel)).IsRefused(out var refusal, out var view)) return Refuse(refusal);
        View = view;
        return Page();
    }

    public Task<IActionResult> OnPostAnswerAsync(Id<Proposal> proposal, Id<Need> need, ProposalAnswer answer, CancellationToken cancel) =>
        !Enum.IsDefined(answer) || answer is ProposalAnswer.Silent
            ? Task.FromResult<IActionResult>(BadRequest())
            : DoAsync(who => acts.AnswerAsync(place.Territory, ActId, who, proposal, need, answer, cancel), cancel);

    public Task<IActionResult> OnPostJoinAsync(Id<Pool> pool, CancellationToken cancel) =>
        DoAsync(who => acts.JoinAsync(place.Territory, ActId, who, pool, new(Cap ?? 0), Shown, cancel), cancel);

    public Task<IActionResult> OnPostWeeklyAsync(Id<PoolSeries> series, CancellationToken cancel) =>
        DoAsync(who => acts.JoinWeeklyAsync(place.Territory, ActId, who, series, new(Cap ?? 0), cancel), cancel);

    public Task<IActionResult> OnPostLeaveAsync(Id<Share> share, CancellationToken cancel) =>
        DoAsync(who => acts.LeaveAsync(place.Territory, ActId, who, share, cancel), cancel);

    private async Task<IActionResult> DoAsync(Func<DeskFor, Task<Result<Done>>> act, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        if (Read() is not { } who) return Page();
        if (!(await act(who)).IsRefused(out var refusal)) return LocalRedirect("~/sportello/fatto?fatto=scritto");
        if (refusal is ProposalNotFound or PoolNotFound or SeriesNotFound or ShareNotFound) return NotFound();
        var answer = Refuse(refusal);
        // Why not, and what waits now: it may have changed while they talked.
        if (!(await acts.LookAsync(place.Territory, NextId, who, cancel)).IsRefused(out _, out var view)) View = view;
        return answer;
    }

    private PageResult Refuse(Refusal refusal)
    {
        ModelState.AddModelError(DeskForm.ControlOf(refusal), RefusalText.For(refusal));
        return Page();
    }

    /// <summary>For whom and by which consent; null with what is wrong in the model state.</summary>
    private DeskFor? Read() => DeskForm.Read(ModelState, TaxCode, Said, Reference, visitor.UserId);
}
