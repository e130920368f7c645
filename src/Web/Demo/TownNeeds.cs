using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;

namespace Borsellino.Web.Demo;

/// <summary>
/// Families look for company when the curtain rises: a group that agreed waits for a cooperative, another waits for the answer of a family
/// of the cast, and some have nobody near or nobody who gives what they look for.
/// </summary>
public sealed class TownNeeds(Town town, FoundedTown founded, Agenda agenda, TownServices services, Instant present)
{
    /// <summary>Looked for and given by nobody to groups: the office sees where that is.</summary>
    private const string Unserved = "babysitter";

    private const int UnservedNeeds = 6;
    private static readonly string[] SchoolNames = ["Scuola Pellico", "Scuola Manzoni", "Scuola Rodari", "Scuola Montessori", "Scuola Don Milani"];

    /// <summary>Who looks for what with whom: a class, the cooperative that gives it to groups, a family of the cast.</summary>
    private (string Class, string Provider, string Family)[] Wanted => town.Script.Data switch
    {
        "tradate" => [("assistenza-domiciliare", "filo", "adele"), ("doposcuola", "sasso", "chiara")],
        _ => [("assistenza-domiciliare", "lanificio", "piera")],
    };

    public void Plan()
    {
        agenda.Plan(present - Duration.FromHours(30), FoundAsync);
        agenda.Plan(present - Duration.FromHours(29), cancel => LookAsync(IsoDayOfWeek.Monday, withCast: false, cancel));
        agenda.Plan(present - Duration.FromHours(28), AgreeAsync);
        agenda.Plan(present - Duration.FromHours(5), cancel => LookAsync(IsoDayOfWeek.Thursday, withCast: true, cancel));
        agenda.Plan(present - Duration.FromHours(4), LookInVainAsync);
        agenda.Plan(present - Duration.FromHours(3), async cancel => (await town.Needs.PlanAsync(town.Territory, cancel)).OrThrow());
    }

    /// <summary>Places where groups may meet, two for each municipality, and what cooperatives ask for groups.</summary>
    private async Task FoundAsync(CancellationToken cancel)
    {
        var officer = CastUser.IdOf(TownCast.Uploads);
        foreach (var (number, m) in (await town.Territories.MunicipalitiesAsync(town.Territory, cancel)).Index())
        {
            var dice = town.Script.Dice("meeting", m.Code);
            NewMeetingPlace[] both =
            [
                new(PlaceOf(m.Code), SchoolNames[number % SchoolNames.Length], MeetingPlaceKind.School, m.Code, Near(m, dice), 3),
                new(Id<MeetingPlace>.From("demo", town.Script.Data, m.Code, "room"), "Sala civica", MeetingPlaceKind.Room, m.Code, Near(m, dice), 1),
            ];
            foreach (var place in both) (await town.MeetingPlaces.AddAsync(town.Territory, place, officer, cancel)).OrThrow();
        }

        foreach (var (classCode, provider, _) in Wanted)
        {
            var offer = await OfferAsync(classCode, provider, cancel);
            var prices = HeadPrices.Of(2, [.. Enumerable.Range(0, 3).Select(n => new Money(offer.Price.Cents * (13 + (2 * n)) / 10))]).OrThrow();
            var price = new NewGroupPrice(Id<GroupPrice>.From("demo", town.Script.Data, classCode), classCode, offer.Minutes, prices, town.Clock.Today());
            (await town.GroupPrices.AddAsync(town.Territory, price, new(offer.ProviderId, services.CoordinatorOf(offer.ProviderId)), cancel)).OrThrow();
        }
    }

    /// <summary>Three families of one municipality look for the same; one of them is of the cast or none is.</summary>
    private async Task LookAsync(IsoDayOfWeek day, bool withCast, CancellationToken cancel)
    {
        foreach (var (classCode, provider, key) in Wanted)
        {
            var offer = await OfferAsync(classCode, provider, cancel);
            var cast = town.Cast.Households.Single(h => h.Key == key).Household;
            List<TownHousehold> families = withCast ? [cast] : [];
            families.AddRange(Others(town.Script.Dice("looking", classCode, day), cast.MunicipalityCode, 3 - families.Count));
            foreach (var (number, family) in families.Index())
            {
                await OpenAsync(Id<Need>.From("demo", town.Script.Data, classCode, day, number), family, classCode, offer.Minutes, day, offer.Price, cancel);
            }
        }
    }

    private async Task AgreeAsync(CancellationToken cancel)
    {
        (await town.Needs.PlanAsync(town.Territory, cancel)).OrThrow();
        foreach (var family in founded.Families.Values.OrderBy(f => f.Family.Reference.TaxCode.Value, StringComparer.Ordinal))
        {
            var by = new HouseholdUser(family.Household, services.UserOf(family.Family));
            foreach (var need in await town.NeedCards.OfHouseholdAsync(town.Territory, family.Household, cancel))
            {
                if ((await town.NeedCards.FindAsync(town.Territory, family.Household, need.Id, cancel))?.Proposal is not { Status: ProposalStatus.Asking } proposal) continue;
                (await town.Needs.AnswerAsync(town.Territory, proposal.Id, need.Id, ProposalAnswer.Yes, by, cancel)).OrThrow();
            }
        }
    }

    /// <summary>Some look for what nobody gives to groups, and the first of the cast for company at an hour when nobody could.</summary>
    private async Task LookInVainAsync(CancellationToken cancel)
    {
        var dice = town.Script.Dice("in vain");
        var all = Invented();
        for (var number = 0; number < UnservedNeeds && all.Count > 0; number++)
        {
            await OpenAsync(Id<Need>.From("demo", town.Script.Data, Unserved, number), dice.Pick(all), Unserved, 120, IsoDayOfWeek.Friday, Money.Euro(15), cancel);
        }

        var (classCode, provider, key) = Wanted[0];
        var offer = await OfferAsync(classCode, provider, cancel);
        await OpenAsync(
            Id<Need>.From("demo", town.Script.Data, "lonely"), town.Cast.Households.Single(h => h.Key == key).Household, classCode, offer.Minutes,
            IsoDayOfWeek.Saturday, offer.Price, cancel);
    }

    private async Task OpenAsync(
        Id<Need> id, TownHousehold family, string classCode, int minutes, IsoDayOfWeek day, Money cap, CancellationToken cancel)
    {
        var registered = founded.FamilyOf(family);
        var need = new NewNeed(
            id, registered.Person, classCode, minutes, [new(day, new(14, 0), new(18, 0))], 2, 4, PlaceOf(family.MunicipalityCode), 2000, ["it"], cap);
        // Who is not of the cast has no sign-in, and says on the phone what it looks for. A family that has as many as it may opens no
        // more: that is its life, and no fault of the town's.
        var opened = town.Cast.Households.Any(h => h.Household.Reference.TaxCode == family.Reference.TaxCode)
            ? await town.Needs.OpenAsync(town.Territory, need, new(registered.Household, services.UserOf(family)), cancel)
            : await town.Needs.OpenForAsync(
                town.Territory, need, family.Reference.TaxCode.Value, new(ConsentKind.Telephone, Texts.Say("registro delle telefonate")),
                CastUser.IdOf(TownCast.Operator), cancel);
        opened.IsRefused(out _);
    }

    private async Task<Offer> OfferAsync(string classCode, string provider, CancellationToken cancel) =>
        (await town.Offers.OfProviderAsync(town.Territory, founded.Catalogue.Cooperatives[provider], cancel))
            .First(o => o is { Status: OfferStatus.Published, IsProduct: false } && o.ClassCode == classCode);

    /// <summary>Families of a municipality that are not of the cast, by chance; fewer in a town that has so few.</summary>
    private List<TownHousehold> Others(Dice dice, string municipalityCode, int count)
    {
        var all = Invented().Where(f => f.MunicipalityCode == municipalityCode).ToList();
        var chosen = new List<TownHousehold>();
        while (chosen.Count < count && all.Count > 0)
        {
            var one = dice.Pick(all);
            all.Remove(one);
            chosen.Add(one);
        }

        return chosen;
    }

    private List<TownHousehold> Invented() =>
        [.. founded.Families.Values.Select(f => f.Family).Where(f => town.Cast.Households.All(h => h.Household.Reference.TaxCode != f.Reference.TaxCode))
            .OrderBy(f => f.Reference.TaxCode.Value, StringComparer.Ordinal)];

    private Id<MeetingPlace> PlaceOf(string municipalityCode) => Id<MeetingPlace>.From("demo", town.Script.Data, municipalityCode, "school");

    /// <summary>A few hundred metres from the middle of a municipality.</summary>
    private static GeoPoint Near(Municipality m, Dice dice) => new(
        Math.Round(m.Latitude + (dice.Between(-40, 40) / 10_000.0), 4), Math.Round(m.Longitude + (dice.Between(-40, 40) / 10_000.0), 4));
}
