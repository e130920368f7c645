using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Shared;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.ForHouseholds;

/// <summary>
/// A pool for a household: how many there are, what it costs now and with each one more, the most it may pay, when it is decided and what
/// happens then. Names of the others only once it is confirmed, and only for its members.
/// </summary>
public sealed class PoolModel(CurrentPlace place, SignedIn visitor, Pools pools, PoolCards cards, DeskActs acts, IClock clock) : PageModel
{
    public PoolDetail Detail { get; private set; } = null!;

    /// <summary>What the desk did for the household in this group.</summary>
    public IReadOnlyList<DoneForYou> DoneForYou { get; private set; } = [];

    public PoolCard Card => Detail.Card;
    public Pool Pool => Card.Pool;
    public MyShare? Mine => Card.Mine;
    public bool IsIn => Mine is { IsIn: true };

    /// <summary>How many pay if nobody else comes: with the household that looks, and at least the minimum.</summary>
    public int Heads => Math.Max(Card.Living + (IsIn ? 0 : 1), Pool.Prices.Min);

    /// <summary>The step in between that is being shown: <c>esci</c>; empty for none.</summary>
    [BindProperty(SupportsGet = true, Name = "passo")]
    public string? Step { get; set; }

    /// <summary>What has just been done, as the address says it: <c>massimo</c>.</summary>
    [BindProperty(SupportsGet = true, Name = "fatto")]
    public string? Done { get; set; }

    public bool Changed => Done == "massimo";

    /// <summary>The household among those who are asked to pay more; null where nobody is, or not this one.</summary>
    public Staying? Staying => Detail.Short is { IsWhole: false } missing && clock.Now < Pool.ReplaceBy ? missing.Of(visitor.Household) : null;

    /// <summary>What it would pay if all who stay agree.</summary>
    public Money IfAllAgree => Detail.Short!.StepsOf(Staying!)[0].Share;

    public bool CanJoin => !IsIn && Card.HasPlace && (Pool.Price is null ? clock.Now < Pool.FreezeAt : clock.Now < Pool.StartsAt);
    public bool CanLeave => Mine?.Status is ShareStatus.Joined && clock.Now < Pool.FreezeAt;

    public IReadOnlyList<Rung> Rungs =>
        [.. Enumerable.Range(Pool.Prices.Min, Pool.Prices.Max - Pool.Prices.Min + 1).Where(n => n >= Card.Living)
            .Select(n => new Rung(Texts.Say("In {0}", n), Card.ShareAt(n), n == Heads, Note(n)))];

    /// <summary>The places of the group: taken, one's own, free.</summary>
    public IEnumerable<(string Kind, string Label)> Seats =>
        Enumerable.Range(0, Math.Max(Pool.Prices.Max, Card.Living)).Select(i =>
            i < Card.Living - (IsIn ? 1 : 0) ? ("taken", Texts.Say("Famiglia"))
            : IsIn && i == Card.Living - 1 ? ("mine", Texts.Say("Tu"))
            : ("free", Texts.Say("Libero")));

    /// <summary>How the price is divided to the cent; null where shares are not equal.</summary>
    public string? Division => Pool.WeighedBy is WeighedBy.Equal
        ? string.Join(" + ", Pool.Prices.Shares([.. Enumerable.Repeat(1, Heads)]).Select(Display.Money)) : null;

    public async Task<IActionResult> OnGetAsync(Id<Pool> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return NotFound();
        return await ShowAsync(id, cancel);
    }

    public async Task<IActionResult> OnPostLeaveAsync(Id<Pool> id, Id<Share> share, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        if ((await pools.LeaveAsync(place.Territory, share, new(visitor.Household, visitor.UserId), cancel)).IsRefused(out var refusal))
        {
            if (refusal is ShareNotFound) return NotFound();
            ModelState.AddModelError("", RefusalText.For(refusal));
            return await ShowAsync(id, cancel);
        }

        return LocalRedirect($"~/gruppi/{id}");
    }

    private string? Note(int heads)
    {
        if (Mine is { IsIn: true } mine && Card.ShareAt(heads) > mine.Cap) return Texts.Say("Supera il tuo massimo: in quel caso resti fuori e non paghi.");
        return heads == Heads && Card.Living < Pool.Prices.Max ? Texts.Say("Se nessun altro si unisce") : null;
    }

    private async Task<IActionResult> ShowAsync(Id<Pool> id, CancellationToken cancel)
    {
        if (await cards.FindAsync(place.Territory, visitor.Household, id, cancel) is not { } detail) return NotFound();
        Detail = detail;
        DoneForYou = await acts.OfHouseholdAsync(place.Territory, visitor.Household, id.Value, cancel);
        return Page();
    }
}
