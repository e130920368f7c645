using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Shared;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.Public;

/// <summary>The catalogue: search, filters, a list and a plan of the municipalities. Its address says all that was asked.</summary>
public sealed class ServicesModel(
    CurrentPlace current, CatalogueSearch search, ServiceClasses classes, Territories territories, IClock clock) : PageModel
{
    public CatalogueQuery Asked { get; private set; } = null!;
    public SearchPage Found { get; private set; } = null!;
    public ClassTree Tree { get; private set; } = null!;
    public IReadOnlyList<Municipality> Municipalities { get; private set; } = [];
    public NodaTime.LocalDate Today => clock.Today();

    public Municipality? Near => Municipalities.SingleOrDefault(m => m.Code == Asked.Municipality);

    /// <summary>The municipalities with how many services each would show.</summary>
    public Plan Plan => Plan.Of(Municipalities, m => (
        Found.ByMunicipality.GetValueOrDefault(m.Code),
        (Asked with { Municipality = m.Code, Page = 1 }).Address(),
        m.Code == Asked.Municipality));

    /// <summary>
    /// The classes one step below the chosen one, with the way back up; those that would show nothing are left out.
    /// </summary>
    public IReadOnlyList<FilterChoice> ClassChoices
    {
        get
        {
            var path = Asked.Class is { } chosen ? Tree.PathTo(chosen) : [];
            var below = path.Count == 0 ? Tree.Roots : Tree.ChildrenOf(path[^1].Code).DefaultIfEmpty(path[^1]);
            var choices = new List<FilterChoice> { Choice(null, Texts.Say("Tutti i servizi"), Found.TotalOfAllClasses) };
            choices.AddRange(path.Concat(below).DistinctBy(c => c.Code, StringComparer.Ordinal)
                .Select(c => Choice(c.Code, c.Name.In(Language.IsEnglish), Found.ByClass.GetValueOrDefault(c.Code)))
                .Where(c => c.Count > 0 || c.Current));
            return choices;
        }
    }

    public string NameOfClass(string code) => Tree.Find(code)?.Name.In(Language.IsEnglish) ?? code;

    public string NameOfMunicipality(string code) => Municipalities.SingleOrDefault(m => m.Code == code)?.Name ?? code;

    /// <summary>Where the service is given, in the words of the list.</summary>
    public string WhereOf(OfferCard card) => card.Place switch
    {
        ServicePlace.AtHome => Texts.Say("A casa tua"),
        ServicePlace.Online => Texts.Say("Online"),
        ServicePlace.AtProvider => Near is { } near && near.Code != card.MunicipalityCode
            ? Texts.Say("{0}, a {1} km", NameOfMunicipality(card.MunicipalityCode), Display.Number((long)Math.Ceiling(near.KilometresTo(card.Latitude, card.Longitude))))
            : NameOfMunicipality(card.MunicipalityCode),
    };

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        if (!current.IsKnown) return Redirect("~/");
        Tree = await classes.TreeAsync(current.Territory, cancel);
        Municipalities = await territories.MunicipalitiesAsync(current.Territory, cancel);
        Asked = CatalogueQuery.Read(Request.Query, Tree, Municipalities);
        Found = await search.FindAsync(current.Territory, Asked.ToCriteria(), cancel);
        if (Found.Total > 0 && Asked.Page > Found.Pages) return Redirect(Asked.AddressOfPage(Found.Pages));
        foreach (var (field, sentence) in Asked.Faults) ModelState.AddModelError(field, sentence);
        return Page();
    }

    private FilterChoice Choice(string? code, string label, int count) =>
        new(label, (Asked with { Class = code, Page = 1 }).Address(), count, code == Asked.Class);
}
