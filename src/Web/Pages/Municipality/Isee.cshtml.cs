using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Shared;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Borsellino.Web.Pages.Officers;

/// <summary>What an office knows of a family's ISEE, and the form that writes a declaration down. The form carries its id: a second click adds nothing.</summary>
public sealed class IseeModel(IseeRegister isee, HouseholdRegister register, CurrentPlace place, SignedIn visitor, IClock clock) : PageModel
{
    [BindProperty] public Id<HouseholdIsee> NewIsee { get; set; }
    [BindProperty] public string? Indicator { get; set; }
    [BindProperty] public string? Value { get; set; }
    [BindProperty] public string? Dsu { get; set; }
    [BindProperty] public string? PresentedOn { get; set; }
    [BindProperty] public string? ValidTo { get; set; }

    public HouseholdLine Family { get; private set; } = null!;
    public IReadOnlyList<HouseholdIsee> Known { get; private set; } = [];
    public LocalDate Today => clock.Today();

    public Task<IActionResult> OnGetAsync(Id<Household> id, CancellationToken cancel) =>
        ModelState.IsValid ? ShowAsync(id, cancel) : Task.FromResult<IActionResult>(NotFound());

    public async Task<IActionResult> OnPostAsync(Id<Household> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        var form = new FormReader(ModelState);
        var indicator = form.Choice<IseeIndicator>(Indicator, nameof(Indicator));
        var value = form.AmountOrZero(Value, nameof(Value));
        if (string.IsNullOrWhiteSpace(Value)) ModelState.AddModelError(nameof(Value), Texts.Say("Manca: scrivilo."));
        if (string.IsNullOrWhiteSpace(Dsu)) ModelState.AddModelError(nameof(Dsu), Texts.Say("Manca: scrivilo."));
        var (from, to) = (form.Day(PresentedOn, nameof(PresentedOn)), form.DayOrNone(ValidTo, nameof(ValidTo)));
        if (!ModelState.IsValid) return await ShowAsync(id, cancel);
        var recorded = await isee.RecordAsync(place.Territory, NewIsee, id, indicator, value!.Value, Dsu!, from, to, visitor.UserId, cancel);
        if (recorded.IsRefused(out var refusal))
        {
            if (refusal is HouseholdNotFound) return NotFound();
            var control = (refusal as FieldRefusal)?.Field switch
            {
                "value" => nameof(Value),
                "dsu_number" => nameof(Dsu),
                "presented_on" => nameof(PresentedOn),
                "isee_to" => nameof(ValidTo),
                _ => "",
            };
            ModelState.AddModelError(control, RefusalText.For(refusal));
            return await ShowAsync(id, cancel);
        }

        TempData["Done"] = Texts.Say("Scritto: da adesso vale per le prenotazioni nuove.");
        return LocalRedirect($"~/comune/famiglie/{id}/isee");
    }

    private async Task<IActionResult> ShowAsync(Id<Household> id, CancellationToken cancel)
    {
        if (await register.FindAsync(place.Territory, id, cancel) is not { } family) return NotFound();
        if (NewIsee == default) NewIsee = Id<HouseholdIsee>.New();
        Family = family;
        Known = await isee.OfAsync(place.Territory, id, cancel);
        return Page();
    }
}
