using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Marketplace.Standards;
using Borsellino.Web.Shared;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using NodaTime;

namespace Borsellino.Web.Pages.Desk;

/// <summary>
/// The desk answers, joins or leaves for a family that is there and says yes to just that. The tax code and the consent travel in forms
/// and in no address; what waits for the family's answer is shown only once both are given, and that it was shown is written.
/// </summary>
public sealed class ForFamilyModel(CurrentPlace place, SignedIn visitor, DeskActs acts, ConsentRequests requests, HouseholdPins pins, IClock clock) : ForFamilyForm(place, visitor, pins)
{
    [BindProperty] public AsShown Shown { get; set; }

    /// <summary>The most the family agreed to, in cents.</summary>
    [BindProperty] public long? Cap { get; set; }

    /// <summary>What waits for the family's answer; null before it has consented to being asked.</summary>
    public DeskView? View { get; private set; }

    public Instant Now => clock.Now;

    /// <summary>Who is to act for the family, and until when.</summary>
    [BindProperty] public string? Label { get; set; }

    [BindProperty] public string? Until { get; set; }

    /// <summary>The code of the delegation that was just given: to be handed over, and never shown again.</summary>
    public ReadableCode? Code { get; private set; }

    public void OnGet() => ActId = NextId;

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        if (await ReadAsync(cancel) is not { } who) return Page();
        if ((await acts.LookAsync(Territory, ActId, who, cancel)).IsRefused(out var refusal, out var view)) return Refuse(refusal);
        View = view;
        return Page();
    }

    public Task<IActionResult> OnPostAnswerAsync(Id<Proposal> proposal, Id<Need> need, ProposalAnswer answer, CancellationToken cancel) =>
        !Enum.IsDefined(answer) || answer is ProposalAnswer.Silent
            ? Task.FromResult<IActionResult>(BadRequest())
            : DoAsync(who => acts.AnswerAsync(Territory, ActId, who, proposal, need, answer, cancel), cancel);

    public Task<IActionResult> OnPostJoinAsync(Id<Pool> pool, CancellationToken cancel) =>
        DoAsync(who => acts.JoinAsync(Territory, ActId, who, pool, new(Cap ?? 0), Shown, cancel), cancel);

    public Task<IActionResult> OnPostWeeklyAsync(Id<PoolSeries> series, CancellationToken cancel) =>
        DoAsync(who => acts.JoinWeeklyAsync(Territory, ActId, who, series, new(Cap ?? 0), cancel), cancel);

    /// <summary>Takes a request back or cancels a booking, for the fee that was read aloud or not at all.</summary>
    public Task<IActionResult> OnPostCallOffAsync(Id<Booking> booking, long fee, CancellationToken cancel) =>
        DoAsync(who => acts.CallOffAsync(Territory, ActId, who, booking, new(fee), cancel), cancel);

    /// <summary>Asks for the family's yes to that by a message, instead of calling off.</summary>
    public Task<IActionResult> OnPostAskToCallOffAsync(Id<Booking> booking, CancellationToken cancel) =>
        DoAsync(who => requests.AskToCallOffAsync(Territory, Id<ConsentRequest>.From("desk", ActId), who, booking, cancel), cancel, Asked);

    /// <summary>Gives a delegation for the family, and shows its code.</summary>
    public async Task<IActionResult> OnPostDelegateAsync(CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        if (await ReadAsync(cancel) is not { } who) return Page();
        DelegationForm.Check(ModelState, Label, Until, nameof(Label), nameof(Until));
        if (ModelState.IsValid)
        {
            var given = await acts.DelegateAsync(Territory, ActId, who, Label!, Days.Read(Until)!.Value, cancel);
            if (!given.IsRefused(out var refusal, out var code)) Code = code;
            else if (refusal is NobodyOfTaxCode or ConsentMissing) return Refuse(refusal);
            else ModelState.AddModelError(DelegationForm.FieldOf(refusal, nameof(Label), nameof(Until)), RefusalText.For(refusal));
        }

        if (!(await acts.LookAsync(Territory, NextId, who, cancel)).IsRefused(out _, out var view)) View = view;
        return Page();
    }

    public Task<IActionResult> OnPostLeaveAsync(Id<Share> share, CancellationToken cancel) =>
        DoAsync(who => acts.LeaveAsync(Territory, ActId, who, share, cancel), cancel);

    private async Task<IActionResult> DoAsync(Func<DeskFor, Task<Result<Done>>> act, CancellationToken cancel, string done = Written)
    {
        if (!ModelState.IsValid) return BadRequest();
        if (await ReadAsync(cancel) is not { } who) return Page();
        if (!(await act(who)).IsRefused(out var refusal)) return LocalRedirect(done);
        if (refusal is ProposalNotFound or PoolNotFound or SeriesNotFound or ShareNotFound or BookingNotFound) return NotFound();
        var answer = Refuse(refusal);
        // Why not, and what waits now: it may have changed while they talked.
        if (!(await acts.LookAsync(Territory, NextId, who, cancel)).IsRefused(out _, out var view)) View = view;
        return answer;
    }
}
