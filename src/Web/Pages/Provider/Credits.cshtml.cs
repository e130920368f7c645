using Borsellino.Marketplace;
using Borsellino.Web.Shared;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.ForProviders;

/// <summary>What the provider earned, booking by booking, and where each amount is on its way to the bank.</summary>
public sealed class CreditsModel(CurrentPlace place, SignedIn visitor, ProviderCredits credits) : PageModel
{
    public CreditSheet Sheet { get; private set; } = null!;
    public string Provider => visitor.User.About;

    public Tally Tally => new(
    [
        new(Texts.Say("Guadagnato in tutto"), Display.Money(Sheet.Earned), Strong: true),
        new(Texts.Say("Pagato"), Display.Money(Sheet.Paid), "="),
        new(Texts.Say("In un bonifico in preparazione"), Display.Money(Sheet.InPayout), "+"),
        new(Texts.Say("Ancora da pagare"), Display.Money(Sheet.Open), "+", Note: Texts.Say("{0} prestazioni", Display.Number(Sheet.OpenCount))),
    ]);

    public async Task OnGetAsync(CancellationToken cancel) =>
        Sheet = await credits.OfAsync(place.Territory, visitor.Provider, cancel);

    public static string Where(Credit credit) => credit.Stage switch
    {
        CreditStage.Open => Texts.Say("Ancora da pagare"),
        CreditStage.InPayout => Texts.Say("Nel bonifico {0}", credit.Payout),
        CreditStage.Paid => Texts.Say("Pagato con {0}", credit.Payout),
    };

    public static Tone ToneOf(CreditStage stage) => stage switch
    {
        CreditStage.Open => Tone.Wait,
        CreditStage.InPayout => Tone.Info,
        CreditStage.Paid => Tone.Ok,
    };

    /// <summary>What was earned: the service, or the fee of one that did not take place.</summary>
    public static string Kind(Credit credit) => credit.Status switch
    {
        BookingStatus.CancelledByHousehold => Texts.Say("quota per annullamento tardivo"),
        BookingStatus.NoShow => Texts.Say("quota per assenza"),
        _ => Texts.Say("prestazione accettata"),
    };
}
