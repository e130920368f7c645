using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Shared;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Borsellino.Web.Pages.Officers;

/// <summary>A page on which an officer writes how a household's part is found by its ISEE.</summary>
public abstract class ShareFormModel : PageModel
{
    /// <summary>The form offers so many steps of a table; an empty one is left out.</summary>
    public const int StepsShown = 6;

    [BindProperty] public string? ShareFormula { get; set; } = nameof(Marketplace.ShareFormula.Quadratic);
    [BindProperty] public string? ShareUnit { get; set; } = nameof(Marketplace.ShareUnit.Hour);
    [BindProperty] public string? ShareIndicator { get; set; } = nameof(IseeIndicator.Ordinary);
    [BindProperty] public string? ShareLeast { get; set; }
    [BindProperty] public string? ShareMost { get; set; }
    [BindProperty] public string? ShareIseeFrom { get; set; }
    [BindProperty] public string? ShareIseeTo { get; set; }
    [BindProperty] public string? ShareWithout { get; set; } = nameof(WithoutIsee.Most);
    [BindProperty] public List<string?> StepTo { get; set; } = [];
    [BindProperty] public List<string?> StepFigure { get; set; } = [];

    protected FormReader Form => new(ModelState);

    /// <summary>The rule that was typed; what cannot be read is said at its field. Null where nothing was typed, or nothing can be made of it.</summary>
    /// <param name="wanted">Whether a rule is needed: then what is missing is said too.</param>
    protected ShareRule? ReadShare(Id<ShareRule> id, LocalDate from, bool wanted)
    {
        var formula = Form.Choice<ShareFormula>(ShareFormula, nameof(ShareFormula));
        var unit = Form.Choice<ShareUnit>(ShareUnit, nameof(ShareUnit));
        var indicator = Form.Choice<IseeIndicator>(ShareIndicator, nameof(ShareIndicator));
        var without = Form.Choice<WithoutIsee>(ShareWithout, nameof(ShareWithout));
        var (least, most) = (Form.AmountOrZero(ShareLeast, nameof(ShareLeast)), Form.AmountOrZero(ShareMost, nameof(ShareMost)));
        var (start, end) = (Form.AmountOrZero(ShareIseeFrom, nameof(ShareIseeFrom)), Form.Amount(ShareIseeTo, nameof(ShareIseeTo)));
        var steps = ReadSteps();
        if (!wanted || !ModelState.IsValid) return null;
        var isTable = formula is Marketplace.ShareFormula.Bands;
        if (least is null) ModelState.AddModelError(nameof(ShareLeast), Texts.Say("Manca: scrivilo."));
        if (most is null) ModelState.AddModelError(nameof(ShareMost), Texts.Say("Manca: scrivilo."));
        if (start is null && !isTable) ModelState.AddModelError(nameof(ShareIseeFrom), Texts.Say("Manca: scrivilo."));
        if (end is null && !isTable) ModelState.AddModelError(nameof(ShareIseeTo), Texts.Say("Manca: scrivilo."));
        if (!ModelState.IsValid) return null;
        return new(
            id, formula, unit, indicator, least!.Value.Cents, most!.Value.Cents, isTable ? Money.Zero : start!.Value, isTable ? Money.Zero : end!.Value, without, from, null)
        {
            Bands = isTable ? steps : [],
        };
    }

    private List<ShareBand> ReadSteps()
    {
        var steps = new List<ShareBand>();
        for (var i = 0; i < Math.Min(Math.Max(StepTo.Count, StepFigure.Count), StepsShown); i++)
        {
            var limit = Form.AmountOrZero(StepTo.ElementAtOrDefault(i), $"StepTo[{i}]");
            var figure = Form.AmountOrZero(StepFigure.ElementAtOrDefault(i), $"StepFigure[{i}]");
            if (limit is { } to && figure is { } part) steps.Add(new(to, part.Cents));
            else if (limit is not null && string.IsNullOrWhiteSpace(StepFigure.ElementAtOrDefault(i))) ModelState.AddModelError($"StepFigure[{i}]", Texts.Say("Manca: scrivilo."));
            else if (figure is not null && string.IsNullOrWhiteSpace(StepTo.ElementAtOrDefault(i))) ModelState.AddModelError($"StepTo[{i}]", Texts.Say("Manca: scrivilo."));
        }

        return steps;
    }

    /// <summary>The control that a refusal of a rule is about; null for none of these.</summary>
    protected static string? ShareControlOf(string field) => field switch
    {
        "share" or "share_most" => nameof(ShareMost),
        "share_isee_to" => nameof(ShareIseeTo),
        "share_bands" => "StepTo[0]",
        _ => null,
    };
}
