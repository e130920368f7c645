using Borsellino.Ledger;
using Borsellino.Marketplace;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Shared;

/// <summary>A page on which somebody at an office asks why a family's money pays for something or does not: an offer, or a class at a price.</summary>
public abstract class WhyForm(Explanations explanations, ServiceClasses classes, IClock clock) : PageModel
{
    /// <summary>The id of an offer, or the code of a class.</summary>
    [BindProperty] public string? What { get; set; }

    [BindProperty] public string? On { get; set; }
    [BindProperty] public string? Price { get; set; }
    [BindProperty] public string? Hours { get; set; }

    public IReadOnlyList<OfferChoice> Offers { get; private set; } = [];
    public IReadOnlyList<ServiceClass> Classes { get; private set; } = [];

    /// <summary>What was asked about, as the answer says it.</summary>
    public string Asked { get; private set; } = "";

    /// <summary>The answer; null before one has asked.</summary>
    public Coverage? Coverage { get; protected set; }

    protected Explanations Explanations => explanations;

    protected async Task FillAsync(TerritoryId territory, CancellationToken cancel)
    {
        if (Offers.Count > 0) return;
        On ??= Days.Iso(clock.Today());
        Offers = await explanations.OffersAsync(territory, cancel);
        Classes = (await classes.TreeAsync(territory, cancel)).All;
    }

    /// <summary>What is to be paid for; null with everything that is wrong in the model state. The lists are filled.</summary>
    protected Purchase? ReadPurchase()
    {
        var form = new FormReader(ModelState);
        var day = form.Day(On, nameof(On));
        var (price, minutes) = (form.Amount(Price, nameof(Price)), form.Minutes(Hours, nameof(Hours)));
        if (Offers.FirstOrDefault(o => o.Id.ToString() == What) is { } offer)
        {
            Asked = Texts.Say("{0}, {1}", BookingWords.Either(offer.TitleIt, offer.TitleEn), offer.Provider);
            var purchase = offer.On(day);
            return ModelState.IsValid ? purchase with { Price = price ?? purchase.Price, Minutes = minutes ?? purchase.Minutes } : null;
        }

        if (Classes.FirstOrDefault(c => c.Code == What) is not { } kind)
        {
            ModelState.AddModelError(nameof(What), Texts.Say("Scegli un servizio o una tipologia."));
            return null;
        }

        Asked = kind.Name.In(Language.IsEnglish);
        // An offer has its price and its length; a class has neither.
        if (string.IsNullOrWhiteSpace(Price)) ModelState.AddModelError(nameof(Price), Texts.Say("Per una tipologia scrivi il prezzo."));
        if (string.IsNullOrWhiteSpace(Hours)) ModelState.AddModelError(nameof(Hours), Texts.Say("Per una tipologia scrivi quante ore."));
        return ModelState.IsValid ? new(kind.Code, day, price!.Value, minutes!.Value, null, null) : null;
    }
}
