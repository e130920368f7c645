using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.ForHouseholds;

/// <summary>What companies may give a household in a year as fringe benefits, and the declaration of children without which it is less.</summary>
public sealed class ChildrenModel(CurrentPlace place, SignedIn visitor, ChildrenDeclarations declarations, IClock clock) : PageModel
{
    public IReadOnlyList<FundingCompany> Companies { get; private set; } = [];
    public IReadOnlyList<FamilyMember> Children { get; private set; } = [];
    public int Year => clock.Today().Year;

    /// <summary>The declaration is the employee's own word: delegates read it.</summary>
    public bool MayDeclare => visitor.User.ActsUntil is null;

    [BindProperty] public Id<ChildrenDeclaration> DeclarationId { get; set; }
    [BindProperty] public Id<Funder> Company { get; set; }
    [BindProperty] public List<string> Named { get; set; } = [];

    /// <summary>The company whose declaration is about to be withdrawn; null for none.</summary>
    [BindProperty(SupportsGet = true, Name = "ritira")]
    public Id<Funder>? Withdrawing { get; set; }

    public Task<IActionResult> OnGetAsync(CancellationToken cancel) =>
        ModelState.IsValid ? ShowAsync(cancel) : Task.FromResult<IActionResult>(NotFound());

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        var children = new List<Id<Person>>();
        foreach (var name in Named)
        {
            if (Id<Person>.TryParse(name, null, out var child)) children.Add(child);
            else ModelState.AddModelError(nameof(Named), RefusalText.For(new NotAChildHere()));
        }

        if (!ModelState.IsValid) return await ShowAsync(cancel);
        return await AnswerAsync(
            await declarations.DeclareAsync(place.Territory, DeclarationId, Company, children, By, cancel),
            Texts.Say("Dichiarato: per quest’anno vale la soglia più alta."), cancel);
    }

    public async Task<IActionResult> OnPostWithdrawAsync(CancellationToken cancel)
    {
        if (!ModelState.IsValid) return BadRequest();
        return await AnswerAsync(
            await declarations.WithdrawAsync(place.Territory, Company, By, cancel), Texts.Say("Dichiarazione ritirata: da adesso vale la soglia più bassa."), cancel);
    }

    private HouseholdUser By => new(visitor.Household, visitor.UserId);

    private async Task<IActionResult> AnswerAsync(Result<Done> result, string done, CancellationToken cancel)
    {
        if (result.IsRefused(out var refusal))
        {
            if (refusal is CompanyNotFound) return NotFound();
            ModelState.AddModelError(refusal is FieldRefusal ? nameof(Named) : "", RefusalText.For(refusal));
            return await ShowAsync(cancel);
        }

        TempData["Done"] = done;
        return LocalRedirect("~/figli-a-carico");
    }

    private async Task<IActionResult> ShowAsync(CancellationToken cancel)
    {
        if (DeclarationId == default) DeclarationId = Id<ChildrenDeclaration>.New();
        Companies = await declarations.CompaniesAsync(place.Territory, visitor.Household, cancel);
        Children = await declarations.ChildrenAsync(place.Territory, visitor.Household, cancel);
        return Page();
    }
}
