using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;

namespace Borsellino.Tests;

/// <summary>
/// Needs of a small town, so that a test says only what it is about: two schools 300 metres apart, a cooperative that gives help at home
/// to groups of two to four for an hour, families who live near the first school and could on Tuesdays from three to five.
/// </summary>
public sealed class NeedTown
{
    public static readonly LocalDate FirstTuesday = new(2026, 10, 13);
    private static readonly GeoPoint School = new(45.71, 8.91);

    private NeedTown(BookingTown town) => (Town, Needs, Cards) = (town, new(town.Db, town.Pools, town.Clock), new(town.Db, town.Clock));

    public BookingTown Town { get; }
    public Needs Needs { get; }
    public NeedCards Cards { get; }
    public TerritoryId Territory => Town.Territory;
    public MeetingPlaces Places => new(Town.Db, Town.Clock);
    public GroupPrices Prices => new(Town.Db, Town.Clock);
    public Id<MeetingPlace> Pellico { get; private set; }
    public Id<MeetingPlace> Manzoni { get; private set; }

    public static async Task<NeedTown> BuildAsync(TestDatabase database, Database? pool = null)
    {
        var t = new NeedTown(await BookingTown.BuildAsync(database, pool));
        t.Pellico = await t.PlaceAsync("Scuola Pellico", 0);
        t.Manzoni = await t.PlaceAsync("Scuola Manzoni", 300);
        await t.AskPriceAsync(HeadPrices.Flat(2, 4, Money.Euro(24)));
        return t;
    }

    public async Task<Id<MeetingPlace>> PlaceAsync(string name, int metresNorth, int rooms = 4) => (await Places.AddAsync(
        Territory, new(Id<MeetingPlace>.New(), name, MeetingPlaceKind.School, "L319", new(School.Latitude + metresNorth / 111_195.0, School.Longitude), rooms),
        Town.Gelso.User.User)).OrThrow();

    public async Task<Id<GroupPrice>> AskPriceAsync(HeadPrices prices, int minutes = 60, BookingTown.Cooperative? by = null) => (await Prices.AddAsync(
        Territory, new(Id<GroupPrice>.New(), "home-care", minutes, prices, Town.Clock.Today()), (by ?? Town.Gelso).User)).OrThrow();

    /// <summary>What a family asks for unless a test says otherwise.</summary>
    public NewNeed Wants(BookingTown.Family family) => new(
        Id<Need>.New(), family.Child, "home-care", 60, [new(IsoDayOfWeek.Tuesday, new(15, 0), new(17, 0))], 2, 4, Pellico, 2000, ["it"], Money.Euro(12));

    public async Task<Id<Need>> OpenAsync(BookingTown.Family family, Func<NewNeed, NewNeed>? but = null) =>
        (await Needs.OpenAsync(Territory, but is null ? Wants(family) : but(Wants(family)), family.User)).OrThrow();

    /// <summary>So many families, each with money and a need, in the order of the ids of their needs.</summary>
    public async Task<IReadOnlyList<(BookingTown.Family Family, Id<Need> Need)>> LookingAsync(int families, Func<NewNeed, NewNeed>? but = null)
    {
        var all = new List<(BookingTown.Family Family, Id<Need> Need)>();
        for (var i = 0; i < families; i++)
        {
            var family = await Town.FamilyAsync();
            await Town.GrantAsync(family, Money.Euro(60));
            all.Add((family, await OpenAsync(family, but)));
        }

        return [.. all.OrderBy(f => f.Need.Value)];
    }

    public async Task<PlanMade> PlanAsync() => (await Needs.PlanAsync(Territory)).OrThrow();

    public Task<Result<ProposalStatus>> AnswerAsync((BookingTown.Family Family, Id<Need> Need) who, Id<Proposal> proposal, ProposalAnswer answer) =>
        Needs.AnswerAsync(Territory, proposal, who.Need, answer, who.Family.User);

    /// <summary>Families who have all said yes, and the proposal they agreed to.</summary>
    public async Task<(IReadOnlyList<(BookingTown.Family Family, Id<Need> Need)> Families, Id<Proposal> Proposal)> AgreedAsync(int families, Func<NewNeed, NewNeed>? but = null)
    {
        var all = await LookingAsync(families, but);
        await PlanAsync();
        var proposal = (await DetailAsync(all[0])).Proposal!.Id;
        foreach (var one in all) (await AnswerAsync(one, proposal, ProposalAnswer.Yes)).OrThrow();
        return (all, proposal);
    }

    public async Task<NeedDetail> DetailAsync((BookingTown.Family Family, Id<Need> Need) who) =>
        await Cards.FindAsync(Territory, who.Family.Id, who.Need) ?? throw new InvalidOperationException($"No {who.Need}.");

    public async Task<IReadOnlyList<NeedStatus>> StatusesAsync(IReadOnlyList<(BookingTown.Family Family, Id<Need> Need)> families)
    {
        var all = new List<NeedStatus>();
        foreach (var one in families) all.Add((await DetailAsync(one)).Card.Status);
        return all;
    }

    /// <summary>An offer of the cooperative's that the group's class fits, with no time of its own in the way.</summary>
    public async Task<Id<Offer>> OfferAsync(BookingTown.Cooperative? by = null, Money? price = null)
    {
        var slot = await Town.SlotAsync(price ?? Money.Euro(18), provider: by, place: "AtHome");
        return (await Town.Db.ListAsync<Id<Offer>>(Territory, "select offer_id from marketplace.slot where territory_id = @territory and id = @slot", new { slot }))[0];
    }

    public async Task<Taking> TakingAsync(Id<Proposal> proposal, BookingTown.Cooperative? by = null) =>
        new(Id<Pool>.New(), proposal, await OfferAsync(by), FirstTuesday);

    public Task<Result<Id<Pool>>> TakeAsync(Taking taking, BookingTown.Cooperative? by = null) => Needs.TakeAsync(Territory, taking, (by ?? Town.Gelso).User);

    /// <summary>No money moved or is held: the sum of all that is held on grants.</summary>
    public async Task<Money> HeldAsync() => (await Town.Db.ListAsync<Money>(
        Territory, "select coalesce(sum(debits_held), 0)::bigint from ledger.account where territory_id = @territory"))[0];
}
