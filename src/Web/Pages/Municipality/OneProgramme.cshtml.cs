using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Marketplace.Standards;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Borsellino.Web.Pages.Officers;

/// <summary>One programme: its figures, its rules, the acts that put money in, and the form for the next one.</summary>
public sealed class OneProgrammeModel(
    Programmes programmes, ProgrammeRules rules, ProgrammeReport report, GrantImports imports, ServiceClasses classes, CurrentPlace place, SignedIn visitor,
    IClock clock) : PageModel
{
    [BindProperty] public Id<Commitment> CommitmentId { get; set; }
    [BindProperty] public string? Amount { get; set; }
    [BindProperty] public string? Act { get; set; }

    public Programme Programme { get; private set; } = null!;
    public ProgrammeFigures Figures { get; private set; } = null!;
    public IReadOnlyList<ProgrammeBand> Bands { get; private set; } = [];
    public DatedRules Rules { get; private set; } = DatedRules.None;
    public IReadOnlyList<string> ClassNames { get; private set; } = [];
    public IReadOnlyList<Commitment> Commitments { get; private set; } = [];
    public IReadOnlyList<GrantImport> Imports { get; private set; } = [];
    public Instant Now { get; private set; }

    /// <summary>The day whose rules are shown: today, or the programme's first or last where it is not running.</summary>
    public LocalDate On => LocalDate.Max(Programme.ValidFrom, LocalDate.Min(clock.Today(), Programme.ValidTo));

    public string Name => Language.IsEnglish ? Programme.NameEn : Programme.NameIt;

    public Task<IActionResult> OnGetAsync(Id<Programme> id, CancellationToken cancel)
    {
        CommitmentId = Id<Commitment>.New();
        return ShowAsync(id, cancel);
    }

    public async Task<IActionResult> OnPostAsync(Id<Programme> id, CancellationToken cancel)
    {
        ModelState.Clear();
        if (CommitmentId == default) return BadRequest();
        if (!ItalianAmount.TryParse(Amount, out var amount, out var fault))
        {
            ModelState.AddModelError(nameof(Amount), ImportWords.AmountSentence(fault));
            return await ShowAsync(id, cancel);
        }

        var result = await programmes.CommitAsync(place.Territory, CommitmentId, id, amount, Act ?? "", visitor.UserId, cancel);
        if (result.IsRefused(out var refusal))
        {
            var field = (refusal as FieldRefusal)?.Field switch { "amount" => nameof(Amount), "act_reference" => nameof(Act), _ => "" };
            ModelState.AddModelError(field, RefusalText.For(refusal));
            return await ShowAsync(id, cancel);
        }

        TempData["Done"] = Texts.Say("Stanziati {0}.", Display.Money(amount));
        return LocalRedirect($"~/comune/misure/{id}");
    }

    private async Task<IActionResult> ShowAsync(Id<Programme> id, CancellationToken cancel)
    {
        if (await programmes.FindAsync(place.Territory, id, cancel) is not { } programme) return NotFound();
        Now = clock.Now;
        Programme = programme;
        Figures = (await report.FindAsync(place.Territory, id, cancel))!;
        Bands = await programmes.BandsAsync(place.Territory, id, cancel);
        Rules = await rules.OfAsync(place.Territory, id, cancel);
        var tree = await classes.TreeAsync(place.Territory, cancel);
        ClassNames = [.. (await programmes.ClassesAsync(place.Territory, id, cancel)).Select(c => tree.Find(c)?.Name.In(Language.IsEnglish) ?? c)];
        Commitments = await programmes.CommitmentsAsync(place.Territory, id, cancel);
        Imports = await imports.ListAsync(place.Territory, id, 20, 0, cancel);
        return Page();
    }
}
