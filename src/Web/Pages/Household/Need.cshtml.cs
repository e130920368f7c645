using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Shared;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.ForHouseholds;

/// <summary>One need of a household: what it was proposed and what it says to that, or why there is nothing yet. No names of others.</summary>
public sealed class NeedModel(CurrentPlace place, SignedIn visitor, Needs needs, NeedCards cards, DeskActs acts) : PageModel
{
    public NeedDetail Detail { get; private set; } = null!;

    /// <summary>What the desk answered for the household.</summary>
    public IReadOnlyList<DoneForYou> DoneForYou { get; private set; } = [];

    /// <summary>The step in between that is being shown: <c>chiudi</c>; empty for none.</summary>
    [BindProperty(SupportsGet = true, Name = "passo")]
    public string? Step { get; set; }

    /// <summary>What has just been done, as the address says it: <c>aperta</c>.</summary>
    [BindProperty(SupportsGet = true, Name = "fatto")]
    public string? Done { get; set; }

    public bool CanWithdraw => Detail.Card.Status is NeedStatus.Open or NeedStatus.Asked or NeedStatus.Agreed;

    public IReadOnlyList<CheckAnswer> Answers =>
    [
        new(Texts.Say("Quanto dura"), NeedWords.Length(Detail.Card.Minutes), null, null),
        new(Texts.Say("Quando puoi"), string.Join("; ", Detail.Windows.Select(w => NeedWords.Time(w.Day, w.From, w.To))), null, null),
        new(Texts.Say("Dove"), Texts.Say("vicino a {0}, fino a {1}", Detail.Card.Near, NeedWords.Metres(Detail.Card.ReachMetres)), null, null),
        new(Texts.Say("In quanti"), NeedWords.Size(Detail.Card.SizeMin, Detail.Card.SizeMax), null, null),
        new(Texts.Say("In che lingua"), string.Join(", ", Detail.Card.Languages.Select(NeedWords.LanguageName)), null, null),
        new(Texts.Say("Al massimo, a volta"), Display.Money(Detail.Card.Cap), null, null),
    ];

    private HouseholdUser By => new(visitor.Household, visitor.UserId);

    public async Task<IActionResult> OnGetAsync(Id<Need> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return NotFound();
        return await ShowAsync(id, cancel);
    }

    public async Task<IActionResult> OnPostAnswerAsync(Id<Need> id, Id<Proposal> proposal, ProposalAnswer answer, CancellationToken cancel)
    {
        if (!ModelState.IsValid || !Enum.IsDefined(answer) || answer is ProposalAnswer.Silent) return BadRequest();
        var said = await needs.AnswerAsync(place.Territory, proposal, id, answer, By, cancel);
        return said.IsRefused(out var refusal) ? await RefuseAsync(id, refusal, cancel) : LocalRedirect($"~/ricerche/{id}");
    }

    public async Task<IActionResult> OnPostWithdrawAsync(Id<Need> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        var withdrawn = await needs.WithdrawAsync(place.Territory, id, By, cancel);
        return withdrawn.IsRefused(out var refusal) ? await RefuseAsync(id, refusal, cancel) : LocalRedirect("~/ricerche");
    }

    public async Task<IActionResult> OnPostResumeAsync(Id<Need> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        var resumed = await needs.ResumeAsync(place.Territory, id, By, cancel);
        return resumed.IsRefused(out var refusal) ? await RefuseAsync(id, refusal, cancel) : LocalRedirect($"~/ricerche/{id}");
    }

    private async Task<IActionResult> RefuseAsync(Id<Need> id, Refusal refusal, CancellationToken cancel)
    {
        if (refusal is NeedNotFound or ProposalNotFound) return NotFound();
        ModelState.AddModelError("", RefusalText.For(refusal));
        return await ShowAsync(id, cancel);
    }

    private async Task<IActionResult> ShowAsync(Id<Need> id, CancellationToken cancel)
    {
        if (await cards.FindAsync(place.Territory, visitor.Household, id, cancel) is not { } detail) return NotFound();
        Detail = detail;
        DoneForYou = await acts.OfHouseholdAsync(place.Territory, visitor.Household, id.Value, cancel);
        return Page();
    }
}
