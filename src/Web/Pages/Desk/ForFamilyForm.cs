using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.Desk;

/// <summary>For whom the desk acts, as its forms ask it.</summary>
public interface IWhom
{
    string? TaxCode { get; }

    /// <summary>How the household consented.</summary>
    string? Said { get; }

    /// <summary>Where that can be found.</summary>
    string? Reference { get; }

    /// <summary>What the family typed itself, where it consents so.</summary>
    string? Pin { get; }
}

/// <summary>
/// What every form by which the desk acts for a family asks: whose tax code was told, and by which consent. Both travel in forms and in no
/// address, and each deed has an id of its own, so that sending it twice does it once.
/// </summary>
public abstract class ForFamilyForm(CurrentPlace place, SignedIn visitor, HouseholdPins pins) : PageModel, IWhom
{
    /// <summary>Where one reads what was done.</summary>
    protected const string Written = "~/sportello/fatto?fatto=scritto";

    /// <summary>Where one reads what was asked for by a message.</summary>
    protected const string Asked = "~/sportello/fatto?fatto=chiesto";

    [BindProperty] public Id<DeskAct> ActId { get; set; }
    [BindProperty] public string? TaxCode { get; set; }

    /// <summary>How the household consented.</summary>
    [BindProperty] public string? Said { get; set; }

    /// <summary>Where that can be found.</summary>
    [BindProperty] public string? Reference { get; set; }

    [BindProperty] public string? Pin { get; set; }

    protected TerritoryId Territory => place.Territory;

    /// <summary>The next form's id.</summary>
    public static Id<DeskAct> NextId => Id<DeskAct>.New();

    protected PageResult Refuse(Refusal refusal)
    {
        ModelState.AddModelError(DeskForm.ControlOf(refusal), RefusalText.For(refusal));
        return Page();
    }

    /// <summary>For whom and by which consent; null with what is wrong in the model state.</summary>
    protected Task<DeskFor?> ReadAsync(CancellationToken cancel) => DeskForm.ReadAsync(ModelState, this, visitor.UserId, Territory, pins, cancel);
}
