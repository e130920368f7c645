using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;

namespace Borsellino.Web.Demo;

/// <summary>How a booking of the demo goes on.</summary>
public enum Ending
{
    /// <summary>As chance has it.</summary>
    Chance,

    /// <summary>Confirmed, delivered, accepted.</summary>
    Good,

    /// <summary>Nobody answers before the present.</summary>
    StaysRequested,
    StaysConfirmed,

    /// <summary>Delivered; the family has not said anything yet.</summary>
    StaysDelivered,
}

/// <summary>
/// Families ask for services they have money for; <see cref="TownFates"/> decides what becomes of each. Which family,
/// which service and which time follow from the day and the number of the request.
/// </summary>
public sealed class TownServices(Town town, FoundedTown founded, Agenda agenda, DemoExport export)
{
    private const int SlotsAhead = 60;
    private const int TriesMax = 8;

    private readonly TownFates fates = new(town, agenda, export);
    private readonly List<(ListedFamily Family, TownProgramme Programme)> spenders = [];
    private readonly Dictionary<string, List<Offer>> offers = new(StringComparer.Ordinal);
    private readonly Dictionary<Id<Offer>, (LocalDate Read, List<Slot> Slots)> times = [];
    private readonly Dictionary<Id<Provider>, Id<User>> coordinators = [];

    /// <summary>Families that have their money from now on.</summary>
    public void MaySpend(TownProgramme programme, IReadOnlyList<ListedFamily> families) =>
        spenders.AddRange(families.Select(f => (f, programme)));

    /// <summary>Learns what there is to book, and takes up the bookings that were under way.</summary>
    public async Task OpenAsync(CancellationToken cancel)
    {
        var tree = await town.Classes.TreeAsync(town.Territory, cancel);
        var all = new List<Offer>();
        foreach (var (key, provider) in founded.Catalogue.Cooperatives.Concat(founded.Catalogue.Shops))
        {
            coordinators[provider] = CastUser.IdOf($"enti/{key}");
            all.AddRange(await town.Offers.OfProviderAsync(town.Territory, provider, cancel));
        }

        foreach (var programme in town.Funding.Programmes)
        {
            var classes = programme.Classes.SelectMany(tree.Within).ToHashSet(StringComparer.Ordinal);
            var paid = programme.Providers.Select(p => DemoCatalogue.ProviderId(programme.Place, p)).ToHashSet();
            offers[programme.Key] =
            [
                .. all.Where(o => o is { Status: OfferStatus.Published, IsProduct: false } && classes.Contains(o.ClassCode) && (paid.Count == 0 || paid.Contains(o.ProviderId))),
            ];
        }

        if (town.Clock.Today() > founded.FirstDay) await ResumeAsync(cancel);
    }

    public void Plan(LocalDate day)
    {
        var dice = town.Script.Dice("services", Days.Iso(day));
        var asked = town.Script.BookingsADay * dice.Between(60, 140) / 100;
        if (day.DayOfWeek is IsoDayOfWeek.Saturday) asked /= 2;
        if (day.DayOfWeek is IsoDayOfWeek.Sunday) asked /= 5;
        foreach (var number in Enumerable.Range(1, asked))
        {
            var at = TownLife.Hour(day, 8, 0) + Duration.FromMinutes(dice.Below(12 * 60));
            agenda.Plan(at, cancel => AskByChanceAsync(day, number, cancel));
        }
    }

    /// <summary>Somebody of those who have money asks for something they can have.</summary>
    private async Task AskByChanceAsync(LocalDate day, int number, CancellationToken cancel)
    {
        if (spenders.Count == 0) return;
        var dice = town.Script.Dice("request", Days.Iso(day), number);
        var (family, programme) = dice.Pick(spenders);
        var now = town.Clock.Now;
        await AskAsync(
            Id<Booking>.From("demo", town.Script.Data, Days.Iso(day), number), family.Household, programme, dice, Ending.Chance,
            slot => slot.StartsAt > now + Duration.FromHours(7) && slot.StartsAt < now + Duration.FromDays(9), cancel);
    }

    /// <summary>Somebody asks for a service of one provider; the first of a few who find a time and can pay for it.</summary>
    public async Task AskOfAsync(
        Id<Booking> id, Id<Provider> provider, Dice dice, Ending ending, Func<Slot, bool> suits, CancellationToken cancel)
    {
        var likely = spenders.Where(s => offers[s.Programme.Key].Any(o => o.ProviderId == provider)).ToList();
        for (var tries = 0; tries < TriesMax && likely.Count > 0; tries++)
        {
            var (family, programme) = dice.Pick(likely);
            if (await AskAsync(id, family.Household, programme, dice, ending, suits, cancel, provider)) return;
        }
    }

    /// <summary>
    /// A family asks for a service that a programme of its pays, at a time that suits, from one provider or any. False
    /// when there is none or the purse cannot pay: that is written down and left alone.
    /// </summary>
    public async Task<bool> AskAsync(
        Id<Booking> id, TownHousehold household, TownProgramme programme, Dice dice, Ending ending, Func<Slot, bool> suits,
        CancellationToken cancel, Id<Provider>? only = null)
    {
        var near = offers[programme.Key]
            .Where(o => o.Place is not ServicePlace.AtHome || o.Reaches(household.MunicipalityCode))
            .Where(o => only is null || o.ProviderId == only).ToList();
        if (await FindTimeAsync(near, dice, suits, cancel) is not var (offer, slot)) return false;

        var family = founded.FamilyOf(household);
        var preview = await town.Chronicle.DoAsync(
            "service looked at", () => town.Bookings.PreviewAsync(town.Territory, family.Household, slot.Id, cancel));
        if (preview.IsRefused(out _, out var shown)) return false;
        if (!shown.Coverage.IsPossible)
        {
            town.Chronicle.Add("the purse could not pay", Money.Zero, TimeSpan.Zero);
            return false;
        }

        var person = programme.Who is TownNeed.Pupils or TownNeed.Parents ? shown.People[^1] : shown.People[0];
        var by = new HouseholdUser(family.Household, UserOf(household));
        var asked = await town.Chronicle.DoAsync(
            "service asked for", () => town.Bookings.RequestAsync(town.Territory, new(id, slot.Id, person.Id, shown.Shown), by, cancel),
            _ => shown.Coverage.Covered);
        // Whatever was refused, the time is not offered again to this town's people today.
        times[offer.Id].Slots.Remove(slot);
        if (asked.IsRefused(out _)) return false;
        fates.Decide(
            new(id, by, new(offer.ProviderId, coordinators[offer.ProviderId]), slot.StartsAt, slot.EndsAt, shown.AnswerBy, shown.FreeUntil,
                shown.FeeFromPurse, shown.Coverage.Covered, shown.Coverage.Copayment), ending);
        return true;
    }

    /// <summary>One of these offers, by chance, with a time that suits; null when none has one.</summary>
    internal async Task<(Offer Offer, Slot Slot)?> FindTimeAsync(
        List<Offer> near, Dice dice, Func<Slot, bool> suits, CancellationToken cancel)
    {
        while (near.Count > 0)
        {
            var offer = dice.Pick(near);
            near.Remove(offer);
            var suitable = (await TimesAsync(offer.Id, cancel)).Where(suits).Take(SlotsAhead / 5).ToList();
            if (suitable.Count > 0) return (offer, dice.Pick(suitable));
        }

        return null;
    }

    private async Task<List<Slot>> TimesAsync(Id<Offer> offer, CancellationToken cancel)
    {
        var today = town.Clock.Today();
        if (times.TryGetValue(offer, out var known) && known.Read == today) return known.Slots;
        var slots = await town.Slots.UpcomingAsync(town.Territory, offer, limit: SlotsAhead, cancel: cancel);
        times[offer] = (today, slots);
        return slots;
    }

    /// <summary>Families of the cast act for themselves; for the others the operator enters what they say.</summary>
    internal Id<User> UserOf(TownHousehold household)
    {
        var cast = town.Cast.Households.FirstOrDefault(h => h.Household.Reference.TaxCode == household.Reference.TaxCode);
        var user = cast is null ? null : town.Cast.Users.FirstOrDefault(u => u.Household == cast.Key);
        return CastUser.IdOf(user?.Key ?? TownCast.Operator);
    }

    internal Id<User> CoordinatorOf(Id<Provider> provider) => coordinators[provider];

    internal IReadOnlyList<Offer> OffersOf(TownProgramme programme) => offers[programme.Key];

    /// <summary>A programme that families have money of by now; null when none has any.</summary>
    internal TownProgramme? AnyProgramme(Dice dice) => spenders.Count == 0 ? null : dice.Pick(spenders).Programme;

    /// <summary>A family that a programme pays for.</summary>
    internal TownHousehold? AnyFamily(TownProgramme programme, Dice dice) =>
        spenders.Where(s => s.Programme == programme).ToList() is { Count: > 0 } likely ? dice.Pick(likely).Family.Household : null;

    /// <summary>The time is not offered again to this town's people today.</summary>
    internal void Take(Id<Offer> offer, Slot slot) => times[offer].Slots.Remove(slot);

    /// <summary>A confirmed booking that did not begin here goes on as all do.</summary>
    internal void TakeUp(BookingCard card, ProviderUser provider) => fates.TakeUp(card, provider);

    private async Task ResumeAsync(CancellationToken cancel)
    {
        var later = town.Clock.Now + Duration.FromDays(400);
        foreach (var (provider, coordinator) in coordinators)
        {
            var open = await town.Cards.RequestsAsync(town.Territory, provider, cancel);
            open.AddRange(await town.Cards.OpenBeforeAsync(town.Territory, provider, later, cancel));
            foreach (var card in open) fates.TakeUp(card, new(provider, coordinator));
        }
    }
}
