using System.Globalization;
using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Shared;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.Public;

/// <summary>The catalogue: search, filters, a list and a plan of the municipalities. Its address says all that was asked.</summary>
public class ServicesModel(
    CurrentPlace current, SignedIn signedIn, CatalogueSearch search, ServiceClasses classes, Territories territories, Purses purses, IClock clock) : PageModel
{
    private const int NearByShown = 3, AnywhereKm = 1_000;

    public CatalogueQuery Asked { get; private set; } = null!;
    public SearchPage Found { get; private set; } = null!;
    public ClassTree Tree { get; private set; } = null!;
    public IReadOnlyList<Municipality> Municipalities { get; private set; } = [];
    public NodaTime.LocalDate Today => clock.Today();

    /// <summary>Whether the list stands beside a map.</summary>
    public virtual bool OnMap => false;

    /// <summary>Whether a family looks: its purse is asked, and it may save what it searches.</summary>
    public bool HasPurse => signedIn.Is(Role.Household);

    /// <summary>Families save searches, and who has not said yet who they are is asked to; there must be something in it to be told about.</summary>
    public bool MaySave => (!signedIn.IsKnown || HasPurse) && !Asked.IsOpen && Asked.Faults.Count == 0;

    /// <summary>What would be saved: with the words as they were meant.</summary>
    public CatalogueQuery Saving => Asked with
    {
        Text = Found.Reading is SearchReading.Corrected ? Found.Searched : Asked.Text,
        Order = SearchOrder.Fit,
        Page = 1,
        OnMap = false,
    };

    /// <summary>The same search, shown the other way.</summary>
    public string OtherView => (Asked with { OnMap = !OnMap, Page = 1 }).Address();

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

    /// <summary>Where nothing was found in the municipality: the nearest in others.</summary>
    public IReadOnlyList<OfferCard> NearBy { get; private set; } = [];

    /// <summary>Beside a map: the degrees north and east of the card's point. What is given online has none.</summary>
    public string? PointOf(OfferCard card) => OnMap && card.Place is not ServicePlace.Online
        ? string.Create(CultureInfo.InvariantCulture, $"{card.Latitude},{card.Longitude}") : null;

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

    public virtual async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        if (!current.IsKnown) return Redirect("~/");
        Tree = await classes.TreeAsync(current.Territory, cancel);
        Municipalities = await territories.MunicipalitiesAsync(current.Territory, cancel);
        Asked = CatalogueQuery.Read(Request.Query, Tree, Municipalities) with { OnMap = OnMap };
        var purse = HasPurse ? await purses.GrantsAsync(current.Territory, signedIn.Household, clock.Today(), cancel) : null;
        Found = await search.FindAsync(current.Territory, Asked.ToCriteria(), purse, cancel);
        if (Found.Total > 0 && Asked.Page > Found.Pages) return Redirect(Asked.AddressOfPage(Found.Pages));
        if (Found is { Total: 0, TotalOfAllMunicipalities: > 0 } && Near is not null)
        {
            // As far as the territory goes.
            var anywhere = Asked.ToCriteria() with { WithinKm = AnywhereKm, Order = SearchOrder.Distance, Page = 1, PageSize = NearByShown };
            NearBy = (await search.FindAsync(current.Territory, anywhere, purse, cancel)).Cards;
        }

        foreach (var (field, sentence) in Asked.Faults) ModelState.AddModelError(field, sentence);
        return Page();
    }

    private FilterChoice Choice(string? code, string label, int count) =>
        new(label, (Asked with { Class = code, Page = 1 }).Address(), count, code == Asked.Class);
}
