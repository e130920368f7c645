using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Borsellino.Web.Pages.ForProviders;

/// <summary>The provider's people: what waits to be handed to somebody, who there is, which offers need one of them. The form carries the person's id, so a second click adds nobody.</summary>
public sealed class StaffModel(CurrentPlace place, SignedIn visitor, StaffLists lists, StaffCards cards, Offers offers, IClock clock) : PageModel
{
    [BindProperty] public Id<StaffMember> NewStaff { get; set; }
    [BindProperty] public string? FirstName { get; set; }
    [BindProperty] public string? LastName { get; set; }
    [BindProperty] public string? From { get; set; }
    [BindProperty] public string? Travel { get; set; }

    [TempData] public string? Said { get; set; }

    public StaffSheet Sheet { get; private set; } = null!;
    public IReadOnlyList<ToHand> Waiting { get; private set; } = [];
    public IReadOnlyList<Offer> Offers { get; private set; } = [];
    public LocalDate Today => clock.Today();

    private ProviderUser By => new(visitor.Provider, visitor.UserId);

    /// <summary>How many services somebody has in the next seven days.</summary>
    public int Soon(StaffMember member) => Sheet.Of(member.Id, clock.Now, Today.PlusDays(7).StartOfDayInRome()).Count();

    public Task<IActionResult> OnGetAsync(CancellationToken cancel) => ShowAsync(cancel);

    public async Task<IActionResult> OnPostAddAsync(CancellationToken cancel)
    {
        if (!ModelState.IsValid || NewStaff == default) return BadRequest();
        if (Days.Read(From) is not { } from) ModelState.AddModelError(nameof(From), Texts.Say("Scrivi da che giorno."));
        foreach (var (field, text) in new[] { (nameof(FirstName), FirstName), (nameof(LastName), LastName) })
            if (text?.Trim() is not { Length: > 0 and <= StaffMember.NameMax }) ModelState.AddModelError(field, RefusalText.For(new StaffWrong("name")));
        if (!ModelState.IsValid) return await ShowAsync(cancel);
        var member = new StaffMember(NewStaff, visitor.Provider, FirstName!, LastName!, Days.Read(From)!.Value, null);
        var added = await lists.AddAsync(place.Territory, member, By, cancel);
        return added.IsRefused(out var refusal) ? await AnswerAsync(refusal, "", cancel) : LocalRedirect($"~/ente/personale/{NewStaff}");
    }

    public async Task<IActionResult> OnPostTravelAsync(CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        // A number that cannot be read is -1, which no rule allows.
        var set = await lists.TravelAsync(place.Territory, Typed.Whole(Travel) ?? -1, By, cancel);
        return await AnswerAsync(set.IsRefused(out var refusal) ? refusal : null, nameof(Travel), cancel);
    }

    public async Task<IActionResult> OnPostNeedAsync(Id<Offer> offer, bool needs, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        var set = await lists.NeedAsync(place.Territory, offer, needs, By, cancel);
        return await AnswerAsync(set.IsRefused(out var refusal) ? refusal : null, "", cancel);
    }

    /// <param name="back">Whose page it is handed over from; none for this one.</param>
    public async Task<IActionResult> OnPostHandAsync(Id<Slot> slot, Id<StaffMember> to, Id<StaffMember>? back, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        if ((await lists.HandAsync(place.Territory, slot, to, By, cancel)).IsRefused(out var refusal)) return await AnswerAsync(refusal, "", cancel);
        Said = Texts.Say("Fatto: il servizio è affidato. Se era confermato, la famiglia ha un messaggio.");
        return LocalRedirect(back is { } whose ? $"~/ente/personale/{whose}" : "~/ente/personale");
    }

    private async Task<IActionResult> AnswerAsync(Refusal? refusal, string field, CancellationToken cancel)
    {
        if (refusal is null) return LocalRedirect("~/ente/personale");
        if (refusal is OfferNotFound or SlotNotFound or StaffNotFound) return NotFound();
        ModelState.AddModelError(field, RefusalText.For(refusal));
        return await ShowAsync(cancel);
    }

    private async Task<IActionResult> ShowAsync(CancellationToken cancel)
    {
        if (NewStaff == default) NewStaff = Id<StaffMember>.New();
        Sheet = await cards.OfAsync(place.Territory, visitor.Provider, Today, cancel);
        Waiting = Sheet.Waiting(clock.Now);
        Offers = [.. (await offers.OfProviderAsync(place.Territory, visitor.Provider, cancel)).Where(o => !o.IsProduct && (o.Status is not OfferStatus.Withdrawn || o.NeedsStaff))];
        From ??= Days.Iso(Today);
        Travel ??= Display.Number(Sheet.TravelMinutes);
        return Page();
    }
}
