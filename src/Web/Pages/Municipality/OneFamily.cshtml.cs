using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Shared;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.Officers;

/// <summary>One family's money for the officer it calls: each grant, where it came from, and where it stands. What it was spent on is not shown.</summary>
public sealed class OneFamilyModel(HouseholdRegister register, Grants grants, CurrentPlace place) : PageModel
{
    public HouseholdLine Family { get; private set; } = null!;
    public IReadOnlyList<Grant> All { get; private set; } = [];

    public Tally Sum => new(
    [
        new(Texts.Say("Assegnato"), Display.Money(Family.Granted), Strong: true),
        new(Texts.Say("Speso"), Display.Money(Family.Spent), "="),
        new(Texts.Say("Impegnato"), Display.Money(Family.Held), "+"),
        new(Texts.Say("Libero"), Display.Money(Family.Free), "+", Note: Texts.Say("può ancora prenotare")),
    ]);

    public async Task<IActionResult> OnGetAsync(Id<Household> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid || await register.FindAsync(place.Territory, id, cancel) is not { } family) return NotFound();
        Family = family;
        All = await grants.OfHouseholdAsync(place.Territory, id, cancel);
        return Page();
    }

    public static string Programme(Grant grant) => Language.IsEnglish ? grant.ProgrammeEn : grant.ProgrammeIt;

    public static string Status(GrantStatus status) => status switch
    {
        GrantStatus.Active => Texts.Say("Attiva"),
        GrantStatus.Suspended => Texts.Say("Sospesa"),
        GrantStatus.Expired => Texts.Say("Scaduta"),
        GrantStatus.Revoked => Texts.Say("Revocata"),
        GrantStatus.Closed => Texts.Say("Chiusa"),
    };

    public static Tone ToneOf(GrantStatus status) => status switch
    {
        GrantStatus.Active => Tone.Ok,
        GrantStatus.Suspended => Tone.Wait,
        GrantStatus.Expired or GrantStatus.Closed => Tone.Quiet,
        GrantStatus.Revoked => Tone.Bad,
    };
}
