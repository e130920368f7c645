using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Shared;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Borsellino.Web.Pages.ForHouseholds;

/// <summary>A day by which something must be done or happens by itself.</summary>
/// <param name="By">The last instant; Why: what happens after it.</param>
/// <param name="IsMoney">Money that is lost to the family after it.</param>
public sealed record Deadline(Instant By, string What, string Why, string Address, bool IsMoney = false)
{
    private const int SoonDays = 2;
    private const int MoneySoonDays = 30;

    /// <summary>How near it is says how loud it is.</summary>
    public Tone ToneOn(LocalDate today) => Period.DaysBetween(today, Display.DayOf(By)) switch
    {
        <= MoneySoonDays when IsMoney => Tone.Bad,
        <= SoonDays => Tone.Wait,
        _ => Tone.Quiet,
    };
}

/// <summary>Everything of a family that has a last day, the next first.</summary>
public sealed class DeadlinesModel(CurrentPlace place, SignedIn visitor, Purses purses, BookingCards cards, NeedCards needs, PoolCards pools, IClock clock) : PageModel
{
    public IReadOnlyList<Deadline> All { get; private set; } = [];
    public LocalDate Today { get; private set; }

    public async Task OnGetAsync(CancellationToken cancel)
    {
        var now = clock.Now;
        Today = clock.Today();
        var grants = await purses.GrantsAsync(place.Territory, visitor.Household, Today, cancel);
        var bookings = await cards.OfHouseholdAsync(place.Territory, visitor.Household, cancel);
        All = [.. grants.Where(g => g.Status is GrantStatus.Active && g.Available.IsPositive).Select(OfGrant)
            .Concat(bookings.Select(b => OfBooking(b, now)).OfType<Deadline>())
            .Concat((await needs.AskedAsync(place.Territory, visitor.Household, cancel)).Select(OfGroup))
            .Concat((await pools.OfHouseholdAsync(place.Territory, visitor.Household, cancel)).Where(c => c.IsShortFor(now)).Select(OfFew))
            .Where(d => d.By > now).OrderBy(d => d.By)];
    }

    private static Deadline OfGrant(PurseGrant grant) => new(
        grant.ValidTo.EndOfDayInRome() - Duration.Epsilon, Texts.Say("Usa {0} di {1}", Display.Money(grant.Available), BookingWords.Either(grant.ProgrammeIt, grant.ProgrammeEn)),
        Texts.Say("Dopo, quello che resta torna all’ente: {0}.", grant.Funder), "~/servizi", IsMoney: true);

    private static Deadline OfGroup(AskedNeed asked) => new(
        asked.AnswerBy, Texts.Say("Rispondi al gruppo: {0}", BookingWords.Either(asked.NameIt, asked.NameEn)),
        Texts.Say("Se non rispondi, cerchiamo senza di te."), $"~/ricerche/{asked.Id}");

    private static Deadline OfFew(PoolCard few) => new(
        few.Pool.ReplaceBy!.Value, Texts.Say("Siete rimasti in pochi, dicci se vuoi continuare: {0}", BookingWords.Either(few.TitleIt, few.TitleEn)),
        Texts.Say("Senza il tuo sì non paghi mai di più."), $"~/gruppi/{few.Pool.Id}");

    private static Deadline? OfBooking(BookingCard card, Instant now) => card switch
    {
        { Status: BookingStatus.Delivered, AcceptBy: { } by } => new(
            by, Texts.Say("Di’ com’è andata: {0}", BookingWords.Title(card)), Texts.Say("Se non rispondi, paghiamo noi quel giorno."),
            $"~/prenotazioni/{card.Id}"),
        { Status: BookingStatus.Requested } => new(
            card.AnswerBy, Texts.Say("{0} risponde: {1}", card.Provider, BookingWords.Title(card)), Texts.Say("Se non risponde, i soldi tornano da spendere."),
            $"~/prenotazioni/{card.Id}"),
        { Status: BookingStatus.Confirmed, FeeFromPurse.IsPositive: true } when now < card.FreeUntil => new(
            card.FreeUntil, Texts.Say("Annulli gratis: {0}", BookingWords.Title(card)), Texts.Say("Dopo, annullare costa {0}.", Display.Money(card.FeeFromPurse)), $"~/prenotazioni/{card.Id}"),
        _ => null,
    };
}
