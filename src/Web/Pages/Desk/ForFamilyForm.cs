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
}

/// <summary>
/// What every form by which the desk acts for a family asks: whose tax code was told, and by which consent. Both travel in forms and in no
/// address, and each deed has an id of its own, so that sending it twice does it once.
/// </summary>
public abstract class ForFamilyForm(SignedIn visitor) : PageModel, IWhom
{
    /// <summary>Where one reads what was done.</summary>
    protected const string Written = "~/sportello/fatto?fatto=scritto";

    [BindProperty] public Id<DeskAct> ActId { get; set; }
    [BindProperty] public string? TaxCode { get; set; }

    /// <summary>How the household consented.</summary>
    [BindProperty] public string? Said { get; set; }

    /// <summary>Where that can be found.</summary>
    [BindProperty] public string? Reference { get; set; }

    /// <summary>The next form's id.</summary>
    public static Id<DeskAct> NextId => Id<DeskAct>.New();

    protected PageResult Refuse(Refusal refusal)
    {
        ModelState.AddModelError(DeskForm.ControlOf(refusal), RefusalText.For(refusal));
        return Page();
    }

    /// <summary>For whom and by which consent; null with what is wrong in the model state.</summary>
    protected DeskFor? Read() => DeskForm.Read(ModelState, TaxCode, Said, Reference, visitor.UserId);
}
